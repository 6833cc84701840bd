"""Judges submissions of one form: what `FormInstance(...).problems()` says of the answers, several times quicker.

A server meets the same forms all day and asks one thing of each submission: what is wrong with it. So the tree is
made once and used again, each rule stands ready beside its node, and everything is settled in one walk in the
order of dependence. That walk is enough where the nodes of a form never come or go and nothing but answers and
calculations gives them a value; a form with repeats, preloads or actions at its opening takes the common road. Which
nodes are relevant mostly follows from a few choices, so it is worked out once for each set of them.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bnhelper.forms.alike import Reader
from bnhelper.forms.answer_types import fits, has_check
from bnhelper.forms.definition import Bind, FormDefinition
from bnhelper.forms.dependencies import dependencies_of
from bnhelper.forms.expressions import Expression
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.nodes import Node
from bnhelper.forms.problems import MANY, Checker, Problem
from bnhelper.forms.scope import InstanceScope
from bnhelper.forms.tree import InstanceTree
from bnhelper.forms.values import to_bool, written
from bnhelper.ids import FieldPath

_CALL: Final = re.compile(r"[\w:-]+(?=\s*\()")
_KNOWN_CALLS: Final = frozenset({"instance", "current", "true", "false"})
#: Functions that say the same whenever they are asked of the same values.
_STEADY_CALLS: Final = frozenset({"not", "true", "false", "selected", "boolean", "count-selected", "and", "or"})
_WORD: Final = re.compile("""'([^']*)'""")
_MOST_CASES: Final = 64  #: sets of choices that a tree remembers, before it begins anew


class Judge:
    """Judges submissions of one form; may be asked from several threads."""

    def __init__(self, form: FormDefinition) -> None:
        self._form = form
        self.answers = Reader(form).answers  #: reads a submission
        self.is_quick = _is_plain(form)  #: judged in one walk
        self._free: list[_Bench] = []  # list.pop and list.append are atomic

    def problems(self, answers: Mapping[FieldPath, str], *, today: Callable[[], dt.date]) -> list[Problem]:
        """Return what is wrong with a submission, in document order. Raises FormRefused as an instance would."""
        if not self.is_quick:
            return FormInstance(self._form, today=today, answers=answers, is_resumed=True).problems()
        bench = self._free.pop() if self._free else _Bench(self._form)
        try:
            return bench.problems(answers, today)
        finally:
            bench.clear()
            self._free.append(bench)


def _is_plain(form: FormDefinition) -> bool:
    return (
        not form.repeats
        and not any(bind.preload[0] for bind in form.binds.values())
        and all(one.event == "xforms-value-changed" for one in form.set_values)  # these stay silent while loading
        and all(
            one.itemset is None
            or one.itemset.nodes.reads
            or _KNOWN_CALLS.issuperset(_CALL.findall(one.itemset.nodes.source))
            for one in form.controls.values()
        )
    )


@dataclass(slots=True)
class _Check:
    """One node that may be wrong, and what shows at a glance that it is not; what is not shown, `Checker` tells.

    `may_be_blank` where nothing asks for an answer; `takes_any` where every answer is right; `right` are answers of
    which nothing more is asked than to be offered; `holds` is all that is asked of an answer that nothing is offered
    for, but that it is of its type.
    """

    path: FieldPath
    node: Node
    may_be_blank: bool
    takes_any: bool
    right: frozenset[str]
    holds: Expression | None


@dataclass(slots=True)
class _Step:
    """One node that settles: who is above it and what it follows from."""

    node: Node
    above: Node | None
    relevant: Expression | None
    calculate: Expression | None


