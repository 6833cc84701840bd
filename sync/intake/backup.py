"""A copy of an embedded site, taken while it works: rows by SQLite's own backup, bytes by their names.

A backup is a site's folder: put in its place it is one. Bytes that are there go first, then the rows, then the bytes
that came in between, so every file that a row of the copy names is in it: retention deletes bytes only after their
rows. Taken again into the same folder it copies what is new and forgets what was erased here since; at any moment
rows and bytes there fit each other. Over PostgreSQL and S3 their own tools do this (docs/intake/runbook.md).
"""

import contextlib
import os
import shutil
import sqlite3
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from bnhelper.vault.sealed_file import sync_folder
from sync.intake.blobs import FolderBlobs, file_hash
from sync.intake.catalogue_files import FOLDER as CATALOGUE
from sync.intake.station import BLOBS, LEDGER, PACKS, Site

_PART: Final = ".part"


class NotEmbedded(Exception):
    """The site's rows or bytes lie elsewhere, and are backed up there."""


@dataclass(slots=True)
class Backup:
    """What a backup has."""

    folder: str
    dossiers: int = 0
    files: int = 0  #: every one was read and is what its name says
    copied: int = 0  #: of these, now
    lost: list[str] = field(default_factory=list)  #: what the rows name and the site itself does not have, or damaged

    def said(self) -> dict[str, Any]:
        """Return it for the command's answer."""
        return {**asdict(self), "lost": self.lost[:20], "failed": bool(self.lost)}


def back_up(site: Site, folder: Path) -> Backup:
    """Copy the site into a folder, new or of an earlier backup. Raises NotEmbedded, OSError, sqlite3.Error."""
    if site.engine.dialect.name != "sqlite" or not isinstance(site.blobs, FolderBlobs):
        raise NotEmbedded
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target, made = FolderBlobs(folder / BLOBS), Backup(str(folder))
    there = {sha256 for sha256 in site.blobs.names() if _copy(site.blobs, target, sha256, made)}
    rows = folder / (LEDGER + _PART)
    named, made.dossiers = _copy_rows(site.folder / LEDGER, rows)
    for sha256 in sorted(named - there):
        if not _copy(site.blobs, target, sha256, made):
            made.lost.append(sha256)
    _copy_packs(site.folder, folder)
    os.replace(rows, folder / LEDGER)  # noqa: PTH105 - replace() is atomic on Windows too
    sync_folder(folder)
    for sha256 in set(target.names()) - named:
        target.delete(sha256)  # erased here, or never named by a row
    made.files = len(named) - len(made.lost)
    return made


def _copy_rows(source: Path, target: Path) -> tuple[set[str], int]:
    """Copy the ledger as it stands at one moment; return the hashes its rows name, and how many dossiers there are."""
    target.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(source, timeout=60)) as here:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with contextlib.closing(sqlite3.connect(target)) as there:
            here.backup(there)
            there.execute("PRAGMA journal_mode = DELETE")  # one file, to be moved as one
            if there.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise sqlite3.DatabaseError("the copy is not whole")
            named = {str(row[0]) for row in there.execute("SELECT DISTINCT sha256 FROM blobs")}
            (count,) = there.execute("SELECT count(*) FROM dossiers").fetchone()
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return named, int(count)


def _copy(source: FolderBlobs, target: FolderBlobs, sha256: str, made: Backup) -> bool:
    """Copy one file unless it is there; every one that counts is read. False where the site has no such bytes."""
    if target.has(sha256):
        if file_hash(target.path(sha256)) == sha256:
            return True
        target.delete(sha256)  # the backup's disk spoilt it
    part = target.path(sha256).with_name(sha256 + _PART)
    part.parent.mkdir(exist_ok=True)
    try:
        shutil.copyfile(source.path(sha256), part)
    except FileNotFoundError:
        return False  # retention was here
    with part.open("rb") as file:
        os.fsync(file.fileno())
    if file_hash(part) != sha256:
        part.unlink()
        return False
    target.put(sha256, part)
    made.copied += 1
    return True


def _copy_packs(source: Path, target: Path) -> None:
    """Copy the procedure packs: with them every dossier is still held to the form it was filled in with."""
    for name in (PACKS, CATALOGUE):
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, dirs_exist_ok=True)
