"""Keeps what residents ask about their data, and why a dossier may not be erased."""

from sqlalchemy import Connection, RowMapping, insert, select, update

from bnhelper.domain.data_rights import HoldReason, RequestKind
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId, PersonId
from bnhelper.store import tables as t


class HeldByLaw(KnownTrouble):
    """The dossier is on a legal hold; it is erased when the hold is released."""

    code = "held-by-law"


class NoSuchRequest(KnownTrouble):
    """A request that is not on this machine, or was carried out already."""

    code = "no-such-request"


def ask(db: Connection, dossier: DossierId, kind: RequestKind, *, channel: str, at: str, by: PersonId) -> int:
    """Keep a request; return its number."""
    made = db.execute(
        insert(t.data_requests).values(dossier=dossier, kind=kind.value, asked_at=at, channel=channel, by=by)
    )
    return int(made.inserted_primary_key[0])  # type: ignore[index]


def get_open(db: Connection, request: int) -> RowMapping:
    """Return a request that is not carried out yet. Raises NoSuchRequest."""
    wanted = select(t.data_requests).where(t.data_requests.c.id == request, t.data_requests.c.done_at.is_(None))
    row = db.execute(wanted).mappings().first()
    if row is None:
        raise NoSuchRequest
    return row


def mark(db: Connection, request: int, **at: str) -> None:
    """Set answered_at, extended_at or done_at."""
    db.execute(update(t.data_requests).where(t.data_requests.c.id == request).values(**at))


def of_dossier(db: Connection, dossier: DossierId) -> list[RowMapping]:
    """Return every request about a dossier, the oldest first."""
    wanted = select(t.data_requests).where(t.data_requests.c.dossier == dossier).order_by(t.data_requests.c.id)
    return list(db.execute(wanted).mappings())


def has_open(db: Connection, dossier: DossierId) -> bool:
    return any(row["done_at"] is None for row in of_dossier(db, dossier))


def hold(db: Connection, dossier: DossierId, reason: HoldReason, *, at: str, by: PersonId) -> None:
    db.execute(insert(t.legal_holds).values(dossier=dossier, reason=reason.value, at=at, by=by))


def release(db: Connection, dossier: DossierId, *, at: str, by: PersonId) -> int:
    """End every hold of a dossier; return how many there were."""
    open_ones = (t.legal_holds.c.dossier == dossier) & t.legal_holds.c.released_at.is_(None)
    return db.execute(update(t.legal_holds).where(open_ones).values(released_at=at, released_by=by)).rowcount


def holds(db: Connection, dossier: DossierId) -> list[HoldReason]:
    """Return why a dossier is held now."""
    wanted = select(t.legal_holds.c.reason).where(
        t.legal_holds.c.dossier == dossier, t.legal_holds.c.released_at.is_(None)
    )
    return [HoldReason(one) for one in db.execute(wanted).scalars()]


def must_not_be_held(db: Connection, dossier: DossierId) -> None:
    """Raise HeldByLaw for a dossier that may not be erased."""
    if holds(db, dossier):
        raise HeldByLaw
