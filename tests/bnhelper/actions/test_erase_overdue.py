"""What is overdue is out of sight at once, and goes piece by piece while people work."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Connection, text

from bnhelper.actions import erase_overdue as erasing
from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.bin_dossier import bin_dossier, take_from_bin
from bnhelper.actions.data_rights import set_hold
from bnhelper.actions.erase_overdue import erase_overdue, set_aside_if_the_disk_lets_us, set_aside_overdue
from bnhelper.actions.team_counts import write_counts
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.clock import province_date, to_text
from bnhelper.domain.data_rights import KEPT_AFTER_END_DAYS, HoldReason, ended_at
from bnhelper.domain.sending import LinkState
from bnhelper.ids import DossierId, FieldPath
from bnhelper.queries.data_rights import data_rights
from bnhelper.queries.dossier_list import dossier, dossier_list
from bnhelper.queries.sync_centre import sync_centre
from bnhelper.queries.today import today
from bnhelper.store import audit, believed_time, dossiers
from bnhelper.store.dossiers import NoSuchDossier
from bnhelper.store.erasure import ended_long_ago
from bnhelper.vault.disk import DiskFull
from sync.keeper import Keeper
from sync.wire.changes import ChangesPage
from tests import factories, states
from tests.bench.many_dossiers import fill
from tests.fakes.clock import FixedClock

_MONTH_AND_MORE = KEPT_AFTER_END_DAYS + 5


def _ended(machine: OpenMachine, seq: int) -> DossierId:
    one = states.proved(machine)
    states.tell(machine, one, "approved", seq=seq)
    return one


def _left(machine: OpenMachine) -> int:
    """How many dossiers lie in the store, out of sight or not."""
    with machine.store.read() as db:
        return int(db.execute(text("SELECT count(*) FROM dossiers")).scalar_one())


def test_what_is_due_is_nowhere_to_be_seen_before_the_first_row_is_erased(
    machine: OpenMachine, clock: FixedClock
) -> None:
    ended, other = _ended(machine, 1), _ended(machine, 2)
    states.tell(machine, other, "in_review", seq=3)
    states.days_pass(machine, clock, _MONTH_AND_MORE)
    with machine.store.write() as db:  # the receipts came today, after a month on a stick
        db.execute(text("UPDATE outbox SET proved_at = :now"), {"now": to_text(clock.now())})
    assert {row.id for row in dossier_list(machine).rows} == {ended, other}

    assert set_aside_overdue(machine) == (ended,)
    assert _left(machine) == 2
    assert [row.id for row in dossier_list(machine).rows] == [other]
    assert dossier_list(machine).counts["done"] == 0
    assert [row.id for row in dossier_list(machine, text="nguyen").rows] == [other]
    with machine.store.read() as db:
        assert [row.id for row in dossiers.of_person(db, "027190000002")] == [other]
        assert not dossiers.is_there(db, ended)
    centre = sync_centre(machine, LinkState())
    assert [row.dossier for row in centre.done_today] == [other]
    assert centre.status.done_today == 1
    assert ended not in {row.id for row in today(machine).attention}
    assert write_counts(machine).total == 1
    for see in (dossier, data_rights, take_from_bin, lambda m, one: set_hold(m, one, HoldReason.COURT)):
        with pytest.raises(NoSuchDossier):
            see(machine, ended)


def test_each_piece_is_kept_by_itself_and_what_was_cut_off_goes_on_with_the_next_start(
    machine: OpenMachine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "PIECE", 2)
    due = [_ended(machine, seq) for seq in range(1, 5)]
    bin_dossier(machine, states.draft(machine))
    states.days_pass(machine, clock, _MONTH_AND_MORE)
    draft = factories.birth_dossier(machine)
    path, told = FieldPath("/data/applicant/address_detail"), list[tuple[int, int]]()

    def note(gone_through: int) -> None:
        told.append((gone_through, _left(machine)))
        answer_question(machine, draft, path, f"Thôn {gone_through}")  # who works meanwhile is let in between

    assert erase_overdue(machine, goes_on=lambda: len(told) < 2, told=note) == 4
    assert told == [(2, 4), (4, 2)]
    assert [row.id for row in dossier_list(machine).rows] == [draft]
    assert erase_overdue(machine, told=note) == 1
    assert told[2:] == [(1, 1)]
    with machine.store.read() as db:
        assert dossiers.answers_of(db, draft)[path] == "Thôn 1"
        erased = [link.body for link in audit.links(db) if link.body["deed"] == "dossier-erased"]
    assert {one["facts"]["reason"] for one in erased if one["about"] in due} == {"schedule"}
    assert [one["facts"]["reason"] for one in erased if one["about"] not in due] == ["bin"]
    assert machine.photos.files() == []


def test_what_is_due_no_longer_comes_back_and_is_not_erased(machine: OpenMachine, clock: FixedClock) -> None:
    ended = _ended(machine, 1)
    truly = clock.now()
    states.days_pass(machine, clock, _MONTH_AND_MORE)
    due = set_aside_overdue(machine)
    assert due == (ended,)
    with machine.store.write() as db:
        believed_time.heard(db, truly)  # the province says that it is a month earlier
    assert erase_overdue(machine, due) == 0, "each piece is judged again"
    assert set_aside_overdue(machine) == ()
    assert dossier(machine, ended).id == ended


def test_what_was_decided_while_the_machine_was_away_is_kept_until_its_people_had_a_month_to_see_it(
    machine: OpenMachine, clock: FixedClock
) -> None:
    away, said_at = states.proved(machine), clock.now() + dt.timedelta(days=2)
    states.days_pass(machine, clock, 60)
    word = {"seq": 7, "dossier": away, "rev": 1, "state": "returned", "at": to_text(said_at)}

    def hear(seq: int) -> None:
        keeper = Keeper(machine)
        page = ChangesPage.model_validate({"items": [word | {"seq": seq}], "cursor": f"c{seq}", "has_more": False})
        assert keeper.heard(page, keeper.cursor()) == 1

    hear(7)
    learned = clock.now()
    assert data_rights(machine, away).erased_on == province_date(learned) + dt.timedelta(days=KEPT_AFTER_END_DAYS)
    assert set_aside_overdue(machine) == ()
    states.days_pass(machine, clock, 20)
    hear(8)  # the same word once more is not learned anew
    states.days_pass(machine, clock, 9)
    assert set_aside_overdue(machine) == ()
    states.days_pass(machine, clock, 2)
    assert set_aside_overdue(machine) == (away,)


def test_the_tables_say_the_same_as_the_domain_of_six_hundred_dossiers(machine: OpenMachine, clock: FixedClock) -> None:
    fill(machine, 600)
    held = _ended(machine, 10_001)
    set_hold(machine, held, HoldReason.INSPECTION)
    with machine.store.read() as db:
        rows = dossiers.every(db)
        for days in (0, 31, 100, 400):
            at = clock.now().replace(microsecond=0)
            limit = at.timestamp() - days * 86_400
            said = {row.id for row in rows if (end := ended_at(row)) is not None and end.timestamp() <= limit}
            moment = at.fromtimestamp(limit + KEPT_AFTER_END_DAYS * 86_400, at.tzinfo)
            assert set(ended_long_ago(db, moment)) == said - {held}
        assert len(said) == 0
        assert ended_long_ago(db, clock.now(), [held]) == []


def test_a_full_disk_locks_nobody_out(machine: OpenMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> AbstractContextManager[Connection]:
        raise DiskFull

    write: Callable[[], AbstractContextManager[Connection]] = machine.store.write
    monkeypatch.setattr(machine.store, "write", full)
    set_aside_if_the_disk_lets_us(machine)
    monkeypatch.setattr(machine.store, "write", write)
    assert dossier_list(machine).total == 0
