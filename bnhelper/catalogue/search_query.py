"""What was typed, as words to look for and as what it means: abbreviations, slips of the finger, words half typed."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bnhelper.catalogue.intentions import Meaning, Typed
from bnhelper.catalogue.search_entries import LIGHT, Index
from bnhelper.catalogue.search_key import (
    accented_words_of,
    one_typing_error_away,
    sounds_like,
    without_telex,
    words_of,
)
from bnhelper.catalogue.search_rows import Meant, Sought
from bnhelper.catalogue.search_siblings import deeds_said, offices_said
from bnhelper.catalogue.thesaurus import LONGEST

_PURPOSE: Final = 0.3  #: what a word weighs that only says what for
_ENOUGH_ALONE: Final = 0.52  #: share of what was typed that a hit explains which has no words together
WITHIN: Final = 0.5  #: words that stand together in a phrase of the law, where something else was typed
_GLUED: Final = 5  #: letters
_GLUED_MOST: Final = 40
_NOT_SAID: Final = Typed("", "", ())
MOST_WORDS: Final = 24


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, as words to look for and as what it means."""

    groups: tuple[Meant, ...]
    meaning: Meaning
    words: tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...]  #: each word folded, as typed, and what it may be
    there: frozenset[int]  #: places of the words that name a commune or a district
    deeds: frozenset[str]  #: what is to be done with something that is there already
    offices: frozenset[str]  #: levels of offices that were named
    named: Mapping[str, float]  #: procedures whose official name was typed, or most of it -> how much of it


def understood(index: Index, typed: list[str], text: str) -> Query:
    """Return what was typed: `typed` are its folded words, `text` says how they were marked and whether they end."""
    marked = accented_words_of(text)[:MOST_WORDS]
    if len(marked) != len(typed):
        marked = typed
    as_typed = marked if marked != typed else [""] * len(typed)  # who types no marks at all means any
    words = [word_of(index, *one, written) for one, written in zip(with_neighbours(typed), as_typed, strict=True)]
    there = index.places_in(typed)
    said = [
        Typed(word, written, (word, *(way[0] for way, _ in meant.ways if way[0] != word)), index.knows(word))
        for word, written, meant in zip(typed, marked, words, strict=True)
    ]
    said = [_NOT_SAID if place in there and one.folded == "cu" else one for place, one in enumerate(said)]
    meaning = index.intentions.meaning(said)
    if not text.endswith(" "):  # the last word may not be whole yet
        words[-1] = _begun(index, typed[-1], words[-1], marked[-1])
    words = [replace(one, weight=one.weight * LIGHT) if place in there else one for place, one in enumerate(words)]
    spelt = tuple(
        (word, written, tuple(way for way, _ in meant.ways))
        for word, written, meant in zip(typed, marked, words, strict=True)
    )
    groups = tuple(groups_of(index, typed, words, meaning.purpose_at, as_typed))
    return Query(groups, meaning, spelt, there, deeds_said(typed, marked), offices_said(marked), {})


def apart(index: Index, text: str) -> str:
    """Return what was typed with a space between words that were typed without one; their marks are lost."""
    said = text.split(" ")
    for place, one in enumerate(said):
        (word,) = words_of(one) if len(words_of(one)) == 1 else ("",)
        if _GLUED <= len(word) <= _GLUED_MOST and word.isalpha() and not index.is_said(word):
            said[place] = " ".join(index.split(word)) or one
    return " ".join(said)


def with_neighbours(typed: list[str]) -> list[tuple[str, tuple[str, str]]]:
    """Return each word with the ones before and after it."""
    framed = ["", *typed, ""]
    return [(word, (framed[place], framed[place + 2])) for place, word in enumerate(typed)]


def groups_of(
    index: Index, typed: list[str], words: list[Meant], purpose_at: int | None, marked: Sequence[str] = ()
) -> list[Meant]:
    """Return the words to look for, abbreviations and other names for things as one each.

    `marked` is how the words were typed; without it none is taken for another name of something official.
    """
    found: list[Meant] = []
    place = 0
    while place < len(typed):
        less = _PURPOSE if purpose_at is not None and place >= purpose_at else 1.0
        for length in range(LONGEST, 0, -1):
            phrase = " ".join(typed[place : place + length])
            same = index.same.get(phrase)
            if same is not None and len(phrase.split()) == length:
                ways: list[tuple[tuple[str, ...], float]] = [(tuple(same), 1.0)]
                if all(index.knows(word) for word in phrase.split()):
                    ways.append((tuple(phrase.split()), 1.0))
                weight = max(index.weight(word) for word in same)
                found.append(Meant(tuple(ways), weight * min(2, len(same)) * less))
                place += length
                break
            official = index.thesaurus.official(typed[place : place + length], marked[place : place + length])
            if official and len(typed) - place >= length:
                found.append(
                    _otherwise(words[place : place + length], official, less, is_known=index.knows(typed[place]))
                )
                place += length
                break
        else:
            found.append(Meant(words[place].ways, words[place].weight * less))
            place += 1
    return found


