"""Wrong tokens wait for their turn, whoever is behind the same address with a right one does not."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from sync.intake import api, identity
from sync.intake.app import make_app
from sync.intake.door import Door
from sync.intake.limits import Buckets
from sync.intake.oidc import Issuer
from sync.intake.roles import Role
from sync.intake.station import Site, open_site
from tests.fakes.clock import FixedClock
from tests.sync.conftest import served
from tests.sync.intake.load import devices
from tests.sync.intake.test_oidc import AUDIENCE, Idp, idp

__all__ = ["idp"]
_TRIES = 3


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def site(request: pytest.FixtureRequest, tmp_path: Path, idp: Idp) -> Iterator[Site]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres").fresh_database()
    made, _ = open_site(tmp_path / "site", FixedClock(), postgres=url, issuer=Issuer(idp.url, AUDIENCE))
    yield made
    made.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The threads on which somebody was looked up by himself."""
    known, found = identity.caller, list[str]()

    def caller(*said: Any) -> identity.Caller:
        found.append(threading.current_thread().name)
        return known(*said)

    monkeypatch.setattr(identity, "caller", caller)
    return found


@contextlib.contextmanager
def _open(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run a server at which a network has three wrong tokens, and one more in an hour."""
    monkeypatch.setattr(api, "Door", lambda of, _tries: Door(of, Buckets(1 / 3600, _TRIES, key=b"k")))
    with served(make_app(site)) as address:
        yield address


@pytest.fixture
def url(site: Site, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    assert asked == []  # what counts is in its place before the routes are made
    with _open(site, monkeypatch) as address:
        yield address


def _me(url: str, token: str, path: str = "/v1/changes", kind: str = "Bearer") -> requests.Response:
    return requests.get(url + path, headers={"Authorization": f"{kind} {token}"}, timeout=60)


def _spent(url: str, wrong: str = "nobody-knows-this-token-") -> None:
    said = [_me(url, f"{wrong}{number}") for number in range(_TRIES)]
    assert [(one.status_code, one.json()["code"]) for one in said] == [(401, "unknown-device")] * _TRIES


def _waits(answer: requests.Response) -> None:
    assert (answer.status_code, answer.json()["code"], answer.json()["retry"]) == (429, "busy", "later")
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600


def test_wrong_ones_wait_and_right_ones_of_the_same_address_do_not(site: Site, asked: list[str], url: str) -> None:
    first, second = devices(site, 2)
    system = identity.make_bearer(site, "lgsp", Role.AUDITOR)
    assert _me(url, first.token).status_code == 200
    _spent(url)
    before = len(asked)
    for number in range(10):
        _waits(_me(url, f"still-nobody-knows-it-{number}"))
    assert len(asked) == before, "no thread of the pool was spent on them"
    assert _me(url, first.token).status_code == 200
    assert _me(url, second.token).status_code == 200, "also one that this worker has never met"
    assert _me(url, second.token, "/v1/dossiers/x").status_code == 404, "and where callers are remembered"
    assert _me(url, system, "/v1/audit").status_code == 200
    (new,) = devices(site, 1)
    assert _me(url, new.token).status_code == 200, "and one that was enrolled only now"
    identity.revoke(site, second.id)
    assert _me(url, second.token).json()["code"] == "revoked", "who is shut out hears so, and does not wait"
    _waits(_me(url, "and-still-nobody-knows-it"))


def test_many_at_once_are_looked_up_beside_the_pool_and_a_right_one_among_them_is_found(
    site: Site, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (device,) = devices(site, 1)
    lots, may_look, looked = list[int](), threading.Event(), Door._are_known

    def look(self: Door, hashes: Sequence[str]) -> Any:
        lots.append(len(hashes))
        assert may_look.wait(60)
        return looked(self, hashes)

    monkeypatch.setattr(Door, "_are_known", look)
    with _open(site, monkeypatch) as url, ThreadPoolExecutor(20) as strangers:
        _spent(url)
        spent = len(asked)
        answers = [strangers.submit(_me, url, f"one-of-many-wrong-tokens-{number}") for number in range(19)]
        right = strangers.submit(_me, url, device.token)
        assert requests.get(f"{url}/.well-known/bn-intake", timeout=60).status_code == 200, "who needs a thread has one"
        may_look.set()
        for one in answers:
            _waits(one.result(60))
        assert right.result(60).status_code == 200
        assert (len(asked) - spent, sum(lots)) == (1, 20)


def test_people_who_sign_in_come_in_beside_wrong_tokens_that_look_like_theirs(
    site: Site, url: str, asked: list[str], idp: Idp
) -> None:
    wrong = idp.token(aud="somebody else's")
    right = idp.token()
    assert _me(url, idp.token(sub="u9")).status_code in {200, 304}
    assert [_me(url, wrong).json()["code"] for _ in range(_TRIES)] == ["unknown-device"] * _TRIES
    asked.clear()
    for _ in range(3):
        _waits(_me(url, wrong))
    assert _me(url, right).status_code in {200, 304}
    assert {name.rpartition("_")[0] for name in asked} == {"people"}, "a thread of their own"
    asked.clear()
    assert _me(url, right).status_code in {200, 304}
    assert not any(name.startswith("people") for name in asked), "whoever was right once is not held up again"
    assert site.issuer is not None


@pytest.mark.parametrize("said", ["", "Basic YTpi", "Bearer short", "Bearer " + "x" * 300])
def test_what_is_no_token_needs_no_look(url: str, asked: list[str], said: str) -> None:
    for _ in range(_TRIES + 3):
        answer = requests.get(f"{url}/v1/me", headers={"Authorization": said} if said else {}, timeout=60)
        assert (answer.status_code, answer.json()["code"]) == (401, "unknown-device")
        assert answer.headers["WWW-Authenticate"]
    assert asked == []
