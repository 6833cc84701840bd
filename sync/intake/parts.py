"""The months that the audit is parted into on PostgreSQL: made ahead, and dropped whole when their time is over."""

import datetime as dt
import re
from typing import Final

from sqlalchemy import Connection, Engine, text

from bnhelper.clock import from_text

AHEAD: Final = 3  #: months that are there before they begin
_MONTH: Final = re.compile(r"audit_(\d{4})_(\d{2})")
_MAKING: Final = 0x626E_7061  #: the advisory lock under which one worker makes parts


def make_ahead(engine: Engine, now: dt.datetime) -> int:
    """Make the parts of this month and the next ones; return how many were missing."""
    if engine.dialect.name != "postgresql":
        return 0
    made = 0
    with engine.begin() as db:
        db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MAKING})
        known = set(_parts(db))
        ends = _end_of_the_first(db)
        for month in months(now, AHEAD + 1):
            name = f"audit_{month:%Y_%m}"
            if name in known or f"{month:%Y-%m}" < ends:
                continue
            lines = {"start": f"{month:%Y-%m}", "end": f"{_next(month):%Y-%m}"}
            if db.execute(text("SELECT 1 FROM audit_later WHERE at >= :start AND at < :end LIMIT 1"), lines).first():
                continue  # nobody made it in time: its lines lie in the part for everything else, and stay there
            bounds = f"FROM ('{month:%Y-%m}') TO ('{_next(month):%Y-%m}')"
            db.execute(text(f"CREATE TABLE {name} PARTITION OF audit FOR VALUES {bounds}"))
            made += 1
    return made


def drop_before(engine: Engine, old: str) -> int:
    """Drop the parts that lie wholly before the instant `old`; return how many. Their lines are nobody's any more.

    A part with a line of a held dossier stays, and is emptied of the others like a table (`retention`).
    """
    if engine.dialect.name != "postgresql":
        return 0
    limit = f"{from_text(old):%Y_%m}"
    dropped = 0
    with engine.begin() as db:
        for name in _parts(db):
            found = _MONTH.fullmatch(name)
            if found is not None and f"{found[1]}_{found[2]}" < limit:
                asked = f"SELECT 1 FROM {name} JOIN legal_holds USING (dossier) LIMIT 1"  # noqa: S608 - names of ours
                if db.execute(text(asked)).first() is not None:
                    continue
                db.execute(text(f"DROP TABLE {name}"))
                dropped += 1
    return dropped


def months(now: dt.datetime, count: int) -> list[dt.date]:
    """Return the first days of this month and of those that follow."""
    found = [now.astimezone(dt.UTC).date().replace(day=1)]
    while len(found) < count:
        found.append(_next(found[-1]))
    return found


def _next(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=32)).replace(day=1)


def _parts(db: Connection) -> list[str]:
    asked = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit'::regclass ORDER BY 1"
    return list(db.execute(text(asked)).scalars())


def _end_of_the_first(db: Connection) -> str:
    """Return the month that the part of what was there before parting ends with, not counted; empty without one."""
    asked = "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'audit_before' AND relispartition"
    said = db.execute(text(asked)).scalar() or ""
    found = re.search(r"TO \('([0-9-]+)'\)", said)
    return "" if found is None else found[1]
