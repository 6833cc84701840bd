"""Open, offline, captive, busy until, login: one for everybody."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from sync.engine.verdicts import LINE_LOST, Stop, Why

#: From the beginning of one probe to the next while the line is gone: back to back at first, so that a line which
#: comes back is found within two seconds; then every minute, at last every fifteen.
_PROBES_S: Final = (2, 2, 3, 3, 5, 5, 8, 13, 20, 60, 60, 120, 300, 900)
#: While something else answers, somebody is about to log in there: it costs a ping, and no time-out.
_BETWEEN_PAGES_S: Final = 1.5
_MANY_PAGES: Final = 40
_LONGEST_PROBE_S: Final = 20.0
_A_SECOND: Final = dt.timedelta(seconds=1)
#: What the province asks for is lengthened by up to this share; it spreads its answers itself as well.
_SPREAD: Final = 0.1


@dataclass(frozen=True, slots=True)
class GateState:
    """How the gate stands; `name` is one of unknown, open, offline, captive, certificate, busy, login.

    `probes` counts how often the line failed since something last moved over it, `pages` how often something else
    than the province answered. A probe that passes opens the gate but does not begin to count anew: where pings pass
    and bodies do not, the waits must still grow.
    """

    name: str = "unknown"
    until: dt.datetime | None = None
    probes: int = 0
    pages: int = 0
    rest: dt.timedelta = dt.timedelta()  #: how long the wait until `until` was meant to be

    def after(
        self,
        stop: Stop,
        now: dt.datetime,
        *,
        began: dt.datetime | None = None,
        quickest_s: float = 2.0,
        die: float = 0.0,
    ) -> "GateState":
        """Return the gate after an exchange stopped; trouble of one item leaves it as it is.

        `began` is when the attempt that failed began: its own time counts as waiting. `quickest_s` is the first wait
        (tests are quicker). `die` in [0, 1) spreads those whom the province told the same.
        """
        if stop.why in LINE_LOST:
            is_page = stop.why is Why.CAPTIVE
            is_login_near = is_page and self.pages < _MANY_PAGES
            pause = (_BETWEEN_PAGES_S if is_login_near else self._pause_s()) * quickest_s / _PROBES_S[0]
            if self.name == "open" and not self.probes:
                pause = 0.0  # it was there a moment ago: look at once
            until = max(now, (began or now) + dt.timedelta(seconds=pause))
            probes, pages = self.probes + (not is_login_near), self.pages + is_page
            return GateState(stop.why.value, until, probes, pages, until - now)
        if stop.why is Why.BUSY:
            return _resting("busy", now, dt.timedelta(seconds=stop.after_s * (1 + die * _SPREAD)))
        if stop.why is Why.LOGIN:
            return _resting("login", now, dt.timedelta(minutes=5))
        return self

    def probe_s(self, rtt_s: float | None) -> float:
        """Return how long the next probe may take: as long as its turn, but several round trips."""
        return min(_LONGEST_PROBE_S, max(self._pause_s(), 4 * (rtt_s or 0.5)))

    def opened(self) -> "GateState":
        """A probe passed."""
        return replace(self, name="open", until=None, rest=dt.timedelta())

    def moved(self) -> "GateState":
        """Something was confirmed over the line: it is good again."""
        return replace(self, probes=0, pages=0) if self.probes or self.pages else self

    def may_try(self, now: dt.datetime) -> bool:
        if self.until is None or now >= self.until:
            return True
        # The clock was set back since, as it is when a machine without a battery finds the network again.
        return self.until - now > self.rest + _A_SECOND

    def left_s(self, now: dt.datetime) -> float:
        """Return how long it stays shut, in seconds."""
        return 0.0 if self.until is None or self.may_try(now) else (self.until - now).total_seconds()

    def _pause_s(self) -> float:
        return float(_PROBES_S[min(max(0, self.probes - 1), len(_PROBES_S) - 1)])


def _resting(name: str, now: dt.datetime, rest: dt.timedelta) -> GateState:
    return GateState(name, now + rest, rest=rest)
