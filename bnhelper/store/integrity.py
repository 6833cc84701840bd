"""Looks whether a store and its photos are whole, and changes nothing: not one page, not one file."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from bnhelper.store.journal import committed_pages
from bnhelper.store.open_store import KNOWN, StoreDamaged, StoreFromTheFuture, looks_sealed
from bnhelper.store.photos import SealedPhotos
from bnhelper.vault.disk import of_the_disk
from bnhelper.vault.keys import WrongKey

_PHOTO = ("id", "dossier", "sha256", "size", "file", "wrapped_key", "removed_at")


@dataclass(frozen=True, slots=True)
class Integrity:
    """What was found. Photos are named by their files, which have random names; nothing personal is in here."""

    version: str
    pages: tuple[str, ...]  #: what SQLCipher and SQLite say of pages and indexes; empty when they hold
    foreign_keys: int  #: rows that point at nothing
    whole: int  #: photos whose file gives back the bytes it was made from
    damaged: tuple[str, ...]  #: files that are there and do not
    missing: tuple[str, ...]  #: files that a row names and that are not there; of photos on their paper, as above
    orphans: tuple[str, ...]  #: files that no row names: no loss; unlocking clears them

    @property
    def is_whole(self) -> bool:
        return not (self.pages or self.foreign_keys or self.damaged or self.missing)


@contextlib.contextmanager
def reading(path: Path, key: bytes) -> Iterator[Any]:
    """Open a store for reading only. Raises WrongKey, StoreDamaged, StoreFromTheFuture."""
    if not path.is_file():
        raise StoreDamaged
    db = sqlcipher.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        db.execute("PRAGMA cipher_log_level = NONE")
        db.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        try:
            version = db.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlcipher.DatabaseError as wrong:
            raise of_the_disk(wrong) or (WrongKey(tries=0) if looks_sealed(path) else StoreDamaged()) from wrong
        if version is None:
            raise StoreDamaged
        if version[0] not in KNOWN:
            raise StoreFromTheFuture(version=str(version[0])[:40])
        yield db
    finally:
        db.close()


def inspect(path: Path, key: bytes, photos: SealedPhotos) -> Integrity:
    """Read every page of the store and every photo. Raises WrongKey, StoreDamaged, StoreFromTheFuture, DiskFailed.

    Takes about 0.6 s for 120 MB of store and 0.2 s for 200 MB of photos (measured, files in the system's cache).
    """
    with reading(path, key) as db:
        version = db.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        pages = _torn_pages(db, path)
        foreign_keys, rows = 0, []
        try:
            pages += [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
            foreign_keys = len(db.execute("PRAGMA foreign_key_check").fetchall())
            found = db.execute(
                "SELECT id, dossier, sha256, size, file, wrapped_key, removed_at FROM photos ORDER BY id"
            )
            rows = [dict(zip(_PHOTO, row, strict=True)) for row in found]
        except sqlcipher.DatabaseError as wrong:
            trouble = of_the_disk(wrong)
            if trouble is not None:
                raise trouble from wrong
            pages.append("tables cannot be read")
    damaged: list[str] = []
    missing: list[str] = []
    whole = 0
    for row in rows:
        if photos.measured(row) == (row["size"], row["sha256"]):
            whole += 1
        elif row["removed_at"] is None:  # a photo that was taken again is missed by nobody
            (damaged if photos.has(row["file"]) else missing).append(row["file"])
    named = {row["file"] for row in rows}
    orphans = () if pages and not rows else tuple(sorted(set(photos.files()) - named))
    return Integrity(version, tuple(pages), foreign_keys, whole, tuple(damaged), tuple(missing), orphans)


def _torn_pages(db: Any, path: Path) -> list[str]:
    """Return what SQLCipher says of the pages in the file.

    A page whose newest content is in the write-ahead log is read from there: what a power cut left half folded back
    into the file is no fault.
    """
    said = [str(row[0]) for row in db.execute("PRAGMA cipher_integrity_check")]
    if not said:
        return []
    newer = committed_pages(path.with_name(f"{path.name}-wal"))
    named = {line: re.search(r"\bpage (\d+)\b", line) for line in said}
    return [line for line, page in named.items() if page is None or int(page[1]) not in newer]
