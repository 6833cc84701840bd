"""What ranking needs of one pack: its words, how rare they are, and what each procedure says."""

import itertools
import json
import math
import re
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bnhelper.catalogue.intentions import Intentions
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_key import accented_words_of, fold, is_sloppy, without_exceptions, words_of
from bnhelper.catalogue.search_rows import IN_PAPERS, likeness, rows_of
from bnhelper.catalogue.search_siblings import deeds_of_name, family_of
from bnhelper.catalogue.thesaurus import Thesaurus
from bnhelper.catalogue.units import place_names

LIGHT: Final = 0.22  #: weight of a word that carries little ("xin", "cho", "giấy")
_MOST_KEPT: Final = 5_000  #: entries kept in memory, the least used go first
_MOST_INDEXES: Final = 4
_RARELY: Final = 0.02  #: a way of writing that is so much rarer than the usual one is a misprint
_NEAR: Final = {"xa": 0.12, "tinh": 0.06}  #: the commune's counter is where most people ask
_LEVELS: Final = re.compile(r"[,|]")
_CHATTED: Final = re.compile(r"(?<![^\s])[^\W\d_]{1,5}(?![^\s])")
_SAID: Final = 0.9  #: what a word counts in what people say for a procedure
_FIELDS: Final = (("papers", IN_PAPERS), ("everyday", _SAID), ("title", 1.0))


@dataclass(frozen=True, slots=True)
class Entry:
    code: str
    weights: Mapping[str, float]  #: word -> what it counts here, by the field it stands in
    title: frozenset[str]
    pairs: frozenset[str]
    sure_pairs: frozenset[str]  #: those of its name and of what its author says
    phrases: tuple[tuple[str, frozenset[str]], ...]  #: everyday phrases with their words
    marks: Mapping[str, Sequence[str]]  #: word of name and phrases -> the ways it is written with marks
    title_length: int
    title_weight: float  #: of the words of its name, rare ones weighing more
    deeds: frozenset[str]  #: what it does to something that is there already ("cấp lại"), or nothing
    is_first: bool  #: and it grants it the first time as well ("cấp, cấp lại")
    is_ours: bool  #: an author has looked at it and given it everyday words
    family: str  #: its name without the level that does it
    offices: frozenset[str]  #: levels that do it: "xa", "tinh", "bo"
    nearness: float  #: the office next door before one in the capital
    shown: tuple[str, str, str, str, str, bool]


