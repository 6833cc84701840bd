"""The one loop: probe -> send over the streams -> ask for news; tells listeners in plain calls."""

import contextlib
import datetime as dt
import email.utils
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bnhelper.domain.sealed import OutboxItem
from bnhelper.domain.sending import Gate, LinkState
from bnhelper.errors import KnownTrouble
from sync.delivery import OpenFiles, Transport
from sync.engine.blame import Blame
from sync.engine.ending import Ending
from sync.engine.gate import GateState
from sync.engine.line import Line
from sync.engine.orders import Send
from sync.engine.reports import Answered, NotTheProvince, Report, Silent
from sync.engine.verdicts import LINE_LOST, Stop, Why, stop_for, stop_for_stranger
from sync.keeper import Keeper
from sync.lanes import Lanes
from sync.news import News
from sync.session import Session
from sync.transport import probe
from sync.transport.https import HttpsTransport
from sync.watch import Watch
from sync.wire.version import LONGEST_WAIT_S

_log = logging.getLogger(__name__)
_WATCHING: Final = -1  #: the number of the connection that waits for news
_LEAST_BETWEEN_TELLING_S: Final = 0.25
_LONGEST_PAUSE_S: Final = 900.0
_WAIT_FOR_A_SICK_PROVINCE_S: Final = 60
_LOOK_AT_THE_NETWORK_EVERY_S: Final = 4.0
_SENDING_FAILS: Final = 2  #: rounds over which a line was lost since anything went over it
_KEEP_THE_TIME_EVERY_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the runner looks. Tests and the demo are quicker than the field."""

    idle_s: float = 60.0  #: between asking for news while the line is open
    quickest_probe_s: float = 2.0  #: first wait after the line was lost
    waits_for_news_s: int = 0  #: how long a request for news is held by the province; 0: it is only asked now and then


#: the program's own: news comes as it happens
USUAL: Final = Pace(waits_for_news_s=LONGEST_WAIT_S)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the runner knows at this moment; the tables stay the truth about dossiers."""

    link: LinkState = field(default_factory=LinkState)
    sending: int | None = None  #: outbox id that moved last
    streams: int = 0  #: connections at work
    bytes_per_s: float | None = None  #: as measured while files went
    round: int = 0  #: counts finished rounds
    asked: int = 0  #: how often a person had asked when the last of them began
    #: of the last round: sent, news, nothing, held, later, offline, captive, certificate, busy, login,
    #: not-enrolled, stopped
    outcome: str = ""
    answer: str = ""  #: the outcome of the first round since a person last asked: the next may follow in a moment


