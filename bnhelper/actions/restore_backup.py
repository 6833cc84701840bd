"""Puts a machine back from a backup, proved first; what stood in its place is set aside, never overwritten."""

import json
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bnhelper.clock import Clock
from bnhelper.paths import Places
from bnhelper.store.backup import BackupDamaged, unpack
from bnhelper.store.integrity import Integrity, inspect
from bnhelper.store.open_store import StoreLock
from bnhelper.store.photos import sealed_photos
from bnhelper.vault import pin
from bnhelper.vault.disk import told_as_trouble
from bnhelper.vault.keys import Secret, WrongKey, unwrap
from bnhelper.vault.sealed_file import sync_folder

_MOST_KEYS: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. `found` is None where nobody opened the copy: the officers will, at the lock."""

    found: Integrity | None
    set_aside: Path | None  #: where what stood there before lies now


def backups_here(places: Places) -> list[Path]:
    """Return the machine's own backups, the newest first."""
    folder = places.backups
    return sorted(folder.glob("bnhelper-*.backup"), reverse=True) if folder.is_dir() else []


def ways_of(backup: Path) -> list[str]:
    """Return which kinds of secret open a backup: pin, passphrase, key_file, ward_recovery.

    Raises BackupDamaged.
    """
    try:
        with zipfile.ZipFile(backup) as pack:
            if pack.getinfo("keys.json").file_size > _MOST_KEYS:
                raise BackupDamaged
            return [str(way["kind"]) for way in json.loads(pack.read("keys.json"))["ways"]]
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError, NotImplementedError) as wrong:
        raise BackupDamaged from wrong


def restore_backup(places: Places, backup: Path, secret: Secret | None, clock: Clock) -> Restored:
    """Unpack, open and read a backup, then give it the machine's place; None proves its bytes alone.

    A wrong secret counts as a try at the lock does. Raises MustWait, WrongKey, KeyringSecretGone, BackupDamaged,
    StoreInUse, DiskFull, DiskReadOnly, DiskFailed; then everything is as it was.
    """
    left = pin.wait_seconds(places.tries, clock)
    if left:
        raise pin.MustWait(wait_s=left)
    with told_as_trouble():
        places.make()
    lock = StoreLock(places.lock)
    work = places.root / "restoring"
    try:
        shutil.rmtree(work, ignore_errors=True)
        copy = unpack(backup, work)
        found = None
        if secret is not None:
            try:
                key = unwrap(copy.keys, secret)
            except WrongKey as wrong:
                raise WrongKey(tries=pin.note_wrong(places.tries, clock)) from wrong
            found = inspect(copy.store, key, sealed_photos(copy.photos, key))
            if found.pages:
                raise BackupDamaged
            pin.right(places.tries)
        with told_as_trouble():
            aside = _set_aside(places, clock)
            _move(copy, places)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        lock.release()
    return Restored(found, aside)


def _set_aside(places: Places, clock: Clock) -> Path | None:
    """Move what is there into a folder of its own; the keys go first, so that half a machine is never opened."""
    wal, shm = (places.store.with_name(f"{places.store.name}{end}") for end in ("-wal", "-shm"))
    there = [one for one in (places.keys, places.keys_copy, places.store, wal, shm, places.photos) if one.exists()]
    if not any(one in there for one in (places.keys, places.keys_copy, places.store)) and not any(
        places.photos.iterdir()
    ):
        return None
    aside = places.aside("restore", clock.now())
    aside.mkdir(mode=0o700)
    for one in there:
        one.rename(aside / one.name)
    return aside


def _move(copy: Places, places: Places) -> None:
    """Give the unpacked machine its place; the keys get theirs last, as when a machine is made."""
    if places.photos.exists():
        places.photos.rmdir()
    copy.photos.rename(places.photos)
    copy.store.rename(places.store)
    copy.keys.rename(places.keys)
    sync_folder(places.root)
