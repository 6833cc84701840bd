"""The only place that asks what time it is."""

import datetime as dt
from typing import Protocol

#: Wall-clock time in the province; Việt Nam has had no daylight saving since 1975.
PROVINCE_TIME = dt.timezone(dt.timedelta(hours=7), "ICT")


class Clock(Protocol):
    """What tells the time. Tests hand in a fixed one."""

    def now(self) -> dt.datetime:
        """Return this instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


def to_text(instant: dt.datetime) -> str:
    """Return an aware instant as RFC 3339 in UTC with milliseconds; such texts sort by time."""
    return instant.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> dt.datetime:
    """Return the aware instant that `to_text` wrote.

    Raises ValueError for a text without a zone, since a naive instant would silently mean another time.
    """
    instant = dt.datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant


def province_date(instant: dt.datetime) -> dt.date:
    """Return the calendar date in the province at `instant`."""
    return instant.astimezone(PROVINCE_TIME).date()
