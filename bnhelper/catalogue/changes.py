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


def carried(
    old: FormInstance,
    new: FormDefinition,
    today: Callable[[], dt.date],
    now: Callable[[], dt.datetime] | None = None,
) -> FormInstance:
    """Return an instance of the newer form with every answer that still has a place."""
    answers = old.answers()
    while True:
        instance = FormInstance(new, today=today, now=now, answers=answers, is_resumed=True)
        gone = {path for path in answers if _is_withdrawn(old, instance, path)}
        if not gone:
            return instance
        # Without them other choices may be offered, and others no more: a ward hangs on its province.
        answers = {path: value for path, value in answers.items() if path not in gone}


def _is_withdrawn(old: FormInstance, new: FormInstance, path: FieldPath) -> bool:
    """Tell whether an answer is a choice that the older version offered and the newer one does not."""
    return new.has(path) and not new.is_offered(path) and old.has(path) and old.is_offered(path)


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
        lost=_lost(old, new, language),
    )


def _needs(found: Checklist) -> Mapping[str, str]:
    return {one.paper: one.need for one in found.items}


def _lost(old: FormInstance, new: FormInstance, language: str) -> tuple[LostAnswer, ...]:
    """Return what was answered to a question that people see and what the newer instance does not hold."""
    found = []
    for path, value in old.answers().items():
        if not value or not old.has(path) or not old.is_relevant(path):
            continue  # among them the numbers of instances: their answers speak for them
        generic = old.generic(path)
        is_asked = generic in old.form.controls and old.form.bind(generic).calculate is None
        if is_asked and (not new.has(path) or new.value(path) != value):
            found.append(LostAnswer(path, old.label(path, language), _words(old, path, value, language)))
    return tuple(found)


def _words(old: FormInstance, path: FieldPath, value: str, language: str) -> str:
    """Return a value by the labels of its choices, where the older version offers any."""
    labels = {one.value: one.label for one in old.choices(path, language)}
    return labels.get(value) or (", ".join(labels.get(one, one) for one in value.split()) if labels else value)


def _asked_now(old: FormInstance, new: FormInstance, language: str) -> tuple[str, ...]:
    """Required questions of the newer version that are blank, and that the older one did not require."""

    def was_asked(path: FieldPath) -> bool:
        return old.has(path) and old.is_relevant(path) and old.is_required(path)

    asked = (
        new.label(path, language)
        for path in new.paths()
        if new.generic(path) in new.form.controls
        and new.is_relevant(path)
        and new.is_required(path)
        and not new.value(path)
        and not was_asked(path)
    )
    return tuple(dict.fromkeys(asked))  # once for all the instances of a repeat
