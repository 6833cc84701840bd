"""Takes one dossier out when its time is over, with every byte of it that nobody else needs."""

import datetime as dt
import json
import time
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)

from bnhelper.clock import to_text
from sync.intake import exports, ledger
from sync.intake.station import Site
from sync.wire.dossiers import WireState

#: Nothing more is done with these; the result of an approved one was given, and is fetched or not.
CLOSED: Final = (WireState.APPROVED, WireState.RETURNED, WireState.REJECTED, WireState.WITHDRAWN)
UNTOLD_DAYS: Final = 90  #: longer than this nobody's data waits for a receiver that does not answer
ORPHAN_DAYS: Final = 30  #: how long bytes may lie here that no dossier names
_AT_ONCE: Final = 200
#: Longer than any transaction of ours: a revision that counted on bytes is there to be seen when they are deleted.
_WAIT: Final = dt.timedelta(hours=1)
_ORPHANS_UNTIL: Final = "orphans_until"
_one, _outbox = ledger.dossiers.c, ledger.outbox.c


def erase_old(site: Site, days: int) -> dict[str, int]:
    """Erase what was closed, or never arrived whole, for longer than `days`; return how much, by name.

    Each lot is one small transaction. What is held stays, and for `UNTOLD_DAYS` more what the province's systems
    are still to be told of, where there are any. A tombstone stays too: the number, the procedure and the dates,
    which are nobody's. A dossier that never arrived whole leaves none, so that it can be sent anew.
    """
    before = site.clock.now() - dt.timedelta(days=days)
    done = {"erased": 0, "erased_untold": 0, "never_whole": 0}
    for states in (CLOSED, (WireState.RECEIVING,)):
        while True:
            with site.engine.begin() as db:
                due = _due(db, states, before)
                # The rows are locked only now: a hold that came after the look is seen, and none can come any more.
                held = _held(db, [row.id for row in due])
                for row in due:
                    if row.id not in held:
                        done[_erase(site, db, row)] += 1
            if len(due) < _AT_ONCE:
                break
    return done


def _due(db: Connection, states: Sequence[WireState], before: dt.datetime) -> Sequence[Any]:
    # The states are written out, so that the index over what is to be erased is one that PostgreSQL may use.
    wanted: BindParameter[Any] = bindparam(
        "states", [one.value for one in states], expanding=True, literal_execute=True
    )
    is_due = [_one.state.in_(wanted), _one.changed_at < to_text(before), _one.erased_at.is_(None)]
    is_due.append(~exists().where(ledger.legal_holds.c.dossier == _one.id))
    if WireState.RECEIVING in states:  # what has a receipt never goes for what did not come after it (`supplements`)
        receipted = and_(ledger.revisions.c.dossier == _one.id, ledger.revisions.c.receipt.is_not(None))
        is_due += [_one.received_at.is_(None), ~exists().where(receipted)]
    if exports.has_receiver(db):
        too_long = to_text(before - dt.timedelta(days=UNTOLD_DAYS))
        is_due.append(or_(_one.changed_at < too_long, ~_is_untold()))
    rows = select(_one.id, _one.device, _one.received_at, _one.result)
    rows = rows.where(*is_due).order_by(_one.changed_at, _one.id).limit(_AT_ONCE)
    return db.execute(rows.with_for_update(skip_locked=True)).all()


def _held(db: Connection, dossiers: Sequence[str]) -> set[str]:
    hold = ledger.legal_holds.c.dossier
    return set(db.execute(select(hold).where(hold.in_(dossiers))).scalars())


def _is_untold() -> ColumnElement[bool]:
    return exists().where(_outbox.dossier == _one.id, _outbox.delivered_at.is_(None))


