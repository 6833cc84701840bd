"""Takes personal data out when its time is over, unless the law holds it; run it daily: `... admin retention`."""

import datetime as dt
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from bnhelper.clock import to_text
from sync.intake import ledger, parts, uploads
from sync.intake.station import Site
from sync.wire.dossiers import WireState

_CLOSED: Final = (WireState.RETURNED.value, WireState.REJECTED.value, WireState.WITHDRAWN.value)
_AT_ONCE: Final = 200
_READ_AUDIT_DAYS: Final = 5 * 365  #: breaches and reads are kept five years (Law 91/2025)


def erase_old(site: Site, days: int) -> int:
    """Erase the dossiers closed for longer than `days`; return how many. Each is one small transaction.

    Held dossiers, and those the province's systems were not yet told of, stay. A tombstone stays too: the number,
    the procedure and the dates, which are nobody's.
    """
    before = to_text(site.clock.now() - dt.timedelta(days=days))
    count = 0
    while True:
        with site.engine.begin() as db:
            due = _due(db, before)
            for dossier, owner in due:
                _erase(site, db, dossier, owner)
        count += len(due)
        if len(due) < _AT_ONCE:
            return count


def _due(db: Connection, before: str) -> list[tuple[str, str]]:
    one, waits = ledger.dossiers.c, ledger.outbox.c
    rows = db.execute(
        select(one.id, one.device)
        .where(
            one.state.in_(_CLOSED),
            one.changed_at < before,
            one.erased_at.is_(None),
            one.id.not_in(select(ledger.legal_holds.c.dossier)),
            one.id.not_in(select(waits.dossier).where(waits.delivered_at.is_(None))),
        )
        .order_by(one.id)
        .limit(_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return [(row.id, row.device) for row in rows]


def _erase(site: Site, db: Connection, dossier: str, owner: str) -> None:
    files = ledger.files.c
    hashes = set(db.execute(select(files.sha256).where(files.dossier == dossier)).scalars())
    elsewhere = set(
        db.execute(
            select(files.sha256)
            .join(ledger.dossiers, ledger.dossiers.c.id == files.dossier)
            .where(files.sha256.in_(hashes), files.dossier != dossier, ledger.dossiers.c.device == owner)
        ).scalars()
    )
    gone = hashes - elsewhere
    db.execute(delete(ledger.files).where(files.dossier == dossier))
    db.execute(delete(ledger.dossier_words).where(ledger.dossier_words.c.dossier == dossier))
    db.execute(update(ledger.revisions).where(ledger.revisions.c.dossier == dossier).values(body=b"", signature=""))
    db.execute(
        update(ledger.dossiers)
        .where(ledger.dossiers.c.id == dossier)
        .values(applicant="", note=None, request=None, result=None, erased_at=site.now())
    )
    db.execute(update(ledger.deeds).where(ledger.deeds.c.dossier == dossier).values(note=None, detail=None))
    db.execute(delete(ledger.blobs).where(ledger.blobs.c.owner == owner, ledger.blobs.c.sha256.in_(gone)))
    db.execute(delete(ledger.uploads).where(ledger.uploads.c.owner == owner, ledger.uploads.c.sha256.in_(gone)))
    for sha256 in sorted(gone):
        db.execute(ledger.insert_once(db, ledger.doomed_blobs, sha256=sha256, at=site.now()))
    ledger.note(db, at=site.now(), who="site:retention", what="erased", dossier=dossier)


def delete_doomed(site: Site) -> int:
    """Delete the bytes that no row names any more; return how many. Raises BlobsUnavailable.

    The mark is locked meanwhile. Somebody who brings the same bytes again in this moment waits for the lock and
    then looks whether they are still there (`uploads.py`), so nothing that was acknowledged is deleted.
    """
    with site.engine.connect() as db:
        doomed = list(db.execute(select(ledger.doomed_blobs.c.sha256)).scalars())
    count = 0
    for sha256 in doomed:
        with site.engine.begin() as db:
            mark = ledger.doomed_blobs.c.sha256 == sha256
            if db.execute(select(ledger.doomed_blobs).where(mark).with_for_update()).first() is None:
                continue
            is_wanted = db.execute(select(ledger.blobs.c.owner).where(ledger.blobs.c.sha256 == sha256).limit(1)).first()
            if is_wanted is None:
                site.blobs.delete(sha256)
                count += 1
            db.execute(delete(ledger.doomed_blobs).where(mark))
    return count


def delete_told(site: Site, days: int) -> dict[str, int]:
    """Delete what everybody has been told for longer than `days`, and what has ended; return how much, by name.

    A device that was away for so long is told that its place in the feed is gone, and begins anew.
    """
    now = site.clock.now()
    before = to_text(now - dt.timedelta(days=days))
    changes, out, came, tries = ledger.changes.c, ledger.outbox.c, ledger.inbox.c, ledger.wrong_tries.c
    with site.engine.begin() as db:
        return {
            name: db.execute(said).rowcount
            for name, said in {
                "old_changes": delete(ledger.changes).where(changes.at > "", changes.at < before),
                "old_exports": delete(ledger.outbox).where(out.delivered_at < before),
                "old_statuses": delete(ledger.inbox).where(came.at < before),
                "old_tries": delete(ledger.wrong_tries).where(tries.latest_at < to_text(now - dt.timedelta(days=1))),
                "old_look_ups": delete(ledger.throttles).where(
                    ledger.throttles.c.free_at < (now - dt.timedelta(days=1)).timestamp()
                ),
            }.items()
        }


def run(site: Site, days: int) -> dict[str, int]:
    """Do all of it; return what was done, by name."""
    erased = erase_old(site, days)
    old = to_text(site.clock.now() - dt.timedelta(days=_READ_AUDIT_DAYS))
    made, dropped = parts.make_ahead(site.engine, site.clock.now()), parts.drop_before(site.engine, old)
    with site.engine.begin() as db:
        audit = db.execute(delete(ledger.audit).where(ledger.audit.c.at < old)).rowcount
    return {
        "erased": erased,
        **delete_told(site, days),
        "months_made": made,
        "months_dropped": dropped,
        "deleted_files": delete_doomed(site),
        "expired_uploads": uploads.sweep(site),
        "old_audit_lines": audit,
    }


def hold(site: Site, dossier: str, reason: str, by: str) -> None:
    """Keep a dossier whatever its age. Raises KeyError for one that is not here."""
    with site.engine.begin() as db:
        if db.execute(select(ledger.dossiers.c.id).where(ledger.dossiers.c.id == dossier)).first() is None:
            raise KeyError(dossier)
        db.execute(delete(ledger.legal_holds).where(ledger.legal_holds.c.dossier == dossier))
        db.execute(insert(ledger.legal_holds).values(dossier=dossier, reason=reason, by=by, at=site.now()))
        ledger.note(db, at=site.now(), who=by, what="held", dossier=dossier)


def release(site: Site, dossier: str, by: str) -> None:
    """End a hold."""
    with site.engine.begin() as db:
        db.execute(delete(ledger.legal_holds).where(ledger.legal_holds.c.dossier == dossier))
        ledger.note(db, at=site.now(), who=by, what="released", dossier=dossier)
