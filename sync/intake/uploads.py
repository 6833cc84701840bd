"""Resumable uploads: tus 1.0.0 with creation, creation-with-upload, expiration, termination and checksum."""

import asyncio
import datetime as dt
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Row
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bnhelper.clock import from_text
from sync.intake import upload_rows
from sync.intake.finishing import Finishes, finish
from sync.intake.identity import Caller
from sync.intake.quota import Brought
from sync.intake.refusals import Refused
from sync.intake.spool import NAME, SpoolBusy
from sync.intake.station import Site
from sync.intake.upload_body import Body, Checksum
from sync.intake.upload_rows import TUS, Receipts, Upload
from sync.wire.blobs import (
    CHECKSUMS,
    COLLECTION,
    EXTENSIONS,
    FOLDED_IN,
    OFFSET_MEDIA_TYPE,
    TUS_VERSION,
    UploadMetadata,
)
from sync.wire.problems import ProblemCode, Retry
from sync.wire.version import MAX_BLOB_BYTES, RECEIPT_HEADER, UPLOAD_KEPT_DAYS

_MOST_FOLDED_IN = FOLDED_IN  #: a creation may bring this much along
_LOOK_S: Final = 0.2  #: how often a hanging body looks whether another request wants to take over
_MOST_HASHES: Final = 2_000
_MOST_SAID: Final = 3_000  #: bytes of receipts in the head of an answer, of which proxies hold four thousand
_REMEMBERED_S: Final = 60.0


@dataclass(slots=True)
class Running:
    """What a worker remembers of uploads that go on here; a worker that knows nothing is only a little slower."""

    finishes: Finishes
    hashes: OrderedDict[str, tuple[int, Any]] = field(default_factory=OrderedDict)
    made: OrderedDict[str, tuple[Upload, float]] = field(default_factory=OrderedDict)
    brought: Brought = field(default_factory=Brought)

    def note_made(self, upload: Upload) -> None:
        """Remember for a while an upload that was made here."""
        self.made[upload.id] = upload, time.monotonic() + _REMEMBERED_S
        while len(self.made) > _MOST_HASHES:
            self.made.popitem(last=False)

    def begun(self, upload: str, owner: str, ends: int) -> Upload | None:
        """Return an upload of `owner` that was made here and that a body which ends at `ends` makes whole, else None.

        The statement that writes a whole file down sees for itself who was shut out and what was ended, so for the
        last body, which mostly is the only one, nobody needs to ask before.
        """
        known, until = self.made.pop(upload, (None, 0.0))
        if known is None or not self.finishes.are_shared or time.monotonic() > until:
            return None
        return known if (known.owner, known.size) == (owner, ends) else None

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
            **TUS,
            "Tus-Version": TUS_VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(MAX_BLOB_BYTES),
            "Tus-Checksum-Algorithm": CHECKSUMS,
        },
    )


def speak_the_same(request: Request) -> None:
    """Raise Refused (412) for whoever speaks another version of tus; who says none is taken at their word."""
    if request.headers.get("tus-resumable", TUS_VERSION) != TUS_VERSION:
        raise Refused(412, ProblemCode.INVALID, headers={**TUS, "Tus-Version": TUS_VERSION})


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
    brought, receipts = _brought(request), Receipts()
    looks = running.brought.is_due(who.device, size)
    if brought == size and sha256 is not None and running.finishes.are_shared:
        if looks:
            await run_in_threadpool(upload_rows.look, site, who.device, size)
            running.brought.passed(who.device)
        upload = upload_rows.alone(site, who.device, sha256, size)
        offset, receipts = await _at_once(site, running, upload, media_type, request)
        return _created(upload.id, offset, upload.expires_at, receipts)
    make = partial(upload_rows.find_or_make, site, who.device, sha256, size, media_type, looks=looks)
    begun = await run_in_threadpool(make)
    if looks and begun.is_new:
        running.brought.passed(who.device)
    if not begun.is_finished:
        running.note_made(Upload(begun.id, who.device, sha256, size, begun.expires))
    if begun.is_finished:
        offset = size
    elif brought is None:
        offset = site.spool.size(begun.id)
    elif site.spool.size(begun.id) == 0:
        offset, _, receipts = await _append(site, running, who, begun.id, request)
    else:  # what it brings along is here already, as far as it came: also a file that waits for the store of bytes
        offset, _ = await _reached(site, who, begun.id)
    return _created(begun.id, offset, begun.expires, receipts)


