"""Encrypts a file to disk in pieces and reads it back, from any place in it.

AES-256-GCM over pieces of 64 KiB. The nonce of a piece is a random prefix, its number and a mark on the last
one (the STREAM construction), so pieces cannot be reordered, dropped or cut off unnoticed.
"""

import contextlib
import os
import secrets
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bnhelper.errors import KnownTrouble
from bnhelper.vault.disk import DiskFull, disk_trouble

__all__ = ["PIECE", "DiskFull", "SealedFile", "SealedFileDamaged", "seal", "sync_folder", "wipe"]

PIECE: Final = 64 * 1024
_TAG: Final = 16
_AT_ONCE: Final = 1024 * 1024  #: bytes for one call to the disk; Linux takes several MB at once five times as slowly
_MAGIC: Final = b"BNSF\x01"
_PREFIX: Final = 7
_HEADER: Final = len(_MAGIC) + _PREFIX


class SealedFileDamaged(KnownTrouble):
    """A sealed file that is cut off, changed, missing, or sealed under another key."""

    code = "sealed-file-damaged"


def seal(target: Path, content: bytes, key: bytes, about: bytes) -> None:
    """Write `content` sealed to `target`: temporary file, flush, read back and check, rename, flush the folder.

    `about` is bound into every piece (whose file it is). Raises DiskFull, DiskReadOnly, DiskFailed, and
    SealedFileDamaged when the disk gives back other bytes than it was given; nothing of it is left behind then.
    """
    part = target.with_suffix(".part")
    sealed = _sealed(content, key, about)
    try:
        with part.open("wb", buffering=0) as file:
            for begin in range(0, len(sealed), _AT_ONCE):
                _write(file, sealed[begin : begin + _AT_ONCE])
            os.fsync(file.fileno())
        _check(part, sealed)
        os.replace(part, target)  # noqa: PTH105 - replace() is atomic on Windows too
        sync_folder(target.parent)
    except OSError as wrong:
        _remove(part)
        raise disk_trouble(wrong) from wrong
    except SealedFileDamaged:
        _remove(part)
        raise


def _sealed(content: bytes, key: bytes, about: bytes) -> memoryview:
    """Return the whole sealed file. It is kept until it was read back: a photo is in memory twice, 32 MB at most."""
    plain, count = memoryview(content), _pieces_of(len(content))
    prefix, cipher = secrets.token_bytes(_PREFIX), AESGCM(key)
    made = memoryview(bytearray(_HEADER + len(content) + count * _TAG))
    made[:_HEADER] = _MAGIC + prefix
    filled = _HEADER
    for number in range(count):
        piece = plain[number * PIECE : (number + 1) * PIECE]
        end = filled + len(piece) + _TAG
        cipher.encrypt_into(_nonce(prefix, number, number == count - 1), piece, about, made[filled:end])
        filled = end
    return made


def _write(file: RawIOBase, content: memoryview) -> None:
    """Write all of it; the system may take less at a time."""
    while content:
        content = content[file.write(content) or 0 :]


def _check(path: Path, sealed: memoryview) -> None:
    """Read a file back. Raises SealedFileDamaged unless it is `sealed`, byte for byte: no hash is as quick."""
    place, piece = 0, bytearray(PIECE)
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(piece) or 0:
            del piece[count:]  # the last one is shorter; a copy of each would cost more than reading it
            if piece != sealed[place : place + count]:
                raise SealedFileDamaged
            place += count
    if place != len(sealed):
        raise SealedFileDamaged


def _pieces_of(size: int) -> int:
    return max(1, -(-size // PIECE))


def _remove(part: Path) -> None:
    """Remove a half file as far as the disk lets us; what stays is swept when the machine is opened."""
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


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
        """Open the file. Raises SealedFileDamaged when it is missing, cannot be read, or is no sealed file."""
        self._cipher = AESGCM(key)
        self._about = about
        try:
            self._file: BinaryIO = path.open("rb")
        except OSError as wrong:
            raise SealedFileDamaged from wrong
        try:
            header = self._file.read(_HEADER)
            sealed = path.stat().st_size - _HEADER
        except OSError as wrong:
            self._file.close()
            raise SealedFileDamaged from wrong
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
        found: list[bytes] = []
        while size > 0 and offset < self.size:
            number, inside = divmod(offset, PIECE)
            piece = self._open_piece(number)[inside : inside + size]
            if not piece:
                raise SealedFileDamaged
            found.append(piece)
            offset += len(piece)
            size -= len(piece)
        return b"".join(found)

    def _open_piece(self, number: int) -> bytes:
        if self._piece[0] != number:
            try:
                self._file.seek(_HEADER + number * (PIECE + _TAG))
                sealed = self._file.read(PIECE + _TAG)
            except OSError as wrong:  # a sector that is gone
                raise SealedFileDamaged from wrong
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
