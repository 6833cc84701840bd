"""The task list: what is empty, begun, wrong or done, and what may still be changed."""

import pytest

from bnhelper.actions.answer_question import answer_question, answer_questions
from bnhelper.actions.answer_supplement import answer_supplement
from bnhelper.actions.attach_photo import attach_photo, show_paper
from bnhelper.actions.record_consent import record_consent, withdraw_consent
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.ids import DossierId, FieldPath, PaperId, PhotoId
from bnhelper.queries.dossier_tasks import (
    CHECK,
    DONE,
    EMPTY,
    PARTIAL,
    TaskSection,
    dossier_tasks,
    photo_bytes,
    photos_of_paper,
    question_page,
)
from bnhelper.store.dossiers import NoSuchDossier
from bnhelper.store.photos import NoSuchPhoto
from bnhelper.vault.sealed_file import SealedFileDamaged
from tests import factories, states

_EVIDENCE = PaperId("birth_evidence")


def _path(name: str) -> FieldPath:
    return FieldPath(f"/data/{name}")


def _section(machine: OpenMachine, dossier: DossierId, name: str) -> TaskSection:
    return next(one for one in dossier_tasks(machine, dossier, "vi").sections if one.id == name)


def test_a_section_goes_from_empty_to_begun_to_wrong_to_done(machine: OpenMachine) -> None:
    dossier = states.draft(machine)
    assert _section(machine, dossier, "child").state == EMPTY
    answer_question(machine, dossier, _path("declaration/child/full_name"), "TRẦN MINH AN")
    begun = _section(machine, dossier, "child")
    assert begun.state == PARTIAL
    assert "Họ, chữ đệm, tên" not in begun.missing
    answer_question(machine, dossier, _path("declaration/child/birth_date"), "2030-01-01")
    assert _section(machine, dossier, "child").state == CHECK
    answer_questions(
        machine,
        dossier,
        {
            _path("declaration/child/birth_date"): "2026-11-08",
            _path("declaration/child/sex"): "nam",
            _path("declaration/child/birth_place"): "Bắc Ninh",
            _path("declaration/child/home_town"): "Xã Tam Đa",
        },
    )
    done = _section(machine, dossier, "child")
    assert (done.state, done.missing) == (DONE, ())


def test_a_value_the_form_supplies_is_no_work_begun(machine: OpenMachine) -> None:
    """The child's nationality is filled in beforehand; that alone must not look like something was done."""
    assert _section(machine, states.draft(machine), "child").state == EMPTY


def test_ready_needs_every_answer_and_a_consent_that_still_stands(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine, has_consent=False)
    assert not dossier_tasks(machine, dossier, "vi").is_ready
    record_consent(machine, dossier, purpose="other", text_version="1", text="x", given_by="self")
    assert not dossier_tasks(machine, dossier, "vi").has_consent
    record_consent(machine, dossier, purpose="file_dossier", text_version="1", text="x", given_by="self")
    assert dossier_tasks(machine, dossier, "vi").is_ready
    withdraw_consent(machine, dossier, "file_dossier")
    assert not dossier_tasks(machine, dossier, "vi").is_ready


def test_done_is_counted_with_papers_and_consent_as_one_each(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    before = dossier_tasks(machine, dossier, "vi")
    assert before.total_count == len(before.sections) + 2
    assert before.done_count == before.total_count - 1
    attach_photo(machine, dossier, _EVIDENCE, factories.png())
    after = dossier_tasks(machine, dossier, "vi")
    assert after.done_count == after.total_count


def test_a_paper_is_done_by_a_photo_or_by_being_shown(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)

    def is_done(paper: str) -> bool:
        tasks = dossier_tasks(machine, dossier, "vi")
        return next(one.is_done for one in tasks.papers if one.item.paper == paper)

    assert not is_done("residence_proof")
    show_paper(machine, dossier, PaperId("residence_proof"), is_shown=True)
    assert is_done("residence_proof")
    assert not is_done("birth_evidence")
    attach_photo(machine, dossier, _EVIDENCE, factories.png())
    assert is_done("birth_evidence")


def test_a_sealed_dossier_offers_nothing_to_change_and_a_supplement_exactly_what_was_asked(
    machine: OpenMachine,
) -> None:
    sealed = dossier_tasks(machine, states.sealed(machine), "vi")
    assert not any(section.is_editable for section in sealed.sections)
    assert not any(paper.is_editable for paper in sealed.papers)
    asked = states.asked(machine)
    answer_supplement(machine, asked)
    tasks = dossier_tasks(machine, asked, "vi")
    assert [one.id for one in tasks.sections if one.is_editable] == ["mother"]
    assert [one.item.paper for one in tasks.papers if one.is_editable] == ["birth_evidence"]


def test_where_an_answer_came_from_is_kept(machine: OpenMachine) -> None:
    dossier = states.draft(machine)
    answer_question(machine, dossier, _path("applicant/full_name"), "LÊ A", origin="card")
    answer_question(machine, dossier, _path("applicant/phone"), "0912345678")
    origins = dossier_tasks(machine, dossier, "vi").origins
    assert (origins[_path("applicant/full_name")], origins[_path("applicant/phone")]) == ("card", "typed")
    assert origins[_path("case/channel")] == "case"


@pytest.mark.parametrize(
    ("section", "page", "found"),
    [
        ("applicant", 0, ("applicant", 0)),
        ("applicant", 99, ("applicant", 1)),
        ("applicant", -1, ("applicant", 0)),
        ("nowhere", 1, ("applicant", 1)),
    ],
)
def test_a_page_that_is_not_there_gives_the_nearest(
    machine: OpenMachine, section: str, page: int, found: tuple[str, int]
) -> None:
    shown = question_page(machine, states.draft(machine), section, page, "vi")
    assert (shown.section.id, shown.page) == found
    assert shown.questions


def test_photos_come_by_paper_and_a_missing_one_is_told(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    photo = attach_photo(machine, dossier, _EVIDENCE, factories.png())
    assert [one.id for one in photos_of_paper(machine, dossier, _EVIDENCE)] == [photo]
    assert photos_of_paper(machine, dossier, PaperId("residence_proof")) == []
    with pytest.raises(NoSuchPhoto):
        photo_bytes(machine, PhotoId("0199a3f0-0000-7abc-8def-0123456789ab"))
    next(machine.places.photos.glob("*.sealed")).unlink()
    with pytest.raises(SealedFileDamaged):
        photo_bytes(machine, photo)


def test_a_stranger_has_no_tasks(machine: OpenMachine) -> None:
    with pytest.raises(NoSuchDossier):
        dossier_tasks(machine, DossierId("0199a3f0-0000-7abc-8def-0123456789ab"), "vi")
