"""How well a procedure explains what was typed: the words it shares, the words that stand together, whose name it is.

Ranking only orders; whether the best is an answer at all, its `Told.certainty` says.
"""

import functools
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from bnhelper.catalogue.search_entries import Entry, Index
from bnhelper.catalogue.search_query import WITHIN, Query
from bnhelper.catalogue.search_rows import Meant

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
_MEANT: Final = 1.5  #: the less of what was said a meaning was read from, the less it counts, by this power
_OTHER_DEED: Final = 0.5  #: what is left of a hit that does something else with the thing that was named
_UNSAID_DEED: Final = 0.35  #: what a renewal or a change loses when nobody spoke of renewing or changing
_WRONG_DEED: Final = 0.3  #: and when something else was spoken of
_RIGHT_DEED: Final = 0.3  #: what the deed that was spoken of is ahead of others
_CHANCE: Final = 0.5  #: a difference of score that says nothing between offices of one procedure
_OFFICE: Final = 0.15  #: the same for an office; another one is as far behind
_QUALITY: Final = 1.8  #: how much of what was typed is explained, and how well
_TITLE: Final = 0.8  #: how much of a name was typed, its rare words counting more
# How sure the best hit is: fitted (logistic regression) to tell what people ask for from talk of no procedure, on the
# queries kept apart but the newest set, phrases left out of the index one by one, and 500 lines of talk.
_SURE_EXPLAINED: Final = 0.48
_SURE_SAID: Final = 1.4
_SURE_NAME: Final = 1.6
_SURE_WORD: Final = 0.47  #: each word of what was typed: chance scores less on a long question
_SURE_WORDS: Final = 8  #: but no more of them
_SURE_SHORT: Final = (0.0, 2.5, 0.7)  #: what one word, or two, are short of by their number alone


class Told(NamedTuple):
    """How far an entry is told by what was typed."""

    score: float
    explained: float  #: share of the query, 0 to 1
    alike: float  #: share of the phrase that is most like what was typed
    of_name: float  #: share of its name that was typed, rare words weighing more

    def certainty(self, words: int) -> float:
        """Return how sure it is that so many words ask for this; `search_index` says from where on it is an answer."""
        short = _SURE_SHORT[words] if words < len(_SURE_SHORT) else 0.0
        of_words = _SURE_WORD * min(words, _SURE_WORDS) + short
        return (
            self.score
            + of_words
            + _SURE_EXPLAINED * self.explained
            + _SURE_SAID * self.alike
            + _SURE_NAME * self.of_name
        )


_NOTHING: Final = Told(0.0, 0.0, 0.0, 0.0)


def ranked(
    index: Index, entries: Iterable[Entry], query: Query, marked: Mapping[str, frozenset[str]]
) -> list[tuple[Told, Entry]]:
    """Return the entries, best first, with how well each is told."""
    meant = query.meaning.codes
    weigh = _understood(query, index) ** _MEANT
    told = []
    for entry in entries:
        here = _told(index, entry, query.groups, marked)
        is_other_deed = bool(entry.deeds) and entry.deeds.isdisjoint(query.deeds)
        score = here.score
        if score and is_other_deed and query.deeds:
            score -= _WRONG_DEED
        elif score and is_other_deed and not entry.is_first:
            score -= _UNSAID_DEED
        if entry.code in query.meaning.others and entry.code not in query.named:
            score *= _OTHER_DEED
        named = query.named.get(entry.code, 0.0)
        if named:
            if is_other_deed:
                named *= _NAMED_UNSAID
            score += _NAMED * named * (_PART_OF_NAME + (1 - _PART_OF_NAME) * here.of_name)
        if entry.code in meant:
            score += meant[entry.code] * weigh
        if score > 0:
            told.append((score + _before(entry, query), here._replace(score=score), entry))
    told.sort(key=lambda one: (-one[0], one[2].title_length, one[2].code))
    told = _asked_first(told, query.offices) if query.offices else _nearest_first(told)
    return [(here, entry) for _, here, entry in told]


def _nearest_first(told: list[tuple[float, Told, Entry]]) -> list[tuple[float, Told, Entry]]:
    """Return the same with one procedure at several offices in the order in which people reach them.

    Only chance in what was written for them tells them apart, unless that is much.
    """
    places: dict[str, list[int]] = {}
    for place, (score, _, entry) in enumerate(told):
        same = places.setdefault(entry.family, [])
        if not same or score > told[same[0]][0] - _CHANCE:
            same.append(place)
    found = list(told)
    for same in places.values():
        nearest = sorted(same, key=lambda place: -told[place][2].nearness)  # stable: as near, as before
        for place, other in zip(same, nearest, strict=True):
            found[place] = told[other]
    return found


def _asked_first(told: list[tuple[float, Told, Entry]], offices: frozenset[str]) -> list[tuple[float, Told, Entry]]:
    """Return the same with one procedure at several offices led by the office that was named."""
    places: dict[str, list[int]] = {}
    for place, (_, _, entry) in enumerate(told):
        places.setdefault(entry.family, []).append(place)
    found = list(told)
    for same in places.values():
        named = sorted(same, key=lambda place: told[place][2].offices.isdisjoint(offices))  # stable: as before
        for place, other in zip(same, named, strict=True):
            found[place] = told[other]
    return found


def _before(entry: Entry, query: Query) -> float:
    """Return how far an entry comes before its siblings; it is none the surer an answer for that."""
    ahead = 0.0 if entry.deeds.isdisjoint(query.deeds) else _RIGHT_DEED
    if query.offices:
        ahead += -_OFFICE if entry.offices.isdisjoint(query.offices) else _OFFICE
    return ahead


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


def _told(index: Index, entry: Entry, groups: Sequence[Meant], marked: Mapping[str, frozenset[str]]) -> Told:
    """Return how well an entry explains what was typed."""
    total = explained = quality = joined = best_before = 0.0
    said: set[str] = set()
    before = ""
    pairs = entry.pairs
    sure_pairs = entry.sure_pairs
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
            joined += best * _joined(index, words, entry)
        if group.official:
            share, phrase = _best_phrase(entry, group)
            if share > best:
                best, words = share, phrase
                is_typed = group.is_phrase and words == group.ways[0][0]
                joined += best * (1.0 if is_typed else WITHIN) * _joined(index, words, entry)
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
                joined += nats if pair in sure_pairs else _SAID_TOGETHER * nats
        before, best_before = words[-1], best
    if not explained:
        return _NOTHING
    phrase_share = max([alike(said, words) for _, words in entry.phrases], default=0.0)
    score = _QUALITY * quality / total + min(_MOST_JOINED, 0.8 * joined / total) + _PHRASE * phrase_share
    of_name = sum([index.rarity(word) for word in entry.title & said]) / max(entry.title_weight, _LEAST_NAME)
    score += _TITLE * of_name
    score += _OURS if entry.is_ours else entry.nearness
    return Told(score, explained / total, phrase_share, of_name)


def _joined(index: Index, words: tuple[str, ...], entry: Entry) -> float:
    """Return how much words say that stand together here, in nats; in what people say for it they say less."""
    return sum(
        index.rarity(pair) * (1.0 if pair in entry.sure_pairs else _SAID_TOGETHER)
        for pair in _pairs_of(words)
        if pair in entry.pairs
    )


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
