"""Opens the pages of a sealed store one by one, also where SQLite gives the whole file up.

The format is SQLCipher 4's with a raw key: pages of 4,096 bytes, AES-256-CBC, then 16 bytes of IV and 64 bytes of
HMAC-SHA512 over the sealed bytes and the page's number (checked against a store made by SQLCipher 4.19 in tests).
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bnhelper.store.journal import committed_pages

PAGE: Final = 4096
RESERVED: Final = 80
USABLE: Final = PAGE - RESERVED
_SALT: Final = 16
_TITLE: Final = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Page:
    """One page in the clear; `is_sure` when its seal holds, else some of its bytes are wrong."""

    content: bytes
    is_sure: bool


class SealedPages:
    """The pages of a store with those of its write-ahead log laid over them."""

    def __init__(self, store: Path, key: bytes, log: Path | None = None) -> None:
        """Open a store's file; it may be cut off, flipped, or missing when only its log is left."""
        self._key = key
        self._file = store.read_bytes() if store.is_file() else b""
        self._newer: Mapping[int, bytes] = committed_pages(log or store.with_name(f"{store.name}-wal"))
        self.count = max(-(-len(self._file) // PAGE), max(self._newer, default=0))
        self._seal = self._find_seal(store)

    @property
    def has_seal(self) -> bool:
        """Tell whether the pages could be checked at all: the store's salt was found whole somewhere."""
        return self._seal is not None

    def get(self, number: int) -> Page | None:
        """Return one page, counted from 1; None where nothing is left of it."""
        sealed = self._sealed(number)
        if sealed is None or len(sealed) < PAGE:
            return None
        start = _SALT if number == 1 else 0
        body, iv = sealed[start:USABLE], sealed[USABLE : USABLE + 16]
        opener = Cipher(algorithms.AES(self._key), modes.CBC(iv)).decryptor()
        clear = opener.update(body) + opener.finalize()
        if number == 1:
            clear = _TITLE + clear
        return Page(clear, self._seal is not None and _holds(self._seal, sealed, number))

    def _sealed(self, number: int) -> bytes | None:
        if number in self._newer:
            return self._newer[number]
        return self._file[(number - 1) * PAGE : number * PAGE] or None

    def _find_seal(self, store: Path) -> bytes | None:
        """Return the key of the HMAC. Its salt is the file's first bytes; copies lie in the log and in backups."""
        salts = [self._file[:_SALT], self._newer.get(1, b"")[:_SALT]]
        for copy in sorted(store.parent.glob("backups/*.db")):
            with copy.open("rb") as file:
                salts.append(file.read(_SALT))
        for salt in salts:
            if len(salt) < _SALT:
                continue
            seal = hashlib.pbkdf2_hmac("sha512", self._key, bytes(byte ^ 0x3A for byte in salt), 2, 32)
            if any(_holds(seal, self._sealed(number) or b"", number) for number in range(1, min(self.count, 200) + 1)):
                return seal
        return None


def _holds(seal: bytes, sealed: bytes, number: int) -> bool:
    if len(sealed) < PAGE:
        return False
    start = _SALT if number == 1 else 0
    made = hmac.new(seal, sealed[start : USABLE + 16] + number.to_bytes(4, "little"), "sha512").digest()
    return hmac.compare_digest(made, sealed[USABLE + 16 :])
