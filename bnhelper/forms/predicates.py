"""What a predicate asks for, read off its tree: a column's value, a place, and what it costs to ask."""

from typing import Final

from bnhelper.forms.xpath_parser import Call, Chain, Literal, Path, Step, Tree, trees

SELF: Final = Step("self", "node()")
_EVERYWHERE: Final = frozenset({"current", "true", "false", "today"})


def equality(tree: Tree) -> "tuple[str, Tree, bool] | None":
    """Return column, value and whether there is more, for `column = value` or `column = value and ...`.

    The value must not depend on the item, nor anything else on the item's place in the list.
    """
    terms: list[Tree] = [tree]
    if isinstance(tree, Chain) and all(name == "and" for name, _ in tree.rest):
        terms = [tree.first, *(term for _, term in tree.rest)]
        if any(_asks_place(term) for term in terms):
            return None
    for term in terms:
        if not isinstance(term, Chain) or len(term.rest) != 1 or term.rest[0][0] != "=":
            continue
        for one, other in ((term.first, term.rest[0][1]), (term.rest[0][1], term.first)):
            if isinstance(one, Path) and one.start == "" and not _leans_on_item(other):
                steps = [step for step in one.steps if step != SELF]
                if len(steps) == 1 and steps[0].axis == "child" and not steps[0].predicates and steps[0].name != "*":
                    return steps[0].name, other, len(terms) > 1
    return None


def place_asked(tree: Tree) -> "Tree | None":
    """Return what says the place a predicate asks for, where that is all it asks and the node does not matter."""
    if isinstance(tree, Literal):
        return tree if isinstance(tree.value, float) else None
    if not isinstance(tree, Chain) or len(tree.rest) != 1 or tree.rest[0][0] != "=":
        return None
    for one, other in ((tree.first, tree.rest[0][1]), (tree.rest[0][1], tree.first)):
        if isinstance(one, Call) and one.name == "position" and not one.arguments and _is_apart(other):
            return other
    return None


def _is_apart(tree: Tree) -> bool:
    """Tell whether something is the same for every node of a predicate; `position(x)` may be, `position()` is not."""
    found: list[Tree] = []
    trees(tree, found.append)
    return not any(
        (isinstance(one, Path) and one.start == "")
        or (isinstance(one, Call) and not one.arguments and one.name not in _EVERYWHERE)
        for one in found
    )


def weight(tree: Tree) -> int:
    """Return about how many microseconds it takes to work a tree out once, whatever its paths look at."""
    found: list[Tree] = []
    trees(tree, found.append)
    return 2 * len(found) + 1


def _asks_place(tree: Tree) -> bool:
    found: list[Tree] = []
    trees(tree, found.append)
    return any(isinstance(one, Call) and one.name in {"position", "last"} for one in found)


def _leans_on_item(tree: Tree) -> bool:
    found: list[Tree] = []
    trees(tree, found.append)
    return _asks_place(tree) or any(
        (isinstance(one, Path) and one.start == "")
        or (isinstance(one, Call) and not one.arguments and one.name not in _EVERYWHERE)
        for one in found
    )
