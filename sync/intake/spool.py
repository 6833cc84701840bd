"""Half-arrived files, one per upload; one folder shared by the workers of a site, with one writer for each file."""

import asyncio
import contextlib
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

_POLL_S: Final = 0.05
_WAIT_S: Final = 15.0  #: longer than a writer needs to notice that it is to let go
RESERVE_BYTES: Final = 256 * 1024 * 1024  #: room that is left for the ledger and the logs of the machine


class SpoolBusy(Exception):
    """Another writer of the same upload does not let go."""


class SpoolFull(Exception):
    """The disk has no room for what is announced."""


class Spool:
    """The folder of what is arriving. The locks are the operating system's, so a killed worker holds none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def path(self, upload: str) -> Path:
        return self._folder / upload

    def size(self, upload: str) -> int:
        try:
            return self.path(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def clear(self, upload: str) -> None:
        for path in (self.path(upload), self._wanted(upload), self._lock(upload)):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()

    def make_room(self, size: int) -> None:
        """Raise SpoolFull when the disk cannot take `size` more bytes and keep its reserve."""
        if shutil.disk_usage(self._folder).free < size + RESERVE_BYTES:
            raise SpoolFull

    def place(self, content: bytes) -> Path:
        """Write whole bytes into the spool, flushed."""
        path = self._folder / f"whole-{secrets.token_hex(16)}"
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return path

    def _wanted(self, upload: str) -> Path:
        return self._folder / f"{upload}.wanted"

    def _lock(self, upload: str) -> Path:
        return self._folder / f"{upload}.lock"

    @contextlib.asynccontextmanager
    async def sole_writer(self, upload: str) -> AsyncIterator[Callable[[], bool]]:
        """Be the only writer of an upload, over all workers; a writer that is at it is asked to let go first.

        Yields a call that tells whether somebody else wants to take over now: the writer then keeps what it has
        and leaves. Raises SpoolBusy when the other does not leave in time.
        """
        mine = secrets.token_hex(8)
        wanted = self._wanted(upload)
        wanted.write_text(mine, encoding="ascii")

        def is_taken() -> bool:
            try:
                return wanted.read_text(encoding="ascii") != mine
            except FileNotFoundError:
                return False

        lock = self._here.setdefault(upload, asyncio.Lock())
        try:
            async with asyncio.timeout(_WAIT_S):
                await lock.acquire()
        except TimeoutError:
            raise SpoolBusy from None
        try:
            handle = await self._locked(upload)
            try:
                yield is_taken
            finally:
                os.close(handle)
        finally:
            lock.release()
            if not is_taken():
                wanted.unlink(missing_ok=True)

    async def _locked(self, upload: str) -> int:
        """Return a handle that holds the system's lock; closing it, or dying, frees it."""
        handle = os.open(self._lock(upload), os.O_RDWR | os.O_CREAT, 0o600)
        ends = time.monotonic() + _WAIT_S
        while not _try_lock(handle):
            if time.monotonic() > ends:
                os.close(handle)
                raise SpoolBusy
            await asyncio.sleep(_POLL_S)
        return handle


def _try_lock(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows runs the embedded server, which is one process: the lock in memory is enough
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
