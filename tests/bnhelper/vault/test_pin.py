"""The wait after wrong tries: it grows, outlives the program, ends, and costs nobody their data."""

import datetime as dt
from pathlib import Path

import pytest

from bnhelper.vault import pin
from bnhelper.vault.keys import KeyCost, Passphrase, Pin, SecretTooWeak
from bnhelper.vault.pin import PassphraseEasilyGuessed
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


def test_a_clock_that_is_put_right_locks_nobody_out_for_longer_than_the_wait(tmp_path: Path) -> None:
    clock, kept = FixedClock(), tmp_path / "tries.json"
    for _ in range(5):
        pin.note_wrong(kept, clock)
    clock.at -= dt.timedelta(days=365)
    assert pin.wait_seconds(kept, clock) == 30
    clock.move(seconds=29)
    assert pin.wait_seconds(kept, clock) == 1
    clock.move(seconds=1)
    assert pin.wait_seconds(kept, clock) == 0
    assert pin.tries(kept) == 5, "the next wrong one waits longer all the same"


def test_a_right_key_ends_the_wait_and_what_no_log_tells_of_yet_is_not_forgotten(tmp_path: Path) -> None:
    clock, kept = FixedClock(), tmp_path / "tries.json"
    pin.right(kept)
    assert not kept.exists()
    for _ in range(6):
        pin.note_wrong(kept, clock)
    pin.right(kept)
    assert (pin.tries(kept), pin.untold(kept), pin.wait_seconds(kept, clock)) == (0, 6, 0)
    assert pin.note_wrong(kept, clock) == 1
    assert pin.untold(kept) == 7


def test_a_pin_of_digits_of_another_script_is_told_and_is_no_bug() -> None:
    assert pin.is_easily_guessed("²²²²²²")
    pin.must_not_be_guessable(Pin("²²²²²²"))  # refused where it is stretched, as too weak
    with pytest.raises(SecretTooWeak):
        Pin("１２３４５７").material(b"0" * 16, KeyCost(8, 1))


@pytest.mark.parametrize(
    "words", ["một hai ba bốn", "MOT hai ba bon nam", "one two three four", "hồ chí minh muôn năm"]
)
def test_a_passphrase_that_everybody_tries_is_refused(words: str) -> None:
    with pytest.raises(PassphraseEasilyGuessed):
        pin.must_not_be_guessable(Passphrase(words))


@pytest.mark.parametrize("words", ["hoa gạo tháng ba", "chợ quê một sớm", "bắc ninh mưa phùn"])
def test_a_passphrase_of_ones_own_is_taken(words: str) -> None:
    pin.must_not_be_guessable(Passphrase(words))
