"""The portal's table of laws: no number is shown that no law has, no name is lost."""

import re
from collections import Counter
from pathlib import Path

import pytest

import resources
from bnhelper.authoring.portal.importer import read_records
from bnhelper.authoring.portal.laws import HEAD, Law, laws
from bnhelper.authoring.portal.whole_catalogue import law_titles
from bnhelper.catalogue.library import Library
from bnhelper.ids import ProcedureCode

_RECORDS = Path(str(resources.resource("portal"))) / "records-2026-07.jsonl.xz"
#: Every way in which a number of the export ends, seen by eye; who issued joint circulars is a list of such names.
_MINISTRY = (
    "BCA|BCT|BGDĐT|BGTVT|BHXH|BKHCN|BKHĐT|BLĐTBXH|BNG|BNN|BNNMT|BNNPTNT|BNV|BQP|BTC|BTNMT|BTP|BTTTT|BVHTTDL|BXD|BYT|NHNN|"
    "TANDTC|VKSNDTC|VPCP|VPQH"
)
_ENDINGS = re.compile(
    r"\d{1,4}[a-d]?(?:\.\d{1,2})?(?:/(?:19|20)\d\d)?"
    r"(?:/QH1\d|/(?:PL-)?UBTVQH1\d|/NQ-(?:QH1\d|CP|HĐND|HĐTP)|/NĐ-CP|-CP|/L-CTN|/NQLT-CP-UBTƯMTTQVN"
    rf"|/QĐ-(?:TTg|UBND|{_MINISTRY})|/(?:TT|TTLT|VBHN)-(?:{_MINISTRY})(?:-(?:{_MINISTRY}))*)"
)


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        ("Nghị định A258/2025/NĐ-CPLuật B60/2014/QH13", ["258/2025/NĐ-CP", "60/2014/QH13"]),
        ("Nghị định A104/2022/NĐ-CPNGHỊ ĐỊNH B155/2020/NĐ-CP", ["104/2022/NĐ-CP", "155/2020/NĐ-CP"]),
        ("Thông tư A19/2021/TT-BTCThông tư 80/2021/TT-BTC80/2021/TT-BTC", ["19/2021/TT-BTC", "80/2021/TT-BTC"]),
        ("Luật A54/2014/QH1354/2019/QH1454/2019/QH14", ["54/2014/QH13", "54/2019/QH14"]),
        ("Nghị định 08/2015/NĐ-CP08/2015/NĐ-CP126/2020/NĐ-CP126/2020/NĐ-CP", ["08/2015/NĐ-CP", "126/2020/NĐ-CP"]),
        ("Luật Cư trú 202068/2020/QH14Luật ngày 29/6/202443/2024/QH15", ["68/2020/QH14", "43/2024/QH15"]),
        ("Luật X năm 2022.65/2025/TT-BTC", ["65/2025/TT-BTC"]),
        ("Nghị quyết trên dữ liệu66.7/2025/NQ-CPVề B55/2026/TT-BTC", ["66.7/2025/NQ-CP", "55/2026/TT-BTC"]),
        ("Quyết định A53/2013/QĐ-TTgQuyết định B10/2018/QĐ-TTg", ["53/2013/QĐ-TTg", "10/2018/QĐ-TTg"]),
        ("Một cửa118/2025/NĐ-CQuy định B151/2025/NĐ-CP", ["118/2025/NĐ-CP", "151/2025/NĐ-CP"]),
        ("An ninh hàng không31/2025/TT_BCALUẬT HÀNG KHÔNG66/2006/QH11", ["31/2025/TT-BCA", "66/2006/QH11"]),
        ("X85/2024/TT-BT\N{CYRILLIC CAPITAL LETTER ES}", ["85/2024/TT-BTC"]),
        ("A18/2026/NĐ-CP Nghị định B87/2020/NĐ-CP", ["18/2026/NĐ-CP", "87/2020/NĐ-CP"]),
        ("A01/2014/NQLT-CP-UBTƯMTTQVNB26/2005/PL-UBTVQH11", ["01/2014/NQLT-CP-UBTƯMTTQVN", "26/2005/PL-UBTVQH11"]),
        ("Nghị định số 46/2020/NĐ-CP46/2020Luật Hải quan54/2014/QH13", ["46/2020/NĐ-CP", "54/2014/QH13"]),
        ("A601/QĐ-BTCNghị định 73/NĐ-CP ngày 30/7/1994 về B73-CP", ["601/QĐ-BTC", "73-CP"]),
        ("Sửa đổi Nghị định 126/2020/NĐ-CP ngày 19/10/2020 về A373/2025/NĐ-CP", ["373/2025/NĐ-CP"]),
        (
            "Luật số 143/2025/QH15 ngày 11/12/2025;143/2025/QH15 định số 96/2026/NĐ-CP",
            ["143/2025/QH15", "96/2026/NĐ-CP"],
        ),
        ("Thông tư số 53/2025/TT-BCAngày 01/7/2025", [""]),  # no row ends there: the text stays whole
        ("Thông tư 37/2013/2015/TT-NHNN37/2013/2015/TT-NHNN", [""]),  # which year is meant nobody can tell
        ("Không có thông tin", []),
        ("", []),
    ],
)
def test_a_number_ends_where_the_next_name_begins(cells: str, numbers: list[str]) -> None:
    assert [law.number for law in laws(HEAD + cells)] == numbers


