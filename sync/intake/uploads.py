"""Resumable uploads: tus 1.0.0 with creation, creation-with-upload, expiration, termination and checksum."""

import asyncio
import base64
import binascii
import datetime as dt
import hashlib
import logging
import mmap
import os
import secrets
import subprocess
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bnhelper.clock import from_text, to_text
from bnhelper.domain.attachments import PhotoIsNoImage, PhotoTooLarge, media_type_of
from sync.intake import ledger, receipts
from sync.intake.blobs import file_hash
from sync.intake.identity import Caller
from sync.intake.refusals import Refused
from sync.intake.spool import SpoolBusy, SpoolFull
from sync.intake.station import Site
from sync.wire.blobs import (
    CHECKSUM_MISMATCH,
    CHECKSUMS,
    COLLECTION,
    EXTENSIONS,
    OFFSET_MEDIA_TYPE,
    TUS_VERSION,
    UploadMetadata,
)
from sync.wire.problems import ProblemCode, Retry
from sync.wire.version import CHUNK_BYTES, MAX_BLOB_BYTES, UPLOAD_KEPT_DAYS

_log = logging.getLogger(__name__)
_TUS = {"Tus-Resumable": TUS_VERSION, "Cache-Control": "no-store"}
_MOST_FOLDED_IN = CHUNK_BYTES  #: a creation may bring this much along
_MOST_OPEN_BYTES: Final = 2 * 1024**3  #: what one owner may have announced and not finished
_LOOK_S: Final = 0.2  #: how often a hanging body looks whether another request wants to take over
_MOST_HASHES: Final = 2_000


@dataclass(slots=True)
class Running:
    """What a worker remembers of uploads that go on here; a worker that knows nothing is only a little slower."""

    hashes: OrderedDict[str, tuple[int, Any]] = field(default_factory=OrderedDict)

    def hash_from(self, upload: str, offset: int) -> Any:
        """Return the SHA-256 of the first `offset` bytes if this worker saw them all, else None."""
        at, found = self.hashes.pop(upload, (0, None))
        if offset == 0:
            return hashlib.sha256()
        return found if at == offset else None

    def keep_hash(self, upload: str, offset: int, digest: Any) -> None:
        self.hashes[upload] = (offset, digest)
        while len(self.hashes) > _MOST_HASHES:
            self.hashes.popitem(last=False)


def options() -> Response:
    """Answer what this server can do."""
    return Response(
        status_code=204,
        headers={
            **_TUS,
            "Tus-Version": TUS_VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(MAX_BLOB_BYTES),
            "Tus-Checksum-Algorithm": CHECKSUMS,
        },
    )