class Index:
    """What ranking needs of one pack: the single words at once, pairs and entries as they are asked for."""

    def __init__(self, pack: Pack) -> None:
        words = pack.words
        self.pack = pack
        self.same: dict[str, list[str]] = {fold(key): str(value).split() for key, value in words["same"].items()}
        self._light = frozenset(word for one in words["light"] for word in words_of(one))
        self._light_marked = frozenset(word for one in words["light"] for word in accented_words_of(one))
        self._shorthand: Mapping[str, str] = words.get("shorthand", {})
        self.intentions = Intentions(words.get("intentions", {}))
        self.thesaurus = Thesaurus(words.get("thesaurus", {}))
        with pack.connection() as db:
            self.total: int = db.execute("SELECT count(*) FROM procedure").fetchone()[0]
            self._rarity = {
                word: math.log(1 + self.total / docs)
                for word, docs in db.execute("SELECT word, docs FROM vocabulary WHERE is_pair = 0")
            }
            self._written: dict[str, dict[str, int]] = {}
            written = db.execute("SELECT word, marked, docs FROM written") if pack.format >= 3 else ()
            for word, marked, docs in written:
                self._written.setdefault(word, {})[marked] = docs
        self.rows = rows_of(pack)
        self.unknown = math.log(1 + self.total)
        self._places: dict[str, list[tuple[str, ...]]] = {}
        for name in {tuple(words_of(name)) for name in place_names()}:
            if len(name) > 1:
                self._places.setdefault(name[0], []).append(name)
        self._pairs: dict[str, float] = {}
        self._prefixes: dict[str, list[str]] = {}
        for word in self._rarity:
            for length in range(2, len(word)):
                self._prefixes.setdefault(word[:length], []).append(word)
        self._entries: OrderedDict[int, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def in_full(self, text: str) -> str:
        """Return what was typed with the words written out that people shorten when they chat ("ko lương")."""
        typed = unicodedata.normalize("NFC", text)
        return (
            _CHATTED.sub(lambda one: self._shorthand.get(one[0].lower(), one[0]), typed) if self._shorthand else typed
        )

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
            docs = self.rows.docs(word)
            known = math.log(1 + self.total / docs) if docs else 0.0
            if len(self._pairs) > 50_000:
                self._pairs.clear()
            self._pairs[word] = known
        return known

    def weight(self, word: str, marked: str = "") -> float:
        """Return what a typed word weighs in the query; `marked` is how it was typed, with marks or without.

        Marks tell words apart: "chó" is rare here and says much, "cho" says little.
        """
        if self.is_light(word, marked):
            return self._rarity.get(word, self.unknown) * LIGHT
        ways = self._written.get(word)
        if ways and marked not in {"", word}:
            if marked in ways:
                return math.log(1 + self.total / ways[marked])
            if not any(is_sloppy(marked, one) for one in ways):
                return (self.unknown + self._rarity.get(word, self.unknown)) / 2  # another word, or misspelt
        return self._rarity.get(word, self.unknown)

    def is_light(self, word: str, marked: str = "") -> bool:
        """Tell whether a word carries little."""
        if word not in self._light or marked in {"", word} or marked in self._light_marked:
            return word in self._light
        return marked not in self._written.get(word, ()) and any(
            is_sloppy(marked, one) for one in self._light_marked if one[: len(word)] == marked[: len(word)]
        )

    def places_in(self, typed: Sequence[str]) -> frozenset[int]:
        """Return which words only name a commune, a ward or a district; one that procedures speak of is none."""
        found: set[int] = set()
        for place, word in enumerate(typed):
            for name in self._places.get(word, ()):
                span = typed[place : place + len(name)]
                if tuple(span) == name and not any(self.rarity(f"{a}_{b}") for a, b in itertools.pairwise(span)):
                    found.update(range(place, place + len(name)))
                    if typed[place + len(name) : place + len(name) + 1] == ["cu"]:
                        found.add(place + len(name))  # "xã Nội Hoàng cũ": the commune is old, not a paper
        return frozenset(found)

    def likeness(self, word: str, marked: Collection[str], here: Collection[str] | None) -> float:
        """Return what a word counts that was typed as `marked` and stands as `here`; None: in a paper, anyhow."""
        return likeness(marked, self._written.get(word, {}) if here is None else here)

    def begun(self, word: str, marked: str = "") -> list[str]:
        """Return the words that begin so, the most usual ones first.

        Who has typed a tone has nearly finished the syllable: "ngủ" becomes no "người".
        """
        found = [one for one in self._prefixes.get(word, ()) if self.carries(one, marked, len(word))]
        return sorted(found, key=self._rarity.__getitem__)[:12]

    def carries(self, word: str, marked: str, letters: int) -> bool:
        """Tell whether `word` is written somewhere with the marks that were typed on a word of so many letters."""
        marks = set(marked[letters:])
        ways = self._written.get(word)
        if not marks or not ways:
            return True
        usual = max(ways.values()) * _RARELY
        return any(marks.issubset(one) for one, docs in ways.items() if docs >= usual)

    def split(self, word: str) -> list[str]:
        """Return the syllables of words that were typed without a space between ("lylichtuphap"), or nothing."""
        best: list[list[str]] = [[], *([] for _ in word)]
        for end in range(2, len(word) + 1):
            for begin in range(max(0, end - 7), end - 1):
                part = word[begin:end]
                if (begin and not best[begin]) or part not in self._rarity:
                    continue
                if begin and not self.rarity(f"{best[begin][-1]}_{part}"):
                    continue
                if not best[end] or len(best[begin]) + 1 < len(best[end]):
                    best[end] = [*best[begin], part]
        return best[-1] if len(best[-1]) > 1 else []

    def _entry(self, row: Sequence[Any]) -> Entry:
        said = json.loads(row[6])
        weights: dict[str, float] = {}
        own: int = said.get("own", len(said["everyday"]))  # an older pack has only what authors gave
        for column, (_field, counts) in enumerate(_FIELDS, start=2):
            weights.update(dict.fromkeys(row[column].split(), counts))
        for one in said["everyday"][:own]:
            weights.update(dict.fromkeys(words_of(one), 1.0))
        name = words_of(without_exceptions(row[7])[0])
        sure = frozenset(
            f"{a}_{b}" for one in (name, *map(words_of, said["everyday"][:own])) for a, b in itertools.pairwise(one)
        )
        deeds, is_first = deeds_of_name(row[7])
        offices = frozenset(_LEVELS.split(said.get("level", "")))
        return Entry(
            code=row[1],
            weights=weights,
            title=frozenset(name),
            pairs=frozenset(row[5].split()),
            sure_pairs=sure,
            phrases=tuple((one, frozenset(words_of(one))) for one in said["everyday"]),
            marks=said["marks"],
            title_length=len(name),
            title_weight=sum(self.rarity(word) for word in set(name)),
            deeds=deeds,
            is_first=is_first,
            is_ours=own > 0,
            family=family_of(row[7]),
            offices=offices,
            nearness=max(_NEAR.get(one, 0.0) for one in offices),
            shown=(row[7], row[8], row[9], row[10], row[11], bool(row[12])),
        )

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
                    self._entries[row[0]] = self._entry(row)
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


_indexes: dict[tuple[str, str], Index] = {}  #: by content and file: a copy of a pack may be gone when another is here
_indexes_lock = threading.Lock()


def index_of(pack: Pack) -> Index:
    with _indexes_lock:
        key = (pack.sha256, str(pack.path))
        if key not in _indexes:
            while len(_indexes) >= _MOST_INDEXES:
                del _indexes[next(iter(_indexes))]
            _indexes[key] = Index(pack)
        return _indexes[key]