def test_a_number_at_the_end_of_a_name_is_not_taken_for_the_one_that_follows() -> None:
    name = "Nghị định số 280/2025/NĐ-CP sửa đổi, được sửa đổi bởi Nghị định số 07/2025/NĐ-CP"
    assert laws(f"{HEAD}{name}280/2025/NĐ-CP73/2025/TT-NHNNSố 73/2025/TT-NHNN") == [
        Law("280/2025/NĐ-CP", name),
        Law("73/2025/TT-NHNN", ""),
    ]
    glued = laws(f"{HEAD}Luật Các tổ chức tín dụngLuật số 32/2024/QH1561/2025/TT-NHNNsố 61/2025/TT-NHNN")
    assert [one.number for one in glued] == ["32/2024/QH15", "61/2025/TT-NHNN"]


def test_a_law_keeps_its_name_and_a_misspelt_number_is_told() -> None:
    assert laws(f"{HEAD}Luật Hộ tịch60/2014/QH13Về một cửaNghị định số 118/2025/NĐ-CQuy định. 14/2025/TT-BNNMT") == [
        Law("60/2014/QH13", "Luật Hộ tịch"),
        Law("118/2025/NĐ-CP", "Về một cửa", is_mended=True),
        Law("14/2025/TT-BNNMT", "Quy định"),
    ]
    assert laws(f"{HEAD}Tên một60/2014/QH13Tên hai60/2014/QH13") == [Law("60/2014/QH13", "Tên một · Tên hai")]


def test_the_pack_that_is_shipped_shows_the_numbers_of_the_laws() -> None:
    basis = Library.shipped().newest.procedure(ProcedureCode("1.002693")).legal_basis
    assert "258/2025/NĐ-CP" in {one.name for one in basis}
    assert all(_ENDINGS.fullmatch(one.name) for one in basis)


def test_a_law_that_an_author_gives_by_its_number_is_called_what_most_records_call_it() -> None:
    said = [
        *({"name": "60/2014/QH13", "title_vi": title} for title in ["Luật 60/2014/QH13"] * 3 + ["Luật Hộ tịch"] * 2),
        {"name": "1/2020/NĐ-CP", "title_vi": "Hai dòng dính nhau một lần"},
        {"name": "2/2020/NĐ-CP"},
    ]
    assert law_titles(said) == {"60/2014/QH13": "Luật Hộ tịch"}
    titled = {
        one.name: one.title_vi for one in Library.shipped().newest.procedure(ProcedureCode("1.001193")).legal_basis
    }
    assert titled["60/2014/QH13"] == "Luật Hộ tịch"


@pytest.mark.slow
def test_no_number_of_the_whole_export_is_one_that_no_law_has() -> None:
    wrong: Counter[str] = Counter()
    bare, rows, is_lost = 0, 0, []
    for record in read_records(_RECORDS):
        text = record["can_cu_phap_ly"]
        found = laws(text)
        rows += len(found)
        bare += sum(not law.number for law in found)
        wrong.update(law.number for law in found if law.number and not _ENDINGS.fullmatch(law.number))
        lost = _pieces(text.removeprefix(HEAD)) - _pieces("".join(law.name + law.number for law in found))
        if len(lost) > 40 * len(found) + 10:  # around a number, and "Thông tư số" before it, the pieces differ
            is_lost.append((record["ma_thu_tuc"], len(lost)))
    assert not wrong
    assert rows > 10_000
    assert bare < 60, bare
    assert not is_lost


def _pieces(text: str) -> set[str]:
    """Return every run of 12 letters: the words, wherever they are glued and however often they stand."""
    letters = re.sub(r"[\W\d_]+", "", text)
    return {letters[place : place + 12] for place in range(len(letters) - 11)}
