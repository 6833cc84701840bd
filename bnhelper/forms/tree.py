"""The tree of one filled form: concrete paths, and instances of repeats put in and taken out.

A concrete path names the instance of every repeat on its way: /data/child[2]/name.
"""

from collections.abc import Container, Iterator, Sequence

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.nodes import Node
from bnhelper.forms.reader import copied
from bnhelper.forms.trouble import NoSuchNode
from bnhelper.ids import FieldPath


class InstanceTree:
    """The nodes of one filled form."""

    def __init__(self, form: FormDefinition) -> None:
        self.form = form
        self.root = copied(form.template)
        #: the nodes that no repeat encloses, by path
        self.single = {node.path: node for node in _outside_repeats(self.root, form.repeats)}
        self._nodes: dict[str, Node] = {}
        self._paths: dict[Node, FieldPath] = {}

    def _name_all(self) -> None:
        repeats = self.form.repeats
        waiting: list[tuple[Node, str]] = [(self.root, self.form.root)]
        while waiting:
            node, path = waiting.pop()
            self._nodes[path] = node
            self._paths[node] = FieldPath(path)
            counts: dict[str, int] = {}
            inside: list[tuple[Node, str]] = []
            for child in node.children:
                inner = f"{path}/{child.name}"
                if child.path in repeats:
                    counts[child.name] = counts.get(child.name, 0) + 1
                    inner = f"{inner}[{counts[child.name]}]"
                inside.append((child, inner))
            waiting.extend(reversed(inside))

    def path(self, node: Node) -> FieldPath:
        """Return the concrete path of a node."""
        if not self._paths:
            self._name_all()
        return self._paths[node]

    def find(self, path: str) -> Node | None:
        """Return the node at a concrete path; a repeat without a position means its first instance.

        What no repeat encloses has no position: kept or sent under one, a value belongs to another form.
        """
        if not self._nodes:
            self._name_all()
        known = self._nodes.get(path)
        if known is not None or not self.form.repeats:
            return known
        said = generic = ""
        for step in path.split("/")[1:]:
            name, _, position = step.partition("[")
            generic = f"{generic}/{name}"
            said = f"{said}/{name}"
            if generic in self.form.repeats:
                said = f"{said}[{position or '1]'}"
            elif position:
                return None
        return self._nodes.get(said)

    def get(self, path: str) -> Node:
        """Return the node at a concrete path. Raises NoSuchNode."""
        node = self.find(path)
        if node is None:
            raise NoSuchNode(path[:200])
        return node

    def every(self) -> Iterator[tuple[FieldPath, Node]]:
        """Return every node with its concrete path, in document order."""
        if not self._paths:
            self._name_all()
        return ((path, node) for node, path in self._paths.items())

    def at(self, path: FieldPath, base: Node | None = None) -> Sequence[Node]:
        """Return all nodes of a generic path below `base`, or in the whole form."""
        base = base or self.root
        nodes: Sequence[Node] = [base]
        if path == base.path:
            return nodes
        for name in path.removeprefix(base.path).split("/")[1:]:
            nodes = nodes[0].named(name) if len(nodes) == 1 else [one for node in nodes for one in node.named(name)]
        return nodes

    def beside(self, path: FieldPath, near: Node) -> Sequence[Node]:
        """Return the nodes of a generic path that share the most repeat instances with `near`."""
        base = near
        while base is not self.root and base.parent is not None and not f"{path}/".startswith(f"{base.path}/"):
            base = base.parent
        return self.at(path, base)

    # --- instances of repeats ----------------------------------------------------------------------------------

    def insert(self, holder: Node, repeat: FieldPath, node: Node | None = None) -> Node:
        """Put a new instance of a repeat behind the last one, or `node` that was taken out before."""
        made = copied(self.form.repeats[repeat].template) if node is None else node
        order = self.form.children[holder.path]
        rank = order.index(made.name)
        place = len(holder.children)
        while place > 0 and order.index(holder.children[place - 1].name) > rank:
            place -= 1
        holder.add(made, place)
        self._forget()
        return made

    def take_out(self, node: Node) -> None:
        """Take an instance of a repeat out."""
        assert node.parent is not None
        node.parent.take_out(node)
        self._forget()

    def _forget(self) -> None:
        self._nodes.clear()
        self._paths.clear()


def _outside_repeats(root: Node, repeats: Container[FieldPath]) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.path not in repeats:
            yield node
            waiting.extend(node.children)
