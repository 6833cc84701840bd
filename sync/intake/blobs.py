"""Bytes in a folder: a spool for what is arriving, and one file per content for what has arrived."""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path
from typing import Protocol

from bnhelper.vault.sealed_file import sync_folder


class BlobStore(Protocol):
    """Where finished bytes live, by their SHA-256; S3 can stand behind the same four calls."""

    def put(self, sha256: str, source: Path) -> None:
        """Take over a finished, checked file; durable when it returns."""
        ...

    def read(self, sha256: str) -> bytes: ...

    def has(self, sha256: str) -> bool: ...

    def delete(self, sha256: str) -> None: ...


class FolderBlobs:
    """Files named by their content, two levels deep; the name never comes from outside."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a hash")
        return self._folder / sha256[:2] / sha256

    def put(self, sha256: str, source: Path) -> None:
        target = self._path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(source, target)  # noqa: PTH105 - replace() is atomic on Windows too
        sync_folder(target.parent)
        sync_folder(self._folder)

    def read(self, sha256: str) -> bytes:
        return self._path(sha256).read_bytes()

    def has(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def delete(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)


class Spool:
    """Half-arrived files, one per upload; shared by the workers of a site."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, upload: str) -> Path:
        return self._folder / upload

    def size(self, upload: str) -> int:
        try:
            return self.path(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def clear(self, upload: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.path(upload).unlink()

    def place(self, content: bytes) -> Path:
        """Write whole bytes into the spool, flushed."""
        path = self._folder / f"whole-{secrets.token_hex(16)}"
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return path


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
