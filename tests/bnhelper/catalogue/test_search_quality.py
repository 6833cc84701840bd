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
#: 0.929, 0.945, 3 of 36; 0.930, 0.950, 1 of 30. search-table, when phrases, certainty and siblings had come: 0.955, 0.982,
#: none of 25 (the program of the day before: 0.946, 0.991, 1). That is what people should expect of words nobody thought of when they
#: ask for what residents ask for.
_SETS = (
    "search-kept.tsv",
    "search-everyday.tsv",
    "search-door.tsv",
    "search-lane.tsv",
    "search-yard.tsv",
    "search-ward.tsv",
    "search-table.tsv",
)
#: Drawn at random from all 2,642 (two of three from all, one from what a commune does; seeds 2642, 3117, 4721), then
#: phrased as people would, without sight of search, and measured once before anything was changed for them.
#: search-counter: 0.522, 0.587, 1 of 40, which led to the thesaurus; search-window, with a thesaurus that had not seen it:
#: 0.699, 0.827, 2 of 40; search-square, after what that showed was mended: 0.738, 0.846, 1 of 20; search-market, when
#: `everyday.tsv` had phrases for every procedure, written without sight of any set: 0.680, 0.874, none of 24. That is
#: what people should expect who ask for what is seldom asked for. What is held for all four was reached afterwards.
#: search-fair (seed 7715, all 2,642 alike, siblings that differ in nothing said count as wrong): 0.782, 0.962, 1 of 20; one of
#: 120 drawn the same way (seed 26112026) an hour before: 0.758, 0.942, none of 25. It is held as it was measured.
_OF_THE_WHOLE_PROVINCE = (
    ("search-counter.tsv", 0.87, 0.96, 0),
    ("search-window.tsv", 0.88, 0.96, 0),
    ("search-square.tsv", 0.87, 0.95, 0),
    ("search-market.tsv", 0.79, 0.91, 0),
    ("search-fair.tsv", 0.77, 0.95, 1),
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return SHIPPED.newest


@pytest.mark.parametrize(
    ("name", "at_first", "at_third", "most_wrong"),
    [*((name, 0.90, 0.97, 0) for name in _SETS), *_OF_THE_WHOLE_PROVINCE],
)
def test_people_find_what_they_mean_in_the_whole_catalogue_and_nothing_else(
    pack: Pack, name: str, at_first: float, at_third: float, most_wrong: int
) -> None:
    rows = [line.split("\t") for line in (_HERE / name).read_text(encoding="utf-8").splitlines()[1:]]
    asked = first = third = 0
    shown = []
    for said, codes, _why in rows:
        found = [hit.code for hit in search(pack, said)]
        if codes == "-":
            shown += [said] if found else []
            continue
        wanted = codes.split("|")
        assert all(pack.has(code) for code in wanted), said
        asked += 1
        first += found[:1] != [] and found[0] in wanted
        third += any(code in wanted for code in found[:3])
    assert len(shown) <= most_wrong, f"no procedures: {shown}"
    assert first / asked >= at_first, first / asked
    assert third / asked >= at_third, third / asked


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


def test_a_subject_of_few_words_shows_what_there_is_about_it(pack: Pack) -> None:
    subjects = (
        "khoáng sản",
        "hải quan",
        "kế toán",
        "quảng cáo",
        "xăng dầu",
        "rượu",
        "chăn nuôi",
        "giống thủy sản",
        "quảng",
    )
    assert [one for one in subjects if not search(pack, one)] == []
    assert [one for one in ("mất ngủ", "đổi gió", "giấy gói quà", "gà chọi hay") if search(pack, one)] == []


def test_a_code_may_be_typed_without_its_dot(pack: Pack) -> None:
    assert [hit.code for hit in search(pack, "1004222")] == ["1.004222"]
    assert search(pack, "1.0042")[0].code == "1.004222"
    assert search(pack, "thủ tục 1.004222.H05")[0].code == "1.004222"
    assert search(pack, "đăng ký ý tưởng dự án điều 6.2")[0].code == "3.000539", "a number in a question is no code"


def test_life_events_lead_to_procedures_of_the_pack(pack: Pack) -> None:
    events = pack.life_events()
    assert len(events) == 10
    for event in events:
        assert event.name("vi") != event.name("en")
        assert all(pack.has(code) for code in event.codes)


def test_a_misspelt_query_with_another_name_of_something_is_suggested_for(pack: Pack) -> None:
    for phrase in ("mở quán", "sổ đỏ", "x", "đăng ký khia sinh"):
        suggest(pack, phrase)
    assert suggest(pack, "đăng ký khia sinh") == "đăng ký khai sinh"


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
