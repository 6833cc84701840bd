"""Who this machine is to the province: an invitation's token, or a person's sign-in that renews itself.

One refresh at a time for the whole machine. Being signed out never keeps anybody from working: what is sealed waits,
and only what wants to cross the line hears of it.
"""

import datetime as dt
import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bnhelper.clock import from_text, to_text
from bnhelper.errors import KnownTrouble
from sync.engine.verdicts import Stop, Why
from sync.keeper import Keeper
from sync.transport.authority import ANYBODY, Authority, Bearer
from sync.transport.dpop import ProofKey
from sync.transport.identity_provider import IdentityProvider, IssuerSilent, SignInEnded, Tokens
from sync.transport.their_clock import TheirClock
from sync.wire.enrolment import SignInAt

_log = logging.getLogger(__name__)
_EARLY_S: Final = 30.0  #: a token is renewed so long before its end


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a screen may say of the sign-in."""

    name: str
    since: dt.datetime
    has_ended: bool


class Session:
    """Made once for an open machine; gives every transport its headers, from any thread."""

    def __init__(self, keeper: Keeper, *, is_trial: bool = False) -> None:
        """`is_trial` keeps nothing: what was kept stays as it is until the province has said yes."""
        self._keeper = keeper
        self._is_trial = is_trial
        self._lock = threading.Lock()
        self._key: ProofKey | None = None
        self._refresh = ""
        self._access = ""
        self._ends_at = 0.0  #: of the steady clock
        self._is_read = False
        self._clock = TheirClock(self._now)
        self._nonce = ""

    def authority(self) -> Authority:
        """Return what a transport to the province carries on every request."""
        province = self._keeper.province
        if province is None:
            return ANYBODY
        if province.sign_in is None:
            return Bearer(province.token) if province.token else ANYBODY
        return self.authority_at(province.sign_in)

    def authority_at(self, sign_in: Mapping[str, str]) -> Authority:
        """Return what is carried to a province whose people sign in there."""
        return _Person(self, sign_in)

    def state(self) -> SignedIn | None:
        """Return who is signed in, as it was written down; None where nobody ever was."""
        said = self._keeper.signed_in()
        if said is None:
            return None
        return SignedIn(str(said["name"]), from_text(said["since"]), bool(said["has_ended"]))

    def begin(self, key: ProofKey, tokens: Tokens) -> None:
        """Keep a new sign-in and go on with it."""
        said = {"name": tokens.name, "since": to_text(self._keeper.clock.now()), "has_ended": False}
        self._keeper.keep_session(_secret(key, tokens.refresh), said)
        self.use(key, tokens)

    def tokens(self, since: Tokens) -> Tokens:
        """Return the tokens as they are now, which were `since` when signing in."""
        with self._lock:
            left = max(0.0, self._ends_at - time.monotonic())
            return replace(since, access=self._access, refresh=self._refresh, lasts_s=left)

    def use(self, key: ProofKey, tokens: Tokens) -> None:
        """Go on with a sign-in that is not kept yet."""
        with self._lock:
            self._key, self._is_read = key, True
            self._take(tokens)

    def end(self, sign_in: Mapping[str, str]) -> None:
        """Sign out: tell the provider if it can be reached, and forget everything here."""
        with self._lock:
            self._read()
            key, refresh = self._key, self._refresh
            self._ended(reason="signed-out")
        if key is not None and refresh:
            provider = self._provider(sign_in, key)
            try:
                provider.give_back(refresh)
            except KnownTrouble as wrong:
                _log.info("the provider was not told of a sign-out: %s", wrong.code)
            finally:
                provider.close()

    # --- for the transports --------------------------------------------------------------------------------

    def forget_access(self) -> None:
        """Let the next request renew the sign-in, however long the token would last."""
        with self._lock:
            self._access = ""

    def headers(self, sign_in: Mapping[str, str], method: str, url: str) -> dict[str, str]:
        """Return the token and the proof for one request, renewed if need be. Raises Stop."""
        with self._lock:
            if not self._access or time.monotonic() > self._ends_at - _EARLY_S:
                self._renew(sign_in)
            key, token = self._key, self._access
            assert key is not None
            proof = key.proof(method, url, at=self._clock.now(), nonce=self._nonce, token=token)
        return {"Authorization": f"DPoP {token}", "DPoP": proof}

    def refused(self, sent: str, answer: Mapping[str, str]) -> bool:
        """Learn from a 401; return whether asking once more may help. `sent` is the Authorization that was refused."""
        with self._lock:
            nonce = answer.get("dpop-nonce", "")
            is_new_nonce = bool(nonce) and nonce != self._nonce
            self._nonce = nonce or self._nonce
            if self._clock.heard(answer.get("date", "")) or is_new_nonce:
                return True
            if sent == f"DPoP {self._access}":
                self._access = ""  # it may have been taken back: whether the sign-in was too, the provider says
            return True

    # --- below, under the lock -----------------------------------------------------------------------------

    def _renew(self, sign_in: Mapping[str, str]) -> None:
        self._read()
        if self._key is None or not self._refresh:
            raise Stop(Why.LOGIN, "sign-in-ended")
        provider = self._provider(sign_in, self._key)
        try:
            tokens = provider.renew(self._refresh)
        except SignInEnded as wrong:
            self._ended(reason=str(wrong.values.get("reason", "")))
            raise Stop(Why.LOGIN, "sign-in-ended") from wrong
        except IssuerSilent as wrong:
            raise Stop.offline("issuer-silent") from wrong
        finally:
            provider.close()
        if tokens.refresh != self._refresh and not self._is_trial:
            # Written down before anything is done with it: the old one is worth nothing any more.
            self._keeper.keep_session(_secret(self._key, tokens.refresh), None)
        self._take(tokens)

    def _take(self, tokens: Tokens) -> None:
        self._access, self._refresh = tokens.access, tokens.refresh
        self._ends_at = time.monotonic() + tokens.lasts_s

    def _read(self) -> None:
        """Take up what an earlier run kept."""
        if self._is_read:
            return
        self._is_read = True
        try:
            said = self._keeper.session()
        except KnownTrouble as wrong:
            _log.warning("the sign-in that was kept cannot be opened: %s", wrong.code)
            return
        if said is not None:
            kept = json.loads(said)
            self._key, self._refresh = ProofKey.from_secret(kept["key"]), str(kept["refresh"])

    def _ended(self, *, reason: str) -> None:
        _log.info("the sign-in has ended: %s", reason)
        self._key, self._refresh, self._access = None, "", ""
        if not self._is_trial:
            self._keeper.session_ended()

    def _provider(self, sign_in: Mapping[str, str], key: ProofKey) -> IdentityProvider:
        return IdentityProvider(SignInAt.model_validate(sign_in), key, self._now)

    def _now(self) -> float:
        return self._keeper.clock.now().timestamp()


class _Person(Authority):
    """A person's sign-in, as one transport sees it."""

    def __init__(self, session: Session, sign_in: Mapping[str, str]) -> None:
        self._session = session
        self._sign_in = sign_in

    def headers(self, method: str, url: str) -> dict[str, str]:
        return self._session.headers(self._sign_in, method, url)

    def refused(self, sent: str, answer: Mapping[str, str]) -> bool:
        return self._session.refused(sent, answer)


def _secret(key: ProofKey, refresh: str) -> bytes:
    said: dict[str, Any] = {"key": key.secret(), "refresh": refresh}
    return json.dumps(said).encode("utf-8")
