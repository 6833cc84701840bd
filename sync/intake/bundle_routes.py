"""Carried bundles by the contract and by the officer's page for sticks: bytes to the spool, then `bundles.take_in`."""

import asyncio
import contextlib
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sync.intake import bundles, console, console_bundles, console_login, quota
from sync.intake.blobs import file_hash
from sync.intake.console import Form, is_ours
from sync.intake.identity import Caller
from sync.intake.officers_rights import Officer, Right
from sync.intake.refusals import Refused
from sync.intake.spool import SpoolBusy
from sync.intake.station import Site, hash_of
from sync.wire.courier import MAX_BUNDLE_BYTES, BundleState, BundleStatus
from sync.wire.problems import ProblemCode, Retry
from sync.wire.version import UPLOAD_KEPT_DAYS

_ARRIVING: Final = "bundle-"
_RANGE: Final = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})", re.ASCII)
_NOTHING_MORE: Final = re.compile(r"bytes \*/(\d{1,12})", re.ASCII)  #: every byte is there already: read it
_WHEREVER: Final = -1
_ANSWER_WITHIN_S: Final = 5.0  #: a part that takes longer to read is answered 202, and asked after by GET
_MOST_AT_ONCE: Final = 20  #: parts in one post of the officer's page


class BundleDesk:
    """The bundles of one site; one body at a time for each bundle of each carrier."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._reading: dict[str, asyncio.Task[BundleStatus]] = {}

    def routes(self) -> list[Route]:
        """Return the page's route; those of the contract are the operations', with their rule of who may call them."""
        return [Route("/officer/bundles", self.take_files, methods=["POST"])]

    # --- the contract --------------------------------------------------------------------------------------

    async def put(self, request: Request, who: Caller) -> Response:
        """Append to a bundle; when its last byte is there, read it."""
        sha256 = _name(request)
        done = await run_in_threadpool(bundles.status, self._site, sha256)
        if done is not None and done.state is BundleState.DONE and not done.refused:
            return _answer(done, 200)
        begin, total = _placed(request)
        spooled = _spooled(who, sha256)
        try:
            async with self._site.spool.sole_writer(spooled):
                if sha256 in self._reading:
                    return _answer(BundleStatus(sha256=sha256, state=BundleState.READING), 202)
                await run_in_threadpool(self._room, who, spooled, total)
                offset = await self._append(request, self._site.spool.path(spooled), begin, total)
                if offset < total:
                    return _answer(BundleStatus(sha256=sha256, state=BundleState.ARRIVING, offset=offset), 202)
                return await self._read(sha256, spooled, who.device)
        except SpoolBusy as wrong:
            raise Refused(503, ProblemCode.BUSY, Retry.LATER, retry_after=2) from wrong

    async def get(self, request: Request, who: Caller) -> Response:
        """Say how far a bundle is."""
        sha256 = _name(request)
        if sha256 in self._reading:
            return _answer(BundleStatus(sha256=sha256, state=BundleState.READING), 200)
        known = await run_in_threadpool(bundles.status, self._site, sha256)
        if known is None:
            offset = self._site.spool.size(_spooled(who, sha256))
            if not offset:
                raise Refused(404, ProblemCode.NOT_FOUND, Retry.NOW)
            known = BundleStatus(sha256=sha256, state=BundleState.ARRIVING, offset=offset)
        return _answer(known, 200)

    async def reply(self, request: Request) -> Response:
        """Give the reply to a carrier, who cannot open it."""
        sealed = await run_in_threadpool(bundles.reply, self._site, _name(request))
        if sealed is None:
            raise Refused(404, ProblemCode.NOT_FOUND)
        return Response(sealed, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})

    async def _append(self, request: Request, path: Path, begin: int, total: int) -> int:
        offset = self._site.spool.size(path.name)
        if begin not in {offset, _WHEREVER}:
            headers = {"Upload-Offset": str(offset)}
            raise Refused(409, ProblemCode.OFFSET, Retry.NOW, headers=headers)
        with path.open("ab") as file:
            try:
                async for block in request.stream():
                    if offset + len(block) > total:
                        raise Refused(413, ProblemCode.TOO_LARGE)
                    await run_in_threadpool(file.write, block)
                    offset += len(block)
            except ClientDisconnect:
                pass  # what arrived is kept; the carrier goes on from there
            finally:
                file.flush()
                await run_in_threadpool(os.fsync, file.fileno())
        return offset

    async def _read(self, sha256: str, spooled: str, brought_by: str) -> Response:
        def work() -> BundleStatus:
            path = self._site.spool.path(spooled)
            try:
                if file_hash(path) != sha256:
                    raise Refused(400, ProblemCode.DIGEST_MISMATCH, Retry.NOW)
                return bundles.take_in(self._site, sha256, path, brought_by)
            finally:
                self._site.spool.clear(spooled)

        task = asyncio.ensure_future(run_in_threadpool(work))
        self._reading[sha256] = task
        task.add_done_callback(lambda _done: self._reading.pop(sha256, None))
        await asyncio.wait({task}, timeout=_ANSWER_WITHIN_S)
        if not task.done():
            return _answer(BundleStatus(sha256=sha256, state=BundleState.READING), 202)
        return _answer(task.result(), 200)

    def _room(self, who: Caller, spooled: str, total: int) -> None:
        """Refuse what the disk cannot hold sealed, opened and kept, and more than a carrier may have on its way.

        What was begun and never finished is dropped before.
        """
        begun = list(self._site.spool.path(".").glob(f"{_ARRIVING}*"))
        for left in begun:
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > UPLOAD_KEPT_DAYS * 86_400:
                    left.unlink()
        theirs = [one.name for one in begun if one.name.startswith(_of(who)) and one.name != spooled]
        quota.share(total, sum(self._site.spool.size(name) for name in theirs))
        quota.room(self._site, 3 * total)

    # --- the officer's page --------------------------------------------------------------------------------

    async def take_files(self, request: Request) -> Response:
        """Take the files of a stick from the officer's page; they are larger than what the other pages read."""
        officer = await run_in_threadpool(console_login.officer_of, self._site, request)
        is_elsewhere = request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}
        if officer is None or is_elsewhere:
            return RedirectResponse("/officer/login", 303)
        if not officer.may(Right.ACT):
            return console.told(request, officer, 403, "cannot", "cannot_how")
        said = request.headers.get("content-length", "")
        if not said.isascii() or not said.isdigit() or int(said) > MAX_BUNDLE_BYTES:
            return await self._show(request, officer, (), "bundle_too_large", 413)
        try:
            await run_in_threadpool(self._room_to_copy, int(said))
        except Refused:
            return await self._show(request, officer, (), "bundle_no_room", 507)
        async with request.form(max_files=_MOST_AT_ONCE, max_fields=5) as posted:
            form = Form(tuple((name, value) for name, value in posted.multi_items() if isinstance(value, str)))
            if not is_ours(officer, form):
                return console.told(request, officer, 403, "stale")
            files = [one for one in posted.getlist("files") if isinstance(one, UploadFile) and one.size]
            taken = [await run_in_threadpool(self._take_upload, officer, one.file) for one in files]
        return await self._show(request, officer, taken, "" if taken else "no_bundle", 200)

    def _room_to_copy(self, posted: int) -> None:
        """Raise Refused (507) where a post finds no room, as it comes and then in the spool: sealed, opened, kept."""
        quota.room(self._site, 3 * posted)
        if shutil.disk_usage(tempfile.gettempdir()).free < 2 * posted:
            raise Refused(507, ProblemCode.STORAGE_FULL, Retry.LATER)

    async def _show(
        self, request: Request, officer: Officer, taken: Sequence[BundleStatus], trouble: str, status: int
    ) -> Response:
        return await run_in_threadpool(
            console_bundles.show, self._site, request, officer, Form(()), taken, trouble, status
        )

    def _take_upload(self, officer: Officer, source: Any) -> BundleStatus:
        spooled = f"{_ARRIVING}officer-{secrets.token_hex(16)}"
        path = self._site.spool.path(spooled)
        try:
            with path.open("xb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            return bundles.take_in(self._site, file_hash(path), path, f"officer:{officer.user}")
        finally:
            self._site.spool.clear(spooled)


def _spooled(who: Caller, sha256: str) -> str:
    """Return where a carrier's bundle arrives; one without a machine is called by an address, which names no file."""
    return f"{_of(who)}{sha256}"


def _of(who: Caller) -> str:
    return f"{_ARRIVING}{hash_of(who.device)[:32]}-"


def _name(request: Request) -> str:
    sha256 = str(request.path_params["sha256"])
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise Refused(404, ProblemCode.NOT_FOUND)
    return sha256


def _placed(request: Request) -> tuple[int, int]:
    """Return where the body begins and how large the whole is, by `Content-Range` (RFC 9110, 14.5) if there is one."""
    said = request.headers.get("content-length", "")
    if not said.isascii() or not said.isdigit() or len(said) > 12:
        raise Refused(411, ProblemCode.INVALID)
    length, placed = int(said), request.headers.get("content-range", "")
    begin, total = 0, length
    rest = _NOTHING_MORE.fullmatch(placed)
    if rest is not None and not length:
        begin, total = _WHEREVER, int(rest[1])
    elif placed:
        found = _RANGE.fullmatch(placed)
        if found is None or int(found[2]) - int(found[1]) + 1 != length or int(found[2]) >= int(found[3]):
            raise Refused(400, ProblemCode.INVALID)
        begin, total = int(found[1]), int(found[3])
    if total > MAX_BUNDLE_BYTES:
        raise Refused(413, ProblemCode.TOO_LARGE)
    if not total:
        raise Refused(400, ProblemCode.INVALID)
    return begin, total


def _answer(status: BundleStatus, code: int) -> Response:
    return Response(status.write(), code, media_type="application/json")
