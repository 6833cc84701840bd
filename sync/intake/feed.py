"""What happened to an owner's dossiers, in a gap-free order.

The cursor is the last number seen, with a mark of what stood there: a province that was restored from a backup gives
its numbers out anew, and a device that has seen others under them must notice. Who asks for visit lists too reads on in
the log of their unit with the same cursor, which then has that place as well, after a dot (`visits`).
"""

import hashlib
import re
from typing import Any, Final

from sqlalchemy import Connection, exists, insert, or_, select, update

from bnhelper.clock import to_text
from sync.intake import exports, ledger, visits
from sync.intake.identity import shut_out
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.changes import Change, ChangesPage
from sync.wire.model import NotTheContract
from sync.wire.problems import ProblemCode, Retry

_CURSOR: Final = re.compile(r"(\d{1,15})(?:-([0-9a-f]{16}))?(?:\.(\d{1,15}-[0-9a-f]{16}))?", re.ASCII)


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
    _put(db, owner, change)
    if not is_told_by_province:
        exports.enqueue(db, change)
    return change


def append_at(db: Connection, owner: str, change: Change) -> None:
    """Add a change whose number was counted on from the owner's row, which this transaction has locked."""
    counted = update(ledger.devices).where(ledger.devices.c.id == owner).values(last_seq=change.seq)
    db.execute(counted)
    _put(db, owner, change)


def _put(db: Connection, owner: str, change: Change) -> None:
    said = {"seq": change.seq, "body": change.write().decode("utf-8"), "at": to_text(change.at)}
    db.execute(insert(ledger.changes).values(owner=owner, **said))


def without_number(change: Change) -> str:
    """Return a change as it is written, without the beginning `{"seq":N,` that a statement puts before it."""
    beginning, comma, rest = change.write().decode("utf-8").partition(",")
    assert comma
    assert beginning.startswith('{"seq":')
    return rest


def page(site: Site, owner: str, cursor: str, limit: int, *, unit: str | None = None) -> ChangesPage:
    """Return one page after `cursor`; with `unit`, what became known of its visit lists fills what room is left.

    Raises Refused (410) for a cursor that this site, as it is now, never gave.
    """
    said = _CURSOR.fullmatch(cursor or "0")
    if said is None:
        raise Refused(410, ProblemCode.CURSOR_EXPIRED, Retry.NOW)
    since, mark, place = int(said[1]), said[2], said[3] or ""
    told = ledger.changes.c
    listed = visits.Part((), place, has_more=False)
    with site.engine.connect() as db:
        # A person without a machine of theirs has nothing to hear.
        newest = db.execute(select(ledger.devices.c.last_seq).where(ledger.devices.c.id == owner)).scalar() or 0
        last = db.execute(select(told.body).where(told.owner == owner, told.seq == since)).scalar() if mark else None
        if since > newest or (mark and (last is None or _mark(last) != mark)):
            raise Refused(410, ProblemCode.CURSOR_EXPIRED, Retry.NOW)
        rows = db.execute(
            select(told.seq, told.body).where(told.owner == owner, told.seq > since).order_by(told.seq).limit(limit + 1)
        ).all()
        if unit is not None and len(rows) < limit:
            listed = visits.page(db, unit, owner, place, limit - len(rows))
    # What is over its time is gone (`retention`): a reader who stopped before that begins anew.
    if 0 < since < newest and (not rows or rows[0].seq > since + 1):
        raise Refused(410, ProblemCode.CURSOR_EXPIRED, Retry.NOW)
    items = []
    reached = said[1] if mark is None else f"{said[1]}-{mark}"
    for row in rows[:limit]:
        try:
            items.append(Change.read(row.body.encode("utf-8")))
        except NotTheContract as wrong:
            raise RuntimeError("a change of our own is not the contract") from wrong
        reached = f"{row.seq}-{_mark(row.body)}"
    has_more = len(rows) > limit or (unit is not None and (len(rows) == limit or listed.has_more))
    cursor = f"{reached}.{listed.place}" if listed.place else reached
    return ChangesPage(items=tuple(items), visits=listed.entries or None, cursor=cursor, more=has_more)


def has_more_than(site: Site, owner: str, cursor: str, *, unit: str | None = None) -> bool:
    """Tell whether anything happened since a cursor, by one look at one row or two.

    Raises Refused when the device, or the person it belongs to, was shut out since: who waits hears no more either.
    """
    said = _CURSOR.fullmatch(cursor or "0")
    since, place = (int(said[1]), said[3] or "") if said is not None else (0, "")
    device, shut = ledger.devices.c, ledger.revoked_subjects.c.subject
    is_shut = or_(device.revoked_at.is_not(None), exists().where(shut == device.subject))
    with site.engine.connect() as db:
        row = db.execute(select(device.last_seq, is_shut.label("is_shut")).where(device.id == owner)).first()
        if row is not None and row.is_shut:
            raise shut_out()
        has_news = row is not None and row.last_seq > since
        return has_news or (unit is not None and visits.has_more_than(db, unit, place))


def _mark(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()[:16]
