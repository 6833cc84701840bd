"""Statuses that come back from the province's systems, as CloudEvents in the ten national codes."""

import base64
import datetime as dt
import hashlib
import json
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError
from sqlalchemy import Connection, Row, insert, select, update

from bnhelper.clock import to_text
from bnhelper.domain.attachments import PhotoIsNoImage, PhotoTooLarge, media_type_of
from bnhelper.ids import uuid7
from sync.intake import feed, ledger, national, results
from sync.intake.deadlines import NO_DATE
from sync.intake.desk_card import number_word
from sync.intake.identity import Caller
from sync.intake.national import NATIONAL_WORDS, STATE_OF
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.changes import Result, SupplementRequest
from sync.wire.dossiers import WireState
from sync.wire.model import Instant, Message, Sha256Text
from sync.wire.problems import FieldProblem, ProblemCode

_WITH_RESULT: Final = frozenset({9, 10})
_PAYMENT: Final = 6
Brought = tuple[Result, bytes] | None  #: a result's file that came with a status
#: Nothing follows these but each other: a status that comes late must not wake what is closed.
_CLOSED: Final = frozenset({WireState.RETURNED, WireState.REJECTED, WireState.WITHDRAWN})


#: A status may bring its result's file itself, so its body is larger than others; base64 takes four letters for three.
MOST_BYTES: Final = 15_000_000
_MOST_RESULT: Final = 14_000_000


class NationalResult(Message):
    """The paper a status brings (GiayToKetQua); the hash alone for a file that stays in the province's own systems."""

    TenGiayTo: str = Field(min_length=1, max_length=300)
    HashTepTin: Sha256Text
    NoiDungTepTin: str = Field(default="", max_length=_MOST_RESULT)  #: a PDF in base64

    def content(self) -> bytes | None:
        """Return the file, None where only its hash came. Raises Refused (422) for one that is not what it says."""
        if not self.NoiDungTepTin:
            return None
        try:
            found = base64.b64decode(self.NoiDungTepTin, validate=True)
            is_pdf = media_type_of(found) == "application/pdf"
        except (ValueError, PhotoIsNoImage, PhotoTooLarge):
            found, is_pdf = b"", False
        if not is_pdf or hashlib.sha256(found).hexdigest() != self.HashTepTin:
            wrong = FieldProblem(pointer="/data/GiayToKetQua", code="not-the-file")
            raise Refused(422, ProblemCode.INVALID, errors=(wrong,))
        return found


class NationalStatus(Message):
    """One step of a dossier (CapNhatTrangThai)."""

    MaHoSo: str = Field(max_length=60)
    TrangThai: int = Field(ge=1, le=10)
    NguoiXuLy: str = Field(default="", max_length=200)
    PhongBanXuLy: str = Field(default="", max_length=200)
    GhiChu: str = Field(default="", max_length=4000)
    ThanhPhanBoSung: tuple[str, ...] = Field(default=(), max_length=100)  #: papers that are asked for
    HanBoSung: Instant | None = None
    GiayToKetQua: NationalResult | None = None


class StatusEvent(Message):
    """A CloudEvent 1.0 in its JSON form."""

    specversion: str = Field(pattern=r"^1\.0$")
    id: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=300)
    type: str = Field(max_length=200)
    time: Instant
    datacontenttype: str = Field(default="application/json", max_length=80)
    data: NationalStatus | Annotated[str, Field(max_length=MOST_BYTES)]  #: as XML, an element TienDoHoSo in a text

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
    step = event.status()
    paper = step.GiayToKetQua if step.TrangThai in _WITH_RESULT else None
    content = paper.content() if paper is not None else None
    brought = None
    if paper is not None and content is not None:
        brought = (results.store(site, paper.TenGiayTo, "application/pdf", content), content)
    outcome = ""
    try:
        outcome = _take(site, who, event, step, brought)
    finally:
        if brought is not None and outcome != "taken":
            results.abandon(site, brought[0])
    return StatusTaken(outcome=outcome)


