"""Wraps the store key: by PIN and keyring secret, by a passphrase, or by a key file; the format is final.

The store key is 256 random bits that never change. Each way to open it is one entry of `keys.json`, so ways
can be added (recovery, several people) without touching the store. A PIN alone would fall in hours to whoever
has the disk (measured: 54 core-hours for six digits), hence the second half in the operating system's keyring.
"""

import base64
import contextlib
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bnhelper.errors import KnownTrouble

FORMAT: Final = 1
_LEAST_WORDS: Final = 4
_KEYRING_SERVICE: Final = "bnhelper"


class WrongKey(KnownTrouble):
    """The PIN, passphrase or key file opens nothing here."""

    code = "wrong-key"


class KeysDamaged(KnownTrouble):
    """The file with the wrapped store key cannot be read."""

    code = "keys-damaged"


class SecretTooWeak(KnownTrouble):
    """A PIN of less than six digits, or a passphrase of less than four words."""

    code = "secret-too-weak"


class NoKeyring(KnownTrouble):
    """The operating system has no keyring that answers; a passphrase or key file is needed."""

    code = "no-keyring"


class KeyringLocked(KnownTrouble):
    """The keyring is locked, and its own prompt was closed or could not be shown."""

    code = "keyring-locked"


class KeyringSecretGone(KnownTrouble):
    """The keyring answers but no longer holds this machine's half: another user, or a keyring made anew."""

    code = "keyring-secret-gone"


@dataclass(frozen=True, slots=True)
class KeyCost:
    """Argon2id's cost (RFC 9106): memory in KiB, passes. 64 MiB x 3 takes about 0.2 s (measured)."""

    memory_kib: int = 64 * 1024
    passes: int = 3


@dataclass(frozen=True, slots=True)
class Pin:
    """Six or more digits, worth something only together with this machine's keyring."""

    digits: str = field(repr=False)
    kind = "pin"

    def material(self, salt: bytes, cost: KeyCost) -> bytes:
        if not (self.digits.isdigit() and len(self.digits) >= 6):
            raise SecretTooWeak
        return _argon2(self.digits.encode(), salt, cost) + keyring_secret()


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Four or more words, for machines without a keyring."""

    words: str = field(repr=False)
    kind = "passphrase"

    def material(self, salt: bytes, cost: KeyCost) -> bytes:
        words = self.words.split()
        if len(words) < _LEAST_WORDS:
            raise SecretTooWeak
        return _argon2(" ".join(words).encode(), salt, cost)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file of at least 32 random bytes, kept apart from the machine (a stick), or for kiosks and tests."""

    path: Path
    kind = "key_file"

    def material(self, salt: bytes, cost: KeyCost) -> bytes:  # noqa: ARG002 - random bytes need no stretching
        try:
            content = self.path.read_bytes()
        except OSError as wrong:
            raise WrongKey(tries=0) from wrong
        if len(content) < 32:
            raise SecretTooWeak
        return content


Secret = Pin | Passphrase | KeyFile


def make_key_file(path: Path) -> KeyFile:
    """Write a new key file, for this user alone, and return it."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
    return KeyFile(path)


def keyring_secret() -> bytes:
    """Return this machine's half of the key. Raises NoKeyring, KeyringLocked, KeyringSecretGone.

    It is never made here: opening with a new half would call a right PIN wrong.
    """
    import keyring
    from keyring.errors import KeyringLocked as Locked

    try:
        said = keyring.get_password(_KEYRING_SERVICE, "store")
    except Locked as wrong:
        raise KeyringLocked from wrong
    except Exception as wrong:  # a backend is foreign code: D-Bus, Keychain and DPAPI each raise families of their own
        raise NoKeyring from wrong
    try:
        found = bytes.fromhex(said or "")
    except ValueError as wrong:
        raise KeyringSecretGone from wrong
    if len(found) != 32:
        raise KeyringSecretGone
    return found


def make_keyring_secret() -> bytes:
    """Return this machine's half of the key, made on first use. Raises NoKeyring, KeyringLocked.

    It is read back: a keyring that keeps nothing (there is one for tests) would lock everybody out for good.
    """
    import keyring
    from keyring.errors import KeyringLocked as Locked

    with contextlib.suppress(KeyringSecretGone):
        return keyring_secret()
    made = secrets.token_bytes(32)
    try:
        keyring.set_password(_KEYRING_SERVICE, "store", made.hex())
        is_kept = keyring_secret() == made
    except (Locked, KeyringLocked) as wrong:
        raise KeyringLocked from wrong
    except Exception as wrong:
        raise NoKeyring from wrong
    if not is_kept:
        raise NoKeyring
    return made


def has_keyring() -> bool:
    """Tell whether a PIN can be used on this machine. May block on a keyring's own prompt: not on the GUI thread."""
    try:
        make_keyring_secret()
    except (NoKeyring, KeyringLocked):
        return False
    return True


