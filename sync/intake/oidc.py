"""OIDC bearer tokens: discovery, JWKS that rotates, audience, scope, and DPoP proofs of possession (RFC 9449)."""

import base64
import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key
from joserfc.jws import JWSRegistry

from sync.intake.roles import Role
from sync.wire.enrolment import SignInAt

_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "Ed25519"]
_LEEWAY_S: Final = 60
_PROOF_S: Final = 300  #: a proof is fresh this long, for clocks of field machines that are a little off
_REFRESH_S: Final = 30  #: an unknown key id makes the keys be read again, at most this often
_AGAIN_S: Final = 2.0  #: an issuer that was away and of which no keys are known is left alone so long
_KEYS_LAST_S: Final = 3600
_MOST_PROOFS: Final = 50_000


class TokenRefused(Exception):
    """A token that is not good here. `why` is one word for the log; the caller only learns that it must log in."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class IssuerAway(Exception):
    """The issuer's keys cannot be read just now, and none that are known fit."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who an issuer says is calling."""

    subject: str  #: issuer and sub together: a sub alone is only unique at its issuer
    name: str
    role: Role
    unit: str | None
    holder: str | None = None  #: thumbprint of the key that the token is bound to, and that was proved


@dataclass(slots=True)
class Issuer:
    """One OIDC issuer this site trusts. `must_prove` refuses bearer tokens that are bound to no key."""

    url: str
    audience: str
    scope: str = "intake"
    must_prove: bool = False
    client: str = "bnhelper"  #: the name under which it knows the program on the devices
    _keys: KeySet | None = None
    _read_at: float = 0.0
    _not_before: float = 0.0  #: while it has no keys: it was away until a moment ago
    _proofs: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def person(
        self, token: str, *, proof: str, method: str, url: str, is_first_use: Callable[[str], bool] = lambda _: True
    ) -> Person:
        """Return who a token speaks for. Raises TokenRefused, IssuerAway.

        `is_first_use` is asked what other workers know of a proof that this one has not seen.
        """
        claims = self._claims(token)
        audience = claims.get("aud")
        if self.audience not in ([audience] if isinstance(audience, str) else list(audience or ())):
            raise TokenRefused("audience")
        if claims.get("iss") != self.url:
            raise TokenRefused("issuer")
        if self.scope not in str(claims.get("scope", "")).split():
            raise TokenRefused("scope")
        bound = (claims.get("cnf") or {}).get("jkt")
        if bound:
            name = self._prove(proof, token, str(bound), method, url)
            if not is_first_use(name):
                raise TokenRefused("proof-again")
        elif self.must_prove:
            raise TokenRefused("unbound")
        try:
            role = Role(claims.get("bn_role", ""))
        except ValueError:
            raise TokenRefused("role") from None
        unit = claims.get("bn_unit")
        return Person(
            subject=f"{self.url}#{claims['sub']}",
            name=str(claims.get("name", ""))[:200],
            role=role,
            unit=str(unit) if unit else None,
            holder=str(bound) if bound else None,
        )

    def sign_in(self) -> SignInAt:
        """Return what a device has to know to sign somebody in here."""
        scope = f"openid offline_access {self.scope}"
        return SignInAt(issuer=self.url, client_id=self.client, scope=scope, resource=self.audience)

    def _claims(self, token: str) -> dict[str, Any]:
        for is_again in (False, True):
            try:
                said = jwt.decode(token, self._key_set(must_read=is_again), algorithms=_ALGORITHMS)
                registry = jwt.JWTClaimsRegistry(
                    leeway=_LEEWAY_S, exp={"essential": True}, sub={"essential": True}, iss={"essential": True}
                )
                registry.validate(said.claims)
            except (JoseError, ValueError, KeyError, TypeError) as wrong:
                # A key that is not known yet is a reason to read the keys again, a bad token is not.
                if is_again or not self._may_be_rotated(token):
                    raise TokenRefused(type(wrong).__name__) from wrong
            else:
                return dict(said.claims)
        raise TokenRefused("unknown-key")

    def _may_be_rotated(self, token: str) -> bool:
        kid = _header(token).get("kid")
        known = {key.kid for key in self._keys.keys} if self._keys is not None else set()
        return kid not in known and time.monotonic() - self._read_at > _REFRESH_S

    def _key_set(self, *, must_read: bool) -> KeySet:
        with self._lock:
            now = time.monotonic()
            age = now - self._read_at
            if self._keys is None and now < self._not_before:
                raise IssuerAway  # nobody waits behind others for what was away a moment ago
            if self._keys is None or age > (_REFRESH_S if must_read else _KEYS_LAST_S):
                try:
                    self._keys = self._read_keys()
                    self._read_at = time.monotonic()
                except (requests.RequestException, ValueError, KeyError, JoseError) as wrong:
                    self._not_before = time.monotonic() + _AGAIN_S
                    if self._keys is None:
                        raise IssuerAway from wrong
                    self._read_at = time.monotonic()  # keys that were good an hour ago serve until the issuer is back
            assert self._keys is not None
            return self._keys

    def _read_keys(self) -> KeySet:
        card = requests.get(f"{self.url}/.well-known/openid-configuration", timeout=(3, 5)).json()
        if card.get("issuer") != self.url:
            raise ValueError("another issuer")
        return KeySet.import_key_set(requests.get(str(card["jwks_uri"]), timeout=(3, 5)).json())

    def _prove(self, proof: str, token: str, bound: str, method: str, url: str) -> str:
        """Check that whoever sends the token holds the key it is bound to (RFC 9449, 4.3); return the proof's name."""
        header = _header(proof)
        jwk = header.get("jwk")
        if header.get("typ") != "dpop+jwt" or not isinstance(jwk, dict) or "d" in jwk or jwk.get("kty") == "oct":
            raise TokenRefused("proof")
        try:
            key = import_key(jwk)
            if key.thumbprint() != bound:
                raise TokenRefused("proof-of-another-key")
            said = jwt.decode(proof, key, algorithms=_ALGORITHMS, registry=_PROOF_HEADERS).claims
            fresh = abs(time.time() - float(said["iat"])) <= _PROOF_S
        except (JoseError, ValueError, KeyError, TypeError) as wrong:
            raise TokenRefused("proof") from wrong
        digest = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()
        if said.get("htm") != method or _place(str(said.get("htu", ""))) != _place(url) or said.get("ath") != digest:
            raise TokenRefused("proof-of-another-request")
        if not fresh:
            raise TokenRefused("proof-is-old")
        with self._lock:
            name = hashlib.sha256(f"{bound}.{said.get('jti')}".encode()).hexdigest()  # a name may be of any length
            if name in self._proofs:
                raise TokenRefused("proof-again")
            self._proofs[name] = time.monotonic()
            while len(self._proofs) > _MOST_PROOFS:
                self._proofs.popitem(last=False)
        return name


_PROOF_HEADERS: Final = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)


def _place(url: str) -> str:
    """Return what a proof is bound to: the path; scheme and host may be a proxy's (query left out by the RFC)."""
    return urlsplit(url).path


def _header(token: str) -> dict[str, Any]:
    try:
        part = token.split(".", maxsplit=1)[0]
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}
