"""When the next step on a dossier is due, in working days."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bnhelper.catalogue.procedure import TimeLimit
from bnhelper.catalogue.working_days import is_working_day, promise
from bnhelper.clock import PROVINCE_TIME, from_text, to_text

#: Stands for "still to be done, no term published": sorts behind every date.
NO_DATE: Final = "9999-12-31T00:00:00.000Z"
#: An office answers a dossier that arrived on line within one working day (Decree 118/2025/NĐ-CP).
_RECEPTION_DAYS: Final = 1
SUPPLEMENT_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as a page tells it. `days`: working days between today and it, whichever comes first."""

    at: dt.datetime
    days: int
    is_past: bool

    @property
    def kind(self) -> str:
        """Return overdue, soon (today or the next working day) or later."""
        return "overdue" if self.is_past else "soon" if self.days <= 1 else "later"


def reception_due(now: dt.datetime) -> str:
    """Return when a dossier that arrived now is to be received or refused."""
    return to_text(after_working_days(now, _RECEPTION_DAYS))


def processing_due(now: dt.datetime, limits: Sequence[TimeLimit]) -> str:
    """Return when the result is due for a dossier received now, `NO_DATE` where nothing is published."""
    at = promise(now, limits)
    return to_text(at) if at is not None else NO_DATE


def after_working_days(now: dt.datetime, days: int) -> dt.datetime:
    """Return the end (17:00) of the working day `days` after today; today is not counted."""
    day = now.astimezone(PROVINCE_TIME).date()
    left = days
    while left > 0 or not is_working_day(day):
        day += dt.timedelta(days=1)
        left -= is_working_day(day)
    return dt.datetime.combine(day, dt.time(17), PROVINCE_TIME)


def soon_until(now: dt.datetime) -> str:
    """Return the last moment that counts as soon: the end of the next working day."""
    return to_text(after_working_days(now, 1))


def due_of(text: str | None, now: dt.datetime) -> Due | None:
    """Return a stored deadline with the working days to it; None where there is none."""
    if text is None or text == NO_DATE:
        return None
    at = from_text(text).astimezone(PROVINCE_TIME)
    first, last = sorted((now.astimezone(PROVINCE_TIME).date(), at.date()))
    span = min((last - first).days, 400)
    days = sum(is_working_day(first + dt.timedelta(days=step)) for step in range(1, span + 1))
    return Due(at, days, at < now)
