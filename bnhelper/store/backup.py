"""One file with everything of a machine, still sealed; proved by opening it again before it gets its name.

A plain zip without compression: `store.db`, `keys.json`, `photos/…` and `manifest.json` with sizes and hashes. All but
the manifest is sealed under the machine's own key, so the file says no more than how many photos there are.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher

from bnhelper.errors import KnownTrouble
from bnhelper.paths import Places
from bnhelper.store.integrity import Integrity, inspect, reading
from bnhelper.store.open_store import told_by_sqlite
from bnhelper.store.photos import sealed_photos
from bnhelper.vault.disk import disk_trouble, told_as_trouble
from bnhelper.vault.key_copies import content
from bnhelper.vault.sealed_file import sync_folder

FORMAT: Final = 1
_ENTRY: Final = re.compile(r"store\.db|keys\.json|photos/[0-9a-f]{1,64}\.sealed")
_BLOCK: Final = 1024 * 1024
_MOST_MANIFEST: Final = 64 * 1024 * 1024


class BackupDamaged(KnownTrouble):
    """The file is no backup, is cut off, or holds other bytes than it was made with."""

    code = "backup-damaged"


class TargetExists(KnownTrouble):
    """There is something where the backup, or the restored machine, would go; nothing is ever overwritten."""

    code = "target-exists"


class BackupStopped(KnownTrouble):
    """Somebody wanted the machine for something else; nothing is left behind."""

    code = "backup-stopped"


def back_up(
    places: Places,
    key: bytes,
    target: Path,
    keys: bytes | None = None,
    goes_on: Callable[[], bool] = lambda: True,
) -> Integrity:
    """Write everything of a machine into `target` and return what the copy was found to hold.

    `keys` replaces the content of keys.json, to let another key open the copy. The caller holds the machine's
    lock. `goes_on` is asked at every block. Raises TargetExists, BackupDamaged when the copy does not read as it was
    written, BackupStopped when it may not go on, DiskFull, DiskReadOnly, DiskFailed, and what `reading` raises; then
    nothing is left behind.
    """
    if target.exists():
        raise TargetExists
    part, work = target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.work")
    try:
        work.mkdir(mode=0o700)
        with reading(places.store, key) as db, told_by_sqlite():
            _copy(db, work / "store.db", key)
        (work / "keys.json").write_bytes(keys if keys is not None else content(places.keys))
        entries = {"store.db": work / "store.db", "keys.json": work / "keys.json"}
        entries |= {f"photos/{one.name}": one for one in sorted(places.photos.glob("*.sealed"))}
        _write(part, entries, goes_on)
        _forget(work)
        unpack(part, work, goes_on)
        found = inspect(Places(work).store, key, sealed_photos(Places(work).photos, key))
        if found.pages:
            raise BackupDamaged
        _ask(goes_on)
        part.rename(target)  # not replace(): on Windows it refuses a name that somebody took meanwhile
        sync_folder(target.parent)
    except OSError as wrong:
        raise disk_trouble(wrong) from wrong
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        _forget(work)
    return found


def unpack(backup: Path, folder: Path, goes_on: Callable[[], bool] = lambda: True) -> Places:
    """Unpack a backup into a new folder, every byte compared with its manifest.

    Raises BackupDamaged, BackupStopped, DiskFull, DiskReadOnly, DiskFailed.
    """
    if not backup.is_file():
        raise BackupDamaged
    try:
        with zipfile.ZipFile(backup) as pack:
            manifest = _manifest(pack)
            folder.mkdir(mode=0o700)
            (folder / "photos").mkdir(mode=0o700)
            for name, about in manifest.items():
                _take_out(pack, name, about, folder / name, goes_on)
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, EOFError, NotImplementedError) as wrong:
        raise BackupDamaged from wrong
    except OSError as wrong:
        raise disk_trouble(wrong) from wrong
    return Places(folder)


def settle(work: Path, root: Path) -> None:
    """Give a proved, unpacked machine its place.

    Raises TargetExists when anything is there, DiskFull, DiskReadOnly, DiskFailed.
    """
    with told_as_trouble():
        if root.exists() and any(root.iterdir()):
            raise TargetExists
        if root.exists():
            root.rmdir()
        work.rename(root)
        sync_folder(root.parent)


def _copy(source: Any, target: Path, key: bytes) -> None:
    """Copy the store page by page; the copy is sealed under the same key and is one file, without a journal."""
    copy = sqlcipher.connect(str(target), isolation_level=None)
    try:
        copy.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()


def _ask(goes_on: Callable[[], bool]) -> None:
    if not goes_on():
        raise BackupStopped


def _write(part: Path, entries: Mapping[str, Path], goes_on: Callable[[], bool]) -> None:
    about: dict[str, dict[str, Any]] = {}
    with part.open("xb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pack:
            for name, path in entries.items():
                digest, size = hashlib.sha256(), 0
                # One day for every entry: when each photo was taken is nobody's business but the store's.
                entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
                with path.open("rb") as content, pack.open(entry, "w", force_zip64=True) as out:
                    while block := content.read(_BLOCK):
                        _ask(goes_on)
                        digest.update(block)
                        size += len(block)
                        out.write(block)
                about[name] = {"sha256": digest.hexdigest(), "size": size}
            manifest = json.dumps({"format": FORMAT, "entries": about}, indent=1)
            pack.writestr(zipfile.ZipInfo("manifest.json", (2026, 1, 1, 0, 0, 0)), manifest)
        file.flush()
        os.fsync(file.fileno())


def _manifest(pack: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    """Return what the file says it holds; names are checked, so that nothing is written beside the folder."""
    inside = {one.filename: one for one in pack.infolist()}
    if any(one.compress_type != zipfile.ZIP_STORED for one in inside.values()):
        raise BackupDamaged  # ours are not compressed: a small file cannot grow into a full disk
    if inside["manifest.json"].file_size > _MOST_MANIFEST:
        raise BackupDamaged
    said = json.loads(pack.read("manifest.json"))
    entries = dict(said["entries"])
    if said["format"] != FORMAT or set(inside) != {*entries, "manifest.json"}:
        raise BackupDamaged
    if not all(_ENTRY.fullmatch(name) for name in entries) or not {"store.db", "keys.json"} <= set(entries):
        raise BackupDamaged
    return entries


def _take_out(
    pack: zipfile.ZipFile, name: str, about: Mapping[str, Any], target: Path, goes_on: Callable[[], bool]
) -> None:
    digest, size = hashlib.sha256(), 0
    with pack.open(name) as content, target.open("xb") as out:
        while block := content.read(_BLOCK):
            _ask(goes_on)
            digest.update(block)
            size += len(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if (digest.hexdigest(), size) != (about["sha256"], about["size"]):
        raise BackupDamaged


def _forget(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
