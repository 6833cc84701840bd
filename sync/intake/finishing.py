"""Finishes uploads: a whole file is checked, flushed, moved to its place and written down, many in one commit.

The price of a photo is not its bytes but what surrounds them: a journal of the file system and one of the database
for each. Files that become whole while others are on their way to the disk share both.
"""

import contextlib
import mmap
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool

from bnhelper.domain.attachments import PhotoIsNoImage, PhotoTooLarge, media_type_of
from sync.intake import identity, upload_rows
from sync.intake.blobs import BlobsUnavailable, FolderBlobs, file_hash
from sync.intake.gathering import Gathering
from sync.intake.number_stock import Stock
from sync.intake.refusals import Refused
from sync.intake.scanning import FileNotClean, scan
from sync.intake.station import Site
from sync.intake.upload_rows import TUS, BytesGone, Receipts, Upload, Whole
from sync.wire.blobs import CHECKSUM_MISMATCH
from sync.wire.problems import ProblemCode, Retry

_MOST_AT_ONCE: Final = 32


class Finishes:
    """The whole files of one worker."""

    def __init__(self, site: Site, stock: Stock) -> None:
        self._site = site
        #: S3 and a scanner take their time for each file, and SQLite is in this process: there nothing is to be shared
        self.are_shared = (
            isinstance(site.blobs, FolderBlobs) and not site.scanner and site.engine.dialect.name == "postgresql"
        )
        self._gathering = Gathering[tuple[Row[Any] | Upload, str], Receipts](
            "finish", lambda batch: finish_many(site, stock, batch), _MOST_AT_ONCE
        )

    async def put(self, row: Row[Any] | Upload, sha256: str | None) -> Receipts:
        """Keep a whole file; it is durable when this returns. `sha256` is what its bytes gave, if they were all seen.

        Returns the receipts of what is whole with it. Raises Refused, BlobsUnavailable, and what the database says.
        """
        if self.are_shared and sha256 is not None:
            return await self._gathering.put((row, sha256))
        return await run_in_threadpool(finish, self._site, row, sha256)


def finish(site: Site, row: Row[Any] | Upload, sha256: str | None) -> Receipts:
    """Check and keep one whole file, and settle what waited for it; return the receipts of what is whole now.

    Only whole files are flushed: until then a power cut of this machine may take bytes that were confirmed, and the
    device asks where the upload stands before it goes on.
    """
    path = site.spool.path(row.id)
    whole = _checked(site, row, sha256 or file_hash(path))
    for failed in _flush({0: path}).values():
        raise failed
    with site.loosely() as db:  # a body may take as long as its line; nothing of who is out goes to the store
        identity.refuse_the_revoked(db, row.owner)
    site.blobs.put(whole.sha256, path)
    found = upload_rows.finish(site, whole)
    site.spool.clear(row.id)
    return found


def finish_many(site: Site, stock: Stock, batch: Sequence[tuple[Row[Any] | Upload, str]]) -> list[Receipts | Exception]:
    """Check and keep many whole files as `finish` does each; return its receipts or what is wrong for each."""
    said: dict[int, Receipts | Exception] = {}
    wholes: dict[int, Whole] = {}
    for place, (row, sha256) in enumerate(batch):
        try:
            wholes[place] = _checked(site, row, sha256)
        except (Refused, OSError) as no:
            said[place] = no
    for place, failed in _flush({place: site.spool.path(one.id) for place, one in wholes.items()}).items():
        said[place] = failed
        del wholes[place]
    files = [(one.sha256, site.spool.path(one.id)) for one in wholes.values()]
    try:
        site.blobs.put_all(files)
        said |= dict(zip(wholes, upload_rows.finish_many(site, stock, list(wholes.values())), strict=True))
    except (IntegrityError, BytesGone):  # one of them cannot be written down; the others must not hear of it
        said |= {place: _alone(site, one) for place, one in wholes.items()}
    except BlobsUnavailable as wrong:
        said |= dict.fromkeys(wholes, wrong)
    for one in wholes.values():
        site.spool.clear(one.id)
    return [said[place] for place in range(len(batch))]


def _alone(site: Site, whole: Whole) -> Receipts | Exception:
    try:
        with site.loosely() as db:
            identity.refuse_the_revoked(db, whole.owner)
        return upload_rows.finish(site, whole)
    except (Refused, IntegrityError) as no:
        return no


def _checked(site: Site, row: Row[Any] | Upload, found: str) -> Whole:
    """Return a whole file that is what it says; one that is not is dropped. Raises Refused."""
    path = site.spool.path(row.id)
    if row.sha256 is not None and found != row.sha256:
        site.spool.clear(row.id)
        raise Refused(CHECKSUM_MISMATCH, ProblemCode.SHA256_MISMATCH, Retry.NOW, headers={**TUS, "Upload-Offset": "0"})
    try:
        media_type = _media_type(path)
    except (PhotoIsNoImage, PhotoTooLarge) as wrong:
        if row.sha256 is not None:  # a dossier's file must be what it says; a plain tus peer may bring anything
            site.spool.clear(row.id)
            raise Refused(415, ProblemCode.UNSUPPORTED_MEDIA, headers=TUS) from wrong
        media_type = "application/octet-stream"
    try:
        scan(site, path)
    except FileNotClean:
        site.spool.clear(row.id)
        raise
    made_till = None if getattr(row, "has_row", True) else str(row.expires_at)
    return Whole(row.id, row.owner, found, int(row.size), media_type, made_till)


def _flush(paths: Mapping[int, Path]) -> dict[int, OSError]:
    """Flush what arrived; return what could not be, by the same numbers. A length is metadata that fdatasync keeps.

    All are sent on their way to the disk before the first is waited for: they find their places in one entry of the
    file system's journal, and the next ones wait for little (two thirds of the time, a third of the processor's).
    """
    failed: dict[int, OSError] = {}
    with contextlib.ExitStack() as opened:
        files: dict[int, int] = {}
        for number, path in paths.items():
            try:
                files[number] = opened.enter_context(path.open("r+b", buffering=0)).fileno()
                if len(paths) > 1 and hasattr(os, "posix_fadvise"):  # what is not needed in memory is written now
                    os.posix_fadvise(files[number], 0, 0, os.POSIX_FADV_DONTNEED)
            except OSError as no:
                failed[number] = no
        for number in files.keys() - failed.keys():
            try:
                getattr(os, "fdatasync", os.fsync)(files[number])
            except OSError as no:
                failed[number] = no
    return failed


def _media_type(path: Path) -> str:
    """Return what a file is by its own first and last bytes, without reading the rest."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return media_type_of(cast("bytes", content))
