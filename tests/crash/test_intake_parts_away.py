"""A part of the site is away: the store of bytes refused or asleep, the database gone. Nothing acknowledged is lost."""

import asyncio
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from sqlalchemy import func, select

from bnhelper.clock import SystemClock
from sync.intake import ledger
from sync.intake.console_login import COOKIE
from sync.intake.station import Site, open_site
from tests.bench.intake import Server
from tests.crash.test_intake_killed import _proved
from tests.sync.intake.engines import CannotStart, Gate, ObjectStore, Postgres, both
from tests.sync.intake.load import Device, Sealed, Tally, devices, load, photo, sealed, template

pytestmark = [pytest.mark.crash, pytest.mark.skipif(os.name == "nt", reason="pauses by signal")]


@dataclass(slots=True)
class Place:
    """A running site over both engines."""

    postgres: Postgres
    store: ObjectStore
    gate: Gate
    site: Site
    server: Server
    fleet: list[Device]


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[Postgres, ObjectStore]]:
    try:
        with both() as found:
            yield found
    except CannotStart as why:
        pytest.skip(str(why))


@pytest.fixture
def place(tmp_path: Path, engines: tuple[Postgres, ObjectStore]) -> Iterator[Place]:
    postgres, store = engines
    gate = Gate(store.port)
    url, bucket = postgres.fresh_database(), store.fresh_bucket().replace(f":{store.port}", f":{gate.port}")
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=url, s3=bucket)
    server = Server(tmp_path / "site", url, bucket)
    yield Place(postgres, store, gate, site, server, devices(site, 4))
    store.go_on()
    server.stop()
    site.close()
    gate.shut()


def _while_away(place: Place, harm: Callable[[], None], back: Callable[[], None], *, for_s: float) -> Tally:
    """Send text and photos; do harm when a third is under way, and mend it `for_s` later, while the clients go on."""
    die, like = random.Random(11), template()
    many = [
        sealed(like, die.choice(place.fleet), die, [photo(die, 80_000)] if number % 2 else []) for number in range(40)
    ]
    mending = threading.Timer(for_s, back)

    def with_harm() -> Iterator[Sealed]:
        for number, one in enumerate(many):
            if number == len(many) // 3:  # by count, not by the clock: however quick it is, what follows meets the harm
                harm()
                mending.start()
            yield one

    said = asyncio.run(load(place.server.port, with_harm(), 6, patience_s=120))
    mending.join()
    _proved(place.site, many, said)
    return said


def test_a_store_of_bytes_that_sleeps_delays_photos_and_loses_none(place: Place) -> None:
    durable: list[int] = []

    def go_on() -> None:
        with place.site.engine.connect() as db:
            durable.append(db.execute(select(func.count()).select_from(ledger.blobs)).scalar_one())
        place.store.go_on()

    _while_away(place, place.store.pause, go_on, for_s=3)
    assert durable[0] <= 6, "of the photos that came after it fell asleep none was called durable"


def test_a_store_of_bytes_that_refuses_is_said_so_and_loses_none(place: Place) -> None:
    place.gate.shut()
    die, like = random.Random(12), template()
    text, with_photo = sealed(like, place.fleet[0], die), sealed(like, place.fleet[0], die, [photo(die, 80_000)])
    here = asyncio.run(load(place.server.port, iter([text]), 1, patience_s=60))
    assert set(here.kept) == {text.id}, "text goes on"
    not_yet = asyncio.run(load(place.server.port, iter([with_photo]), 1, patience_s=4))
    assert not not_yet.kept, "no receipt while a byte is not durable"
    assert not_yet.broken
    place.gate.open()
    later = asyncio.run(load(place.server.port, iter([with_photo]), 1, patience_s=60))
    assert set(later.kept) == {with_photo.id}
    _proved(place.site, [text, with_photo], Tally(kept=here.kept | later.kept))


@pytest.mark.long
def test_a_store_of_bytes_that_goes_and_comes_under_load_loses_none(place: Place) -> None:
    _while_away(place, place.gate.shut, place.gate.open, for_s=2)


def test_officers_and_residents_are_told_in_a_sentence_that_the_database_is_away(place: Place) -> None:
    url = f"http://127.0.0.1:{place.server.port}"
    for _ in range(16):  # dealt out over the workers: whoever only starts answers once it has the database
        assert requests.get(f"{url}/v1/ping", timeout=60).status_code == 204
    place.postgres.kill()
    for path, said in (
        ("/officer/queue", "Hệ thống đang tạm dừng"),
        ("/officer/queue?lang=en", "The system is away for the moment"),
        ("/t/AAAAAAAAAAAAAAAAAAAAAA", "Hệ thống đang tạm dừng"),
    ):
        page = requests.get(f"{url}{path}", cookies={COOKIE: "x" * 43}, timeout=30)
        assert (page.status_code, page.headers["Content-Type"]) == (503, "text/html; charset=utf-8"), path
        assert said in page.text
        assert page.headers["Retry-After"]
    machine = requests.get(f"{url}/v1/me", headers={"Authorization": f"Bearer {place.fleet[0].token}"}, timeout=30)
    assert (machine.status_code, machine.headers["Content-Type"]) == (503, "application/problem+json")
    place.postgres.start()
    ends = time.monotonic() + 60
    while requests.get(f"{url}/t/AAAAAAAAAAAAAAAAAAAAAA", timeout=30).status_code != 404:
        assert time.monotonic() < ends, "it does not come back by itself"
        time.sleep(0.2)
