"""How well people's own words find what they mean, on queries kept apart, and what the search page needs beside it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnhelper.catalogue.library import Library
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_index import search, suggest

_KEPT = Path(__file__).parent / "search-kept.tsv"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Library.shipped().newest


def test_queries_kept_apart_are_found_and_nothing_else_is(pack: Pack) -> None:
    """Written before the ranking was tuned; every second one was left out of the tuning."""
    rows = [line.split("\t") for line in _KEPT.read_text(encoding="utf-8").splitlines()[1:]]
    apart = rows[1::2]
    for name, chosen in (("all", rows), ("kept apart", apart)):
        asked = first = third = 0
        for said, codes, _why in chosen:
            found = [hit.code for hit in search(pack, said)]
            if codes == "-":
                assert not found, f"{said} is no procedure"
                continue
            wanted = codes.split("|")
            asked += 1
            first += found[:1] != [] and found[0] in wanted
            third += any(code in wanted for code in found[:3])
        assert first / asked >= 0.90, (name, first / asked)
        assert third / asked >= 0.97, (name, third / asked)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("khia sinh", "khai sinh"),
        ("dang ky kwt hon", "đăng ký kết hôn"),
        ("khai sinh", ""),
        ("khai sihn", "khai sinh"),
        ("xyzzy plugh", ""),
        ("", ""),
    ],
)
def test_a_misspelt_query_is_told_what_was_probably_meant(pack: Pack, typed: str, meant: str) -> None:
    assert suggest(pack, typed) == meant


def test_marks_tell_words_apart_when_they_were_typed(pack: Pack) -> None:
    assert search(pack, "giá vàng") == []
    assert search(pack, "tạm vắng")[0].code == "1.003677"
    assert search(pack, "tam vang")[0].code == "1.003677"
    assert search(pack, "hoà giải")[0].code == search(pack, "hòa giải")[0].code == "1.012812"


def test_a_code_may_be_typed_without_its_dot(pack: Pack) -> None:
    assert [hit.code for hit in search(pack, "1004222")] == ["1.004222"]
    assert search(pack, "1.0042")[0].code == "1.004222"


def test_life_events_lead_to_procedures_of_the_pack(pack: Pack) -> None:
    events = pack.life_events()
    assert len(events) == 10
    for event in events:
        assert event.name("vi") != event.name("en")
        assert all(pack.has(code) for code in event.codes)


@settings(deadline=None)
@given(st.text(max_size=300) | st.text("abcđăâêôơư0123456789.-_\"'()*: ", max_size=300))
def test_no_query_is_too_strange(text: str) -> None:
    pack = Library.shipped().newest
    assert len(search(pack, text)) <= 20
    suggest(pack, text)
