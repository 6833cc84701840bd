"""Full-text search over the procedures of a pack: everyday words, no marks needed, one typing error forgiven.

FTS5 finds candidates; they are then ranked by how much of what was typed they explain, rare words weighing more.
What explains too little is not shown: silence is an honest answer.
"""

import itertools
import json
import math
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_key import (
    accented_words_of,
    fold,
    one_typing_error_away,
    without_telex,
    words_of,
)
from bnhelper.ids import ProcedureCode

_ENOUGH: Final = 0.52  #: share of the query's weight a hit must explain; found on the development queries
_LIGHT: Final = 0.22  #: weight of a word that carries little ("xin", "cho", "giấy")
_OTHER_MARKS: Final = 0.45  #: what a word counts that was typed with marks and stands there with other ones
_OURS: Final = 0.2  #: an author has looked at it and given it everyday words
_GENEROUS: Final = 0.2  #: a word that is almost right explains this much more than it scores, at most all
_MOST_WORDS: Final = 24
_MOST_KEPT: Final = 5_000  #: entries kept in memory, the least used go first
_LOOKS_LIKE_CODE: Final = re.compile(r"\d\.\d{1,6}(?:\.\w+)*|[1-6]\d{6}")
_FIELDS: Final = (("papers", 0.55), ("everyday", 1.0), ("title", 1.0))
_CANDIDATES: Final = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY bm25(search, 3.0, 3.0, 1.0, 2.0) LIMIT ?"


_SOME: Final = "SELECT rowid FROM search WHERE search MATCH ? LIMIT ?"
_MANY: Final = 4_000  #: more matching rows than this take too long to rank


@dataclass(frozen=True, slots=True)
class Hit:
    """One procedure found. `reason` is the everyday phrase that matched best, or empty when the name did."""

    code: ProcedureCode
    name_vi: str
    name_en: str
    sector_vi: str
    sector_en: str
    agency_vi: str
    is_stub: bool
    reason: str
    score: float

    def name(self, language: str) -> str:
        return (self.name_en or self.name_vi) if language == "en" else self.name_vi


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    weights: Mapping[str, float]  #: word -> what it counts here, by the field it stands in
    title: frozenset[str]
    pairs: frozenset[str]
    phrases: tuple[tuple[str, frozenset[str]], ...]  #: everyday phrases with their words
    marks: Mapping[str, Sequence[str]]  #: word of name and phrases -> the ways it is written with marks
    title_length: int
    shown: tuple[str, str, str, str, str, bool]


class _Index:
    """What ranking needs of one pack: the single words at once, pairs and entries as they are asked for."""

    def __init__(self, pack: Pack) -> None:
        words = pack.words
        self.pack = pack
        self.same: dict[str, list[str]] = {fold(key): str(value).split() for key, value in words["same"].items()}
        self.light = frozenset(words["light"])
        self.elsewhere: dict[str, str] = {fold(key): str(value) for key, value in words["elsewhere"].items()}
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
        self._entries: OrderedDict[int, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, word: str) -> bool:
        return word in self._rarity

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

    def weight(self, word: str) -> float:
        """Return what a typed word weighs in the query."""
        rarity = self._rarity.get(word, self.unknown)
        return rarity * _LIGHT if word in self.light else rarity

    def begun(self, word: str) -> list[str]:
        """Return the words that begin so, the most usual ones first."""
        found = self._prefixes.get(word, [])
        return sorted(found, key=self._rarity.__getitem__)[:12]

    def entries(self, rows: Iterable[int]) -> list[_Entry]:
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


def _entry(row: Sequence[Any]) -> _Entry:
    said = json.loads(row[6])
    weights: dict[str, float] = {}
    for column, (_name, counts) in enumerate(_FIELDS, start=2):
        weights.update(dict.fromkeys(row[column].split(), counts))
    return _Entry(
        code=row[1],
        weights=weights,
        title=frozenset(row[4].split()),
        pairs=frozenset(row[5].split()),
        phrases=tuple((one, frozenset(words_of(one))) for one in said["everyday"]),
        marks=said["marks"],
        title_length=len(row[7].split()),
        shown=(row[7], row[8], row[9], row[10], row[11], bool(row[12])),
    )


