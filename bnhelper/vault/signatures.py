"""Signs and verifies bytes: Ed25519 keys as JWK (RFC 8037), signatures as JWS (RFC 7515)."""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from nacl.bindings import crypto_sign, crypto_sign_BYTES, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import CryptoError

from bnhelper.errors import KnownTrouble

_ALGORITHM = "Ed25519"  # the fully specified name of RFC 9864, which deprecates the ambiguous "EdDSA"
_ALLOWED = jws.JWSRegistry(algorithms=[_ALGORITHM])
_UNPADDED = re.compile(r"[A-Za-z0-9_-]+")
_SIGNATURE = 86  #: letters of a signature of 64 bytes


class SignatureDoesNotHold(KnownTrouble):
    """Bytes that nobody we know has signed."""

    code = "signature-does-not-hold"


class SigningKey:
    """An Ed25519 key that signs; `kid` is its RFC 7638 thumbprint."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key
        self.kid: str = key.thumbprint()
        self._header = _header(self.kid)
        private = key.private_key
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError("no private Ed25519 key")  # noqa: TRY004 - the key's content is wrong, not its type
        _, self._secret = crypto_sign_seed_keypair(private.private_bytes_raw())

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls(OKPKey.generate_key("Ed25519", auto_kid=False))

    @classmethod
    def from_secret(cls, jwk: Mapping[str, Any]) -> "SigningKey":
        """Return the key that `secret` wrote."""
        return cls(OKPKey.import_key(dict(jwk)))

    def secret(self) -> dict[str, Any]:
        """Return the private JWK; to be kept sealed."""
        return dict(self._key.as_dict(private=True))

    def public(self) -> dict[str, Any]:
        """Return the public JWK with its `kid`, to be handed to the other side."""
        return {**self._key.as_dict(private=False), "kid": self.kid}

    def sign(self, payload: bytes) -> str:
        """Return `payload` as a compact JWS. libsodium takes two thirds of OpenSSL's time for the same signature."""
        said = f"{self._header}.{_encoded(payload)}"
        return f"{said}.{_encoded(crypto_sign(said.encode('ascii'), self._secret)[:crypto_sign_BYTES])}"

    def sign_detached(self, body: bytes) -> str:
        """Return the detached compact JWS over `body` (RFC 7515, appendix F): header..signature."""
        header, _payload, signature = self.sign(body).split(".")
        return f"{header}..{signature}"


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Return the name of a public key: its RFC 7638 thumbprint. Raises ValueError for anything that is no key."""
    try:
        return str(OKPKey.import_key(dict(jwk)).thumbprint())
    except (JoseError, KeyError, TypeError) as wrong:
        raise ValueError("no public key") from wrong


def _header(kid: str) -> str:
    """Return the protected header as `SigningKey` writes it."""
    return _encoded(json.dumps({"alg": _ALGORITHM, "kid": kid}, separators=(",", ":")).encode("utf-8"))


def _encoded(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode("ascii")


def _imported(jwk: Mapping[str, Any]) -> tuple[OKPKey, str, bytes | None]:
    """Return a public key, the header that its own signer writes, and the bare key's 32 bytes.

    With the bare one exactly such tokens are verified without reading them. A server meets the same devices again, and
    reading a key costs as much as verifying.
    """
    members = tuple(jwk.items())
    try:
        return _remembered(members)
    except TypeError:  # a member is a list, such as key_ops; or it is no key at all
        return _read(members)


def _read(members: tuple[tuple[str, Any], ...]) -> tuple[OKPKey, str, bytes | None]:
    key = OKPKey.import_key(dict(members))
    bare = key.public_key
    return key, _header(key.thumbprint()), bare.public_bytes_raw() if isinstance(bare, Ed25519PublicKey) else None


_remembered = lru_cache(maxsize=4096)(_read)


def _holds(key: bytes, said: str, signature: str) -> bool:
    """Tell whether a signature holds. libsodium takes half of OpenSSL's time, and refuses keys of small order."""
    try:
        crypto_sign_open(base64.urlsafe_b64decode(signature + "==") + said.encode("ascii"), key)
    except (CryptoError, ValueError):
        return False
    return True


def verified_payload(token: str, keys: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the payload of a compact JWS that one of the public `keys` signed.

    Raises SignatureDoesNotHold for anything else, a malformed token included.
    """
    for key in keys:
        try:
            known, header, bare = _imported(key)
            if bare is not None and token.startswith(f"{header}."):
                said, _, signature = token.rpartition(".")
                payload = said.removeprefix(f"{header}.")
                if _UNPADDED.fullmatch(payload) and len(signature) == _SIGNATURE and _holds(bare, said, signature):
                    return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
            return bytes(jws.deserialize_compact(token, known, registry=_ALLOWED).payload)
        except (JoseError, ValueError, KeyError, TypeError):
            continue
    raise SignatureDoesNotHold


def verify_detached(signature: str, body: bytes, keys: Iterable[Mapping[str, Any]]) -> None:
    """Check a detached JWS over `body`; raises SignatureDoesNotHold unless one of `keys` did."""
    header, dots, tail = signature.partition("..")
    if not dots:
        raise SignatureDoesNotHold
    known = list(keys)
    payload = _encoded(body)
    for key in known:
        try:
            _, own_header, bare = _imported(key)
        except (JoseError, ValueError, KeyError, TypeError):
            continue
        if bare is None or header != own_header or len(tail) != _SIGNATURE:
            continue  # signed in another way, if at all
        if _holds(bare, f"{header}.{payload}", tail):
            return
    verified_payload(f"{header}.{payload}.{tail}", known)
