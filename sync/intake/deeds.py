"""What an officer does to a dossier, each deed one transaction that nobody else's can overwrite."""

import contextlib
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from bnhelper.catalogue.pack import UnknownProcedure
from bnhelper.catalogue.validity import in_force
from bnhelper.clock import province_date, to_text
from bnhelper.ids import ProcedureCode, uuid7
from sync.intake import feed, ledger, results, supplements
from sync.intake.deadlines import NO_DATE, processing_due
from sync.intake.desk import IS_THERE, visible
from sync.intake.officers_rights import Officer
from sync.intake.station import Site
from sync.wire.changes import Result, SupplementRequest
from sync.wire.dossiers import WireState

_BEFORE_THE_RESULT: Final = frozenset(
    {WireState.DELIVERED, WireState.ACCEPTED, WireState.IN_REVIEW, WireState.NEEDS_INFO}
)
#: A supplement is arriving. Of a dossier that was never whole nothing can be done, since nobody has a receipt (`may`).
_ON_ITS_WAY: Final = frozenset({WireState.RECEIVING})

#: deed -> (from which states it is possible, the state it leads to or None if that stays)
DEEDS: Final[Mapping[str, tuple[frozenset[WireState], WireState | None]]] = {
    "accept": (frozenset({WireState.DELIVERED}), WireState.ACCEPTED),
    "review": (frozenset({WireState.DELIVERED, WireState.ACCEPTED}), WireState.IN_REVIEW),
    "ask_again": (_ON_ITS_WAY, WireState.NEEDS_INFO),
    "supplement": (_BEFORE_THE_RESULT - {WireState.NEEDS_INFO}, WireState.NEEDS_INFO),
    "result": (_BEFORE_THE_RESULT - {WireState.NEEDS_INFO}, WireState.APPROVED),
    "returned": (frozenset({WireState.APPROVED}), WireState.RETURNED),
    "postpone": (frozenset({WireState.ACCEPTED, WireState.IN_REVIEW}), None),
    "handover": (_BEFORE_THE_RESULT | _ON_ITS_WAY | {WireState.APPROVED}, None),
    "reject": (_BEFORE_THE_RESULT | _ON_ITS_WAY, WireState.REJECTED),
    "withdraw": (_BEFORE_THE_RESULT | _ON_ITS_WAY, WireState.WITHDRAWN),
}


class NotNow(Exception):
    """Somebody else changed the dossier meanwhile, or its state does not allow the deed."""


class NotTheirs(Exception):
    """Not this officer's to do: the dossier lies at another office, or they only look."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed with what it says; what a kind does not use stays empty."""

    kind: str
    note: str = ""
    fields: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    deadline: dt.datetime | None = None
    result: tuple[str, str, bytes] | None = None  #: name, media type, bytes
    to_office: str = ""
    to_officer: str = ""


def may(officer: Officer, row: Row[Any], kind: str) -> bool:
    """Tell whether the deed is this officer's to do, and possible in the dossier's state."""
    states, _ = DEEDS[kind]
    is_theirs = officer.may_act_for(row.holder) or (kind == "returned" and officer.may_act_for(row.unit))
    was_received = row.received_at is not None or row.state != WireState.RECEIVING.value
    return is_theirs and was_received and WireState(row.state) in states


def do(site: Site, officer: Officer, dossier: str, version: int, deed: Deed) -> None:
    """Do one deed and tell the owner.

    Raises NotNow when the dossier is not as the officer saw it (`version`), NotTheirs when it is not theirs.
    """
    stored = results.store(site, *deed.result) if deed.result is not None else None
    try:
        _do(site, officer, dossier, version, deed, stored)
    except Exception:
        if stored is not None:
            with contextlib.suppress(SQLAlchemyError):  # where the ledger is away that is what is told
                results.abandon(site, stored)
        raise


