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
