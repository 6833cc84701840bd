"""The ward's recovery key: two officers together open a machine whose PIN is forgotten; neither can alone.

Each officer makes a key pair of their own and keeps the private half under a passphrase, so nobody ever holds both. The
ward's public recovery file names the two public halves. A machine splits its store key in two random halves and seals
one to each officer by HPKE (RFC 9180, X25519, HKDF-SHA256, AES-256-GCM); the province holds nothing of it.
"""

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from bnhelper.errors import KnownTrouble
from bnhelper.vault.keys import WARD, KeyCost, Passphrase, derive

FORMAT: Final = 1
_OFFICER: Final = "bnhelper-recovery-officer"
_OFFICER_PUBLIC: Final = "bnhelper-recovery-officer-public"
_WARD: Final = "bnhelper-ward-recovery"
_LARGEST: Final = 64 * 1024


class RecoveryFileDamaged(KnownTrouble):
    """A file that is no recovery file of the kind that is needed, or is broken."""

    code = "recovery-file-damaged"


class OfficerPassphraseWrong(KnownTrouble):
    """The passphrase does not open the officer's file; `officer` is 1 or 2 where two are asked for."""

    code = "officer-passphrase-wrong"


class OfficersDoNotFit(KnownTrouble):
    """The machine was set up for other officers, or one officer was given twice."""

    code = "officers-do-not-fit"


class NoRecoveryKey(KnownTrouble):
    """No ward recovery key was set up on this machine."""

    code = "no-recovery-key"


@dataclass(frozen=True, slots=True)
class Officer:
    """The public half of one officer's key; `kid` is the SHA-256 of it."""

    name: str
    public: bytes

    @property
    def kid(self) -> str:
        return hashlib.sha256(self.public).hexdigest()


@dataclass(frozen=True, slots=True)
class WardKey:
    """A ward's public recovery key: two officers."""

    ward: str
    officers: tuple[Officer, Officer]

    @property
    def fingerprint(self) -> str:
        """Return what people compare with the paper: the SHA-256 of both public halves, in order."""
        return hashlib.sha256(b"".join(one.public for one in self.officers)).hexdigest()


@dataclass(frozen=True, slots=True)
class OfficerKey:
    """One officer's private half, opened."""

    kid: str
    private: X25519PrivateKey = field(repr=False)


def make_officer(path: Path, name: str, passphrase: Passphrase, cost: KeyCost | None = None) -> Path:
    """Make an officer's key pair: the private half into `path`, the public one beside it as NAME.pub.json.

    Raises SecretTooWeak, FileExistsError.
    """
    cost = cost or KeyCost()
    private, salt, nonce = X25519PrivateKey.generate(), secrets.token_bytes(16), secrets.token_bytes(12)
    officer = Officer(name, private.public_key().public_bytes_raw())
    sealed = nonce + AESGCM(_wrapping(passphrase, salt, cost)).encrypt(nonce, private.private_bytes_raw(), b"officer")
    public = path.with_name(f"{path.stem}.pub.json")
    said = {
        "kind": _OFFICER,
        "format": FORMAT,
        "public": _text(officer.public),
        "salt": _text(salt),
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "wrapped": _text(sealed),
    }
    _write(path, said, mode=0o600)
    _write(public, {"kind": _OFFICER_PUBLIC, "format": FORMAT, "name": name, "public": said["public"]})
    return public


def open_officer(path: Path, passphrase: Passphrase) -> OfficerKey:
    """Open an officer's private half. Raises RecoveryFileDamaged, OfficerPassphraseWrong, SecretTooWeak."""
    said = _read(path, _OFFICER)
    try:
        salt, sealed, public = (_bytes(said[name]) for name in ("salt", "wrapped", "public"))
        cost = KeyCost(int(said["memory_kib"]), int(said["passes"]))
    except (KeyError, ValueError, TypeError) as wrong:
        raise RecoveryFileDamaged from wrong
    if not 8 <= cost.memory_kib <= 1024 * 1024 or not 1 <= cost.passes <= 20 or len(sealed) < 12:
        raise RecoveryFileDamaged
    try:
        raw = AESGCM(_wrapping(passphrase, salt, cost)).decrypt(sealed[:12], sealed[12:], b"officer")
    except InvalidTag as wrong:
        raise OfficerPassphraseWrong from wrong
    return OfficerKey(hashlib.sha256(public).hexdigest(), X25519PrivateKey.from_private_bytes(raw))


