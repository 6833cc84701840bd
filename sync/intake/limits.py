"""Not too much at once: a bucket of requests for each caller, and a bound on bodies that arrive together."""

import hashlib
import ipaddress
import mmap
import os
import time
from pathlib import Path
from typing import Final

from sync.intake.refusals import Refused
from sync.wire.problems import ProblemCode, Retry

_SLOTS: Final = 1 << 16


class Buckets:
    """A token bucket for each name, which all workers of a machine share, at the price of a look into memory.

    A bucket is one number (the generic cell rate algorithm): the moment at which it will be full again. They lie in a
    file that the workers map, by a keyed hash of the name, so nobody chooses whom they share one with; two workers
    that write at once lose a token, and nothing else. The clock is the machine's, the same for its processes. Over
    several machines each allows this much.
    """

    def __init__(self, per_s: float, burst: float, *, key: bytes, shared: Path | None = None) -> None:
        """`shared` is the file; without it this worker counts for itself."""
        self._step, self._ahead, self._key = 1 / per_s, (burst - 1) / per_s, key[:64]
        size = _SLOTS * 8
        if shared is None:
            self._map = mmap.mmap(-1, size)
        else:
            handle = os.open(shared, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                os.truncate(handle, size)
                self._map = mmap.mmap(handle, size)
            finally:
                os.close(handle)
        self._full_at = memoryview(self._map).cast("d")

    def spend(self, name: str) -> None:
        """Take one; raises Refused (429) when the bucket is empty."""
        place = self._place(name)
        now = time.monotonic()
        full_at = max(self._full_at[place], now)
        over = full_at - now - self._ahead
        if over > 0:
            raise self.refusal(over)
        self._full_at[place] = full_at + self._step

    def wait_s(self, name: str) -> float:
        """Return in how many seconds there is one to take; 0 where there is one. Takes none."""
        return max(0.0, self._full_at[self._place(name)] - time.monotonic() - self._ahead)

    def _place(self, name: str) -> int:
        return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=2, key=self._key).digest(), "big")

    @staticmethod
    def refusal(wait_s: float) -> Refused:
        """Return what whoever has to wait so long hears."""
        return Refused(429, ProblemCode.BUSY, Retry.LATER, retry_after=max(1, round(wait_s)))


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


def network_of(address: str) -> str:
    """Return what counts as one caller: an IPv4 address, the /64 of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
