"""Signs and verifies bytes: Ed25519 keys as JWK (RFC 8037), signatures as JWS (RFC 7515)."""

import base64
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from bnhelper.errors import KnownTrouble

_ALGORITHM = "Ed25519"  # the fully specified name of RFC 9864, which deprecates the ambiguous "EdDSA"
_ALLOWED = jws.JWSRegistry(algorithms=[_ALGORITHM])


class SignatureDoesNotHold(KnownTrouble):
    """Bytes that nobody we know has signed."""

    code = "signature-does-not-hold"


class SigningKey:
    """An Ed25519 key that signs; `kid` is its RFC 7638 thumbprint."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key
        self.kid: str = key.thumbprint()

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
        """Return `payload` as a compact JWS."""
        return jws.serialize_compact({"alg": _ALGORITHM, "kid": self.kid}, payload, self._key, registry=_ALLOWED)

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


@lru_cache(maxsize=4096)
def _imported(jwk: str) -> OKPKey:
    """Return a public key; a server meets the same devices again, and reading a key costs as much as verifying."""
    return OKPKey.import_key(json.loads(jwk))


def verified_payload(token: str, keys: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the payload of a compact JWS that one of the public `keys` signed.

    Raises SignatureDoesNotHold for anything else, a malformed token included.
    """
    for key in keys:
        try:
            return bytes(jws.deserialize_compact(token, _imported(json.dumps(dict(key))), registry=_ALLOWED).payload)
        except (JoseError, ValueError, KeyError, TypeError):
            continue
    raise SignatureDoesNotHold


def verify_detached(signature: str, body: bytes, keys: Iterable[Mapping[str, Any]]) -> None:
    """Check a detached JWS over `body`; raises SignatureDoesNotHold unless one of `keys` did."""
    header, dots, tail = signature.partition("..")
    if not dots:
        raise SignatureDoesNotHold
    payload = base64.urlsafe_b64encode(body).rstrip(b"=").decode("ascii")
    verified_payload(f"{header}.{payload}.{tail}", keys)