def _brought(request: Request) -> int | None:
    """Return how many bytes of the file a creation brings along; None where it brings none that are taken."""
    length = request.headers.get("content-length", "0")
    if request.headers.get("content-type", "") != OFFSET_MEDIA_TYPE or not length.isdigit():
        return None
    return int(length) if int(length) <= _MOST_FOLDED_IN else None


def _created(upload: str, offset: int, expires: str, receipts: Receipts) -> Response:
    place = {"Location": f"{COLLECTION}/{upload}", "Upload-Offset": str(offset), "Upload-Expires": _expires(expires)}
    return Response(status_code=201, headers={**TUS, **place, **_proved(receipts)})


def _proved(receipts: Receipts) -> dict[str, str]:
    """Say what a file was the last one of, so that its device need not ask; more than a head may hold is asked for."""
    said = ",".join(receipts)
    return {RECEIPT_HEADER: said} if 0 < len(said) <= _MOST_SAID else {}


async def _at_once(
    site: Site, running: Running, upload: Upload, media_type: str, request: Request
) -> tuple[int, Receipts]:
    """Take a whole file that comes with its creation; return the offset reached, and the receipts that it brought.

    Nobody else knows of the upload before it is whole, so it has neither a row nor a lock; only one whose line was
    cut is written down, for its device to find and go on with.
    """
    check, digest = Checksum(request.headers.get("upload-checksum", "")), hashlib.sha256()
    body = Body(site.spool.path(upload.id), upload.size, 0, check, digest)
    receipts: Receipts = ()
    try:
        with body.opened():
            is_whole = await body.read(request)
        if is_whole:
            body.hold_to_checksum()
        if body.offset == upload.size:
            receipts = await running.finishes.put(upload, digest.hexdigest())
        elif body.offset:
            await run_in_threadpool(upload_rows.keep_part, site, upload, media_type)
        else:
            site.spool.clear(upload.id)
    except BaseException:
        # Not even cancelled may it leave bytes that nobody owns; those of a store that is away come again.
        site.spool.clear(upload.id)
        raise
    return body.offset, receipts


def sweep(site: Site) -> int:
    """Drop the uploads that have expired and return how many; a lost spool only costs a re-send."""
    gone = upload_rows.drop_expired(site)
    # A database that fell may have taken the row of an upload that was only begun back: its file has no owner.
    left = site.spool.left_for(UPLOAD_KEPT_DAYS)
    orphans = left - upload_rows.known(site, left)
    for upload in (*gone, *orphans):
        site.spool.clear(upload)
    site.spool.drop_left_over(24, UPLOAD_KEPT_DAYS)
    return len(gone) + len(orphans)


async def head(site: Site, who: Caller, upload: str) -> Response:
    """Say how far an upload is; a body that hangs on it is let go first, so that the answer is final."""
    await _a_name_of_ours(site, who, upload)
    offset, size = await _reached(site, who, upload)
    return Response(status_code=200, headers={**TUS, "Upload-Offset": str(offset), "Upload-Length": str(size)})


async def _a_name_of_ours(site: Site, who: Caller, upload: str) -> None:
    """Refuse a name that this site never gives, before a file is named by it. Raises Refused as for any other."""
    if not NAME.fullmatch(upload):
        await run_in_threadpool(upload_rows.standing, site, who.device, "")


async def _reached(site: Site, who: Caller, upload: str) -> tuple[int, int]:
    """Return how far an upload is, and its size; one that is whole and waits for the store of bytes is put there."""
    row = await run_in_threadpool(upload_rows.standing, site, who.device, upload)
    offset = int(row.size)
    if row.finished_at is None:
        try:
            async with site.spool.sole_writer(upload):
                row = await run_in_threadpool(upload_rows.standing, site, who.device, upload)
                offset = int(row.size) if row.finished_at is not None else site.spool.size(upload)
                if offset == row.size and row.finished_at is None:  # whole, but the store of bytes was away then
                    await run_in_threadpool(finish, site, row, None)
        except SpoolBusy as wrong:
            raise _held() from wrong
    return offset, int(row.size)


async def patch(site: Site, running: Running, who: Caller, upload: str, request: Request) -> Response:
    """Append to an upload; what arrived before a cut is kept."""
    await _a_name_of_ours(site, who, upload)
    if request.headers.get("content-type", "") != OFFSET_MEDIA_TYPE:
        raise Refused(415, ProblemCode.UNSUPPORTED_MEDIA, headers=TUS)
    offset, expires, receipts = await _append(site, running, who, upload, request)
    place = {"Upload-Offset": str(offset), "Upload-Expires": _expires(expires)}
    return Response(status_code=204, headers={**TUS, **place, **_proved(receipts)})


