"""The reads and writes of one commit of new revisions, row by row or, on PostgreSQL, all in one statement.

A commit of many dossiers asks the ledger a few things and then writes rows of six tables; over PostgreSQL each
exchange costs as much as a dossier, so there it is one question and one statement over arrays.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol

import psycopg
from sqlalchemy import BigInteger, Connection, Engine, Integer, LargeBinary, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from sync.intake import desk_card, ledger, receipts
from sync.intake.station import Site

Rows = Mapping[str, Sequence[Mapping[str, Any]]]  #: table -> rows; all rows of a table have the same columns
_WORDS: Final = ledger.dossier_words.name


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger holds already of what a commit is about; its devices are locked."""

    last_seq: dict[str, int]  #: of each device that may send
    dossiers: set[str]
    blobs: set[tuple[str, str]]  #: owner and hash of bytes that are there


class Commit(Protocol):
    """One transaction under way."""

    def look(self, owners: Sequence[str], dossiers: Sequence[str], hashes: Sequence[str]) -> Known:
        """Lock the devices in the order given, and tell what is known."""
        ...

    def draw(self, site: Site, count: int) -> list[str]:
        """Return the next office numbers."""
        ...

    def write(self, rows: Rows, seqs: Mapping[str, int]) -> None:
        """Insert rows and put the numbers of the devices' newest changes; durable when the transaction ends."""
        ...


@contextmanager
def committing(engine: Engine) -> Iterator[Commit]:
    """Give one transaction, and commit it. Raises SQLAlchemy's errors on both engines."""
    if engine.dialect.name != "postgresql":
        with engine.begin() as db:
            yield Plain(db)
        return
    borrowed = engine.raw_connection()
    raw: psycopg.Connection[Any] = borrowed.driver_connection  # type: ignore[assignment]
    try:
        yield _Postgres(raw)
        raw.commit()
    except psycopg.IntegrityError as wrong:
        raise IntegrityError(None, None, wrong) from wrong
    except (psycopg.OperationalError, psycopg.InterfaceError) as wrong:
        if raw.closed:
            borrowed.invalidate(wrong)
            engine.dispose()  # the others are as old as this one
        raise OperationalError(None, None, wrong) from wrong
    except psycopg.Error as wrong:
        raise DBAPIError(None, None, wrong) from wrong
    finally:
        borrowed.close()  # back into the pool, which rolls back what was not committed


class Plain:
    """A transaction that somebody else ends, over SQLAlchemy."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def look(self, owners: Sequence[str], dossiers: Sequence[str], hashes: Sequence[str]) -> Known:
        db, device, blob = self._db, ledger.devices.c, ledger.blobs.c
        locked = select(device.id, device.last_seq).where(device.id.in_(owners), device.revoked_at.is_(None))
        devices = {row.id: row.last_seq for row in db.execute(locked.order_by(device.id).with_for_update())}
        known = set(db.execute(select(ledger.dossiers.c.id).where(ledger.dossiers.c.id.in_(dossiers))).scalars())
        there: set[tuple[str, str]] = set()
        if hashes:
            brought = select(blob.owner, blob.sha256).where(blob.owner.in_(owners), blob.sha256.in_(hashes))
            there = {(row.owner, row.sha256) for row in db.execute(brought)}
        return Known(devices, known, there)

    def draw(self, site: Site, count: int) -> list[str]:
        return receipts.draw_numbers(site, self._db, count)

    def write(self, rows: Rows, seqs: Mapping[str, int]) -> None:
        for name, many in rows.items():
            if name == _WORDS:
                desk_card.add_words(self._db, many)
            elif many:
                self._db.execute(insert(ledger.metadata.tables[name]), list(many))
        if seqs:
            device = ledger.devices.c
            counted = update(ledger.devices).where(device.id == bindparam("owner")).values(last_seq=bindparam("seq"))
            self._db.execute(counted, [{"owner": owner, "seq": seq} for owner, seq in seqs.items()])


class _Postgres:
    """A transaction of psycopg's own: few exchanges, and all rows of a commit in one statement."""

    def __init__(self, db: "psycopg.Connection[Any]") -> None:
        self._cursor = db.cursor()

    def look(self, owners: Sequence[str], dossiers: Sequence[str], hashes: Sequence[str]) -> Known:
        found = self._cursor.execute(_LOOK, (list(owners), list(dossiers))).fetchall()
        there = self._cursor.execute(_BROUGHT, (list(owners), list(hashes))).fetchall() if hashes else []
        return Known(
            {name: seq for name, seq in found if seq is not None},
            {name for name, seq in found if seq is None},
            set(there),
        )

    def draw(self, site: Site, count: int) -> list[str]:
        return receipts.draw_numbers(site, None, count)

    def write(self, rows: Rows, seqs: Mapping[str, int]) -> None:
        shapes = tuple((name, tuple(many[0])) for name, many in rows.items() if many)
        values = [[row[column] for row in rows[name]] for name, columns in shapes for column in columns]
        self._cursor.execute(_statement(shapes), [*values, list(seqs), list(seqs.values())])


_LOOK: Final = (
    "WITH locked AS (SELECT id, last_seq FROM devices WHERE id = ANY(%s::text[]) AND revoked_at IS NULL"
    " ORDER BY id FOR UPDATE)"
    " SELECT id, last_seq FROM locked UNION ALL SELECT id, NULL FROM dossiers WHERE id = ANY(%s::text[])"
)
_BROUGHT: Final = "SELECT owner, sha256 FROM blobs WHERE owner = ANY(%s::text[]) AND sha256 = ANY(%s::text[])"
_COUNTED: Final = (
    "UPDATE devices SET last_seq = said.seq FROM unnest(%s::text[], %s::int[]) AS said (id, seq)"
    " WHERE devices.id = said.id"
)


@cache
def _statement(shapes: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """Return one statement that inserts into every table named, and counts the devices' changes."""
    parts = []
    for name, columns in shapes:
        table = ledger.metadata.tables[name]
        kinds = ", ".join(_array(table.c[column].type) for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        ending = " ON CONFLICT DO NOTHING" if name == _WORDS else ""
        parts.append(f'new_{name} AS (INSERT INTO "{name}" ({names}) SELECT * FROM unnest({kinds}){ending})')  # noqa: S608 - our tables' own names
    return f"WITH {', '.join(parts)} {_COUNTED}"


def _array(kind: Any) -> str:
    if isinstance(kind, LargeBinary):
        return "%b::bytea[]"
    if isinstance(kind, BigInteger):
        return "%s::bigint[]"
    return "%s::int[]" if isinstance(kind, Integer) else "%s::text[]"
