"""Compiles the calls of an expression; those that most rules are made of without a node set to look at one text."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from bnhelper.forms.expressions import Compiled, Context, visited
from bnhelper.forms.function_table import Function
from bnhelper.forms.patterns import is_pattern, matcher
from bnhelper.forms.values import Value, to_bool, to_text
from bnhelper.forms.xpath_parser import Call, Chain, Literal, Path, Step, Tree

HERE: Final = Path("", (Step("self", "node()"),))
_FEW_LETTERS: Final = 32  #: of a text cost as much as looking at a node
_COMPARES: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_SAYS_WHETHER: Final = frozenset({"not", "true", "false", "regex", "selected"})


def call_of(tree: Call, known: Function, ready: Sequence[Compiled]) -> Compiled:
    """Return the closure of a call of a function whose arguments are compiled."""
    quick = _quick(tree, ready)
    if quick is not None:
        return quick
    run = _weighed(known.run) if known.is_by_letter else known.run
    if known.is_lazy:
        return lambda c: run(c, *ready)
    if not ready:
        return run
    if len(ready) == 1:
        only = ready[0]
        return lambda c: run(c, only(c))
    if len(ready) == 2:
        one, two = ready
        return lambda c: run(c, one(c), two(c))
    return lambda c: run(c, *[argument(c) for argument in ready])


def truth_of(tree: Tree, run: Compiled) -> Callable[[Context], bool]:
    """Return what tells whether a tree holds, which `run` gives the value of."""
    if isinstance(tree, Chain):
        sign = tree.rest[0][0]
        is_truth = sign in {"and", "or"} or (sign in _COMPARES and len(tree.rest) == 1)
    else:
        is_truth = isinstance(tree, Call) and tree.name in _SAYS_WHETHER
    return run if is_truth else lambda c: to_bool(run(c))  # type: ignore[return-value]  # it gives nothing else


def _text_of(tree: Tree, run: Compiled) -> Callable[[Context], str]:
    return (lambda c: c.node.value()) if tree == HERE else (lambda c: to_text(run(c)))


def _quick(tree: Call, ready: Sequence[Compiled]) -> Compiled | None:
    """Return the closure of a call that gives what its function gives, costs as much, and takes less time."""
    arguments = tree.arguments
    words = [to_text(one.value) if isinstance(one, Literal) else None for one in arguments]
    if tree.name == "not":
        holds = truth_of(arguments[0], ready[0])
        return lambda c: not holds(c)
    if tree.name == "string-length" and arguments:
        text = _text_of(arguments[0], ready[0])
        return lambda c: float(len(text(c)))
    if tree.name == "regex" and words[1] is not None and is_pattern(words[1]):
        text, test = _text_of(arguments[0], ready[0]), matcher(words[1])
        return lambda c: test(text(c), partial(visited, c))
    if tree.name == "translate" and arguments[0] == HERE and words[1] is not None and words[2] is not None:
        return _translated(words[1], words[2])
    return None


def _translated(these: str, those: str) -> Compiled:
    """Compile translate(., these, those)."""
    table: dict[int, str] = {}
    for place, letter in enumerate(these):
        table.setdefault(ord(letter), those[place : place + 1])
    beside = len(these) + len(those)

    def run(c: Context) -> Value:
        letters = len(c.node.text) + beside
        if letters > 0:
            visited(c, (letters + _FEW_LETTERS) // _FEW_LETTERS)
        return c.node.value().translate(table)

    return run


def _weighed(run: Callable[..., Value]) -> Callable[..., Value]:
    """Return a function that looks at every letter of its arguments, and pays for them."""

    def weighed(c: Context, *values: Value) -> Value:
        letters = 0
        for value in values:
            if isinstance(value, str):
                letters += len(value)
            elif isinstance(value, list):
                letters += sum(len(node.text) + _FEW_LETTERS for node in value)
        if letters > _FEW_LETTERS:
            visited(c, letters // _FEW_LETTERS)
        return run(c, *values)

    return weighed
