"""Regular expressions of a form, whole-text as in JavaRosa, that cannot run away.

Python matches by backtracking, which can take exponential time. So only plain patterns are given to it; one that
repeats what itself repeats or branches is run here as a state machine, in time linear in the text.
"""

import functools
import re
import re._parser as syntax  # type: ignore[import-not-found]
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

_MOST_PATTERN: Final = 1_000
_MOST_SUBJECT: Final = 2_000
_MOST_STATES: Final = 4_000
_MOST_STEPS: Final = 4_000  #: that one pattern remembers
_MOST_WAYS: Final = 200  #: through a pattern, that backtracking may have to try one after the other
_A_STATE: Final = 64  #: what a letter costs for each state that may be reached at once
_MATCH: Final = 0
_State = tuple[Callable[[str], bool] | None, tuple[int, ...], str]


def matches(pattern: str, subject: str, pay: Callable[[int], None] = lambda _steps: None) -> bool:
    """Tell whether the whole of `subject` is what `pattern` says; a text over 2,000 characters never is.

    `pay` is told what it takes, in about a microsecond each, the same whatever was matched before.

    Raises ValueError for what is no pattern, or one with back references or too large.
    """
    return matcher(pattern)(subject, pay)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What matches a text, and what a letter costs it: 128 to the microsecond."""

    run: Callable[[str], bool]
    weight: int


def matcher(pattern: str) -> Callable[[str, Callable[[int], None]], bool]:
    """Return what tells of a text what `matches` does of it and `pattern`. Raises ValueError as that does."""
    known, begin = _checked(pattern), 2 * len(pattern)

    def test(subject: str, pay: Callable[[int], None]) -> bool:
        if len(subject) > _MOST_SUBJECT:
            return False
        pay(begin + (known.weight * (len(subject) + 1) >> 7))
        return known.run(subject)

    return test


def is_pattern(pattern: str) -> bool:
    """Tell whether `matches` can read a pattern."""
    try:
        _checked(pattern)
    except ValueError:
        return False
    return True


@functools.lru_cache(maxsize=256)
def _checked(pattern: str) -> _Pattern:
    if len(pattern) > _MOST_PATTERN:
        raise ValueError("a pattern too long")
    try:
        tree = syntax.parse(pattern)
        ways = _ways(tree)
        if _competing(tree, 0) <= 1 or ways <= _MOST_WAYS:
            compiled = re.compile(pattern)
            return _Pattern(lambda subject: compiled.fullmatch(subject) is not None, min(ways, _MOST_WAYS))
        machine = _Machine(tree)
        return _Pattern(machine.matches, _A_STATE * machine.size)
    except (re.error, RecursionError, OverflowError) as wrong:
        raise ValueError("no regular expression") from wrong


def _competing(tree: Any, depth: int) -> int:
    """Return how many repeats can compete for the same letters; many where they stand inside each other."""
    count = 0
    for name, value in tree:
        code = str(name)
        if code in {"MAX_REPEAT", "MIN_REPEAT"}:
            fewest, most, inner = value
            count += (most != fewest) * (1 if depth == 0 else 9)
            count += _competing(inner, depth + (int(most) > 1))
        elif code == "SUBPATTERN":
            count += _competing(value[-1], depth)
        elif code not in {"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT", "RANGE", "CATEGORY"}:
            count += 9
    return count


def _ways(tree: Any) -> int:
    """Return how many ways lead through a pattern, whatever the text: so many a backtracking match tries at most.

    More than `_MOST_WAYS` is only "too many", and so is what repeats without end or looks around.
    """
    ways = 1
    for name, value in tree:
        code = str(name)
        if code == "BRANCH":
            ways *= sum(_ways(one) for one in value[1])
        elif code == "SUBPATTERN":
            ways *= _ways(value[-1])
        elif code in {"MAX_REPEAT", "MIN_REPEAT"}:
            fewest, most, inner = value
            one = _ways(inner) if most - fewest <= _MOST_WAYS and fewest <= _MOST_PATTERN else _MOST_WAYS + 1
            if one == 1:
                ways *= int(most) - int(fewest) + 1
            elif most > 8:
                return _MOST_WAYS + 1
            else:
                ways *= sum(one**times for times in range(int(fewest), int(most) + 1))
        elif code not in {"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT", "RANGE", "CATEGORY"}:
            return _MOST_WAYS + 1
        if ways > _MOST_WAYS:
            return _MOST_WAYS + 1
    return ways


class _Machine:
    """Thompson's construction: all ways through the pattern are followed at once."""

    def __init__(self, tree: Any) -> None:
        self._states: list[_State] = [(None, (), "match")]
        self._start = self._build(tree, _MATCH)
        #: (states, letter, whether it is the last) -> states; not where a word's edge is asked, which looks around
        self._known: dict[tuple[frozenset[int], str, bool], frozenset[int]] | None = {}
        if any(place.endswith("BOUNDARY") for _, _, place in self._states):
            self._known = None

    @property
    def size(self) -> int:
        """Return how many states there are."""
        return len(self._states)

    def _add(self, test: Callable[[str], bool] | None, following: tuple[int, ...], place: str = "") -> int:
        if len(self._states) >= _MOST_STATES:
            raise ValueError("a pattern too large")
        self._states.append((test, following, place))
        return len(self._states) - 1

    def _build(self, tree: Any, following: int) -> int:
        for name, value in reversed(list(tree)):
            following = self._piece(str(name), value, following)
        return following

    def _piece(self, code: str, value: Any, following: int) -> int:
        if code == "SUBPATTERN":
            return self._build(value[-1], following)
        if code == "BRANCH":
            return self._add(None, tuple(self._build(one, following) for one in value[1]))
        if code in {"MAX_REPEAT", "MIN_REPEAT"}:
            fewest, most, inner = value
            if most == syntax.MAXREPEAT:
                loop = self._add(None, ())
                self._states[loop] = (None, (self._build(inner, loop), following), "")
                following = loop
            else:
                for _ in range(int(most) - int(fewest)):
                    following = self._add(None, (self._build(inner, following), following))
            for _ in range(int(fewest)):
                following = self._build(inner, following)
            return following
        if code == "AT":
            return self._add(None, (following,), str(value))
        return self._add(_letter_test(code, value), (following,))

    def _reach(self, waiting: list[int], at: int, subject: str) -> frozenset[int]:
        reached: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number in reached:
                continue
            reached.add(number)
            test, following, place = self._states[number]
            if test is None and _stands(place, at, subject):
                waiting.extend(following)
        return frozenset(reached)

    def matches(self, subject: str) -> bool:
        states = self._reach([self._start], 0, subject)
        known, length = self._known, len(subject)
        for at, letter in enumerate(subject, start=1):
            step = (states, letter, at == length)
            after = None if known is None else known.get(step)
            if after is None:
                after = self._after(states, letter, at, subject)
                if known is not None and len(known) < _MOST_STEPS:
                    known[step] = after
            states = after
            if not states:
                return False
        return _MATCH in states

    def _after(self, states: frozenset[int], letter: str, at: int, subject: str) -> frozenset[int]:
        passed = [self._states[one] for one in states]
        return self._reach(
            [target for test, following, _ in passed if test is not None and test(letter) for target in following],
            at,
            subject,
        )


