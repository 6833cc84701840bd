"""Full-text search over the procedures of a pack: everyday words, no marks needed, one typing error forgiven.

FTS5 finds candidates; they are then ranked by how much of what was typed they explain, rare words weighing more,
and by what the query means (`intentions`). What explains too little is not shown: silence is an honest answer.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bnhelper.catalogue.intentions import Meaning, Typed
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_entries import LIGHT, Entry, Index, index_of
from bnhelper.catalogue.search_key import accented_words_of, one_typing_error_away, without_telex, words_of
from bnhelper.ids import ProcedureCode

_ENOUGH: Final = 0.52  #: share of the query's weight a hit must explain; found on the development queries
_ENOUGH_UNREAD: Final = 0.64  #: the same for a portal record: long names explain much by chance
_OTHER_MARKS: Final = 0.45  #: what a word counts that was typed with marks and stands there with other ones
_OURS: Final = 0.2  #: an author has looked at it and given it everyday words
_GENEROUS: Final = 0.2  #: a word that is almost right explains this much more than it scores, at most all
_NAME_PAIRS: Final = 3  #: shorter than four words is no official name
_NAME_SHARE: Final = 0.8
_MOST_NAMED: Final = 40
_NAMED: Final = 2.0  #: what it counts when a procedure is called by its name
_OTHER_DEED: Final = 0.5  #: what is left of a hit that does something else with the thing that was named
_PURPOSE: Final = 0.3  #: what a word weighs that only says what for
_MOST_WORDS: Final = 24
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
    aside = _understood(index, words_of(text)[:_MOST_WORDS], text).meaning.aside
    return _HANDLED_BY.get(aside, aside)


def search(pack: Pack, text: str, limit: int = 20) -> list[Hit]:
    """Return the procedures that `text` may mean, best first; none is better than a wrong one."""
    index = index_of(pack)
    typed = words_of(text)[:_MOST_WORDS]
    if not typed:
        return []
    code = next((word for word in typed if _LOOKS_LIKE_CODE.fullmatch(word)), "")
    if code:
        return _by_code(index, code if "." in code else f"{code[0]}.{code[1:]}", limit)
    query = _understood(index, typed, text)
    entries = index.entries(dict.fromkeys([*_candidates(index, query.groups), *_called_so(index, typed)]))
    named = _named(entries, typed)
    if query.meaning.aside and not named:
        return []
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
    typed = words_of(text)[:_MOST_WORDS]
    groups = _groups(index, typed, [_word(index, *one) for one in _beside(typed)], None)
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


@dataclass(frozen=True, slots=True)
class _Meant:
    """One typed word or abbreviation and the ways it may be meant, each with its likelihood."""

    ways: tuple[tuple[tuple[str, ...], float], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class _Query:
    """What was typed, as words to look for and as what it means."""

    groups: tuple[_Meant, ...]
    meaning: Meaning
    named: Mapping[str, float]  #: procedures whose official name was typed, or most of it -> how much of it


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


def _understood(index: Index, typed: list[str], text: str) -> _Query:
    words = [_word(index, *one) for one in _beside(typed)]
    marked = accented_words_of(text)[:_MOST_WORDS]
    if len(marked) != len(typed):
        marked = typed
    said = [
        Typed(word, written, (word, *(way[0] for way, _ in meant.ways if way[0] != word)))
        for word, written, meant in zip(typed, marked, words, strict=True)
    ]
    meaning = index.intentions.meaning(said)
    if not text.endswith(" "):  # the last word may not be whole yet
        words[-1] = _begun(index, typed[-1], words[-1])
    return _Query(tuple(_groups(index, typed, words, meaning.purpose_at)), meaning, {})


def _beside(typed: list[str]) -> list[tuple[str, tuple[str, str]]]:
    """Return each word with the ones before and after it."""
    framed = ["", *typed, ""]
    return [(word, (framed[place], framed[place + 2])) for place, word in enumerate(typed)]


def _groups(index: Index, typed: list[str], words: list[_Meant], purpose_at: int | None) -> list[_Meant]:
    """Return the words to look for, abbreviations and other names for things as one each."""
    found: list[_Meant] = []
    place = 0
    while place < len(typed):
        less = _PURPOSE if purpose_at is not None and place >= purpose_at else 1.0
        for length in (3, 2, 1):
            phrase = " ".join(typed[place : place + length])
            same = index.same.get(phrase)
            if same is not None and len(phrase.split()) == length:
                ways: list[tuple[tuple[str, ...], float]] = [(tuple(same), 1.0)]
                if all(index.knows(word) for word in phrase.split()):
                    ways.append((tuple(phrase.split()), 1.0))
                weight = max(index.weight(word) for word in same)
                found.append(_Meant(tuple(ways), weight * min(2, len(same)) * less))
                place += length
                break
        else:
            found.append(_Meant(words[place].ways, words[place].weight * less))
            place += 1
    return found


def _word(index: Index, word: str, beside: tuple[str, str]) -> _Meant:
    ways: list[tuple[tuple[str, ...], float]] = []
    swapped = {"l": "n", "n": "l"}.get(word[:1], "") + word[1:]  # l for n is how many people in the province speak
    if index.knows(word):
        ways.append(((word,), 1.0))
        if len(word) > 2 and any(beside) and not _joined(index, word, beside):
            # A word, but not one that stands here: "kết hôm", "giấy khia sinh".
            usual = index.intentions.beside(*beside) & one_typing_error_away(word)
            ways[:0] = [((one,), 0.7) for one in sorted(usual) if index.knows(one) and one[0] == word[0]]
    elif not index.is_said(word):
        plain = without_telex(word)
        if plain != word and index.is_said(plain):
            ways.append(((plain,), 0.95))
        if len(word) > 2:
            near = [
                one
                for one in one_typing_error_away(word) | {swapped}
                if index.is_said(one) and (one == swapped or _is_vouched(index, word, one, beside))
            ]
            near.sort(key=lambda one: (one != swapped, -_joined(index, one, beside), index.rarity(one)))
            ways.extend(((one,), 0.8) for one in near[:6])
    if swapped != word[1:] and len(word) > 1 and index.is_said(swapped):
        ways.append(((swapped,), 0.75))
    weight = max((index.weight(way[0]) for way, _ in ways), default=index.unknown)
    if word in index.light:
        weight = min(weight, LIGHT * index.unknown)
    return _Meant(tuple(ways), weight)


def _begun(index: Index, word: str, meant: _Meant) -> _Meant:
    """Return what a word may become that is still being typed."""
    if len(word) < 2:
        return meant
    ways = (*meant.ways, *(((longer,), 0.85) for longer in index.begun(word)))
    weight = max((index.weight(way[0]) for way, _ in ways), default=index.unknown)
    return _Meant(ways, min(weight, LIGHT * index.unknown) if word in index.light else weight)


def _is_vouched(index: Index, typed: str, word: str, beside: tuple[str, str]) -> bool:
    """Tell whether a corrected word makes sense here: with a neighbour it is a word of two syllables, or it is alone.

    Vietnamese syllables are so short that one wrong letter turns most of them into another.
    """
    return _joined(index, word, beside) > 0 if any(beside) else len(typed) > 3


def _joined(index: Index, word: str, beside: tuple[str, str]) -> float:
    before, after = beside
    pairs = [f"{before}_{word}"] if before else []
    if after:
        pairs.append(f"{word}_{after}")
    return max((index.rarity(pair) for pair in pairs), default=0.0)


def _candidates(index: Index, groups: Sequence[_Meant]) -> list[int]:
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
    index: Index, entries: list[Entry], query: _Query, marked: Mapping[str, frozenset[str]]
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
    index: Index, entry: Entry, groups: Sequence[_Meant], marked: Mapping[str, frozenset[str]], *, is_meant: bool
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
    if not total or (explained / total < (_ENOUGH if entry.phrases else _ENOUGH_UNREAD) and not is_meant):
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


def _with_marks(entry: Entry, word: str, marked: Mapping[str, frozenset[str]]) -> float:
    """Return what a word counts: 1, or less when it was typed with marks that it does not have in this entry.

    "giá vàng" is not "khai báo tạm vắng". Words of the papers count as they are.
    """
    typed = marked.get(word)
    here = entry.marks.get(word)
    return 1.0 if typed is None or here is None or not typed.isdisjoint(here) else _OTHER_MARKS


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
