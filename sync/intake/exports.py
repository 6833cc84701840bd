"""What the province's systems are told: an outbox that is written with the change it tells of."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, case, func, insert, select

from bnhelper.clock import to_text
from bnhelper.ids import uuid7
from sync.intake import ledger
from sync.intake.national import code_of
from sync.wire.changes import Change
from sync.wire.dossiers import WireState

_SINCE: Final = "exports_since"  #: in `site`: when a deliverer first ran
_TAKEN_IN: Final = frozenset({WireState.ACCEPTED, WireState.IN_REVIEW, WireState.APPROVED})


def enqueue(db: Connection, change: Change) -> None:
    """Put into the outbox what follows from a change: the dossier once for each revision taken in, then its statuses.

    A dossier that was refused at the door was never taken in, so nobody else is told of it.
    """
    if change.state in {WireState.RECEIVING, WireState.DELIVERED}:
        return
    last = db.execute(
        select(func.max(ledger.outbox.c.revision)).where(
            ledger.outbox.c.dossier == change.dossier, ledger.outbox.c.kind == "dossier"
        )
    ).scalar()
    kinds = []
    if change.state in _TAKEN_IN and (last is None or last < change.rev):
        kinds.append("dossier")
    if last is not None or (kinds and change.state is WireState.APPROVED):
        kinds.append("status")
    at = to_text(change.at)
    for kind in kinds:
        db.execute(
            insert(ledger.outbox).values(
                event=uuid7(change.at),
                dossier=change.dossier,
                revision=change.rev,
                kind=kind,
                state=code_of(change.state, was_accepted=last is not None or bool(kinds)),
                at=at,
                next_at=at,
            )
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the province's systems are still to be told."""

    count: int
    failing: int  #: of those, tried at least once
    oldest_at: str | None  #: since when the oldest waits


def waiting(db: Connection) -> Waiting:
    """Return what waits in the outbox: what an operator is woken for."""
    one = ledger.outbox.c
    failing = func.coalesce(func.sum(case((one.last_error.is_not(None), 1), else_=0)), 0)
    row = db.execute(select(func.count(), failing, func.min(one.at)).where(one.next_at.is_not(None))).one()
    return Waiting(*row)


def has_receiver(db: Connection) -> bool:
    """Tell whether a deliverer ever ran here: only then there is somebody who waits to be told."""
    return ledger.site_value(db, _SINCE) is not None


def begin(db: Connection, at: str) -> None:
    """Write down that there is a receiver; what waited for one is delivered from now on."""
    if not has_receiver(db):
        ledger.set_site_value(db, _SINCE, at)
