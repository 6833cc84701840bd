"""The intake over a real S3: gateway, store and monitor of a Ceph killed under load, and nothing acknowledged is lost."""

import asyncio
import os
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.clock import SystemClock
from sync.intake.station import open_site
from tests.bench.intake import Server
from tests.crash.test_intake_killed import _proved
from tests.sync.intake.ceph import Ceph
from tests.sync.intake.engines import CannotStart, Postgres
from tests.sync.intake.load import Sealed, devices, load, photo, sealed, template

pytestmark = [
    pytest.mark.crash,
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(os.name == "nt", reason="kills by signal"),
]


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Postgres, Ceph]]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    try:
        ceph = Ceph.make()
    except CannotStart as why:
        pytest.skip(str(why))
    try:
        postgres = Postgres.make(is_safe=True)
    except CannotStart as why:
        ceph.remove()
        pytest.skip(str(why))
    yield postgres, ceph
    postgres.remove()
    ceph.remove()


def test_nothing_acknowledged_is_lost_when_the_store_of_bytes_is_killed(
    tmp_path: Path, engines: tuple[Postgres, Ceph]
) -> None:
    postgres, ceph = engines
    die, like, kills = random.Random(20261127), template(), 6
    url, bucket = postgres.fresh_database(), ceph.fresh_bucket()
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=url, s3=bucket)
    fleet = devices(site, 6)
    many = [
        sealed(like, die.choice(fleet), die, [photo(die, 200_000)] if number % 2 else [])
        for number in range(60 * kills)
    ]
    server = Server(tmp_path / "site", url, bucket)
    due = {60 * number + die.randrange(30) for number in range(kills)}  # with no bytes to be had eight lines soon stand
    done: list[float] = []
    beside: list[threading.Thread] = []

    def kill_and_start() -> None:
        began = time.monotonic()
        ceph.kill()
        ceph.start()
        done.append(time.monotonic() - began)

    def with_harm() -> Iterator[Sealed]:
        for number, one in enumerate(many):
            if number in due:
                beside.append(threading.Thread(target=kill_and_start))
                beside[-1].start()
            yield one

    try:
        said = asyncio.run(load(server.port, with_harm(), 8, patience_s=600))
        for thread in beside:
            thread.join()
        assert len(done) == kills
        site.close()
        _proved(site, many, said)
    finally:
        server.stop()
        site.close()
