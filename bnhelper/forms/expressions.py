"""Expressions compiled to closures: what they read is known when the form is read, and evaluating is cheap.

Paths inside repeats follow ODK's rule: a relative path is walked from the node itself; an absolute one shares
the repeat instances that enclose the node, up to but not including its own last step.
"""

import datetime as dt
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from bnhelper.forms.nodes import Node
from bnhelper.forms.trouble import FormRefused
from bnhelper.forms.values import Value, to_bool
from bnhelper.ids import FieldPath

#: How many nodes one evaluation may look at; a filter over the longest allowed list with room to spare.
MOST_VISITS: Final = 600_000


class Scope(Protocol):
    """What an expression may ask the instance for."""

    root: Node
    #: the nodes that no repeat encloses, by path: each stands exactly once
    single: Mapping[FieldPath, Node]
    visits: int
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


@dataclass(frozen=True, slots=True)
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

    @property
    def reads(self) -> frozenset[FieldPath]:
        return frozenset(self.shared)

    def seen_from(self, path: FieldPath) -> "Expression":
        """Return the expression evaluated on the ancestor at `path` of the node it will be asked of."""

        def run(c: Context) -> Value:
            up = c.node.ancestor(path)
            return "" if up is None else self.run(Context(up, up, c.scope))

        return Expression(self.source, self.shared, run, self.positions)

    def evaluate(self, node: Node, scope: Scope) -> Value:
        """Return the value as seen from `node`.

        Raises FormRefused when the expression fails on these values for a reason of the author's, or looks at
        too many nodes.
        """
        scope.visits = 0
        try:
            return self.run(Context(node, node, scope))
        except (ValueError, OverflowError, ZeroDivisionError, ArithmeticError) as wrong:
            raise FormRefused("expression-fails", self.source[:80]) from wrong


def visited(c: Context, count: int) -> None:
    """Count nodes looked at. Raises FormRefused when one evaluation looks at too many."""
    c.scope.visits += count
    if c.scope.visits > MOST_VISITS:
        raise FormRefused("expression-too-slow")


def filtered(c: Context, nodes: Sequence[Node], predicates: Sequence[Compiled]) -> list[Node]:
    """Return the nodes for which every predicate holds, one predicate after the other."""
    kept = list(nodes)
    for predicate in predicates:
        visited(c, len(kept))
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


ARITHMETIC: Final[Mapping[str, Callable[[Any, Any], Any]]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
