"""Encrypts a file to disk in pieces and reads it back, from any place in it.

AES-256-GCM over pieces of 64 KiB. The nonce of a piece is a random prefix, its number and a mark on the last
one (the STREAM construction), so pieces cannot be reordered, dropped or cut off unnoticed.
"""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path
from typing import BinaryIO, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bnhelper.errors import KnownTrouble
from bnhelper.vault.disk import DiskFull, disk_trouble

__all__ = ["PIECE", "DiskFull", "SealedFile", "SealedFileDamaged", "seal", "sync_folder", "wipe"]

PIECE: Final = 64 * 1024
_TAG: Final = 16
_MAGIC: Final = b"BNSF\x01"
_PREFIX: Final = 7
_HEADER: Final = len(_MAGIC) + _PREFIX


class SealedFileDamaged(KnownTrouble):
    """A sealed file that is cut off, changed, missing, or sealed under another key."""

    code = "sealed-file-damaged"


def seal(target: Path, content: bytes, key: bytes, about: bytes) -> None:
    """Write `content` sealed to `target`: temporary file, flush, read back and compare, rename, flush the folder.

    `about` is bound into every piece (whose file it is). Raises DiskFull, DiskReadOnly, DiskFailed, and
    SealedFileDamaged when the disk gives back other bytes than it was given; nothing of it is left behind then.
    """
    part = target.with_suffix(".part")
    prefix = secrets.token_bytes(_PREFIX)
    cipher = AESGCM(key)
    try:
        with part.open("wb") as file:
            file.write(_MAGIC + prefix)
            count = max(1, -(-len(content) // PIECE))
            for number in range(count):
                piece = content[number * PIECE : (number + 1) * PIECE]
                file.write(cipher.encrypt(_nonce(prefix, number, number == count - 1), piece, about))
            file.flush()
            os.fsync(file.fileno())
        _compare(part, content, key, about)
        os.replace(part, target)  # noqa: PTH105 - replace() is atomic on Windows too
        sync_folder(target.parent)
    except OSError as wrong:
        _remove(part)
        raise disk_trouble(wrong) from wrong
    except SealedFileDamaged:
        _remove(part)
        raise


def _remove(part: Path) -> None:
    """Remove a half file as far as the disk lets us; what stays is swept when the machine is opened."""
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


def _compare(path: Path, content: bytes, key: bytes, about: bytes) -> None:
    with SealedFile(path, key, about) as file:
        kept = file.read_at(0, file.size)
    if hashlib.sha256(kept).digest() != hashlib.sha256(content).digest():
        raise SealedFileDamaged


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk, where the system can (POSIX); Windows journals renames by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class SealedFile:
    """A sealed file opened for reading; `size` is the plain size in bytes."""

    def __init__(self, path: Path, key: bytes, about: bytes) -> None:
        """Open the file. Raises SealedFileDamaged when it is missing or no sealed file."""
        self._cipher = AESGCM(key)
        self._about = about
        try:
            self._file: BinaryIO = path.open("rb")
        except OSError as wrong:
            raise SealedFileDamaged from wrong
        header = self._file.read(_HEADER)
        sealed = path.stat().st_size - _HEADER
        if not header.startswith(_MAGIC) or len(header) < _HEADER or sealed < _TAG:
            self._file.close()
            raise SealedFileDamaged
        self._prefix = header[len(_MAGIC) :]
        self._pieces = -(-sealed // (PIECE + _TAG))
        self.size = sealed - self._pieces * _TAG
        self._piece: tuple[int, bytes] = (-1, b"")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()
        self._piece = (-1, b"")

    def read_at(self, offset: int, size: int) -> bytes:
        """Return up to `size` plain bytes from `offset`. Raises SealedFileDamaged."""
        found = bytearray()
        while size > 0 and offset < self.size:
            number, inside = divmod(offset, PIECE)
            piece = self._open_piece(number)[inside : inside + size]
            if not piece:
                raise SealedFileDamaged
            found += piece
            offset += len(piece)
            size -= len(piece)
        return bytes(found)

    def _open_piece(self, number: int) -> bytes:
        if self._piece[0] != number:
            self._file.seek(_HEADER + number * (PIECE + _TAG))
            sealed = self._file.read(PIECE + _TAG)
            nonce = _nonce(self._prefix, number, number == self._pieces - 1)
            try:
                self._piece = (number, self._cipher.decrypt(nonce, sealed, self._about))
            except (InvalidTag, ValueError) as wrong:
                raise SealedFileDamaged from wrong
        return self._piece[1]


def _nonce(prefix: bytes, number: int, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if is_last else b"\x00")


def wipe(buffer: bytearray) -> None:
    """Overwrite a key's buffer. Python may have made copies we cannot reach; SECURITY.md says so."""
    with contextlib.suppress(BufferError):
        buffer[:] = bytes(len(buffer))
