"""Turns the tree of an expression, standing on one node of the form, into a closure and the nodes it reads."""

import math
from collections.abc import Callable
from typing import Final

from bnhelper.forms import functions
from bnhelper.forms.calls import HERE, call_of, truth_of
from bnhelper.forms.expressions import ARITHMETIC, TOO_SLOW, Compiled, Context, Effort, Expression, Shape, visited
from bnhelper.forms.function_table import FUNCTIONS
from bnhelper.forms.nodes import Node
from bnhelper.forms.paths import PathCompiler, Place
from bnhelper.forms.patterns import is_pattern
from bnhelper.forms.predicates import weight
from bnhelper.forms.trouble import FormRefused
from bnhelper.forms.values import Value, at_most, below, equal, to_number, to_text, unequal
from bnhelper.forms.xpath_parser import Call, Chain, Literal, Negated, Path, Tree, parse_xpath, trees
from bnhelper.ids import FieldPath

_COMPARISONS: Final[dict[str, Callable[[Value, Value], bool]]] = {
    "=": equal,
    "!=": unequal,
    "<": below,
    "<=": at_most,
    ">": lambda left, right: below(right, left),
    ">=": lambda left, right: at_most(right, left),
}

assert functions  # importing it enters the functions into the table


class Compiler:
    """Compiles the expressions of one form; equal expressions at equal places are compiled once.

    With `faults` given, what is wrong with an expression is gathered there, and the expression gives a blank.
    """

    def __init__(self, shape: Shape, faults: list[FormRefused] | None = None) -> None:
        self._faults = faults
        self._effort = Effort()
        self.shape = shape
        #: ids of the texts that expressions name; or they work one out
        self.asked_texts: set[str] = set()
        self.asks_any_text = False
        self._trees: dict[str, Tree] = {}
        self._known: dict[tuple[str, FieldPath], Expression] = {}

    def compile(self, source: str, at: FieldPath) -> Expression:
        """Return `source`, standing on the node `at`, compiled.

        Raises FormRefused when it is too long, no XPath, or names a node or function that is not there.
        """
        known = self._known.get((source, at))
        if known is not None:
            return known
        try:
            known = self._compiled(source, at)
        except FormRefused as wrong:
            if self._faults is None:
                raise
            self._faults.append(wrong)
            known = Expression(source, {}, lambda _c: "")
        self._known[source, at] = known
        return known

    def holds(self, source: str, at: FieldPath) -> bool:
        """Tell whether `source` can be compiled standing on the node `at`."""
        try:
            self._compiled(source, at)
        except FormRefused:
            return False
        return True

    def _compiled(self, source: str, at: FieldPath) -> Expression:
        tree = self._trees.get(source)
        if tree is None:
            try:
                tree = self._trees[source] = parse_xpath(source)
            except FormRefused as wrong:
                raise FormRefused(str(wrong.values["reason"]), f"{at}: {source[:80]}") from wrong
        if "jr:itext" in source:
            trees(tree, self._note_text)
        terms = weight(tree)
        one = _One(self.shape, at, source, self._effort, is_strict=self._faults is not None)
        try:
            self._effort.take(terms)
            return one.expression(tree, terms)
        except FormRefused as wrong:
            if wrong.values["reason"] != TOO_SLOW:
                raise
            raise FormRefused(TOO_SLOW, f"{at}: {source[:80]}") from wrong

    def _note_text(self, tree: Tree) -> None:
        if isinstance(tree, Call) and tree.name == "jr:itext" and tree.arguments:
            key = tree.arguments[0]
            if isinstance(key, Literal):
                self.asked_texts.add(str(key.value))
            else:
                self.asks_any_text = True


