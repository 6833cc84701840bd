"""Expressions compiled to closures: what they read is known when the form is read, and evaluating is cheap.

Paths inside repeats follow ODK's rule: a relative path is walked from the node itself; an absolute one shares
the repeat instances that enclose the node, up to but not including its own last step.
"""

import datetime as dt
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final, Protocol

from bnhelper.forms.nodes import TOLL, Node
from bnhelper.forms.trouble import FormRefused
from bnhelper.forms.values import Value, to_bool, to_number
from bnhelper.ids import FieldPath

#: What one evaluation may cost, in about a microsecond each: a node looked at, a term worked out for one, some
#: letters of a text. Counted and not timed, so that a form is refused everywhere or nowhere. A filter of some terms
#: over a list of 100,000 rows.
MOST_VISITS: Final = 3_000_000
#: What everything may cost that one opening, one answer or one look at a whole form sets off. The form of 300
#: questions and 50 repeats that is measured takes 3,000 of it; 50 searches through a list of 10,000 half.
MOST_IN_ALL: Final = 6_000_000
MOST_PLACES: Final = 400_000  #: that all the expressions of a form may read; `//*` reads every node there is
MOST_TERMS: Final = 250_000  #: of all the expressions of a form together, counted where each stands


class Scope(Protocol):
    """What an expression may ask the instance for."""

    root: Node
    #: the nodes that no repeat encloses, by path: each stands exactly once
    single: Mapping[FieldPath, Node]
    #: what the running evaluation has cost
    visits: int
    #: what is left of `MOST_IN_ALL`; no end of it while nothing counts
    left: float
    language: str

    def today(self) -> dt.date: ...
    def now(self) -> dt.datetime: ...
    def secondary(self, name: str) -> Node | None: ...
    def device_property(self, name: str) -> str: ...
    def new_id(self) -> str: ...
    def random(self) -> float: ...
    def itext(self, key: str) -> str: ...
    def choice_name(self, path: FieldPath, value: str, at: Node) -> str: ...
    @property
    def version(self) -> str: ...


class Context:
    """Where an expression stands: the node, its place among those filtered, and the node it began at."""

    __slots__ = ("current", "node", "position", "scope", "size")

    def __init__(self, node: Node, current: Node, scope: Scope) -> None:
        self.node = node
        self.current = current
        self.scope = scope
        self.position = 0  #: 0: not inside a predicate
        self.size = 0


Compiled = Callable[[Context], Value]


@dataclass(frozen=True)
class Shape:
    """The nodes a form has, by generic path: what a path in an expression may name."""

    root: FieldPath
    kinds: Mapping[FieldPath, str]
    repeats: frozenset[FieldPath]
    #: names of the secondary instances
    secondary: frozenset[str] = frozenset()
    #: nodes that nothing stands below
    leaves: frozenset[FieldPath] = frozenset()

    def repeat_of(self, path: str) -> FieldPath:
        """Return the deepest repeat that is `path` or encloses it, or nothing."""
        while path:
            if path in self.repeats:
                return FieldPath(path)
            path = path.rpartition("/")[0]
        return FieldPath("")

    @cached_property
    def children(self) -> Mapping[FieldPath, Sequence[FieldPath]]:
        """Return the nodes right below each node, attributes too."""
        found: dict[FieldPath, list[FieldPath]] = {}
        for path in self.kinds:
            found.setdefault(FieldPath(path.rpartition("/")[0]), []).append(path)
        return found

    @cached_property
    def _places(self) -> Mapping[FieldPath, int]:
        return {path: number for number, path in enumerate(self.kinds)}

    def from_(self, base: FieldPath) -> Sequence[FieldPath]:
        """Return a node and everything below it, in the order of `kinds`."""
        found = [base] if base in self.kinds else []
        waiting = [base]
        while waiting:
            inside = self.children.get(waiting.pop(), ())
            found.extend(inside)
            waiting.extend(inside)
        return sorted(found, key=self._places.__getitem__)


