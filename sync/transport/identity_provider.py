"""Signs a person in at an OpenID provider: code with PKCE, device code, refresh, revocation, each bound to a key.

RFC 6749, 7636, 8252, 8628, 8707, 9207, 9449, OpenID Connect Core and Discovery. Plain requests as the design measured;
`joserfc` does what is cryptographic.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bnhelper.errors import KnownTrouble
from sync.transport.dpop import ProofKey
from sync.transport.https import session_for
from sync.transport.their_clock import TheirClock
from sync.wire.enrolment import SignInAt

_TIMEOUT: Final = (10.0, 20.0)
_MOST_ANSWER: Final = 256 * 1024
_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "Ed25519"]
_LEEWAY_S: Final = 120
_OTHER_TIME_S: Final = 15.0
_DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_SLOWER_S: Final = 5  #: RFC 8628, 3.5
_LONGEST_S: Final = 10 * 366 * 86_400.0


class IssuerSilent(KnownTrouble):
    """The place where people sign in cannot be reached, or something else answers for it."""

    code = "issuer-silent"


class SignInRefused(KnownTrouble):
    """It did not sign this person in; `reason` is the provider's own word."""

    code = "sign-in-refused"


class SignInEnded(KnownTrouble):
    """What was granted has run out or was taken back: whoever wants to send signs in again."""

    code = "sign-in-ended"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What signing in, or renewing, gave. `refresh` may be the same as before."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    lasts_s: float
    subject: str = ""
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that was asked for by the browser: what has to be kept until it comes."""

    url: str
    redirect: str
    state: str
    nonce: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person types in on another device, and until when (seconds from now)."""

    user_code: str
    url: str
    whole_url: str  #: with the code in it, for a QR code; the plain address where the provider gives none
    lasts_s: float
    every_s: float
    secret: str = field(repr=False)


