"""The one byte form that is hashed and signed: RFC 8785 (JSON Canonicalization Scheme)."""

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785

from bnhelper.ids import Sha256


def canonical_bytes(said: Mapping[str, Any]) -> bytes:
    """Return the only byte form of a JSON object (RFC 8785)."""
    return bytes(rfc8785.dumps(dict(said)))


def sha256_of(content: bytes) -> Sha256:
    """Return the SHA-256 of some bytes as 64 lower-case hexadecimal digits."""
    return Sha256(hashlib.sha256(content).hexdigest())
