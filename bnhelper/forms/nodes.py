"""One node of an instance tree, primary or secondary: what XPath walks over and what holds the values."""

import threading
from collections.abc import Callable, Iterator, Sequence

from bnhelper.ids import FieldPath

_MOST_INDEXES = 24  #: of one list, by a column each
_FEW = 8  #: up to this many children are searched one by one
_NONE: "tuple[Node, ...]" = ()


class _Toll(threading.local):
    """What the evaluation that runs pays for what it finds below a node; nothing while none runs."""

    pay: Callable[[int], None] | None = None


TOLL = _Toll()


class Node:
    """A named node with a text or with children. Attributes are children whose name begins with "@", before all others.

    What has attributes and nothing else below it is a leaf and has its text beside them.

    In the primary instance `path` is the generic path (without positions of repeats) and `kind` the bind's type.
    Secondary instances never change, so they can be indexed by a column.
    """

    __slots__ = ("_by_name", "_indexes", "children", "is_relevant", "kind", "name", "parent", "path", "text")

    def __init__(self, name: str, text: str = "", path: str = "", kind: str = "string") -> None:
        self.name = name
        self.text = text
        self.path = FieldPath(path)
        self.kind = kind
        self.parent: Node | None = None
        self.children: list[Node] = []
        self.is_relevant = True
        self._by_name: dict[str, list[Node]] | None = None
        self._indexes: dict[tuple[str, str], dict[str, list[Node]]] | None = None

    def add(self, child: "Node", at: int | None = None) -> None:
        """Hang `child` in, last or before the child that stands `at`."""
        child.parent = self
        if at is None:
            at = len(self.children)
        if self._by_name is not None:
            if any(later.name == child.name for later in self.children[at:]):
                self._by_name = None
            else:  # a thousand instances are hung in one behind the other
                self._by_name.setdefault(child.name, []).append(child)
        self.children.insert(at, child)

    def take_out(self, child: "Node") -> None:
        """Take `child` out; it keeps its parent, so that it can be put back."""
        self.children.remove(child)
        self._by_name = None

    def named(self, name: str) -> "Sequence[Node]":
        """Return the children called `name`, in order."""
        children = self.children
        if len(children) <= _FEW:
            return [child for child in children if child.name == name]
        if self._by_name is None:
            self._by_name = {}
            for child in children:
                self._by_name.setdefault(child.name, []).append(child)
        return self._by_name.get(name, _NONE)

    def texts(self, name: str | None = None) -> "list[str]":
        """Return the texts of the children called `name`, or of all."""
        return [child.value() for child in (self.children if name is None else self.named(name))]

    def first(self, name: str) -> "Node | None":
        """Return the first child called `name`."""
        found = self.named(name)
        return found[0] if found else None

    @property
    def is_leaf(self) -> bool:
        children = self.children
        return not children or children[-1].name.startswith("@")

    def value(self) -> str:
        """Return the node's string value: its text, or that of all relevant leaves below it."""
        children = self.children
        if not children or children[-1].name[:1] == "@":
            return self.text
        leaves = list(self.leaves())
        if TOLL.pay is not None:
            TOLL.pay(2 * len(leaves))
        return "".join(leaf.text for leaf in leaves if leaf.is_relevant)

    def leaves(self) -> "Iterator[Node]":
        """Return the leaves below, attributes left out, in document order."""
        for node in self.walk():
            if node.is_leaf and not node.name.startswith("@"):
                yield node

    def walk(self) -> "Iterator[Node]":
        """Return this node and everything below it in document order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def position(self) -> int:
        """Return the place among the siblings of the same name, from 1; behind them all for one not yet among them."""
        siblings = () if self.parent is None else self.parent.named(self.name)
        if TOLL.pay is not None:
            TOLL.pay(len(siblings) >> 5)
        return siblings.index(self) + 1 if self in siblings else len(siblings) + 1

    def ancestor(self, path: str) -> "Node | None":
        """Return the node itself or the ancestor whose generic path is `path`."""
        node: Node | None = self
        while node is not None and node.path != path:
            node = node.parent
        return node

    def index(self, name: str, column: str) -> "dict[str, list[Node]] | None":
        """Return column value -> children called `name` that have it, made once (secondary instances only).

        What lacks the column counts as blank there. None where there are indexes enough.
        """
        if self._indexes is None:
            self._indexes = {}
        known = self._indexes.get((name, column))
        if known is None and len(self._indexes) < _MOST_INDEXES:
            if TOLL.pay is not None:
                TOLL.pay(2 * len(self.children))
            known = self._indexes[name, column] = {}
            for child in self.named(name):
                for value in set(child.texts(column)) or {""}:
                    known.setdefault(value, []).append(child)
        return known


class Row(Node):
    """One row of a table: its cells become nodes when they are first walked over, for most never are.

    A list of 10,000 rows is then 10,000 nodes rather than one for every cell as well.
    """

    __slots__ = ("_cells", "_columns", "_walked")

    def __init__(self, table: Node, columns: Sequence[str], cells: Sequence[str]) -> None:
        self._walked: list[Node] | None = None
        self._columns = columns
        self._cells = cells
        self.name = "item"
        self.text = ""
        self.path = FieldPath("")
        self.kind = "string"
        self.parent = table
        self.is_relevant = True
        self._by_name = None
        self._indexes = None

    @property
    def children(self) -> "list[Node]":  # type: ignore[override]
        if self._walked is None:
            cells = [Node(column, cell) for column, cell in zip(self._columns, self._cells, strict=False)]
            for cell in cells:
                cell.parent = self
            self._walked = cells
        return self._walked

    def texts(self, name: str | None = None) -> "list[str]":
        pairs = zip(self._columns, self._cells, strict=False)
        return [cell for column, cell in pairs if name is None or column == name]