class _One:
    """Compiles one expression."""

    def __init__(self, shape: Shape, at: FieldPath, source: str, effort: Effort, *, is_strict: bool) -> None:
        self._source = source
        self._paths = PathCompiler(shape, at, source, self.compiled, effort=effort, is_strict=is_strict)
        self._here = Place(at, shape.repeat_of(at))
        self._at = at
        self._is_strict = is_strict

    def expression(self, tree: Tree, terms: int) -> Expression:
        run = self.compiled(tree, self._here)
        paths = self._paths
        positions, choices_of = frozenset(paths.positions), frozenset(paths.choices_of)
        return Expression(self._source, paths.shared, run, positions, choices_of, terms)

    def compiled(self, tree: Tree, place: Place) -> Compiled:
        """Return the closure of a tree whose context node is `place`."""
        if isinstance(tree, Literal):
            value = tree.value
            return lambda _c: value
        if isinstance(tree, Path):
            return self._paths.compiled(tree, place)
        if isinstance(tree, Call):
            return self._call(tree, place)
        if isinstance(tree, Negated):
            inner = self.compiled(tree.inner, place)
            return lambda c: -to_number(inner(c))
        return self._chain(tree, place)

    def _chain(self, tree: Chain, place: Place) -> Compiled:
        quick = self._against_word(tree, place)
        if quick is not None:
            return quick
        name = tree.rest[0][0]
        first = self.compiled(tree.first, place)
        rest = [(sign, self.compiled(term, place)) for sign, term in tree.rest]
        terms = [first, *(term for _, term in rest)]
        if name in {"or", "and"}:
            trees = (tree.first, *(term for _, term in tree.rest))
            return _joined(name, [truth_of(*one) for one in zip(trees, terms, strict=True)])
        if name == "|":
            return lambda c: _union([term(c) for term in terms])
        if len(rest) == 1 and name in _COMPARISONS:
            compare, second = _COMPARISONS[name], rest[0][1]
            return lambda c: compare(first(c), second(c))

        def run(c: Context) -> Value:
            value = first(c)
            for sign, term in rest:
                value = _apply(sign, value, term(c))
            return value

        return run

    def _against_word(self, tree: Chain, place: Place) -> Compiled | None:
        """Compile `path = 'word'` and `path != 'word'`, the commonest rules of all, without making node sets."""
        if len(tree.rest) != 1 or tree.rest[0][0] not in {"=", "!="}:
            return None
        (sign, second), first = tree.rest[0], tree.first
        if isinstance(first, Literal):
            first, second = second, first
        if not isinstance(second, Literal) or not isinstance(second.value, str):
            return None
        path = self._paths.single(first, place)
        if path is None:
            return None
        self._paths.reads(path, FieldPath(""))
        word, is_same = second.value, sign == "="

        def run(c: Context) -> bool:
            node = c.scope.single[path]
            return ((node.value() if node.is_relevant else "") == word) is is_same

        return run

    def _call(self, tree: Call, place: Place) -> Compiled:
        name, arguments = tree.name, tree.arguments
        known = FUNCTIONS.get(name)
        if name in {"indexed-repeat", "jr:choice-name"}:
            return self._named_path(tree, place)
        if known is None:
            raise FormRefused("unknown-function", f"{self._at}: {name}")
        if not known.fewest <= len(arguments) <= known.most:
            raise FormRefused("wrong-number-of-arguments", f"{self._at}: {name}")
        if self._is_strict and name == "regex" and isinstance(arguments[1], Literal):
            pattern = str(arguments[1].value)
            if not is_pattern(pattern):
                raise FormRefused("no-pattern", f"{self._at}: {pattern}"[:160])
        read = dict(self._paths.shared)
        ready = [self.compiled(argument, place) for argument in arguments]
        if name == "position" and self._paths.reads_position(arguments[0] if arguments else HERE, place):
            self._paths.shared = read  # where a node stands is asked, not what is in it
        return call_of(tree, known, ready)

    def _named_path(self, tree: Call, place: Place) -> Compiled:
        """Compile the two functions that take a path as a name: indexed-repeat and jr:choice-name."""
        if tree.name == "jr:choice-name":
            if len(tree.arguments) != 2 or not isinstance(tree.arguments[1], Literal):
                raise FormRefused("wrong-number-of-arguments", f"{self._at}: {tree.name}")
            named = parse_xpath(str(tree.arguments[1].value))
            path = self._paths.generic(named, place)
            self._paths.choices_of.add(path)
            where = self._paths.compiled(named, place) if isinstance(named, Path) else None
            value = self.compiled(tree.arguments[0], place)

            def choice_name(c: Context) -> Value:
                nodes = where(c) if where is not None else []
                at = nodes[0] if isinstance(nodes, list) and nodes else c.current
                return c.scope.choice_name(path, to_text(value(c)), at)

            return choice_name
        if len(tree.arguments) < 3 or len(tree.arguments) % 2 == 0:
            raise FormRefused("wrong-number-of-arguments", f"{self._at}: {tree.name}")
        target = self._paths.generic(tree.arguments[0], place)
        pairs = tree.arguments[1:]
        indexes = {
            self._paths.generic(pairs[number], place): self.compiled(pairs[number + 1], place)
            for number in range(0, len(pairs), 2)
        }
        self._paths.reads(target, FieldPath(""))

        def indexed(c: Context) -> Value:
            wanted = {path: to_number(index(c)) for path, index in indexes.items()}
            return _pick(c, target, wanted)

        return indexed


def _joined(name: str, terms: list[Callable[[Context], bool]]) -> Compiled:
    if len(terms) == 2:
        one, other = terms
        return (lambda c: one(c) or other(c)) if name == "or" else (lambda c: one(c) and other(c))
    if name == "or":
        return lambda c: any(term(c) for term in terms)
    return lambda c: all(term(c) for term in terms)


def _pick(c: Context, target: FieldPath, wanted: dict[FieldPath, float]) -> list[Node]:
    """Walk to `target`, taking the wanted instance of each repeat and otherwise the one that encloses us."""
    nodes = [c.scope.root]
    path = c.scope.root.path
    for name in target.removeprefix(path).split("/")[1:]:
        path = FieldPath(f"{path}/{name}")
        nodes = [child for node in nodes for child in node.named(name)]
        visited(c, len(nodes))
        if path in wanted:
            index = wanted[path]
            nodes = nodes[int(index) - 1 : int(index)] if not math.isnan(index) and 1 <= index <= len(nodes) else []
        else:
            own = c.current.ancestor(path)
            nodes = [own] if own in nodes and own is not None and path != target else nodes
    return [node for node in nodes if node.is_relevant]


def _union(parts: list[Value]) -> list[Node]:
    found: dict[int, Node] = {}
    for part in parts:
        if not isinstance(part, list):
            raise ValueError("| joins node sets only")  # noqa: TRY004 - one family for what authors do wrong
        found.update((id(node), node) for node in part)
    return list(found.values())


def _apply(sign: str, left: Value, right: Value) -> Value:
    compare = _COMPARISONS.get(sign)
    if compare is not None:
        return compare(left, right)
    one, other = to_number(left), to_number(right)
    simple = ARITHMETIC.get(sign)
    if simple is not None:
        return float(simple(one, other))
    if sign == "div":
        if other == 0.0:
            return math.nan if one == 0.0 or math.isnan(one) else math.copysign(math.inf, one) * math.copysign(1, other)
        return one / other
    return math.fmod(one, other) if other != 0.0 and not math.isinf(one) else math.nan
