"""Fees and time limits of the portal's ways of filing: today's amount, and which case a row is for."""

import datetime as dt

import pytest

from bnhelper.authoring.portal.fees_and_limits import fees_of, limits_of
from bnhelper.authoring.portal.flat_text import ways
from bnhelper.authoring.portal.laws import HEAD, Law, laws
from bnhelper.authoring.portal.record import from_flat
from bnhelper.catalogue.library import Library
from bnhelper.catalogue.validity import in_force
from bnhelper.ids import ProcedureCode

_HEAD = "Hình thức nộpThời gianPhí, lệ phíMô tả"
_HALF = "(áp dụng mức phí %s đồng/hồ sơ kể từ ngày 01/7/2025 đến hết ngày 31/12/2026 theo Thông tư số 64/2025/TT-BTC)"


def test_an_amount_that_holds_for_a_time_is_a_fee_of_its_own_and_the_day_decides() -> None:
    fees = fees_of(ways(f"{_HEAD}Trực tiếp40 Ngày20,000,000 Việt Nam Đồng({_HALF % '10.000.000'})"))
    assert [(fee["amount_vnd"], fee["valid_from"], fee.get("valid_to")) for fee in fees] == [
        (10_000_000, "2025-07-01", "2026-12-31"),
        (20_000_000, "2027-01-01", None),
    ]
    shipped = Library.shipped().newest.procedure(ProcedureCode("2.000851"))
    days = (dt.date(2026, 11, 26), dt.date(2027, 1, 1))
    assert [[one.amount_vnd for one in in_force(shipped.fees, day)] for day in days] == [[10_000_000], [20_000_000]]


@pytest.mark.parametrize(
    "said",
    [
        _HALF % "25.000.000",  # more than the fee itself
        _HALF.replace("31/12/2026", "31/02/2026") % "25.000",  # no day
        f"{_HALF % '25.000'}; {_HALF % '20.000'}",  # which of the two?
        "Thông tư số 64/2025/TT-BTC",
    ],
)
def test_a_fee_text_that_may_be_a_slip_changes_no_amount(said: str) -> None:
    assert [fee["amount_vnd"] for fee in fees_of(ways(f"{_HEAD}Trực tiếp5 Ngày50,000 VNĐ({said})"))] == [50_000]


def test_rows_of_one_way_say_their_case_and_what_all_ways_say_is_said_once() -> None:
    near, far = "Đối với tuyến gần: 01 ngày làm việc.", "Đối với tuyến xa: 02 ngày làm việc."
    both = ("Trực tuyến", "Trực tiếp")
    rows = [f"{way}{days} Ngày làm việcMiễn phí{case}" for days, case in ((1, near), (2, far)) for way in both]
    found = ways(_HEAD + "".join(rows))
    assert limits_of(found) == [
        {"value": 1, "unit": "working_day", "note_vi": near},
        {"value": 2, "unit": "working_day", "note_vi": far},
    ]
    assert fees_of(found) == [{"amount_vnd": 0}], "it costs the same in both cases"
    limits = limits_of(ways(_HEAD + "".join(rows[:3])))
    assert [one["note_vi"] for one in limits] == [
        f"Nộp trực tuyến · {near}",
        f"Nộp trực tiếp · {near}",
        f"Nộp trực tuyến · {far}",
    ]


def test_what_long_descriptions_begin_with_alike_is_left_out_of_the_case() -> None:
    alike = "Nộp hồ sơ trong giờ làm việc. " * 12
    rows = [
        f"Trực tiếp{days} NgàyMiễn phí{alike}Cấp {what} trong {days} ngày." for days, what in ((2, "lại"), (7, "mới"))
    ]
    assert [one["note_vi"] for one in limits_of(ways(_HEAD + "".join(rows)))] == [
        "… Cấp lại trong 2 ngày.",
        "… Cấp mới trong 7 ngày.",
    ]


def test_a_bracket_that_was_never_closed_ends_where_the_next_cell_is_glued_on() -> None:
    fee = "(đồng/lần (Miễn phí theo Thông tư 40/2026/TT-BTC)"
    (row,) = ways(f"{_HEAD}Trực tiếp7 Ngày15,000,000 VNĐ{fee}07 ngày sau đó.")
    assert (row.fee_text, row.rest) == (fee[1:], "07 ngày sau đó.")


