"""Keeps the outcome of a home visit, signed and queued in one transaction; takes a press back."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection

from bnhelper.clock import PROVINCE_TIME, to_text
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.visits import KEPT_DAYS, Home, Outcome, Reason, Visit
from bnhelper.errors import KnownTrouble
from bnhelper.ids import uuid7
from bnhelper.store import outbox, visits
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.canonical import canonical_bytes, sha256_of

_SCHEMA: Final = 1
_MOST_NOTE: Final = 500


class ListGone(KnownTrouble):
    """The list was taken back, or its time was over, while somebody looked at it."""

    code = "visit-list-gone"


@dataclass(frozen=True, slots=True)
class Told:
    """What was kept, and what was there before: enough to take it back."""

    list_id: str
    visit: Visit
    before: Visit | None


def record_visit(
    machine: OpenMachine,
    list_id: str,
    home: str,
    outcome: Outcome,
    *,
    note: str | None = None,
    done: tuple[Reason, ...] = (),
) -> Told:
    """Keep how a visit ended. The same person at the same home on the same day says it anew, and not twice.

    `note` None keeps the note there was; what was done there is added to. Raises ListGone, DiskFull.
    """
    now = machine.clock.now()
    with machine.store.write() as db:
        if visits.home_of(db, list_id, home) is None:
            raise ListGone
        before = _today_s(db, machine, list_id, home, now)
        if before is None:
            visit = Visit(uuid7(now), 1, home, outcome, now, machine.profile.person, note or "", done, is_mine=True)
        else:
            said = before.note if note is None else note
            more = tuple(one for one in Reason if one in {*before.done, *done})
            visit = replace(before, revision=before.revision + 1, outcome=outcome, at=now, note=said, done=more)
        _tell(db, machine, list_id, replace(visit, note=visit.note[:_MOST_NOTE]))
    return Told(list_id, visit, before)


def undo_visit(machine: OpenMachine, told: Told) -> None:
    """Take the last press back: out of the line while nothing of it has left, else by saying so."""
    with machine.store.write() as db:
        row = visits.newest_record(db, told.visit.record)
        if row is None or row.revision != told.visit.revision:
            return  # something newer was said, or its time is over
        if row.state == OutboxState.QUEUED.value and not row.has_left:
            visits.unqueue(db, row.id)
            if told.before is None:
                visits.forget(db, told.visit.record)
            else:
                visits.put(db, told.list_id, told.before)
            machine.note(db, Deed.VISIT_UNDONE, told.visit.record)
            return
        back = told.before or replace(told.visit, outcome=Outcome.UNDONE, done=())
        _tell(db, machine, told.list_id, replace(back, revision=told.visit.revision + 1))


def add_home(
    machine: OpenMachine, list_id: str | None, *, hamlet: str, lane: str, number: str, who: str
) -> tuple[str, str]:
    """Add a home nobody had listed, on a list or on one begun here; return the list and the home. Raises ListGone."""
    now = machine.clock.now()
    home_id = uuid7(now)
    with machine.store.write() as db:
        if list_id is None:
            list_id = uuid7(now)
            visits.begin_list(db, list_id, hamlet, now, now + dt.timedelta(days=KEPT_DAYS))
        elif all(one.id != list_id for one in visits.lists(db)):
            raise ListGone
        place = visits.next_place(db, list_id)
        said = (lane.strip()[:80], number.strip()[:40], who.strip()[:120])
        home = Home(home_id, place, *said, born=None, reasons=(Reason.UNKNOWN,), note="", is_new=True)
        visits.add_home(db, list_id, home)
        new = {"id": home_id, "place": place, "lane": home.lane, "number": home.number, "who": home.who}
        new |= {"reasons": [Reason.UNKNOWN.value], "is_new": True}
        about = {"home": home_id, "new_home": new, "hamlet": hamlet[:120], "at": to_text(now)}
        _queue(db, machine, list_id, uuid7(now), 1, {**about, "by": machine.profile.person})
    return list_id, home_id


def send_record_again(machine: OpenMachine, number: int) -> None:
    """Queue a record that was refused once more."""
    with machine.store.write() as db:
        if outbox.state_of(db, number) is OutboxState.HELD:
            outbox.move(db, number, OutboxState.QUEUED, held_code=None, held_detail=None, attempts=0, not_before=None)


def _today_s(db: Connection, machine: OpenMachine, list_id: str, home: str, now: dt.datetime) -> Visit | None:
    """Return what this person said of this home today, if they did."""
    day = now.astimezone(PROVINCE_TIME).date()
    for of, one in reversed(visits.of_homes(db, list_id).get(home, [])):
        is_theirs = one.is_mine and of == list_id and one.by == machine.profile.person
        if is_theirs and one.at.astimezone(PROVINCE_TIME).date() == day:
            return one
    return None


def _tell(db: Connection, machine: OpenMachine, list_id: str, visit: Visit) -> None:
    visits.put(db, list_id, visit)
    said: dict[str, Any] = {"home": visit.home, "outcome": visit.outcome.value, "at": to_text(visit.at), "by": visit.by}
    said |= {"note": visit.note, "done": [one.value for one in visit.done]}
    _queue(db, machine, list_id, visit.record, visit.revision, said)


def _queue(
    db: Connection, machine: OpenMachine, list_id: str, record: str, revision: int, said: dict[str, Any]
) -> None:
    about: dict[str, Any] = {
        "schema": _SCHEMA,
        "record": record,
        "revision": revision,
        "device": machine.profile.device,
    }
    body = canonical_bytes({**about, "list": list_id, **said})
    digest = sha256_of(body)
    visits.queue(
        db,
        record=record,
        revision=revision,
        list_id=list_id,
        body=body,
        signature=machine.signing.sign_detached(body),
        sha256=digest,
        at=machine.clock.now(),
    )
    machine.note(db, Deed.VISIT_TOLD, record, revision=revision, envelope_sha256=digest)
