"""Where a dossier is: the officer's request with its places in the form, and a timeline from both sides."""

from bnhelper.actions.answer_question import answer_question, undo_answer
from bnhelper.actions.answer_supplement import answer_supplement
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.custody import StatusKey
from bnhelper.ids import FieldPath
from bnhelper.queries.dossier_status import dossier_status
from tests import states
from tests.fakes.clock import FixedClock

_RESIDENCE = FieldPath("/data/declaration/mother/residence")


def test_a_draft_has_a_beginning_and_nothing_of_the_province(machine: OpenMachine) -> None:
    status = dossier_status(machine, states.draft(machine), "vi")
    assert [(one.kind, one.is_from_province) for one in status.timeline] == [("begun", False)]
    assert (status.officer, status.note, status.fields, status.papers) == ("", "", (), ())
    assert (status.deadline, status.asked_at, status.heard_at, status.result_photo) == (None, None, None, None)


def test_a_request_names_fields_with_their_page_and_papers_by_name(machine: OpenMachine) -> None:
    dossier = states.asked(
        machine,
        fields=["/data/applicant/phone", _RESIDENCE, "/data/not/in/this/form"],
        papers=["birth_evidence", "no_such_paper"],
    )
    status = dossier_status(machine, dossier, "vi")
    assert [(one.path, one.section, one.page) for one in status.fields] == [
        ("/data/applicant/phone", "applicant", 1),
        (_RESIDENCE, "mother", 0),
    ]
    assert [one.paper for one in status.papers] == ["birth_evidence"]
    assert status.papers[0].name
    assert status.papers != dossier_status(machine, dossier, "en").papers
    assert (status.officer, status.note) == ("Bà Hạnh", "Ghi rõ thôn.")
    assert status.deadline is not None
    assert status.row.status is StatusKey.SUPPLEMENT


def test_a_field_counts_as_mended_only_since_the_supplement_was_opened(machine: OpenMachine, clock: FixedClock) -> None:
    dossier = states.asked(machine)
    clock.move(minutes=1)
    answer_supplement(machine, dossier)
    assert not dossier_status(machine, dossier, "vi").fields[0].is_changed, "the first answer is not the mended one"
    clock.move(minutes=1)
    answer_question(machine, dossier, _RESIDENCE, "Thôn Phúc Long, xã Tam Đa")
    assert dossier_status(machine, dossier, "vi").fields[0].is_changed
    undo_answer(machine, dossier)
    assert not dossier_status(machine, dossier, "vi").fields[0].is_changed


def test_a_later_word_takes_the_request_away_and_an_earlier_one_changes_nothing(
    machine: OpenMachine, clock: FixedClock
) -> None:
    dossier = states.asked(machine)
    clock.move(hours=1)
    assert states.tell(machine, dossier, "in_review", seq=5)
    assert not states.tell(machine, dossier, "needs_info", seq=3, request=states.REQUEST)
    status = dossier_status(machine, dossier, "vi")
    assert status.row.status is StatusKey.PROCESSING
    assert (status.fields, status.deadline) == ((), None)


def test_a_result_is_named_before_its_file_is_here(machine: OpenMachine, clock: FixedClock) -> None:
    dossier = states.proved(machine)
    clock.move(hours=1)
    result = {"name": "Giấy khai sinh", "sha256": "a" * 64, "size": 3, "media_type": "application/pdf"}
    states.tell(machine, dossier, "approved", result=result)
    status = dossier_status(machine, dossier, "vi")
    assert (status.result_name, status.result_photo) == ("Giấy khai sinh", None)
    assert status.heard_at == clock.now()


def test_the_timeline_is_in_order_and_says_who(machine: OpenMachine, clock: FixedClock) -> None:
    dossier = states.asked(machine)
    clock.move(minutes=1)
    answer_supplement(machine, dossier)
    rows = dossier_status(machine, dossier, "vi").timeline
    assert [row.kind for row in rows] == ["begun", "consented", "sealed", "needs_info", "supplement_opened"]
    assert [row.is_from_province for row in rows] == [False, False, False, True, False]
    assert [row.by for row in rows if row.kind in {"needs_info", "supplement_opened"}] == ["Bà Hạnh", "Vũ Đức Đạt"]
    assert [row.revision for row in rows][-1] == 2
    assert [row.at for row in rows] == sorted(row.at for row in rows)
