"""What a query is about: the things and events it names, what is to be done with them, and where that leads.

Word search finds what a procedure's name says; people say what happened to them ("vợ em vừa sinh"), or name a thing
by its everyday word and a deed ("mất cà vẹt"). `resources/search/intentions.yaml` holds both vocabularies.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bnhelper.catalogue.search_key import accented_words_of, words_of

_STRENGTH: Final = 1.5  #: what being meant counts beside the score of the words
_DEED: Final = 0.5  #: and each deed that was said
_NEXT: Final = 0.2  #: how much less the second procedure of a line counts, the third twice that
_PERSON: Final = 0.6
_MAT: Final = "mat"  #: "mất" is to lose and to die
_PURPOSE: Final = frozenset({"de"})  #: "giấy độc thân để mua đất" asks for the paper, not for the land


@dataclass(frozen=True, slots=True)
class Typed:
    """One typed word: folded, as it was marked (equal to folded without marks), and what it may be a misspelling of."""

    folded: str
    marked: str
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was understood. `codes` -> what it counts; `aside` names the talk that is about no procedure, or is empty.

    From the word `purpose_at` on, a query only says what for.
    """

    codes: Mapping[str, float]
    others: frozenset[str]  #: what the same things lead to when something else is to be done with them
    aside: str
    purpose_at: int | None


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    marked: tuple[str, ...]
    of: str
    is_after_person: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    of: str
    begin: int
    end: int
    is_exact: bool = True  #: no word was taken for a misspelt one


class Intentions:
    """The vocabulary of one pack, ready to be matched."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._things: Mapping[str, Any] = said.get("things", {})
        self._thing_phrases = _by_first_word(
            [
                *(p for name, thing in self._things.items() for p in _phrases(name, thing["said"])),
                *(
                    p
                    for name, thing in self._things.items()
                    for p in _phrases(name, thing.get("after_person", ()), is_after_person=True)
                ),
            ]
        )
        self._deed_phrases = _by_first_word(
            [phrase for name, words in said.get("deeds", {}).items() for phrase in _phrases(name, words)]
        )
        self._aside_phrases = _by_first_word(
            [phrase for name, words in said.get("aside", {}).items() for phrase in _phrases(name, words)]
        )
        self._after = _neighbours(self._thing_phrases, 0, 1)
        self._before = _neighbours(self._thing_phrases, 1, 0)
        self._decisive = frozenset(said.get("decisive", ()))
        self._persons = frozenset(word for one in said.get("persons", ()) for word in words_of(one))
        self._rules = {
            name: [(frozenset(deeds.split("+")) - {"any"}, tuple(codes)) for deeds, codes in thing["leads"].items()]
            for name, thing in self._things.items()
        }
        self.words = frozenset(
            word
            for phrases in (self._thing_phrases, self._deed_phrases, self._aside_phrases)
            for some in phrases.values()
            for phrase in some
            for word in phrase.words
        )

    def beside(self, before: str, after: str) -> frozenset[str]:
        """Return the words that stand between these two in a thing's phrases; either may be empty."""
        return self._after.get(before, frozenset()) | self._before.get(after, frozenset())

    def meaning(self, typed: Sequence[Typed]) -> Meaning:
        """Return what a query means, as far as this vocabulary knows."""
        things = self._found_things(typed)
        purpose_at = next(
            (
                place
                for place, word in enumerate(typed)
                if word.folded in _PURPOSE
                and any(one.end <= place for one in things)
                and not any(one.begin <= place < one.end for one in things)
            ),
            None,
        )
        if purpose_at is not None:
            things = [one for one in things if one.begin < purpose_at]
        deeds = _outermost(_found(typed[:purpose_at], self._deed_phrases, overlaps=True))
        deeds = [one for one in deeds if not self._is_a_death(one, typed, things)]
        aside = self._aside(typed)
        if aside in self._decisive or (aside and not any(one.is_exact and self._stands(one) for one in things)):
            return Meaning({}, frozenset(), aside, purpose_at)
        codes, others = self._codes(things, deeds)
        return Meaning(codes, others - codes.keys(), "", purpose_at)

    def aside(self, typed: Sequence[Typed]) -> str:
        """Return the name of the talk that is about no procedure, or empty."""
        return self.meaning(typed).aside

    def _is_a_death(self, deed: _Found, typed: Sequence[Typed], things: Sequence[_Found]) -> bool:
        """Tell a person who died from a paper that was lost: "người nhà mất", "em mất cái thẻ"."""
        is_near = any(deed.end <= one.begin <= deed.end + 1 for one in things)
        return (
            typed[deed.begin].folded == _MAT
            and deed.begin > 0
            and typed[deed.begin - 1].folded in self._persons
            and not is_near
        )

    def _stands(self, one: _Found) -> bool:
        """Tell whether a thing is more than a person who is spoken of."""
        return not self._things[one.of].get("is_person") and "any" in self._things[one.of]["leads"]

    def _aside(self, typed: Sequence[Typed]) -> str:
        found = _found(typed, self._aside_phrases, is_strict=True)
        return next((one.of for one in found if one.of in self._decisive), found[0].of if found else "")

    def _found_things(self, typed: Sequence[Typed]) -> list[_Found]:
        found = _found(typed, self._thing_phrases, persons=self._persons)
        starts = {one.begin for one in found}
        # "bố mất căn cước": what was lost stands right behind, so nobody has died.
        found = [
            one
            for one in found
            if not (_is_after_person(self._things[one.of], typed[one.begin : one.end]) and one.end in starts)
        ]
        over = {name for one in found for name in self._things[one.of].get("over", ())}
        return [one for one in found if one.of not in over]

    def _codes(self, things: Sequence[_Found], deeds: Sequence[_Found]) -> tuple[dict[str, float], frozenset[str]]:
        codes: dict[str, float] = {}
        others: set[str] = set()
        is_thing_named = any(self._stands(one) for one in things)
        for thing in things:
            said = {deed.of for deed in deeds if not (thing.begin <= deed.begin and deed.end <= thing.end)}
            fitting = [rule for rule in self._rules[thing.of] if rule[0] <= said]
            if not fitting:
                continue
            most = max(fitting, key=lambda rule: len(rule[0]))
            strength = _STRENGTH + _DEED * len(most[0])
            if is_thing_named and self._things[thing.of].get("is_person"):
                strength *= _PERSON
            for place, code in enumerate(most[1]):
                codes[code] = max(codes.get(code, 0.0), strength - _NEXT * place)
            if most[0]:
                others.update(code for _, some in self._rules[thing.of] for code in some)
        return codes, frozenset(others)


