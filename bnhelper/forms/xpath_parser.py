"""XPath 1.0 with ODK's additions, from text to a tree. Bounded in length and depth; knows nothing of forms.

Runs of operators of one strength are kept as one chain, so that a thousand terms are no deeper than two.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from bnhelper.forms.trouble import FormRefused

MAX_LENGTH: Final = 32_000
_MAX_DEPTH: Final = 100

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<text>'[^']*'|"[^"]*")
    | (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<name>[^\W\d][\w.\-]*(?:::?(?:[^\W\d][\w.\-]*|\*))?|\*)
    | (?P<sign>//|::|!=|<=|>=|\.\.|[@$()\[\],/|+\-=<>.])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
#: operators by strength, weakest first
_STRENGTH: Final = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
    "|": 8,
}
_AXES: Final = frozenset(
    {
        "child",
        "parent",
        "self",
        "attribute",
        "descendant",
        "descendant-or-self",
        "ancestor",
        "ancestor-or-self",
        "preceding-sibling",
        "following-sibling",
    }
)
_NODE_TESTS: Final = frozenset({"node", "text"})


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or a number."""

    value: str | float


@dataclass(frozen=True, slots=True)
class Chain:
    """Terms joined by operators of one strength, from left to right."""

    first: "Tree"
    rest: "tuple[tuple[str, Tree], ...]"


@dataclass(frozen=True, slots=True)
class Negated:
    """Minus something."""

    inner: "Tree"


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path. `name` is a local name, `*` for any element, `node()` for anything."""

    axis: str
    name: str
    predicates: "tuple[Tree, ...]" = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the root (`start` is "/"), from the context node (""), or from what an expression gives."""

    start: "str | Tree"
    steps: tuple[Step, ...]
    #: predicates right behind an expression, as in (/a/b)[1]
    predicates: "tuple[Tree, ...]" = ()


Tree: TypeAlias = "Literal | Chain | Negated | Call | Path"