def sought(index: Index, groups: Sequence[Meant], marked: Mapping[str, frozenset[str]]) -> Sought:
    """Return what can be asked of the rows for these groups of words.

    A hit explains about half of the query, so it has one of the heaviest words: the words whose absence leaves too
    little. Asking for those alone keeps usual words from touching half the pack. One that explains less has words that
    stand together as they were typed, so those are asked for as well.
    """
    heavy = sorted((group for group in groups if group.ways or group.official), key=lambda one: -one.weight)
    needed = 0
    least = _ENOUGH_ALONE * sum(group.weight for group in groups)
    left = sum(group.weight for group in groups)
    for group in heavy:
        if left < least:
            break
        needed += 1
        left -= group.weight
    together = [_side_by_side(index, *both) for both in itertools.pairwise(groups)]
    together += [_within(index, group) for group in groups]
    return Sought(heavy, needed, [pairs for pairs in together if pairs], marked)


def _side_by_side(index: Index, before: Meant, after: Meant) -> list[tuple[tuple[str, ...], float]]:
    """Return the words that stand together where one thing was typed behind another, with their nats."""
    found: dict[str, float] = {}
    for first, likely in (*before.ways, *before.official):
        for second, as_likely in (*after.ways, *after.official):
            pair = f"{first[-1]}_{second[0]}"
            found[pair] = max(found.get(pair, 0.0), index.rarity(pair) * min(likely, as_likely))
    return [((pair,), nats) for pair, nats in found.items() if nats]


def _within(index: Index, meant: Meant) -> list[tuple[tuple[str, ...], float]]:
    """Return the words that stand together in each phrase that may be meant, with their nats."""
    found = []
    for way, likelihood in (*meant.ways, *meant.official):
        pairs = tuple(f"{first}_{second}" for first, second in itertools.pairwise(way))
        rarities = [index.rarity(pair) for pair in pairs]
        if pairs and min(rarities) > 0:
            found.append((pairs, sum(rarities) * likelihood * (1.0 if (way, likelihood) in meant.ways else WITHIN)))
    return found


def _otherwise(
    words: Sequence[Meant], official: Sequence[tuple[tuple[str, ...], float]], less: float, *, is_known: bool
) -> Meant:
    """Return a phrase that has official names, to be found as it was typed or by one of them."""
    if len(words) == 1:
        ways = words[0].ways if is_known else ()  # it is no typing error either
        return Meant(ways, words[0].weight * less, tuple(official))
    literal = tuple(word for one in words for word in (one.ways[0][0] if one.ways else ("",)))
    weight = min(sum(one.weight for one in words), 2 * max(one.weight for one in words))
    return Meant(((literal, 1.0),), weight * less, tuple(official), is_phrase=True)


def word_of(index: Index, word: str, beside: tuple[str, str], marked: str = "") -> Meant:
    ways: list[tuple[tuple[str, ...], float]] = []
    other = {"l": "n", "n": "l"}.get(word[:1])  # l for n is how many people in the province speak
    swapped = other + word[1:] if other and len(word) > 1 else ""
    if index.knows(word):
        ways.append(((word,), 1.0))
        if len(word) > 2 and any(beside) and not _joined(index, word, beside):
            # A word, but not one that stands here: "kết hôm", "giấy khia sinh".
            errors = one_typing_error_away(word)
            usual = {
                one
                for one, written in index.intentions.beside(*beside)
                if one in errors and (not marked or marked[len(word) :] == written[len(one) :])
            }
            ways[:0] = [((one,), 0.7) for one in sorted(usual) if index.knows(one) and one[0] == word[0]]
    elif not index.is_said(word):
        plain = without_telex(word)
        if plain != word and index.is_said(plain):
            ways.append(((plain,), 0.95))
        if len(word) > 2:
            near = [
                one
                for one in one_typing_error_away(word) | {swapped}
                if index.is_said(one)
                and index.carries(one, marked, len(word))
                and (one == swapped or _is_vouched(index, word, one, beside))
            ]
            near.sort(key=lambda one: (one != swapped, -_joined(index, one, beside), index.rarity(one)))
            ways.extend(((one,), 0.8) for one in near[:6])
    if swapped and index.is_said(swapped):
        ways.append(((swapped,), 0.75))
    if any(beside) and not _joined(index, word, beside):
        ways.extend(((one,), 0.75) for one in sounds_like(word) if _joined(index, one, beside))
    if ways and ways[0][0] == (word,):
        weight = index.weight(word, marked)
    else:
        weight = max((index.weight(way[0]) for way, _ in ways), default=index.unknown)
    if index.is_light(word, marked):
        weight = min(weight, LIGHT * index.unknown)
    return Meant(tuple(ways), weight)


def _begun(index: Index, word: str, meant: Meant, marked: str) -> Meant:
    """Return what a word may become that is still being typed."""
    if len(word) < 2:
        return meant
    ways = (*meant.ways, *(((longer,), 0.85) for longer in index.begun(word, marked)))
    if index.is_light(word, marked):
        return Meant(ways, min(meant.weight, LIGHT * index.unknown))
    if index.knows(word):
        return Meant(ways, meant.weight)
    return Meant(ways, max([meant.weight, *(index.weight(way[0]) for way, _ in ways)]))


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
