"""What a disk can refuse: full, read-only, failing or gone; one trouble for each, whatever the system calls it."""

import contextlib
import errno
from collections.abc import Iterator
from typing import Final

from bnhelper.errors import KnownTrouble


class DiskFull(KnownTrouble):
    """There is no room for what was about to be kept; nothing was begun."""

    code = "disk-full"


class DiskReadOnly(KnownTrouble):
    """The disk or folder takes no writing: a write-protected stick, a folder of another user."""

    code = "disk-read-only"


class DiskFailed(KnownTrouble):
    """The disk answers with an error: it is failing, or was pulled out."""

    code = "disk-failed"


_FULL: Final = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_READ_ONLY: Final = {errno.EROFS, errno.EACCES, errno.EPERM}


def disk_trouble(wrong: OSError) -> KnownTrouble:
    """Return the trouble an error of the operating system stands for."""
    if wrong.errno in _FULL:
        return DiskFull()
    return DiskReadOnly() if wrong.errno in _READ_ONLY else DiskFailed()


@contextlib.contextmanager
def told_as_trouble() -> Iterator[None]:
    """Raise DiskFull, DiskReadOnly or DiskFailed for any OSError of the block."""
    try:
        yield
    except OSError as wrong:
        raise disk_trouble(wrong) from wrong


def of_the_disk(wrong: BaseException) -> KnownTrouble | None:
    """Return the disk's trouble that an error of SQLite stands for, if it does; all it gives us is words."""
    said = str(wrong)
    return next((trouble() for words, trouble in _SQLITE_SAYS.items() if words in said), None)


_SQLITE_SAYS: Final[dict[str, type[KnownTrouble]]] = {
    "database or disk is full": DiskFull,
    "readonly database": DiskReadOnly,
    "disk I/O error": DiskFailed,
    "unable to open database file": DiskFailed,
}
