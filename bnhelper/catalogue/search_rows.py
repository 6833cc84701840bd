"""Which procedures may be meant: told in memory for a province's catalogue, by FTS5 for one that is much larger.

In memory a set of procedures is an int, a bit for each, in the order in which they win a tie. How well each explains
what was typed is found by splitting one set by one word after another, and leaving out what can no longer come among
the best: some hundred operations on ints of 330 bytes, where a statement touches each of two thousand rows.
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_key import fold, is_sloppy

MOST_HELD: Final = 5_000  #: procedures; each word's set grows with their number
IN_PAPERS: Final = 0.55  #: what a word counts in a paper's name, beside one in the procedure's own
_OTHER_WORD: Final = 0.15  #: what a word counts that was typed with marks and stands there with other ones
_SLOPPY: Final = 0.8  #: the same when marks were only forgotten, or hỏi and ngã confused
_MARKED_FROM: Final = 4  #: the index of packs that say how words are marked
_OF_WORDS: Final = 1.8  #: what the words of a query count in `search_rank`,
_OF_PAIRS: Final = 0.8  #: and words that stand together
_APART: Final = 0.6  #: what is left of a phrase whose words do not stand together
_MOST_LIKELY: Final = 36  #: candidates of all
_MOST_OURS: Final = 10  #: and of what an author has looked at, so that the many that resemble it do not crowd it out
_FEW: Final = 6  #: so many sets are split without leaving any out
_HELD: Final = (
    "SELECT r.id, r.code, s.title, s.everyday, s.papers, s.pairs, r.marked, r.ours FROM search_row r"
    " JOIN search s ON s.rowid = r.id"
)
_CANDIDATES: Final = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY bm25(search, 3.0, 3.0, 1.0, 2.0) LIMIT ?"
_SOME: Final = "SELECT rowid FROM search WHERE search MATCH ? LIMIT ?"
_MOST_FOUND: Final = 50
_MOST_OURS_FOUND: Final = 20
_MOST_TOGETHER: Final = 40
_MANY_TOGETHER: Final = 1_200  #: of rows with words together no more than this are ranked
_MOST_COUNTED: Final = 50_000
_MANY: Final = 3_000  #: more matching rows than this take too long to rank


@dataclass(frozen=True, slots=True)
class Meant:
    """One typed word or abbreviation and the ways it may be meant, each with its likelihood, 0 to 1."""

    ways: tuple[tuple[tuple[str, ...], float], ...]
    weight: float
    official: tuple[tuple[tuple[str, ...], float], ...] = ()  #: phrases the law has for it; they count as a whole
    is_phrase: bool = False  #: what was typed is a phrase as well, its words in `ways` together

    @property
    def words(self) -> set[str]:
        """Return the words a row may have for it; a phrase of the law is looked for as it stands together."""
        return {word for way, _ in self.ways for word in way} | {way[0] for way, _ in self.official if len(way) == 1}


class Sought(NamedTuple):
    """What candidates are asked by. A hit has a word of those that are needed, or words that stand together in it."""

    heavy: Sequence[Meant]  #: what rows may have, the heaviest first
    needed: int  #: so many of them
    together: Sequence[Sequence[tuple[tuple[str, ...], float]]]  #: pairs ("khai_sinh") at each place, and their nats
    marked: Mapping[str, frozenset[str]]  #: words that were typed with marks: folded -> the ways they were typed


class Rows(Protocol):
    """The procedures of one pack as the rows of its search tables."""

    def docs(self, word: str) -> int:
        """Return how many procedures have a word, or a pair of words that stand together ("khai_sinh")."""

    def rows_of(self, codes: Iterable[str]) -> list[int]:
        """Return the rows of these procedures, without those the pack does not have."""

    def with_all(self, pairs: Iterable[str], most: int) -> list[int]:
        """Return rows in which all these words stand together."""

    def candidates(self, sought: Sought) -> list[int]:
        """Return the rows that are worth ranking."""


def rows_of(pack: Pack) -> Rows:
    with pack.connection() as db:
        count: int = db.execute("SELECT count(*) FROM search_row").fetchone()[0]
    return HeldRows(pack) if count <= MOST_HELD else AskedRows(pack)


_Levels: TypeAlias = list[tuple[float, int]]  #: sets of rows, each with what it counts


class HeldRows:
    """Every word's procedures in memory: 12 MB for 2,658 with their phrases, read in a third of a second."""

    def __init__(self, pack: Pack) -> None:
        with pack.connection() as db:
            found = db.execute(
                _HELD if pack.index >= _MARKED_FROM else _HELD.replace("r.marked, r.ours", "'', s.everyday <> ''")
            ).fetchall()
        found.sort(key=lambda row: (not row[7], row[2].count(" "), row[1]))
        self._ids: list[int] = [row[0] for row in found]
        self._by_code = {row[1]: row[0] for row in found}
        self._ours = sum(1 << place for place, row in enumerate(found) if row[7])
        self._said = _sets(f"{row[2]} {row[3]}" for row in found)  #: words of the name and of what people say
        self._papers = _sets(row[4] for row in found)  #: words that stand elsewhere
        self._pairs = _sets(row[5] for row in found)
        self._marked = _sets(row[6] for row in found)  #: words with their marks
        self._written: dict[str, list[str]] = {}  #: word -> how it stands with its marks
        for written in self._marked:
            self._written.setdefault(fold(written), []).append(written)

    def docs(self, word: str) -> int:
        if "_" in word:
            return self._pairs.get(word, 0).bit_count()
        return (self._said.get(word, 0) | self._papers.get(word, 0)).bit_count()

    def rows_of(self, codes: Iterable[str]) -> list[int]:
        return [self._by_code[code] for code in codes if code in self._by_code]

    def with_all(self, pairs: Iterable[str], most: int) -> list[int]:
        return list(self._first(self._all(self._pairs, pairs), most))

    def candidates(self, sought: Sought) -> list[int]:
        scales = []
        start = 0
        for place, meant in enumerate(sought.heavy):
            levels = self._levels(meant, sought.marked)
            scales.append((_OF_WORDS * meant.weight, levels))
            if place < sought.needed:
                for _, rows in levels:
                    start |= rows
        for pairs in sought.together:
            found = [(nats, self._all(self._pairs, some)) for some, nats in sorted(pairs, key=lambda one: -one[1])]
            for _, rows in found:
                start |= rows
            scales.append((_OF_PAIRS, [one for one in found if one[1]]))
        scales = [one for one in scales if one[1]]
        scales.sort(key=lambda one: -one[0] * one[1][0][0])
        best = [*self._best(scales, start, _MOST_LIKELY), *self._best(scales, start & self._ours, _MOST_OURS)]
        return list(dict.fromkeys(best))

    def _levels(self, meant: Meant, marked: Mapping[str, frozenset[str]]) -> _Levels:
        """Return the rows that have this, by how much of it, most first."""
        levels: dict[float, int] = {}
        for way, likelihood in (*meant.ways, *meant.official):
            for share, rows in self._of_word(way[0], marked) if len(way) == 1 else self._of_phrase(way):
                if rows:
                    levels[share * likelihood] = levels.get(share * likelihood, 0) | rows
        return sorted(levels.items(), reverse=True)

    def _of_word(self, word: str, marked: Mapping[str, frozenset[str]]) -> _Levels:
        said = self._said.get(word, 0)
        found = [(IN_PAPERS, self._papers.get(word, 0))]
        ways = self._written.get(word) if word in marked else None
        if not ways:
            return [*found, (1.0, said)]
        return [*found, *((likeness(marked[word], [one]), said & self._marked[one]) for one in ways)]

    def _of_phrase(self, way: Sequence[str]) -> _Levels:
        pairs = [f"{first}_{second}" for first, second in itertools.pairwise(way)]
        return [(1.0, self._all(self._pairs, pairs)), (_APART, self._all(self._said, way))]

    def _best(self, scales: Sequence[tuple[float, _Levels]], start: int, most: int) -> Iterator[int]:
        """Yield the rows of `start` that score most on all the scales together, at most so many, best first."""
        left = sum(weight * levels[0][0] for weight, levels in scales)
        sets = [(0.0, start)] if start else []
        for weight, levels in scales:
            left -= weight * levels[0][0]
            split = []
            for score, rows in sets:
                rest = rows
                for share, having in levels:
                    here = rest & having
                    if here:
                        split.append((score + weight * share, here))
                        rest ^= here
                if rest:
                    split.append((score, rest))
            sets = _within_reach(split, left, most) if len(split) > _FEW else split
        for _, rows in sorted(sets, reverse=True):
            if most <= 0:
                return
            yield from self._first(rows, most)
            most -= rows.bit_count()

    def _first(self, rows: int, most: int) -> Iterator[int]:
        """Yield the numbers of the first rows of a set."""
        for _ in range(min(most, rows.bit_count())):
            lowest = rows & -rows
            yield self._ids[lowest.bit_length() - 1]
            rows ^= lowest

    @staticmethod
    def _all(words: Mapping[str, int], wanted: Iterable[str]) -> int:
        """Return the rows that have all these words; none when nothing is wanted."""
        found = -1
        for word in wanted:
            found &= words.get(word, 0)
        return max(found, 0)


