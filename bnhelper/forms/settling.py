"""Settles one filled form: after a change exactly what depends on it is computed again, each node once."""

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from bnhelper.forms.definition import FormDefinition, SetValue
from bnhelper.forms.dependencies import Dependencies
from bnhelper.forms.expressions import Expression
from bnhelper.forms.nodes import Node
from bnhelper.forms.scope import InstanceScope
from bnhelper.forms.tree import InstanceTree
from bnhelper.forms.trouble import FormRefused
from bnhelper.forms.values import to_bool, to_number, written
from bnhelper.ids import FieldPath

MOST_INSTANCES: Final = 1_000  #: of one repeat in one holder
MOST_NODES: Final = 50_000  #: of one filled form
MOST_LETTERS: Final = 20_000_000  #: of one filled form; two to four bytes each
_MOST_RECOUNTS: Final = 30  #: of one repeat after one answer
_MOST_ACTIONS: Final = 500  #: value-change actions that one answer may set off


class Settler:
    """Computes relevance, calculations, counts and actions of one filled form."""

    def __init__(self, form: FormDefinition, tree: InstanceTree, scope: InstanceScope, order: Dependencies) -> None:
        self._form = form
        self._tree = tree
        self._scope = scope
        self._order = order
        self._heap: list[tuple[int, bool, FieldPath]] = []
        self._waiting: dict[tuple[bool, FieldPath], dict[Node, None]] = {}
        #: of what waits, that of which every node does: it need not be told again
        self._whole: set[tuple[bool, FieldPath]] = set()
        self._spare: dict[tuple[Node, FieldPath], list[Node]] = {}
        self._actions: list[tuple[SetValue, Node]] = []
        self._recounted: Counter[tuple[Node, FieldPath]] = Counter()
        self._sources = {one.source for one in form.set_values if one.event == "xforms-value-changed"}
        self._is_loading = True
        self._paths_below: dict[FieldPath, Sequence[FieldPath]] = {}
        self.changed: dict[Node, None] = {}
        #: nodes that loading or a new repeat gave a value, so that even a blank in them is an answer
        self.given: set[Node] = set()
        #: repeats whose count asks for more than there may be
        self.overfull: dict[Node, FieldPath] = {}
        self.size = sum(1 for _ in tree.root.walk())
        self._letters = _letters(tree.root.walk())

    # --- what changed ------------------------------------------------------------------------------------------

    def write(self, node: Node, text: str) -> None:
        """Put a text into a node and let its listeners know. Raises FormRefused where all of them grow too long."""
        if node.text == text:
            return
        self._letters += len(text) - len(node.text)
        if self._letters > MOST_LETTERS:
            raise FormRefused("too-much-text", node.path)
        node.text = text
        self._tell(node)
        if not self._is_loading and node.path in self._sources:
            self._actions.extend(
                (one, node)
                for one in self._form.set_values
                if one.event == "xforms-value-changed" and one.source == node.path
            )

    def _tell(self, node: Node, moved: FieldPath | None = None) -> None:
        """Have everything settle again that listens to a node.

        When an instance of the repeat `moved` came or went, that is what listens from outside it, wherever it lies.
        """
        self.changed[node] = None
        for listener in self._order.listeners.get(node.path, ()):
            key = (listener.is_count, listener.path)
            if moved is not None and f"{listener.shared}/".startswith(f"{moved}/"):
                continue
            base = node.ancestor(listener.shared) if listener.shared and moved is None else None
            if base is None and key in self._whole:
                continue
            if listener.is_count:
                parent = FieldPath(listener.path.rpartition("/")[0])
                near = base if base is not None and f"{parent}/".startswith(f"{base.path}/") else None
                self._wait(listener.path, self._tree.at(parent, near), is_count=True)
                if near is None:
                    self._whole.add(key)
                continue
            targets = self._tree.at(listener.path, base)
            if listener.path == node.path:  # a node that reads other instances of itself: only later ones follow
                listed = list(targets)
                targets = listed[listed.index(node) + 1 :] if node in listed else listed
            elif base is None:
                self._whole.add(key)
            self._wait(listener.path, targets)

    def _wait(self, path: FieldPath, nodes: Sequence[Node], *, is_count: bool = False) -> None:
        known = self._waiting.get((is_count, path))
        if known is None:
            known = self._waiting[is_count, path] = {}
            heapq.heappush(self._heap, (self._order.place[path], not is_count, path))
        known.update(dict.fromkeys(nodes))
        self._scope.left -= 1 + (len(nodes) >> 1)

    # --- settling ----------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Settle everything once, in order; value-change actions stay silent."""
        self._is_loading = True
        self._letters = _letters(self._tree.root.walk())
        for path in self._order.order:
            repeat = self._form.repeats.get(path)
            if repeat is not None and repeat.count is not None:
                for holder in self._tree.at(FieldPath(path.rpartition("/")[0])):
                    self._adjust(holder, path)
            for node in self._tree.at(path):
                self._compute(node)
        self.settle()
        self._is_loading = False

    def settle(self) -> None:
        """Settle what waits, then run the actions that set off, until nothing changes any more."""
        budget = _MOST_ACTIONS
        self._recounted.clear()
        while True:
            while self._heap:
                _, is_node, path = heapq.heappop(self._heap)
                nodes = self._waiting.pop((not is_node, path), {})
                self._whole.discard((not is_node, path))
                for node in list(nodes):
                    if not is_node:
                        self._adjust(node, path)
                    else:
                        self._compute(node)
            if not self._actions or budget == 0:
                self._actions.clear()
                return
            action, source = self._actions.pop(0)
            budget -= 1
            for target in self.targets(action, source):
                self.run(action.value, target)

    def happened(self, event: str) -> None:
        """Run the actions of an event of opening; everything must be settled after it."""
        self._is_loading = True  # what they change sets off no others
        for action in self._form.set_values:
            if action.event == event:
                for target in self.targets(action, self._tree.root):
                    self.run(action.value, target)
                    self.given.add(target)

    def _compute(self, node: Node) -> None:
        bind = self._form.binds.get(node.path)
        is_relevant = node.parent is None or node.parent.is_relevant
        if bind is not None and bind.relevant is not None and is_relevant:
            is_relevant = to_bool(bind.relevant.evaluate(node, self._scope))
        if is_relevant != node.is_relevant:
            node.is_relevant = is_relevant
            self._tell(node)
        if bind is not None and bind.calculate is not None:
            # Also of a node that nobody sees, as in JavaRosa: what a form holds follows from its answers alone.
            self.write(node, written(bind.calculate.evaluate(node, self._scope), node.kind))

    def targets(self, action: SetValue, near: Node) -> Sequence[Node]:
        """Return the nodes an action sets: those beside where it happened, or those its predicates choose."""
        if action.nodes is None:
            return self._tree.beside(action.target, near)
        found = action.nodes.evaluate(near, self._scope)
        return found if isinstance(found, list) else []

    def run(self, expression: Expression | None, target: Node) -> None:
        """Put what an action says into its target."""
        value = "" if expression is None else written(expression.evaluate(target, self._scope), target.kind)
        self.write(target, value)

    # --- repeats -----------------------------------------------------------------------------------------------

    def _adjust(self, holder: Node, path: FieldPath) -> None:
        """Bring the number of instances to what jr:count says; those taken out are kept for coming back."""
        count = self._form.repeats[path].count
        assert count is not None
        self._recounted[holder, path] += 1
        if self._recounted[holder, path] > _MOST_RECOUNTS:
            return  # a count that leans on itself and finds no rest
        probe = Node(path.rpartition("/")[2], path=path)
        probe.parent = holder
        said = to_number(count.evaluate(probe, self._scope))
        wanted = 0 if math.isnan(said) or said < 0 else int(min(said, MOST_INSTANCES + 1))
        self.overfull.pop(holder, None)
        if wanted > MOST_INSTANCES:
            self.overfull[holder] = path
            wanted = MOST_INSTANCES
        present = list(holder.named(probe.name))
        spare = present[wanted:][::-1]
        if spare:
            self.remove(*spare)
            self._spare.setdefault((holder, path), []).extend(spare)
        made: list[Node] = []
        for _ in range(wanted - len(present)):
            node = self._insert(holder, path, is_new=True)
            if node is None:
                self.overfull[holder] = path
                break
            made.append(node)
        self._came(made)

    def add(self, holder: Node, path: FieldPath, *, is_new: bool = True) -> Node | None:
        """Add an instance of a repeat, and what its being new sets off. None when the form is full."""
        node = self._insert(holder, path, is_new=is_new)
        if node is not None:
            self._came([node])
        return node

    def _insert(self, holder: Node, path: FieldPath, *, is_new: bool) -> Node | None:
        if self.size > MOST_NODES or len(holder.named(path.rpartition("/")[2])) >= MOST_INSTANCES:
            return None
        spare = self._spare.get((holder, path))
        node = spare.pop() if spare else None
        came_back = node is not None
        node = self._tree.insert(holder, path, node)
        inside = list(node.walk())
        self.size += len(inside)
        self._letters += _letters(inside)
        if is_new and not came_back:
            for action in self._form.set_values:
                if action.event == "odk-new-repeat" and action.source == path:
                    for target in self.targets(action, node):
                        self.run(action.value, target)
                        self.given.add(target)
        return node

    def _came(self, nodes: Sequence[Node]) -> None:
        """Have settle what is in new instances of one repeat, and what listens to them: once for all of them."""
        inside = [one for node in nodes for one in node.walk()]
        if nodes:
            self._structure_changed(inside, nodes[0].path)
        for one in inside:
            self._wait(one.path, [one])
            for name in self._form.children.get(one.path, ()):
                inner = self._form.repeats.get(FieldPath(f"{one.path}/{name}"))
                if inner is not None and inner.count is not None:
                    self._wait(inner.path, [one], is_count=True)

    def remove(self, *nodes: Node) -> None:
        """Take instances of one repeat out of the node that holds them."""
        inside = [one for node in nodes for one in node.walk()]
        self.size -= len(inside)
        self._letters -= _letters(inside)
        holder = nodes[0].parent
        assert holder is not None
        for node in nodes:
            self._tree.take_out(node)
        self._structure_changed(inside, nodes[0].path)
        for one in inside:
            self.changed.pop(one, None)
            self.overfull.pop(one, None)
        gone = set(inside)
        for waiting in self._waiting.values():
            for one in gone & waiting.keys():
                del waiting[one]
        self.changed[holder] = None

    def _structure_changed(self, nodes: Iterable[Node], moved: FieldPath) -> None:
        seen: set[FieldPath] = set()
        for node in nodes:
            if node.path not in seen:
                seen.add(node.path)
                self._tell(node, moved)
        # What reads a node of another instance by its number may now mean another one, even where none stood here.
        for path in self._below(moved):
            if path not in seen:
                absent = Node(path.rpartition("/")[2], path=path)
                self._tell(absent, moved)
                del self.changed[absent]

    def _below(self, repeat: FieldPath) -> Sequence[FieldPath]:
        known = self._paths_below.get(repeat)
        if known is None:
            heard = self._order.listeners
            known = self._paths_below[repeat] = [path for path in heard if path.startswith(f"{repeat}/")]
        return known


def _letters(nodes: Iterable[Node]) -> int:
    return sum(len(node.text) for node in nodes)
