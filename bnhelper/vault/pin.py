"""The growing wait after wrong tries: kept on disk, never a wipe, never a final lock-out."""

import datetime as dt
import json
import os
import unicodedata
from dataclasses import dataclass, replace
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
#: words that make no passphrase among themselves, without their marks: counting, greetings, places and names of here
_FIRST_WORDS: Final = """
    mot hai ba bon nam sau bay tam chin muoi one two three four five six seven eight nine ten 1 2 3 4 5 6 123 456
    xin chao moi nguoi cac ban hello bac ninh giang viet nam ha noi chi minh ho muon bnhelper
    mat khau cua toi la may tinh my password is the this a b c d e f abc qwerty asdf
"""
_TRIED_FIRST: Final = frozenset(_FIRST_WORDS.split())


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
    """Return how many seconds are left before the next try: 30 s from the fifth wrong one, doubling to 15 min.

    A try that was made while the clock was ahead begins its wait now, once: a clock that is put right locks nobody out
    for longer than the wait itself.
    """
    known = _read(path)
    if known.tries <= _FREE_TRIES or known.last is None:
        return 0
    wait = min(_LONGEST_WAIT_S, _FIRST_WAIT_S << min(10, known.tries - _FREE_TRIES - 1))
    now = clock.now()
    if now < known.last:
        _write(path, replace(known, last=now))
        return wait
    return max(0, int(wait - (now - known.last).total_seconds() + 0.999))


def note_wrong(path: Path, clock: Clock) -> int:
    """Count one wrong try durably before its outcome is told; return how many there were since the last right one."""
    known = _read(path)
    _write(path, replace(known, tries=known.tries + 1, last=clock.now()))
    return known.tries + 1


def tries(path: Path) -> int:
    """Return how many wrong tries there were since the last right one."""
    return _read(path).tries


def untold(path: Path) -> int:
    """Return how many wrong tries the log of the machine does not tell of yet."""
    known = _read(path)
    return known.tries + known.untold


def right(path: Path) -> None:
    """A right key ends the wait where no log can be written: the counts were opened, a backup was put back."""
    known = _read(path)
    if known.tries:
        _write(path, replace(known, tries=0, untold=known.tries + known.untold))


def forget(path: Path) -> None:
    """Forget the wrong tries once the log tells of them."""
    with told_as_trouble():
        path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Tries:
    """Wrong tries since the last right one, when the last one was, and older ones that no log tells of yet."""

    tries: int = 0
    last: dt.datetime | None = None
    untold: int = 0


def _read(path: Path) -> _Tries:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return _Tries(int(said["tries"]), from_text(said["at"]), int(said.get("untold", 0)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return _Tries()


def _write(path: Path, known: _Tries) -> None:
    """Write durably, in one step: a try that cannot be counted is not answered."""
    said = {"tries": known.tries, "at": to_text(known.last) if known.last else None, "untold": known.untold}
    part = path.with_suffix(".part")
    with told_as_trouble():
        with part.open("w", encoding="utf-8") as file:
            json.dump(said, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)  # noqa: PTH105 - replace() is atomic on Windows too


def _without_marks(word: str) -> str:
    """Return a word as people type it who leave the marks out."""
    letters = unicodedata.normalize("NFD", word.casefold().replace("đ", "d"))
    return "".join(one for one in letters if not unicodedata.combining(one))


def is_easily_guessed(digits: str) -> bool:
    """Tell whether a PIN is among those people try first: one digit, a run, a pair repeated, a year twice."""
    if not (digits.isascii() and digits.isdigit()):
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
    if isinstance(secret, Pin) and secret.is_long_enough and is_easily_guessed(secret.digits):
        raise PinEasilyGuessed
    if isinstance(secret, Passphrase):
        words = secret.words.casefold().split()
        if len(words) >= _LEAST_DIFFERENT and (
            len(set(words)) < _LEAST_DIFFERENT
            or len("".join(words)) < _LEAST_LETTERS
            or all(_without_marks(one) in _TRIED_FIRST for one in words)
        ):
            raise PassphraseEasilyGuessed
