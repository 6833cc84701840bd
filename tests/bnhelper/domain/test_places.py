"""An address in old units leads to the unit of today, or says that one must ask."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from bnhelper.catalogue.units import places, units

_OLD = [line.split("\t") for line in resources.read_text("places/units-old-to-new.tsv").splitlines()[1:]]


@pytest.mark.parametrize(
    ("typed", "code", "rest"),
    [
        # type and district changed on 1 January 2025: matched by name
        ("Thôn Đông, xã Nội Hoàng, huyện Yên Dũng, tỉnh Bắc Giang", "07696", "Thôn Đông"),
        ("xã Đông Thọ, huyện Yên Phong, tỉnh Bắc Ninh", "09238", ""),
        ("thị trấn Phố Mới, huyện Quế Võ, Bắc Ninh", "09247", ""),
        ("Khu 3, Phố Mới, Bắc Ninh", "09247", "Khu 3"),
        ("Phường Đình Bảng, TP Từ Sơn", "09367", ""),
        ("TT. Chờ, H. Yên Phong, T. Bắc Ninh", "09193", ""),
        ("P. Dĩnh Kế, TP Bắc Giang", "07210", ""),
        ("số 12 Lý Thái Tổ, P. Võ Cường, TP. Bắc Ninh", "09190", "số 12 Lý Thái Tổ"),
        ("xã Đồng Tiến, huyện Yên Thế", "07246", ""),
        ("xã Đồng Tiến, Hiệp Hòa", "07822", ""),
        ("Ninh Xá, Thuận Thành", "09445", ""),
        ("xã Lãng Sơn, huyện Yên Dũng", "07682", ""),
        ("xã Mỹ An, huyện Lục Ngạn", "07612", ""),
        ("phường Hà Mãn, thị xã Thuận Thành", "09433", ""),
        ("xa Cao Xa, Tan Yen, Bac Giang", "07339", ""),
        ("xã Thuỵ Hoà, huyện Yên Phong", "09208", ""),
        ("xã Canh Nậu, Yên Thế", "07246", ""),
        ("Tuấn Đạo, Sơn Động", "07663", ""),
        ("Thôn Phúc Long, Tam Đa, Yên Phong, Bắc Ninh", "09208", "Thôn Phúc Long"),
        ("xã Đông Thọ huyện Yên Phong tỉnh Bắc Ninh", "09238", ""),
    ],
)
def test_an_old_address_leads_to_the_unit_of_today(typed: str, code: str, rest: str) -> None:
    found = places().resolve(typed)
    assert found.unit is not None, found
    assert found.unit.code == code
    assert found.rest == rest


def test_a_ward_merged_before_the_reform_is_found_by_its_alias() -> None:
    found = places().resolve("Ninh Xá, TP Bắc Ninh")
    assert found.unit is not None
    assert found.unit.name == "Phường Kinh Bắc"


def test_a_name_that_stands_twice_is_asked() -> None:
    found = places().resolve("xã Đồng Tiến, Bắc Giang")
    assert found.kind == "ambiguous"
    assert found.unit is None
    assert {one.name for one in found.candidates} == {"Xã Xuân Lương", "Xã Hoàng Vân"}


def test_a_ward_of_which_a_piece_went_elsewhere_says_so() -> None:
    assert places().resolve("Tuấn Đạo, Sơn Động").is_partly
    assert not places().resolve("xã Canh Nậu, Yên Thế").is_partly


def test_a_name_of_today_is_not_converted_again() -> None:
    found = places().resolve("Phường Tân Tiến, Bắc Ninh")
    assert found.kind == "same"
    assert found.unit is not None
    assert found.unit.name == "Phường Tân Tiến"


@pytest.mark.parametrize(
    "typed", ["xã Hoàng Hoa Thám, Chí Linh, Hải Dương", "phường Bến Nghé, Quận 1, TP Hồ Chí Minh", "Ba Đình, Hà Nội"]
)
def test_another_province_is_left_as_typed(typed: str) -> None:
    assert places().resolve(typed).kind == "outside"


@pytest.mark.parametrize("typed", ["", ",,,", "Bắc Ninh", "số 5", "xã Không Có Thật, Bắc Ninh"])
def test_what_names_no_ward_is_unknown(typed: str) -> None:
    assert places().resolve(typed).kind == "unknown"


def test_a_ward_in_a_district_that_is_not_ours_is_asked_and_never_taken() -> None:
    found = places().resolve("xã Tân Tiến, huyện Bình Xuyên")
    assert found.unit is None


@pytest.mark.parametrize("row", _OLD, ids=lambda row: row[0])
def test_each_of_the_313_old_wards_converts(row: list[str]) -> None:
    for typed in (f"{row[1]}, {row[3]}, {row[5]}", f"Thôn 1, {row[1].upper()}, {row[3]}"):
        found = places().resolve(typed)
        assert found.unit is not None, typed
        assert found.unit.code == row[6], typed


@pytest.mark.parametrize("unit", units(), ids=lambda unit: unit.code)
def test_each_of_the_99_names_of_today_is_itself(unit: object) -> None:
    from bnhelper.domain.places import Unit

    assert isinstance(unit, Unit)
    for typed in (f"{unit.name}, tỉnh Bắc Ninh", unit.name, unicodedata.normalize("NFD", unit.name)):
        found = places().resolve(typed)
        assert found.kind == "same"
        assert found.unit == unit


@given(st.sampled_from(_OLD), st.sampled_from(["", "Thôn 2", "số 7 ngõ 3"]))
def test_converting_twice_is_converting_once(row: list[str], rest: str) -> None:
    once = places().resolve(", ".join(part for part in (rest, row[1], row[3], row[5]) if part))
    assert once.unit is not None
    again = places().resolve(", ".join(part for part in (once.rest, once.unit.name, "tỉnh Bắc Ninh") if part))
    assert again.unit == once.unit
    assert again.rest == once.rest


@given(st.text(max_size=2_000))
def test_no_text_is_too_strange(text: str) -> None:
    assert places().resolve(text).kind in {"same", "moved", "ambiguous", "outside", "unknown"}
