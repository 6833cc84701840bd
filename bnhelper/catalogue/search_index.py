"""Full-text search over the procedures of a pack: everyday words, no marks needed, one typing error forgiven.

FTS5 finds candidates by any word or pair of words; they are then ranked by how much of what was typed they
explain, rare words weighing more. What explains too little is not shown: silence is an honest answer.
"""

import itertools
import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_key import fold, one_typing_error_away, without_telex, words_of
from bnhelper.ids import ProcedureCode

_ENOUGH: Final = 0.52  #: share of the query's weight a hit must explain; found on the development queries
_LIGHT: Final = 0.22  #: weight of a word that carries little ("xin", "cho", "giấy")
_MOST_WORDS: Final = 24
_FIELD: Final = {"title": 1.0, "everyday": 1.0, "papers": 0.55}


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
    fields: Mapping[str, frozenset[str]]
    pairs: frozenset[str]
    phrases: tuple[str, ...]
    title_length: int
    shown: tuple[str, str, str, str, str, bool]


class _Index:
    """What ranking needs of one pack, read once."""

    def __init__(self, pack: Pack) -> None:
        words = pack.words
        self.same: dict[str, list[str]] = {fold(key): str(value).split() for key, value in words["same"].items()}
        self.light = frozenset(words["light"])
        self.elsewhere: dict[str, str] = {fold(key): str(value) for key, value in words["elsewhere"].items()}
        self.retired: dict[str, str] = words["retired"]
        self.entries: dict[int, _Entry] = {}
        counts: dict[str, int] = {}
        with pack.connection() as db:
            for row in db.execute(
                "SELECT r.id, p.code, s.title, s.everyday, s.papers, s.pairs, p.search, p.name_vi, p.name_en,"
                " p.sector_vi, p.sector_en, p.agency_vi, p.is_stub FROM search_row r"
                " JOIN procedure p ON p.code = r.code JOIN search s ON s.rowid = r.id"
            ):
                self.entries[row[0]] = entry = _entry(row)
                for word in {*entry.pairs, *(word for field in entry.fields.values() for word in field)}:
                    counts[word] = counts.get(word, 0) + 1
        total = len(self.entries)
        self.rarity = {word: math.log(1 + total / count) for word, count in counts.items()}
        self.unknown = math.log(1 + total)
        self.prefixes: dict[str, list[str]] = {}
        for word in self.rarity:
            if "_" not in word:
                for length in range(2, len(word)):
                    self.prefixes.setdefault(word[:length], []).append(word)


