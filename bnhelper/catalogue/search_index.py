"""Full-text search over the procedures of a pack: everyday words, no marks needed, one typing error forgiven.

FTS5 finds candidates; they are then ranked by how much of what was typed they explain, rare words weighing more,
and by what the query means (`intentions`). What explains too little is not shown: silence is an honest answer.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_entries import Entry, Index, index_of
from bnhelper.catalogue.search_key import accented_words_of, words_of
from bnhelper.catalogue.search_query import (
    MOST_WORDS,
    Meant,
    Query,
    apart,
    groups_of,
    understood,
    with_neighbours,
    word_of,
)
from bnhelper.ids import ProcedureCode

_ENOUGH: Final = 0.52  #: share of the query's weight a hit must explain; found on the development queries
_ENOUGH_UNREAD: Final = 0.64  #: the same for a portal record: long names explain much by chance
_SAID: Final = 0.66  #: the same, so near that it is not about anything else
_NEARLY_SAID: Final = 0.5  #: a phrase of an author that shares more than this with what was typed
_MOST_JOINED: Final = 3.0  #: what words that stand together here as they were typed count at most
_SMALL_TALK: Final = 0.35  #: how much of talk about daily life may stay unexplained
_OURS: Final = 0.2  #: an author has looked at it and given it everyday words
_GENEROUS: Final = 0.2  #: a word that is almost right explains this much more than it scores, at most all
_NAME_PAIRS: Final = 3  #: shorter than four words is no official name
_NAME_SHARE: Final = 0.8
_MOST_NAMED: Final = 40
_NAMED: Final = 2.0  #: what it counts when a procedure is called by its name
_OTHER_DEED: Final = 0.5  #: what is left of a hit that does something else with the thing that was named
_MOST_CODES: Final = 400
_LOOKS_LIKE_CODE: Final = re.compile(r"\d\.\d{1,6}(?:\.\w+)*|[1-6]\d{6}")
#: What the best hit must score when nothing but words speaks for it, by how many words were typed: chance explains
#: much of a long question in 2,642 long names.
_SURE: Final = (0.0, 0.8, 1.2, 1.75)
_HANDLED_BY: Final = {"scam": "police", "divorce": "court"}
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


def elsewhere(pack: Pack, text: str) -> str:
    """Return who handles a matter that is no procedure (court, traffic_police, police, bank ...), or empty."""
    index = index_of(pack)
    text = index.in_full(text)
    aside = understood(index, words_of(text)[:MOST_WORDS], text).meaning.aside
    return _HANDLED_BY.get(aside, aside)


def search(pack: Pack, text: str, limit: int = 20) -> list[Hit]:
    """Return the procedures that `text` may mean, best first; none is better than a wrong one."""
    index = index_of(pack)
    text = apart(index, index.in_full(text))
    typed = words_of(text)[:MOST_WORDS]
    if not typed:
        return []
    code = next((word for word in typed if _LOOKS_LIKE_CODE.fullmatch(word)), "")
    if code:
        return _by_code(index, code if "." in code else f"{code[0]}.{code[1:]}", limit)
    query = understood(index, typed, text)
    entries = index.entries(dict.fromkeys([*_candidates(index, query.groups), *_called_so(index, typed)]))
    named = _named(entries, typed)
    if query.meaning.aside and not named:
        entries = [] if index.intentions.is_decisive(query.meaning.aside) else _said_so(entries, typed)
    if query.meaning.codes:
        known = {entry.code for entry in entries}
        entries += index.entries(index.rows_of(code for code in query.meaning.codes if code not in known))
    query = replace(query, named=named)
    ranked = _ranked(index, entries, query, {})
    marked = _marked(text)
    if marked:  # only the best are looked at twice
        ranked = _ranked(index, [entry for _, entry in ranked[: limit * 2]], query, marked)
    if not ranked:
        return []
    if query.meaning.is_small_talk and not named and _unexplained(index, ranked[0][1], query) > _SMALL_TALK:
        return []
    best = ranked[0][0]
    if best < _SURE[min(len(typed), len(_SURE) - 1)] and not (query.meaning.codes or named):
        return []
    return [_hit(entry, score, typed) for score, entry in ranked[:limit] if score >= best * 0.5]


def suggest(pack: Pack, text: str) -> str:
    """Return what was probably meant by a misspelt query, as it is written with its marks; empty when nothing is."""
    hits = search(pack, text, 1)
    if not hits:
        return ""
    index = index_of(pack)
    typed = words_of(text)[:MOST_WORDS]
    groups = groups_of(index, typed, [word_of(index, *one) for one in with_neighbours(typed)], None)
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


def _written(entry: Entry, word: str) -> str:
    """Return a word as the entry's name or phrases write it."""
    for said in (entry.shown[0], *(phrase for phrase, _ in entry.phrases)):
        for folded, one in zip(words_of(said), re.findall(r"[^\W_]+", said), strict=False):
            if folded == word:
                return str(one.lower())
    return ""


def _called_so(index: Index, typed: list[str]) -> list[int]:
    """Return the rows whose name has what was typed word for word; the last word may be unfinished."""
    pairs = [f'"{first}_{second}"' for first, second in itertools.pairwise(typed)]
    if len(pairs) < _NAME_PAIRS:
        return []
    query = f"pairs : ({' AND '.join(dict.fromkeys(pairs[:-1]))})"
    with index.pack.connection() as db:
        return [row[0] for row in db.execute(_SOME, (query, _MOST_NAMED))]


