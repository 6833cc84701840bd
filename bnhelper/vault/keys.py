"""Wraps the store key: by PIN and keyring secret, by a passphrase, or by a key file; the format is final.

The store key is 256 random bits that never change. Each way to open it is one entry of `keys.json`, so ways
can be added (recovery, several people) without touching the store. A way says by a random id whose it is, and
that is bound into what it wraps; the file names nobody. A PIN alone would fall in hours to whoever
has the disk (measured: 54 core-hours for six digits), hence the second half in the operating system's keyring.
"""

import base64
import contextlib
import secrets
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bnhelper.errors import KnownTrouble
from bnhelper.vault.disk import DiskFailed, told_as_trouble
from bnhelper.vault.key_copies import KeysDamaged, as_content, read_ways, write_new
from bnhelper.vault.sealed_file import sync_folder

STORE: Final = "store"  #: a way opens everything, or
COUNTS: Final = "counts"  #: the counts alone: it holds a key that was derived from the store key
WARD: Final = "ward_recovery"  #: the kind of the entry that two officers open together (vault/recovery.py)
_LEAST_DIGITS: Final = 6
_LEAST_WORDS: Final = 4
_KEYRING_SERVICE: Final = "bnhelper"


class WrongKey(KnownTrouble):
    """The PIN, passphrase or key file opens nothing here."""

    code = "wrong-key"


class SecretTooWeak(KnownTrouble):
    """A PIN of less than six digits, or a passphrase of less than four words."""

    code = "secret-too-weak"


class SecretInUse(KnownTrouble):
    """A PIN, passphrase or key file that opens another person's way on this machine already."""

    code = "secret-in-use"


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

    @property
    def is_long_enough(self) -> bool:
        return self.digits.isascii() and self.digits.isdigit() and len(self.digits) >= _LEAST_DIGITS

    def material(self, salt: bytes, cost: KeyCost) -> bytes:
        if not self.is_long_enough:
            raise SecretTooWeak
        return _argon2(self.digits.encode(), salt, cost) + keyring_secret()


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Four or more words, for machines without a keyring; the same however a keyboard composes accents (NFC)."""

    words: str = field(repr=False)
    kind = "passphrase"

    def material(self, salt: bytes, cost: KeyCost) -> bytes:
        words = self.words.split()
        if len(words) < _LEAST_WORDS:
            raise SecretTooWeak
        return _argon2(unicodedata.normalize("NFC", " ".join(words)).encode(), salt, cost)


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


@dataclass(frozen=True, slots=True)
class Opened:
    """The store key, and whose way opened it: empty where the way belongs to nobody in particular."""

    key: bytes = field(repr=False)
    person: str
    opens: str = STORE


def make_key_file(path: Path) -> KeyFile:
    """Write a new key file, for this user alone, and return it once the disk gives the same bytes back.

    Data is sealed by it next, and it often lies on a stick that is pulled out a moment later. Raises FileExistsError,
    DiskFull, DiskReadOnly, DiskFailed.
    """
    made = secrets.token_bytes(32)
    write_new(path, made)
    with told_as_trouble():
        sync_folder(path.parent)
        if path.read_bytes() != made:
            raise DiskFailed
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


def new_keys(path: Path, secret: Secret, cost: KeyCost | None = None, person: str = "") -> bytes:
    """Make a store key, wrap it by the `secret` of `person` into a new file, and return it.

    Raises FileExistsError, SecretTooWeak, NoKeyring, KeyringLocked, DiskFull, DiskReadOnly, DiskFailed.
    """
    if isinstance(secret, Pin):
        make_keyring_secret()
    key = secrets.token_bytes(32)
    write_new(path, as_content([_wrap(key, secret, cost or KeyCost(), person)]))
    return key


def unwrap(path: Path, secret: Secret) -> bytes:
    """Return the store key. Raises WrongKey, KeysDamaged, NoKeyring, KeyringLocked, KeyringSecretGone."""
    return opened(path, secret).key


def opened(path: Path, secret: Secret) -> Opened:
    """Return the store key and whose way it was; raises what `unwrap` raises.

    Ways of one kind share their salt, so that a PIN is stretched once however many people have a way.
    """
    stretched: dict[tuple[bytes, KeyCost], bytes] = {}
    for way in read_ways(path):
        if way["kind"] != secret.kind:
            continue
        try:
            salt = base64.b64decode(way["salt"])
            cost = KeyCost(int(way["memory_kib"]), int(way["passes"]))
            sealed = base64.b64decode(way["wrapped"])
            person, opens = str(way.get("person", "")), str(way.get("opens", STORE))
        except (KeyError, ValueError, TypeError) as wrong:
            raise KeysDamaged from wrong
        if cost.memory_kib > 1024 * 1024 or cost.passes > 20:
            raise KeysDamaged
        try:
            if (salt, cost) not in stretched:
                stretched[salt, cost] = _wrapping_key(secret, salt, cost)
            key = AESGCM(stretched[salt, cost]).decrypt(sealed[:12], sealed[12:], _about(person, opens))
            return Opened(key, person, opens)
        except (InvalidTag, ValueError):
            continue
        except SecretTooWeak:
            break
    raise WrongKey(tries=0)


def with_another_way(
    path: Path, key: bytes, secret: Secret, cost: KeyCost | None = None, person: str = "", opens: str = STORE
) -> bytes:
    """Return the content of a key store that `secret` opens too; the file itself stays as it is.

    Raises KeysDamaged, SecretTooWeak, SecretInUse, NoKeyring, KeyringLocked, WrongKey when a key file is not there.
    """
    return as_content(_and_another(read_ways(path), key, secret, cost or KeyCost(), person, opens))


def with_new_secret(
    path: Path,
    key: bytes,
    secret: Secret,
    person: str,
    cost: KeyCost | None = None,
    *,
    is_keeper: bool = False,
    opens: str = STORE,
) -> bytes:
    """Return the content of a key store in which `secret` is the only way of `person`; the others keep theirs.

    A way of nobody in particular is the keeper's. Raises what `with_another_way` raises.
    """
    theirs = {person, ""} if is_keeper else {person}
    kept = [way for way in read_ways(path) if way["kind"] == WARD or way.get("person", "") not in theirs]
    return as_content(_and_another(kept, key, secret, cost or KeyCost(), person, opens))


def without(path: Path, person: str) -> bytes:
    """Return the content of a key store in which `person` has no way any more."""
    return as_content([way for way in read_ways(path) if way.get("person", "") != person])


def counts_key(key: bytes) -> bytes:
    """Return the key of the counts, which leads nowhere near the store key it was made from."""
    return derive(key, b"bnhelper/team-counts")


def with_recovery(path: Path, recovery: dict[str, Any] | None) -> bytes:
    """Return the content of a key store with this entry for the ward's officers, or with none."""
    ways = [way for way in read_ways(path) if way["kind"] != WARD]
    return as_content([*ways, recovery] if recovery is not None else ways)


