"""Workers and PostgreSQL killed at seeded moments under load: nothing acknowledged is lost, nothing is doubled.

All the while retention looks for bytes that nobody wrote down, and takes none that somebody counts on.
"""

import asyncio
import contextlib
import datetime as dt
import hashlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bnhelper.clock import SystemClock
from sync.intake import erasure, ledger, strays
from sync.intake.blobs import FolderBlobs
from sync.intake.station import Site, open_site
from tests.bench.intake import Server
from tests.sync.intake.engines import CannotStart, Postgres
from tests.sync.intake.load import Sealed, Tally, devices, load, photo, sealed, template

pytestmark = [pytest.mark.crash, pytest.mark.skipif(os.name == "nt", reason="kills by signal")]

_LINES = 4


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    try:
        made = Postgres.make()
    except CannotStart as why:
        pytest.skip(str(why))
    yield made
    made.remove()


def _played(server: Server, many: list[Sealed], harm: Callable[[], None], patience_s: float) -> Tally:
    """Send everything while harm is done beside it."""
    beside = threading.Thread(target=harm)
    beside.start()
    said = asyncio.run(load(server.port, iter(many), 8, patience_s=patience_s))
    beside.join(300)
    return said


def _proved(site: Site, many: list[Sealed], said: Tally) -> None:
    """Hold the ledger and the store of bytes to every receipt that was handed out."""
    assert set(said.kept) == {one.id for one in many}, "somebody was not served in the end"
    with site.engine.connect() as db:
        rows = {row.dossier: row for row in db.execute(select(ledger.revisions))}
        numbers = list(db.execute(select(ledger.dossiers.c.office_number)).scalars())
        feed = db.execute(
            select(ledger.changes.c.owner, func.count(), func.max(ledger.changes.c.seq)).group_by(
                ledger.changes.c.owner
            )
        ).all()
    assert set(rows) == set(said.kept), "nothing is doubled, and nothing is there that nobody sent"
    assert len(set(numbers)) == len(numbers)
    for one in many:
        assert rows[one.id].receipt == said.kept[one.id]
        assert rows[one.id].sha256 == one.sha256
        for content in one.photos.values():
            assert site.blobs.read(hashlib.sha256(content).hexdigest()) == content
    assert all(count == last for _, count, last in feed), "a gap in a feed"


@pytest.mark.parametrize("kills", [2, pytest.param(60, marks=[pytest.mark.long, pytest.mark.timeout(1800)])])
def test_nothing_acknowledged_is_lost_when_workers_and_the_database_are_killed(
    tmp_path: Path, postgres: Postgres, kills: int
) -> None:
    die = random.Random(20261125)
    url = postgres.fresh_database()
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=url)
    like, fleet = template(), devices(site, 6)
    many = [
        sealed(like, die.choice(fleet), die, [photo(die, 60_000)] if number % 3 == 0 else [])
        for number in range(40 * kills)
    ]
    server = Server(tmp_path / "site", url)
    done: list[str] = []
    is_over = threading.Event()

    def sweeps() -> None:
        while not is_over.is_set():
            with contextlib.suppress(SQLAlchemyError):  # the database is away just now
                _sweep(site)

    def harm() -> None:
        for number in range(kills):
            time.sleep(die.uniform(0.1, 0.6))
            if number % 2:
                postgres.kill()
                postgres.start()
                done.append("postgres")
            elif workers := server.workers():
                os.kill(die.choice(workers), signal.SIGKILL)
                done.append("worker")

    sweeper = threading.Thread(target=sweeps)
    sweeper.start()
    try:
        # While workers are killed quicker than they start nobody is served; each kill may cost so much.
        said = _played(server, many, harm, patience_s=120 + 10 * kills)
        is_over.set()
        sweeper.join(120)
        assert "postgres" in done
        assert "worker" in done
        server.stop()
        site.close()
        _proved(site, many, said)
        left = hashlib.sha256(b"left").hexdigest()
        site.blobs.put(left, site.spool.place(b"left"))
        assert _sweep(site) >= 1, "that one, and what was left by those that were killed"
        _proved(site, many, said)
        with site.engine.connect() as db:
            rows = set(db.execute(select(ledger.blobs.c.sha256)).scalars())
        assert isinstance(site.blobs, FolderBlobs)
        assert set(site.blobs.names()) == rows, "what is there is known, and what is known is there"
    finally:
        is_over.set()
        sweeper.join(120)
        if server.process.poll() is None:
            server.stop()
        site.close()


def _sweep(site: Site) -> int:
    """Delete whatever no row names, however young: every upload that goes on meets it, in service none does."""
    strays.quarantine(site, safe_s=-1, lasts=dt.timedelta())
    return erasure.delete_doomed(site, patience_s=5)


def test_workers_are_replaced_under_load_and_nobody_is_refused_for_long(tmp_path: Path, postgres: Postgres) -> None:
    """What `systemctl reload` does with a new version: the next worker answers before the last one leaves."""
    die = random.Random(20261126)
    url = postgres.fresh_database()
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=url)
    like, fleet = template(), devices(site, 6)
    server = Server(tmp_path / "site", url)
    before = set(server.workers())
    sent: list[Sealed] = []
    ends = time.monotonic() + 240  # they are replaced one after the other, each in seconds unless the machine is busy

    def until_replaced() -> Iterator[Sealed]:
        while time.monotonic() < ends and (before & set(server.workers()) or len(server.workers()) < len(before)):
            sent.append(sealed(like, die.choice(fleet), die))
            yield sent[-1]

    try:
        assert server.process.poll() is None
        os.kill(server.process.pid, signal.SIGHUP)
        said = asyncio.run(load(server.port, until_replaced(), _LINES, patience_s=60))
        assert not before & set(server.workers())
        site.close()
        _proved(site, sent, said)
        assert said.broken <= _LINES * len(before), "each line may break once for each worker that leaves it"
    finally:
        server.stop()
        site.close()
