"""Full-text search over the procedures of a pack: everyday words, no marks needed, one typing error forgiven.

FTS5 finds candidates; they are then ranked by how much of what was typed they explain, rare words weighing more,
and by what the query means (`intentions`). What is not told surely enough is not shown: silence is an honest answer.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_entries import Entry, Index, index_of
from bnhelper.catalogue.search_key import accented_words_of, words_of
from bnhelper.catalogue.search_query import (
    MOST_WORDS,
    Query,
    apart,
    groups_of,
    sought,
    understood,
    with_neighbours,
    word_of,
)
from bnhelper.catalogue.search_rank import Told, alike, ranked
from bnhelper.ids import ProcedureCode

_SAID: Final = 0.66  #: the same, so near that it is not about anything else
_SMALL_TALK: Final = 0.35  #: how much of talk about daily life may stay unexplained
_NAME_PAIRS: Final = 3  #: shorter than four words is no official name
_NAME_SHARE: Final = 0.8
_MOST_NAMED: Final = 40
_MOST_CODES: Final = 400
_LOOKS_LIKE_CODE: Final = re.compile(r"\d\.\d{1,6}(?:\.\w+)*|[1-6]\d{6}")
_CODE: Final = re.compile(r"\d\.\d{6}(?:\.\w+)*|[1-6]\d{6}")  #: whole: "Điều 6.2" and "2.5 tấn" are words of a question
_SURE: Final = 6.35  #: how certain the best hit must be: of 162 lines of talk written for this alone none is answered
_SURE_SUBJECT: Final = 5.4  #: and for up to three words all of which stand there: who types "khoáng sản" looks around
_SUBJECT: Final = 3
_WHOLE: Final = 0.995
_SURE_MIXED: Final = 6.6  #: and where such talk goes with a thing that was named: "biển số đẹp giá bao nhiêu"
_SURE_ASIDE: Final = 8.0  #: and where the talk seems to be about no procedure: "dự báo thời tiết" needs a licence too
_HANDLED_BY: Final = {"scam": "police", "divorce": "court"}


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
    if not typed or all(len(word) < 2 for word in typed):
        return []
    code = next((word for word in typed if (_LOOKS_LIKE_CODE if len(typed) == 1 else _CODE).fullmatch(word)), "")
    if code:
        return _by_code(index, code if "." in code else f"{code[0]}.{code[1:]}", limit)
    query = understood(index, typed, text)
    marked = _marked(text)
    likely = index.rows.candidates(sought(index, query.groups, marked))
    entries = index.entries(dict.fromkeys([*likely, *_called_so(index, typed)]))
    if query.meaning.codes:
        known = {entry.code for entry in entries}
        entries += index.entries(index.rows.rows_of(code for code in query.meaning.codes if code not in known))
    query = replace(query, named=_named(entries, typed))
    best_first = ranked(index, entries, query, marked)
    if not best_first or not _is_answer(index, query, *best_first[0], typed):
        return []
    best = best_first[0][0].score
    return [_hit(entry, told.score, typed) for told, entry in best_first[:limit] if told.score >= best * 0.5]


def _is_answer(index: Index, query: Query, told: Told, entry: Entry, typed: list[str]) -> bool:
    """Tell whether the best hit is what was asked for, rather than the best of nothing."""
    if query.named or entry.title.issubset(typed):
        return True
    certainty = told.certainty(len(typed))
    aside = query.meaning.aside
    if aside:
        is_said = not index.intentions.is_decisive(aside) and _is_said(entry, typed)
        return is_said or certainty >= _SURE_ASIDE
    if query.meaning.is_small_talk and _unexplained(index, entry, query) > _SMALL_TALK:
        return certainty >= _SURE_ASIDE
    if query.meaning.is_mixed:
        return certainty >= _SURE_MIXED
    if len(typed) <= _SUBJECT and told.explained >= _WHOLE:
        return certainty >= _SURE_SUBJECT
    return certainty >= _SURE or entry.code in query.meaning.codes


def prepare(pack: Pack) -> None:
    """Read what search needs of a pack, a third of a second once; who does not ask pays with the first key."""
    index_of(pack)


def suggest(pack: Pack, text: str) -> str:
    """Return what was probably meant by a misspelt query, as it is written with its marks; empty when nothing is."""
    index = index_of(pack)
    typed = words_of(text)[:MOST_WORDS]
    groups = groups_of(index, typed, [word_of(index, *one) for one in with_neighbours(typed)], None)
    if len(groups) != len(typed):
        return ""
    meant = [group.ways[0][0] if group.ways else () for group in groups]
    if any(len(way) != 1 for way in meant) or [way[0] for way in meant] == typed:
        return ""
    hits = search(pack, text, 1)  # asked last: most that is typed is not misspelt
    if not hits:
        return ""
    (entry,) = index.entries(index.rows.rows_of([hits[0].code]))
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
    pairs = [f"{first}_{second}" for first, second in itertools.pairwise(typed)]
    return [] if len(pairs) < _NAME_PAIRS else index.rows.with_all(dict.fromkeys(pairs[:-1]), _MOST_NAMED)


def _named(entries: Sequence[Entry], typed: list[str]) -> dict[str, float]:
    """Return the procedures that were called by their official name: the words stand in it in their order."""
    pairs = [f"{first}_{second}" for first, second in itertools.pairwise(typed)]
    if len(pairs) < _NAME_PAIRS:
        return {}
    shares = {entry.code: sum(pair in entry.sure_pairs for pair in pairs) / len(pairs) for entry in entries}
    return {code: share for code, share in shares.items() if share >= _NAME_SHARE}


def _is_said(entry: Entry, typed: list[str]) -> bool:
    """Tell whether an author gave almost these words for a procedure."""
    said = set(typed)
    return any(alike(said, words) >= _SAID for _, words in entry.phrases)


def _unexplained(index: Index, entry: Entry, query: Query) -> float:
    """Return how much of what was said neither led to this entry nor stands in what people say for it, 0 to 1.

    "Váy cưới" has to do with weddings, and with no procedure.
    """
    total = left = 0.0
    spoken = {word for _, words in entry.phrases for word in words} or entry.title
    for place, (word, marked, ways) in enumerate(query.words):
        if index.is_light(word, marked) or place in query.there:
            continue
        weight = index.weight(word, marked)
        total += weight
        if place not in query.meaning.understood and spoken.isdisjoint(one for way in ways for one in way):
            left += weight
    return left / total if total else 0.0


def _marked(text: str) -> dict[str, frozenset[str]]:
    """Return the words that were typed with marks: folded -> the ways they were typed."""
    found: dict[str, set[str]] = {}
    for folded, typed in zip(words_of(text), accented_words_of(text), strict=False):
        if typed != folded:
            found.setdefault(folded, set()).add(typed)
    return {folded: frozenset(typed) for folded, typed in found.items()}


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
    known = sorted(index.entries(found), key=lambda entry: (not entry.is_ours, entry.code))
    return [_hit(entry, 10.0, []) for entry in known[:limit]]


def _hit(entry: Entry, score: float, typed: list[str]) -> Hit:
    words = set(typed)
    reason, share = "", 0.34
    for phrase, of_phrase in entry.phrases:
        shared = alike(words, of_phrase)
        if shared > share:
            reason, share = phrase, shared
    return Hit(ProcedureCode(entry.code), *entry.shown, reason=reason, score=score)
