"""What a query is about: the things and events it names, what is to be done with them, and where that leads.

Word search finds what a procedure's name says; people say what happened to them ("vợ em vừa sinh"), or name a thing
by its everyday word and a deed ("mất cà vẹt"). `resources/search/intentions.yaml` holds both vocabularies.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bnhelper.catalogue.search_key import accented_words_of, is_sloppy, words_of

_STRENGTH: Final = 2.2  #: what being meant counts beside the score of the words
_DEED: Final = 0.5  #: and each deed that was said
_NEXT: Final = 0.2  #: how much less the second procedure of a line counts, the third twice that
_PERSON: Final = 0.6
_MAT: Final = "mat"  #: "mất" is to lose and to die
_NO_ASIDE: Final = "nothing"  #: words that hold another word in them: "điều kiện" sues nobody
_LONG: Final = 3  #: a phrase of so many words is known by the others when one carries wrong marks
_CIRCUMSTANCE: Final = frozenset({"khi", "vi", "luc"})  #: "khai sinh khi bố mẹ chưa cưới" asks for the first
_AFTERTHOUGHT: Final = 0.6  #: what a thing counts that is only named behind one of them
_PURPOSE: Final = frozenset({"de"})  #: "giấy độc thân để mua đất" asks for the paper, not for the land


@dataclass(frozen=True, slots=True)
class Typed:
    """One typed word: folded, as it was marked (equal to folded without marks), and what it may be a misspelling of."""

    folded: str
    marked: str
    spellings: tuple[str, ...]
    is_known: bool = False  #: a word that the catalogue has: alone it is taken for no other


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was understood. `codes` -> what it counts; `aside` names the talk that is about no procedure, or is empty.

    From the word `purpose_at` on, a query only says what for.
    """

    codes: Mapping[str, float]
    others: frozenset[str]  #: what the same things lead to when something else is to be done with them
    aside: str
    purpose_at: int | None
    understood: frozenset[int] = frozenset()  #: places of the words that led somewhere, and of persons
    led: frozenset[int] = frozenset()  #: places of the words that led somewhere
    is_small_talk: bool = False  #: only words of daily life lead there, and nobody spoke of papers or an office
    is_mixed: bool = False  #: a thing was named, and talk that is about no procedure goes with it


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    marked: tuple[str, ...]
    of: str
    is_after_person: bool = False
    is_daily: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    of: str
    begin: int
    end: int
    is_exact: bool = True  #: no word was taken for a misspelt one
    is_daily: bool = False  #: shops, doctors and songs speak of it too


class Intentions:
    """The vocabulary of one pack, ready to be matched."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._things: Mapping[str, Any] = said.get("things", {})
        self._thing_phrases = _by_first_word(
            [
                phrase
                for name, thing in self._things.items()
                for phrase in (
                    *_phrases(name, thing["said"]),
                    *_phrases(name, [*thing.get("daily", ()), *_ages(said, name)], is_daily=True),
                    *_phrases(name, thing.get("after_person", ()), is_after_person=True),
                )
            ]
        )
        self._deed_phrases = _by_first_word(
            [
                phrase
                for name, words in said.get("deeds", {}).items()
                for phrase in _phrases(name, [*words, *_ages(said, name)])
            ]
        )
        self._aside_phrases = _by_first_word(
            [phrase for name, words in said.get("aside", {}).items() for phrase in _phrases(name, words)]
        )
        self._office_phrases = _by_first_word(_phrases("office", said.get("office", ())))
        self._after = _neighbours(self._thing_phrases, 0, 1)
        self._before = _neighbours(self._thing_phrases, 1, 0)
        self._decisive = frozenset(said.get("decisive", ()))
        self._persons = frozenset(word for one in said.get("persons", ()) for word in words_of(one))
        self._persons_marked = frozenset(word for one in said.get("persons", ()) for word in accented_words_of(one))
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

    def beside(self, before: str, after: str) -> frozenset[tuple[str, str]]:
        """Return the words that stand between these two in a thing's phrases, folded and marked; one may be empty."""
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
        aside_at = next(
            (
                place
                for place, word in enumerate(typed)
                if word.folded in _CIRCUMSTANCE and any(one.end <= place for one in things)
            ),
            len(typed),
        )
        codes, others, led = self._codes(things, deeds, aside_at)
        understood = {place for one in (*led, *deeds) for place in range(one.begin, one.end)}
        understood |= {
            place
            for place, word in enumerate(typed)
            if word.folded in self._persons
            and (word.marked == word.folded or any(is_sloppy(word.marked, one) for one in self._persons_marked))
        }
        is_small_talk = (
            bool(codes)
            and all(one.is_daily for one in _found(typed, self._thing_phrases, persons=self._persons))
            and not _found(typed, self._office_phrases)
        )
        led_there = frozenset(place for one in led for place in range(one.begin, one.end))
        return Meaning(
            codes, others - codes.keys(), "", purpose_at, frozenset(understood), led_there, is_small_talk, bool(aside)
        )

    def is_decisive(self, aside: str) -> bool:
        """Tell whether this talk is about no procedure whatever else is said."""
        return aside in self._decisive

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
        """Tell whether a thing is more than a person who is spoken of, or a word of daily life."""
        return not one.is_daily and self._has_own(one)

    def _has_own(self, one: _Found) -> bool:
        """Tell whether a thing leads somewhere by itself and is more than a person who is spoken of."""
        thing = self._things[one.of]
        return not thing.get("is_person") and "any" in thing["leads"]

    def _aside(self, typed: Sequence[Typed]) -> str:
        found = [one for one in _found(typed, self._aside_phrases, is_strict=True) if one.of != _NO_ASIDE]
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
        return [
            one
            for one in found
            if not any(
                one.of in self._things[other.of].get("over", ()) and (one.begin, one.end) != (other.begin, other.end)
                for other in found
            )
        ]

    def _codes(
        self, things: Sequence[_Found], deeds: Sequence[_Found], aside_at: int
    ) -> tuple[dict[str, float], frozenset[str], list[_Found]]:
        """Return the codes with what each counts, those for other deeds, and the things and deeds that led there."""
        codes: dict[str, float] = {}
        others: set[str] = set()
        led: list[_Found] = []
        is_thing_named = any(self._has_own(one) for one in things)
        for thing in things:
            beside = [deed for deed in deeds if not (thing.begin <= deed.begin and deed.end <= thing.end)]
            said = {deed.of for deed in beside}
            fitting = [rule for rule in self._rules[thing.of] if rule[0] <= said]
            if not fitting:
                continue
            near = {deed.of: -min(_gap(thing, one) for one in beside if one.of == deed.of) for deed in beside}
            most = max(fitting, key=lambda rule: (len(rule[0]), max((near[deed] for deed in rule[0]), default=0)))
            led += [thing, *(deed for deed in beside if deed.of in most[0])]
            strength = _STRENGTH + _DEED * len(most[0])
            strength -= _DEED * len({deed for rule in fitting for deed in rule[0]} - most[0])
            if is_thing_named and self._things[thing.of].get("is_person"):
                strength *= _PERSON
            if thing.begin >= aside_at:
                strength *= _AFTERTHOUGHT
            for place, code in enumerate(most[1]):
                codes[code] = max(codes.get(code, 0.0), strength - _NEXT * place)
            if most[0]:
                others.update(code for _, some in self._rules[thing.of] for code in some)
        return codes, frozenset(others), led


