"""The bytes of a message from a device: as they were signed, as they came, and as the ledger keeps them.

What came compressed is kept as it came: the device took its time to make it small, and the ledger neither makes it
small once more, with a weaker method and at a fifth of what a dossier costs PostgreSQL, nor carries more to the disk
than came over the line. Readers of the ledger see what was signed (`Kept`).
"""

import hashlib
import threading
from dataclasses import dataclass
from typing import Any, Final, Self

import zstandard
from sqlalchemy import Dialect, LargeBinary, TypeDecorator

from sync.intake.refusals import Refused
from sync.wire.coding import ZSTD
from sync.wire.dossiers import digest_matches
from sync.wire.problems import ProblemCode, Retry
from sync.wire.version import MAX_ENVELOPE_BYTES

_MAGIC: Final = b"\x28\xb5\x2f\xfd"  #: how a frame begins (RFC 8878, 3.1.1); no JSON does


class _Here(threading.local):
    """What a thread keeps: making one takes longer than using it."""

    def __init__(self) -> None:
        self.decompressor = zstandard.ZstdDecompressor()


_HERE: Final = _Here()


@dataclass(frozen=True, slots=True)
class Body:
    """A message of a device."""

    signed: bytes
    kept: bytes  #: what the ledger writes down; `unpacked` gives what was signed
    sha256: str  #: of what was signed: it names the message

    @classmethod
    def of(cls, signed: bytes) -> Self:
        """Return a message that came as it was signed."""
        return cls(signed, signed, hashlib.sha256(signed).hexdigest())

    @classmethod
    def received(cls, content: bytes, *, digest: str, encoding: str) -> Self:
        """Return what came with these `Content-Digest` and `Content-Encoding`; nothing is made of damaged bytes.

        Bounded, so that a small bomb stays small. Raises Refused.
        """
        if not digest_matches(digest, content):
            raise Refused(400, ProblemCode.DIGEST_MISMATCH, Retry.NOW)
        if encoding in {"", "identity"}:
            return cls.of(content)
        if encoding != ZSTD:
            raise Refused(415, ProblemCode.UNSUPPORTED_MEDIA)
        try:
            is_plain = 0 <= zstandard.frame_content_size(content) <= MAX_ENVELOPE_BYTES
            signed = _decompressed(content) if is_plain else _unusual(content)
        except zstandard.ZstdError as wrong:
            raise Refused(400, ProblemCode.INVALID) from wrong
        if len(signed) > MAX_ENVELOPE_BYTES:
            raise Refused(413, ProblemCode.TOO_LARGE)
        return cls(signed, content if is_plain else signed, hashlib.sha256(signed).hexdigest())


def unpacked(kept: bytes) -> bytes:
    """Return what was signed, of what the ledger keeps: one frame that says how much is in it, or the thing itself."""
    return _decompressed(kept) if kept.startswith(_MAGIC) else kept


def _decompressed(frame: bytes) -> bytes:
    return _HERE.decompressor.decompress(frame, allow_extra_data=False)


def _unusual(content: bytes) -> bytes:
    """Return what is in a frame that does not say how much it is, or in several: one byte too much at most."""
    with zstandard.ZstdDecompressor().stream_reader(content) as reader:
        return reader.read(MAX_ENVELOPE_BYTES + 1)


class Kept(TypeDecorator[bytes]):
    """A column of `Body.kept`, which is read as what was signed."""

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: Any, _dialect: Dialect) -> bytes | None:
        return None if value is None else unpacked(bytes(value))
