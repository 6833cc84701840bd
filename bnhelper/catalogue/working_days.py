"""Promise dates: in working days, counted from the moment the office received the dossier.

Days off and make-up Saturdays come from the `holidays` package, which follows the government's yearly notices;
swaps that are not announced yet are not known to it, so a date far ahead may move.

Sources: Civil Code 2015, articles 147 (the first day is not counted) and 148.5 (a term in days that ends on a day
off ends with the next working day). The 15:00 rule stands in the procedures that have it (`cutoff_time`).
"""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from bnhelper.catalogue.procedure import TimeLimit
from bnhelper.clock import PROVINCE_TIME

IsWorking = Callable[[dt.date], bool]
_MOST_DAYS = 1_000


def is_working_day(day: dt.date, *, saturday_counts: bool = False) -> bool:
    """Tell whether the offices work on `day`.

    Monday to Friday without holidays, and the Saturdays that are worked in exchange for a bridge day. Police
    desks also open on Saturday mornings; that day counts only with `saturday_counts`, because a promise that is
    a day late is better than one that is a day early.
    """
    calendar = _calendar()
    if saturday_counts and day.weekday() == 5 and day not in calendar:
        return True
    return bool(calendar.is_working_day(day))


@cache
def _calendar() -> Any:
    import holidays  # 0.14 s: only when a promise date is shown

    return holidays.country_holidays("VN")


def promise(
    received_at: dt.datetime, limits: Sequence[TimeLimit], *, is_working: IsWorking = is_working_day
) -> dt.datetime | None:
    """Return when the result is due: a moment for hours, else the end of a day in the province; None without a rule.

    `received_at` is the office's own time of receiving, never the device's. Several limits (by part or by way of
    filing), a limit without a number or unit, and an absurd one give no date: a guess would be a false promise.
    """
    if len(limits) != 1:
        return None
    limit = limits[0]
    if limit.value is None or not limit.unit or limit.part or not 0 <= limit.value <= _MOST_DAYS:
        return None
    local = received_at.astimezone(PROVINCE_TIME)
    if limit.unit == "hour":
        return local + dt.timedelta(hours=limit.value)
    if limit.unit == "day":
        return _end_of(_first_working(local.date() + dt.timedelta(days=limit.value), is_working))
    first = local.date()
    if _is_late(local, limit.cutoff_time):
        first += dt.timedelta(days=1)
    day = _first_working(first, is_working)
    for _ in range(limit.value):
        day = _first_working(day + dt.timedelta(days=1), is_working)
    return _end_of(day)


def _is_late(local: dt.datetime, cutoff: str) -> bool:
    """Tell whether it is past the hour; a dossier of 15:00 sharp is in time."""
    if not cutoff:
        return False
    hour, _, minute = cutoff.partition(":")
    return local.time().replace(second=0, microsecond=0) > dt.time(int(hour), int(minute or 0))


def _first_working(day: dt.date, is_working: IsWorking) -> dt.date:
    for _ in range(60):  # no stretch of days off is nearly as long
        if is_working(day):
            return day
        day += dt.timedelta(days=1)
    return day


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(17, 0), PROVINCE_TIME)
