"""Keeps answers with their origin, one transaction each; undo and redo walk the same journal."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection

from bnhelper.catalogue.search_key import fold
from bnhelper.clock import province_date, to_text
from bnhelper.domain.dossier import DossierRow
from bnhelper.errors import KnownTrouble
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.trouble import NotARepeat
from bnhelper.ids import DossierId, FieldPath
from bnhelper.store import dossiers
from bnhelper.store.open_form import OpenForm, editable_of, open_form
from bnhelper.store.open_machine import OpenMachine

_NAME: Final = FieldPath("/data/applicant/full_name")
_NUMBER: Final = FieldPath("/data/applicant/id_number")


class FieldNotOpen(KnownTrouble):
    """A field that may not be changed now: the dossier is sealed, or the officer did not ask for it."""

    code = "field-not-open"


def answer_question(
    machine: OpenMachine, dossier: DossierId, path: FieldPath, value: str, origin: str = "typed"
) -> dt.datetime:
    """Keep one answer and what follows from it; it is on the disk when this returns the time of saving.

    Raises FieldNotOpen, NoSuchNode.
    """
    return answer_questions(machine, dossier, {path: value}, origin)


def answer_questions(
    machine: OpenMachine, dossier: DossierId, values: Mapping[FieldPath, str], origin: str = "typed"
) -> dt.datetime:
    """Keep several answers as one step (a card fills six fields, and one undo takes them back)."""
    resume_draft(machine, dossier)  # what the form gives comes before what a person says, whichever screen was first
    now = machine.clock.now()
    with machine.store.write() as db:
        form = open_form(db, dossier, machine.library, machine.clock)
        before = form.instance.values()
        for path, value in values.items():
            if not form.editable.field(path):
                raise FieldNotOpen(path=path)
            form.instance.answer(path, value)
        _keep(db, dossier, before, form, origin, now)
    return now


def add_instance(machine: OpenMachine, dossier: DossierId, path: FieldPath) -> FieldPath:
    """Add an instance to the repeat at `path`; return where it stands. It is one step, which undo takes back.

    Raises FieldNotOpen, NotARepeat.
    """

    def add(instance: FormInstance) -> FieldPath:
        if not instance.may_add(path):
            raise NotARepeat(path)
        return instance.add_repeat(path)

    return _change_repeat(machine, dossier, add)


def remove_instance(machine: OpenMachine, dossier: DossierId, path: FieldPath, position: int) -> None:
    """Take an instance of the repeat at `path` out with its answers. It is one step, which undo takes back.

    Raises FieldNotOpen, NotARepeat.
    """

    def remove(instance: FormInstance) -> FieldPath:
        instance.remove_repeat(path, position)
        return path

    _change_repeat(machine, dossier, remove)


def _change_repeat(machine: OpenMachine, dossier: DossierId, change: Callable[[FormInstance], FieldPath]) -> FieldPath:
    resume_draft(machine, dossier)
    now = machine.clock.now()
    with machine.store.write() as db:
        form = open_form(db, dossier, machine.library, machine.clock)
        if not form.editable.is_everything:  # an officer asks for fields, never for another instance
            raise FieldNotOpen(path="repeat")
        before = form.instance.values()
        place = change(form.instance)
        _keep(db, dossier, before, form, "typed", now)
    return place


def _keep(
    db: Connection,
    dossier: DossierId,
    before: Mapping[FieldPath, str],
    form: OpenForm,
    origin: str,
    now: dt.datetime,
) -> None:
    after = form.instance.values()
    changes = [
        (path, before.get(path, ""), after.get(path, ""))
        for path in {**before, **after}
        if before.get(path, "") != after.get(path, "")
    ]
    if changes:
        dossiers.put_answers(db, dossier, changes, origin=origin, at=to_text(now))
        _touch(db, form.row, {path: form.instance.value(path) for path in (_NAME, _NUMBER)}, now)


def resume_draft(machine: OpenMachine, dossier: DossierId) -> None:
    """Let a draft take what its form gives whenever it is opened (ODK XForms, `odk-instance-load`).

    Once while this machine is unlocked, and one step of the journal. Nothing happens to a dossier that is sealed, or of
    which an officer asked for some fields only. Raises NoSuchDossier, UnknownProcedure, PackDamaged.
    """
    if dossier in machine.resumed:
        return
    now = machine.clock.now()
    with machine.store.read() as db:
        form = open_form(db, dossier, machine.library, machine.clock)
    if form.editable.is_everything and form.instance.form.happens("odk-instance-load"):
        with machine.store.write() as db:
            form = open_form(db, dossier, machine.library, machine.clock)
            before = form.instance.values()
            form.instance = FormInstance(
                form.instance.form,
                today=lambda: province_date(now),
                now=lambda: now,
                answers=dossiers.answers_of(db, dossier),
            )
            if form.editable.is_everything:
                _keep(db, dossier, before, form, "form", now)
    machine.resumed.add(dossier)


def undo_answer(machine: OpenMachine, dossier: DossierId) -> dict[FieldPath, str]:
    """Take back the last step; return path -> value now, empty when there is none. Raises FieldNotOpen."""
    return _walk(machine, dossier, is_undo=True)


def redo_answer(machine: OpenMachine, dossier: DossierId) -> dict[FieldPath, str]:
    """Bring back the step that was undone last. Raises FieldNotOpen."""
    return _walk(machine, dossier, is_undo=False)


def _walk(machine: OpenMachine, dossier: DossierId, *, is_undo: bool) -> dict[FieldPath, str]:
    now = machine.clock.now()
    with machine.store.write() as db:
        row = dossiers.get(db, dossier)
        editable = editable_of(db, row)
        said = dossiers.walk_journal(db, dossier, is_undo=is_undo, at=to_text(now))
        if not all(editable.field(path) for path in said):
            raise FieldNotOpen(path="undo")
        answers = dossiers.answers_of(db, dossier)
        _touch(db, row, {path: answers.get(path, "") for path in (_NAME, _NUMBER)}, now)
    return said


def _touch(db: Connection, row: DossierRow, who: Mapping[FieldPath, str], now: dt.datetime) -> None:
    dossiers.change(
        db,
        row.id,
        applicant=who[_NAME],
        id_number=who[_NUMBER],
        search_key=fold(f"{who[_NAME]} {row.title_vi} {row.readable_code}"),
        changed_at=to_text(now),
    )


def set_position(machine: OpenMachine, dossier: DossierId, screen: str, place: str) -> None:
    """Remember where the volunteer is, so that the work goes on there after anything."""
    with machine.store.write() as db:
        dossiers.change(db, dossier, screen=screen, place=place)