def _entry(row: Sequence[Any]) -> _Entry:
    import json

    return _Entry(
        code=row[1],
        fields={
            "title": frozenset(row[2].split()),
            "everyday": frozenset(row[3].split()),
            "papers": frozenset(row[4].split()),
        },
        pairs=frozenset(row[5].split()),
        phrases=tuple(json.loads(row[6])),
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
    said = f" {fold(text)} "
    return next((who for phrase, who in _index_of(pack).elsewhere.items() if f" {phrase} " in said), "")


def search(pack: Pack, text: str, limit: int = 20) -> list[Hit]:
    """Return the procedures that `text` may mean, best first; none is better than a wrong one."""
    index = _index_of(pack)
    typed = words_of(text)[:_MOST_WORDS]
    if not typed:
        return []
    code = next((word for word in typed if "." in word and word.replace(".", "").isdigit()), "")
    if code:
        return _by_code(pack, index, code, limit)
    if elsewhere(pack, text):
        return []
    groups = _meant(index, typed, is_typing=not text.endswith(" "))
    found = _candidates(pack, groups)
    ranked = sorted(
        ((score, entry) for entry in (index.entries[row] for row in found) if (score := _score(index, entry, groups))),
        key=lambda pair: (-pair[0], pair[1].title_length, pair[1].code),
    )
    if not ranked:
        return []
    best = ranked[0][0]
    return [_hit(entry, score, typed) for score, entry in ranked[:limit] if score >= best * 0.5]


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
                if all(word in index.rarity for word in phrase.split()):
                    ways.append((tuple(phrase.split()), 1.0))
                weight = max(_weight(index, word) for word in same)
                found.append(_Meant(tuple(ways), weight * min(2, len(same))))
                place += length
                break
        else:
            is_last = is_typing and place == len(typed) - 1
            found.append(_word(index, typed[place], is_last=is_last))
            place += 1
    return found


def _word(index: _Index, word: str, *, is_last: bool) -> _Meant:
    ways: list[tuple[tuple[str, ...], float]] = []
    if word in index.rarity:
        ways.append(((word,), 1.0))
    else:
        plain = without_telex(word)
        if plain != word and plain in index.rarity:
            ways.append(((plain,), 0.95))
        if len(word) > 2:
            swapped = {"l": "n", "n": "l"}.get(word[0], "") + word[1:]
            near = [one for one in one_typing_error_away(word) | {swapped} if one in index.rarity]
            near.sort(key=lambda one: (one != swapped, index.rarity[one]))
            ways.extend(((one,), 0.8) for one in near[:6])
    if word[:1] in {"l", "n"} and len(word) > 1:
        swapped = ("n" if word[0] == "l" else "l") + word[1:]
        if swapped in index.rarity:
            ways.append(((swapped,), 0.75))
    if is_last and len(word) > 1:
        ways.extend(((longer,), 0.85) for longer in index.prefixes.get(word, ())[:12])
    weight = max((_weight(index, way[0]) for way, _ in ways), default=index.unknown)
    if word in index.light:
        weight = min(weight, _LIGHT * index.unknown)
    return _Meant(tuple(ways), weight)


def _weight(index: _Index, word: str) -> float:
    rarity = index.rarity.get(word, index.unknown)
    return rarity * _LIGHT if word in index.light else rarity


def _candidates(pack: Pack, groups: list[_Meant]) -> list[int]:
    words = {word for group in groups for way, _ in group.ways for word in way}
    if not words:
        return []
    query = " OR ".join(f'"{word}"' for word in sorted(words))
    with pack.connection() as db:
        rows = db.execute(
            "SELECT rowid FROM search WHERE search MATCH ? ORDER BY bm25(search, 3.0, 3.0, 1.0, 2.0) LIMIT 120",
            (query,),
        )
        return [row[0] for row in rows]


def _score(index: _Index, entry: _Entry, groups: list[_Meant]) -> float:
    """Return how well an entry explains what was typed; 0 when it explains too little."""
    total = sum(group.weight for group in groups)
    explained = 0.0
    quality = 0.0
    seen: list[str] = []
    for group in groups:
        best, word = 0.0, ""
        for way, likelihood in group.ways:
            share = sum(
                max((weight for name, weight in _FIELD.items() if one in entry.fields[name]), default=0.0)
                for one in way
            ) / len(way)
            if share * likelihood > best:
                best, word = share * likelihood, way[-1] if len(way) == 1 else ""
                seen_way = way
        if best:
            explained += group.weight * min(1.0, best + 0.2)
            quality += group.weight * best
            seen.extend(seen_way if not word else (word,))
    if not total or explained / total < _ENOUGH:
        return 0.0
    pairs = [f"{first}_{second}" for first, second in itertools.pairwise(seen)]
    joined = sum(index.rarity[pair] for pair in pairs if pair in entry.pairs)
    said = " ".join(seen)
    phrase = max((_alike(said, one) for one in entry.phrases), default=0.0)
    title = len(entry.fields["title"] & set(seen)) / max(4, entry.title_length)
    return (quality + 0.8 * joined) / total + 0.9 * phrase + 0.5 * title


def _alike(said: str, phrase: str) -> float:
    """Return how much of two phrases is shared, 1 for equal ones (Jaccard over words)."""
    first, second = set(said.split()), set(phrase.split())
    return len(first & second) / len(first | second) if first and second else 0.0


def _by_code(pack: Pack, index: _Index, code: str, limit: int) -> list[Hit]:
    plain = pack.resolve(code)
    exact = [entry for entry in index.entries.values() if entry.code == plain]
    begun = [entry for entry in index.entries.values() if entry.code.startswith(code) and entry not in exact]
    return [_hit(entry, 10.0, []) for entry in (exact or sorted(begun, key=lambda entry: entry.code))[:limit]]


def _hit(entry: _Entry, score: float, typed: list[str]) -> Hit:
    said = " ".join(typed)
    reason = max(entry.phrases, key=lambda one: _alike(said, one), default="")
    if _alike(said, reason) < 0.34:
        reason = ""
    return Hit(ProcedureCode(entry.code), *entry.shown, reason=reason, score=score)
