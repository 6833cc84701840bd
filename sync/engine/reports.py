"""What the world answers an order."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answered:
    """The province itself answered (the answer carried its header). Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class NotTheProvince:
    """Something answered, but not the province: a captive portal, a proxy, a page of a hotel.

    `retry_after_s` is what it said of when to come again, if anything. `is_out_of_date` says that its certificate is
    right in all but this machine's date: it ended, or this clock is wrong.
    """

    status: int
    retry_after_s: int | None = None
    is_out_of_date: bool = False


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing came back: refused, cut, timed out. `reason` is a short code for the log."""

    reason: str


Report = Answered | NotTheProvince | Silent
