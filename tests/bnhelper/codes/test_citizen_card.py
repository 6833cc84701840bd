"""Every card seen in the wild, and everything that is no card."""

import pytest

from bnhelper.codes.citizen_card import CardGarbled, NotACitizenCard, read_card
from bnhelper.codes.code_image import modules_of, read_codes
from bnhelper.errors import KnownTrouble

_HOA = "027190000002|125123456|NGUYỄN THỊ HOÀ|05091990|Nữ|Thôn Phúc Long, Tam Đa, Yên Phong, Bắc Ninh|12042021"


@pytest.mark.parametrize(
    "text",
    [
        _HOA,
        _HOA + "||||",
        _HOA + "|01234|NGUYỄN VĂN A|LÊ THỊ B",
        "\ufeff" + _HOA + "\r\n",
        "CCCD:" + _HOA,
        _HOA.replace("NGUYỄN", "NGUYE\u0302\u0303N"),
    ],
)
def test_every_spelling_of_a_card_is_read(text: str) -> None:
    card = read_card(text)
    assert (card.id_number, card.full_name, card.birth_date, card.sex) == (
        "027190000002",
        "NGUYỄN THỊ HOÀ",
        "1990-09-05",
        "nu",
    )
    assert card.warnings == ()
    assert card.as_answers()["/data/applicant/address_old"] == "Thôn Phúc Long, Tam Đa, Yên Phong, Bắc Ninh"


def test_an_impossible_date_is_left_blank_and_told() -> None:
    card = read_card("027090000001|125000111|Đặng Đình Đông|29021990|Nam|Phố Mới, Quế Võ, Bắc Ninh|")
    assert card.birth_date == ""
    assert card.warnings == ("birth-date-impossible",)


def test_what_does_not_fit_the_number_is_told_and_not_refused() -> None:
    card = read_card("027190000002||LÊ A|01011985|Nam|X|01012020")
    assert set(card.warnings) == {"birth-year-differs", "sex-differs"}
    assert read_card("027201000007||LÊ A|01012001|Nam|X|01012020").warnings == ()


@pytest.mark.parametrize(
    ("text", "trouble", "looks_like"),
    [
        ("https://evil.example/?id=027190000002", NotACitizenCard, "web"),
        ("00020101021238570010A000000727", NotACitizenCard, "payment"),
        ("WIFI:S:x;T:WPA;P:y;;", NotACitizenCard, "wifi"),
        ("027190000002|125123456|NGUYỄN|05091990|Nữ|X", NotACitizenCard, "cut_off"),
        ("027190000002 NGUYEENX THIJ HOAF", CardGarbled, None),
        ("", NotACitizenCard, "other"),
        ("x" * 10_000, NotACitizenCard, "other"),
    ],
)
def test_what_is_no_card_is_refused_with_its_reason(
    text: str, trouble: type[KnownTrouble], looks_like: str | None
) -> None:
    with pytest.raises(trouble) as told:
        read_card(text)
    assert told.value.values.get("looks_like") == looks_like
    assert text == "" or text not in str(told.value)


def test_a_code_that_was_painted_is_read_back() -> None:
    modules = modules_of(_HOA)
    scale, quiet = 4, 4
    side = (len(modules) + 2 * quiet) * scale
    gray = bytearray(b"\xff" * side * side)
    for y, line in enumerate(modules):
        for x, is_dark in enumerate(line):
            if is_dark:
                for row in range(scale):
                    start = ((y + quiet) * scale + row) * side + (x + quiet) * scale
                    gray[start : start + scale] = b"\x00" * scale
    assert read_codes(bytes(gray), side, side, side) == [_HOA]