class Effort:
    """What compiling the expressions of one form has cost: the nodes they may read, and their terms."""

    def __init__(self) -> None:
        self._left = MOST_PLACES
        self._terms = MOST_TERMS

    def take(self, terms: int) -> None:
        """Count the terms of an expression to be compiled. Raises FormRefused when those of a form are too many."""
        self._terms -= terms
        if self._terms < 0:
            raise FormRefused(TOO_SLOW)

    def spend(self, count: int) -> None:
        """Count nodes that an expression may read. Raises FormRefused when those of a form may read too many."""
        self._left -= count
        if self._left < 0:
            raise FormRefused(TOO_SLOW)


@dataclass(frozen=True, slots=True)
class Expression:
    """One compiled expression and the nodes it reads.

    `shared` says for each node read which enclosing repeat instance reader and read have in common ("" for none).
    """

    source: str
    shared: Mapping[FieldPath, FieldPath]
    run: Compiled
    #: nodes whose place among their siblings is asked: it moves with the instances of their repeat
    positions: frozenset[FieldPath] = frozenset()
    #: questions that are named for their choices (jr:choice-name): what they offer is read as well
    choices_of: frozenset[FieldPath] = frozenset()
    #: what it costs whatever it looks at: its terms
    weight: int = 1

    @property
    def reads(self) -> frozenset[FieldPath]:
        return frozenset(self.shared)

    def seen_from(self, path: FieldPath) -> "Expression":
        """Return the expression evaluated on the ancestor at `path` of the node it will be asked of."""

        def run(c: Context) -> Value:
            up = c.node.ancestor(path)
            return "" if up is None else self.run(Context(up, up, c.scope))

        return Expression(self.source, self.shared, run, self.positions, self.choices_of, self.weight)

    def evaluate(self, node: Node, scope: Scope) -> Value:
        """Return the value as seen from `node`.

        Raises FormRefused when the expression fails on these values for a reason of the author's, or looks at
        too many nodes.
        """
        if scope.left < 0:
            raise FormRefused(TOO_SLOW, f"{node.path}: {self.source[:80]}")
        scope.visits = self.weight
        around = TOLL.pay
        TOLL.pay = partial(_visit, scope)
        try:
            return self.run(Context(node, node, scope))
        except (ValueError, OverflowError, ZeroDivisionError, ArithmeticError) as wrong:
            raise FormRefused("expression-fails", self.source[:80]) from wrong
        except FormRefused as wrong:
            if wrong.values["reason"] != TOO_SLOW or wrong.values["place"]:
                raise
            raise FormRefused(TOO_SLOW, f"{node.path}: {self.source[:80]}") from wrong
        finally:
            TOLL.pay = around
            scope.left -= scope.visits


def visited(c: Context, count: int) -> None:
    """Count nodes looked at. Raises FormRefused when one evaluation, or all of them together, look at too many."""
    _visit(c.scope, count)


def _visit(scope: Scope, count: int) -> None:
    scope.visits += count
    if scope.visits > MOST_VISITS or scope.visits > scope.left:
        raise FormRefused(TOO_SLOW)


@dataclass(frozen=True, slots=True)
class Predicate:
    """One compiled predicate, and what it costs to ask it of one node.

    `place` gives the one place that it asks for, where it asks for no more: [2], [position() = current()/../n - 1].
    """

    holds: Compiled
    weight: int
    place: Compiled | None = None


def filtered(c: Context, nodes: Sequence[Node], predicates: Sequence[Predicate]) -> list[Node]:
    """Return the nodes for which every predicate holds, one predicate after the other."""
    kept = list(nodes)
    for one in predicates:
        predicate = one.holds
        said = None if one.place is None else one.place(c)
        if said is not None and not isinstance(said, (bool, list)):
            wanted = to_number(said)
            kept = kept[int(wanted) - 1 : int(wanted)] if 1 <= wanted <= len(kept) and wanted.is_integer() else []
            continue
        visited(c, len(kept) * one.weight)
        inner = Context(c.node, c.current, c.scope)
        inner.size = len(kept)
        passed: list[Node] = []
        for position, node in enumerate(kept, start=1):
            inner.node, inner.position = node, position
            said = predicate(inner)
            if said == position if isinstance(said, float) and not isinstance(said, bool) else to_bool(said):
                passed.append(node)
        kept = passed
    return kept


TOO_SLOW: Final = "expression-too-slow"
ARITHMETIC: Final[Mapping[str, Callable[[Any, Any], Any]]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
