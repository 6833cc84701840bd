"""A form may give values whenever a draft is opened: once while the machine is unlocked, and never over an answer."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bnhelper.actions.answer_question import answer_question, resume_draft, undo_answer
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.catalogue.pack import Pack
from bnhelper.forms.definition import FormDefinition, SetValue
from bnhelper.forms.expressions import Expression
from bnhelper.ids import DossierId, FieldPath, ProcedureCode
from bnhelper.queries.dossier_tasks import dossier_tasks
from bnhelper.store.open_form import open_form
from bnhelper.store.open_machine import OpenMachine
from tests import factories

_NAME = FieldPath("/data/applicant/full_name")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path / "machine")
    yield opened
    opened.close()


@pytest.fixture
def draft(machine: OpenMachine, monkeypatch: pytest.MonkeyPatch) -> DossierId:
    """Return a draft of a form that gives a name whenever it is opened; this machine was locked since."""
    made = factories.birth_dossier(machine)
    shipped = Pack.form
    gives = SetValue("odk-instance-load", _NAME, Expression("'GIVEN'", {}, lambda _c: "GIVEN"), None)

    def form(pack: Pack, code: ProcedureCode) -> FormDefinition:
        return replace(shipped(pack, code), set_values=(gives,))

    monkeypatch.setattr(Pack, "form", form)
    machine.resumed.clear()
    return made


def _name(machine: OpenMachine, draft: DossierId) -> str:
    with machine.store.read() as db:
        return open_form(db, draft, machine.library, machine.clock).instance.value(_NAME)


def test_a_draft_takes_what_its_form_gives_once_and_keeps_what_is_answered_then(
    machine: OpenMachine, draft: DossierId
) -> None:
    assert _name(machine, draft) == "NGUYỄN THỊ HOÀ", "no screen that only looks changes anything"
    resume_draft(machine, draft)
    assert _name(machine, draft) == "GIVEN"
    assert dossier_tasks(machine, draft, "vi").row.applicant == "GIVEN"
    answer_question(machine, draft, _NAME, "TRẦN VĂN BA")
    resume_draft(machine, draft)
    assert _name(machine, draft) == "TRẦN VĂN BA"
    undo_answer(machine, draft)
    undo_answer(machine, draft)
    assert _name(machine, draft) == "NGUYỄN THỊ HOÀ"


def test_an_answer_that_comes_before_any_list_was_opened_is_not_overwritten_later(
    machine: OpenMachine, draft: DossierId
) -> None:
    answer_question(machine, draft, _NAME, "TRẦN VĂN BA")
    resume_draft(machine, draft)
    assert _name(machine, draft) == "TRẦN VĂN BA"
    undo_answer(machine, draft)
    assert _name(machine, draft) == "GIVEN"


def test_a_draft_just_begun_was_opened_already(machine: OpenMachine) -> None:
    draft = factories.birth_dossier(machine)
    assert draft in machine.resumed


def test_a_locked_dossier_takes_nothing(machine: OpenMachine, draft: DossierId) -> None:
    lock_dossier(machine, draft)
    resume_draft(machine, draft)
    assert _name(machine, draft) == "NGUYỄN THỊ HOÀ"
