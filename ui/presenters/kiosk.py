"""What a kiosk knows between two touches: whose turn it is, where they are, how long nobody has touched it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Final

from bnhelper.actions.clear_kiosk import begin_resident, clear_kiosk
from bnhelper.vault.session_pages import SessionPages

ON_MENUS_S: Final = 60.0  #: without a touch before the warning (ux.md 2.24)
ON_ENTRY_S: Final = 120.0  #: where something is being typed or read
WARNING_S: Final = 30.0  #: WCAG 2.2.1 asks for 20; it can be extended without end
LARGE_PERCENT: Final = 129  #: "A+": body 28 px becomes 36 (ux.md 3.3)
_FREE_MISSES: Final = 5
_MISS_COSTS_S: Final = 30.0


class Place(StrEnum):
    """The screens of a kiosk."""

    ATTRACT = "attract"
    HOME = "home"
    TOPICS = "topics"
    FIND = "find"
    RESULTS = "results"
    QUESTION = "question"
    PAPERS = "papers"
    CODE = "code"
    LOOK_UP = "look_up"
    PHONE = "phone"
    STATUS = "status"
    CALL = "call"
    STAFF = "staff"


#: Where nothing is typed, so that a menu's patience is enough. Papers and questions are read, slowly.
_MENUS: Final = frozenset({Place.ATTRACT, Place.HOME, Place.TOPICS})


class Phase(Enum):
    """What the time without a touch comes to."""

    QUIET = "quiet"
    WARNING = "warning"
    OVER = "over"


class Patience:
    """Counts the time without a touch on a clock that only grows; `now` gives seconds and tests move it."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._since: float | None = None
        self._wait_s = ON_MENUS_S

    def begin(self, wait_s: float) -> None:
        """Count from now, and warn after `wait_s`."""
        self._since, self._wait_s = self._now(), wait_s

    def touched(self) -> None:
        """Somebody is there: the whole time begins anew, however often."""
        if self._since is not None:
            self._since = self._now()

    def rest(self) -> None:
        """Nobody is expected: nothing is counted."""
        self._since = None

    def look(self) -> tuple[Phase, int]:
        """Return the phase, and the whole seconds left of the warning (0 outside it)."""
        if self._since is None:
            return Phase.QUIET, 0
        left = self._since + self._wait_s + WARNING_S - self._now()
        if left <= 0:
            return Phase.OVER, 0
        return (Phase.WARNING, max(1, round(left))) if left <= WARNING_S else (Phase.QUIET, 0)


class Misses:
    """Codes that were not found, of everybody together: after five each further one costs half a minute.

    Only misses count, so who holds a slip never waits for themselves; whoever tries codes does, also over "Done".
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._free_at = now()

    def missed(self) -> None:
        """Note a code that was not found."""
        self._free_at = max(self._free_at, self._now()) + _MISS_COSTS_S

    def wait_s(self) -> int:
        """Return how many seconds the next try has to wait; 0 for none."""
        return max(0, round(self._free_at - self._now() - (_FREE_MISSES - 1) * _MISS_COSTS_S))


@dataclass(slots=True)
class Resident:
    """Whoever stands there: their entries (sealed), the way they came, their language and text size."""

    language: str
    pages: SessionPages = field(default_factory=begin_resident, repr=False)
    trail: list[Place] = field(default_factory=lambda: [Place.ATTRACT])
    is_large: bool = False
    has_touched: bool = False  #: until then there is nothing to clear

    @property
    def place(self) -> Place:
        return self.trail[-1]

    @property
    def wait_s(self) -> float:
        """Return how long this screen waits for a touch before it warns."""
        return ON_MENUS_S if self.place in _MENUS else ON_ENTRY_S

    def go(self, place: Place) -> None:
        """Go to a screen; one that is on the way already is returned to, so that nobody walks in circles."""
        self.has_touched = True
        if place in self.trail:
            del self.trail[self.trail.index(place) + 1 :]
        else:
            self.trail.append(place)

    def replace(self, place: Place) -> None:
        """Go to a screen in the place of this one."""
        self.has_touched = True
        if len(self.trail) > 1:
            self.trail.pop()
        self.go(place)

    def back(self) -> None:
        if len(self.trail) > 1:
            self.trail.pop()

    def clear(self) -> None:
        """End this session for good; a next one is another object."""
        clear_kiosk(self.pages)
        self.trail = [Place.ATTRACT]
