"""The audit's lines, for whoever looks after those who look."""

import datetime as dt
from typing import Any, Final

from sqlalchemy import Connection, Select, or_, select, text

from bnhelper.clock import to_text
from sync.intake import ledger
from sync.intake.station import Site
from sync.wire.model import Message


class AuditLine(Message):
    """Who did or saw what, when."""

    id: int
    at: str
    who: str
    what: str
    dossier: str | None = None


class AuditPage(Message):
    """One page; `after` of the next one is the id of the last line."""

    lines: tuple[AuditLine, ...]


def page(site: Site, who: str, after: int, limit: int, dossier: str) -> AuditPage:
    """Return the lines after an id, and write down that `who` read them.

    A reader goes on from the last id seen, so no line is shown before every one with a lower id can be.
    """
    wanted = select(ledger.audit).where(ledger.audit.c.id > after)
    if dossier:
        wanted = wanted.where(ledger.audit.c.dossier == dossier)
    with site.engine.begin() as db:
        ledger.note(db, at=site.now(), who=who, what="read-audit", dossier=dossier or None)
    with site.engine.connect() as db:
        rows = db.execute(_settled(site, db, wanted).order_by(ledger.audit.c.id).limit(limit)).all()
    return AuditPage(
        lines=tuple(AuditLine(id=row.id, at=row.at, who=row.who, what=row.what, dossier=row.dossier) for row in rows)
    )


#: A row of PostgreSQL has the number of its transaction; that of a transaction which ended before the oldest one that
#: is under way is older. Numbers come round after some months, so what is old by the clock is not asked.
_ENDED: Final = text("age(audit.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)")
_OLD: Final = dt.timedelta(days=1)


def _settled(site: Site, db: Connection, wanted: Select[Any]) -> Select[Any]:
    """Leave out what a transaction that is still under way may put a line before: ids are drawn before the commit."""
    if db.dialect.name != "postgresql":
        return wanted
    return wanted.where(or_(ledger.audit.c.at < to_text(site.clock.now() - _OLD), _ENDED))
