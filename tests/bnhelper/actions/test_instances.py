"""Instances of a repeat in a kept dossier: added, filled, taken out, undone, and there again after a restart."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.actions.answer_question import add_instance, answer_question, redo_answer, remove_instance, undo_answer
from bnhelper.actions.start_dossier import start_dossier
from bnhelper.actions.unlock_machine import OpenMachine, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.catalogue.pack import Pack
from bnhelper.forms.trouble import NotARepeat
from bnhelper.ids import DossierId, FieldPath
from bnhelper.queries.dossier_tasks import dossier_tasks, page_of, question_page
from bnhelper.store.open_form import open_form
from bnhelper.vault.keys import KeyFile
from tests import factories
from tests.bnhelper.forms.xforms import bind, form, p
from tests.fakes.clock import FixedClock

_FORM = form(
    "<applicant><full_name/><id_number/></applicant><start/><chance/>"
    '<child jr:template=""><name/><kind>con</kind><number/></child>',
    bind("start", type="dateTime", jr__preload="timestamp", jr__preloadParams="start")
    + bind("chance", calculate="once(random())")
    + bind("child/number", calculate="position(..)"),
    '<group ref="/data/applicant"><label>A</label><input ref="/data/applicant/full_name"/></group>'
    '<group ref="/data/child"><label>Con</label><repeat nodeset="/data/child">'
    '<input ref="/data/child/name"><label>Tên</label></input></repeat></group>',
)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenMachine]:
    monkeypatch.setattr(Pack, "form", lambda _pack, _code: _FORM)
    opened = factories.machine(tmp_path)
    yield opened
    opened.store.close()


def _values(machine: OpenMachine, dossier: DossierId) -> list[tuple[str, str, str]]:
    with machine.store.read() as db:
        instance = open_form(db, dossier, machine.library, machine.clock).instance
    return [
        (instance.value(FieldPath(f"{one}/name")), instance.value(FieldPath(f"{one}/kind")), instance.value(FieldPath(f"{one}/number")))
        for one in instance.repeats(p("child"))
    ]  # fmt: skip


def test_instances_are_kept_undone_and_redone(machine: OpenMachine) -> None:
    dossier = start_dossier(machine, factories.BIRTH, {})
    assert _values(machine, dossier) == []
    for name in ("Lan", "Minh"):
        place = add_instance(machine, dossier, p("child"))
        answer_question(machine, dossier, FieldPath(f"{place}/name"), name)
    two = [("Lan", "con", "1"), ("Minh", "con", "2")]
    assert _values(machine, dossier) == two
    remove_instance(machine, dossier, p("child"), 1)
    assert _values(machine, dossier) == [("Minh", "con", "1")]
    undo_answer(machine, dossier)
    assert _values(machine, dossier) == two
    redo_answer(machine, dossier)
    assert _values(machine, dossier) == [("Minh", "con", "1")]
    add_instance(machine, dossier, p("child"))
    assert _values(machine, dossier) == [("Minh", "con", "1"), ("", "con", "2")], "nothing of who was taken out"
    with pytest.raises(NotARepeat):
        add_instance(machine, dossier, p("applicant"))
    with pytest.raises(NotARepeat):
        remove_instance(machine, dossier, p("child"), 9)


def test_a_page_offers_instances_and_is_found_again(machine: OpenMachine) -> None:
    dossier = start_dossier(machine, factories.BIRTH, {})
    empty = question_page(machine, dossier, "child", 0, "")
    assert empty.repeat is not None
    assert (empty.questions, empty.repeat.position, empty.repeat.may_add) == ((), 0, True)
    add_instance(machine, dossier, p("child"))
    second = add_instance(machine, dossier, p("child"))
    assert page_of(machine, dossier, second, "") == ("child", 1)
    shown = question_page(machine, dossier, "child", 1, "").repeat
    assert shown is not None
    assert (shown.path, shown.label, shown.position, shown.may_remove) == (p("child"), "Con", 2, True)
    answer_question(machine, dossier, p("child[2]/name"), "An")
    assert [one.id for one in dossier_tasks(machine, dossier, "").sections] == ["applicant", "child"]


def test_what_a_form_took_when_it_was_begun_is_there_after_a_restart(machine: OpenMachine, tmp_path: Path) -> None:
    dossier = start_dossier(machine, factories.BIRTH, {})
    add_instance(machine, dossier, p("child"))
    with machine.store.read() as db:
        before = open_form(db, dossier, machine.library, machine.clock).instance.values()
    assert before[p("start")]
    assert before[p("chance")]
    machine.store.close()
    later = FixedClock()
    later.move(days=2)
    again = unlock_machine(machine.places, KeyFile(tmp_path / "key"), library=Library.shipped(), clock=later)
    with again.store.read() as db:
        assert open_form(db, dossier, again.library, again.clock).instance.values() == before
    again.store.close()