async def terminate(site: Site, who: Caller, upload: str) -> Response:
    """Forget an upload; whoever still writes to it lets go first, so that no byte comes after its end."""
    await _a_name_of_ours(site, who, upload)
    await run_in_threadpool(upload_rows.standing, site, who.device, upload)

    def forget() -> None:
        upload_rows.forget(site, upload)
        site.spool.clear(upload)

    try:
        async with site.spool.sole_writer(upload):
            await run_in_threadpool(forget)
    except SpoolBusy as wrong:
        raise _held() from wrong
    return Response(status_code=204, headers=TUS)


def _held() -> Refused:
    return Refused(503, ProblemCode.BUSY, Retry.LATER, retry_after=2, headers=TUS)


def _expires(instant: str) -> str:
    """Return an instant of the ledger as HTTP writes dates (RFC 9110)."""
    return format_datetime(from_text(instant).astimezone(dt.UTC), usegmt=True)


async def _append(
    site: Site, running: Running, who: Caller, upload: str, request: Request
) -> tuple[int, str, Receipts]:
    """Take the body in; return the offset reached, when the upload expires, and the receipts that it brought."""
    check = Checksum(request.headers.get("upload-checksum", ""))
    claimed = request.headers.get("upload-offset", "0")
    try:
        async with site.spool.sole_writer(upload) as is_taken:
            known = running.begun(upload, who.device, _ends(request))
            row = (
                known if known is not None else await run_in_threadpool(upload_rows.standing, site, who.device, upload)
            )
            offset = int(row.size) if row.finished_at is not None else site.spool.size(upload)
            if not (claimed.isascii() and claimed.isdigit() and len(claimed) < 20) or int(claimed) != offset:
                raise Refused(409, ProblemCode.OFFSET, Retry.NOW, headers={**TUS, "Upload-Offset": str(offset)})
            if row.finished_at is not None:
                return offset, row.expires_at, ()
            digest = running.hash_from(upload, offset)
            offset = await _receive(site, row, request, offset, check, digest, is_taken)
            if offset < row.size:
                running.keep_hash(upload, offset, digest)
                return offset, await run_in_threadpool(upload_rows.kept_longer, site, upload, row.expires_at), ()
            receipts = await running.finishes.put(row, digest.hexdigest() if digest is not None else None)
    except SpoolBusy as wrong:
        raise _held() from wrong
    return offset, row.expires_at, receipts


def _ends(request: Request) -> int:
    """Return where in the file a body will end, as its headers say; 0 where they do not."""
    offset, length = (request.headers.get(name, "") for name in ("upload-offset", "content-length"))
    is_said = (offset + length).isdigit() and (offset + length).isascii() and len(offset + length) < 40
    return int(offset) + int(length) if is_said and offset and length else 0


async def _receive(
    site: Site,
    row: Row[Any] | Upload,
    request: Request,
    offset: int,
    check: Checksum,
    digest: Any,
    is_taken: Callable[[], bool],
) -> int:
    """Write the body to the spool block by block; return the offset reached."""
    body = Body(site.spool.path(row.id), int(row.size), offset, check, digest)
    is_whole = False
    with body.opened():
        # One task for the whole body: it is let go between two blocks when somebody wants to take over.
        reader = asyncio.ensure_future(body.read(request))
        try:
            while not (await asyncio.wait({reader}, timeout=_LOOK_S))[0]:
                if is_taken():
                    break
            else:
                is_whole = reader.result()
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
    if is_whole:
        body.hold_to_checksum()
    return body.offset


def bring(site: Site, owner: str, sha256: str, size: int, blocks: Iterable[bytes]) -> None:
    """Take a whole file that came by hand, by the same steps as one that came over the line.

    Raises Refused and BlobsUnavailable as an upload would, and what `blocks` raises; nothing is kept then.
    """
    upload = secrets.token_hex(16)
    try:
        with site.spool.path(upload).open("wb") as file:
            for block in blocks:
                file.write(block)
        finish(site, upload_rows.make_whole(site, upload, owner, sha256, size), None)
    except BaseException:
        site.spool.clear(upload)
        upload_rows.forget(site, upload)
        raise
