"""An office's day while workers, PostgreSQL and the deliverer of exports are killed: no deed and no event is lost or doubled."""

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bnhelper.clock import SystemClock
from bnhelper.vault.canonical import canonical_bytes
from sync.intake import deeds, desk, ledger
from sync.intake.deeds import Deed, NotNow
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer, Role
from sync.intake.station import Site, open_site
from tests.bench.intake import Server
from tests.sync.intake.engines import CannotStart, ObjectStore, Postgres, both
from tests.sync.intake.load import Sealed, devices, load, put, sealed, template
from tests.sync.intake.test_exports import Province

pytestmark = [
    pytest.mark.crash,
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(os.name == "nt", reason="kills by signal"),
]
_BOSS = Officer("canbo", "Bà Hạnh", "", Role.PROVINCE, PROVINCE_OFFICE)
_PAPERS = ("birth_evidence",)


@pytest.fixture
def engines() -> Iterator[tuple[Postgres, ObjectStore]]:
    try:
        with both() as found:
            yield found
    except CannotStart as why:
        pytest.skip(str(why))


@pytest.fixture
def province() -> Iterator[Province]:
    made = Province()
    yield made
    made.close()


class Office:
    """An officer who takes every dossier in, asks for a supplement, and takes the answer in again."""

    def __init__(self, site: Site, server: Server, many: list[Sealed]) -> None:
        self._site, self._server, self._many = site, server, many
        self.done: list[tuple[str, str]] = []  #: dossier and deed, of those that were acknowledged
        self.receipts: dict[str, str] = {}  #: of second revisions

    def run(self, place: int, of: int) -> None:
        for one in self._many[place::of]:
            self._deed(one, Deed("accept"), "delivered", revision=1)
            self._deed(one, Deed("supplement", note="Ảnh mờ.", papers=_PAPERS), "accepted", revision=1)
            second = self._answered(one)
            self.receipts |= asyncio.run(load(self._server.port, iter([second]), 1, patience_s=600)).kept
            self._deed(one, Deed("accept"), "delivered", revision=2)

    def _deed(self, one: Sealed, deed: Deed, before: str, *, revision: int) -> None:
        """Do a deed once the dossier is so far; whoever does not know whether it was done looks first."""
        ends, is_tried = time.monotonic() + 600, False
        while time.monotonic() < ends:
            with contextlib.suppress(DBAPIError, PoolTimeout, NotNow):
                row = desk.dossier(self._site, _BOSS, one.id)
                if row is not None and (row.state, row.revision) == (before, revision):
                    is_tried = True
                    deeds.do(self._site, _BOSS, one.id, row.version, deed)
                    self.done.append((one.id, deed.kind))
                    return
                if is_tried and row is not None and row.state != before:
                    return  # it was done, and the line broke before that was said
            time.sleep(0.05)
        raise AssertionError(f"{deed.kind} was not to be done")

    def _answered(self, one: Sealed) -> Sealed:
        """Return the second revision, as the device answers what was asked."""
        while True:
            with contextlib.suppress(DBAPIError, PoolTimeout), self._site.engine.connect() as db:
                asked = json.loads(
                    db.execute(select(ledger.dossiers.c.request).where(ledger.dossiers.c.id == one.id)).scalar_one()
                )
                break
            time.sleep(0.05)
        body = canonical_bytes({**json.loads(one.body), "revision": 2, "answers_request": asked["id"]})
        signature = one.device.key.sign_detached(body)
        return Sealed(one.device, one.id, body, signature, put(one.device, one.id, body, signature, revision=2))


class Deliveries:
    """The deliverer in a process of its own, which is killed and started again."""

    def __init__(self, folder: Path, postgres: str, url: str) -> None:
        self._command = [sys.executable, "-m", "sync.intake.deliver", url]
        self._environment = {**os.environ, "BN_INTAKE_FOLDER": str(folder), "BN_INTAKE_POSTGRES": postgres}
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, env=self._environment, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(60)


