"""One filled form: answer, what became relevant, what is wrong, what is submitted."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.dependencies import Dependencies
from bnhelper.forms.expressions import Expression, as_bool, as_text
from bnhelper.forms.trouble import NoSuchNode
from bnhelper.ids import FieldPath

_MAX_ANSWER: Final = 10_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer. `kind` is required, constraint, type or choice."""

    path: FieldPath
    kind: str
    words: Mapping[str, str]

    def message(self, language: str) -> str:
        """Return the form's own sentence in `language`, or nothing when the form has none."""
        return self.words.get(language) or next(iter(self.words.values()), "")


class FormInstance:
    """One form being filled.

    `today` is asked whenever an expression needs the date. Values are texts as XForms writes them; a blank is
    an empty text. A node that is not relevant keeps its value for coming back, counts as blank in every
    expression, and is left out of `to_xml` and `problems` (ODK XForms, "relevant").
    """

    def __init__(self, form: FormDefinition, *, today: Callable[[], dt.date]) -> None:
        self.form = form
        self._today = today
        self._dependencies = _dependencies_of(form)
        self._types = {path: bind.type for path, bind in form.binds.items()}
        self._values: dict[FieldPath, str] = dict(form.leaves)
        self._relevant: dict[FieldPath, bool] = {}
        for action in form.set_values:
            if action.event in {"odk-instance-first-load", "odk-instance-load"}:
                self._set(action.target, action.value)
        self._settle(self._dependencies.order)

    # --- reading -------------------------------------------------------------------------------------------

    def value(self, path: FieldPath) -> str:
        """Return what was answered, relevant or not; blank is an empty text. Raises NoSuchNode."""
        try:
            return self._values[path]
        except KeyError:
            raise NoSuchNode(path) from None

    def seen(self, path: FieldPath) -> str:
        """Return what expressions see: the value, or blank while the node is not relevant."""
        return self._values.get(path, "") if self._relevant.get(path, True) else ""

    def is_relevant(self, path: FieldPath) -> bool:
        return self._relevant.get(path, True)

    def is_required(self, path: FieldPath) -> bool:
        return self._holds(self.form.bind(path).required, default=False)

    def is_readonly(self, path: FieldPath) -> bool:
        return self._holds(self.form.bind(path).readonly, default=False)

    def is_certain(self, path: FieldPath) -> bool:
        """Tell whether the node is known to be needed; a node without the rule is certain once relevant."""
        return self.is_relevant(path) and self.rule(path, "certain", default=True)

    def rule(self, path: FieldPath, name: str, *, default: bool) -> bool:
        """Return what one of our own rules (certain, certified) says now."""
        return self._holds(self.form.bind(path).rules.get(name), default=default)

    def problem(self, path: FieldPath) -> Problem | None:
        """Return what is wrong with the answer at `path`, or None. Nothing is wrong with what is not relevant."""
        if not self.is_relevant(path):
            return None
        bind = self.form.bind(path)
        value = self._values[path]
        if not value:
            return Problem(path, "required", bind.required_text.by_language) if self.is_required(path) else None
        if not _fits(value, bind.type):
            return Problem(path, "type", bind.constraint_text.by_language)
        control = self.form.controls.get(path)
        if control is not None and control.choices:
            offered = {choice.value for choice in control.choices}
            if not set(value.split() if control.kind == "select_multiple" else [value]) <= offered:
                return Problem(path, "choice", bind.constraint_text.by_language)
        if not self._holds(bind.constraint, default=True):
            return Problem(path, "constraint", bind.constraint_text.by_language)
        return None

    def problems(self, under: str = "") -> list[Problem]:
        """Return everything that is wrong below `under`, in document order."""
        found = (self.problem(path) for path in self._values if path.startswith(under))
        return [problem for problem in found if problem is not None]

    def answers(self) -> dict[FieldPath, str]:
        """Return every value that differs from the form's own start, for keeping."""
        return {path: value for path, value in self._values.items() if value != self.form.leaves[path]}

    # --- writing -------------------------------------------------------------------------------------------

    def answer(self, path: FieldPath, value: str) -> set[FieldPath]:
        """Put `value` at `path` and settle what depends on it; return every node whose value or relevance changed.

        Text is normalised to NFC and trimmed. A wrong answer is kept: `problem` says what is wrong with it.
        Raises NoSuchNode.
        """
        if path not in self._values:
            raise NoSuchNode(path)
        value = unicodedata.normalize("NFC", value).strip()[:_MAX_ANSWER]
        if self._values[path] == value:
            return set()
        self._values[path] = value
        changed = {path}
        for action in self.form.set_values:
            if action.event == "xforms-value-changed" and action.source == path:
                changed |= self._set(action.target, action.value)
        return changed | self._settle(self._dependencies.after(changed))

    def restore(self, answers: Mapping[FieldPath, str]) -> None:
        """Put kept answers back without running value-change actions; nodes the form lacks are passed over."""
        for path, value in answers.items():
            if path in self._values:
                self._values[path] = value
        self._settle(self._dependencies.order)

    # --- settling ------------------------------------------------------------------------------------------

    def _evaluate(self, expression: Expression) -> object:
        return expression.evaluate(self.seen, self._types, self._today())

    def _holds(self, expression: Expression | None, *, default: bool) -> bool:
        return default if expression is None else as_bool(self._evaluate(expression))

    def _set(self, target: FieldPath, expression: Expression | None) -> set[FieldPath]:
        value = "" if expression is None else as_text(self._evaluate(expression), self._types.get(target, "string"))
        if self._values.get(target) == value:
            return set()
        self._values[target] = value
        return {target}

    def _settle(self, paths: Iterable[FieldPath]) -> set[FieldPath]:
        changed: set[FieldPath] = set()
        for path in paths:
            bind = self.form.bind(path)
            parent = FieldPath(path.rpartition("/")[0])
            is_relevant = self._relevant.get(parent, True) and self._holds(bind.relevant, default=True)
            if is_relevant != self._relevant.get(path, True):
                changed.add(path)
            self._relevant[path] = is_relevant
            if bind.calculate is not None and is_relevant and not (bind.calculates_once and self._values[path]):
                changed |= self._set(path, bind.calculate)
        return changed


_known_dependencies: dict[int, tuple[FormDefinition, Dependencies]] = {}


def _dependencies_of(form: FormDefinition) -> Dependencies:
    """Return the form's graph, made once per definition (a definition is immutable and long-lived)."""
    known = _known_dependencies.get(id(form))
    if known is None or known[0] is not form:
        if len(_known_dependencies) > 64:  # a few forms are open at a time; forget the rest
            _known_dependencies.clear()
        known = (form, Dependencies(form))
        _known_dependencies[id(form)] = known
    return known[1]


def _fits(value: str, kind: str) -> bool:
    try:
        if kind in {"int", "integer"}:
            int(value)
        elif kind == "decimal":
            float(value)
        elif kind == "date":
            dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True
