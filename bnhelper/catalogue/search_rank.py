"""How well a procedure explains what was typed: the words it shares, the words that stand together, whose name it is.

What explains too little scores nothing. Words that stand together in a name as they were typed are strong evidence,
so a long question needs less of itself explained when they do: "bị bắt oan muốn được phục hồi danh dự" is told by its
last four words.
"""

import functools
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from bnhelper.catalogue.search_entries import Entry, Index
from bnhelper.catalogue.search_query import WITHIN, Query
from bnhelper.catalogue.search_rows import Meant

ENOUGH: Final = 0.52  #: share of the query's weight a hit must explain; found on the development queries
ENOUGH_UNREAD: Final = 0.64  #: the same for a portal record: long names explain much by chance
LEAST: Final = 0.36  #: and what is enough when nearly everything that matters stands together
_JOINED_FROM: Final = 7.0  #: from so much joined evidence on, less of the query must be explained
_JOINED_EASES: Final = 0.05
_NEARLY_SAID: Final = 0.5  #: a phrase of an author that shares more than this with what was typed
_MOST_JOINED: Final = 3.0  #: what words that stand together here as they were typed count at most
_SAID_TOGETHER: Final = 0.7  #: words that stand together in what people say for it, and not in its name
_PHRASE: Final = 0.9  #: a phrase that was said for it and typed, whole
_APART: Final = 0.6  #: the words of such a phrase, when they are all here but not together
_PARTLY: Final = 0.3  #: the same when only some are
_OURS: Final = 0.2  #: an author has looked at it and given it everyday words
_GENEROUS: Final = 0.2  #: a word that is almost right explains this much more than it scores, at most all
_NAMED: Final = 2.0  #: what it counts when a procedure is called by its name
_PART_OF_NAME: Final = 0.5  #: and what is left of that when next to nothing of the name was typed
_NAMED_UNSAID: Final = 0.6  #: and when it renews or changes, and nobody said so
_LEAST_NAME: Final = 12.0  #: what a name weighs at least, in nats: one of two words is soon said
_LEAST_MEANT: Final = 0.25  #: what a meaning counts that was read from next to nothing of what was said
_LESS_MEANT: Final = 1.0
EVIDENT: Final = 13.0  #: nats: two rare pairs of words, and all that was typed explained
_OTHER_DEED: Final = 0.5  #: what is left of a hit that does something else with the thing that was named
_UNSAID_DEED: Final = 0.35  #: what a renewal or a change loses when nobody spoke of renewing or changing
_QUALITY: Final = 1.8  #: how much of what was typed is explained, and how well
_TITLE: Final = 0.8  #: how much of a name was typed, its rare words counting more


class Told(NamedTuple):
    """How far an entry is told by what was typed."""

    score: float
    explained: float  #: share of the query, 0 to 1
    joined: float  #: how much words say that stand together in its name as they were typed, in nats
    sure: float  #: what they say in its own name, and in what an author who looked at it gave
    alike: float  #: share of the phrase that is most like what was typed
    of_name: float  #: share of its name that was typed, rare words weighing more

    @property
    def evidence(self) -> float:
        """Return how much the words alone say, whatever else the talk may be about, in nats."""
        return self.sure * self.explained**2


_NOTHING: Final = Told(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def ranked(
    index: Index, entries: Iterable[Entry], query: Query, marked: Mapping[str, frozenset[str]]
) -> list[tuple[Told, Entry]]:
    """Return the entries that explain enough, best first, with how well."""
    meant = query.meaning.codes
    weigh = _LEAST_MEANT + (1 - _LEAST_MEANT) * _understood(query, index)
    typed = frozenset(word for word, _, _ in query.words)
    told = []
    for entry in entries:
        named = query.named.get(entry.code, 0.0)
        if named and entry.deed and entry.deed.isdisjoint(typed):
            named *= _NAMED_UNSAID
        here = _told(index, entry, query.groups, marked, is_meant=bool(named) or entry.code in meant)
        if here.score and entry.code in query.meaning.others and entry.code not in query.named:
            here = here._replace(score=here.score * _OTHER_DEED)
        bonus = _NAMED * named * (_PART_OF_NAME + (1 - _PART_OF_NAME) * here.of_name)
        if here.score or bonus or entry.code in meant:
            told.append((here._replace(score=here.score + bonus), entry))
    most = max((here.explained for here, _ in told if here.evidence >= EVIDENT), default=0.0)
    scored = []
    for here, entry in told:
        if entry.code in meant:
            # What was read from a part of the query gives way to what explains the whole of it.
            whole = max(_LEAST_MEANT, 1 - _LESS_MEANT * max(0.0, most - here.explained))
            scored.append((here._replace(score=here.score + meant[entry.code] * weigh * whole), entry))
        else:
            scored.append((here, entry))
    return sorted(scored, key=lambda pair: (-pair[0].score, pair[1].title_length, pair[1].code))


def _understood(query: Query, index: Index) -> float:
    """Return how much of what was said is what its meaning was read from, 0 to 1."""
    if not query.meaning.codes:
        return 0.0
    total = led = 0.0
    for place, (word, marked, _) in enumerate(query.words):
        weight = index.weight(word, marked)
        total += weight
        if place in query.meaning.led:
            led += weight
    return led / total if total else 0.0


def alike(first: set[str], second: frozenset[str]) -> float:
    """Return how much of two sets of words is shared, 1 for equal ones (Jaccard)."""
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared) if shared else 0.0


