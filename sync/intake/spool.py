"""Half-arrived files, one per upload; one folder shared by the workers of a site, with one writer for each file."""

import asyncio
import contextlib
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

_LOCKS: Final = "locks"  #: the file whose bytes are the uploads' locks
NAME: Final = re.compile("[0-9a-f]{32}")  #: of an upload
_OURS: Final = re.compile(r"(?:bundle|opened|whole)-[0-9a-z-]+|[0-9a-z-]+\.wanted")
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
        self._locks: int | None = None

    def close(self) -> None:
        """Give the file of locks back; whatever is held is free then."""
        if self._locks is not None:
            os.close(self._locks)
            self._locks = None

    def path(self, upload: str) -> Path:
        return self._folder / upload

    def size(self, upload: str) -> int:
        try:
            return self.path(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def clear(self, upload: str) -> None:
        for path in (self.path(upload), self._wanted(upload)):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()

    def left_for(self, days: int) -> set[str]:
        """Return the uploads whose files nobody wrote to for so many days."""
        since = time.time() - days * 86_400
        found = set()
        for entry in os.scandir(self._folder):
            with contextlib.suppress(FileNotFoundError):
                if NAME.fullmatch(entry.name) and entry.stat().st_mtime < since:
                    found.add(entry.name)
        return found

    def drop_left_over(self, hours: float, days: float) -> int:
        """Drop what a process that died left behind, and return how many files; uploads are not among them.

        `hours` is for what one process works on, `days` for what a carrier may still go on with (`bundle-...`).
        """
        now, dropped = time.time(), 0
        for entry in os.scandir(self._folder):
            lasts = days * 86_400 if entry.name.startswith("bundle-") else hours * 3600
            with contextlib.suppress(OSError):  # Windows: somebody is at it after all
                if _OURS.fullmatch(entry.name) and now - entry.stat().st_mtime > lasts:
                    Path(entry.path).unlink()
                    dropped += 1
        return dropped

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

    @contextlib.asynccontextmanager
    async def sole_writer(self, upload: str) -> AsyncIterator[Callable[[], bool]]:
        """Be the only writer of an upload, over all workers; a writer that is at it is asked to let go first.

        Yields a call that tells whether somebody else wants to take over now: the writer then keeps what it has
        and leaves. Raises SpoolBusy when the other does not leave in time. A file is made only to ask.
        """
        wanted = self._wanted(upload)
        here = self._here.setdefault(upload, asyncio.Lock())
        place = int.from_bytes(hashlib.blake2b(upload.encode(), digest_size=7).digest(), "big")
        ends = time.monotonic() + _WAIT_S
        while here.locked() or not self._try_lock(place):
            if time.monotonic() > ends:
                raise SpoolBusy
            wanted.touch(0o600)
            await asyncio.sleep(_POLL_S)
        async with here:  # nobody came between: there was no pause since it was seen free
            try:
                wanted.unlink(missing_ok=True)
                yield wanted.exists
            finally:
                self._unlock(place)

    def _try_lock(self, place: int) -> bool:
        """Lock one byte of a file that all workers have open: nothing is made or left for an upload."""
        try:
            import fcntl
        except ImportError:  # Windows runs the embedded server, which is one process: the lock in memory is enough
            return True
        if self._locks is None:
            self._locks = os.open(self._folder / _LOCKS, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.lockf(self._locks, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except BlockingIOError:
            return False
        return True

    def _unlock(self, place: int) -> None:
        if self._locks is not None:
            import fcntl

            fcntl.lockf(self._locks, fcntl.LOCK_UN, 1, place)