def _is_after_person(thing: Mapping[str, Any], typed: Sequence[Typed]) -> bool:
    said = " ".join(word.folded for word in typed)
    return any(" ".join(words_of(one)) == said for one in thing.get("after_person", ()))


def _phrases(of: str, said: Iterable[str], *, is_after_person: bool = False) -> list[_Phrase]:
    return [_Phrase(tuple(words_of(one)), tuple(accented_words_of(one)), of, is_after_person) for one in map(str, said)]


def _neighbours(phrases: Mapping[str, Sequence[_Phrase]], of: int, to: int) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for some in phrases.values():
        for phrase in some:
            for pair in itertools.pairwise(phrase.words):
                found.setdefault(pair[of], set()).add(pair[to])
    return {word: frozenset(words) for word, words in found.items()}


def _by_first_word(phrases: Iterable[_Phrase]) -> dict[str, list[_Phrase]]:
    found: dict[str, list[_Phrase]] = {}
    for phrase in sorted(phrases, key=lambda one: -len(one.words)):
        found.setdefault(phrase.words[0], []).append(phrase)
    return found


def _found(
    typed: Sequence[Typed],
    phrases: Mapping[str, Sequence[_Phrase]],
    *,
    is_strict: bool = False,
    overlaps: bool = False,
    persons: frozenset[str] = frozenset(),
) -> list[_Found]:
    """Return the longest phrase at each place; with `overlaps` also those that begin inside another."""
    found: list[_Found] = []
    place = 0
    while place < len(typed):
        longest = None
        for spelling in typed[place].spellings:
            for phrase in phrases.get(spelling, ()):
                if longest is not None and len(phrase.words) <= len(longest.words):
                    break
                if phrase.is_after_person and (not place or typed[place - 1].folded not in persons):
                    continue
                if _fits(typed[place : place + len(phrase.words)], phrase, is_strict=is_strict):
                    longest = phrase
                    break
        if longest is None:
            place += 1
            continue
        end = place + len(longest.words)
        is_exact = all(word.folded == said for word, said in zip(typed[place:end], longest.words, strict=True))
        found.append(_Found(longest.of, place, end, is_exact))
        place += 1 if overlaps else len(longest.words)
    return found


def _outermost(found: Sequence[_Found]) -> list[_Found]:
    """Leave out what lies inside something longer: "mở khóa" locks nothing."""
    return [
        one
        for one in found
        if not any(
            other.begin <= one.begin and one.end <= other.end and other.end - other.begin > one.end - one.begin
            for other in found
        )
    ]


def _fits(typed: Sequence[Typed], phrase: _Phrase, *, is_strict: bool) -> bool:
    """Tell whether these words are the phrase.

    A word typed with marks must have the phrase's marks, but for one of several; a single word of an aside must be
    typed with them: "dieu kien" sues nobody.
    """
    if len(typed) != len(phrase.words):
        return False
    others = 0
    for word, said, marked in zip(typed, phrase.words, phrase.marked, strict=True):
        if said not in word.spellings or (is_strict and said != word.folded):
            return False
        if word.folded not in (said, word.marked) and _marks(word.marked) != _marks(marked):
            return False  # a slip of the finger changes a letter, not the marks
        has_marks = word.marked != word.folded
        is_short = len(typed) == 1 and (is_strict or len(said) < 3)
        if word.folded == said and word.marked != marked and (has_marks or is_short):
            others += 1
    return others == 0 or (others == 1 and len(typed) > 1 and not is_strict)


def _marks(word: str) -> str:
    return "".join(letter for letter in word if letter > "\x7f" and letter != "đ")
