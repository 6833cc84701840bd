"""Too many requests of one caller are refused, whichever worker they meet, and nobody else's."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sync.intake import api, console_routes, lookup
from sync.intake.app import make_app
from sync.intake.limits import Buckets
from sync.intake.refusals import Refused
from sync.intake.station import Site, open_site
from tests.fakes.clock import FixedClock
from tests.sync.conftest import served
from tests.sync.intake.load import Device, devices


def test_workers_of_a_machine_share_the_bucket_of_a_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    workers = [Buckets(2, 10, key=b"k", shared=tmp_path / "callers") for _ in range(2)]
    for turn in range(10):
        workers[turn % 2].spend("a")
    for worker in workers:
        with pytest.raises(Refused) as no:
            worker.spend("a")
        assert (no.value.problem.status, no.value.problem.retry_after) == (429, 1)
        worker.spend("b")
    now += 1  # two more in a second
    workers[0].spend("a")
    workers[1].spend("a")
    with pytest.raises(Refused):
        workers[0].spend("a")
    now += 3_600  # never more than a burst
    for _ in range(10):
        workers[1].spend("a")
    with pytest.raises(Refused):
        workers[1].spend("a")


def test_a_worker_alone_counts_for_itself() -> None:
    one, other = Buckets(1, 1, key=b"k"), Buckets(1, 1, key=b"k")
    one.spend("a")
    other.spend("a")
    with pytest.raises(Refused):
        one.spend("a")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Site]]:
    """A server whose callers have three requests, and one more in an hour."""
    monkeypatch.setattr(api, "Buckets", lambda _per_s, _burst, **more: Buckets(1 / 3600, 3, **more))
    monkeypatch.setattr(console_routes, "_TRIES", (1 / 3600, 3.0))
    few = (1 / 3600, 3.0)
    monkeypatch.setattr(lookup, "Throttle", lambda now, made=lookup.Throttle: made(now, each=few))
    site, _ = open_site(tmp_path / "site", FixedClock())
    with served(make_app(site)) as address:
        yield address, site
    site.close()


def _refused(answer: requests.Response) -> None:
    assert answer.status_code == 429
    assert (answer.json()["code"], answer.json()["retry"]) == ("busy", "later")
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600


def test_every_door_is_narrow_for_one_caller_and_open_for_the_next(url: tuple[str, Site]) -> None:
    address, site = url
    one, another = devices(site, 2)

    def me(device: Device) -> requests.Response:
        return requests.get(f"{address}/v1/me", headers={"Authorization": f"Bearer {device.token}"}, timeout=60)

    assert [me(one).status_code for _ in range(3)] == [200] * 3
    _refused(me(one))
    _refused(me(one))
    assert me(another).status_code == 200
    asked = {"code": "x" * 32, "device": one.id, "public_key": one.key.public(), "name": "Máy"}
    tries = [requests.post(f"{address}/v1/enrolments", json=asked, timeout=60) for _ in range(4)]
    assert [answer.status_code for answer in tries[:3]] == [403] * 3
    _refused(tries[3])


@pytest.mark.parametrize("path", ["/t/a-wrong-code", "/officer/join/a-wrong-code"])
def test_codes_cannot_be_tried_without_end(url: tuple[str, Site], path: str) -> None:
    tries = [requests.get(url[0] + path, timeout=60) for _ in range(4)]
    assert [answer.status_code for answer in tries] == [404, 404, 404, 429]
    assert tries[3].headers["Retry-After"] == "60"
    assert "một phút" in tries[3].text
    assert "in a minute" in requests.get(f"{url[0]}{path}?lang=en", timeout=60).text