def _take(site: Site, who: Caller, event: StatusEvent, step: NationalStatus, brought: Brought) -> str:
    one, word = ledger.dossiers.c, ledger.dossier_words.c
    # By the index over words, in which every number is; the words of a dossier that was erased are gone.
    named = select(word.dossier).where(word.word == number_word(step.MaHoSo))
    with site.engine.begin() as db:
        row = db.execute(
            select(ledger.dossiers).where(one.id.in_(named), one.office_number == step.MaHoSo).with_for_update()
        ).first()
        if row is None:
            raise Refused(404, ProblemCode.NOT_FOUND)
        new = ledger.insert_once(db, ledger.inbox, source=event.source, event=event.id, at=site.now())
        if db.execute(new.returning(ledger.inbox.c.event)).first() is None:
            return "known"
        state = STATE_OF[step.TrangThai]
        is_late = to_text(event.time) < _since(db, row) or (WireState(row.state) in _CLOSED and state not in _CLOSED)
        if is_late or state is WireState.DELIVERED:
            return "late"
        _apply(site, db, who, row, step, state, brought, to_text(event.time))
    return "taken"


def _since(db: Connection, row: Row[Any]) -> str:
    """Return since when a dossier is as it is: what the province's systems did counts from when they did it.

    They may tell many steps at once, after their line was cut; counted from its arrival, the first would make all
    others late.
    """
    deed = ledger.deeds.c
    made = select(deed.detail).where(deed.dossier == row.id, deed.version == row.version, deed.deed.like("status-%"))
    return str(json.loads(db.execute(made).scalar() or "{}").get("done_at") or row.changed_at)


def _apply(
    site: Site,
    db: Connection,
    who: Caller,
    row: Row[Any],
    step: NationalStatus,
    state: WireState,
    brought: Brought,
    done_at: str,
) -> None:
    now: dt.datetime = site.clock.now()
    said: dict[str, Any] = {}
    note = _note(step)
    values: dict[str, Any] = {
        "state": state.value,
        "changed_at": to_text(now),
        "version": row.version + 1,
        "officer": step.NguoiXuLy or who.name,
        "note": note,
        "request": None,
    }
    if state is WireState.NEEDS_INFO:
        asked = SupplementRequest(id=uuid7(now), deadline=step.HanBoSung, papers=step.ThanhPhanBoSung, note=note)
        said["request"] = asked
        values["request"] = asked.write().decode("utf-8")
        values["due_at"] = to_text(step.HanBoSung) if step.HanBoSung is not None else row.due_at or NO_DATE
    if brought is not None:
        result, content = brought
        said["result"] = result
        values["result"] = result.write().decode("utf-8")
        results.own(site, db, row.device, result, content)
    if state in _CLOSED or state is WireState.APPROVED:
        values["due_at"] = None
    db.execute(update(ledger.dossiers).where(ledger.dossiers.c.id == row.id).values(**values))
    _write_down(db, who, row, step, to_text(now), done_at, is_here=brought is not None)
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


def _note(step: NationalStatus) -> str:
    """Return what the resident is told: the province's words; a payment is named, since no state of ours is one."""
    words = NATIONAL_WORDS[step.TrangThai]
    if step.TrangThai == _PAYMENT and step.GhiChu:
        return f"{words}: {step.GhiChu}"[:4000]
    return step.GhiChu or words


def _write_down(
    db: Connection, who: Caller, row: Row[Any], step: NationalStatus, at: str, done_at: str, *, is_here: bool
) -> None:
    """Put the step into the dossier's history, so that an officer who acts meanwhile sees what came between."""
    paper = step.GiayToKetQua if step.TrangThai in _WITH_RESULT else None
    detail = {
        "papers": list(step.ThanhPhanBoSung),
        "deadline": to_text(step.HanBoSung) if step.HanBoSung is not None else "",
        "file": paper.HashTepTin if paper is not None and is_here else "",
        "file_name": paper.TenGiayTo if paper is not None else "",
        "done_at": done_at,
        "file_elsewhere": paper.HashTepTin if paper is not None and not is_here else "",
    }
    db.execute(
        insert(ledger.deeds).values(
            dossier=row.id,
            version=row.version + 1,
            at=at,
            officer=who.device,
            name=" · ".join(part for part in (step.NguoiXuLy or who.name, step.PhongBanXuLy) if part),
            office=None,
            deed=f"status-{step.TrangThai}",
            note=step.GhiChu or None,
            detail=json.dumps({key: value for key, value in detail.items() if value}, ensure_ascii=False),
        )
    )