_indexes: dict[str, _Index] = {}
_indexes_lock = threading.Lock()


def _index_of(pack: Pack) -> _Index:
    with _indexes_lock:
        if pack.sha256 not in _indexes:
            _indexes[pack.sha256] = _Index(pack)
        return _indexes[pack.sha256]


def elsewhere(pack: Pack, text: str) -> str:
    """Return who handles a matter that is no procedure (court, traffic_police ...), or empty."""
    said = f" {' '.join(words_of(text))} "
    return next((who for phrase, who in _index_of(pack).elsewhere.items() if f" {phrase} " in said), "")


def search(pack: Pack, text: str, limit: int = 20) -> list[Hit]:
    """Return the procedures that `text` may mean, best first; none is better than a wrong one."""
    index = _index_of(pack)
    typed = words_of(text)[:_MOST_WORDS]
    if not typed:
        return []
    code = next((word for word in typed if _LOOKS_LIKE_CODE.fullmatch(word)), "")
    if code:
        return _by_code(index, code if "." in code else f"{code[0]}.{code[1:]}", limit)
    if elsewhere(pack, text):
        return []
    groups = _meant(index, typed, is_typing=not text.endswith(" "))
    ranked = _ranked(index, index.entries(_candidates(index, groups)), groups, {})
    marked = _marked(text)
    if marked:  # only the best are looked at twice
        ranked = _ranked(index, [entry for _, entry in ranked[: limit * 2]], groups, marked)
    if not ranked:
        return []
    best = ranked[0][0]
    return [_hit(entry, score, typed) for score, entry in ranked[:limit] if score >= best * 0.5]


def suggest(pack: Pack, text: str) -> str:
    """Return what was probably meant by a misspelt query, as it is written with its marks; empty when nothing is."""
    hits = search(pack, text, 1)
    if not hits:
        return ""
    index = _index_of(pack)
    typed = words_of(text)[:_MOST_WORDS]
    groups = _meant(index, typed, is_typing=False)
    if len(groups) != len(typed):
        return ""
    meant = [group.ways[0][0] if group.ways else () for group in groups]
    if any(len(way) != 1 for way in meant) or [way[0] for way in meant] == typed:
        return ""
    with pack.connection() as db:
        row = db.execute("SELECT r.id FROM search_row r WHERE r.code = ?", (hits[0].code,)).fetchone()
    (entry,) = index.entries([row[0]])
    written = [_written(entry, way[0]) for way in meant]
    return " ".join(written) if all(written) else ""


def _written(entry: _Entry, word: str) -> str:
    """Return a word as the entry's name or phrases write it."""
    for said in (entry.shown[0], *(phrase for phrase, _ in entry.phrases)):
        for folded, one in zip(words_of(said), re.findall(r"[^\W_]+", said), strict=False):
            if folded == word:
                return str(one.lower())
    return ""


@dataclass(frozen=True, slots=True)
class _Meant:
    """One typed word or abbreviation and the ways it may be meant, each with its likelihood."""

    ways: tuple[tuple[tuple[str, ...], float], ...]
    weight: float


def _meant(index: _Index, typed: list[str], *, is_typing: bool) -> list[_Meant]:
    found: list[_Meant] = []
    place = 0
    while place < len(typed):
        for length in (3, 2, 1):
            phrase = " ".join(typed[place : place + length])
            same = index.same.get(phrase)
            if same is not None and len(phrase.split()) == length:
                ways: list[tuple[tuple[str, ...], float]] = [(tuple(same), 1.0)]
                if all(index.knows(word) for word in phrase.split()):
                    ways.append((tuple(phrase.split()), 1.0))
                weight = max(index.weight(word) for word in same)
                found.append(_Meant(tuple(ways), weight * min(2, len(same))))
                place += length
                break
        else:
            is_last = is_typing and place == len(typed) - 1
            beside = (typed[place - 1] if place else "", typed[place + 1] if place + 1 < len(typed) else "")
            found.append(_word(index, typed[place], beside, is_last=is_last))
            place += 1
    return found


