"""What is wrong with an answer: missing, of the wrong type, not offered, or against the form's own rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bnhelper.forms.answer_types import fits, in_range
from bnhelper.forms.definition import Control, FormDefinition
from bnhelper.forms.expressions import Expression
from bnhelper.forms.nodes import Node
from bnhelper.forms.scope import InstanceScope, below
from bnhelper.forms.texts import Text
from bnhelper.forms.values import to_bool
from bnhelper.ids import FieldPath

MANY: Final = frozenset({"select_multiple", "rank"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer. `kind` is required, constraint, type, choice or too-many (instances)."""

    path: FieldPath
    kind: str
    words: Mapping[str, str]

    def message(self, language: str) -> str:
        """Return the form's own sentence in `language`, or nothing when the form has none."""
        return self.words.get(language) or next(iter(self.words.values()), "")


class Checker:
    """Checks the answers of one filled form."""

    def __init__(self, form: FormDefinition, scope: InstanceScope) -> None:
        self._form = form
        self._scope = scope
        self._offered: dict[FieldPath, frozenset[str]] = {}

    def problem(self, path: FieldPath, node: Node) -> Problem | None:
        """Return what is wrong with a node's value, or None. Nothing is wrong with what is not relevant."""
        if not node.is_relevant:
            return None
        bind = self._form.binds.get(node.path)
        control = self._form.controls.get(node.path)
        value = node.text
        if bind is None and control is None:
            return None
        bind = bind or self._form.bind(node.path)
        if not value:
            is_required = holds(bind.required, node, self._scope, default=False)
            return Problem(path, "required", self._said(bind.required_text, node)) if is_required else None
        if not fits(value, bind.type):
            return Problem(path, "type", self._said(bind.constraint_text, node))
        if control is not None and not self._is_among(control, node, value):
            return Problem(path, "choice", self._said(bind.constraint_text, node))
        if not holds(bind.constraint, node, self._scope, default=True):
            return Problem(path, "constraint", self._said(bind.constraint_text, node))
        return None

    def _said(self, text: Text, node: Node) -> Mapping[str, str]:
        if not text.parts and text.value is None:
            return text.by_language
        languages = tuple(text.by_language) or self._form.languages or ("",)
        return {language: self._scope.words(text, node, language) for language in languages}

    def is_offered(self, node: Node) -> bool:
        """Tell whether a node's value is among what its question offers now; a blank always is."""
        control = self._form.controls.get(node.path)
        return control is None or not node.text or self._is_among(control, node, node.text)

    def _is_among(self, control: Control, node: Node, value: str) -> bool:
        if control.range is not None:
            return in_range(value, control.range)
        if not control.choices and control.itemset is None:
            return True
        offered = self._offered.get(control.path)
        if offered is None:
            known = {one.value for one in control.choices}
            if control.itemset is not None:
                steps = control.itemset.value
                known |= {below(one, steps) for one in self._scope.choice_nodes(control.itemset, node)}
            offered = frozenset(known)
            if control.itemset is None or not control.itemset.nodes.reads:
                self._offered[control.path] = offered  # the same for every instance and answer
        if control.kind not in MANY:
            return value in offered
        words = value.split()
        return len(set(words)) == len(words) and offered.issuperset(words)  # no choice can be made twice


def holds(expression: Expression | None, node: Node, scope: InstanceScope, *, default: bool) -> bool:
    """Return what a rule says at a node; `default` where the form has no such rule."""
    return default if expression is None else to_bool(expression.evaluate(node, scope))
