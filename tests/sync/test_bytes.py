"""What sending costs in bytes and round trips, counted on the wire."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.queries.sending_status import sending_status
from sync.keeper import Keeper
from sync.runner import Pace, Runner
from tests import factories
from tests.sync.conftest import RunningIntake
from tests.sync.test_runner import enrolled, wait_for
from tests.sync.wiretap import Wiretap

_TEXT_DOSSIER = 6_000
_IDLE_CHECK = 2_000


@pytest.fixture
def machine(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path / "device", intake.clock)
    yield opened
    opened.close()


@pytest.fixture
def wire(intake: RunningIntake) -> Iterator[Wiretap]:
    tapped = Wiretap(int(intake.url.rpartition(":")[2]))
    yield tapped
    tapped.close()


@pytest.fixture
def runner(machine: OpenMachine, intake: RunningIntake, wire: Wiretap) -> Iterator[Runner]:
    """A runner whose connection is warm and that asks for nothing by itself."""
    enrolled(machine, intake, wire.url)
    made = Runner(Keeper(machine), Pace(idle_s=600))
    made.start()
    wait_for(lambda: made.snapshot().round == 1)
    wire.reset()
    yield made
    made.stop()


def _after_a_round(runner: Runner) -> None:
    before = runner.snapshot().round
    runner.wake()
    wait_for(lambda: runner.snapshot().round > before)


def test_a_text_dossier_takes_two_round_trips_on_a_warm_connection_and_six_kilobytes(
    machine: OpenMachine, runner: Runner, wire: Wiretap
) -> None:
    lock_dossier(machine, factories.birth_dossier(machine))
    _after_a_round(runner)
    assert sending_status(machine, runner.snapshot().link).done_today == 1
    assert wire.connections == 0, "the connection was warm"
    assert wire.round_trips <= 2
    assert 1_000 < wire.bytes <= _TEXT_DOSSIER


def test_an_idle_check_takes_one_round_trip_and_two_kilobytes(runner: Runner, wire: Wiretap) -> None:
    _after_a_round(runner)
    assert wire.connections == 0
    assert wire.round_trips == 1
    assert 100 < wire.bytes <= _IDLE_CHECK
