"""Conditions of papers, fees and rules: read from the sources, judged in three values, compiled to XPath.

A condition is `always`, the id of a fact, or `{all: [...], any: [...], none: [...]}` whose members may nest.
A fact is true, false or not known (None); the logic is Kleene's. Every condition compiles to two expressions:
`possible` (not known to be false) and `certain` (known to be true).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


class ConditionNotUnderstood(ValueError):
    """A condition of the sources that is none; the message says where it stands."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact, known by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold; with no parts it always holds."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"


Condition = Fact | Every | Some | Not
ALWAYS = Every(())


def read(said: Any, place: str) -> Condition:
    """Return the condition that a source says at `place`. Raises ConditionNotUnderstood."""
    if said == "always":
        return ALWAYS
    if isinstance(said, str):
        return Fact(said)
    if not isinstance(said, dict) or not said or set(said) - {"all", "any", "none"}:
        raise ConditionNotUnderstood(f"{place}: {said!r}")
    parts: list[Condition] = [read(one, place) for one in said.get("all", ())]
    if said.get("any"):
        parts.append(Some(tuple(read(one, place) for one in said["any"])))
    parts.extend(Not(read(one, place)) for one in said.get("none", ()))
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


def both(first: Condition, second: Condition) -> Condition:
    """Return the condition that both hold."""
    return Every((first, second))


def facts_of(condition: Condition) -> Iterator[str]:
    """Yield the facts a condition names, in order, repeated as often as they stand there."""
    match condition:
        case Fact(id=name):
            yield name
        case Every(parts=parts) | Some(parts=parts):
            for part in parts:
                yield from facts_of(part)
        case Not(part=part):
            yield from facts_of(part)


def judge(condition: Condition, known: Mapping[str, bool | None]) -> bool | None:
    """Return whether a condition holds, None where it cannot be told. An unnamed fact is not known."""
    match condition:
        case Fact(id=name):
            return known.get(name)
        case Not(part=part):
            verdict = judge(part, known)
            return None if verdict is None else not verdict
        case Every(parts=parts):
            verdicts = [judge(part, known) for part in parts]
            return False if False in verdicts else None if None in verdicts else True
        case Some(parts=parts):
            verdicts = [judge(part, known) for part in parts]
            return True if True in verdicts else None if None in verdicts else False


def possible(condition: Condition, path: str, known: Collection[str] | None = None) -> str:
    """Return XPath for "not known to be false". Facts stand at `path`/<id>.

    With `known`, facts outside it count as open both ways.
    """
    match condition:
        case Fact(id=name):
            return f"{path}/{name} != 'no'" if known is None or name in known else "true()"
        case Not(part=part):
            return _not(certain(part, path, known))
        case Every(parts=parts):
            return _joined("and", [possible(part, path, known) for part in parts])
        case Some(parts=parts):
            return _joined("or", [possible(part, path, known) for part in parts])


def certain(condition: Condition, path: str, known: Collection[str] | None = None) -> str:
    """Return XPath for "known to be true"; see `possible`."""
    match condition:
        case Fact(id=name):
            return f"{path}/{name} = 'yes'" if known is None or name in known else "false()"
        case Not(part=part):
            return _not(possible(part, path, known))
        case Every(parts=parts):
            return _joined("and", [certain(part, path, known) for part in parts])
        case Some(parts=parts):
            return _joined("or", [certain(part, path, known) for part in parts])


def matters(condition: Condition, fact: str, path: str, known: Collection[str]) -> str:
    """Return XPath for "the answer to `fact` can still change this condition", given the facts in `known`.

    It holds when some way of answering the facts asked later leaves the verdict to `fact`. Only `known` is
    read, so that no question's relevance ever depends on a question that comes after it.
    """
    match condition:
        case Fact(id=name):
            return "true()" if name == fact else "false()"
        case Not(part=part):
            return matters(part, fact, path, known)
        case Every(parts=parts) | Some(parts=parts):
            ways = []
            for index, part in enumerate(parts):
                if fact not in facts_of(part):
                    continue
                others = [other for place, other in enumerate(parts) if place != index]
                is_every = isinstance(condition, Every)
                let_through = [
                    possible(other, path, known) if is_every else _not(certain(other, path, known)) for other in others
                ]
                ways.append(_joined("and", [matters(part, fact, path, known), *let_through]))
            return _joined("or", ways)


def any_of(expressions: Collection[str]) -> str:
    """Return XPath for "one of these holds"."""
    return _joined("or", list(dict.fromkeys(expressions)))


def _not(expression: str) -> str:
    opposite = {"true()": "false()", "false()": "true()"}
    if expression in opposite:
        return opposite[expression]
    return f"not({expression})"


def _joined(word: str, parts: list[str]) -> str:
    """Join with `and` or `or`, the constants folded away, so that authors can read the result."""
    neutral, final = ("true()", "false()") if word == "and" else ("false()", "true()")
    if final in parts:
        return final
    rest = [part for part in dict.fromkeys(parts) if part != neutral]
    if not rest:
        return neutral
    if len(rest) == 1:
        return rest[0]
    return f" {word} ".join(f"({part})" if " and " in part or " or " in part else part for part in rest)
