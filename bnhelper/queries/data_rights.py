"""What was agreed to in one dossier, what was asked about its data, and by when it is due."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from bnhelper.catalogue.working_days import is_working_day
from bnhelper.clock import from_text, province_date
from bnhelper.domain.data_rights import KEPT_AFTER_END_DAYS, TERMS, Due, HoldReason, RequestKind, due, ended_at
from bnhelper.domain.dossier import DossierRow, instant
from bnhelper.domain.people import Person, Standing
from bnhelper.ids import DossierId
from bnhelper.store import data_requests, dossiers, people
from bnhelper.store import tables as t
from bnhelper.store.open_machine import OpenMachine


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One consent as it was given."""

    purpose: str
    text_version: str
    text_sha256: str
    given_at: dt.datetime
    given_by: str
    representative: str
    relation: str
    is_for_minor: bool
    withdrawn_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request with its clocks."""

    id: int
    kind: RequestKind
    asked_at: dt.datetime
    due: Due
    answered_at: dt.datetime | None
    done_at: dt.datetime | None
    is_late: bool
    may_extend: bool


@dataclass(frozen=True, slots=True)
class DataRights:
    """Everything the data page shows."""

    row: DossierRow
    consents: tuple[ConsentRow, ...]
    requests: tuple[RequestRow, ...]
    holds: tuple[HoldReason, ...]
    erased_on: dt.date | None  #: when it is erased by itself; None while the province works on it
    others: tuple[Person, ...]  #: to whom it may be handed over


def data_rights(machine: OpenMachine, dossier: DossierId) -> DataRights:
    """Return the data page of one dossier. Raises NoSuchDossier."""
    today = province_date(machine.clock.now())
    with machine.store.read() as db:
        row = dossiers.get(db, dossier)
        consents = db.execute(select(t.consents).where(t.consents.c.dossier == dossier).order_by(t.consents.c.id))
        given = tuple(
            ConsentRow(
                one["purpose"],
                one["text_version"],
                one["text_sha256"],
                from_text(one["given_at"]),
                one["given_by"],
                one["representative"] or "",
                one["relation"] or "",
                bool(one["is_for_minor"]),
                instant(one["withdrawn_at"]),
            )
            for one in consents.mappings()
        )
        asked = data_requests.of_dossier(db, dossier)
        holds = tuple(data_requests.holds(db, dossier))
        others = tuple(
            one
            for one in people.every(db)
            if one.id != machine.person.id and one.role.sees_content and one.standing(today) is Standing.ACTIVE
        )
    requests = []
    for one in asked:
        kind, at = RequestKind(one["kind"]), from_text(one["asked_at"])
        term = due(
            kind,
            province_date(at),
            has_left=row.has_left,
            is_extended=one["extended_at"] is not None,
            is_working=is_working_day,
        )
        answered, done = instant(one["answered_at"]), instant(one["done_at"])
        is_late = done is None and (
            today > term.done_by or (answered is None and term.answer_by is not None and today > term.answer_by)
        )
        may_extend = done is None and one["extended_at"] is None and bool(TERMS[kind].extension)
        requests.append(RequestRow(one["id"], kind, at, term, answered, done, is_late, may_extend))
    ended = ended_at(row)
    erased_on = province_date(ended) + dt.timedelta(days=KEPT_AFTER_END_DAYS) if ended is not None else None
    return DataRights(row, given, tuple(requests), holds, erased_on, others)
