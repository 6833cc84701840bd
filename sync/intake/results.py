"""The file of a result: stored by its content, and made the owner's own in the transaction that gives it."""

import hashlib

from sqlalchemy import Connection, delete

from sync.intake import ledger
from sync.intake.scanning import scan
from sync.intake.station import Site
from sync.wire.changes import Result


def store(site: Site, name: str, media_type: str, content: bytes) -> Result:
    """Keep the bytes; durable when it returns. Raises FileNotClean, BlobsUnavailable.

    Nobody may see them until `own`; where that does not come about, `abandon` lets them go.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if not site.blobs.has(sha256):
        path = site.spool.place(content)
        try:
            scan(site, path)
            site.blobs.put(sha256, path)
        finally:
            path.unlink(missing_ok=True)
    return Result(sha256=sha256, size=len(content), name=name[:200], media_type=media_type)


def own(site: Site, db: Connection, owner: str, result: Result, content: bytes) -> None:
    """Let a device fetch a result. Raises BlobsUnavailable.

    Retention may be deleting these very bytes: its lock is waited for, and then they are looked for.
    """
    about = {"size": result.size, "media_type": result.media_type, "stored_at": site.now()}
    db.execute(ledger.insert_once(db, ledger.blobs, owner=owner, sha256=result.sha256, **about))
    db.execute(delete(ledger.doomed_blobs).where(ledger.doomed_blobs.c.sha256 == result.sha256))
    if not site.blobs.has(result.sha256):
        path = site.spool.place(content)
        try:
            site.blobs.put(result.sha256, path)
        finally:
            path.unlink(missing_ok=True)


def abandon(site: Site, result: Result) -> None:
    """Let bytes go that were stored for a deed which was not done; retention deletes what nobody else has."""
    with site.engine.begin() as db:
        db.execute(ledger.insert_once(db, ledger.doomed_blobs, sha256=result.sha256, at=site.now()))
