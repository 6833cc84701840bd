"""Lets the last files of a queue end together, since a last file alone is a slow end where loss holds its stream back.

Pure: times are handed in. On 3G with 1 % loss one stream fills four tenths of the link and three fill it (sync.md 3.3);
files that ended one after the other left it half empty for the last six seconds (measured by `bn.py bench net`).
"""

import threading
from collections.abc import Mapping
from typing import Final

_FEWEST: Final = 3  #: so many streams fill a lossy link; with fewer under way nobody is held back
#: An end that is nearer than this is over before it matters, one that is further away is not judged yet.
_NEAR_S, _FAR_S = 0.3, 30.0
#: Half as much again as the share: whoever is held back fills the link while the one with most left waits for an answer
#: (with a tenth more it stood a third empty for ten seconds, measured).
_AHEAD: Final = 1.5
_LEAST_SHARE: Final = 0.02
_MOVES_S: Final = 2.0  #: a file of which nothing was handed over for so long fills nothing: nobody waits for it
_HALVES_S: Final = 60.0  #: what the line once carried counts half after so long


class Ending:
    """How much is left of every file that is on its way; may be told and asked from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[str, int] = {}
        self._block: dict[str, tuple[float, int]] = {}
        self._is_near = False
        self._best, self._best_at = 0.0, 0.0

    def nothing_else_waits(self, is_so: bool) -> None:
        """Say whether every file that is still to be sent is being sent now."""
        self._is_near = is_so

    def stands(self, sha256: str, left: int) -> None:
        """So many bytes of a file are not confirmed: it begins, or a piece of it is over."""
        with self._lock:
            self._left[sha256] = left

    def sent(self, sha256: str, count: int, now: float) -> None:
        """A block of a file was handed over."""
        with self._lock:
            if sha256 in self._left:
                self._left[sha256] = max(0, self._left[sha256] - count)
                self._block[sha256] = (now, count)

    def over(self, sha256: str) -> None:
        """A file is not on its way any more."""
        with self._lock:
            self._left.pop(sha256, None)
            self._block.pop(sha256, None)

    def wait_s(self, sha256: str, now: float, rate: float | None) -> float:
        """Return how long the next block of a file should wait at `rate` bytes a second of all together.

        Each gets the share of the line that it has of what is left; the one with most left never waits. The share is of
        what the line carried lately, and of those that move: a rate that fell because somebody was held back would hold
        everybody back more and more, and a stream that died would keep the line empty.
        """
        with self._lock:
            before = self._block.get(sha256)
            if not self._is_near or before is None or not rate:
                return 0.0
            best = self._best_of(rate, now)
            moving = {
                one: left
                for one, left in self._left.items()
                if one == sha256 or (one in self._block and now - self._block[one][0] < _MOVES_S)
            }
            share = _share(sha256, moving, best)
            return 0.0 if share is None else max(0.0, before[0] + before[1] / (share * best) - now)

    def _best_of(self, rate: float, now: float) -> float:
        known = self._best * 0.5 ** (max(0.0, now - self._best_at) / _HALVES_S)
        self._best, self._best_at = max(rate, known), now
        return self._best


def _share(sha256: str, left: Mapping[str, int], rate: float) -> float | None:
    total, mine = sum(left.values()), left.get(sha256, 0)
    if len(left) < _FEWEST or mine >= max(left.values()) or not _NEAR_S < total / rate < _FAR_S:
        return None
    return max(_LEAST_SHARE, _AHEAD * mine / total)
