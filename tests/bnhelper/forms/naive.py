"""A settler that knows no dependencies: it computes everything again until nothing changes. Slow and plain."""

import math
from collections.abc import Sequence

from bnhelper.forms.definition import FormDefinition, SetValue
from bnhelper.forms.expressions import Expression
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.nodes import Node
from bnhelper.forms.values import to_bool, to_number, written
from bnhelper.ids import FieldPath
from tests.bnhelper.forms.xforms import NOW, TODAY


class NaiveSettler:
    def __init__(self, instance: FormInstance) -> None:
        self._instance = instance
        self._form: FormDefinition = instance.form
        self._tree = instance._tree
        self._scope = instance._scope
        self.changed: dict[Node, None] = {}
        self.overfull: dict[Node, FieldPath] = {}
        self._spare = instance._settler._spare  # what loading already took out
        self._before = self._texts()
        self.given: set[Node] = set()

    def _texts(self) -> dict[Node, str]:
        return {node: node.text for _, node in self._tree.every()}

    def write(self, node: Node, text: str) -> None:
        node.text = text

    def run(self, expression: Expression | None, target: Node) -> None:
        self.write(target, "" if expression is None else written(expression.evaluate(target, self._scope), target.kind))

    def targets(self, action: SetValue, near: Node) -> Sequence[Node]:
        if action.nodes is None:
            return self._tree.beside(action.target, near)
        found = action.nodes.evaluate(near, self._scope)
        return found if isinstance(found, list) else []

    def load(self) -> None:
        self._until_quiet()
        self._before = self._texts()

    def settle(self) -> None:
        self._until_quiet()
        due: list[tuple[SetValue, Node]] = []
        for _ in range(500):
            due += [
                (action, node)
                for _, node in self._tree.every()
                for action in self._form.set_values
                if action.event == "xforms-value-changed"
                and action.source == node.path
                and node.text != self._before.get(node, node.text)
            ]
            self._before = self._texts()
            if not due:
                return
            action, source = due.pop(0)
            for target in self.targets(action, source):
                self.run(action.value, target)
            self._until_quiet()
        raise AssertionError("actions without end")

    def _until_quiet(self) -> None:
        for _ in range(200):
            if not self._pass():
                return
        raise AssertionError("it never settles")

    def _pass(self) -> bool:
        is_changed = False
        for path, repeat in self._form.repeats.items():
            if repeat.count is not None:
                for holder in self._tree.at(FieldPath(path.rpartition("/")[0])):
                    is_changed |= self._count(holder, path, repeat.count)
        for _, node in list(self._tree.every()):
            bind = self._form.bind(node.path)
            is_relevant = node.parent is None or node.parent.is_relevant
            if bind.relevant is not None:
                is_relevant = is_relevant and to_bool(bind.relevant.evaluate(node, self._scope))
            is_changed |= is_relevant != node.is_relevant
            node.is_relevant = is_relevant
            if bind.calculate is not None:
                text = written(bind.calculate.evaluate(node, self._scope), node.kind)
                is_changed |= text != node.text
                node.text = text
        return is_changed

    def _count(self, holder: Node, path: FieldPath, count: Expression) -> bool:
        probe = Node(path.rpartition("/")[2], path=path)
        probe.parent = holder
        said = to_number(count.evaluate(probe, self._scope))
        wanted = 0 if math.isnan(said) else max(0, int(said))
        present = list(holder.named(probe.name))
        for node in reversed(present[wanted:]):
            self._tree.take_out(node)
            self._spare.setdefault((holder, path), []).append(node)
        for _ in range(wanted - len(present)):
            self.add(holder, path)
        return wanted != len(present)

    def add(self, holder: Node, path: FieldPath, *, is_new: bool = True) -> Node:
        spare = self._spare.get((holder, path))
        came_back = spare.pop() if spare else None
        node = self._tree.insert(holder, path, came_back)
        if is_new and came_back is None:
            for action in self._form.set_values:
                if action.event == "odk-new-repeat" and action.source == path:
                    for target in self.targets(action, node):
                        self.run(action.value, target)
        return node

    def remove(self, node: Node) -> None:
        self._tree.take_out(node)


def naive(form: FormDefinition) -> FormInstance:
    """Return an instance of `form` that settles the slow way."""
    instance = FormInstance(form, today=lambda: TODAY, now=lambda: NOW, seed=1)
    instance._settler = NaiveSettler(instance)  # type: ignore[assignment]
    instance._settler.load()
    return instance