def likeness(typed: Collection[str], ways: Collection[str]) -> float:
    """Return what a word counts that was typed with these marks and stands with those.

    "Giá vàng" is not "khai báo tạm vắng".
    """
    if not ways or any(one in ways for one in typed):
        return 1.0
    return _SLOPPY if any(is_sloppy(one, right) for one in typed for right in ways) else _OTHER_WORD


def _sets(texts: Iterable[str]) -> dict[str, int]:
    """Return for each word the set of the texts that have it."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        for word in text.split():
            places[word].append(place)
    return {word: _set_of(some) for word, some in places.items()}


def _set_of(places: Sequence[int]) -> int:
    """Return ascending numbers as a set."""
    if len(places) == 1:  # so do most words that stand together
        return 1 << places[0]
    bits = bytearray((places[-1] >> 3) + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def _within_reach(sets: _Levels, left: float, most: int) -> _Levels:
    """Return the sets that may still come among the best when each can win `left` more."""
    sets.sort(reverse=True)
    counted = 0
    least = 0.0
    for score, rows in sets:
        counted += rows.bit_count()
        if counted >= most:
            least = score - max(left, 0.0)  # what is summed in another order comes out a little below nothing
            break
    return [one for one in sets if one[0] >= least]


class AskedRows:
    """The same asked of FTS5, which ranks a hundred thousand rows by bm25 where few of them have a word."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._docs: dict[str, int] = {}

    def docs(self, word: str) -> int:
        known = self._docs.get(word)
        if known is None:
            with self._pack.connection() as db:
                asked = (word, int("_" in word))
                row = db.execute("SELECT docs FROM vocabulary WHERE word = ? AND is_pair = ?", asked).fetchone()
            known = 0 if row is None else int(row[0])
            if len(self._docs) > _MOST_COUNTED:
                self._docs.clear()
            self._docs[word] = known
        return known

    def rows_of(self, codes: Iterable[str]) -> list[int]:
        with self._pack.connection() as db:
            found = [db.execute("SELECT id FROM search_row WHERE code = ?", (code,)).fetchone() for code in codes]
        return [row[0] for row in found if row is not None]

    def with_all(self, pairs: Iterable[str], most: int) -> list[int]:
        query = " AND ".join(f'"{pair}"' for pair in pairs)
        with self._pack.connection() as db:
            return _found(db, _SOME, f"pairs : ({query})", most)

    def candidates(self, sought: Sought) -> list[int]:
        words = {word for meant in sought.heavy[: sought.needed] for word in meant.words}
        found: list[int] = []
        with self._pack.connection() as db:
            if words:
                query = _any_of(words)
                if sum(map(self.docs, words)) <= _MANY:
                    found = _found(db, _CANDIDATES, query, _MOST_FOUND)
                else:
                    # Too many to be ranked while a key is pressed: those that have two of the words, or any at all,
                    # beside those in which they stand together.
                    both = [_any_of(meant.words) for meant in sought.heavy[:2]]
                    narrow = f"({') AND ('.join(both)})" if len(both) == 2 else query
                    found = _found(db, _SOME, narrow, _MOST_FOUND)
                if len(found) >= _MOST_FOUND:
                    found += _found(db, _CANDIDATES, f"everyday : ({query})", _MOST_OURS_FOUND)
            together = self._together(sought)
            if together:
                found += _found(db, _CANDIDATES, f"pairs : ({together})", _MOST_TOGETHER)
        return list(dict.fromkeys(found))

    def _together(self, sought: Sought) -> str:
        """Return the query for words that stand together, the rare ones."""
        found = []
        left = _MANY_TOGETHER
        for pairs, _ in sorted(itertools.chain(*sought.together), key=lambda one: -one[1]):
            left -= min(map(self.docs, pairs))
            if left < 0:
                break
            found.append("(" + " AND ".join(f'"{pair}"' for pair in pairs) + ")")
        return " OR ".join(dict.fromkeys(found))


def _found(db: Any, statement: str, query: str, most: int) -> list[int]:
    return [row[0] for row in db.execute(statement, (query, most))]


def _any_of(words: set[str]) -> str:
    return " OR ".join(f'"{word}"' for word in sorted(words))