def _erase(site: Site, db: Connection, row: Row[Any]) -> str:
    """Erase a dossier whose row is locked; return what it counts as."""
    dossier, at = row.id, site.now()
    untold = db.execute(select(_outbox.id).where(_outbox.dossier == dossier, _outbox.delivered_at.is_(None))).first()
    is_untold = untold is not None and exports.has_receiver(db)
    _let_bytes_go(site, db, row)
    for table in (ledger.files, ledger.dossier_words, ledger.deeds, ledger.outbox):
        db.execute(delete(table).where(table.c.dossier == dossier))
    revision = ledger.revisions.c
    # What was never receipted must not be found again: with no file left to wait for it would be taken for whole.
    db.execute(delete(ledger.revisions).where(revision.dossier == dossier, revision.receipt.is_(None)))
    if row.received_at is None:
        db.execute(delete(ledger.revisions).where(revision.dossier == dossier))
        db.execute(delete(ledger.dossiers).where(_one.id == dossier))
        ledger.note(db, at=at, who="site:retention", what="never-whole", dossier=dossier)
        return "never_whole"
    db.execute(update(ledger.revisions).where(revision.dossier == dossier).values(body=b"", signature=""))
    last: ColumnElement[int] = select(func.max(revision.revision)).where(revision.dossier == dossier).scalar_subquery()
    last = func.coalesce(last, _one.revision)
    empty: dict[str, None] = dict.fromkeys(("note", "request", "result", "officer", "assigned", "due_at"))
    db.execute(
        update(ledger.dossiers).where(_one.id == dossier).values(applicant="", erased_at=at, revision=last, **empty)
    )
    ledger.note(db, at=at, who="site:retention", what="erased-untold" if is_untold else "erased", dossier=dossier)
    return "erased_untold" if is_untold else "erased"


def _let_bytes_go(site: Site, db: Connection, row: Row[Any]) -> None:
    """Doom the files and results of a dossier that no other one of its owner has."""
    files, owner = ledger.files.c, row.device
    hashes = set(db.execute(select(files.sha256).where(files.dossier == row.id)).scalars())
    elsewhere = set(
        db.execute(
            select(files.sha256)
            .join(ledger.dossiers, _one.id == files.dossier)
            .where(files.sha256.in_(hashes), files.dossier != row.id, _one.device == owner)
        ).scalars()
    )
    results = _results(db, ledger.deeds.c.dossier == row.id) | _named(row.result)
    if results:
        others = select(_one.result).where(_one.device == owner, _one.id != row.id, _one.result.is_not(None))
        elsewhere |= {one for said in db.execute(others).scalars() for one in _named(said)}
        elsewhere |= _results(db, and_(ledger.deeds.c.dossier != row.id, _one.device == owner))
        in_files = select(files.sha256).join(ledger.dossiers, _one.id == files.dossier)
        in_files = in_files.where(files.sha256.in_(results), files.dossier != row.id, _one.device == owner)
        elsewhere |= set(db.execute(in_files).scalars())
    gone = (hashes | results) - elsewhere
    db.execute(delete(ledger.blobs).where(ledger.blobs.c.owner == owner, ledger.blobs.c.sha256.in_(gone)))
    db.execute(delete(ledger.uploads).where(ledger.uploads.c.owner == owner, ledger.uploads.c.sha256.in_(gone)))
    _doom(db, gone, site.now())


def _results(db: Connection, which: ColumnElement[bool]) -> set[str]:
    """Return the hashes of the results that deeds brought."""
    deed = ledger.deeds.c
    rows = select(deed.detail).join(ledger.dossiers, _one.id == deed.dossier).where(which, deed.detail.like('%"file"%'))
    found = (json.loads(said).get("file") for said in db.execute(rows).scalars())  # a paper may have that name too
    return {str(sha256) for sha256 in found if sha256}


def _named(result: str | None) -> set[str]:
    return {str(json.loads(result)["sha256"])} if result else set()


def _doom(db: Connection, hashes: set[str], at: str) -> None:
    for sha256 in sorted(hashes):
        db.execute(ledger.insert_once(db, ledger.doomed_blobs, sha256=sha256, at=at))


