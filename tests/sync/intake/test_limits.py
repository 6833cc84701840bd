"""Too many requests of one caller are refused, whichever worker they meet, and nobody else's."""

import time
from pathlib import Path

import pytest

from sync.intake.limits import Buckets
from sync.intake.refusals import Refused


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
