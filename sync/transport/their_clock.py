"""What time the other side believes it is: its proofs of freshness are judged by its clock, not by this machine's."""

import email.utils
from collections.abc import Callable
from typing import Final

_MATTERS_S: Final = 20.0  #: below this a difference is the way the answer took


class TheirClock:
    """Learns from the Date of answers how far this machine's clock is off; only answers that are vouched for count."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` is this machine's clock, in seconds since 1970."""
        self._now = now
        self._ahead_s = 0.0

    def now(self) -> float:
        return self._now() + self._ahead_s

    def heard(self, date: str) -> bool:
        """Learn from an answer's Date header; return whether it changes anything."""
        try:
            said = email.utils.parsedate_to_datetime(date).timestamp()
        except (ValueError, TypeError):
            return False
        ahead_s = said - self._now()
        if abs(ahead_s - self._ahead_s) < _MATTERS_S:
            return False
        self._ahead_s = ahead_s
        return True
