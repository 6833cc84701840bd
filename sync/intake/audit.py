"""The audit's lines, for whoever looks after those who look."""

from sqlalchemy import select

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
    """Return the lines after an id, and write down that `who` read them."""
    wanted = select(ledger.audit).where(ledger.audit.c.id > after)
    if dossier:
        wanted = wanted.where(ledger.audit.c.dossier == dossier)
    with site.engine.begin() as db:
        ledger.note(db, at=site.now(), who=who, what="read-audit", dossier=dossier or None)
        rows = db.execute(wanted.order_by(ledger.audit.c.id).limit(limit)).all()
    return AuditPage(
        lines=tuple(AuditLine(id=row.id, at=row.at, who=row.who, what=row.what, dossier=row.dossier) for row in rows)
    )
