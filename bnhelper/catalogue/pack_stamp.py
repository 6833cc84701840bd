"""The hash over every byte of a pack file, kept inside the file itself.

A pack lies on laptops for weeks, and a disk that spoils one page of the search index would otherwise answer wrongly
without a word. The hash stands in the file as text, once; it is taken over the file with that text blanked.
"""

import hashlib
import mmap
import os
from pathlib import Path
from typing import Final

BLANK: Final = "0" * 64


def stamped_hash(path: Path, stamp: str) -> str:
    """Return the SHA-256 of a file in which `stamp` is blanked where it first stands.

    Raises ValueError for a stamp that is none or does not stand in the file, OSError.
    """
    if not isinstance(stamp, str) or len(stamp) != len(BLANK):
        raise ValueError("no stamp")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        at = whole.find(stamp.encode("ascii"))
        if at < 0:
            raise ValueError("the stamp does not stand in the file")
        digest = hashlib.sha256()
        with memoryview(whole) as bytes_of:
            digest.update(bytes_of[:at])
            digest.update(BLANK.encode("ascii"))
            digest.update(bytes_of[at + len(BLANK) :])
        return digest.hexdigest()


def stamp(path: Path) -> None:
    """Write the hash of a file over the blank in it, durably. Raises ValueError unless there is one blank, OSError."""
    whole = path.read_bytes()
    blank = BLANK.encode("ascii")
    if whole.count(blank) != 1:
        raise ValueError("a stamp needs one blank")
    with path.open("r+b") as file:
        file.seek(whole.index(blank))
        file.write(hashlib.sha256(whole).hexdigest().encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
