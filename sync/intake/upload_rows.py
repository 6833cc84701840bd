"""What the ledger knows of uploads: made or found, how one stands, and what follows when its last byte is there."""

import datetime as dt
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Row, bindparam, delete, func, insert, or_, select, update

from bnhelper.clock import from_text, to_text
from sync.intake import bare, identity, ledger, quota, receipts, settling
from sync.intake.bare import array
from sync.intake.number_stock import Stock
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.blobs import TUS_VERSION
from sync.wire.problems import ProblemCode, Retry
from sync.wire.version import UPLOAD_KEPT_DAYS

TUS: Final = {"Tus-Resumable": TUS_VERSION, "Cache-Control": "no-store"}
Receipts = tuple[str, ...]  #: of the revisions that are whole with a file
_A_DAY: Final = dt.timedelta(days=1)

# Statements are made once: an upload asks a dozen of them, and making one costs as much as asking it.
_upload, _device = ledger.uploads.c, ledger.devices.c
_MINE: Final = (_upload.id == bindparam("upload")) & (_upload.owner == bindparam("owner"))
_OPEN: Final = (_upload.owner == bindparam("owner")) & _upload.finished_at.is_(None)
_ALIKE: Final = (
    (_upload.owner == bindparam("owner"))
    & (_upload.sha256 == bindparam("sha256"))
    & (_upload.size == bindparam("size"))
)
_REVOKED: Final = select(_device.id).where(_device.id == bindparam("owner"), identity.IS_OUT)
#: One row: is the owner shut out, what have they announced and not finished, have they the same upload already.
_BEFORE: Final = select(
    or_(_REVOKED.exists(), identity.person_is_out(bindparam("owner"))).label("is_revoked"),
    select(func.coalesce(func.sum(_upload.size), 0)).where(_OPEN).scalar_subquery().label("announced"),
    select(_upload.id).where(_ALIKE).limit(1).scalar_subquery().label("known"),
    select(_upload.id).where(_ALIKE, _upload.finished_at.is_not(None)).limit(1).scalar_subquery().label("finished"),
)
_STANDING: Final = (
    select(ledger.uploads, or_(identity.IS_OUT, identity.person_is_out(_upload.owner)).label("is_out"))
    .outerjoin(ledger.devices, _device.id == _upload.owner)
    .where(_MINE)
)
_MAKE: Final = insert(ledger.uploads)
_LONGER: Final = update(ledger.uploads).where(_upload.id == bindparam("upload")).values(expires_at=bindparam("expires"))
_FINISHED: Final = update(ledger.uploads).where(_upload.id == bindparam("upload")).values(finished_at=bindparam("at"))
_ALL_AT_ONCE: Final = """
WITH new AS (
    INSERT INTO blobs (owner, sha256, size, media_type, stored_at)
    VALUES (%(owner)s, %(sha256)s, %(size)s, %(media_type)s, %(at)s) ON CONFLICT DO NOTHING
), done AS (UPDATE uploads SET finished_at = %(at)s WHERE id = %(upload)s)
DELETE FROM doomed_blobs WHERE sha256 = %(sha256)s
"""
_MANY_AT_ONCE: Final = """
WITH said AS (
    SELECT * FROM unnest(%(id)s::text[], %(owner)s::text[], %(sha256)s::text[], %(size)s::int[], %(media_type)s::text[],
        %(made_till)s::text[]) AS said (id, owner, sha256, size, media_type, made_till)
), allowed AS MATERIALIZED (
    SELECT said.* FROM said LEFT JOIN uploads ON uploads.id = said.id AND uploads.owner = said.owner
        LEFT JOIN devices ON devices.id = said.owner
    WHERE devices.revoked_at IS NULL
        AND NOT EXISTS (SELECT FROM revoked_subjects WHERE subject IN (devices.subject, said.owner))
        AND coalesce(made_till, uploads.expires_at) >= %(at)s
), made AS (
    INSERT INTO uploads (id, owner, sha256, size, media_type, expires_at, finished_at)
    SELECT id, owner, sha256, size, media_type, made_till, %(at)s FROM allowed WHERE made_till IS NOT NULL
), new AS (
    INSERT INTO blobs (owner, sha256, size, media_type, stored_at)
    SELECT owner, sha256, size, media_type, %(at)s FROM allowed ORDER BY owner, sha256 ON CONFLICT DO NOTHING
), done AS (
    UPDATE uploads SET finished_at = %(at)s FROM allowed WHERE uploads.id = allowed.id
), spared AS (
    DELETE FROM doomed_blobs WHERE sha256 IN (SELECT sha256 FROM allowed)
)
SELECT id FROM allowed
"""
_DOOMED: Final = "INSERT INTO doomed_blobs (sha256, at) VALUES (%(sha256)s, %(at)s) ON CONFLICT DO NOTHING"
_SPARED: Final = delete(ledger.doomed_blobs).where(ledger.doomed_blobs.c.sha256 == bindparam("sha256"))


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload that was just made, as `standing` would tell of it."""

    id: str
    owner: str
    sha256: str | None
    size: int
    expires_at: str
    finished_at: str | None = None
    has_row: bool = True  #: not where the whole file came with its creation: the row is made with what follows from it


@dataclass(frozen=True, slots=True)
class Whole:
    """A file that came wholly and is what it says; `id` is its upload's."""

    id: str
    owner: str
    sha256: str
    size: int
    media_type: str
    made_till: str | None = None  #: when an upload expires that has no row yet


