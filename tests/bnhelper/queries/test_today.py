"""Home: the work in hand, then what came back, the nearest deadline first."""

from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.answer_supplement import answer_supplement
from bnhelper.actions.bin_dossier import bin_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.ids import FieldPath
from bnhelper.queries.today import today
from tests import states
from tests.fakes.clock import FixedClock


def test_a_fresh_machine_offers_procedures_and_nothing_else(machine: OpenMachine) -> None:
    shown = today(machine)
    assert shown.resume is None
    assert shown.attention == shown.other_drafts == ()
    assert shown.more_attention == 0
    assert {one.code for one in shown.often} <= {one.code for one in machine.library.newest.procedures()}
    assert len(shown.often) >= 6
    assert shown.pack_built_on == machine.library.newest.built_on


def test_the_draft_touched_last_is_resumed_and_three_others_are_offered(
    machine: OpenMachine, clock: FixedClock
) -> None:
    made = []
    for _ in range(5):
        made.append(states.draft(machine))
        clock.move(minutes=1)
    answer_question(machine, made[0], FieldPath("/data/applicant/full_name"), "LÊ A")
    shown = today(machine)
    assert shown.resume is not None
    assert shown.resume.id == made[0]
    assert [row.id for row in shown.other_drafts] == [made[4], made[3], made[2]]


def test_a_binned_draft_is_not_resumed(machine: OpenMachine) -> None:
    bin_dossier(machine, states.draft(machine))
    assert today(machine).resume is None


def test_what_came_back_is_ordered_by_need_and_deadline(machine: OpenMachine) -> None:
    result = states.proved(machine)
    states.tell(machine, result, "approved")
    fail = states.held(machine)
    refused = states.proved(machine)
    states.tell(machine, refused, "rejected")
    late = states.asked(machine, deadline="2026-12-05T10:00:00.000Z")
    soon = states.asked(machine, deadline="2026-11-24T10:00:00.000Z")
    states.proved(machine)
    states.sealed(machine)
    shown = today(machine)
    assert [row.id for row in shown.attention] == [soon, late, refused, fail, result]
    assert shown.more_attention == 0


def test_more_than_five_are_counted(machine: OpenMachine) -> None:
    for _ in range(7):
        states.held(machine)
    shown = today(machine)
    assert (len(shown.attention), shown.more_attention) == (5, 2)


def test_a_supplement_under_way_is_the_work_in_hand_and_not_told_twice(machine: OpenMachine, clock: FixedClock) -> None:
    asked = states.asked(machine)
    assert [row.id for row in today(machine).attention] == [asked]
    clock.move(minutes=1)
    answer_supplement(machine, asked)
    shown = today(machine)
    assert shown.resume is not None
    assert shown.resume.id == asked
    assert shown.attention == ()
