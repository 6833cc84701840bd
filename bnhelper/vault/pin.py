"""The growing wait after wrong tries: kept on disk, never a wipe, never a final lock-out."""

import datetime as dt
import json
import os
from itertools import pairwise
from pathlib import Path
from typing import Final

from bnhelper.clock import Clock, from_text, to_text
from bnhelper.errors import KnownTrouble
from bnhelper.vault.disk import told_as_trouble
from bnhelper.vault.keys import Passphrase, Pin, Secret

_FREE_TRIES: Final = 4
_FIRST_WAIT_S: Final = 30
_LONGEST_WAIT_S: Final = 15 * 60
_LEAST_DIFFERENT: Final = 4  #: words of a passphrase
_LEAST_LETTERS: Final = 10  #: in all of them together


class PinEasilyGuessed(KnownTrouble):
    """A new PIN that is among those people try first."""

    code = "pin-easily-guessed"


class PassphraseEasilyGuessed(KnownTrouble):
    """A new passphrase of the same words again, or of too few letters."""

    code = "passphrase-easily-guessed"


class MustWait(KnownTrouble):
    """Too many wrong tries; `wait_s` seconds are left."""

    code = "must-wait"


def wait_seconds(path: Path, clock: Clock) -> int:
    """Return how many seconds are left before the next try: 30 s from the fifth wrong one, doubling to 15 min."""
    tries, last = _read(path)
    if tries <= _FREE_TRIES or last is None:
        return 0
    wait = min(_LONGEST_WAIT_S, _FIRST_WAIT_S << min(10, tries - _FREE_TRIES - 1))
    left = wait - (clock.now() - last).total_seconds()
    # A clock set back must not lock anybody out for longer than the wait itself.
    return max(0, min(wait, int(left + 0.999)))


def note_wrong(path: Path, clock: Clock) -> int:
    """Count one wrong try durably before its outcome is told; return how many there were."""
    tries = _read(path)[0] + 1
    part = path.with_suffix(".part")
    with told_as_trouble():  # a try that cannot be counted is not answered
        with part.open("w", encoding="utf-8") as file:
            json.dump({"tries": tries, "at": to_text(clock.now())}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)  # noqa: PTH105 - replace() is atomic on Windows too
    return tries


def tries(path: Path) -> int:
    """Return how many wrong tries there were since the last right one."""
    return _read(path)[0]


def forget(path: Path) -> None:
    """Forget the wrong tries after a right one."""
    with told_as_trouble():
        path.unlink(missing_ok=True)


def _read(path: Path) -> tuple[int, dt.datetime | None]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return int(said["tries"]), from_text(said["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, None


def is_easily_guessed(digits: str) -> bool:
    """Tell whether a PIN is among those people try first: one digit, a run, a pair repeated, a year twice."""
    if not digits.isdigit():
        return True
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    half = len(digits) // 2
    return (
        steps in ({0}, {1}, {-1})
        or digits in (digits[:2] * half, digits[:3] * (len(digits) // 3))
        or digits[:half] == digits[half:]
    )


def must_not_be_guessable(secret: Secret) -> None:
    """Refuse a new secret that is tried first; what opens a machine already is never asked this.

    Too short a secret is refused where it is stretched, with its own reason. Raises PinEasilyGuessed,
    PassphraseEasilyGuessed.
    """
    if isinstance(secret, Pin) and secret.digits.isdigit() and is_easily_guessed(secret.digits):
        raise PinEasilyGuessed
    if isinstance(secret, Passphrase):
        words = secret.words.casefold().split()
        if len(words) >= _LEAST_DIFFERENT and (
            len(set(words)) < _LEAST_DIFFERENT or len("".join(words)) < _LEAST_LETTERS
        ):
            raise PassphraseEasilyGuessed
