"""What the keeper says this device believes, and what it does when the province does not have it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.custody import OutboxState
from bnhelper.ids import Sha256
from bnhelper.store import outbox
from sync.keeper import Keeper
from sync.wire.changes import HeldByDevice
from tests import factories, states


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path)
    yield opened
    opened.close()


def test_every_proved_revision_is_compared_however_many_there_are(machine: OpenMachine) -> None:
    proved = [states.proved(machine) for _ in range(5)]
    states.sealed(machine)
    states.held(machine)
    pages = list(Keeper(machine).believed(2))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [one.dossier for page in pages for one in page] == proved


def test_only_a_proved_revision_is_queued_again(machine: OpenMachine) -> None:
    lost, waiting = states.proved(machine), states.sealed(machine)
    said = [HeldByDevice(dossier=one, rev=1, envelope=Sha256("e" * 64)) for one in (lost, waiting)]
    stranger = said[0].model_copy(update={"rev": 7})
    keeper = Keeper(machine)
    assert keeper.lacking([*said, stranger]) == 1
    assert keeper.lacking(said) == 0
    assert list(keeper.believed(10)) == []
    with machine.store.read() as db:
        again = outbox.of_revision(db, lost, 1)
    assert again is not None
    assert again.state is OutboxState.QUEUED
