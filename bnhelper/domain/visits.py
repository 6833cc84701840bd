"""Household visits: why a home is on a list, how a visit ended, and what that makes of the home today."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bnhelper.clock import province_date

#: How long a list and everything said about it lies anywhere, from the day it was made.
KEPT_DAYS: Final = 60
OLD_AGE: Final = 70


class Reason(StrEnum):
    """Why somebody goes there."""

    OVER_70 = "over_70"
    RESULT = "result"  #: a result is to be handed over
    SUPPLEMENT = "supplement"  #: an officer asks for more
    UNKNOWN = "unknown"  #: nobody knows yet what is needed


#: What somebody does there, and can be done with.
NEEDS: Final = (Reason.RESULT, Reason.SUPPLEMENT)


class Outcome(StrEnum):
    """How one visit ended."""

    MET = "met"
    AWAY = "away"
    LATER = "later"
    NO_NEED = "no_need"  #: said so, or will not be asked; nobody asks why
    UNDONE = "undone"  #: pressed by mistake: the visit was not


class Standing(StrEnum):
    """Where a home stands on its list: the tabs of the screen."""

    TODO = "todo"
    LATER = "later"
    AWAY = "away"
    MET = "met"
    NO_NEED = "no_need"


@dataclass(frozen=True, slots=True)
class Home:
    """One home of a list, in the order of the way."""

    id: str
    place: int
    lane: str
    number: str
    who: str
    born: int | None  #: year of birth
    reasons: tuple[Reason, ...]
    note: str
    is_new: bool  #: added at the door, and not compared with the ward's own list yet

    def age(self, today: dt.date) -> int | None:
        """Return the age reached this year; nobody knows the day."""
        return None if self.born is None else today.year - self.born


@dataclass(frozen=True, slots=True)
class Visit:
    """What one person said of one visit. `record` is the same over all its revisions."""

    record: str
    revision: int
    home: str
    outcome: Outcome
    at: dt.datetime
    by: str
    note: str
    done: tuple[Reason, ...]
    is_mine: bool  #: of this machine


def last_visit(visits: Iterable[Visit]) -> Visit | None:
    """Return the newest visit that was one."""
    real = [one for one in visits if one.outcome is not Outcome.UNDONE]
    return max(real, key=lambda one: (one.at, one.record), default=None)


def standing(visits: Sequence[Visit], now: dt.datetime) -> Standing:
    """Return where a home stands by everything that was said of it, on whichever list.

    Whoever said that they need nothing is not asked again in the same month of the province, whatever list they are on;
    the months after, they are.
    """
    last = last_visit(visits)
    if last is None:
        return Standing.TODO
    if last.outcome is Outcome.NO_NEED:
        here, then = province_date(now), province_date(last.at)
        return Standing.NO_NEED if (here.year, here.month) == (then.year, then.month) else Standing.TODO
    return Standing(last.outcome.value)


def open_needs(home: Home, visits: Iterable[Visit]) -> tuple[Reason, ...]:
    """Return what the list says is to be done there and nobody has done yet."""
    done = {need for one in visits if one.outcome is not Outcome.UNDONE for need in one.done}
    return tuple(one for one in home.reasons if one in NEEDS and one not in done)


def known_reasons(said: Iterable[str]) -> tuple[Reason, ...]:
    """Return the reasons this program knows; a province that has more still has its list read."""
    return tuple(Reason(one) for one in said if one in set(Reason))
