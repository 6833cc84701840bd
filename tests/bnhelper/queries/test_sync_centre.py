"""The sync centre and the badge: counted from the same rows, by the province's day."""

import datetime as dt

import pytest

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine, Province
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.sending import Gate, LinkState, SendingKind
from bnhelper.ids import PaperId
from bnhelper.queries.sending_status import day_begins, sending_status
from bnhelper.queries.sync_centre import sync_centre
from bnhelper.store import outbox, server_truth
from bnhelper.vault.canonical import sha256_of
from tests import factories, states
from tests.fakes.clock import FixedClock

_OPEN = LinkState(Gate.OPEN)


def _enrol(machine: OpenMachine) -> None:
    machine.remember_province(Province("http://127.0.0.1:1", "bn", "t", ({"kty": "OKP"},)))


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-22T16:59:59+00:00", "2026-11-21T17:00:00+00:00"),
        ("2026-11-22T17:00:00+00:00", "2026-11-22T17:00:00+00:00"),
        ("2026-11-23T03:05:00+00:00", "2026-11-22T17:00:00+00:00"),
    ],
)
def test_the_day_begins_at_midnight_in_the_province(now: str, begins: str) -> None:
    assert day_begins(dt.datetime.fromisoformat(now)) == dt.datetime.fromisoformat(begins)


def test_the_queue_is_numbered_from_the_oldest_and_counts_what_is_left(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    content = factories.png(extra=b"x" * 5_000)
    attach_photo(machine, dossier, PaperId("birth_evidence"), content)
    lock_dossier(machine, dossier)
    states.proved(machine)
    held = states.held(machine, "invalid", "residence")
    under_way, last = states.sealed(machine), states.sealed(machine)
    states.move(machine, under_way, OutboxState.SENDING)
    states.acked(machine, dossier, sha256_of(content), 2_000)
    shown = sync_centre(machine, _OPEN)
    assert [(row.dossier, row.place) for row in shown.waiting] == [(dossier, 1), (under_way, 2), (last, 3)]
    assert [(row.dossier, row.held_code, row.held_detail, row.place) for row in shown.held] == [
        (held, "invalid", "residence", 0)
    ]
    assert (shown.waiting[0].files, shown.waiting[0].bytes_acked) == (1, 2_000)
    assert shown.files_waiting == 1
    assert shown.bytes_waiting == sum(row.bytes_total for row in shown.waiting) - 2_000
    assert (shown.status.waiting, shown.status.failed) == (3, 1)


def test_what_waits_or_is_held_is_shown_however_much_was_sent_since(
    machine: OpenMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_NEWEST", 2)
    held, waiting = states.held(machine), states.sealed(machine)
    proved = [states.proved(machine) for _ in range(3)]
    shown = sync_centre(machine, _OPEN)
    assert [row.dossier for row in shown.held] == [held]
    assert [row.dossier for row in shown.waiting] == [waiting]
    assert [row.dossier for row in shown.done_today] == proved[:0:-1]


def test_done_today_and_news_today_are_counted_by_the_province_s_day(machine: OpenMachine) -> None:
    yesterday = states.proved(machine, proved_at="2026-11-22T16:59:59.000Z")
    today = states.proved(machine, proved_at="2026-11-22T17:00:00.000Z")
    states.tell(machine, yesterday, "delivered", seq=1, at="2026-11-22T16:59:59.000Z")
    states.tell(machine, today, "delivered", seq=2, at="2026-11-22T17:00:00.000Z")
    shown = sync_centre(machine, _OPEN)
    assert [row.dossier for row in shown.done_today] == [today]
    assert shown.status.done_today == 1
    assert shown.news_today == 1


def test_what_this_machine_did_itself_is_no_news(machine: OpenMachine) -> None:
    states.sealed(machine)
    assert sync_centre(machine, _OPEN).news_today == 0


def test_supplements_are_counted_even_while_they_are_answered(machine: OpenMachine) -> None:
    states.asked(machine)
    states.proved(machine)
    assert sync_centre(machine, _OPEN).supplements == 1


def test_the_badge_is_never_green_without_a_time_of_proof(machine: OpenMachine, clock: FixedClock) -> None:
    _enrol(machine)
    status = sending_status(machine, _OPEN)
    assert (status.kind, status.acknowledged_at) == (SendingKind.CHECKING, None)
    with machine.store.write() as db:
        server_truth.set_cursor(db, "bn", "changes", "1", "2026-11-23T03:04:00.000Z")
    status = sending_status(machine, _OPEN)
    assert status.kind is SendingKind.ALL_SENT
    assert status.acknowledged_at == dt.datetime(2026, 11, 23, 3, 4, tzinfo=dt.UTC)


def test_the_last_word_is_the_newer_of_proof_and_news(machine: OpenMachine) -> None:
    _enrol(machine)
    states.proved(machine, proved_at="2026-11-23T03:04:30.000Z")
    with machine.store.write() as db:
        server_truth.set_cursor(db, "bn", "changes", "1", "2026-11-23T03:04:00.000Z")
    said = sending_status(machine, _OPEN).acknowledged_at
    assert said == dt.datetime(2026, 11, 23, 3, 4, 30, tzinfo=dt.UTC)


def test_what_waits_offline_for_over_a_day_is_said(machine: OpenMachine, clock: FixedClock) -> None:
    _enrol(machine)
    states.sealed(machine)
    offline = LinkState(Gate.OFFLINE)
    assert sending_status(machine, offline).kind is SendingKind.OFFLINE_WAITING
    clock.move(hours=24)
    assert sending_status(machine, offline).kind is SendingKind.OFFLINE_WAITING
    clock.move(seconds=1)
    assert sending_status(machine, offline).kind is SendingKind.OLD


def test_a_failure_is_said_before_anything_else_and_sending_is_no_claim(machine: OpenMachine) -> None:
    states.held(machine)
    assert sending_status(machine, LinkState(Gate.OFFLINE)).kind is SendingKind.REFUSED
    _enrol(machine)
    waiting = states.sealed(machine)
    states.move(machine, waiting, OutboxState.SENDING, OutboxState.CONFIRMING)
    status = sending_status(machine, LinkState(Gate.OPEN, is_moving=True))
    assert (status.kind, status.waiting, status.failed, status.is_sending) == (SendingKind.REFUSED, 1, 1, True)
