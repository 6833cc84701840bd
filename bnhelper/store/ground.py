"""The disk under the store: is it still there, is there room; a reserve lets work in hand be finished on a full one."""

import os
import shutil
from pathlib import Path
from typing import Final

from bnhelper.errors import KnownTrouble
from bnhelper.vault.disk import DiskFailed, told_as_trouble

#: new work is refused below this; answers, sealing and sending go on
LEAST_FOR_NEW_WORK: Final = 64 * 1024 * 1024
#: kept on the disk as a file, given back when an answer would no longer fit
RESERVE: Final = 16 * 1024 * 1024
#: what one deed's journal needs at most, checkpoint included
_LEAST_FOR_A_DEED: Final = 2 * 1024 * 1024


class DiskNearlyFull(KnownTrouble):
    """Too little room to begin something new; what is under way can still be finished."""

    code = "disk-nearly-full"


class StoreGone(DiskFailed):
    """The file that was opened is no longer at its place: a stick was pulled out, a folder was moved away."""

    code = "store-gone"


class Ground:
    """Watches the place of one open store. Every check is two system calls, some microseconds."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._reserve = store.with_name("reserve")
        self._identity: tuple[int, int] | None = None

    def remember(self) -> None:
        """Note which file was opened."""
        found = self._store.stat()
        self._identity = (found.st_dev, found.st_ino)

    def check(self) -> None:
        """Refuse a deed before it is begun when the store is gone; make room from the reserve.

        Without this, POSIX would go on writing into a file that no folder names any more, and all would be lost
        on closing. Raises StoreGone, DiskReadOnly, DiskFailed.
        """
        if self._free() < _LEAST_FOR_A_DEED:
            with told_as_trouble():
                self._reserve.unlink(missing_ok=True)

    def want_room(self, size: int = 0) -> None:
        """Refuse to begin something new of `size` bytes on a nearly full disk. Raises DiskNearlyFull, StoreGone."""
        free = self._free()
        if free + self._held() < LEAST_FOR_NEW_WORK + size:
            raise DiskNearlyFull(free_mb=free // 1_000_000)

    def keep_reserve(self) -> bool:
        """Make the reserve where there is plenty of room; return whether it is there. Raises DiskFull, DiskFailed."""
        if self._held() >= RESERVE:
            return True
        with told_as_trouble():
            if shutil.disk_usage(self._store.parent).free < LEAST_FOR_NEW_WORK + 2 * RESERVE:
                return False
            with self._reserve.open("wb") as file:
                for _ in range(RESERVE // (1024 * 1024)):
                    file.write(os.urandom(1024 * 1024))  # neither sparse nor compressed away
        return True

    def _free(self) -> int:
        """Return how many bytes are free where the store lies. Raises StoreGone for another than was opened."""
        try:
            found = self._store.stat()
            free = shutil.disk_usage(self._store.parent).free
        except OSError as wrong:
            raise StoreGone from wrong
        if self._identity is not None and (found.st_dev, found.st_ino) != self._identity:
            raise StoreGone
        return free

    def _held(self) -> int:
        try:
            return self._reserve.stat().st_size
        except OSError:
            return 0