def _word(index: _Index, word: str, beside: tuple[str, str], *, is_last: bool) -> _Meant:
    ways: list[tuple[tuple[str, ...], float]] = []
    swapped = {"l": "n", "n": "l"}.get(word[:1], "") + word[1:]  # l for n is how many people in the province speak
    if index.knows(word):
        ways.append(((word,), 1.0))
    else:
        plain = without_telex(word)
        if plain != word and index.knows(plain):
            ways.append(((plain,), 0.95))
        if len(word) > 2:
            near = [
                one
                for one in one_typing_error_away(word) | {swapped}
                if index.knows(one) and (one == swapped or _is_vouched(index, one, beside))
            ]
            near.sort(key=lambda one: (one != swapped, -_joined(index, one, beside), index.rarity(one)))
            ways.extend(((one,), 0.8) for one in near[:6])
    if swapped != word[1:] and len(word) > 1 and index.knows(swapped):
        ways.append(((swapped,), 0.75))
    if is_last and len(word) > 1:
        ways.extend(((longer,), 0.85) for longer in index.begun(word))
    weight = max((index.weight(way[0]) for way, _ in ways), default=index.unknown)
    if word in index.light:
        weight = min(weight, _LIGHT * index.unknown)
    return _Meant(tuple(ways), weight)


def _is_vouched(index: _Index, word: str, beside: tuple[str, str]) -> bool:
    """Tell whether a corrected word makes sense here: with a neighbour it is a word of two syllables, or it is alone.

    Vietnamese syllables are so short that one wrong letter turns most of them into another.
    """
    return _joined(index, word, beside) > 0 if any(beside) else len(word) > 3


def _joined(index: _Index, word: str, beside: tuple[str, str]) -> float:
    before, after = beside
    pairs = [f"{before}_{word}"] if before else []
    if after:
        pairs.append(f"{word}_{after}")
    return max((index.rarity(pair) for pair in pairs), default=0.0)


def _candidates(index: _Index, groups: list[_Meant]) -> list[int]:
    """Return the rows that can be hits.

    A hit explains at least `_ENOUGH` of the query, so it has one of the heaviest words: the words whose absence
    leaves too little. Asking for those alone loses nothing and keeps usual words from touching half the pack.
    """
    total = sum(group.weight for group in groups)
    heavy = sorted((group for group in groups if group.ways), key=lambda one: -one.weight)
    needed: list[set[str]] = []
    left = total
    for group in heavy:
        if left < _ENOUGH * total:
            break
        needed.append({word for way, _ in group.ways for word in way})
        left -= group.weight
    words = set().union(*needed)
    if not words:
        return []
    query = _any_of(words)
    with index.pack.connection() as db:
        if index.docs(words) <= _MANY:
            found = [row[0] for row in db.execute(_CANDIDATES, (query, 100))]
        else:
            # Too many to be ranked while a key is pressed: those that have two of the words, or any at all.
            both = [_any_of({word for way, _ in group.ways for word in way}) for group in heavy[:2]]
            narrow = f"({') AND ('.join(both)})" if len(both) == 2 else ""
            found = [row[0] for row in db.execute(_CANDIDATES, (narrow, 100))] if narrow else []
            if not found:
                found = [row[0] for row in db.execute(_SOME, (query, 100))]
        if len(found) == 100:
            # What an author has looked at is not crowded out by the many that resemble it.
            found += [row[0] for row in db.execute(_CANDIDATES, (f"everyday : ({query})", 60))]
    return list(dict.fromkeys(found))


