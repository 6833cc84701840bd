"""A clock that stands still until it is moved."""

import datetime as dt


class FixedClock:
    """Monday, 23 November 2026, 10:05 in the province, unless said otherwise."""

    def __init__(self, at: dt.datetime | None = None) -> None:
        self.at = at or dt.datetime(2026, 11, 23, 3, 5, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.at

    def move(self, **delta: float) -> None:
        self.at += dt.timedelta(**delta)
