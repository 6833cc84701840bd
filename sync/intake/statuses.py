"""Statuses that come back from the province's systems, as CloudEvents in the ten national codes."""

import datetime as dt
from typing import Any, Final

from pydantic import Field
from sqlalchemy import Connection, Row, select, update

from bnhelper.clock import to_text
from bnhelper.ids import uuid7
from sync.intake import feed, ledger
from sync.intake.identity import Caller
from sync.intake.national import NATIONAL_WORDS, STATE_OF
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.changes import SupplementRequest
from sync.wire.dossiers import WireState
from sync.wire.model import Instant, Message
from sync.wire.problems import ProblemCode

#: Nothing follows these but each other: a status that comes late must not wake what is closed.
_CLOSED: Final = frozenset({WireState.RETURNED, WireState.REJECTED, WireState.WITHDRAWN})


class NationalStatus(Message):
    """One step of a dossier (CapNhatTrangThai)."""

    MaHoSo: str = Field(max_length=60)
    TrangThai: int = Field(ge=1, le=10)
    NguoiXuLy: str = Field(default="", max_length=200)
    GhiChu: str = Field(default="", max_length=4000)
    ThanhPhanBoSung: tuple[str, ...] = Field(default=(), max_length=100)  #: papers that are asked for
    HanBoSung: Instant | None = None


class StatusEvent(Message):
    """A CloudEvent 1.0 in its JSON form."""

    specversion: str = Field(pattern=r"^1\.0$")
    id: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=300)
    type: str = Field(max_length=200)
    time: Instant
    data: NationalStatus


class StatusTaken(Message):
    """What became of it: taken, known (it came before), or late (something newer holds)."""

    outcome: str


def take(site: Site, who: Caller, event: StatusEvent) -> StatusTaken:
    """Take one status in, once. Raises Refused (404) for a dossier that is not here."""
    with site.engine.begin() as db:
        row = db.execute(
            select(ledger.dossiers).where(ledger.dossiers.c.office_number == event.data.MaHoSo).with_for_update()
        ).first()
        if row is None:
            raise Refused(404, ProblemCode.NOT_FOUND)
        new = ledger.insert_once(db, ledger.inbox, source=event.source, event=event.id, at=site.now())
        if db.execute(new.returning(ledger.inbox.c.event)).first() is None:
            return StatusTaken(outcome="known")
        state = STATE_OF[event.data.TrangThai]
        is_late = to_text(event.time) < row.changed_at or (WireState(row.state) in _CLOSED and state not in _CLOSED)
        if is_late or state is WireState.DELIVERED:
            return StatusTaken(outcome="late")
        _apply(site, db, who, row, event, state)
    return StatusTaken(outcome="taken")


def _apply(site: Site, db: Connection, who: Caller, row: Row[Any], event: StatusEvent, state: WireState) -> None:
    now: dt.datetime = site.clock.now()
    said: dict[str, Any] = {}
    note = event.data.GhiChu or NATIONAL_WORDS[event.data.TrangThai]
    values: dict[str, Any] = {
        "state": state.value,
        "changed_at": to_text(now),
        "version": row.version + 1,
        "officer": event.data.NguoiXuLy or who.name,
        "note": note,
    }
    if state is WireState.NEEDS_INFO:
        asked = SupplementRequest(
            id=uuid7(now), deadline=event.data.HanBoSung, papers=event.data.ThanhPhanBoSung, note=note
        )
        said["request"] = asked
        values["request"] = asked.write().decode("utf-8")
    if state in _CLOSED:
        values["due_at"] = None
    db.execute(update(ledger.dossiers).where(ledger.dossiers.c.id == row.id).values(**values))
    feed.append(
        db,
        row.device,
        is_told_by_province=True,
        dossier=row.id,
        rev=row.revision,
        state=state,
        at=now,
        note=note,
        office_number=row.office_number,
        officer=values["officer"],
        **said,
    )
    ledger.note(db, at=to_text(now), who=who.device, what=f"status-{event.data.TrangThai}", dossier=row.id)
