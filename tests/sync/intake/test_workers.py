"""What looks after the workers: one that dies while it is asked holds up nobody."""

import multiprocessing
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from sync.intake import bare, deliver, observe, serve
from sync.intake.open_ledger import open_keeper
from sync.intake.workers import Workers
from tests.sync.intake.engines import free_port


def _asked(seconds: float, *, signals: tuple[int, ...] = ()) -> bool:
    """Ask a worker that says nothing and ends after so long; the supervisor would wait an hour for it."""
    looks_after: Any = Workers.__new__(Workers)
    looks_after.signal_queue = list(signals)
    looks_after.config = SimpleNamespace(timeout_worker_healthcheck=3_600)
    process = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(seconds,))
    ours, theirs = multiprocessing.Pipe()
    process.start()
    try:
        worker = SimpleNamespace(process=process, parent_conn=ours, child_conn=theirs)
        return bool(looks_after._answers(worker))
    finally:
        process.kill()
        process.join()
        ours.close()
        theirs.close()


@pytest.mark.timeout(120)
def test_a_worker_that_dies_while_it_is_asked_is_not_waited_for() -> None:
    assert not _asked(0.0)


@pytest.mark.timeout(120)
def test_a_signal_is_not_held_up_by_a_worker_that_does_not_answer() -> None:
    assert _asked(3_600.0, signals=(15,))


def test_a_database_that_is_away_is_told_as_such() -> None:
    engine = open_keeper(f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    with pytest.raises(OperationalError), bare.alone(engine):
        pass
    engine.dispose()


_AWAY = OperationalError("", None, Exception("the database system is starting up"))


def _in_turn(answers: list[object]) -> Callable[..., object]:
    def next_one(*_: object, **__: object) -> object:
        said = answers.pop(0)
        if isinstance(said, Exception):
            raise said
        return said

    return next_one


def test_who_starts_waits_for_a_database_that_only_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "_AGAIN_S", 0.0)
    answers: list[object] = [_AWAY, _AWAY, "the site"]
    assert serve.when_it_is_there(_in_turn(answers)) == "the site"
    monkeypatch.setattr(serve, "_PATIENCE_S", -1.0)
    with pytest.raises(OperationalError):
        serve.when_it_is_there(_in_turn([_AWAY]))


def test_the_deliverer_begins_once_the_database_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[object] = []
    monkeypatch.setattr(serve, "_AGAIN_S", 0.0)
    monkeypatch.setattr(sys, "argv", ["deliver", "https://province.example/hook"])
    monkeypatch.setattr(deliver, "open_from", _in_turn([_AWAY, ("the site", None)]))
    monkeypatch.setattr(deliver, "Deliverer", _in_turn([_AWAY, "the deliverer"]))
    monkeypatch.setattr(deliver, "run", run.append)
    monkeypatch.setattr(observe, "log_as_json", lambda _level: None)
    assert deliver.main() == 0
    assert run == ["the deliverer"]