def recovery_of(path: Path) -> dict[str, Any] | None:
    """Return the entry for the ward's officers, if there is one. Raises KeysDamaged."""
    return next((way for way in read_ways(path) if way["kind"] == WARD), None)


def kinds(path: Path) -> list[str]:
    """Return which kinds of secret open this machine: pin, passphrase, key_file. Raises KeysDamaged."""
    return [str(way["kind"]) for way in read_ways(path) if way["kind"] != WARD]


def _and_another(
    ways: list[dict[str, Any]], key: bytes, secret: Secret, cost: KeyCost, person: str, opens: str
) -> list[dict[str, Any]]:
    """Add a way; a secret that opens another person's would make two people one, and is refused."""
    if isinstance(secret, Pin):
        make_keyring_secret()
    shared = next(
        (
            base64.b64decode(way["salt"])
            for way in ways
            if (way["kind"], way.get("memory_kib"), way.get("passes")) == (secret.kind, cost.memory_kib, cost.passes)
        ),
        None,
    )
    made = _wrap(key if opens == STORE else counts_key(key), secret, cost, person, shared, opens)
    for way in ways:
        if way["kind"] == secret.kind and way.get("person", "") != person:
            salt, sealed = base64.b64decode(way["salt"]), base64.b64decode(way["wrapped"])
            wrapping = _wrapping_key(secret, salt, KeyCost(int(way["memory_kib"]), int(way["passes"])))
            with contextlib.suppress(InvalidTag):
                AESGCM(wrapping).decrypt(
                    sealed[:12], sealed[12:], _about(str(way.get("person", "")), str(way.get("opens", STORE)))
                )
                raise SecretInUse
    return [*ways, made]


def _about(person: str, opens: str) -> bytes:
    return f"{opens}-key/{person}".encode() if person else b"store-key"


def _wrap(
    key: bytes, secret: Secret, cost: KeyCost, person: str = "", salt: bytes | None = None, opens: str = STORE
) -> dict[str, Any]:
    salt, nonce = salt or secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = nonce + AESGCM(_wrapping_key(secret, salt, cost)).encrypt(nonce, key, _about(person, opens))
    return {
        "kind": secret.kind,
        **({"person": person} if person else {}),
        **({"opens": opens} if opens != STORE else {}),
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