def _any_of(words: set[str]) -> str:
    return " OR ".join(f'"{word}"' for word in sorted(words))


def _ranked(
    index: _Index, entries: list[_Entry], groups: list[_Meant], marked: Mapping[str, frozenset[str]]
) -> list[tuple[float, _Entry]]:
    scored = [(score, entry) for entry in entries if (score := _score(index, entry, groups, marked))]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].title_length, pair[1].code))


def _score(index: _Index, entry: _Entry, groups: list[_Meant], marked: Mapping[str, frozenset[str]]) -> float:
    """Return how well an entry explains what was typed; 0 when it explains too little."""
    total = explained = quality = 0.0
    seen: list[str] = []
    weights = entry.weights
    for group in groups:
        total += group.weight
        best = 0.0
        best_way: tuple[str, ...] = ()
        for way, likelihood in group.ways:
            if len(way) == 1:
                share = weights.get(way[0], 0.0)
                if share and marked:
                    share *= _with_marks(entry, way[0], marked)
            else:
                share = sum(weights.get(one, 0.0) for one in way) / len(way)
            if share * likelihood > best:
                best, best_way = share * likelihood, way
        if best:
            explained += group.weight * min(1.0, best + _GENEROUS)
            quality += group.weight * best
            seen.extend(best_way)
    if not total or explained / total < _ENOUGH:
        return 0.0
    joined = 0.0
    for first, second in itertools.pairwise(seen):
        pair = f"{first}_{second}"
        if pair in entry.pairs:
            joined += index.rarity(pair)
    said = set(seen)
    phrase = max((_alike(said, words) for _, words in entry.phrases), default=0.0)
    title = len(entry.title & said) / max(4, entry.title_length)
    ours = _OURS if entry.phrases else 0.0
    return (quality + 0.8 * joined) / total + 0.9 * phrase + 0.5 * title + ours


def _marked(text: str) -> dict[str, frozenset[str]]:
    """Return the words that were typed with marks: folded -> the ways they were typed."""
    found: dict[str, set[str]] = {}
    for folded, typed in zip(words_of(text), accented_words_of(text), strict=False):
        if typed != folded:
            found.setdefault(folded, set()).add(typed)
    return {folded: frozenset(typed) for folded, typed in found.items()}


def _with_marks(entry: _Entry, word: str, marked: Mapping[str, frozenset[str]]) -> float:
    """Return what a word counts: 1, or less when it was typed with marks that it does not have in this entry.

    "giá vàng" is not "khai báo tạm vắng". Words of the papers count as they are.
    """
    typed = marked.get(word)
    here = entry.marks.get(word)
    return 1.0 if typed is None or here is None or not typed.isdisjoint(here) else _OTHER_MARKS


def _alike(first: set[str], second: frozenset[str]) -> float:
    """Return how much of two sets of words is shared, 1 for equal ones (Jaccard)."""
    return len(first & second) / len(first | second) if first and second else 0.0


def _by_code(index: _Index, code: str, limit: int) -> list[Hit]:
    plain = index.pack.resolve(code)
    with index.pack.connection() as db:
        rows = db.execute("SELECT id FROM search_row WHERE code = ?", (plain,)).fetchall()
        if not rows:
            begins = code.replace("%", "").replace("_", "") + "%"
            rows = db.execute("SELECT id FROM search_row WHERE code LIKE ? ORDER BY code LIMIT ?", (begins, limit))
        found = [row[0] for row in rows]
    return [_hit(entry, 10.0, []) for entry in index.entries(found)]


def _hit(entry: _Entry, score: float, typed: list[str]) -> Hit:
    words = set(typed)
    reason, share = "", 0.34
    for phrase, of_phrase in entry.phrases:
        alike = _alike(words, of_phrase)
        if alike > share:
            reason, share = phrase, alike
    return Hit(ProcedureCode(entry.code), *entry.shown, reason=reason, score=score)