def _told(
    index: Index, entry: Entry, groups: Sequence[Meant], marked: Mapping[str, frozenset[str]], *, is_meant: bool
) -> Told:
    """Return how well an entry explains what was typed; nothing when it explains too little and is not meant."""
    total = explained = quality = joined = best_before = 0.0
    said: set[str] = set()
    before = ""
    pairs = entry.pairs
    sure_pairs = entry.sure_pairs
    sure = 0.0
    weights = entry.weights
    for group in groups:
        total += group.weight
        best = 0.0
        words: tuple[str, ...] = ()
        for way, likelihood in () if group.is_phrase else group.ways:
            if len(way) > 1:
                share = sum([weights.get(one, 0.0) for one in way]) / len(way) * likelihood
            else:
                word = way[0]
                share = weights.get(word, 0.0) * likelihood
                if share > best and word in marked:
                    here = entry.marks.get(word)
                    if here is None or marked[word].isdisjoint(here):
                        share *= index.likeness(word, marked[word], here)
            if share > best:
                best, words = share, way
        if len(words) > 1:
            nats, certain = _joined(index, words, entry)
            joined += best * nats
            sure += best * certain
        if group.official:
            share, phrase = _best_phrase(entry, group)
            if share > best:
                best, words = share, phrase
                is_typed = group.is_phrase and words == group.ways[0][0]
                nats, certain = _joined(index, words, entry)
                joined += best * (1.0 if is_typed else WITHIN) * nats
                sure += best * (1.0 if is_typed else WITHIN) * certain
        if not best:
            before = ""  # what stands on both sides of it does not stand together
            continue
        explained += group.weight * min(1.0, best + _GENEROUS)
        quality += group.weight * best
        said.update(words)
        if before:
            pair = f"{before}_{words[0]}"
            if pair in pairs:
                nats = min(best, best_before) * index.rarity(pair)
                if pair in sure_pairs:
                    sure += nats
                else:
                    nats *= _SAID_TOGETHER
                joined += nats
        before, best_before = words[-1], best
    if not total or (explained / total < _needed(entry, joined) and not is_meant):
        return _NOTHING
    phrase_share = max([alike(said, words) for _, words in entry.phrases], default=0.0) if entry.phrases else 0.0
    if len(groups) > 1 and not (joined or is_meant or phrase_share > _NEARLY_SAID):
        return _NOTHING  # most Vietnamese words are two syllables: single ones in common say nothing
    score = _QUALITY * quality / total + min(_MOST_JOINED, 0.8 * joined / total) + _PHRASE * phrase_share
    of_name = sum([index.rarity(word) for word in entry.title & said]) / max(entry.title_weight, _LEAST_NAME)
    score += _TITLE * of_name
    score += _OURS if entry.is_ours else entry.nearness
    if entry.deed and not entry.deed <= said:
        score -= _UNSAID_DEED
    return Told(max(score, 0.01), explained / total, joined, sure, phrase_share, of_name)


def _needed(entry: Entry, joined: float) -> float:
    enough = ENOUGH if entry.is_ours else ENOUGH_UNREAD
    return min(enough, max(LEAST, enough - _JOINED_EASES * (joined - _JOINED_FROM)))


def _joined(index: Index, words: tuple[str, ...], entry: Entry) -> tuple[float, float]:
    """Return how much words say that stand together here, and how much of it in its own name."""
    nats = sure = 0.0
    for pair in _pairs_of(words):
        if pair in entry.pairs:
            rarity = index.rarity(pair)
            if pair in entry.sure_pairs:
                sure += rarity
                nats += rarity
            else:
                nats += _SAID_TOGETHER * rarity
    return nats, sure


@functools.lru_cache(maxsize=20_000)
def _pairs_of(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{first}_{second}" for first, second in itertools.pairwise(words))


def forget_typed_pairs() -> None:
    """Let go of the pairs of words that were made, of typed ones too."""
    _pairs_of.cache_clear()


def _best_phrase(entry: Entry, group: Meant) -> tuple[float, tuple[str, ...]]:
    """Return what counts most of the phrases a group may be, each as a whole, and which it is."""
    best = 0.0
    best_way: tuple[str, ...] = ()
    weights = entry.weights
    for way, likelihood in (*group.ways, *group.official) if group.is_phrase else group.official:
        if len(way) == 1:
            share = weights.get(way[0], 0.0) * likelihood
        else:
            there = [weights[one] for one in way if one in weights]
            if not there:
                continue
            share = sum(there) / len(way) * likelihood
            if len(there) < len(way):
                share *= _PARTLY
            elif not entry.pairs.issuperset(_pairs_of(way)):
                share *= _APART
        if share > best:
            best, best_way = share, way
    return best, best_way