def _do(site: Site, officer: Officer, dossier: str, version: int, deed: Deed, stored: Result | None) -> None:
    now = site.clock.now()
    with site.engine.begin() as db:
        row = db.execute(
            select(ledger.dossiers).where(ledger.dossiers.c.id == dossier, visible(officer), IS_THERE).with_for_update()
        ).first()
        if row is None:
            raise NotTheirs
        states, state = DEEDS[deed.kind]
        if row.version != version or WireState(row.state) not in states:
            raise NotNow
        if not may(officer, row, deed.kind):
            raise NotTheirs
        state = state or WireState(row.state)
        said: dict[str, Any] = {}
        rev = row.revision
        if deed.kind == "ask_again":
            # It is about what is here: the device goes on with the revision that it is sending.
            rev = supplements.last_whole(db, dossier)
            said["request"] = supplements.asked_again(db, row, now, note=deed.note, deadline=deed.deadline)
            asked = said["request"]
            deed = replace(deed, note=asked.note, fields=asked.fields, papers=asked.papers)
        values = {
            "state": state.value,
            "changed_at": to_text(now),
            "version": version + 1,
            "officer": officer.name,
            **_changed(site, db, row, officer, deed, now),
        }
        if deed.kind == "supplement":
            said["request"] = SupplementRequest(
                id=uuid7(now), deadline=deed.deadline, fields=deed.fields, papers=deed.papers, note=deed.note
            )
        if "request" in said:
            values["request"] = said["request"].write().decode("utf-8")
        if stored is not None and deed.result is not None:
            said["result"] = stored
            values["result"] = stored.write().decode("utf-8")
            results.own(site, db, row.device, stored, deed.result[2])
        changed = db.execute(
            update(ledger.dossiers)
            .where(ledger.dossiers.c.id == dossier, ledger.dossiers.c.version == version)
            .values(**values)
        )
        if changed.rowcount != 1:
            raise NotNow
        due = str(values.get("due_at") or "")
        _write_down(db, row, officer, deed, to_text(now), version + 1, stored, due)
        if deed.kind != "handover":
            feed.append(
                db,
                row.device,
                dossier=dossier,
                rev=rev,
                state=state,
                at=now,
                note=deed.note or None,
                office_number=row.office_number,
                officer=officer.name,
                **said,
            )
        ledger.note(db, at=to_text(now), who=f"officer:{officer.user}", what=deed.kind, dossier=dossier)


def _changed(
    site: Site, db: Connection, row: Row[Any], officer: Officer, deed: Deed, now: dt.datetime
) -> dict[str, Any]:
    """Return the columns that this kind of deed changes besides the state."""
    if deed.kind == "handover":
        return {"holder": deed.to_office, "assigned": _colleague(db, deed)}
    mine = {"assigned": row.assigned or officer.user, "note": deed.note or None}
    if deed.kind == "accept" or (deed.kind == "review" and row.state == WireState.DELIVERED.value):
        return {**mine, "due_at": _processing_due(site, row, now)}
    if deed.kind == "review":
        return mine
    if deed.kind in {"supplement", "ask_again", "postpone"}:
        return {**mine, "due_at": to_text(deed.deadline) if deed.deadline is not None else NO_DATE}
    return {**mine, "due_at": None, "request": None}


def _colleague(db: Connection, deed: Deed) -> str | None:
    """Return the officer a dossier goes to. Raises NotTheirs for one who is not of that office."""
    if not deed.to_officer:
        return None
    one = ledger.officers.c
    known = select(one.user).where(one.user == deed.to_officer, one.office == deed.to_office, one.revoked_at.is_(None))
    if db.execute(known).first() is None:
        raise NotTheirs
    return deed.to_officer


def _processing_due(site: Site, row: Row[Any], now: dt.datetime) -> str:
    try:
        procedure = site.library.pack_or_newest(row.pack_version).procedure(ProcedureCode(row.procedure))
    except UnknownProcedure:
        return NO_DATE
    return processing_due(now, in_force(procedure.time_limits, province_date(now)))


def _write_down(
    db: Connection, row: Row[Any], officer: Officer, deed: Deed, at: str, version: int, stored: Result | None, due: str
) -> None:
    detail = {
        "fields": list(deed.fields),
        "papers": list(deed.papers),
        "deadline": to_text(deed.deadline) if deed.deadline is not None else "",
        "due": due,  # what this deed promised, and what was promised before: the slips say both
        "due_before": row.due_at or "" if deed.kind == "postpone" else "",
        "from_office": row.holder or "" if deed.to_office else "",
        "to_office": deed.to_office,
        "to_officer": deed.to_officer,
        "file": stored.sha256 if stored is not None else "",
        "file_name": stored.name if stored is not None else "",
    }
    db.execute(
        insert(ledger.deeds).values(
            dossier=row.id,
            version=version,
            at=at,
            officer=officer.user,
            name=officer.name,
            office=officer.office,
            deed=deed.kind,
            note=deed.note or None,
            detail=json.dumps({key: value for key, value in detail.items() if value}, ensure_ascii=False),
        )
    )