class _Bench:
    """One tree of the form with its rules, for one submission after the other."""

    def __init__(self, form: FormDefinition) -> None:
        tree = InstanceTree(form)
        self._scope = InstanceScope(form, tree.root, tree.single, dt.date.today, None, None, {}, None)
        self._checker = Checker(form, self._scope)
        self._leaves = {path: (tree.single[path], default) for path, default in form.leaves.items()}
        self._steps = [
            _Step(node, node.parent, bind.relevant, bind.calculate)
            for path in dependencies_of(form).order
            for node, bind in ((tree.single[path], form.bind(path)),)
        ]
        self._checks = [_check(form, path, node) for path, node in tree.every() if _may_be_wrong(form, form.bind(path))]
        #: what holds a value that is not the form's own; `once()` reads even what is calculated
        self._calculated = [leaf for path, leaf in self._leaves.items() if form.bind(path).calculate is not None]
        self._touched: list[tuple[Node, str]] = []
        self._deciding = _deciding(form, self._steps, tree.single)
        self._cases: dict[tuple[str, ...], tuple[tuple[bool, ...], tuple[_Check, ...]]] = {}

    def clear(self) -> None:
        """Forget a submission: nothing of one may be seen by the next, nor stay in memory."""
        for node, default in (*self._touched, *self._calculated):
            node.text = default
        self._touched.clear()

    def problems(self, answers: Mapping[FieldPath, str], today: Callable[[], dt.date]) -> list[Problem]:
        self._scope.today = today
        self._scope.start_counting()
        leaves, touched = self._leaves, self._touched
        for path, value in answers.items():
            found = leaves.get(path)
            if found is not None:
                found[0].text = value
                touched.append(found)
        scope = self._scope
        wrong: list[Problem] = []
        for check in self._settled():
            node = check.node
            value = node.text
            if (check.takes_any or value in check.right) if value else check.may_be_blank:
                continue
            rule = check.holds
            if value and rule is not None and fits(value, node.kind) and to_bool(rule.evaluate(node, scope)):
                continue
            problem = self._checker.problem(check.path, node)
            if problem is not None:
                wrong.append(problem)
        return wrong

    def _settled(self) -> Sequence[_Check]:
        """Settle the tree in the order of dependence; return the checks of what is relevant."""
        case = self._case()
        known = self._cases.get(case) if case is not None else None
        if known is not None:
            for step, is_relevant in zip(self._steps, known[0], strict=True):
                step.node.is_relevant = is_relevant
            return known[1]
        scope = self._scope
        for step in self._steps:
            node, above, relevant = step.node, step.above, step.relevant
            is_relevant = above is None or above.is_relevant
            if is_relevant and relevant is not None:
                is_relevant = to_bool(relevant.evaluate(node, scope))
            node.is_relevant = is_relevant
            if step.calculate is not None:
                node.text = written(step.calculate.evaluate(node, scope), node.kind)
        checks = tuple(check for check in self._checks if check.node.is_relevant)
        if case is not None:
            if len(self._cases) >= _MOST_CASES:
                self._cases.clear()
            self._cases[case] = tuple(step.node.is_relevant for step in self._steps), checks
        return checks

    def _case(self) -> tuple[str, ...] | None:
        """Return the words that decide what is relevant; None where something else may, or was answered there.

        Only the form's own words are remembered, and never what somebody wrote.
        """
        if self._deciding is None:
            return None
        for node, offered in self._deciding:
            if node.text and node.text not in offered:
                return None
        return tuple([node.text for node, _ in self._deciding])


def _deciding(
    form: FormDefinition, steps: Sequence[_Step], single: Mapping[FieldPath, Node]
) -> list[tuple[Node, frozenset[str]]] | None:
    """Return the nodes that decide what is relevant, with what is remembered of them; None where that is not all.

    These are the form's own words: the choices that it offers, and those that its rules compare with.
    A form that calculates takes the whole walk: what is calculated may decide, and is to be worked out in any case.
    """
    rules = [step.relevant for step in steps if step.relevant is not None]
    if any(step.calculate is not None for step in steps):
        return None
    if not all(_STEADY_CALLS.issuperset(_CALL.findall(rule.source)) for rule in rules):
        return None
    words = frozenset(word for rule in rules for word in _WORD.findall(rule.source))
    found = []
    for path in sorted({path for rule in rules for path in rule.reads}):
        control = form.controls.get(path)
        choices = () if control is None or control.kind in MANY else control.choices
        found.append((single[path], words | {one.value for one in choices}))
    return found


def _check(form: FormDefinition, path: FieldPath, node: Node) -> _Check:
    bind, control = form.bind(path), form.controls.get(path)
    is_ruled = bind.constraint is not None or has_check(bind.type)
    offers = control is not None and bool(control.range or control.choices or control.itemset)
    right = frozenset[str]()
    if control is not None and control.kind not in MANY and control.range is None and not is_ruled:
        right = frozenset(one.value for one in control.choices)
    holds = bind.constraint if not offers else None
    return _Check(path, node, bind.required is None, not is_ruled and not offers, right, holds)


def _may_be_wrong(form: FormDefinition, bind: Bind) -> bool:
    control = form.controls.get(bind.path)
    return (
        bind.required is not None
        or bind.constraint is not None
        or has_check(bind.type)
        or (control is not None and bool(control.range or control.choices or control.itemset))
    )