class BytesGone(Exception):
    """Bytes are not where they were put: retention deleted the same ones in this moment."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An upload that a device may go on with."""

    id: str
    expires: str
    is_finished: bool = False
    is_new: bool = False  #: nothing of it was known before: it was held to its owner's share


def find_or_make(
    site: Site, owner: str, sha256: str | None, size: int, media_type: str, *, looks: bool = False
) -> Begun:
    """Return the upload that this owner has for the same content, or a new one.

    With `looks` what they brought and no dossier names counts too, beside what they announced.

    A row that a crash takes back costs a re-send, so nobody waits for the disk. Raises Refused: 401 for a device that
    was shut out, 507 where there is no room.
    """
    expires = _expiry(site)
    with site.loosely() as db:
        before = db.execute(_BEFORE, {"owner": owner, "sha256": sha256, "size": size}).one()
        if before.is_revoked:
            raise identity.shut_out()
        if (known := before.finished or before.known) is not None:
            db.execute(_LONGER, {"upload": known, "expires": expires})
            return Begun(known, expires, before.finished is not None)
        unnamed = quota.unnamed(db, owner) if looks else 0
        quota.room(site, size, TUS)
        quota.share(size, before.announced + unnamed, TUS)
        upload = secrets.token_hex(16)
        about = {"sha256": sha256, "size": size, "media_type": media_type, "expires_at": expires}
        db.execute(_MAKE, {"id": upload, "owner": owner, **about})
    return Begun(upload, expires, is_new=True)


def alone(site: Site, owner: str, sha256: str, size: int) -> Upload:
    """Return a new upload whose whole file comes with its creation, so that nobody need know of it before.

    Raises Refused (507) where there is no room.
    """
    quota.room(site, size, TUS)
    return Upload(secrets.token_hex(16), owner, sha256, size, _expiry(site), has_row=False)


def look(site: Site, owner: str, size: int) -> None:
    """Raise Refused (507) where an owner brought so much that no dossier names that `size` more is too much."""
    with site.loosely() as db:
        has = quota.unnamed(db, owner)
    quota.share(size, has, TUS)


def keep_part(site: Site, upload: Upload, media_type: str) -> None:
    """Make the row of an upload that was to come whole and was cut: its device can go on with it."""
    about = {"sha256": upload.sha256, "size": upload.size, "media_type": media_type, "expires_at": upload.expires_at}
    with site.loosely() as db:
        db.execute(_MAKE, {"id": upload.id, "owner": upload.owner, **about})


def _expiry(site: Site) -> str:
    return to_text(site.clock.now() + dt.timedelta(days=UPLOAD_KEPT_DAYS))


def kept_longer(site: Site, upload: str, expires: str) -> str:
    """Return until when an upload is kept now that bytes of it came: a week from now, written down once a day.

    A piece costs no row that way, and nobody who goes on comes too late.
    """
    new = _expiry(site)
    if from_text(new) - from_text(expires) < _A_DAY:
        return expires
    with site.loosely() as db:
        db.execute(_LONGER, {"upload": upload, "expires": new})
    return new


def make_whole(site: Site, upload: str, owner: str, sha256: str, size: int) -> Row[tuple[str, ...]]:
    """Add the row of an upload that is wholly in the spool, and return it."""
    about = {"sha256": sha256, "size": size, "media_type": "", "expires_at": _expiry(site)}
    with site.engine.begin() as db:
        db.execute(_MAKE, {"id": upload, "owner": owner, **about})
        return db.execute(_STANDING, {"upload": upload, "owner": owner}).one()


