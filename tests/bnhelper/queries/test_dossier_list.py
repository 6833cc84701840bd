"""The list: what needs a person comes first, every status has one filter, and search is plain text."""

import pytest
from sqlalchemy import select

from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.answer_supplement import answer_supplement
from bnhelper.actions.bin_dossier import bin_dossier
from bnhelper.actions.lock_dossier import unlock_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.custody import WIRE_STATES, StatusKey
from bnhelper.ids import DossierId, FieldPath, ProcedureCode
from bnhelper.queries.dossier_list import FILTERS, PAGE, dossier, dossier_list, same_person
from bnhelper.store import dossiers
from bnhelper.store import tables as t
from bnhelper.store.dossiers import NoSuchDossier
from tests import factories, states
from tests.fakes.clock import FixedClock

_NAME = FieldPath("/data/applicant/full_name")


def test_what_needs_a_person_comes_first_whatever_changed_last(machine: OpenMachine, clock: FixedClock) -> None:
    made = {}
    for key, make in (
        ("supplement", states.asked),
        ("sendfail", states.held),
        ("draft", states.draft),
        ("ready", states.sealed),
        ("delivered", states.proved),
    ):
        made[make(machine)] = key
        clock.move(minutes=1)
    page = dossier_list(machine)
    assert [made[row.id] for row in page.rows] == ["supplement", "sendfail", "draft", "ready", "delivered"]
    assert [row.status.value for row in page.rows] == ["supplement", "sendfail", "draft", "ready", "delivered"]
    assert page.counts == {
        "all": 5, "draft": 1, "ready": 1, "sendfail": 1, "delivered": 1, "supplement": 1, "done": 0,
    }  # fmt: skip


def test_inside_one_need_the_last_changed_is_first(machine: OpenMachine, clock: FixedClock) -> None:
    older = states.draft(machine)
    clock.move(minutes=1)
    newer = states.draft(machine)
    assert [row.id for row in dossier_list(machine).rows] == [newer, older]
    clock.move(minutes=1)
    answer_question(machine, older, _NAME, "LÊ A")
    assert [row.id for row in dossier_list(machine).rows] == [older, newer]


def test_every_status_stands_under_exactly_one_filter() -> None:
    for status in StatusKey:
        assert sum(status in wanted for name, wanted in FILTERS.items() if name != "all") == 1, status


def test_a_filter_narrows_and_an_unknown_one_shows_all(machine: OpenMachine) -> None:
    states.draft(machine)
    kept = states.held(machine)
    page = dossier_list(machine, status_filter="sendfail")
    assert [row.id for row in page.rows] == [kept]
    assert (page.total, page.counts["all"]) == (1, 2)
    assert dossier_list(machine, status_filter="nonsense").total == 2


def test_a_long_list_comes_in_pages_and_counts_whole(machine: OpenMachine) -> None:
    for _ in range(PAGE + 1):
        states.draft(machine)
    page = dossier_list(machine)
    assert (len(page.rows), page.total) == (PAGE, PAGE + 1)
    assert page.next is not None
    rest = dossier_list(machine, start=page.next)
    assert len(rest.rows) == 1
    assert rest.next is None
    assert {row.id for row in page.rows}.isdisjoint(row.id for row in rest.rows)


@pytest.mark.parametrize(("text", "is_found"), [
    ("nguyen hoa", True), ("HOÀ nguyễn", True), ("khai sinh", True), ("%", False), ("n_uyen", False), ("  ", True), ("xq'--", False),
])  # fmt: skip
def test_search_takes_words_in_any_order_and_knows_no_wild_cards(
    machine: OpenMachine, text: str, is_found: bool
) -> None:
    factories.birth_dossier(machine)
    assert dossier_list(machine, text=text).total == int(is_found)


def test_a_dossier_is_found_by_its_code(machine: OpenMachine) -> None:
    wanted = factories.birth_dossier(machine)
    factories.birth_dossier(machine)
    code = dossier(machine, wanted).readable_code
    assert [row.id for row in dossier_list(machine, text=code.lower()).rows] == [wanted]


def test_what_is_in_the_bin_is_not_listed_and_a_stranger_is_refused(machine: OpenMachine) -> None:
    bin_dossier(machine, states.draft(machine))
    assert dossier_list(machine).total == 0
    with pytest.raises(NoSuchDossier):
        dossier(machine, DossierId("0199a3f0-0000-7abc-8def-0123456789ab"))


def test_the_same_person_is_the_same_number_in_the_same_procedure(machine: OpenMachine) -> None:
    mine, other, binned = (factories.birth_dossier(machine) for _ in range(3))
    bin_dossier(machine, binned)
    assert [row.id for row in same_person(machine, factories.BIRTH, "027190000002", mine)] == [other]
    assert same_person(machine, ProcedureCode("1.004194"), "027190000002", mine) == []
    assert same_person(machine, factories.BIRTH, "", mine) == [], "those who gave no number are no one person"


@pytest.mark.slow
def test_the_column_that_lists_are_sorted_by_says_what_the_domain_says(machine: OpenMachine) -> None:
    """Triggers keep it: in every state that a dossier can come into, and on the way there."""
    bin_dossier(machine, states.draft(machine))
    for make in (states.draft, states.sealed, states.held, states.proved, states.asked):
        make(machine)
    unlock_dossier(machine, states.sealed(machine), "x")
    answer_supplement(machine, states.asked(machine))
    for number, word in enumerate(sorted(WIRE_STATES)):
        states.tell(machine, states.proved(machine), word, seq=number + 10)
    with machine.store.read() as db:
        said = {row.id: row.status for row in db.execute(select(t.dossiers.c.id, t.dossiers.c.status))}
        rows = dossiers.every(db)
    assert len(rows) == len(said) - 1
    assert {row.id: row.status.value for row in rows} == {one: said[one] for one in said if said[one] != "binned"}
    assert {row.status for row in rows} >= set(StatusKey) - {StatusKey.SENDING}


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "khai", "nguyen hoa"])
@pytest.mark.parametrize("status_filter", ["all", "ready"])
def test_pages_one_after_the_other_give_everything_once_in_the_order_of_one_long_page(
    machine: OpenMachine, clock: FixedClock, text: str, status_filter: str
) -> None:
    for make in (states.sealed, states.proved, states.sealed, states.asked, states.held, states.sealed, states.draft):
        make(machine)
        clock.move(minutes=1)
    whole = dossier_list(machine, text=text, status_filter=status_filter, size=100)
    found: list[DossierId] = []
    place = None
    for _ in range(20):
        page = dossier_list(machine, text=text, status_filter=status_filter, start=place, size=2)
        assert (page.total, page.counts) == (whole.total, whole.counts)
        found += [row.id for row in page.rows]
        place = page.next
        if place is None:
            break
    assert found == [row.id for row in whole.rows]
    assert len(found) == whole.total
