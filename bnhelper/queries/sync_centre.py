"""What waits, what was sent, what came back: one list from the same rows as the badge."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from bnhelper.clock import from_text, to_text
from bnhelper.domain.custody import OutboxState, StatusKey
from bnhelper.domain.dossier import instant
from bnhelper.domain.sending import LinkState, SendingStatus
from bnhelper.ids import DossierId
from bnhelper.queries.sending_status import day_begins, sending_status
from bnhelper.store import dossiers, outbox, visits
from bnhelper.store import tables as t
from bnhelper.store.open_machine import OpenMachine


@dataclass(frozen=True, slots=True)
class SyncRow:
    """One sealed revision on its way."""

    dossier: DossierId
    revision: int
    title_vi: str
    title_en: str
    applicant: str
    readable_code: str
    state: OutboxState
    bytes_total: int
    bytes_acked: int
    files: int
    sealed_at: dt.datetime
    held_code: str
    held_detail: str
    proved_at: dt.datetime | None
    exported_at: dt.datetime | None  #: on a stick as well, since then; it still waits
    office_number: str
    is_mine: bool  #: of another person's dossier no name is shown here
    place: int  #: place in the queue, from 1; 0 when it does not wait

    def title(self, language: str) -> str:
        return (self.title_en or self.title_vi) if language == "en" else self.title_vi


@dataclass(frozen=True, slots=True)
class HeldVisit:
    """The outcome of a visit that the province refused; where it was, no name."""

    number: int
    where: str
    held_code: str
    held_detail: str
    said_at: dt.datetime


@dataclass(frozen=True, slots=True)
class SyncCentre:
    """The sync centre's content."""

    status: SendingStatus
    waiting: tuple[SyncRow, ...]
    held: tuple[SyncRow, ...]
    done_today: tuple[SyncRow, ...]
    files_waiting: int
    bytes_waiting: int
    news_today: int
    supplements: int
    held_visits: tuple[HeldVisit, ...]


def sync_centre(machine: OpenMachine, link: LinkState) -> SyncCentre:
    """Return the sync centre."""
    begins = day_begins(machine.clock.now())
    status = sending_status(machine, link)
    with machine.store.read() as db:
        rows = outbox.every(db)
        news = db.execute(
            select(func.count())
            .select_from(t.events)
            .where(t.events.c.server_seq.is_not(None), t.events.c.at >= to_text(begins))
        ).scalar_one()
        supplements = dossiers.counts(db).get(StatusKey.SUPPLEMENT, 0)
        held_visits = tuple(
            HeldVisit(
                one.id,
                ", ".join(part for part in (one.lane, one.number) if part),
                one.held_code or "",
                one.held_detail or "",
                from_text(one.sealed_at),
            )
            for one in visits.held(db)
        )
    places = {
        row["id"]: number for number, row in enumerate(reversed([r for r in rows if _waits(r["state"])]), start=1)
    }
    made = [
        SyncRow(
            dossier=DossierId(row["dossier"]),
            revision=row["revision"],
            title_vi=row["title_vi"],
            title_en=row["title_en"],
            applicant=row["applicant"] if row["holder"] == machine.person.id else "",
            is_mine=row["holder"] == machine.person.id,
            readable_code=row["readable_code"],
            state=OutboxState(row["state"]),
            bytes_total=row["bytes_total"],
            bytes_acked=row["acked"],
            files=row["files"],
            sealed_at=from_text(row["sealed_at"]),
            held_code=row["held_code"] or "",
            held_detail=row["held_detail"] or "",
            proved_at=instant(row["proved_at"]),
            exported_at=instant(row["exported_at"]),
            office_number=row["office_number"] or "",
            place=places.get(row["id"], 0),
        )
        for row in rows
    ]
    waiting = tuple(sorted((row for row in made if row.place), key=lambda row: row.place))
    return SyncCentre(
        status=status,
        waiting=waiting,
        held=tuple(row for row in made if row.state is OutboxState.HELD),
        done_today=tuple(row for row in made if row.proved_at is not None and row.proved_at >= begins),
        files_waiting=sum(row.files for row in waiting),
        bytes_waiting=sum(row.bytes_total - row.bytes_acked for row in waiting),
        news_today=news,
        supplements=supplements,
        held_visits=held_visits,
    )


def _waits(state: str) -> bool:
    return state in {"queued", "sending", "confirming"}
