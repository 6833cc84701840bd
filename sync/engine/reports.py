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

    `retry_after_s` is what it said of when to come again, if anything.
    """

    status: int
    retry_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing came back: refused, cut, timed out. `reason` is a short code for the log."""

    reason: str


Report = Answered | NotTheProvince | Silent
