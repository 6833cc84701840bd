"""The axes of XPath: where one step leads from given nodes."""

from collections.abc import Callable, Sequence
from typing import Final

from bnhelper.forms.expressions import Context, visited
from bnhelper.forms.nodes import Node

Walk = Callable[[Context, Sequence[Node]], list[Node]]


def walk_along(axis: str, name: str) -> Walk:
    """Return what takes one step along an axis to nodes of a name (`*` any element, `node()` anything)."""
    if axis == "child" and name not in {"*", "node()"}:
        return lambda c, nodes: _children(c, nodes, name)
    walk = _AXES[axis]

    def run(c: Context, nodes: Sequence[Node]) -> list[Node]:
        found: dict[int, Node] = {}
        for node in nodes:
            reached = walk(node)
            visited(c, len(reached) + 1)
            found.update((id(one), one) for one in reached if name in {"*", "node()", one.name})
        return [one for one in found.values() if name == one.name or not one.name.startswith("@")]

    return run


def _children(c: Context, nodes: Sequence[Node], name: str) -> list[Node]:
    visited(c, len(nodes))
    return [child for node in nodes for child in node.named(name)]


def _siblings(node: Node, *, is_after: bool) -> list[Node]:
    if node.parent is None:
        return []
    all_of_them = node.parent.children
    at = all_of_them.index(node)
    return all_of_them[at + 1 :] if is_after else list(reversed(all_of_them[:at]))


def _ancestors(node: Node) -> list[Node]:
    found: list[Node] = []
    up = node.parent
    while up is not None:
        found.append(up)
        up = up.parent
    return found


_AXES: Final[dict[str, Callable[[Node], list[Node]]]] = {
    "child": lambda node: node.children,
    "self": lambda node: [node],
    "parent": lambda node: [] if node.parent is None else [node.parent],
    "descendant": lambda node: list(node.walk())[1:],
    "descendant-or-self": lambda node: list(node.walk()),
    "ancestor": _ancestors,
    "ancestor-or-self": lambda node: [node, *_ancestors(node)],
    "preceding-sibling": lambda node: _siblings(node, is_after=False),
    "following-sibling": lambda node: _siblings(node, is_after=True),
}
