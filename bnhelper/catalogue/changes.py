"""What changed for this family between two rule versions, and which answers keep their place."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bnhelper.catalogue.checklist import Checklist, ChecklistItem, FeeLine, checklist
from bnhelper.catalogue.procedure import Procedure, TimeLimit
from bnhelper.catalogue.validity import in_force
from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.instance import FormInstance
from bnhelper.ids import FieldPath


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """An answer whose question the newer version does not ask, or whose value it does not offer."""

    path: FieldPath
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference for one family. Everything empty means: a newer version, and nothing of it concerns them."""

    papers_come: tuple[ChecklistItem, ...]
    papers_go: tuple[ChecklistItem, ...]
    papers_settle: tuple[ChecklistItem, ...]  #: from perhaps to needed, or back
    fees: tuple[FeeLine, ...] | None  #: the new ones where they differ
    time_limits: tuple[TimeLimit, ...] | None
    asked_now: tuple[str, ...]  #: labels of required questions that are new or were optional, and still blank
    lost: tuple[LostAnswer, ...]

    @property
    def is_empty(self) -> bool:
        return not (
            self.papers_come
            or self.papers_go
            or self.papers_settle
            or self.fees is not None
            or self.time_limits is not None
            or self.asked_now
            or self.lost
        )


def carried(old: FormInstance, new: FormDefinition, today: Callable[[], dt.date]) -> FormInstance:
    """Return an instance of the newer form with every answer that still has a place."""
    instance = FormInstance(new, today=today)
    instance.restore({path: value for path, value in old.answers().items() if _has_place(new, path, value)})
    return instance


def changes(before: Procedure, old: FormInstance, after: Procedure, new: FormInstance, language: str) -> Changes:
    """Compare one family's case under two versions; `new` is what `carried` gave for `old`."""
    first, second = checklist(old, before, language), checklist(new, after, language)
    had, has = _needs(first), _needs(second)
    limits = in_force(after.time_limits, new.today())
    return Changes(
        papers_come=tuple(one for one in second.items if one.paper not in had),
        papers_go=tuple(one for one in first.items if one.paper not in has),
        papers_settle=tuple(one for one in second.items if had.get(one.paper, one.need) != one.need),
        fees=second.fees if first.fees != second.fees else None,
        time_limits=limits if limits != in_force(before.time_limits, old.today()) else None,
        asked_now=_asked_now(old, new, language),
        lost=_lost(old, new.form, language),
    )


def _needs(found: Checklist) -> Mapping[str, str]:
    return {one.paper: one.need for one in found.items}


def _has_place(form: FormDefinition, path: FieldPath, value: str) -> bool:
    if path not in form.leaves:
        return False
    control = form.controls.get(path)
    if control is None or not control.choices or not value:
        return True
    offered = {choice.value for choice in control.choices}
    return set(value.split() if control.kind == "select_multiple" else [value]) <= offered


def _lost(old: FormInstance, form: FormDefinition, language: str) -> tuple[LostAnswer, ...]:
    found = []
    for path, value in old.answers().items():
        control = old.form.controls.get(path)
        if not value or control is None or not old.is_relevant(path) or _has_place(form, path, value):
            continue
        words = next((one.label.in_language(language) for one in control.choices if one.value == value), value)
        found.append(LostAnswer(path, control.label.in_language(language), words))
    return tuple(found)


def _asked_now(old: FormInstance, new: FormInstance, language: str) -> tuple[str, ...]:
    """Required questions of the newer version that are blank, and that the older one did not require."""

    def was_asked(path: FieldPath) -> bool:
        return path in old.form.leaves and old.is_relevant(path) and old.is_required(path)

    return tuple(
        control.label.in_language(language)
        for path, control in new.form.controls.items()
        if new.is_relevant(path) and new.is_required(path) and not new.value(path) and not was_asked(path)
    )
