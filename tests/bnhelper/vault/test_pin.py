"""The wait after wrong tries: it grows, outlives the program, ends, and costs nobody their data."""

import datetime as dt
from pathlib import Path

from bnhelper.vault import pin
from tests.fakes.clock import FixedClock


def test_the_wait_is_thirty_seconds_from_the_fifth_wrong_try_and_doubles_to_a_quarter_of_an_hour(
    tmp_path: Path,
) -> None:
    clock, kept = FixedClock(), tmp_path / "tries.json"
    waits = []
    for tries in range(1, 41):
        assert pin.note_wrong(kept, clock) == tries
        waits.append(pin.wait_seconds(kept, clock))
    assert waits[:10] == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900]
    assert set(waits[10:]) == {900}, "never longer, and nothing is wiped"
    clock.move(seconds=899)
    assert pin.wait_seconds(kept, clock) == 1
    clock.move(seconds=1)
    assert pin.wait_seconds(kept, clock) == 0
    pin.forget(kept)
    assert pin.tries(kept) == 0


def test_a_clock_that_was_set_back_locks_nobody_out_for_longer_than_the_wait(tmp_path: Path) -> None:
    clock, kept = FixedClock(), tmp_path / "tries.json"
    for _ in range(5):
        pin.note_wrong(kept, clock)
    clock.at -= dt.timedelta(days=365)
    assert pin.wait_seconds(kept, clock) == 30
