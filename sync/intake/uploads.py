"""Resumable uploads: tus 1.0.0 with creation, creation-with-upload, expiration, termination and checksum."""

import asyncio
import base64
import binascii
import datetime as dt
import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bnhelper.clock import from_text, to_text
from bnhelper.domain.attachments import PhotoIsNoImage, PhotoTooLarge, media_type_of
from sync.intake import accept, ledger
from sync.intake.blobs import file_hash
from sync.intake.identity import Caller
from sync.intake.refusals import Refused
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
from sync.wire.version import MAX_BLOB_BYTES, UPLOAD_KEPT_DAYS

_TUS = {"Tus-Resumable": TUS_VERSION, "Cache-Control": "no-store"}
_MOST_FOLDED_IN = 64 * 1024  #: a creation may bring this much along


@dataclass(slots=True)
class Running:
    """The bodies that are arriving now; a newer request for the same upload takes over from a hanging one."""

    takeovers: dict[str, asyncio.Event] = field(default_factory=dict)
    locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    def lock(self, upload: str) -> asyncio.Lock:
        return self.locks.setdefault(upload, asyncio.Lock())

    def take_over(self, upload: str) -> None:
        event = self.takeovers.get(upload)
        if event is not None:
            event.set()


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
    if not length.isdigit():
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
    media_type = (said.filetype or "application/octet-stream")[:80]
    upload, expires = await run_in_threadpool(_find_or_make, site, who, sha256, size, media_type)
    if (
        request.headers.get("content-type", "") == OFFSET_MEDIA_TYPE
        and int(request.headers.get("content-length", "0")) <= _MOST_FOLDED_IN
    ):
        await _append(site, running, who, upload, request)
    offset = await run_in_threadpool(_offset, site, upload)
    headers = {
        **_TUS,
        "Location": f"{COLLECTION}/{upload}",
        "Upload-Offset": str(offset),
        "Upload-Expires": format_datetime(from_text(expires).astimezone(dt.UTC), usegmt=True),
    }
    return Response(status_code=201, headers=headers)


def _find_or_make(site: Site, who: Caller, sha256: str | None, size: int, media_type: str) -> tuple[str, str]:
    expires = to_text(site.clock.now() + dt.timedelta(days=UPLOAD_KEPT_DAYS))
    with site.engine.begin() as db:
        _sweep(site, db)
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
                return known.id, expires
        upload = secrets.token_hex(16)
        db.execute(
            insert(ledger.uploads).values(
                id=upload, owner=who.device, sha256=sha256, size=size, media_type=media_type, expires_at=expires
            )
        )
    return upload, expires


def _sweep(site: Site, db: Any) -> None:
    """Drop what has expired; a lost spool only costs a re-send."""
    old = db.execute(select(ledger.uploads.c.id).where(ledger.uploads.c.expires_at < site.now())).scalars().all()
    for upload in old:
        site.spool.clear(upload)
        db.execute(delete(ledger.uploads).where(ledger.uploads.c.id == upload))


def _row(site: Site, who: Caller, upload: str) -> Row[Any]:
    with site.engine.connect() as db:
        row = db.execute(
            select(ledger.uploads).where(ledger.uploads.c.id == upload, ledger.uploads.c.owner == who.device)
        ).first()
    if row is None or row.expires_at < site.now():
        raise Refused(404, ProblemCode.NOT_FOUND, Retry.NOW, headers=_TUS)
    return row


def _offset(site: Site, upload: str) -> int:
    with site.engine.connect() as db:
        row = db.execute(select(ledger.uploads).where(ledger.uploads.c.id == upload)).one()
    return int(row.size) if row.finished_at else site.spool.size(upload)


async def head(site: Site, running: Running, who: Caller, upload: str) -> Response:
    """Say how far an upload is; a body that hangs on it is let go first, so that the answer is final."""
    row = await run_in_threadpool(_row, site, who, upload)
    running.take_over(upload)
    async with running.lock(upload):
        offset = await run_in_threadpool(_offset, site, upload)
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
        site.spool.clear(upload)
        with site.engine.begin() as db:
            db.execute(delete(ledger.uploads).where(ledger.uploads.c.id == upload))

    await run_in_threadpool(forget)
    return Response(status_code=204, headers=_TUS)


