"""How well people's own words find what they mean, on queries kept apart, and what the search page needs beside it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_index import search, suggest
from tests.factories import SHIPPED

_HERE = Path(__file__).parent
#: search-kept: written before the ranking was tuned, its second rows left out of the tuning; search-everyday: written
#: without sight of the vocabulary, for the whole province, first measured at 0.70, then the vocabulary grew by fields.
#: search-door, search-lane, search-yard, search-ward: each written without sight of search, and measured once before anything was
#: changed for it (first, among three, procedures shown for what is none): 0.980, 0.980, 3 of 30; 0.830, 0.856, 2 of 44;
#: 0.929, 0.945, 3 of 36; 0.930, 0.950, 1 of 30. The last one is what people should expect of words nobody thought of.
_SETS = (
    "search-kept.tsv",
    "search-everyday.tsv",
    "search-door.tsv",
    "search-lane.tsv",
    "search-yard.tsv",
    "search-ward.tsv",
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return SHIPPED.newest


@pytest.mark.parametrize("name", _SETS)
def test_people_find_what_they_mean_in_the_whole_catalogue_and_nothing_else(pack: Pack, name: str) -> None:
    rows = [line.split("\t") for line in (_HERE / name).read_text(encoding="utf-8").splitlines()[1:]]
    asked = first = third = 0
    for said, codes, _why in rows:
        found = [hit.code for hit in search(pack, said)]
        if codes == "-":
            assert not found, f"{said} is no procedure"
            continue
        wanted = codes.split("|")
        assert all(pack.has(code) for code in wanted), said
        asked += 1
        first += found[:1] != [] and found[0] in wanted
        third += any(code in wanted for code in found[:3])
    assert first / asked >= 0.90, first / asked
    assert third / asked >= 0.97, third / asked


def test_every_procedure_is_found_by_its_official_name(pack: Pack) -> None:
    some = pack.procedures()[::13]
    found = [[hit.name_vi for hit in search(pack, one.name_vi)][:3] for one in some]
    assert sum(one.name_vi in names for one, names in zip(some, found, strict=True)) / len(some) >= 0.97


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


@pytest.mark.slow
@settings(deadline=None)
@given(st.text(max_size=300) | st.text("abcđăâêôơư0123456789.-_\"'()*: ", max_size=300))
def test_no_query_is_too_strange(text: str) -> None:
    pack = SHIPPED.newest
    assert len(search(pack, text)) <= 20
    suggest(pack, text)


def test_every_intention_leads_to_procedures_of_the_pack(pack: Pack) -> None:
    said = pack.words["intentions"]
    deeds = set(said["deeds"]) | {"any"}
    for name, thing in said["things"].items():
        for wanted, codes in thing["leads"].items():
            assert set(wanted.split("+")) <= deeds, (name, wanted)
            assert all(pack.has(code) for code in codes), (name, codes)
        assert set(thing.get("over", ())) <= set(said["things"]), name
