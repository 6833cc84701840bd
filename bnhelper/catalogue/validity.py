"""What is in force on a day: fees, time limits and legal bases each hold from a day to a day.

The portal goes on printing what has run out (a fee that was halved until a date, an old tariff), so the days stand in
the record and the day decides. An empty bound is no bound; both bounds belong to the time.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Something with ISO dates, or empty ones."""

    @property
    def valid_from(self) -> str: ...

    @property
    def valid_to(self) -> str: ...


Kind = TypeVar("Kind", bound=Dated)


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One law, decree or circular, by its number; `title_vi` is what it is called, where that is known."""

    name: str
    valid_from: str = ""
    valid_to: str = ""
    title_vi: str = ""


def holds(one: Dated, day: dt.date) -> bool:
    """Tell whether something is in force on a day."""
    return (not one.valid_from or one.valid_from <= day.isoformat()) and not has_ended(one, day)


def has_ended(one: Dated, day: dt.date) -> bool:
    """Tell whether something was in force and is not any more."""
    return bool(one.valid_to) and one.valid_to < day.isoformat()


def in_force(ones: Iterable[Kind], day: dt.date) -> tuple[Kind, ...]:
    """Return what is in force on a day, in its order."""
    return tuple(one for one in ones if holds(one, day))


def not_ended(ones: Iterable[Kind], day: dt.date) -> tuple[Kind, ...]:
    """Return what is in force on a day and what will come, in its order."""
    return tuple(one for one in ones if not has_ended(one, day))
