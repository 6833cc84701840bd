"""Faults on purpose, for tests and demonstrations; off unless the server is started with them."""

import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class Faults:
    """What goes wrong, and how often: each counter is spent by one request."""

    portal: int = 0  #: requests answered with a page of a hotel instead
    busy: int = 0  #: requests answered 503 with Retry-After
    rubbish: int = 0  #: requests answered with our header and a body that is none
    late: int = 0  #: revisions that are kept although the answer is lost
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def are_wanted(self) -> bool:
        """Tell whether anything goes wrong at all."""
        return bool(self.portal or self.busy or self.rubbish or self.late)

    def spend(self, name: str) -> bool:
        """Tell whether the next request suffers this fault."""
        with self._lock:
            left = int(getattr(self, name))
            if left <= 0:
                return False
            setattr(self, name, left - 1)
            return True
