"""The bytes of one request on their way into the spool."""

import base64
import binascii
import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from starlette.requests import ClientDisconnect, Request

from sync.intake.refusals import Refused
from sync.intake.upload_rows import TUS
from sync.wire.blobs import CHECKSUM_MISMATCH, CHECKSUMS
from sync.wire.problems import ProblemCode, Retry


class Body:
    """The bytes of one request on their way into the spool; each is hashed while it passes."""

    def __init__(self, path: Path, size: int, offset: int, check: "Checksum", digest: Any) -> None:
        """`size` is that of the whole file; `digest`, if there is one, has seen the first `offset` bytes."""
        self._path = path
        self._size = size
        self._begun_at = self.offset = offset
        self._check = check
        self._digest = digest
        self._file: BinaryIO | None = None

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Hold the file open."""
        with self._path.open("ab", buffering=0) as self._file:
            yield

    async def read(self, request: Request) -> bool:
        """Write the body down block by block; tell whether its end was seen. Raises Refused (413)."""
        assert self._file is not None
        try:
            async for piece in request.stream():
                if self.offset + len(piece) > self._size:
                    raise Refused(413, ProblemCode.TOO_LARGE, headers=TUS)
                self._check.add(piece)
                if self._digest is not None:
                    self._digest.update(piece)
                _write_all(self._file, piece)
                self.offset += len(piece)
        except ClientDisconnect:
            return False
        return True

    def hold_to_checksum(self) -> None:
        """Take a body back that is not what its tus checksum says. Raises Refused (460)."""
        if not self._check.holds():
            os.truncate(self._path, self._begun_at)
            at = {**TUS, "Upload-Offset": str(self._begun_at)}
            raise Refused(CHECKSUM_MISMATCH, ProblemCode.SHA256_MISMATCH, Retry.NOW, headers=at)


def _write_all(file: BinaryIO, piece: bytes) -> None:
    left = memoryview(piece)
    while left:
        left = left[file.write(left) :]


class Checksum:
    """The tus checksum of one body, if it came with one. Raises Refused for one that cannot be read."""

    def __init__(self, header: str) -> None:
        self._digest: Any = None
        self._wanted = b""
        if header:
            name, _, value = header.partition(" ")
            if name not in CHECKSUMS.split(","):
                raise Refused(400, ProblemCode.INVALID, headers=TUS)
            try:
                self._wanted = base64.b64decode(value, validate=True)
            except (binascii.Error, ValueError) as wrong:
                raise Refused(400, ProblemCode.INVALID, headers=TUS) from wrong
            self._digest = hashlib.new(name, usedforsecurity=name != "sha1")

    def add(self, piece: bytes) -> None:
        if self._digest is not None:
            self._digest.update(piece)

    def holds(self) -> bool:
        return self._digest is None or secrets.compare_digest(self._digest.digest(), self._wanted)
