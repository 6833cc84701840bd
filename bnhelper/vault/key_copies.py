"""The file of wrapped keys on the disk: written in one step, kept twice, read from whichever copy holds.

One bad sector, or the zeros some disks leave of a file after a power cut, would else cost everything: all ways to the
store key stand in it, the ward's too.
"""

import contextlib
import json
import os
from pathlib import Path
from typing import Any, Final

from bnhelper.errors import KnownTrouble
from bnhelper.vault.disk import disk_trouble
from bnhelper.vault.sealed_file import sync_folder

FORMAT: Final = 1


class KeysDamaged(KnownTrouble):
    """The file with the wrapped store key cannot be read."""

    code = "keys-damaged"


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, durably, for this user alone; half of it is not left behind."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise
    except OSError as wrong:
        raise disk_trouble(wrong) from wrong
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as wrong:
        with contextlib.suppress(OSError):
            path.unlink()
        raise disk_trouble(wrong) from wrong


def put_in_place(made: Path, path: Path) -> None:
    """Give new keys their name, in one step: from here on the machine is there. Raises the trouble of the disk.

    What is cut off before the copy is made anew leaves an older copy, which counts only while the first is unreadable.
    """
    try:
        os.replace(made, path)  # noqa: PTH105 - replace() is atomic on Windows too
        sync_folder(path.parent)
    except OSError as wrong:
        raise disk_trouble(wrong) from wrong
    keep_copy(path)


def copy_beside(path: Path) -> Path:
    """Return where the second copy of a key file lies."""
    return path.with_name(f"{path.stem}.copy{path.suffix}")


def keep_copy(path: Path) -> None:
    """Let both copies of the keys say what the readable one says, the first where both are; as far as the disk goes.

    The store key never changes, so that an older copy opens the store too. Raises KeysDamaged when neither is readable.
    """
    good, copy = content(path), copy_beside(path)
    for one in (path, copy):
        with contextlib.suppress(OSError):
            if one.is_file() and one.read_bytes() == good:
                continue
            part = one.with_suffix(".part")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(good)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, one)  # noqa: PTH105 - replace() is atomic on Windows too


def content(path: Path) -> bytes:
    """Return the bytes of the first copy of the keys that is readable. Raises KeysDamaged."""
    for one in (path, copy_beside(path)):
        with contextlib.suppress(KeysDamaged, OSError):
            _ways_in(one)
            return one.read_bytes()
    raise KeysDamaged


def make_ready(path: Path, content: bytes) -> Path:
    """Write a new content of a key file beside it, durably; `put_in_place` gives it its name, in one step.

    Raises DiskFull, DiskReadOnly, DiskFailed; then nothing is left behind.
    """
    ready = ready_beside(path)
    try:
        with os.fdopen(os.open(ready, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except OSError as wrong:
        with contextlib.suppress(OSError):
            ready.unlink(missing_ok=True)
        raise disk_trouble(wrong) from wrong
    return ready


def ready_beside(path: Path) -> Path:
    """Return where a new content of a key file waits for its name."""
    return path.with_suffix(".ready")


def read_ways(path: Path) -> list[dict[str, Any]]:
    """Return the entries of the keys, or of their copy where they cannot be read."""
    try:
        return _ways_in(path)
    except KeysDamaged:
        copy = copy_beside(path)
        if not copy.is_file():
            raise
        return _ways_in(copy)


def _ways_in(path: Path) -> list[dict[str, Any]]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        ways = list(said["ways"])
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise KeysDamaged from wrong
    if said.get("format") != FORMAT or not all(isinstance(way, dict) and "kind" in way for way in ways):
        raise KeysDamaged
    return ways


def as_content(ways: list[dict[str, Any]]) -> bytes:
    return json.dumps({"format": FORMAT, "ways": ways}, indent=1).encode("utf-8")
