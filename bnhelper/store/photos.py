"""Photo files and rows: temporary file, flush, read back, rename, and only then the row."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, RowMapping, insert, select, update

from bnhelper.clock import from_text, to_text
from bnhelper.domain.dossier import PhotoRow
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId, PaperId, PhotoId, Sha256, uuid7
from bnhelper.store import tables as t
from bnhelper.vault.disk import told_as_trouble
from bnhelper.vault.keys import derive
from bnhelper.vault.sealed_file import PIECE, SealedFile, SealedFileDamaged, seal


class NoSuchPhoto(KnownTrouble):
    """A photo that is not on this machine."""

    code = "no-such-photo"


@dataclass(frozen=True, slots=True)
class PhotosFound:
    """What does not fit between the folder and the rows: files nobody names, photos on a paper whose file is gone."""

    orphans: tuple[str, ...]
    missing: tuple[PhotoId, ...]


class SealedPhotos:
    """The folder of sealed photos. Each file has a random name and a random key, wrapped by the photo key."""

    def __init__(self, folder: Path, photo_key: bytes) -> None:
        self._folder = folder
        self._wrap = AESGCM(photo_key)

    def keep(self, content: bytes, sha256: Sha256, *, dossier: DossierId, now: dt.datetime) -> "KeptFile":
        """Seal `content`, whose hash the caller has, into a new file, wholly on the disk when this returns.

        Raises DiskFull, DiskReadOnly, DiskFailed, SealedFileDamaged.
        """
        photo = PhotoId(uuid7(now))
        key, nonce, name = secrets.token_bytes(32), secrets.token_bytes(12), f"{secrets.token_hex(16)}.sealed"
        seal(self._folder / name, content, key, _about(dossier, photo))
        return KeptFile(photo, name, nonce + self._wrap.encrypt(nonce, key, photo.encode()), sha256, len(content))

    def open(self, row: RowMapping | Mapping[str, Any]) -> SealedFile:
        """Open one photo for reading. Raises SealedFileDamaged."""
        wrapped = bytes(row["wrapped_key"])
        try:
            key = self._wrap.decrypt(wrapped[:12], wrapped[12:], str(row["id"]).encode())
        except InvalidTag as wrong:
            raise SealedFileDamaged from wrong
        return SealedFile(self._folder / row["file"], key, _about(row["dossier"], row["id"]))

    def is_whole(self, row: RowMapping | Mapping[str, Any]) -> bool:
        """Tell whether the file of a row gives back the bytes it was made from; every byte is read."""
        found = self.measured(row)
        return found is not None and found[1] == row["sha256"]

    def measured(self, row: RowMapping | Mapping[str, Any]) -> tuple[int, str] | None:
        """Return size and hash of what the file of a row gives back; None when it is gone or damaged."""
        digest, size = hashlib.sha256(), 0
        try:
            with self.open(row) as file:
                while block := file.read_at(size, 16 * PIECE):
                    digest.update(block)
                    size += len(block)
        except (SealedFileDamaged, ValueError):  # a damaged store may hold a key of the wrong length
            return None
        return size, digest.hexdigest()

    def has(self, name: str) -> bool:
        return (self._folder / name).is_file()

    def files(self) -> list[str]:
        """Return the names of the sealed files that are there."""
        return sorted(path.name for path in self._folder.glob("*.sealed"))

    def forget(self, name: str) -> None:
        """Remove a file that no row names. Raises DiskReadOnly, DiskFailed."""
        with told_as_trouble():
            (self._folder / name).unlink(missing_ok=True)

    def look(self, db: Connection) -> PhotosFound:
        """Compare the folder with the rows; half-written files of a crash are removed on the way."""
        for part in self._folder.glob("*.part"):
            part.unlink(missing_ok=True)
        rows = db.execute(select(t.photos.c.file, t.photos.c.id, t.photos.c.removed_at)).all()
        there = set(self.files())
        missing = tuple(PhotoId(row.id) for row in rows if row.file not in there and row.removed_at is None)
        return PhotosFound(tuple(sorted(there - {row.file for row in rows})), missing)


def sealed_photos(folder: Path, key: bytes) -> SealedPhotos:
    """Return a machine's photos, opened by the store key."""
    return SealedPhotos(folder, derive(key, b"bnhelper/photo-key"))


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A sealed file that is on the disk and has no row yet."""

    id: PhotoId
    file: str
    wrapped_key: bytes
    sha256: Sha256
    size: int


def _about(dossier: str, photo: str) -> bytes:
    return f"{dossier}/{photo}".encode()


def add(
    db: Connection, kept: KeptFile, *, dossier: DossierId, paper: PaperId, media_type: str, at: dt.datetime
) -> None:
    db.execute(
        insert(t.photos).values(
            id=kept.id,
            dossier=dossier,
            paper=paper,
            sha256=kept.sha256,
            size=kept.size,
            media_type=media_type,
            file=kept.file,
            wrapped_key=kept.wrapped_key,
            at=to_text(at),
        )
    )


def of_dossier(db: Connection, dossier: DossierId) -> list[PhotoRow]:
    """Return the photos of a dossier that were not removed, oldest first."""
    rows = db.execute(
        select(t.photos).where(t.photos.c.dossier == dossier, t.photos.c.removed_at.is_(None)).order_by(t.photos.c.id)
    )
    return [_row(row) for row in rows.mappings()]


def _row(row: RowMapping) -> PhotoRow:
    return PhotoRow(
        PhotoId(row["id"]),
        DossierId(row["dossier"]),
        PaperId(row["paper"]),
        Sha256(row["sha256"]),
        row["size"],
        row["media_type"],
        from_text(row["at"]),
    )


def sealed_row(db: Connection, photo: PhotoId) -> RowMapping:
    """Return the whole row of one photo. Raises NoSuchPhoto."""
    row = db.execute(select(t.photos).where(t.photos.c.id == photo)).mappings().first()
    if row is None:
        raise NoSuchPhoto
    return row


def set_removed(db: Connection, photo: PhotoId, at: dt.datetime | None) -> None:
    """Take a photo off its paper, or put it back with None."""
    sealed_row(db, photo)
    db.execute(update(t.photos).where(t.photos.c.id == photo).values(removed_at=to_text(at) if at else None))