def new_keys(path: Path, secret: Secret, cost: KeyCost | None = None) -> bytes:
    """Make a store key, wrap it by `secret` into a new file, and return it.

    Raises FileExistsError, SecretTooWeak, NoKeyring, KeyringLocked.
    """
    if isinstance(secret, Pin):
        make_keyring_secret()
    key = secrets.token_bytes(32)
    way = _wrap(key, secret, cost or KeyCost())
    content = json.dumps({"format": FORMAT, "ways": [way]}, indent=1).encode("utf-8")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return key


def unwrap(path: Path, secret: Secret) -> bytes:
    """Return the store key. Raises WrongKey, KeysDamaged, NoKeyring, KeyringLocked, KeyringSecretGone."""
    for way in _ways(path):
        if way["kind"] != secret.kind:
            continue
        try:
            salt = base64.b64decode(way["salt"])
            cost = KeyCost(int(way["memory_kib"]), int(way["passes"]))
            sealed = base64.b64decode(way["wrapped"])
        except (KeyError, ValueError, TypeError) as wrong:
            raise KeysDamaged from wrong
        if cost.memory_kib > 1024 * 1024 or cost.passes > 20:
            raise KeysDamaged
        try:
            return AESGCM(_wrapping_key(secret, salt, cost)).decrypt(sealed[:12], sealed[12:], b"store-key")
        except InvalidTag:
            continue
        except SecretTooWeak:
            break
    raise WrongKey(tries=0)


def with_another_way(path: Path, key: bytes, secret: Secret, cost: KeyCost | None = None) -> bytes:
    """Return the content of a key store that `secret` opens too; the file itself stays as it is.

    Raises KeysDamaged, SecretTooWeak, WrongKey when a key file is not there.
    """
    ways = [*_ways(path), _wrap(key, secret, cost or KeyCost())]
    return json.dumps({"format": FORMAT, "ways": ways}, indent=1).encode("utf-8")


def kinds(path: Path) -> list[str]:
    """Return which kinds of secret open this machine: pin, passphrase, key_file. Raises KeysDamaged."""
    return [str(way.get("kind")) for way in _ways(path)]


def _ways(path: Path) -> list[dict[str, Any]]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        ways = list(said["ways"])
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise KeysDamaged from wrong
    if said.get("format") != FORMAT:
        raise KeysDamaged
    return ways


def _wrap(key: bytes, secret: Secret, cost: KeyCost) -> dict[str, Any]:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = nonce + AESGCM(_wrapping_key(secret, salt, cost)).encrypt(nonce, key, b"store-key")
    return {
        "kind": secret.kind,
        "salt": base64.b64encode(salt).decode(),
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "wrapped": base64.b64encode(sealed).decode(),
    }


def _wrapping_key(secret: Secret, salt: bytes, cost: KeyCost) -> bytes:
    return derive(secret.material(salt, cost), b"bnhelper/wrap-store-key", salt)


def derive(material: bytes, purpose: bytes, salt: bytes | None = None) -> bytes:
    """Return a 256-bit key for one purpose (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=purpose).derive(material)


def _argon2(secret: bytes, salt: bytes, cost: KeyCost) -> bytes:
    return hash_secret_raw(secret, salt, cost.passes, cost.memory_kib, 1, 32, Type.ID)