async def create(site: Site, running: Running, who: Caller, request: Request) -> Response:
    """Make an upload, or find the one this owner already has for the same content."""
    length = request.headers.get("upload-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 20):
        raise Refused(400, ProblemCode.INVALID)
    size = int(length)
    if not 0 < size <= MAX_BLOB_BYTES:
        raise Refused(413, ProblemCode.TOO_LARGE)
    try:
        said = UploadMetadata.from_header(request.headers.get("upload-metadata", ""))
    except ValueError as wrong:
        raise Refused(400, ProblemCode.INVALID) from wrong
    sha256 = said.sha256
    if sha256 is not None and (len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef")):
        raise Refused(400, ProblemCode.INVALID)
    media_type = (said.filetype or "application/octet-stream").replace("\x00", "")[:80]
    upload, expires, is_finished = await run_in_threadpool(_find_or_make, site, who, sha256, size, media_type)
    brought = request.headers.get("content-length", "0")
    if is_finished:
        offset = size
    elif (
        request.headers.get("content-type", "") == OFFSET_MEDIA_TYPE
        and brought.isdigit()
        and int(brought) <= _MOST_FOLDED_IN
    ):
        offset = await _append(site, running, who, upload, request)
    else:
        offset = site.spool.size(upload)
    headers = {
        **_TUS,
        "Location": f"{COLLECTION}/{upload}",
        "Upload-Offset": str(offset),
        "Upload-Expires": format_datetime(from_text(expires).astimezone(dt.UTC), usegmt=True),
    }
    return Response(status_code=201, headers=headers)


def _find_or_make(site: Site, who: Caller, sha256: str | None, size: int, media_type: str) -> tuple[str, str, bool]:
    expires = to_text(site.clock.now() + dt.timedelta(days=UPLOAD_KEPT_DAYS))
    with site.engine.begin() as db:
        if sha256 is not None:
            known = db.execute(
                select(ledger.uploads).where(
                    ledger.uploads.c.owner == who.device,
                    ledger.uploads.c.sha256 == sha256,
                    ledger.uploads.c.size == size,
                )
            ).first()
            if known is not None:
                db.execute(update(ledger.uploads).where(ledger.uploads.c.id == known.id).values(expires_at=expires))
                return known.id, expires, known.finished_at is not None
        _within_quota(site, db, who, size)
        upload = secrets.token_hex(16)
        db.execute(
            insert(ledger.uploads).values(
                id=upload, owner=who.device, sha256=sha256, size=size, media_type=media_type, expires_at=expires
            )
        )
    return upload, expires, False


def _within_quota(site: Site, db: Connection, who: Caller, size: int) -> None:
    is_open = (ledger.uploads.c.owner == who.device) & ledger.uploads.c.finished_at.is_(None)
    announced = db.execute(select(func.coalesce(func.sum(ledger.uploads.c.size), 0)).where(is_open)).scalar_one()
    try:
        site.spool.make_room(size)
    except SpoolFull as wrong:
        raise Refused(507, ProblemCode.STORAGE_FULL, Retry.LATER, retry_after=300, headers=_TUS) from wrong
    if announced + size > _MOST_OPEN_BYTES:
        raise Refused(507, ProblemCode.STORAGE_FULL, Retry.LATER, retry_after=60, headers=_TUS)


def sweep(site: Site) -> int:
    """Drop the uploads that have expired and return how many; a lost spool only costs a re-send."""
    with site.engine.begin() as db:
        old = db.execute(
            delete(ledger.uploads).where(ledger.uploads.c.expires_at < site.now()).returning(ledger.uploads.c.id)
        ).scalars()
        gone = list(old)
    for upload in gone:
        site.spool.clear(upload)
    return len(gone)


def _row(site: Site, who: Caller, upload: str) -> Row[Any]:
    with site.engine.connect() as db:
        row = db.execute(
            select(ledger.uploads).where(ledger.uploads.c.id == upload[:64], ledger.uploads.c.owner == who.device)
        ).first()
    if row is None or row.expires_at < site.now():
        raise Refused(404, ProblemCode.NOT_FOUND, Retry.NOW, headers=_TUS)
    return row


async def head(site: Site, who: Caller, upload: str) -> Response:
    """Say how far an upload is; a body that hangs on it is let go first, so that the answer is final."""
    row = await run_in_threadpool(_row, site, who, upload)
    offset = int(row.size)
    if row.finished_at is None:
        try:
            async with site.spool.sole_writer(upload):
                row = await run_in_threadpool(_row, site, who, upload)
                offset = int(row.size) if row.finished_at is not None else site.spool.size(upload)
                if offset == row.size and row.finished_at is None:  # whole, but the store of bytes was away then
                    await run_in_threadpool(_finish, site, row, None)
        except SpoolBusy as wrong:
            raise _held() from wrong
    return Response(status_code=200, headers={**_TUS, "Upload-Offset": str(offset), "Upload-Length": str(row.size)})


async def patch(site: Site, running: Running, who: Caller, upload: str, request: Request) -> Response:
    """Append to an upload; what arrived before a cut is kept."""
    if request.headers.get("content-type", "") != OFFSET_MEDIA_TYPE:
        raise Refused(415, ProblemCode.UNSUPPORTED_MEDIA, headers=_TUS)
    offset = await _append(site, running, who, upload, request)
    return Response(status_code=204, headers={**_TUS, "Upload-Offset": str(offset)})


async def terminate(site: Site, who: Caller, upload: str) -> Response:
    """Forget an upload."""
    await run_in_threadpool(_row, site, who, upload)

    def forget() -> None:
        with site.engine.begin() as db:
            db.execute(delete(ledger.uploads).where(ledger.uploads.c.id == upload))
        site.spool.clear(upload)

    await run_in_threadpool(forget)
    return Response(status_code=204, headers=_TUS)


def _held() -> Refused:
    return Refused(503, ProblemCode.BUSY, Retry.LATER, retry_after=2, headers=_TUS)


async def _append(site: Site, running: Running, who: Caller, upload: str, request: Request) -> int:
    check = _Checksum(request.headers.get("upload-checksum", ""))
    claimed = request.headers.get("upload-offset", "0")
    await run_in_threadpool(_row, site, who, upload)  # nobody's upload makes no file
    try:
        async with site.spool.sole_writer(upload) as is_taken:
            row = await run_in_threadpool(_row, site, who, upload)
            offset = int(row.size) if row.finished_at is not None else site.spool.size(upload)
            if not claimed.isdigit() or int(claimed) != offset:
                raise Refused(409, ProblemCode.OFFSET, Retry.NOW, headers={**_TUS, "Upload-Offset": str(offset)})
            if row.finished_at is not None:
                return offset
            digest = running.hash_from(upload, offset)
            offset = await _receive(site, row, request, offset, check, digest, is_taken)
            if offset < row.size:
                running.keep_hash(upload, offset, digest)
            else:
                await run_in_threadpool(_finish, site, row, digest.hexdigest() if digest is not None else None)
    except SpoolBusy as wrong:
        raise _held() from wrong
    return offset


async def _receive(
    site: Site,
    row: Row[Any],
    request: Request,
    offset: int,
    check: "_Checksum",
    digest: Any,
    is_taken: Callable[[], bool],
) -> int:
    """Write the body to the spool block by block; return the offset reached."""
    begun_at = offset
    path = site.spool.path(row.id)
    is_whole = False
    with path.open("ab", buffering=0) as file:

        async def read() -> bool:
            nonlocal offset
            try:
                async for piece in request.stream():
                    if offset + len(piece) > row.size:
                        raise Refused(413, ProblemCode.TOO_LARGE, headers=_TUS)
                    check.add(piece)
                    if digest is not None:
                        digest.update(piece)
                    _write_all(file, piece)
                    offset += len(piece)
            except ClientDisconnect:
                return False
            return True

        # One task for the whole body: it is let go between two blocks when somebody wants to take over.
        reader = asyncio.ensure_future(read())
        try:
            while not (await asyncio.wait({reader}, timeout=_LOOK_S))[0]:
                if is_taken():
                    break
            else:
                is_whole = reader.result()
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
            if offset == row.size:
                # Only whole files are flushed: until then a power cut of this machine may take bytes that were
                # confirmed, and the device asks where the upload stands before it goes on.
                await run_in_threadpool(_flush, file)
    if is_whole and not check.holds():
        os.truncate(path, begun_at)
        raise Refused(
            CHECKSUM_MISMATCH, ProblemCode.SHA256_MISMATCH, Retry.NOW, headers={**_TUS, "Upload-Offset": str(begun_at)}
        )
    return offset


def bring(site: Site, owner: str, sha256: str, size: int, blocks: Iterable[bytes]) -> None:
    """Take a whole file that came by hand, by the same steps as one that came over the line.

    Raises Refused and BlobsUnavailable as an upload would, and what `blocks` raises; nothing is kept then.
    """
    upload = secrets.token_hex(16)
    expires = to_text(site.clock.now() + dt.timedelta(days=UPLOAD_KEPT_DAYS))
    try:
        with site.spool.path(upload).open("wb") as file:
            for block in blocks:
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        with site.engine.begin() as db:
            db.execute(
                insert(ledger.uploads).values(
                    id=upload, owner=owner, sha256=sha256, size=size, media_type="", expires_at=expires
                )
            )
            row = db.execute(select(ledger.uploads).where(ledger.uploads.c.id == upload)).one()
        _finish(site, row, None)
    except BaseException:
        site.spool.clear(upload)
        with site.engine.begin() as db:
            db.execute(delete(ledger.uploads).where(ledger.uploads.c.id == upload))
        raise


def _write_all(file: BinaryIO, piece: bytes) -> None:
    left = memoryview(piece)
    while left:
        left = left[file.write(left) :]


def _flush(file: BinaryIO) -> None:
    """Flush what arrived; its length is metadata that fdatasync keeps too."""
    getattr(os, "fdatasync", os.fsync)(file.fileno())


def _finish(site: Site, row: Row[Any], sha256: str | None) -> None:
    """Check the whole file, move it to its place, and settle what waited for it."""
    path = site.spool.path(row.id)
    found = sha256 or file_hash(path)
    if row.sha256 is not None and found != row.sha256:
        site.spool.clear(row.id)
        raise Refused(CHECKSUM_MISMATCH, ProblemCode.SHA256_MISMATCH, Retry.NOW, headers={**_TUS, "Upload-Offset": "0"})
    try:
        media_type = _media_type(path)
    except (PhotoIsNoImage, PhotoTooLarge) as wrong:
        if row.sha256 is not None:  # a dossier's file must be what it says; a plain tus peer may bring anything
            site.spool.clear(row.id)
            raise Refused(415, ProblemCode.UNSUPPORTED_MEDIA, headers=_TUS) from wrong
        media_type = "application/octet-stream"
    _scanned(site, row.id, path)
    site.blobs.put(found, path)
    with site.engine.begin() as db:
        said = {"size": row.size, "media_type": media_type, "stored_at": site.now()}
        db.execute(ledger.insert_once(db, ledger.blobs, owner=row.owner, sha256=found, **said))
        db.execute(update(ledger.uploads).where(ledger.uploads.c.id == row.id).values(finished_at=site.now()))
        # Retention may be deleting these very bytes; its lock is waited for, and then they are looked for.
        db.execute(delete(ledger.doomed_blobs).where(ledger.doomed_blobs.c.sha256 == found))
        if not site.blobs.has(found):
            raise Refused(409, ProblemCode.OFFSET, Retry.NOW, headers={**_TUS, "Upload-Offset": "0"})
        receipts.settle_owner(site, db, row.owner, found)
    site.spool.clear(row.id)


def _scanned(site: Site, upload: str, path: Path) -> None:
    """Have a file looked at by the site's virus scanner. A scanner that fails lets nothing through."""
    if not site.scanner:
        return
    try:
        command = [*site.scanner, str(path)]  # the command is the operator's, the path our own
        said = subprocess.run(command, capture_output=True, timeout=120, check=False).returncode  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        said = 2
    if said == 1:
        site.spool.clear(upload)
        raise Refused(415, ProblemCode.UNSUPPORTED_MEDIA, title="refused by the scanner", headers=_TUS)
    if said != 0:
        _log.error("the scanner failed")
        raise Refused(503, ProblemCode.BUSY, Retry.LATER, retry_after=30, headers=_TUS)


def _media_type(path: Path) -> str:
    """Return what a file is by its own first and last bytes, without reading the rest."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return media_type_of(cast("bytes", content))


class _Checksum:
    """The tus checksum of one body, if it came with one. Raises Refused for one that cannot be read."""

    def __init__(self, header: str) -> None:
        self._digest: Any = None
        self._wanted = b""
        if header:
            name, _, value = header.partition(" ")
            if name not in CHECKSUMS.split(","):
                raise Refused(400, ProblemCode.INVALID, headers=_TUS)
            try:
                self._wanted = base64.b64decode(value, validate=True)
            except (binascii.Error, ValueError) as wrong:
                raise Refused(400, ProblemCode.INVALID, headers=_TUS) from wrong
            self._digest = hashlib.new(name, usedforsecurity=name != "sha1")

    def add(self, piece: bytes) -> None:
        if self._digest is not None:
            self._digest.update(piece)

    def holds(self) -> bool:
        return self._digest is None or secrets.compare_digest(self._digest.digest(), self._wanted)