def parse_xpath(source: str) -> Tree:
    """Return the tree of an expression. Raises FormRefused: too long, nested too deep, or no XPath."""
    if len(source) > MAX_LENGTH:
        raise FormRefused("expression-too-long", source[:40])
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = self._read(source)
        self._at = 0
        self._depth = 0

    def parse(self) -> Tree:
        tree = self._expression()
        if self._tokens[self._at][0] != "end":
            raise self._wrong()
        return tree

    def _read(self, source: str) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        at = 0
        while True:
            found = _TOKEN.match(source, at)
            if found is None or found.lastgroup is None:
                raise FormRefused("expression-not-understood", source[:80])
            kind, said = found.lastgroup, found.group(found.lastgroup)
            at = found.end()
            if kind == "name":
                # `*`, `and`, `div` ... are operators where an operand has just ended (XPath 1.0, 3.7).
                is_operator = bool(tokens) and (tokens[-1][0] in {"text", "number", "name"} or tokens[-1][1] in _ENDS)
                if is_operator:
                    if said not in _STRENGTH:
                        raise FormRefused("expression-not-understood", source[:80])
                    kind = "sign"
            tokens.append((kind, said))
            if kind == "end":
                return tokens

    def _wrong(self) -> FormRefused:
        return FormRefused("expression-not-understood", self._source[:80])

    def _peek(self) -> str:
        kind, said = self._tokens[self._at]
        return said if kind == "sign" else ""

    def _take(self, sign: str) -> bool:
        if self._tokens[self._at] == ("sign", sign):
            self._at += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise self._wrong()

    def _expression(self) -> Tree:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise FormRefused("expression-too-deep", self._source[:80])
        tree = self._climb(self._operand(), 1)
        self._depth -= 1
        return tree

    def _climb(self, left: Tree, weakest: int) -> Tree:
        """Return `left` joined with the operators that follow, as far as they are at least `weakest` strong."""
        while (strength := _STRENGTH.get(self._peek(), 0)) >= weakest:
            rest: list[tuple[str, Tree]] = []
            while _STRENGTH.get(operator := self._peek(), 0) == strength:
                self._at += 1
                rest.append((operator, self._climb(self._operand(), strength + 1)))
            left = Chain(left, tuple(rest))
        return left

    def _operand(self) -> Tree:
        minuses = 0
        while self._take("-"):
            minuses += 1
        tree = self._path()
        if not minuses:
            return tree
        # Unary minus binds less strongly than | and more strongly than everything else.
        tree = self._climb(tree, _STRENGTH["|"])
        return Negated(tree) if minuses % 2 else Call("number", (tree,))

    def _path(self) -> Tree:
        kind, said = self._tokens[self._at]
        start: str | Tree
        predicates: tuple[Tree, ...] = ()
        if kind in {"text", "number"}:
            self._at += 1
            start = Literal(said[1:-1] if kind == "text" else float(said))
            return start
        if self._take("("):
            start = self._expression()
            self._expect(")")
            predicates = self._predicates()
        elif kind == "name" and self._tokens[self._at + 1] == ("sign", "(") and not self._is_node_test(said):
            start = self._call(said)
            predicates = self._predicates()
        elif self._take("/"):
            if not self._is_step():
                return Path("/", ())
            return Path("/", self._steps())
        elif said == "//" and kind == "sign":
            return Path("/", self._steps())
        elif self._is_step():
            return Path("", self._steps())
        else:
            raise self._wrong()
        if self._take("/"):
            return Path(start, self._steps(), predicates)
        if self._peek() == "//":
            return Path(start, self._steps(), predicates)
        return Path(start, (), predicates) if predicates else start

    @staticmethod
    def _is_node_test(name: str) -> bool:
        return name in _NODE_TESTS or name.rpartition("::")[2] in _NODE_TESTS

    def _is_step(self) -> bool:
        kind, said = self._tokens[self._at]
        return kind == "name" or (kind == "sign" and said in {".", "..", "@"})

    def _call(self, name: str) -> Tree:
        self._at += 2
        arguments: list[Tree] = []
        if not self._take(")"):
            arguments.append(self._expression())
            while self._take(","):
                arguments.append(self._expression())
            self._expect(")")
        return Call(name, tuple(arguments))

    def _steps(self) -> tuple[Step, ...]:
        steps: list[Step] = []
        if self._take("//"):
            steps.append(Step("descendant-or-self", "node()"))
        steps.append(self._step())
        while True:
            if self._take("//"):
                steps.append(Step("descendant-or-self", "node()"))
            elif not self._take("/"):
                return tuple(steps)
            steps.append(self._step())

    def _step(self) -> Step:
        if self._take(".."):
            return Step("parent", "node()", self._predicates())
        if self._take("."):
            return Step("self", "node()", self._predicates())
        prefix = "@" if self._take("@") else ""
        kind, said = self._tokens[self._at]
        if kind != "name":
            raise self._wrong()
        self._at += 1
        axis, is_axis, name = said.rpartition("::")
        if not is_axis:
            axis, name = "child", said
        if axis not in _AXES:
            raise self._wrong()
        if axis == "attribute":
            axis, prefix = "child", "@"
        if name in _NODE_TESTS and self._take("("):
            self._expect(")")
            name = "node()"
        return Step(axis, prefix + name.rpartition(":")[2], self._predicates())

    def _predicates(self) -> "tuple[Tree, ...]":
        found: list[Tree] = []
        while self._take("["):
            found.append(self._expression())
            self._expect("]")
        return tuple(found)


_ENDS: Final = frozenset({")", "]", ".", ".."})


def trees(tree: Tree, visit: Callable[[Tree], None]) -> None:
    """Call `visit` on a tree and on every tree inside it."""
    visit(tree)
    if isinstance(tree, Chain):
        trees(tree.first, visit)
        for _, term in tree.rest:
            trees(term, visit)
    elif isinstance(tree, Negated):
        trees(tree.inner, visit)
    elif isinstance(tree, Call):
        for argument in tree.arguments:
            trees(argument, visit)
    elif isinstance(tree, Path):
        if not isinstance(tree.start, str):
            trees(tree.start, visit)
        for predicate in (*tree.predicates, *(one for step in tree.steps for one in step.predicates)):
            trees(predicate, visit)
