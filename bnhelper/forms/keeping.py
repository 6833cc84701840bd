"""What of a filled form is kept as path -> value, and how it comes back, repeats and all."""

import re
from collections.abc import Mapping
from typing import Final

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.nodes import Node
from bnhelper.forms.settling import Settler
from bnhelper.forms.tree import InstanceTree
from bnhelper.ids import FieldPath

_COUNT: Final = "/@count"  #: what a repeat's number of instances is kept under
_POSITION: Final = re.compile(r"\[(\d{1,9})\]", re.ASCII)

_MOST_ROUNDS: Final = 20  #: repeats inside repeats, each counted by an answer of the last


class Keeper:
    """Keeps and brings back the answers of one filled form; made before the form first settles."""

    def __init__(self, form: FormDefinition, tree: InstanceTree, settler: Settler) -> None:
        self._form = form
        self._tree = tree
        self._settler = settler
        self._start = {path: len(nodes) for path, nodes in self._instances().items()}

    def values(self) -> dict[FieldPath, str]:
        """Return every leaf's value and every repeat's number of instances (under `.../@count`)."""
        found = {path: node.text for path, node in self._tree.every() if node.path in self._form.leaves}
        return found | {path: str(len(nodes)) for path, nodes in self._instances().items()}

    def answers(self) -> dict[FieldPath, str]:
        """Return every value that differs from the form's own start, for keeping.

        Also what loading or a new repeat gave a value, and under `/data/child/@count` how many instances there are.
        """
        found = {
            path: str(len(nodes)) for path, nodes in self._instances().items() if len(nodes) != self._start.get(path)
        }
        for path, node in self._tree.every():
            default = self._form.leaves.get(node.path)
            if default is not None and (node.text != default or node in self._settler.given):
                found[path] = node.text
        return found

    def _instances(self) -> dict[FieldPath, list[Node]]:
        """Return the instances of every repeat that people count, by holder."""
        found: dict[FieldPath, list[Node]] = {}
        for path, repeat in self._form.repeats.items():
            if repeat.count is None:
                for holder in self._tree.at(FieldPath(path.rpartition("/")[0])):
                    name = path.rpartition("/")[2]
                    found[FieldPath(f"{self._tree.path(holder)}/{name}{_COUNT}")] = list(holder.named(name))
        return found

    def restore(self, answers: Mapping[FieldPath, str]) -> None:
        """Put kept answers back without running value-change actions; nodes the form lacks are passed over."""
        self._make_room(answers)
        for path, value in answers.items():
            node = None if path.endswith(_COUNT) else self._tree.find(path)
            if node is not None and node.path in self._form.leaves:
                node.text = value
        self._settler.load()
        # Loading may have made instances that a count asks for: their answers can be put back only now.
        for _ in range(_MOST_ROUNDS):
            late = {path: value for path, value in answers.items() if self._differs(path, value)}
            if not late:
                return
            for path, value in late.items():
                self._tree.get(path).text = value
            self._settler.load()

    def _differs(self, path: FieldPath, value: str) -> bool:
        node = None if path.endswith(_COUNT) else self._tree.find(path)
        if node is None or node.path not in self._form.leaves or node.text == value:
            return False
        return self._form.bind(node.path).calculate is None

    def _make_room(self, answers: Mapping[FieldPath, str]) -> None:
        """Bring every repeat to the number of instances kept for it, or that its answers need; outer ones first."""
        wanted: dict[str, int] = {}
        for path, value in answers.items():
            if path.endswith(_COUNT) and re.fullmatch(r"[0-9]{1,9}", value):
                wanted[path.removesuffix(_COUNT)] = int(value)
        for path in answers:
            for found in _POSITION.finditer(path):
                name = path[: found.start()]
                if f"{name}{_COUNT}" not in answers:
                    wanted[name] = max(wanted.get(name, 0), int(found.group(1)))
        for place, count in sorted(wanted.items(), key=lambda one: one[0].count("/")):
            above, _, name = place.rpartition("/")
            holder = self._tree.find(above)
            repeat = FieldPath("" if holder is None else f"{holder.path}/{name}")
            if holder is None or repeat not in self._form.repeats:
                continue
            present = list(holder.named(name))
            for node in present[count:]:
                self._settler.remove(node)
            for _ in range(count - len(present)):
                if self._settler.add(holder, repeat, is_new=False) is None:
                    break
