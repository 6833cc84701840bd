"""Looking whether a code was typed in on another device, over a line that breaks."""

import threading

import pytest

from sync.sign_in import SignInStopped, looked_for
from sync.transport.identity_provider import DeviceCode, IssuerSilent, SignInRefused, Tokens

_TOKENS = Tokens("access", "refresh", 300.0)


def _code(lasts_s: float) -> DeviceCode:
    return DeviceCode("ABCD-EFGH", "https://sso", "https://sso", lasts_s, 0.001, "secret")


class Provider:
    """Answers looks in turn."""

    def __init__(self, *said: Tokens | float | Exception) -> None:
        self._said = list(said)

    def look(self) -> Tokens | float:
        one = self._said.pop(0) if len(self._said) > 1 else self._said[0]
        if isinstance(one, Exception):
            raise one
        return one


def test_a_look_that_the_line_breaks_over_ends_no_sign_in() -> None:
    provider = Provider(0.0, IssuerSilent(), IssuerSilent(), 0.0, _TOKENS)
    assert looked_for(provider.look, _code(600), threading.Event()) is _TOKENS


def test_a_code_that_ran_out_or_was_refused_ends_it() -> None:
    with pytest.raises(SignInStopped):
        looked_for(Provider(IssuerSilent()).look, _code(0.02), threading.Event())
    with pytest.raises(SignInRefused):
        looked_for(Provider(SignInRefused(reason="access_denied")).look, _code(600), threading.Event())


def test_whoever_stops_it_is_heard() -> None:
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(SignInStopped):
        looked_for(Provider(_TOKENS).look, _code(600), stopped)