def _ages(said: Mapping[str, Any], name: str) -> list[str]:
    """Return the ages that say as much as the phrases of this thing or deed."""
    return [
        f"{age} tuổi" for one in said.get("ages", ()) if one["is"] == name for age in range(one["from"], one["to"] + 1)
    ]


def _gap(thing: _Found, deed: _Found) -> float:
    """Return how far a deed stands from a thing, in words: what stands nearest is meant for it, rather before it."""
    return deed.begin - thing.end + 0.5 if deed.begin >= thing.end else max(thing.begin - deed.end, 0)


def _is_after_person(thing: Mapping[str, Any], typed: Sequence[Typed]) -> bool:
    said = " ".join(word.folded for word in typed)
    return any(" ".join(words_of(one)) == said for one in thing.get("after_person", ()))


def _phrases(of: str, said: Iterable[str], *, is_after_person: bool = False, is_daily: bool = False) -> list[_Phrase]:
    return [
        _Phrase(tuple(words_of(one)), tuple(accented_words_of(one)), of, is_after_person, is_daily)
        for one in map(str, said)
    ]


def _neighbours(phrases: Mapping[str, Sequence[_Phrase]], of: int, to: int) -> dict[str, frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for some in phrases.values():
        for phrase in some:
            for pair in itertools.pairwise(zip(phrase.words, phrase.marked, strict=True)):
                found.setdefault(pair[of][0], set()).add(pair[to])
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
        best: list[_Phrase] = []
        fewest = 0
        for spelling in typed[place].spellings:
            for phrase in phrases.get(spelling, ()):
                if best and len(phrase.words) < len(best[0].words):
                    break
                if phrase.is_after_person and (not place or typed[place - 1].folded not in persons):
                    continue
                here = typed[place : place + len(phrase.words)]
                if not _fits(here, phrase, is_strict=is_strict):
                    continue
                others = sum(word.marked != marked for word, marked in zip(here, phrase.marked, strict=True))
                if not best or len(phrase.words) > len(best[0].words) or others < fewest:
                    best, fewest = [phrase], others
                elif others == fewest and all(phrase.of != one.of for one in best):
                    best.append(phrase)  # "thue dat" may be thuế đất and thuê đất
        if not best:
            place += 1
            continue
        end = place + len(best[0].words)
        for phrase in best:
            is_exact = all(word.folded == said for word, said in zip(typed[place:end], phrase.words, strict=True))
            found.append(_Found(phrase.of, place, end, is_exact, phrase.is_daily))
        place = place + 1 if overlaps else end
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
        if len(typed) == 1 and word.is_known and said != word.folded:
            return False
        if word.folded not in (said, word.marked) and _marks(word.marked) != _marks(marked):
            return False  # a slip of the finger changes a letter, not the marks
        has_marks = word.marked != word.folded
        is_short = len(typed) == 1 and (is_strict or len(said) < 3)
        if word.folded == said and word.marked != marked and (has_marks or is_short):
            if len(typed) < _LONG and not is_sloppy(word.marked, marked):
                return False  # "tiền ăn" is not "tiền án"
            others += 1
    return others == 0 or (others == 1 and len(typed) > 1 and not is_strict)


def _marks(word: str) -> str:
    return "".join(letter for letter in word if letter > "\x7f" and letter != "đ")
