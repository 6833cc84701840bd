"""Two hundred cuts at seeded places: every byte arrives once, and a cut costs at most a piece."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.store import outbox
from bnhelper.vault.canonical import sha256_of
from sync.keeper import Keeper
from sync.runner import Pace, Runner
from sync.wire.version import CHUNK_BYTES
from tests import factories
from tests.sync.conftest import RunningIntake
from tests.sync.test_runner import enrolled, locked
from ui.demo.relay import Relay

_CUTS = 200
_PHOTOS, _PHOTO_BYTES = 36, 420_000


@pytest.fixture
def machine(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path / "device", intake.clock)
    yield opened
    opened.close()


@pytest.mark.net
@pytest.mark.timeout(300)
def test_two_hundred_cuts_lose_nothing_and_cost_a_piece_each(machine: OpenMachine, intake: RunningIntake) -> None:
    die = random.Random(20261125)
    relay = Relay(("127.0.0.1", int(intake.url.rpartition(":")[2])))
    enrolled(machine, intake, f"http://127.0.0.1:{relay.port}")
    photos = [factories.png(extra=die.randbytes(_PHOTO_BYTES)) for _ in range(_PHOTOS)]
    for start in range(0, _PHOTOS, 3):
        locked(machine, *photos[start : start + 3])
    runner = Runner(Keeper(machine), Pace(idle_s=600, quickest_probe_s=0.05))
    relay.cut_after(die.randrange(1_000, 100_000))
    runner.start()
    cuts, ends = 0, time.monotonic() + 240
    while time.monotonic() < ends:
        if relay.was_cut.wait(0.02):
            cuts += 1
            if cuts < _CUTS:
                relay.restore_but_cut_after(die.randrange(1_000, 100_000))
            else:
                relay.restore()
                relay.was_cut.clear()
            runner.sync_now()
        with machine.store.read() as db:
            if not outbox.counts(db, intake.clock.now()).waiting:
                break
        intake.clock.move(seconds=1)
        runner.wake()
    runner.stop()
    relay.close()
    with machine.store.read() as db:
        items = [outbox.get(db, number) for number in range(1, _PHOTOS // 3 + 1)]
    assert all(item.state.value == "proved" for item in items)
    assert cuts == _CUTS, f"the photos were over after {cuts} cuts"
    by_hash = {file.sha256: file for item in items for file in item.files}
    assert len(by_hash) == _PHOTOS
    for sha256, file in by_hash.items():
        content = intake.site.blobs.read(sha256)
        assert len(content) == file.size
        assert sha256_of(content) == sha256
    total = sum(file.size for file in by_hash.values())
    sent = sum(file.bytes_sent for file in by_hash.values())
    assert total <= sent <= total + cuts * CHUNK_BYTES