class Runner:
    """Sends and receives in plain threads. Made after unlocking, stopped before locking."""

    def __init__(
        self,
        keeper: Keeper,
        pace: Pace | None = None,
        connect: Callable[[int], Transport] | None = None,
        session: Session | None = None,
    ) -> None:
        """`connect` gives the connection of a stream by its number; without it, one to the enrolled province.

        `session` is the machine's; without it the runner makes its own.
        """
        self._keeper = keeper
        self._session = session or Session(keeper)
        self._pace = pace or Pace()
        self._connect = connect or self._connected
        self._gate = GateState()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._snapshot = Snapshot()
        self._told_at = 0.0
        self._thread: threading.Thread | None = None
        self._transports: dict[int, HttpsTransport] = {}
        self._transports_for: object = None
        self._files = OpenFiles()
        self._blame = Blame()
        self.line = Line()
        self._ending = Ending()
        self._lanes = Lanes(
            keeper,
            self.line,
            self._files,
            self._blame,
            self._ending,
            connect=self._connect,
            begun=self._begun,
            progress=self._moved,
            is_over=lambda: self._stop.is_set() or self._is_paused,
            between=self._between,
        )
        self._news = News(
            keeper,
            is_over=self._stop.is_set,
            arrived=lambda: self._tell(force=True),
            has_time=lambda: not (self._wake.is_set() or self._is_paused),
            has_files=lambda: self._lanes.has_files,
        )
        self._watch = Watch(
            self._news,
            lambda: self._connect(_WATCHING),
            wait_s=self._pace.waits_for_news_s,
            is_wanted=lambda: self._gate.name == "open" and not self._is_paused and self._lanes.has_files,
            arrived=self.wake,
        )
        self._asked_at = 0.0
        self._round_began = keeper.clock.now()
        self._time_kept_at = float("-inf")
        self._news_between = 0
        self._is_paused = False
        #: a line that nobody has found wanting is used at once; later one that was lost is probed before anything goes
        self._is_first_round = True
        #: a person asked during this round: how it ends does not keep the next from beginning at once
        self._is_asked = False
        self._asked = 0  #: how often that was

    # --- from any thread -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin the loop; what was under way when the program ended is taken up on its thread."""
        self._thread = threading.Thread(target=self._loop, name="sync", daemon=True)
        self._thread.start()
        if self._pace.waits_for_news_s:
            self._watch.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """End the loop; what is on its way is broken off, where it stands is already kept."""
        self._stop.set()
        self._watch.stop()
        self._wake.set()
        self._break_off()
        if self._thread is not None:
            self._thread.join(timeout_s)
            if self._pace.waits_for_news_s:
                self._watch.join(timeout_s)

    def wake(self) -> None:
        """There is new work, or the network changed."""
        self._wake.set()

    def sync_now(self) -> int:
        """Try at once, whatever the gate says, and also what failed a moment ago and waits for its time.

        Return the number that `Snapshot.asked` has reached once that was done: a round that runs now is none.
        """
        with self._lock:
            self._asked += 1
            self._gate = GateState()
            self._is_paused = False
            self._is_asked = True
            asked = self._asked
        self._wake.set()
        return asked

    def read_anew(self) -> None:
        """Ask for everything the province ever told, from the beginning: something of it is missing here."""
        self._keeper.feed_begins_anew()
        self.sync_now()

    def pause(self) -> None:
        """Send nothing until asked again; a piece that is on its way still goes."""
        self._is_paused = True

    @property
    def is_paused(self) -> bool:
        return self._is_paused

    def allow_files(self, is_allowed: bool) -> None:
        """Say whether photos may go: where the link is paid by the byte they wait, texts never do."""
        self._lanes.has_files = is_allowed
        self._wake.set()

    @property
    def has_files_allowed(self) -> bool:
        return self._lanes.has_files

    def subscribe(self, listener: Callable[[Snapshot], None]) -> None:
        """Call `listener` from a thread of the runner whenever something changed, at most four times a second."""
        self._listeners.append(listener)

    def snapshot(self) -> Snapshot:
        return self._snapshot

    # --- the loop ------------------------------------------------------------------------------------------

    def _loop(self) -> None:
        self._keeper.put_all_back()
        while not self._stop.is_set():
            self._wake.clear()
            asked = self._asked
            outcome = self._round() if not self._is_paused else "stopped"
            self._tell(
                is_moving=False,
                is_checking=False,
                sending=None,
                outcome=outcome,
                round=self._snapshot.round + 1,
                asked=asked,
                answer=outcome if asked > self._snapshot.asked else self._snapshot.answer,
            )
            self._rest()
        self._drop_connections()

    def _rest(self) -> None:
        """Wait until the next round, or until the machine is in a network again."""
        ends = time.monotonic() + self._pause_s()
        before = self._route()
        while (left := ends - time.monotonic()) > 0 and not self._wake.wait(min(left, _LOOK_AT_THE_NETWORK_EVERY_S)):
            if self._gate.name in LINE_LOST and (now := self._route()) != before:
                before = now
                if now:
                    _log.info("the network changed")
                    return

    def _route(self) -> str:
        province = self._keeper.province
        return probe.route_to(province.url) if province is not None else ""

    def _pause_s(self) -> float:
        if self._is_paused:
            return _LONGEST_PAUSE_S  # being asked again wakes it
        now = self._keeper.clock.now()
        pause = self._pace.idle_s
        due = self._keeper.next_attempt_at(self._round_began)
        if due is not None:
            pause = min(pause, max(0.05, (due - now).total_seconds()))
        if self._gate.until is not None:
            pause = max(0.0 if self._gate.probes < 2 else 0.05, self._gate.left_s(now))
        return min(pause, _LONGEST_PAUSE_S)

    def _round(self) -> str:
        """Do everything that can be done now; return how it ended."""
        if self._keeper.province is None:
            return "not-enrolled"
        began = self._round_began = self._keeper.clock.now()
        if not self._gate.may_try(began):
            return self._gate.name
        is_asked, self._is_asked = self._is_asked, False
        try:
            if is_asked:
                self._keeper.make_due()
            return self._work(self._connect(0))
        except Stop as stop:
            self._close_gate(stop, began)
            return stop.why.value if stop.why in LINE_LOST | {Why.BUSY, Why.LOGIN} else "later"
        except Exception:
            # Ours: a bug must neither end sending for good nor be silent. No values of a dossier are in a traceback.
            _log.exception("bug in a sync round")
            self._gate = GateState("offline", self._keeper.clock.now() + dt.timedelta(seconds=60))
            return "offline"

    def _work(self, transport: Transport) -> str:
        if self._gate.name != "open" and not self._is_first_round:
            self._probe(transport)
        self._is_first_round = False
        self._news_between = 0
        if self._gate.probes >= _SENDING_FAILS:  # pings pass and bodies do not: what may be heard is heard all the same
            self._news_between += self._news.pull(transport)
        self._news.reconcile(transport)
        self._asked_at = time.monotonic()
        shipped = self._lanes.run()
        self._tell(is_moving=False, is_checking=True)
        news = self._news.pull(transport) + self._news_between
        self._tell(is_checking=False, force=bool(news))
        self._gate = self._gate.opened().moved()
        self._news.fetch_results(transport)
        if shipped.held:
            return "held"
        return "later" if shipped.put_off else "sent" if shipped.sent else "news" if news else "nothing"

    def _between(self, transport: Transport) -> None:
        """Ask for news also while much is on its way."""
        if time.monotonic() - self._asked_at >= self._pace.idle_s:
            self._asked_at = time.monotonic()
            self._news_between += self._news.pull(transport)

    def _probe(self, transport: Transport) -> None:
        answer = _answer_of(
            transport.perform(Send("HEAD", "/v1/ping"), within_s=self._gate.probe_s(self.line.rtt_s)), transport
        )
        if answer.status >= 400:
            stop = stop_for(answer)
            if stop.why in {Why.LATER, Why.HELD}:  # no item is to blame: everybody waits, or the line is asked for ever
                raise Stop(Why.BUSY, stop.code, after_s=_WAIT_FOR_A_SICK_PROVINCE_S)
            raise stop
        self._gate = self._gate.opened()
        self._tell(force=True)

    def _close_gate(self, stop: Stop, began: dt.datetime) -> None:
        if self._stop.is_set():
            return
        now = self._keeper.clock.now()
        if self._gate.name == "open":
            began = now  # the round was long; only a probe's own time counts as waiting
        self._gate = self._gate.after(
            stop, now, began=began, quickest_s=self._pace.quickest_probe_s, die=random.random()
        )
        if self._is_asked and stop.why in LINE_LOST:
            self._gate = replace(self._gate, until=now)
        _log.info("gate closed: %s", stop.why)

    # --- connections ---------------------------------------------------------------------------------------

    def _connected(self, number: int) -> HttpsTransport:
        province = self._keeper.province
        assert province is not None
        with self._lock:
            if self._transports_for != province:
                self._transports, self._transports_for = {}, province
            if number not in self._transports:
                self._transports[number] = HttpsTransport(
                    province.url,
                    device=self._keeper.device,
                    authority=self._session.authority(),
                    certificate_sha256=province.certificate_sha256,
                    read_at=self._files.read_at,
                    is_stopped=self._stop.is_set,
                    line=self.line,
                    ending=self._ending,
                    told_time=self._told_time,
                )
            return self._transports[number]

    def _told_time(self, date: str) -> None:
        """Keep, once in a while, what time the province says it is: this machine's clock is judged by it."""
        now = time.monotonic()
        if now - self._time_kept_at < _KEEP_THE_TIME_EVERY_S:
            return
        self._time_kept_at = now
        # What a disk refuses is told by the deed that needs it.
        with contextlib.suppress(ValueError, KnownTrouble):
            said = email.utils.parsedate_to_datetime(date)
            if said.tzinfo is not None:  # "-0000" says that the zone is not known
                self._keeper.heard_time(said)

    def _break_off(self) -> None:
        with self._lock:
            found = list(self._transports.values())
        for one in found:
            one.abort()

    def _drop_connections(self) -> None:
        with self._lock:
            found, self._transports = list(self._transports.values()), {}
        for one in found:
            one.close()

    # --- telling -------------------------------------------------------------------------------------------

    def _begun(self, item: OutboxItem) -> None:
        self._tell(is_moving=True, sending=item.id)

    def _moved(self, item: OutboxItem, _sha256: str, _acked: int) -> None:
        self._gate = self._gate.opened().moved()
        self._tell(is_moving=True, sending=item.id)

    def _tell(self, *, force: bool = False, **changes: Any) -> None:
        """Publish a new snapshot; progress is told at most four times a second."""
        with self._lock:
            old = self._snapshot
            link = replace(
                old.link,
                gate=Gate(self._gate.name),
                is_moving=changes.pop("is_moving", old.link.is_moving),
                is_checking=changes.pop("is_checking", old.link.is_checking),
                retry_at=self._gate.until,
            )
            is_new = (link.is_moving, link.is_checking, link.gate) != (
                old.link.is_moving,
                old.link.is_checking,
                old.link.gate,
            )
            snapshot = replace(old, link=link, streams=self._lanes.count, bytes_per_s=self.line.rate, **changes)
            self._snapshot = snapshot
            now = time.monotonic()
            if not (force or is_new or "round" in changes) and now - self._told_at < _LEAST_BETWEEN_TELLING_S:
                return
            self._told_at = now
        for listener in self._listeners:
            listener(snapshot)


def _answer_of(report: Report, transport: Transport) -> Answered:
    match report:
        case NotTheProvince():
            raise stop_for_stranger(report)
        case Silent(reason=reason):
            transport.renew()
            raise Stop.offline(reason)
        case Answered():
            return report
