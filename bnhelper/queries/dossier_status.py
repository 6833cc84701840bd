"""Where a sealed dossier is, what the officer asks for, and everything that happened to it."""

import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy import RowMapping

from bnhelper.catalogue.procedure import Procedure
from bnhelper.catalogue.validity import in_force
from bnhelper.catalogue.working_days import promise
from bnhelper.clock import from_text, province_date
from bnhelper.domain.custody import StatusKey
from bnhelper.domain.dossier import DossierRow
from bnhelper.domain.receipts import received_at
from bnhelper.ids import DossierId, FieldPath, PhotoId
from bnhelper.queries.named_places import AskedField, AskedPaper, named_fields, named_papers, places_in
from bnhelper.store import dossiers, outbox, server_truth
from bnhelper.store.open_form import open_form
from bnhelper.store.open_machine import OpenMachine


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One thing that happened. `kind` is a wire state or begun, sealed, unlocked ...; `by` may be empty."""

    at: dt.datetime
    kind: str
    by: str
    note: str
    is_from_province: bool
    revision: int


@dataclass(frozen=True, slots=True)
class DossierStatus:
    """Everything the status screen shows."""

    row: DossierRow
    officer: str
    note: str
    asked_at: dt.datetime | None
    deadline: dt.datetime | None
    fields: tuple[AskedField, ...]
    papers: tuple[AskedPaper, ...]
    timeline: tuple[TimelineRow, ...]
    result_name: str
    result_photo: PhotoId | None
    heard_at: dt.datetime | None
    counted_from: dt.datetime | None  #: when the office received it, by its own clock
    promised_at: dt.datetime | None  #: when the result is due; None where no rule gives a date


def dossier_status(machine: OpenMachine, dossier: DossierId, language: str) -> DossierStatus:
    """Return where the dossier is. Raises NoSuchDossier."""
    with machine.store.read() as db:
        form = open_form(db, dossier, machine.library, machine.clock)
        truth = server_truth.of_dossier(db, dossier)
        rows = dossiers.events_of(db, dossier)
        receipt = outbox.newest_receipt(db, dossier)
    request = json.loads(truth["request"]) if truth is not None and truth["request"] else {}
    result = json.loads(truth["result"]) if truth is not None and truth["result"] else {}
    wanted = set(request.get("fields", ()))
    since = {FieldPath(change) for change in _changed(machine, dossier, form.row.revision)}
    is_held = form.row.status is StatusKey.SENDFAIL
    refused = places_in(form.row.held_detail or "") if is_held else ([], [])
    counted_from = _reception(form.row, rows, receipt)
    return DossierStatus(
        counted_from=counted_from,
        promised_at=_promised(counted_from, form.procedure),
        row=form.row,
        officer=(truth["officer"] if truth is not None else "") or "",
        note=request.get("note") or (truth["note"] if truth is not None else "") or "",
        asked_at=from_text(truth["at"]) if truth is not None and request else None,
        deadline=from_text(request["deadline"]) if request.get("deadline") else None,
        fields=named_fields(form, refused[0] if is_held else wanted, language, changed=since),
        papers=named_papers(form, refused[1] if is_held else request.get("papers", ()), language),
        timeline=tuple(
            TimelineRow(
                from_text(row["at"]),
                row["kind"],
                row["by"] or "",
                row["note"] or "",
                row["server_seq"] is not None,
                row["revision"],
            )
            for row in rows
        ),
        result_name=result.get("name", ""),
        result_photo=PhotoId(truth["result_photo"]) if truth is not None and truth["result_photo"] else None,
        heard_at=form.row.wire_at or form.row.proved_at,
    )


#: Where a promise date means something: the office has it and still works on it.
_RUNNING = frozenset({StatusKey.DELIVERED, StatusKey.RECEIVED, StatusKey.PROCESSING})


def _reception(row: DossierRow, events: list[RowMapping], receipt: str) -> dt.datetime | None:
    """Return from when the time limit runs: the officer's acceptance, else the signed receipt's own time.

    A supplement starts the clock anew, so only what belongs to the present revision counts.
    """
    if row.status not in _RUNNING:
        return None
    accepted = [
        from_text(one["at"])
        for one in events
        if one["server_seq"] is not None and one["kind"] == "accepted" and one["revision"] == row.revision
    ]
    return accepted[-1] if accepted else received_at(receipt)


def _changed(machine: OpenMachine, dossier: DossierId, revision: int) -> set[str]:
    """Return the paths changed since the present revision was opened."""
    if revision == 1:
        return set()
    from sqlalchemy import func, select

    from bnhelper.store import tables as t

    with machine.store.read() as db:
        opened = select(func.max(t.events.c.at)).where(
            t.events.c.dossier == dossier, t.events.c.kind == "supplement_opened"
        )
        rows = db.execute(
            select(t.answer_changes.c.path).where(
                t.answer_changes.c.dossier == dossier,
                t.answer_changes.c.is_undone.is_(False),
                t.answer_changes.c.at >= opened.scalar_subquery(),
            )
        )
        return set(rows.scalars())


def _promised(counted_from: dt.datetime | None, procedure: Procedure) -> dt.datetime | None:
    """Return when the result is due by the limits in force on the day of receiving."""
    if counted_from is None:
        return None
    return promise(counted_from, in_force(procedure.time_limits, province_date(counted_from)))