def test_a_number_without_its_issuer_in_the_last_row_is_completed_from_the_laws_name() -> None:
    name = "Nghị định số 14/2026/NĐ-CP ngày 13/01/2026 của Chính phủ quản lý của Bộ Xây dựng"
    assert laws(f"{HEAD}Luật Hộ tịch60/2014/QH13{name}14/2026")[-1] == Law("14/2026/NĐ-CP", name)
    assert laws(f"{HEAD}Luật Hộ tịch60/2014/QH13Kế hoạch của Bộ15/2026")[-1] == Law("", "Kế hoạch của Bộ15/2026")


def test_a_record_is_read_with_composed_letters() -> None:
    assert from_flat({"ma_thu_tuc": "1.000001", "ten_thu_tuc": "Vie\u0302\u0323t Nam"}).source["name_vi"] == "Việt Nam"


@pytest.mark.parametrize(
    ("cell", "amount", "note"),
    [
        ("120,000 VNĐ(mức thu là 20.000 VNĐ/tờ khai)", 20_000, "mức thu là 20.000 VNĐ/tờ khai"),
        ("1100,000 VNĐ", 100_000, None),
        ("1100 VNĐ(Phí công bố: 100.000 đồng/lần)", None, "100 VNĐ · Phí công bố: 100.000 đồng/lần"),
        ("125 VNĐ", None, "25 VNĐ"),
        ("10,000 VNĐ", 10_000, None),
    ],
)
def test_a_time_without_a_unit_does_not_run_into_the_fee(cell: str, amount: int | None, note: str | None) -> None:
    (fee,) = fees_of(ways(f"{_HEAD}Trực tuyến{cell}"))
    assert (fee["amount_vnd"], fee.get("note_vi")) == (amount, note)


def test_a_number_without_a_unit_is_no_number_of_days() -> None:
    assert limits_of(ways(f"{_HEAD}Trực tuyến20Miễn phí")) == [
        {"value": None, "unit": "", "note_vi": "Cổng ghi: 20, không nói ngày hay giờ"}
    ]


def test_a_time_that_stands_only_beside_the_table_is_shown_and_a_longer_one_lets_nobody_promise_the_shorter() -> None:
    cases = "28 ngày làm việc (cấp mới), 02 ngày làm việc (cấp lại)"
    assert limits_of(ways(f"{_HEAD}Trực tiếpKhông có thông tinMiễn phí{cases}")) == [
        {"value": None, "unit": "", "note_vi": cases}
    ]
    lost = "Không quá 02 ngày làm việc. Trường hợp mất: xác minh trong 30 ngày (kể từ ngày 01/7/2025)."
    two_ways = "".join(f"{way}2 Ngày làm việcMiễn phí{lost}" for way in ("Trực tuyến", "Trực tiếp"))
    assert limits_of(ways(_HEAD + two_ways)) == [
        {"value": 2, "unit": "working_day"},
        {"value": None, "unit": "", "note_vi": "Phần mô tả của Cổng còn nêu: 30 ngày"},
    ]
    assert len(limits_of(ways(f"{_HEAD}Trực tiếp10 Ngày làm việcMiễn phíKiểm tra 03 ngày, thẩm định 7 ngày"))) == 1


def test_what_the_portal_says_beside_a_way_of_filing_and_where_it_is_received_is_good_to_know() -> None:
    said = {
        "ma_thu_tuc": "1.000001",
        "ten_thu_tuc": "Thử",
        "cach_thuc_thuc_hien": f"{_HEAD}Trực tuyến3 NgàyMiễn phíQua VNeID.Trực tiếp3 NgàyMiễn phíTại Công an xã.",
        "dia_chi_tiep_nhan": "Công an  Xã",
    }
    assert from_flat(said).source["notes_vi"] == [
        "Nộp trực tuyến: Qua VNeID.",
        "Nộp trực tiếp: Tại Công an xã.",
        "Nơi tiếp nhận: Công an Xã",
    ]