def let_orphans_go(site: Site) -> int:
    """Doom bytes that somebody brought and no dossier has named for `ORPHAN_DAYS`; return how many.

    What came since the last look is looked at. A revision may arrive in this very moment and count on such bytes:
    they are deleted an hour later at the earliest, when it can be seen (`delete_doomed`).
    """
    now = site.clock.now()
    until, blob, count = to_text(now - dt.timedelta(days=ORPHAN_DAYS)), ledger.blobs.c, 0
    with site.engine.connect() as db:
        since = ledger.site_value(db, _ORPHANS_UNTIL) or ""
    while True:
        with site.engine.begin() as db:
            rows = db.execute(
                select(blob.owner, blob.sha256)
                .where(blob.stored_at >= since, blob.stored_at < until, ~_is_named(blob.owner, blob.sha256))
                .limit(_AT_ONCE)
                .with_for_update(skip_locked=True)
            ).all()
            for row in rows:
                for table in (ledger.blobs, ledger.uploads):  # a finished upload would say that they are here
                    db.execute(delete(table).where(table.c.owner == row.owner, table.c.sha256 == row.sha256))
            _doom(db, {row.sha256 for row in rows}, to_text(now + _WAIT))
            count += len(rows)
            if len(rows) < _AT_ONCE:
                ledger.set_site_value(db, _ORPHANS_UNTIL, until)
                return count


def _is_named(owner: ColumnElement[str], sha256: ColumnElement[str]) -> ColumnElement[bool]:
    """Tell whether a dossier of this owner has these bytes: as a file of any revision, or as a result."""
    file, deed = ledger.files.c, ledger.deeds.c
    of_owner = _one.device == owner
    return or_(
        exists().where(file.sha256 == sha256, _one.id == file.dossier, of_owner),
        exists().where(of_owner, _one.result.contains(sha256)),
        exists().where(of_owner, deed.dossier == _one.id, deed.detail.contains(sha256)),
    )


def delete_doomed(site: Site, *, patience_s: float = 60.0) -> int:
    """Delete the bytes that no row names any more; return how many. Raises BlobsUnavailable.

    The mark is locked meanwhile. Somebody who brings the same bytes again in this moment waits for the lock and
    then looks whether they are still there (`uploads.py`). Whoever wrote such a row before there was a mark has not
    seen it, and nobody sees the row until they end: they are waited for, or the bytes stay until the next time. So
    nothing that was acknowledged is deleted.
    """
    mark, blob = ledger.doomed_blobs.c, ledger.blobs.c
    with site.engine.connect() as db:
        doomed = list(db.execute(select(mark.sha256).where(mark.at <= site.now())).scalars())
    if not doomed or not _all_have_ended(site, patience_s):
        return 0
    count = 0
    for sha256 in doomed:
        with site.engine.begin() as db:
            if db.execute(select(mark.sha256).where(mark.sha256 == sha256).with_for_update()).first() is None:
                continue
            _keep_what_was_receipted(site, db, sha256)
            if db.execute(select(blob.owner).where(blob.sha256 == sha256).limit(1)).first() is None:
                site.blobs.delete(sha256)
                count += 1
            db.execute(delete(ledger.doomed_blobs).where(mark.sha256 == sha256))
    return count


def _all_have_ended(site: Site, patience_s: float) -> bool:
    """Wait until whatever any process of this site is at has ended, or only begins now; SQLite does one at a time."""
    if site.engine.dialect.name != "postgresql":
        return True
    ends = time.monotonic() + patience_s
    with site.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        now = db.execute(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text")).scalar_one()
        while db.execute(_BEGAN_BEFORE, {"now": now}).first() is not None:
            if time.monotonic() > ends:
                return False
            time.sleep(0.1)
    return True


#: By what they wrote, or by what they see: a statement has its view before the number of its transaction.
_BEGAN_BEFORE: Final = text(
    """
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'bnhelper-intake' AND pid <> pg_backend_pid()
        AND (age(backend_xid) > age(CAST(:now AS xid)) OR age(backend_xmin) > age(CAST(:now AS xid)))
    LIMIT 1
    """
)


def _keep_what_was_receipted(site: Site, db: Connection, sha256: str) -> None:
    """Give bytes back to whoever holds a receipt over them: it was signed in the moment they were let go."""
    file, revision = ledger.files.c, ledger.revisions.c
    receipted = (
        select(_one.device, file.size, file.media_type)
        .select_from(ledger.files)
        .join(ledger.dossiers, _one.id == file.dossier)
        .join(ledger.revisions, and_(revision.dossier == file.dossier, revision.revision == file.revision))
        .where(file.sha256 == sha256, revision.receipt.is_not(None))
    )
    for row in db.execute(receipted.distinct()).all():
        about = {"size": row.size, "media_type": row.media_type, "stored_at": site.now()}
        db.execute(ledger.insert_once(db, ledger.blobs, owner=row.device, sha256=sha256, **about))
