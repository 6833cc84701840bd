"""A draft keeps its rule version, is told what changed for this family, and moves over with its answers."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import resources
from bnhelper.actions.answer_question import FieldNotOpen
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.move_to_newest import move_back, move_to_newest
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.authoring.build_pack import build_pack
from bnhelper.catalogue.library import Library
from bnhelper.catalogue.pack import UnknownProcedure
from bnhelper.ids import DossierId, FieldPath, ProcedureCode
from bnhelper.queries.dossier_tasks import dossier_tasks
from bnhelper.queries.draft_changes import DraftChanges, draft_changes
from bnhelper.store import dossiers
from tests import factories

Edit = Callable[[dict[str, Any]], None]
_NAME = FieldPath("/data/applicant/full_name")


@pytest.fixture
def newer(tmp_path: Path) -> Callable[[Edit], Library]:
    """Give a function that builds a newer pack in which 1.001193 is edited, beside the shipped one."""

    def make(edit: Edit) -> Library:
        folder = tmp_path / "sources"
        for name in ("procedures", "places", "search", "guides"):
            shutil.copytree(resources.resource(name), folder / name, dirs_exist_ok=True)
        path = folder / "procedures" / "1.001193.yaml"
        record = yaml.safe_load(path.read_text(encoding="utf-8"))
        edit(record)
        path.write_text(yaml.safe_dump(record, allow_unicode=True), encoding="utf-8")
        meta = folder / "procedures" / "sources.yaml"
        said = yaml.safe_load(meta.read_text(encoding="utf-8"))
        said["compiled"] = "2027-03-01"
        meta.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
        build_pack(folder, tmp_path / "newer.bnpack", is_whole=False)
        return Library([Library.shipped().newest.path, tmp_path / "newer.bnpack"])

    return make


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path / "machine")
    yield opened
    opened.close()


def _draft(machine: OpenMachine, library: Library) -> DossierId:
    draft = factories.birth_dossier(machine)
    machine.library = library
    return draft


def _look(machine: OpenMachine, draft: DossierId) -> DraftChanges:
    found = draft_changes(machine, draft, "vi")
    assert found is not None
    return found


def _nothing(_record: dict[str, Any]) -> None:
    return


def test_a_draft_on_the_newest_pack_is_told_nothing(machine: OpenMachine) -> None:
    draft = _draft(machine, Library.shipped())
    assert draft_changes(machine, draft, "vi") is None


def test_a_newer_pack_without_a_difference_says_so(machine: OpenMachine, newer: Callable[[Edit], Library]) -> None:
    draft = _draft(machine, newer(_nothing))
    found = _look(machine, draft)
    assert found.built_on == "2027-03-01"
    assert found.changes is not None
    assert found.changes.is_empty


def test_the_difference_is_this_familys(machine: OpenMachine, newer: Callable[[Edit], Library]) -> None:
    def edit(record: dict[str, Any]) -> None:
        record["documents"] = [one for one in record["documents"] if one["id"] != "birth_evidence"]
        record["documents"].append(
            {"id": "photo_of_child", "name_vi": "Ảnh cháu bé", "name_en": "Photo of the child", "kind": "submit",
             "originals": 1, "copies": 0, "when": "always"}
        )  # fmt: skip
        record["documents"].append(
            {"id": "only_by_post", "name_vi": "Phong bì", "name_en": "Envelope", "kind": "submit",
             "originals": 1, "copies": 0, "when": {"all": ["channel_postal"]}}
        )  # fmt: skip
        record["fees"] = [{"amount_vnd": 12000}]
        record["time_limits"] = [{"value": 2, "unit": "working_day"}]

    draft = _draft(machine, newer(edit))
    found = _look(machine, draft).changes
    assert found is not None
    assert [one.name for one in found.papers_come] == ["Ảnh cháu bé"]  # they file on line: no envelope
    assert [one.paper for one in found.papers_go] == ["birth_evidence"]
    assert found.fees is not None
    assert found.fees[0].fee.amount_vnd == 12000
    assert found.time_limits is not None
    assert found.time_limits[0].value == 2
    # The two questions that only decided about the paper that went are not asked any more.
    assert [one.path.rpartition("/")[2] for one in found.lost] == ["birth_edata_available", "has_medical_birth_cert"]


def test_moving_keeps_every_answer_and_can_be_undone(machine: OpenMachine, newer: Callable[[Edit], Library]) -> None:
    library = newer(_nothing)
    draft = _draft(machine, library)
    with machine.store.read() as db:
        before = dossiers.answers_of(db, draft)
    was = move_to_newest(machine, draft)
    with machine.store.read() as db:
        assert dossiers.get(db, draft).pack_version == library.newest.version
        assert dossiers.answers_of(db, draft) == before
    assert draft_changes(machine, draft, "vi") is None
    assert dossier_tasks(machine, draft, "vi").row.applicant == "NGUYỄN THỊ HOÀ"
    move_back(machine, draft, was)
    with machine.store.read() as db:
        assert dossiers.get(db, draft).pack_version == was.version


def test_a_sealed_dossier_stays_on_its_version(machine: OpenMachine, newer: Callable[[Edit], Library]) -> None:
    draft = _draft(machine, newer(_nothing))
    lock_dossier(machine, draft)
    assert draft_changes(machine, draft, "vi") is None
    with pytest.raises(FieldNotOpen):
        move_to_newest(machine, draft)


def test_a_procedure_that_is_gone_is_told_and_not_moved(
    machine: OpenMachine, newer: Callable[[Edit], Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    library = newer(_nothing)
    draft = _draft(machine, library)

    def gone(code: str) -> None:
        raise UnknownProcedure(code=code)

    monkeypatch.setattr(library.newest, "procedure", gone)
    assert _look(machine, draft).changes is None
    with pytest.raises(UnknownProcedure):
        move_to_newest(machine, draft)
    with machine.store.read() as db:
        assert dossiers.get(db, draft).procedure == ProcedureCode("1.001193")