class IdentityProvider:
    """One provider, spoken to with one key. Raises IssuerSilent wherever it cannot be reached."""

    def __init__(self, at: SignInAt, key: ProofKey, now: Callable[[], float]) -> None:
        """`now` is this machine's clock in seconds since 1970; it may be wrong."""
        self._at = at
        self._key = key
        self._clock = TheirClock(now)
        self._nonce = ""
        self._session = session_for(None)
        self._card: dict[str, Any] | None = None

    def close(self) -> None:
        self._session.close()

    # --- code with PKCE ------------------------------------------------------------------------------------

    def ask(self, redirect: str) -> Asked:
        """Return the address to open in the browser, which comes back to `redirect`."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=")
        said = {
            "response_type": "code",
            "client_id": self._at.client_id,
            "redirect_uri": redirect,
            "scope": self._at.scope,
            "resource": self._at.resource,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge.decode("ascii"),
            "code_challenge_method": "S256",
            "dpop_jkt": self._key.thumbprint,  # the code itself is of use to nobody else
            "prompt": "consent",  # without it OpenID gives no refresh token to a program on a desk
        }
        place = self._endpoint("authorization_endpoint")
        return Asked(f"{place}{'&' if '?' in place else '?'}{urlencode(said)}", redirect, state, nonce, verifier)

    def redeem(self, asked: Asked, came: dict[str, str]) -> Tokens:
        """Return the tokens for what came back from the browser. Raises SignInRefused."""
        issuer = came.get("iss")
        if (issuer is not None or self._is_said("authorization_response_iss_parameter_supported")) and (
            issuer != self._at.issuer
        ):
            raise SignInRefused(reason="another-issuer")
        if came.get("state") != asked.state:
            raise SignInRefused(reason="another-state")
        if "error" in came or "code" not in came:
            raise SignInRefused(reason=came.get("error", "no-code")[:60])
        form = {"grant_type": "authorization_code", "code": came["code"], "redirect_uri": asked.redirect}
        status, said = self._post("token_endpoint", {**form, "code_verifier": asked.verifier})
        if status != 200:
            raise SignInRefused(reason=_error(said))
        return self._tokens(said, nonce=asked.nonce)

    # --- on another device ---------------------------------------------------------------------------------

    def ask_for_code(self) -> DeviceCode:
        """Return a code to be typed in on another device. Raises SignInRefused where the provider has no such way."""
        if "device_authorization_endpoint" not in self._known():
            raise SignInRefused(reason="no-device-codes")
        form = {"scope": self._at.scope, "resource": self._at.resource}
        status, said = self._post("device_authorization_endpoint", form)
        if status != 200:
            raise SignInRefused(reason=_error(said))
        try:
            url = str(said["verification_uri"])
            return DeviceCode(
                str(said["user_code"]),
                url,
                str(said.get("verification_uri_complete") or url),
                _seconds(said["expires_in"]),
                _seconds(said.get("interval", _SLOWER_S)),
                str(said["device_code"]),
            )
        except (KeyError, ValueError, TypeError) as wrong:
            raise IssuerSilent from wrong

    def look(self, code: DeviceCode) -> Tokens | float:
        """Return the tokens, or how many seconds longer than before to wait until the next look.

        Raises SignInRefused when the person said no or the code ran out.
        """
        status, said = self._post("token_endpoint", {"grant_type": _DEVICE_GRANT, "device_code": code.secret})
        if status == 200:
            return self._tokens(said)
        error = _error(said)
        if error in {"authorization_pending", "slow_down"}:
            return _SLOWER_S if error == "slow_down" else 0
        raise SignInRefused(reason=error)

    # --- afterwards ----------------------------------------------------------------------------------------

    def renew(self, refresh: str) -> Tokens:
        """Return new tokens. Raises SignInEnded; the old refresh token is good until the new one was given."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh, "resource": self._at.resource}
        status, said = self._post("token_endpoint", form)
        if status == 200:
            return self._tokens(said, refresh=refresh)
        error = _error(said)
        if error in {"invalid_grant", "invalid_client", "unauthorized_client"}:
            raise SignInEnded(reason=error)
        raise IssuerSilent(reason=error)

    def give_back(self, refresh: str) -> None:
        """Tell the provider that this sign-in is over (RFC 7009), where it wants to know."""
        if "revocation_endpoint" in self._known():
            self._post("revocation_endpoint", {"token": refresh, "token_type_hint": "refresh_token"})

    # --- below ---------------------------------------------------------------------------------------------

    def _tokens(self, said: dict[str, Any], *, refresh: str = "", nonce: str = "") -> Tokens:
        try:
            access, kind = str(said["access_token"]), str(said["token_type"])
            kept = str(said.get("refresh_token") or refresh)
            lasts_s = _seconds(said.get("expires_in", 300))
        except (KeyError, ValueError, TypeError) as wrong:
            raise IssuerSilent from wrong
        if kind.lower() != "dpop":
            raise SignInRefused(reason="not-bound")  # a bearer token would be good in any thief's hands
        if refresh:
            return Tokens(access, kept, lasts_s)
        if not kept:
            raise SignInRefused(reason="no-refresh-token")
        claims = self._checked(str(said.get("id_token") or ""), nonce)
        name = claims.get("name") or claims.get("preferred_username") or ""
        return Tokens(access, kept, lasts_s, str(claims["sub"]), str(name)[:200])

    def _checked(self, token: str, nonce: str) -> dict[str, Any]:
        """Return the claims of an ID token that is this provider's, for us, and fresh. Raises SignInRefused."""
        keys = self._get(self._endpoint("jwks_uri"))
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS).claims  # type: ignore[arg-type]
            now = self._clock.now()
            audience = claims["aud"]
            is_ours = self._at.client_id in ([audience] if isinstance(audience, str) else audience)
            is_fresh = now - _LEEWAY_S <= float(claims["exp"]) and float(claims["iat"]) <= now + _LEEWAY_S
            is_answer = not nonce or claims.get("nonce") == nonce
        except (JoseError, ValueError, KeyError, TypeError) as wrong:
            raise SignInRefused(reason="id-token") from wrong
        if claims.get("iss") != self._at.issuer or not (is_ours and is_fresh and is_answer and claims.get("sub")):
            raise SignInRefused(reason="id-token")
        return dict(claims)

    def _known(self) -> dict[str, Any]:
        if self._card is None:
            _checked_place(self._at.issuer)
            said = self._get(f"{self._at.issuer.rstrip('/')}/.well-known/openid-configuration")
            if said.get("issuer") != self._at.issuer:
                raise IssuerSilent(reason="another-issuer")
            self._card = said
        return self._card

    def _endpoint(self, name: str) -> str:
        place = self._known().get(name)
        if not isinstance(place, str):
            raise IssuerSilent(reason=name)
        _checked_place(place)
        return place

    def _is_said(self, name: str) -> bool:
        return self._known().get(name) is True

    def _get(self, url: str) -> dict[str, Any]:
        status, said, _headers = self._send("GET", url, None, {})
        if status != 200:
            raise IssuerSilent
        return said

    def _post(self, endpoint: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Post a form with a proof; again with the nonce or by the clock that the provider wants."""
        url = self._endpoint(endpoint)
        for is_last in (False, False, True):
            at = self._clock.now()
            proof = self._key.proof("POST", url, at=at, nonce=self._nonce)
            status, said, headers = self._send("POST", url, {"client_id": self._at.client_id, **form}, {"DPoP": proof})
            before, self._nonce = self._nonce, headers.get("DPoP-Nonce", self._nonce)
            error = _error(said) if status >= 400 else ""
            is_other_time = abs(self._clock.now() - at) > _OTHER_TIME_S
            mends = {"use_dpop_nonce": self._nonce != before, "invalid_dpop_proof": is_other_time}
            if is_last or not mends.get(error, False):
                return status, said
        raise AssertionError

    def _send(
        self, method: str, url: str, form: dict[str, str] | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any], requests.structures.CaseInsensitiveDict[str]]:
        try:
            with self._session.request(
                method,
                url,
                data=form,
                headers={"Accept": "application/json", **headers},
                timeout=_TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = answer.raw.read(_MOST_ANSWER + 1, decode_content=True)
        except (requests.RequestException, OSError) as wrong:
            raise IssuerSilent(reason=type(wrong).__name__) from wrong
        self._clock.heard(answer.headers.get("Date", ""))
        if len(body) > _MOST_ANSWER:
            raise IssuerSilent(reason="answer-too-large")
        if answer.status_code == 200 and not body:
            return 200, {}, answer.headers  # a revocation has nothing to say
        try:
            said = json.loads(body)
        except ValueError as wrong:
            raise IssuerSilent(reason="not-json") from wrong  # a captive portal's page, most of the time
        if not isinstance(said, dict):
            raise IssuerSilent(reason="not-json")
        return answer.status_code, said, answer.headers


def _seconds(said: Any) -> float:
    """Return a number of seconds that can be waited. Raises ValueError, TypeError."""
    seconds = float(said)
    if not 0 <= seconds <= _LONGEST_S:
        raise ValueError("no number of seconds")
    return seconds


def _error(said: dict[str, Any]) -> str:
    return str(said.get("error", "unknown"))[:60]


def _checked_place(url: str) -> None:
    """Refuse an address without TLS, but for loopback. Raises IssuerSilent."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
        raise IssuerSilent(reason="not-https")
