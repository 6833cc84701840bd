"""Statuses that come back from the province's systems, as CloudEvents in the ten national codes."""

import datetime as dt
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError
from sqlalchemy import Connection, Row, select, update

from bnhelper.clock import to_text
from bnhelper.ids import uuid7
from sync.intake import feed, ledger, national
from sync.intake.identity import Caller
from sync.intake.national import NATIONAL_WORDS, STATE_OF
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.changes import SupplementRequest
from sync.wire.dossiers import WireState
from sync.wire.model import Instant, Message
from sync.wire.problems import FieldProblem, ProblemCode

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
    datacontenttype: str = Field(default="application/json", max_length=80)
    data: NationalStatus | Annotated[str, Field(max_length=20_000)]  #: as XML, an element TienDoHoSo in a text

    def status(self) -> NationalStatus:
        """Return the step, whatever form it came in. Raises Refused (422), with places only."""
        if isinstance(self.data, NationalStatus):
            return self.data
        try:
            return NationalStatus.model_validate(national.status_from_xml(self.data))
        except (national.NotNational, ValidationError) as wrong:
            errors = (FieldProblem(pointer="/data", code="not-national"),)
            raise Refused(422, ProblemCode.INVALID, errors=errors) from wrong


class StatusTaken(Message):
    """What became of it: taken, known (it came before), or late (something newer holds)."""

    outcome: str


def take(site: Site, who: Caller, event: StatusEvent) -> StatusTaken:
    """Take one status in, once. Raises Refused (404) for a dossier that is not here."""
    said = event.status()
    with site.engine.begin() as db:
        row = db.execute(
            select(ledger.dossiers).where(ledger.dossiers.c.office_number == said.MaHoSo).with_for_update()
        ).first()
        if row is None:
            raise Refused(404, ProblemCode.NOT_FOUND)
        new = ledger.insert_once(db, ledger.inbox, source=event.source, event=event.id, at=site.now())
        if db.execute(new.returning(ledger.inbox.c.event)).first() is None:
            return StatusTaken(outcome="known")
        state = STATE_OF[said.TrangThai]
        is_late = to_text(event.time) < row.changed_at or (WireState(row.state) in _CLOSED and state not in _CLOSED)
        if is_late or state is WireState.DELIVERED:
            return StatusTaken(outcome="late")
        _apply(site, db, who, row, said, state)
    return StatusTaken(outcome="taken")


def _apply(site: Site, db: Connection, who: Caller, row: Row[Any], step: NationalStatus, state: WireState) -> None:
    now: dt.datetime = site.clock.now()
    said: dict[str, Any] = {}
    note = step.GhiChu or NATIONAL_WORDS[step.TrangThai]
    values: dict[str, Any] = {
        "state": state.value,
        "changed_at": to_text(now),
        "version": row.version + 1,
        "officer": step.NguoiXuLy or who.name,
        "note": note,
    }
    if state is WireState.NEEDS_INFO:
        asked = SupplementRequest(id=uuid7(now), deadline=step.HanBoSung, papers=step.ThanhPhanBoSung, note=note)
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
    ledger.note(db, at=to_text(now), who=who.device, what=f"status-{step.TrangThai}", dossier=row.id)
