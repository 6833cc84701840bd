"""A clock that stands still and a fresh machine for everything below; a module may make its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.actions.unlock_machine import OpenMachine
from tests import factories
from tests.fakes.clock import FixedClock


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def machine(tmp_path: Path, clock: FixedClock) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path, clock)
    yield opened
    opened.close()
