"""Keeps the people of a machine and which of them holds which dossier."""

import datetime as dt

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from bnhelper.clock import from_text, to_text
from bnhelper.domain.dossier import instant
from bnhelper.domain.people import Person, Role
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId, PersonId
from bnhelper.store import tables as t


class NoSuchPerson(KnownTrouble):
    """Nobody of that id has a key here."""

    code = "no-such-person"


def add(
    db: Connection,
    person: PersonId,
    name: str,
    role: Role,
    *,
    at: dt.datetime,
    by: PersonId | None = None,
    valid_until: dt.date | None = None,
) -> None:
    db.execute(
        insert(t.people).values(
            id=person,
            name=name,
            role=role.value,
            added_at=to_text(at),
            added_by=by,
            valid_until=valid_until.isoformat() if valid_until else None,
        )
    )


def get(db: Connection, person: PersonId) -> Person:
    """Return one person. Raises NoSuchPerson."""
    row = db.execute(select(t.people).where(t.people.c.id == person)).mappings().first()
    if row is None:
        raise NoSuchPerson
    return _person(row)


def every(db: Connection) -> list[Person]:
    """Return everybody, in the order in which they came."""
    return [
        _person(row) for row in db.execute(select(t.people).order_by(t.people.c.added_at, t.people.c.id)).mappings()
    ]


def keeper(db: Connection) -> Person:
    """Return who answers for the machine: the first keeper. Raises NoSuchPerson on a store without people."""
    row = (
        db.execute(
            select(t.people)
            .where(t.people.c.role == Role.KEEPER.value)
            .order_by(t.people.c.added_at, t.people.c.id)
            .limit(1)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NoSuchPerson
    return _person(row)


def change(
    db: Connection, person: PersonId, *, valid_until: dt.date | None = None, revoked_at: dt.datetime | None = None
) -> None:
    """Set until when a person may begin new work, and since when they may not. Raises NoSuchPerson."""
    values = {
        "valid_until": valid_until.isoformat() if valid_until else None,
        "revoked_at": to_text(revoked_at) if revoked_at else None,
    }
    if db.execute(update(t.people).where(t.people.c.id == person).values(**values)).rowcount == 0:
        raise NoSuchPerson


def adopt(db: Connection, person: PersonId) -> None:
    """Give every dossier that nobody holds to one person: a machine from the days of one user."""
    db.execute(update(t.dossiers).where(t.dossiers.c.holder.is_(None)).values(holder=person))


def give(db: Connection, dossier: DossierId, to: PersonId) -> None:
    """Make a dossier another person's, whoever has it now."""
    db.execute(update(t.dossiers).where(t.dossiers.c.id == dossier).values(holder=to))


def held_by(db: Connection, person: PersonId) -> list[DossierId]:
    """Return the dossiers a person holds, the bin included."""
    rows = db.execute(select(t.dossiers.c.id).where(t.dossiers.c.holder == person).order_by(t.dossiers.c.id))
    return [DossierId(one) for one in rows.scalars()]


def count_held(db: Connection) -> dict[PersonId, int]:
    """Return how many dossiers each person holds."""
    rows = db.execute(
        select(t.dossiers.c.holder, func.count()).where(t.dossiers.c.holder.is_not(None)).group_by(t.dossiers.c.holder)
    )
    return {PersonId(holder): count for holder, count in rows}


def _person(row: RowMapping) -> Person:
    return Person(
        PersonId(row["id"]),
        row["name"],
        Role(row["role"]),
        from_text(row["added_at"]),
        dt.date.fromisoformat(row["valid_until"]) if row["valid_until"] else None,
        instant(row["revoked_at"]),
    )