def _stands(place: str, at: int, subject: str) -> bool:
    if place in {"AT_BEGINNING", "AT_BEGINNING_STRING"}:
        return at == 0
    if place in {"AT_END", "AT_END_STRING"}:
        return at == len(subject)
    if place in {"AT_BOUNDARY", "AT_NON_BOUNDARY"}:
        around = [0 <= one < len(subject) and (subject[one].isalnum() or subject[one] == "_") for one in (at - 1, at)]
        return (around[0] != around[1]) == (place == "AT_BOUNDARY")
    return True


_CATEGORIES: Final = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}


def _letter_test(code: str, value: Any) -> Callable[[str], bool]:
    if code == "LITERAL":
        return lambda letter: ord(letter) == value
    if code == "NOT_LITERAL":
        return lambda letter: ord(letter) != value
    if code == "ANY":
        return lambda letter: letter != "\n"
    if code == "RANGE":
        low, high = value
        return lambda letter: low <= ord(letter) <= high
    if code == "CATEGORY":
        kind = str(value).removeprefix("CATEGORY_")
        is_not = kind.startswith("NOT_")
        known = re.compile(_CATEGORIES[kind.removeprefix("NOT_")])
        return lambda letter: (known.match(letter) is None) == is_not
    if code == "IN":
        is_negated = str(value[0][0]) == "NEGATE"
        tests = [_letter_test(str(name), inner) for name, inner in value[is_negated:]]
        return lambda letter: any(test(letter) for test in tests) != is_negated
    raise ValueError("a pattern with more than a state machine knows")
