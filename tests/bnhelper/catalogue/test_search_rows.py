"""Which procedures are worth ranking: the same ones, whether memory or FTS5 is asked."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnhelper.catalogue import pack_content
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.pack_content import PackContent, write_pack_file
from bnhelper.catalogue.search_entries import index_of
from bnhelper.catalogue.search_index import prepare, search
from bnhelper.catalogue.search_key import accent_key
from bnhelper.catalogue.search_rows import AskedRows, HeldRows, likeness, rows_of
from tests.factories import SHIPPED

_KEPT = Path(__file__).parent / "search-kept.tsv"


@pytest.fixture(scope="module")
def pack() -> Pack:
    prepare(SHIPPED.newest)
    return SHIPPED.newest


def test_memory_and_fts_tell_the_same_of_words_pairs_and_codes(pack: Pack) -> None:
    held, asked = rows_of(pack), AskedRows(pack)
    assert isinstance(held, HeldRows)
    for word in ("khai", "sinh", "giay", "1.001193", "xyzzy", "khai_sinh", "giay_phep", "sinh_khai"):
        assert held.docs(word) == asked.docs(word), word
    codes = ["1.001193", "0.000000", "1.004222"]
    assert held.rows_of(codes) == asked.rows_of(codes)
    assert len(held.rows_of(codes)) == 2
    pairs = ["dang_ky", "khai_sinh"]
    assert set(held.with_all(pairs, 1_000)) == set(asked.with_all(pairs, 1_000)) != set()
    assert len(held.with_all(pairs, 3)) == 3
    assert held.with_all(["dang_ky", "xyzzy_plugh"], 10) == []


def test_what_people_ask_for_is_found_whichever_of_them_is_asked(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [line.split("\t")[0] for line in _KEPT.read_text(encoding="utf-8").splitlines()[1:]]
    by_memory = [search(pack, one, 1) for one in said]
    monkeypatch.setattr(index_of(pack), "rows", AskedRows(pack))
    by_fts = [search(pack, one, 1) for one in said]
    alike = sum(
        [hit.code for hit in one] == [hit.code for hit in other] for one, other in zip(by_memory, by_fts, strict=True)
    )
    assert alike / len(said) >= 0.97


def test_a_pack_of_an_older_program_is_searched_without_the_marks_of_its_rows(
    tmp_path: Path, contents: tuple[PackContent, PackContent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack_content, "INDEX", 2)
    write_pack_file(contents[0], tmp_path / "older.bnpack")
    older = Pack(tmp_path / "older.bnpack")
    assert older.index == 2
    assert search(older, "đăng ký khai sinh")[0].code == "1.001193"
    assert search(older, "tam tru")[0].code == "1.004194"


_SETS = st.lists(
    st.tuples(
        st.floats(0.1, 10),
        st.lists(st.tuples(st.sampled_from((1.0, 0.85, 0.55, 0.3)), st.integers(1, 2**40 - 1)), min_size=1),
    ),
    max_size=6,
)


@given(scales=_SETS, start=st.integers(0, 2**40 - 1), most=st.integers(1, 45))
def test_the_best_rows_are_those_of_a_plain_count(
    scales: list[tuple[float, list[tuple[float, int]]]], start: int, most: int
) -> None:
    held = HeldRows.__new__(HeldRows)
    held._ids = list(range(40))
    by_share = [(weight, sorted(dict(levels).items(), reverse=True)) for weight, levels in scales]

    def score(row: int) -> float:
        return sum(
            weight * max((share for share, rows in levels if rows >> row & 1), default=0.0)
            for weight, levels in by_share
        )

    found = list(held._best(by_share, start, most))
    rows = [row for row in range(40) if start >> row & 1]
    assert len(found) == len(set(found)) == min(most, len(rows))
    assert set(found) <= set(rows)
    if found:
        left_out = [score(row) for row in rows if row not in found]
        assert min(map(score, found)) >= max(left_out, default=0.0) - 1e-6


@pytest.mark.parametrize(
    ("typed", "stands", "counts"),
    [("vàng", "vắng", 0.15), ("vàng", "vàng", 1.0), ("đang", "đăng", 0.8), ("mả", "mã", 0.8)],
)
def test_marks_tell_how_much_a_word_counts(typed: str, stands: str, counts: float) -> None:
    assert likeness([accent_key(typed)], [accent_key(stands)]) == counts