@pytest.mark.parametrize("kills", [12])
def test_no_deed_and_no_event_is_lost_or_doubled(
    tmp_path: Path, engines: tuple[Postgres, ObjectStore], province: Province, kills: int
) -> None:
    postgres, _ = engines
    die, url = random.Random(20261126), postgres.fresh_database()
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=url)
    like, fleet = template(), devices(site, 4)
    many = [sealed(like, die.choice(fleet), die) for _ in range(4 * kills)]
    server = Server(tmp_path / "site", url)
    deliveries = Deliveries(tmp_path / "site", url, province.url)
    office, harmed, is_over = Office(site, server, many), Counter[str](), threading.Event()

    def harm() -> None:
        for number in range(kills):
            if is_over.wait(die.uniform(0.5, 2.0)):
                return
            kind = ("worker", "deliverer", "postgres")[number % 3]
            if kind == "postgres":
                postgres.kill()
                postgres.start()
            elif kind == "deliverer":
                province.refuses = die.randrange(3)
                deliveries.kill()
                deliveries.start()
            elif workers := server.workers():
                os.kill(die.choice(workers), signal.SIGKILL)
            harmed[kind] += 1

    wrong: list[BaseException] = []

    def guarded(work: Callable[..., Any], *said: Any) -> threading.Thread:
        def run() -> None:
            try:
                work(*said)
            except BaseException as why:  # noqa: BLE001 - told by the test's own thread
                wrong.append(why)

        made = threading.Thread(target=run)
        made.start()
        return made

    try:
        beside = [guarded(harm), *(guarded(office.run, place, 3) for place in range(3))]
        kept = asyncio.run(load(server.port, iter(many), 8, patience_s=600)).kept
        for one in beside:
            one.join(900)
        site.engine.dispose()  # its connections may be those of a PostgreSQL that was killed
        assert wrong == []
        assert min(harmed[kind] for kind in ("worker", "deliverer", "postgres")) > 0, harmed
        _until_delivered(site)
        _proved(site, many, kept, office)
        _told(site, province)
    finally:
        is_over.set()
        deliveries.kill()
        server.stop()
        site.close()


def _until_delivered(site: Site) -> None:
    """Let the deliverer end; what it puts off for minutes comes at once."""
    one, ends = ledger.outbox.c, time.monotonic() + 600
    while time.monotonic() < ends:
        with site.engine.begin() as db:
            if db.execute(select(func.count()).where(one.next_at.is_not(None))).scalar() == 0:
                return
            put_off = update(ledger.outbox).where(one.next_at.is_not(None), one.last_error.is_not(None))
            db.execute(put_off.values(next_at=one.at, last_error=None))
        time.sleep(0.5)
    raise AssertionError("the deliverer did not end")


def _proved(site: Site, many: list[Sealed], kept: dict[str, str], office: Office) -> None:
    with site.engine.connect() as db:
        rows = {(row.dossier, row.revision): row.receipt for row in db.execute(select(ledger.revisions))}
        said = Counter((row.dossier, row.deed) for row in db.execute(select(ledger.deeds)))
        owners = db.execute(
            select(ledger.changes.c.owner, func.count(), func.max(ledger.changes.c.seq)).group_by(
                ledger.changes.c.owner
            )
        ).all()
    names = {one.id for one in many}
    assert rows == {(name, 1): kept[name] for name in names} | {(name, 2): office.receipts[name] for name in names}
    for name in names:
        assert {deed: said[name, deed] for deed in ("accept", "supplement")} == {"accept": 2, "supplement": 1}
    assert not Counter(office.done) - said, "an acknowledged deed is not there"
    assert all(count == last for _, count, last in owners), "a gap in a feed"


def _told(site: Site, province: Province) -> None:
    with site.engine.connect() as db:
        events = db.execute(select(ledger.outbox.c.event, ledger.outbox.c.dossier).order_by(ledger.outbox.c.id)).all()
    first_heard = list(dict.fromkeys(said["id"] for said, _, _ in province.taken))
    assert set(first_heard) == {row.event for row in events}, "every event came, and none that is not ours"
    place = {event: number for number, event in enumerate(first_heard)}
    by_dossier: dict[str, list[int]] = {}
    for row in events:
        by_dossier.setdefault(row.dossier, []).append(place[row.event])
    assert all(places == sorted(places) for places in by_dossier.values()), "in their order"
