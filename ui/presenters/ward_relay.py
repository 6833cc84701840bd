"""Brings what neighbours left here to the province, by itself while the line is open, and remembers what came of it."""

import time
from typing import Final

from bnhelper.errors import KnownTrouble
from sync.engine.carried import HandedOver
from sync.taking_in import TakingIn
from ui.presenters.work import Work

_LINE_IS_OPEN: Final = frozenset(
    {"sent", "news", "nothing", "held", "later"}
)  #: outcomes of rounds the province answered
_LEAST_BETWEEN_S: Final = 30.0


class WardRelay:
    """Looks after every round; a screen shows `said` and may ask at once."""

    def __init__(self, taking_in: TakingIn, work: Work) -> None:
        self.taking_in = taking_in
        self._work = work
        self._asked_at = float("-inf")
        self._is_busy = False
        self.said: HandedOver | None = None
        self.trouble: BaseException | None = None

    @property
    def is_busy(self) -> bool:
        return self._is_busy

    def after_round(self, outcome: str) -> None:
        """A round of sending has ended so: what lies here may go too."""
        if outcome in _LINE_IS_OPEN and time.monotonic() - self._asked_at >= _LEAST_BETWEEN_S:
            self.now()

    def now(self) -> None:
        """Bring over what waits here, if anything does."""
        if self._is_busy:
            return
        self._is_busy, self._asked_at = True, time.monotonic()
        self._work.run(self._relay).then(self._done).on_trouble(self._failed)

    def _relay(self) -> HandedOver | None:
        lying = self.taking_in.lying_here()
        over = self.taking_in.relay() if lying.waiting or lying.refused else None
        return over if over is not None and over.parts else None

    def _done(self, said: HandedOver | None) -> None:
        self._is_busy = False
        if said is not None:
            self.said, self.trouble = said, None

    def _failed(self, wrong: BaseException) -> None:
        self._is_busy, self.trouble = False, wrong
        if not isinstance(wrong, KnownTrouble):
            raise wrong
