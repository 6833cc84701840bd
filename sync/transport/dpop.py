"""Proves with every request that whoever sends a token holds the key it is bound to (RFC 9449)."""

import base64
import hashlib
import uuid
from collections.abc import Mapping
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import ECKey

_ALGORITHM: Final = "ES256"  # what every provider with DPoP takes; Ed25519 is not among them yet


class ProofKey:
    """A P-256 key made at signing in; tokens that are bound to it are worth nothing without it."""

    def __init__(self, key: ECKey) -> None:
        self._key = key
        #: RFC 7638
        self.thumbprint: str = key.thumbprint()

    @classmethod
    def generate(cls) -> "ProofKey":
        return cls(ECKey.generate_key("P-256", auto_kid=False))

    @classmethod
    def from_secret(cls, jwk: Mapping[str, Any]) -> "ProofKey":
        """Return the key that `secret` wrote."""
        return cls(ECKey.import_key(dict(jwk)))

    def secret(self) -> dict[str, Any]:
        """Return the private JWK; to be kept sealed."""
        return dict(self._key.as_dict(private=True))

    def proof(self, method: str, url: str, *, at: float, nonce: str = "", token: str = "") -> str:
        """Return the proof for one request: good once. `at` is now, in seconds since 1970, by the other side's clock.

        `nonce` is the last one that the other side gave; `token` the access token that goes with it, if one does.
        """
        claims: dict[str, Any] = {
            "jti": uuid.uuid4().hex,
            "htm": method,
            "htu": url.partition("#")[0].partition("?")[0],
            "iat": int(at),
        }
        if nonce:
            claims["nonce"] = nonce
        if token:
            digest = hashlib.sha256(token.encode("ascii")).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        public = {
            name: value for name, value in self._key.as_dict(private=False).items() if name in {"kty", "crv", "x", "y"}
        }
        header = {"typ": "dpop+jwt", "alg": _ALGORITHM, "jwk": public}
        return jwt.encode(header, claims, self._key, algorithms=[_ALGORITHM])
