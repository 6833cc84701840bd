"""What people say finds what they mean; what is no procedure finds nothing."""

from pathlib import Path

import pytest

from bnhelper.catalogue.search_index import elsewhere, search
from bnhelper.catalogue.search_key import fold
from tests.factories import SHIPPED

_DEV = Path(__file__).resolve().parents[4] / "shared" / "data" / "search-dev.tsv"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("dang ky khai sinh", "1.001193"),
        ("đăng ký khai sinh", "1.001193"),
        ("ddawng kys khai sinh", "1.001193"),
        ("khia sinh", "1.001193"),
        ("bhyt", "1.001939"),
        ("giấy độc thân", "1.004873"),
        ("cắt khẩu", "1.003197"),
        ("nàm căn cước", "1.014061"),
        ("2.000815.H05", "2.000815"),
        ("2.000986", "3.000722"),
        ("làm sổ đỏ", "1.013978"),
    ],
)
def test_everyday_words_find_the_procedure(said: str, code: str) -> None:
    assert search(SHIPPED.newest, said)[0].code == code


@pytest.mark.parametrize("said", ["ly hôn", "tra cứu phạt nguội", "xyzzy plugh", "", "   "])
def test_what_is_no_procedure_finds_nothing(said: str) -> None:
    assert search(SHIPPED.newest, said) == []


def test_the_court_is_named_for_a_divorce() -> None:
    assert elsewhere(SHIPPED.newest, "muốn ly hôn") == "court"


def test_every_way_of_writing_d_folds_alike() -> None:
    assert {fold(text) for text in ("Đăng", "đăng", "Ðăng", "D\u0111ăng"[1:], "dang", "ĐĂNG")} == {"dang"}
    assert fold("Nguye\u0302\u0303n") == fold("Nguyễn") == "nguyen"


def test_the_development_queries() -> None:
    if not _DEV.exists():
        pytest.skip("the development queries are not beside this checkout")
    rows = [line.split("\t") for line in _DEV.read_text(encoding="utf-8").splitlines()[1:]]
    pack = SHIPPED.newest
    first = third = asked = 0
    for said, codes, *_rest in rows:
        found = [hit.code for hit in search(pack, said)]
        if codes == "-":
            assert not found, said
            continue
        asked += 1
        wanted = codes.split("|")
        first += bool(found) and found[0] in wanted
        third += any(code in wanted for code in found[:3])
    assert first / asked >= 0.90
    assert third / asked >= 0.97