def standing(site: Site, owner: str, upload: str) -> Row[tuple[str, ...]]:
    """Return the row of an upload. Raises Refused: 404 where it is not this owner's, 401 when they were shut out."""
    with site.loosely() as db:
        row = db.execute(_STANDING, {"upload": upload[:64], "owner": owner}).first()
        if row is None:
            identity.refuse_the_revoked(db, owner)
    if row is not None and row.is_out:
        raise identity.shut_out()
    if row is None or row.expires_at < site.now():
        raise Refused(404, ProblemCode.NOT_FOUND, Retry.NOW, headers=TUS)
    return row


def finish_many(site: Site, stock: Stock, wholes: Sequence[Whole]) -> list[Receipts | Exception]:
    """Write down what `finish` does of each, in one transaction of PostgreSQL; return its receipts or what is wrong.

    The statement itself sees which uploads are still there and whose owners were not shut out. Raises BytesGone when
    it all has to be done again, one by one.
    """
    in_order = sorted(wholes, key=lambda one: (one.owner, one.sha256))  # one order of locks
    names = ("id", "owner", "sha256", "size", "media_type", "made_till")
    said = {name: array(getattr(one, name) for one in in_order) for name in names}
    with bare.alone(site.keeper) as db, db.transaction():
        kept = {name for (name,) in db.execute(_MANY_AT_ONCE, said | {"at": site.now()}, prepare=True).fetchall()}
        if not all(site.blobs.has(one.sha256) for one in in_order if one.id in kept):
            raise BytesGone
        for sha256 in sorted({one.sha256 for one in in_order if one.id not in kept}):  # nobody's
            db.execute(_DOOMED, {"sha256": sha256, "at": site.now()})
        files = {(one.owner, one.sha256) for one in in_order if one.id in kept}
        found = settling.settle_arrived(site, stock, db, files)
    return [tuple(found.get((one.owner, one.sha256), ())) if one.id in kept else _why_not(site, one) for one in wholes]


def _why_not(site: Site, whole: Whole) -> Exception:
    try:
        standing(site, whole.owner, whole.id)
    except Refused as no:
        return no
    return Refused(404, ProblemCode.NOT_FOUND, Retry.NOW, headers=TUS)


def finish(site: Site, whole: Whole) -> Receipts:
    """Write down that the bytes of an upload are durable under their hash, and settle what waited for them."""
    sha256, media_type = whole.sha256, whole.media_type
    said: dict[str, str | int] = {"sha256": sha256, "upload": whole.id, "at": site.now()}
    said |= {"owner": whole.owner, "size": whole.size, "media_type": media_type}
    with site.engine.begin() as db:
        if whole.made_till is not None:
            about = {"sha256": sha256, "size": whole.size, "media_type": media_type, "expires_at": whole.made_till}
            db.execute(_MAKE, {"id": whole.id, "owner": whole.owner, **about})
        # Retention may be deleting these very bytes; its lock is waited for, and then they are looked for.
        if db.dialect.name == "postgresql":
            db.exec_driver_sql(_ALL_AT_ONCE, said)
        else:
            blob = {"owner": whole.owner, "sha256": sha256, "size": whole.size, "media_type": media_type}
            db.execute(ledger.insert_once(db, ledger.blobs, **blob, stored_at=said["at"]))
            db.execute(_FINISHED, said)
            db.execute(_SPARED, said)
        if not site.blobs.has(sha256):
            raise Refused(409, ProblemCode.OFFSET, Retry.NOW, headers={**TUS, "Upload-Offset": "0"})
        return receipts.settle_owner(site, db, whole.owner, sha256)


def forget(site: Site, upload: str) -> None:
    """Drop the row of an upload."""
    with site.engine.begin() as db:
        db.execute(delete(ledger.uploads).where(_upload.id == upload))


def known(site: Site, uploads: Collection[str]) -> set[str]:
    """Return those of these uploads that have a row."""
    with site.engine.connect() as db:
        return set(db.execute(select(_upload.id).where(_upload.id.in_(uploads))).scalars())


def drop_expired(site: Site) -> list[str]:
    """Drop the rows that are over their time, and return their names."""
    with site.engine.begin() as db:
        old = db.execute(delete(ledger.uploads).where(_upload.expires_at < site.now()).returning(_upload.id)).scalars()
        return list(old)