def _named(entries: Sequence[Entry], typed: list[str]) -> dict[str, float]:
    """Return the procedures that were called by their official name: the words stand in it in their order."""
    pairs = [f"{first}_{second}" for first, second in itertools.pairwise(typed)]
    if len(pairs) < _NAME_PAIRS:
        return {}
    shares = {entry.code: sum(pair in entry.pairs for pair in pairs) / len(pairs) for entry in entries}
    return {code: share for code, share in shares.items() if share >= _NAME_SHARE}


def _said_so(entries: Sequence[Entry], typed: list[str]) -> list[Entry]:
    """Return the procedures for which an author gave almost these words."""
    said = set(typed)
    return [entry for entry in entries if any(_alike(said, words) >= _SAID for _, words in entry.phrases)]


def _unexplained(index: Index, entry: Entry, query: Query) -> float:
    """Return how much of what was said neither led to this entry nor stands in what people say for it, 0 to 1.

    "Váy cưới" has to do with weddings, and with no procedure.
    """
    total = left = 0.0
    spoken = {word for _, words in entry.phrases for word in words}
    for place, (word, marked, ways) in enumerate(query.words):
        if index.is_light(word, marked) or place in query.there:
            continue
        weight = index.weight(word, marked)
        total += weight
        if place not in query.meaning.understood and spoken.isdisjoint(one for way in ways for one in way):
            left += weight
    return left / total if total else 0.0


def _candidates(index: Index, groups: Sequence[Meant]) -> list[int]:
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
    index: Index, entries: list[Entry], query: Query, marked: Mapping[str, frozenset[str]]
) -> list[tuple[float, Entry]]:
    meant = query.meaning.codes
    scored = []
    for entry in entries:
        bonus = meant.get(entry.code, 0.0) + _NAMED * query.named.get(entry.code, 0.0)
        score = _score(index, entry, query.groups, marked, is_meant=bool(bonus))
        if entry.code in query.meaning.others and entry.code not in query.named:
            score *= _OTHER_DEED
        if score or bonus:
            scored.append((score + bonus, entry))
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].title_length, pair[1].code))


def _score(
    index: Index, entry: Entry, groups: Sequence[Meant], marked: Mapping[str, frozenset[str]], *, is_meant: bool
) -> float:
    """Return how well an entry explains what was typed; 0 when it explains too little and is not meant either."""
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
                if share and way[0] in marked:
                    share *= index.likeness(way[0], marked[way[0]], entry.marks.get(way[0]))
            else:
                share = sum(weights.get(one, 0.0) for one in way) / len(way)
            if share * likelihood > best:
                best, best_way = share * likelihood, way
        if best:
            explained += group.weight * min(1.0, best + _GENEROUS)
            quality += group.weight * best
            seen.extend(best_way)
        else:
            seen.append("")  # what stands on both sides of it does not stand together
    if not total or (explained / total < (_ENOUGH if entry.phrases else _ENOUGH_UNREAD) and not is_meant):
        return 0.0
    joined = 0.0
    for first, second in itertools.pairwise(seen):
        pair = f"{first}_{second}"
        if pair in entry.pairs:
            joined += index.rarity(pair)
    said = {word for word in seen if word}
    phrase = max((_alike(said, words) for _, words in entry.phrases), default=0.0)
    if len(groups) > 1 and not (joined or is_meant or phrase > _NEARLY_SAID):
        return 0.0  # most Vietnamese words are two syllables: single ones in common say nothing
    title = len(entry.title & said) / max(4, entry.title_length)
    ours = _OURS if entry.phrases else 0.0
    return quality / total + min(_MOST_JOINED, 0.8 * joined / total) + 0.9 * phrase + 0.5 * title + ours


def _marked(text: str) -> dict[str, frozenset[str]]:
    """Return the words that were typed with marks: folded -> the ways they were typed."""
    found: dict[str, set[str]] = {}
    for folded, typed in zip(words_of(text), accented_words_of(text), strict=False):
        if typed != folded:
            found.setdefault(folded, set()).add(typed)
    return {folded: frozenset(typed) for folded, typed in found.items()}


def _alike(first: set[str], second: frozenset[str]) -> float:
    """Return how much of two sets of words is shared, 1 for equal ones (Jaccard)."""
    return len(first & second) / len(first | second) if first and second else 0.0


def _by_code(index: Index, code: str, limit: int) -> list[Hit]:
    plain = index.pack.resolve(code)
    with index.pack.connection() as db:
        rows = db.execute("SELECT id FROM search_row WHERE code = ?", (plain,)).fetchall()
        if not rows:
            begins = code.replace("%", "").replace("_", "") + "%"
            rows = db.execute(
                "SELECT id FROM search_row WHERE code LIKE ? ORDER BY code LIMIT ?", (begins, _MOST_CODES)
            )
        found = [row[0] for row in rows]
    known = sorted(index.entries(found), key=lambda entry: (not entry.phrases, entry.code))
    return [_hit(entry, 10.0, []) for entry in known[:limit]]


def _hit(entry: Entry, score: float, typed: list[str]) -> Hit:
    words = set(typed)
    reason, share = "", 0.34
    for phrase, of_phrase in entry.phrases:
        alike = _alike(words, of_phrase)
        if alike > share:
            reason, share = phrase, alike
    return Hit(ProcedureCode(entry.code), *entry.shown, reason=reason, score=score)
