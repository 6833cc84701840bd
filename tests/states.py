"""Brings dossiers into the states that only sending and the province make, by the same doors sync uses."""

from typing import Any

from sqlalchemy import text

from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.clock import to_text
from bnhelper.domain.custody import OutboxState
from bnhelper.ids import DossierId, Sha256
from bnhelper.store import believed_time, outbox, server_truth
from tests import factories
from tests.fakes.clock import FixedClock

REQUEST = {
    "id": "0199a3f0-1111-7abc-8def-0123456789ab",
    "deadline": "2026-11-30T10:00:00.000Z",
    "fields": ["/data/declaration/mother/residence"],
    "papers": ["birth_evidence"],
    "note": "Ghi rõ thôn.",
}


def days_pass(machine: OpenMachine, clock: FixedClock, days: int) -> None:
    """Let days go by on which the machine is opened now and then: its clock is believed."""
    while days > 0:
        clock.move(days=min(days, 5))
        days -= 5
        with machine.store.write() as db:
            believed_time.went_on(db, clock.now())


def draft(machine: OpenMachine) -> DossierId:
    return factories.birth_dossier(machine, is_filled=False, has_consent=False)


def sealed(machine: OpenMachine) -> DossierId:
    dossier = factories.birth_dossier(machine)
    lock_dossier(machine, dossier)
    return dossier


def outbox_id(machine: OpenMachine, dossier: DossierId) -> int:
    with machine.store.read() as db:
        found = db.execute(text("SELECT max(id) FROM outbox WHERE dossier = :one"), {"one": dossier}).scalar_one()
    return int(found)


def move(machine: OpenMachine, dossier: DossierId, *states: OutboxState, **values: object) -> None:
    """Move the newest revision along; `values` are columns of the last move."""
    item = outbox_id(machine, dossier)
    with machine.store.write() as db:
        for state in states[:-1]:
            outbox.move(db, item, state, has_left=True)
        outbox.move(db, item, states[-1], **values)


def held(machine: OpenMachine, code: str = "invalid", detail: str = "") -> DossierId:
    dossier = sealed(machine)
    move(machine, dossier, OutboxState.SENDING, OutboxState.HELD, held_code=code, held_detail=detail)
    return dossier


def proved(machine: OpenMachine, **values: object) -> DossierId:
    dossier = sealed(machine)
    usual = {"proved_at": to_text(machine.clock.now()), "office_number": "H05.27-1"}
    move(machine, dossier, OutboxState.SENDING, OutboxState.PROVED, **(usual | values))
    return dossier


def tell(machine: OpenMachine, dossier: DossierId, state: str, *, seq: int = 1, rev: int = 1, **more: Any) -> bool:
    """Let the province say a word about a dossier, now unless `at` is given."""
    change = {"seq": seq, "dossier": dossier, "rev": rev, "state": state, "at": to_text(machine.clock.now())}
    with machine.store.write() as db:
        return server_truth.apply(db, change | more)


def asked(machine: OpenMachine, **request: Any) -> DossierId:
    """A dossier of which the officer asks something."""
    dossier = proved(machine)
    tell(machine, dossier, "needs_info", officer="Bà Hạnh", request=REQUEST | request)
    return dossier


def acked(machine: OpenMachine, dossier: DossierId, sha256: Sha256, count: int) -> None:
    item = outbox_id(machine, dossier)
    with machine.store.write() as db:
        outbox.note_progress(db, item, sha256, acked=count, sent_more=count)
