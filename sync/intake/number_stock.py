"""Office numbers a worker has drawn and not given yet, so that a busy one need not ask for each commit."""

import threading
import time
from collections import deque
from typing import Final

from sync.intake import receipts
from sync.intake.station import Site

_BUSY: Final = 4  #: a worker that needs so many in a second will soon need more
_MORE: Final = 64


class Stock:
    """Numbers of today that are this worker's alone; what is left of them at its end is never given.

    Numbers that are used at once may be drawn without waiting for the disk (`open_counter`); a stock may not: a
    database that fell and rose again would give them to somebody else. May be asked from several threads.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.Lock()
        self._day = ""
        self._second = self._taken = 0
        self._left: deque[str] = deque()

    def take(self, count: int) -> list[str]:
        """Return the next numbers of today."""
        with self._lock:
            day = receipts.day_of(self._site)
            if day != self._day:
                self._day, self._left = day, deque()
            second = int(time.monotonic())
            self._taken = count + (self._taken if second == self._second else 0)
            self._second = second
            if count > len(self._left):
                if self._taken < _BUSY:
                    return receipts.draw_numbers(self._site, None, count)
                with self._site.engine.begin() as db:
                    self._left.extend(receipts.draw_for_good(self._site, db, count + _MORE))
            return [self._left.popleft() for _ in range(count)]
