"""What ranking needs of one pack: its words, how rare they are, and what each procedure says."""

import json
import math
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bnhelper.catalogue.intentions import Intentions
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_key import fold, words_of

LIGHT: Final = 0.22  #: weight of a word that carries little ("xin", "cho", "giấy")
_MOST_KEPT: Final = 5_000  #: entries kept in memory, the least used go first
_FIELDS: Final = (("papers", 0.55), ("everyday", 1.0), ("title", 1.0))


@dataclass(frozen=True, slots=True)
class Entry:
    code: str
    weights: Mapping[str, float]  #: word -> what it counts here, by the field it stands in
    title: frozenset[str]
    pairs: frozenset[str]
    phrases: tuple[tuple[str, frozenset[str]], ...]  #: everyday phrases with their words
    marks: Mapping[str, Sequence[str]]  #: word of name and phrases -> the ways it is written with marks
    title_length: int
    shown: tuple[str, str, str, str, str, bool]


class Index:
    """What ranking needs of one pack: the single words at once, pairs and entries as they are asked for."""

    def __init__(self, pack: Pack) -> None:
        words = pack.words
        self.pack = pack
        self.same: dict[str, list[str]] = {fold(key): str(value).split() for key, value in words["same"].items()}
        self.light = frozenset(words["light"])
        self.intentions = Intentions(words.get("intentions", {}))
        with pack.connection() as db:
            self.total: int = db.execute("SELECT count(*) FROM procedure").fetchone()[0]
            self._rarity = {
                word: math.log(1 + self.total / docs)
                for word, docs in db.execute("SELECT word, docs FROM vocabulary WHERE is_pair = 0")
            }
        self.unknown = math.log(1 + self.total)
        self._pairs: dict[str, float] = {}
        self._prefixes: dict[str, list[str]] = {}
        for word in self._rarity:
            for length in range(2, len(word)):
                self._prefixes.setdefault(word[:length], []).append(word)
        self._entries: OrderedDict[int, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, word: str) -> bool:
        return word in self._rarity

    def is_said(self, word: str) -> bool:
        """Tell whether people use this word, in a procedure or to speak of one: then it is no typing error."""
        return word in self._rarity or word in self.intentions.words

    def rarity(self, word: str) -> float:
        """Return how rare a word or pair is; 0 for one that no procedure has."""
        if "_" not in word:
            return self._rarity.get(word, 0.0)
        known = self._pairs.get(word)
        if known is None:
            with self.pack.connection() as db:
                row = db.execute("SELECT docs FROM vocabulary WHERE word = ? AND is_pair = 1", (word,)).fetchone()
            known = math.log(1 + self.total / row[0]) if row is not None else 0.0
            if len(self._pairs) > 50_000:
                self._pairs.clear()
            self._pairs[word] = known
        return known

    def docs(self, words: Iterable[str]) -> int:
        """Return about how many procedures have any of these words, counted word by word."""
        return round(sum(self.total / math.expm1(rarity) for word in words if (rarity := self.rarity(word))))

    def rows_of(self, codes: Iterable[str]) -> list[int]:
        """Return the rows of these procedures."""
        with self.pack.connection() as db:
            found = [db.execute("SELECT id FROM search_row WHERE code = ?", (code,)).fetchone() for code in codes]
        return [row[0] for row in found if row is not None]

    def weight(self, word: str) -> float:
        """Return what a typed word weighs in the query."""
        rarity = self._rarity.get(word, self.unknown)
        return rarity * LIGHT if word in self.light else rarity

    def begun(self, word: str) -> list[str]:
        """Return the words that begin so, the most usual ones first."""
        found = self._prefixes.get(word, [])
        return sorted(found, key=self._rarity.__getitem__)[:12]

    def entries(self, rows: Iterable[int]) -> list[Entry]:
        """Return the entries of these rows, reading those that are not in memory."""
        wanted = list(rows)
        with self._lock:
            missing = [row for row in wanted if row not in self._entries]
            if missing:
                marks = ",".join("?" * len(missing))
                with self.pack.connection() as db:
                    found = db.execute(_ENTRIES + f" WHERE r.id IN ({marks})", missing).fetchall()
                for row in found:
                    self._entries[row[0]] = _entry(row)
            known = [self._entries[row] for row in wanted if row in self._entries]
            for row in wanted:
                if row in self._entries:
                    self._entries.move_to_end(row)
            while len(self._entries) > _MOST_KEPT:
                self._entries.popitem(last=False)
        return known


_ENTRIES: Final = (
    "SELECT r.id, p.code, s.papers, s.everyday, s.title, s.pairs, p.search, p.name_vi, p.name_en, p.sector_vi,"
    " p.sector_en, p.agency_vi, p.is_stub FROM search_row r"
    " JOIN procedure p ON p.code = r.code JOIN search s ON s.rowid = r.id"
)


def _entry(row: Sequence[Any]) -> Entry:
    said = json.loads(row[6])
    weights: dict[str, float] = {}
    for column, (_name, counts) in enumerate(_FIELDS, start=2):
        weights.update(dict.fromkeys(row[column].split(), counts))
    return Entry(
        code=row[1],
        weights=weights,
        title=frozenset(row[4].split()),
        pairs=frozenset(row[5].split()),
        phrases=tuple((one, frozenset(words_of(one))) for one in said["everyday"]),
        marks=said["marks"],
        title_length=len(row[7].split()),
        shown=(row[7], row[8], row[9], row[10], row[11], bool(row[12])),
    )


_indexes: dict[str, Index] = {}
_indexes_lock = threading.Lock()


def index_of(pack: Pack) -> Index:
    with _indexes_lock:
        if pack.sha256 not in _indexes:
            _indexes[pack.sha256] = Index(pack)
        return _indexes[pack.sha256]