async def _append(site: Site, running: Running, who: Caller, upload: str, request: Request) -> int:
    row = await run_in_threadpool(_row, site, who, upload)
    claimed = request.headers.get("upload-offset", "0")
    running.take_over(upload)
    async with running.lock(upload):
        offset = await run_in_threadpool(_offset, site, upload)
        if not claimed.isdigit() or int(claimed) != offset:
            raise Refused(409, ProblemCode.OFFSET, Retry.NOW, headers={**_TUS, "Upload-Offset": str(offset)})
        check = _Checksum(request.headers.get("upload-checksum", ""))
        taken = asyncio.Event()
        running.takeovers[upload] = taken
        try:
            offset = await _receive(site, row, upload, request, offset, check, taken)
        finally:
            if running.takeovers.get(upload) is taken:
                del running.takeovers[upload]
        if offset == row.size and row.finished_at is None:
            await run_in_threadpool(_finish, site, row, upload)
    return offset


async def _receive(
    site: Site, row: Row[Any], upload: str, request: Request, offset: int, check: "_Checksum", taken: asyncio.Event
) -> int:
    """Write the body to the spool block by block; return the offset reached and flushed."""
    begun_at = offset
    stream = request.stream().__aiter__()
    waiter = asyncio.ensure_future(taken.wait())
    path = site.spool.path(upload)
    is_whole = False
    with path.open("ab") as file:
        try:
            while True:
                block = asyncio.ensure_future(stream.__anext__())
                await asyncio.wait({block, waiter}, return_when=asyncio.FIRST_COMPLETED)
                if not block.done():
                    block.cancel()
                    break
                piece = block.result()
                if offset + len(piece) > row.size:
                    raise Refused(413, ProblemCode.TOO_LARGE, headers=_TUS)
                check.add(piece)
                file.write(piece)
                offset += len(piece)
        except StopAsyncIteration:
            is_whole = True
        except ClientDisconnect:
            pass
        finally:
            waiter.cancel()
            file.flush()
            await run_in_threadpool(os.fsync, file.fileno())
    if is_whole and not check.holds():
        os.truncate(path, begun_at)
        raise Refused(
            CHECKSUM_MISMATCH, ProblemCode.SHA256_MISMATCH, Retry.NOW, headers={**_TUS, "Upload-Offset": str(begun_at)}
        )
    return offset


def bring(site: Site, owner: str, sha256: str, size: int, blocks: Iterable[bytes]) -> None:
    """Take a whole file that came by hand, by the same steps as one that came over the line.

    Raises Refused as an upload would, and what `blocks` raises; nothing is kept then.
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
            said = {
                "id": upload,
                "owner": owner,
                "sha256": sha256,
                "size": size,
                "media_type": "",
                "expires_at": expires,
            }
            db.execute(insert(ledger.uploads).values(**said))
            row = db.execute(select(ledger.uploads).where(ledger.uploads.c.id == upload)).one()
        _finish(site, row, upload)
    except BaseException:
        site.spool.clear(upload)
        with site.engine.begin() as db:
            db.execute(delete(ledger.uploads).where(ledger.uploads.c.id == upload))
        raise


def _finish(site: Site, row: Row[Any], upload: str) -> None:
    """Check the whole file, move it to its place, and settle what waited for it."""
    path = site.spool.path(upload)
    sha256 = file_hash(path)
    if row.sha256 is not None and sha256 != row.sha256:
        site.spool.clear(upload)
        raise Refused(CHECKSUM_MISMATCH, ProblemCode.SHA256_MISMATCH, Retry.NOW, headers={**_TUS, "Upload-Offset": "0"})
    try:
        media_type = media_type_of(path.read_bytes())
    except (PhotoIsNoImage, PhotoTooLarge) as wrong:
        if row.sha256 is not None:  # a dossier's file must be what it says; a plain tus peer may bring anything
            site.spool.clear(upload)
            raise Refused(415, ProblemCode.UNSUPPORTED_MEDIA, headers=_TUS) from wrong
        media_type = "application/octet-stream"
    site.blobs.put(sha256, path)
    with site.engine.begin() as db:
        known = select(ledger.blobs).where(ledger.blobs.c.owner == row.owner, ledger.blobs.c.sha256 == sha256)
        if db.execute(known).first() is None:
            db.execute(
                insert(ledger.blobs).values(
                    owner=row.owner, sha256=sha256, size=row.size, media_type=media_type, stored_at=site.now()
                )
            )
        db.execute(update(ledger.uploads).where(ledger.uploads.c.id == upload).values(finished_at=site.now()))
    accept.settle_owner(site, row.owner, sha256)


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
            except binascii.Error as wrong:
                raise Refused(400, ProblemCode.INVALID, headers=_TUS) from wrong
            self._digest = hashlib.new(name, usedforsecurity=name != "sha1")

    def add(self, piece: bytes) -> None:
        if self._digest is not None:
            self._digest.update(piece)

    def holds(self) -> bool:
        return self._digest is None or secrets.compare_digest(self._digest.digest(), self._wanted)
