"""Not too much at once: a bucket of requests for each caller, and a bound on bodies that arrive together."""

import time
from collections import OrderedDict
from typing import Final

from sync.intake.refusals import Refused
from sync.wire.problems import ProblemCode, Retry

_MOST_CALLERS: Final = 20_000


class Buckets:
    """A token bucket for each name; one worker counts for itself, so a site allows this for each of its workers."""

    def __init__(self, per_s: float, burst: float) -> None:
        self._per_s, self._burst = per_s, burst
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend(self, name: str) -> None:
        """Take one; raises Refused (429) when the bucket is empty."""
        now = time.monotonic()
        left, at = self._left.pop(name, (self._burst, now))
        left = min(self._burst, left + (now - at) * self._per_s)
        self._left[name] = (left - 1 if left >= 1 else left, now)
        while len(self._left) > _MOST_CALLERS:
            self._left.popitem(last=False)
        if left < 1:
            raise Refused(429, ProblemCode.BUSY, Retry.LATER, retry_after=max(1, round((1 - left) / self._per_s)))


class Room:
    """At most so many at a time; after a regional outage all devices come back together."""

    def __init__(self, most: int) -> None:
        self._free = most

    def __enter__(self) -> None:
        if self._free <= 0:
            raise Refused(503, ProblemCode.BUSY, Retry.LATER, retry_after=5)
        self._free -= 1

    def __exit__(self, *_: object) -> None:
        self._free += 1