def make_ward(path: Path, ward: str, first: Path, second: Path) -> WardKey:
    """Write the ward's public recovery file from the two officers' public halves.

    Raises RecoveryFileDamaged, OfficersDoNotFit when both are one officer's, FileExistsError.
    """
    officers = [_read(one, _OFFICER_PUBLIC) for one in (first, second)]
    said = {
        "kind": _WARD,
        "format": FORMAT,
        "ward": ward,
        "officers": [{"name": one.get("name"), "public": one.get("public")} for one in officers],
    }
    found = _ward(said)
    _write(path, said)
    return found


def read_ward(path: Path) -> WardKey:
    """Return a ward's public recovery key. Raises RecoveryFileDamaged, OfficersDoNotFit."""
    return _ward(_read(path, _WARD))


def split(key: bytes, ward: WardKey) -> dict[str, Any]:
    """Return the entry of keys.json from which these two officers, and only both, get the store key back."""
    label = secrets.token_hex(16)
    pad = secrets.token_bytes(len(key))
    halves = (pad, bytes(one ^ other for one, other in zip(key, pad, strict=True)))
    shares = []
    for officer, half in zip(ward.officers, halves, strict=True):
        public = X25519PublicKey.from_public_bytes(officer.public)
        shares.append({"officer": officer.kid, "sealed": _text(_suite().encrypt(half, public, info=_info(label)))})
    return {
        "kind": WARD,
        "label": label,
        "ward": ward.fingerprint,
        "shares": shares,
        "check": derive(key, b"bnhelper/recovery-check").hex(),
    }


def join(entry: dict[str, Any] | None, officers: tuple[OfficerKey, OfficerKey]) -> bytes:
    """Return the store key from both officers' halves, in whichever order they came.

    Raises NoRecoveryKey, OfficersDoNotFit, RecoveryFileDamaged when the entry was tampered with.
    """
    if entry is None:
        raise NoRecoveryKey
    given = {one.kid: one for one in officers}
    try:
        wanted = [(str(one["officer"]), _bytes(one["sealed"])) for one in entry["shares"]]
        label, check = str(entry["label"]), str(entry["check"])
    except (KeyError, ValueError, TypeError) as wrong:
        raise RecoveryFileDamaged from wrong
    if len(given) != 2 or {kid for kid, _sealed in wanted} != set(given):
        raise OfficersDoNotFit
    try:
        first, second = (_suite().decrypt(sealed, given[kid].private, info=_info(label)) for kid, sealed in wanted)
        key = bytes(one ^ other for one, other in zip(first, second, strict=True))
    except (InvalidTag, ValueError) as wrong:
        raise OfficersDoNotFit from wrong
    if not secrets.compare_digest(derive(key, b"bnhelper/recovery-check").hex(), check):
        raise RecoveryFileDamaged
    return key


def _ward(said: dict[str, Any]) -> WardKey:
    try:
        officers = [Officer(str(one["name"] or ""), _bytes(one["public"])) for one in said["officers"]]
        ward = str(said["ward"])
        for one in officers:
            X25519PublicKey.from_public_bytes(one.public)
    except (KeyError, ValueError, TypeError) as wrong:
        raise RecoveryFileDamaged from wrong
    if len(officers) != 2 or officers[0].public == officers[1].public:
        raise OfficersDoNotFit
    return WardKey(ward, (officers[0], officers[1]))


def _suite() -> Suite:
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _info(label: str) -> bytes:
    return f"bnhelper/ward-recovery/{FORMAT}/{label}".encode()


def _wrapping(passphrase: Passphrase, salt: bytes, cost: KeyCost) -> bytes:
    return derive(passphrase.material(salt, cost), b"bnhelper/wrap-officer-key", salt)


def _read(path: Path, kind: str) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise RecoveryFileDamaged
        said = json.loads(path.read_text(encoding="utf-8"))
        is_right = (said["kind"], said["format"]) == (kind, FORMAT)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise RecoveryFileDamaged from wrong
    if not is_right:
        raise RecoveryFileDamaged
    return dict(said)


def _write(path: Path, said: dict[str, Any], *, mode: int = 0o644) -> None:
    content = json.dumps(said, indent=1, ensure_ascii=False).encode("utf-8") + b"\n"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: Any) -> bytes:
    return base64.b64decode(str(text), validate=True)
