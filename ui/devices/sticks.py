"""The sticks that are plugged in, as far as the system tells."""

import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStorageInfo

#: where Linux desktops put what was plugged in
_MOUNTS = ("/media/", "/run/media/", "/mnt/")


@dataclass(frozen=True, slots=True)
class StickSeen:
    """A volume that can be written to and is not the machine's own."""

    name: str
    path: Path
    free: int  #: bytes


def sticks_seen() -> list[StickSeen]:
    """Return what may be a stick, the emptiest last; slow where a drive is asleep, so it is called on the worker."""
    found = []
    home = QStorageInfo(str(Path.home())).rootPath()
    for one in QStorageInfo.mountedVolumes():
        path = one.rootPath()
        is_own = one.isRoot() or path == home or (os.name == "posix" and not path.startswith(_MOUNTS))
        if one.isValid() and one.isReady() and not one.isReadOnly() and not is_own:
            found.append(StickSeen(one.displayName() or path, Path(path), one.bytesAvailable()))
    return sorted(found, key=lambda one: -one.free)
