"""Open, offline, captive, busy until, login: one for everybody."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sync.engine.verdicts import Stop, Why

#: Background probes while closed: quick at first, then every minute, at last every fifteen (sync.md 11).
_PROBES_S: Final = (3, 5, 8, 13, 20, 60, 60, 120, 300, 900)


@dataclass(frozen=True, slots=True)
class GateState:
    """How the gate stands; `name` is one of unknown, open, offline, captive, busy, login."""

    name: str = "unknown"
    until: dt.datetime | None = None
    probes: int = 0

    def after(self, stop: Stop, now: dt.datetime, *, quickest_s: float = 3.0, die: float = 0.0) -> "GateState":
        """Return the gate after an exchange stopped; trouble of one item leaves it as it is.

        `die` in [0, 1) lengthens what the province asked for by up to a fifth, so that those it told the same
        do not come back in the same second (sync.md 11).
        """
        if stop.why in {Why.OFFLINE, Why.CAPTIVE}:
            pause = max(quickest_s, float(_PROBES_S[min(self.probes, len(_PROBES_S) - 1)]) * quickest_s / 3.0)
            return GateState(stop.why.value, now + dt.timedelta(seconds=pause), self.probes + 1)
        if stop.why is Why.BUSY:
            return GateState("busy", now + dt.timedelta(seconds=stop.after_s * (1 + die / 5)), 0)
        if stop.why is Why.LOGIN:
            return GateState("login", now + dt.timedelta(minutes=5), 0)
        return self

    def opened(self) -> "GateState":
        return GateState("open")

    def may_try(self, now: dt.datetime) -> bool:
        return self.until is None or now >= self.until
