"""Signs a person in on this machine, in the browser or with a code on another device, and binds the machine to them.

Every call does its work on the thread that calls it; `stop` is how a screen ends one.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bnhelper.errors import KnownTrouble
from sync.engine.orders import Send
from sync.engine.reports import Answered
from sync.engine.verdicts import Stop, refusal
from sync.keeper import Keeper
from sync.session import Session
from sync.transport.dpop import ProofKey
from sync.transport.enrolment import InvitationNotValid, ProvinceSilent, fetch_card, receipt_keys
from sync.transport.https import HttpsTransport
from sync.transport.identity_provider import DeviceCode, IdentityProvider, IssuerSilent, Tokens
from sync.transport.loopback import ClosingPage, Loopback
from sync.wire.enrolment import DeviceRegistration, Invitation, ServerCard, SignInAt
from sync.wire.version import SIGNATURE_HEADER

_BROWSER_WITHIN_S: Final = 600.0
_LOOK_EVERY_S: Final = 0.2
_LONGEST_LOOK_S: Final = 20.0


class SignInStopped(KnownTrouble):
    """Somebody pressed Stop, or nobody came back from the browser."""

    code = "sign-in-stopped"


class NobodySignsIn(KnownTrouble):
    """The province takes machines by invitation only, or none is known yet."""

    code = "nobody-signs-in"


class NotThisAccount(KnownTrouble):
    """The province does not let this account in, or not on this machine."""

    code = "not-this-account"


@dataclass(frozen=True, slots=True)
class _Place:
    """The province somebody signs in to, as it was when signing in began."""

    url: str
    certificate_sha256: str | None
    receipt_key: dict[str, Any] | None  #: the invitation's: it must be among the province's
    card: ServerCard
    sign_in: SignInAt


class SignIn:
    """One person signing in; made anew for every try."""

    def __init__(self, keeper: Keeper, session: Session, address: str = "") -> None:
        """`address` is an invitation without a code; without it, it is the province this machine knows."""
        self._keeper = keeper
        self._session = session
        self._address = address
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End what is waiting, from any thread."""
        self._stopped.set()

    def in_browser(self, open_browser: Callable[[str], object], page: ClosingPage) -> None:
        """Sign in in the system's browser, which `open_browser` is told to open; wait for it.

        Raises InvitationNotValid, NobodySignsIn, ProvinceSilent, IssuerSilent, SignInRefused, SignInStopped,
        NotThisAccount.
        """

        def granted(provider: IdentityProvider) -> Tokens:
            with Loopback(page) as loopback:
                asked = provider.ask(loopback.redirect)
                open_browser(asked.url)
                came = loopback.wait(asked.state, is_stopped=self._stopped.is_set, within_s=_BROWSER_WITHIN_S)
            if came is None:
                raise SignInStopped
            return provider.redeem(asked, came)

        self._sign_in(granted)

    def with_code(self, show: Callable[[DeviceCode], object]) -> None:
        """Sign in with a code that `show` puts on the screen, typed in on another device; raises as `in_browser`."""

        def granted(provider: IdentityProvider) -> Tokens:
            code = provider.ask_for_code()
            show(code)
            return looked_for(partial(provider.look, code), code, self._stopped)

        self._sign_in(granted)

    # --- below ---------------------------------------------------------------------------------------------

    def _sign_in(self, granted: Callable[[IdentityProvider], Tokens]) -> None:
        place, key = self._place(), ProofKey.generate()
        provider = IdentityProvider(place.sign_in, key, lambda: self._keeper.clock.now().timestamp())
        try:
            tokens = granted(provider)
        finally:
            provider.close()
        trial = Session(self._keeper, is_trial=True)
        trial.use(key, tokens)
        keys = self._bind(place, key, trial)
        self._remember(place, keys, key, trial.tokens(tokens))

    def _place(self) -> _Place:
        known = self._keeper.province
        if self._address:
            try:
                said = Invitation.from_text(self._address)
            except ValueError as wrong:
                raise InvitationNotValid from wrong
            url, pin, receipt_key = said.url, said.certificate_sha256, said.receipt_key
        elif known is not None:
            url, pin, receipt_key = known.url, known.certificate_sha256, None
        else:
            raise NobodySignsIn
        card = fetch_card(url, self._keeper.device, pin)
        if card.sign_in is None:
            raise NobodySignsIn
        return _Place(url, pin, receipt_key, card, card.sign_in)

    def _bind(self, place: _Place, key: ProofKey, trial: Session) -> tuple[dict[str, Any], ...]:
        """Tell the province that this machine is now this person's; return its receipt keys."""
        keeper = self._keeper
        said = DeviceRegistration(public_key=keeper.public_key(), name=keeper.person, holder=key.thumbprint).write()
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: keeper.sign(said)}
        transport = HttpsTransport(
            place.url,
            device=keeper.device,
            authority=trial.authority_at(place.sign_in.model_dump()),
            certificate_sha256=place.certificate_sha256,
        )
        try:
            report = transport.perform(Send("PUT", f"/v1/devices/{keeper.device}", headers, said))
            keys = receipt_keys(transport)
        except Stop as stop:
            raise NotThisAccount(reason=stop.code) from stop
        finally:
            transport.close()
        if not isinstance(report, Answered):
            raise ProvinceSilent
        if report.status not in {200, 201}:
            raise NotThisAccount(reason=refusal(report).code)
        return keys

    def _remember(self, place: _Place, keys: tuple[dict[str, Any], ...], key: ProofKey, tokens: Tokens) -> None:
        sign_in = place.sign_in.model_dump()
        known = self._keeper.province
        if place.receipt_key is not None and not any(one.get("x") == place.receipt_key.get("x") for one in keys):
            raise InvitationNotValid(reason="other-receipt-key")
        if known is not None and known.server_id == place.card.server_id:
            # Its receipt keys were vouched for by an invitation once; whoever answers now does not add to them.
            self._session.begin(key, tokens)
            self._keeper.signs_in_at(sign_in)
            return
        if place.receipt_key is None:
            raise InvitationNotValid(reason="another-province")
        self._session.begin(key, tokens)
        self._keeper.signs_in_at(
            sign_in,
            url=place.url,
            server_id=place.card.server_id,
            receipt_keys=keys,
            certificate_sha256=place.certificate_sha256,
            office=place.card.office,
            courier=place.card.courier or "",
        )


def looked_for(look: Callable[[], Tokens | float], code: DeviceCode, stopped: threading.Event) -> Tokens:
    """Look until the code was typed in elsewhere; over a line that breaks more and more rarely (RFC 8628, 3.5).

    Raises SignInStopped, and what `look` raises but IssuerSilent: the code is good for as long as it was.
    """
    ends, every_s = time.monotonic() + code.lasts_s, code.every_s
    while time.monotonic() < ends and not stopped.wait(min(every_s, _LONGEST_LOOK_S)):
        try:
            found = look()
        except IssuerSilent:
            every_s *= 2
            continue
        if isinstance(found, Tokens):
            return found
        every_s += found
    raise SignInStopped


def signs_in(address: str) -> bool:
    """Tell whether a text is an address where people sign in, rather than an invitation with a code."""
    try:
        return not Invitation.from_text(address).code
    except ValueError:
        return False
