"""What happened to an owner's dossiers, in a gap-free order; the cursor is the last number seen."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from bnhelper.clock import to_text
from sync.intake import exports, ledger
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.changes import Change, ChangesPage
from sync.wire.model import NotTheContract
from sync.wire.problems import ProblemCode, Retry


def append(db: Connection, owner: str, *, is_told_by_province: bool = False, **said: Any) -> Change:
    """Add a change for an owner in the transaction that made it, and what the province's systems are to be told.

    The owner's counter row is updated in the same transaction, so numbers become visible in their order; a
    plain auto-increment would let a reader skip a number whose transaction commits late (sync.md 4.4).
    """
    counted = (
        update(ledger.devices)
        .where(ledger.devices.c.id == owner)
        .values(last_seq=ledger.devices.c.last_seq + 1)
        .returning(ledger.devices.c.last_seq)
    )
    seq = db.execute(counted).scalar_one()
    change = Change(seq=seq, **said)
    db.execute(
        insert(ledger.changes).values(owner=owner, seq=seq, body=change.write().decode("utf-8"), at=to_text(change.at))
    )
    if not is_told_by_province:
        exports.enqueue(db, change)
    return change


def page(site: Site, owner: str, cursor: str, limit: int) -> ChangesPage:
    """Return one page after `cursor`. Raises Refused (410) for a cursor that this site never gave."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 16):
        raise Refused(410, ProblemCode.CURSOR_EXPIRED, Retry.NOW)
    since = int(cursor or "0")
    with site.engine.connect() as db:
        newest = db.execute(select(ledger.devices.c.last_seq).where(ledger.devices.c.id == owner)).scalar_one()
        if since > newest:
            raise Refused(410, ProblemCode.CURSOR_EXPIRED, Retry.NOW)
        rows = db.execute(
            select(ledger.changes.c.body)
            .where(ledger.changes.c.owner == owner, ledger.changes.c.seq > since)
            .order_by(ledger.changes.c.seq)
            .limit(limit + 1)
        ).scalars()
        items = []
        for row in rows:
            try:
                items.append(Change.read(row.encode("utf-8")))
            except NotTheContract as wrong:
                raise RuntimeError("a change of our own is not the contract") from wrong
    shown = items[:limit]
    # What is over its time is gone (`retention`): a reader who stopped before that begins anew.
    if 0 < since < newest and (not shown or shown[0].seq > since + 1):
        raise Refused(410, ProblemCode.CURSOR_EXPIRED, Retry.NOW)
    last = shown[-1].seq if shown else newest
    return ChangesPage(items=tuple(shown), cursor=str(last), more=len(items) > limit)
