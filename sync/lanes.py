"""Several streams at once: plain threads, a connection each, that take tasks off one queue until nothing is left."""

import datetime as dt
import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bnhelper.domain.custody import FILE_DAMAGED, OutboxState
from bnhelper.domain.sealed import InLine, OutboxItem
from bnhelper.vault.sealed_file import SealedFileDamaged
from sync.delivery import Delivery, OpenFiles, Progress, Transport
from sync.engine.backoff import wait_s
from sync.engine.blame import Blame
from sync.engine.ending import Ending
from sync.engine.line import Line
from sync.engine.orders import Send
from sync.engine.schedule import Kind, Missing, Task, Waiting, all_on_their_way, next_task
from sync.engine.verdicts import LINE_LOST, Stop, Why
from sync.keeper import Keeper
from sync.wire.problems import ProblemCode

_log = logging.getLogger(__name__)
_LOOK_EVERY_S = 0.25
_READ_AGAIN_S = 1.0  #: what is sealed meanwhile is seen within this
#: So often a province may ask for files that it was sent in the same run.
_MOST_PROOFS = 3
_BREAKS_HERE = "line-breaks-here"
#: The province got other bytes than were sealed: changed on the way, where they are sent again, or broken here.
_NOT_THE_BYTES = frozenset({FILE_DAMAGED, ProblemCode.DIGEST_MISMATCH.value, ProblemCode.SHA256_MISMATCH.value})
_NAMED = frozenset({"elsewhere", "storage-full"})  #: failures that a person is told of by name when it is their turn
_MOST_ASKED_S = 500  #: what is put off for longer than ten minutes was put off by a wrong clock (`store.outbox`)


@dataclass(frozen=True, slots=True)
class Shipped:
    """What one run of the streams came to."""

    sent: int
    held: int
    put_off: int  #: items that failed and are tried again by themselves


class Lanes:
    """The streams of one runner. What the province said it lacks is remembered from run to run."""

    def __init__(
        self,
        keeper: Keeper,
        line: Line,
        files: OpenFiles,
        blame: Blame,
        ending: Ending,
        *,
        connect: Callable[[int], Transport],
        begun: Callable[[OutboxItem], None],
        progress: Progress,
        is_over: Callable[[], bool],
        between: Callable[[Transport], None],
    ) -> None:
        """`connect` gives the connection of a stream, counted from 0.

        `begun` and `progress` are told from the streams' threads. `is_over` says that a person asked to stop;
        `between` is called by the first stream between its tasks, to ask for news.
        """
        self._keeper = keeper
        self._line = line
        self._files = files
        self._blame = blame
        self._ending = ending
        self._connect = connect
        self._begun = begun
        self._progress = progress
        self._is_over = is_over
        self._between = between
        self._changed = threading.Condition()
        self._missing: dict[int, set[str]] = {}
        self._proofs: dict[int, int] = {}
        #: files that were sent whole and are missing all the same
        self._lost: set[str] = set()
        self._running: dict[int, Task] = {}
        self._alive: dict[int, threading.Thread] = {}
        self._transports: dict[int, Transport] = {}
        self._read: list[InLine] = []
        self._read_at: float | None = None
        self._stop: Stop | None = None
        self._sent = self._held = self._put_off = 0
        self._run = 0  #: counts the runs
        #: whether photos may go; they wait where the link is paid by the byte
        self.has_files = True

    @property
    def count(self) -> int:
        """How many streams are at work."""
        return len(self._alive)

    def run(self) -> Shipped:
        """Send until nothing is left that could be sent now. Raises Stop when the line must rest."""
        self._stop, self._sent, self._held, self._put_off, self._read_at = None, 0, 0, 0, None
        self._run += 1
        with self._changed:
            while True:
                while (task := self._more_work()) is not None:
                    is_first = not self._alive
                    self._begin_another(task)
                    if is_first and task.kind is Kind.TEXT:
                        self._connect_others()
                if not self._alive:
                    break
                self._changed.wait(_LOOK_EVERY_S)
        self._keeper.put_all_back()
        if self._stop is not None:
            raise self._stop
        return Shipped(self._sent, self._held, self._put_off)

    def abort(self) -> None:
        """Break off whatever is under way, from any thread."""
        for one in list(self._transports.values()):
            one.abort()

    # --- the queue, under the lock -------------------------------------------------------------------------

    def _more_work(self) -> Task | None:
        is_wanted = len(self._alive) < self._line.streams() and self._stop is None and not self._is_over()
        return self._next() if is_wanted else None

    def _begin_another(self, task: Task | None) -> None:
        number = next(one for one in range(len(self._alive) + 1) if one not in self._alive)
        self._alive[number] = threading.Thread(target=self._lane, args=(number,), name=f"sync-{number}", daemon=True)
        if task is not None:
            self._running[number] = task  # so that the next look already sees it taken
        self._alive[number].start()

    def _connect_others(self) -> None:
        """Make the other connections while the first text is being answered: its photos then go at once."""
        files = sum(len(one.files) for one in self._in_line()) if self.has_files else 0
        for _ in range(min(files, self._line.streams()) - 1):
            self._begin_another(None)

    def _in_line(self) -> list[InLine]:
        """Return what waits, as read within the last second: every stream asks after every task of any."""
        now = time.monotonic()
        if self._read_at is None or now - self._read_at > _READ_AGAIN_S:
            self._read, self._read_at = self._keeper.in_line(), now
        return self._read

    def _next(self) -> Task | None:
        now = self._keeper.clock.now()
        waiting = []
        for one in self._in_line():
            known = self._missing.get(one.outbox)
            missing = None if known is None else [Missing(sha, left) for sha, left in one.files if sha in known]
            age_s = (now - one.sealed_at).total_seconds()
            waiting.append(Waiting(one.outbox, missing, age_s, self._blame.doubts(one.outbox)))
        running = list(self._running.values())
        task = next_task(waiting, running, has_files=self.has_files)
        self._ending.nothing_else_waits(all_on_their_way(waiting, [*running, *([task] if task is not None else [])]))
        return task

    def _take(self, number: int) -> Task | None:
        """Return the next task of a stream, or None when it is not wanted any more."""
        with self._changed:
            first = self._running.get(number)
            if first is not None:
                return first
            while self._goes_on(number):
                task = self._next()
                if task is not None:
                    self._running[number] = task
                    self._changed.notify_all()
                    return task
                if not self._running:
                    self._changed.notify_all()
                    break
                self._changed.wait(1.0)
            return None

    def _goes_on(self, number: int) -> bool:
        return self._stop is None and not self._is_over() and number < self._line.streams()

    # --- one stream ----------------------------------------------------------------------------------------

    def _lane(self, number: int) -> None:
        try:
            transport = self._connect(number)
            self._transports[number] = transport
            if number not in self._running:
                transport.perform(Send("HEAD", "/v1/ping"))  # there is nothing to do yet: a connection, for later
            goes_on = partial(self._goes_on, number)
            delivery = Delivery(
                self._keeper,
                transport,
                self._line,
                self._files,
                self._ending,
                progress=self._progress,
                goes_on=goes_on,
            )
            failed_at: float | None = None
            while (task := self._take(number)) is not None:
                try:
                    if number == 0 and task.kind is Kind.FILE:
                        self._between(transport)  # a proof, which ends a dossier, does not wait for news
                    self._do(delivery, task)
                except Stop as stop:
                    failed_at = self._stopped(transport, task, stop, failed_at)
                finally:
                    self._over(number)
        except Exception:
            _log.exception("bug in a stream")
            self._end(Stop(Why.BUSY, "bug", after_s=60))
        finally:
            with self._changed:
                self._running.pop(number, None)
                self._alive.pop(number, None)
                self._changed.notify_all()

    def _over(self, number: int) -> None:
        with self._changed:
            self._running.pop(number, None)
            self._changed.notify_all()

    def _do(self, delivery: Delivery, task: Task) -> None:
        item = self._keeper.find(task.outbox)
        if item is None or (item.state is not OutboxState.SENDING and not self._keeper.begin(item)):
            with self._changed:  # out of the line since it was read: opened again, or proved or held by another road
                self._read_at = None
            return
        self._begun(item)
        try:
            if task.kind is Kind.FILE:
                self._file(delivery, item, task.sha256)
            else:
                self._text(delivery, item, task.kind)
        except Stop as stop:
            if stop.why not in {Why.LATER, Why.HELD}:
                if not self._is_its_own(item, task.kind, stop):
                    raise
                stop = Stop(Why.LATER, _BREAKS_HERE, detail=stop.code)
            self._set_aside(item, task.kind, self._about_file(item, stop) if task.kind is Kind.FILE else stop)
        except SealedFileDamaged:
            self._set_aside(item, task.kind, Stop(Why.HELD, FILE_DAMAGED))
        except Exception:
            _log.exception("bug while sending one item")  # no values of a dossier are in a traceback
            self._set_aside(item, task.kind, Stop(Why.LATER, "bug"))

    def _about_file(self, item: OutboxItem, stop: Stop) -> Stop:
        """Return what a failure over a file means for a person: whether it is to be taken again."""
        if stop.code in _NOT_THE_BYTES and self._keeper.is_damaged(item):
            return Stop(Why.HELD, FILE_DAMAGED)
        if stop.code in {"invalid", FILE_DAMAGED}:  # the text was taken, the file is whole: there is nothing to mend
            return Stop(stop.why, "file-refused", detail=stop.detail)
        return stop

    def _is_its_own(self, item: OutboxItem, kind: Kind, stop: Stop) -> bool:
        """Tell whether a failure that looks like the line's is this item's: it would keep all others from going.

        A worker that dies of one text, a guard before the province that does not like what is in it. A heavy file that
        a bad line cannot carry is never to blame.
        """
        if self._stop is not None or self._is_over() or stop.why is Why.LOGIN:
            return False  # another stream broke this one off, or a person did
        self._blame.broke(item.id, self._run)
        is_heavy = kind is Kind.FILE and stop.why is Why.OFFLINE
        return not is_heavy and stop.why is not Why.BUSY and self._blame.is_its_own(item.id, kind)

    def _text(self, delivery: Delivery, item: OutboxItem, kind: Kind) -> None:
        if kind is Kind.PROOF:
            self._keeper.confirming(item)
        verdict = delivery.put(item)
        missing = {file.sha256 for file in item.files} & set(verdict.missing)
        if not missing:
            delivery.prove(item, verdict)
            self._proved(item, kind)
            return
        with self._changed:
            if kind is Kind.PROOF:
                self._proofs[item.id] = self._proofs.get(item.id, 0) + 1
                self._lost |= missing
            if self._proofs.get(item.id, 0) < _MOST_PROOFS:
                self._missing[item.id] = set(missing)
                return
        raise Stop(Why.LATER, "no-progress")

    def _file(self, delivery: Delivery, item: OutboxItem, sha256: str) -> None:
        file = next(one for one in item.files if one.sha256 == sha256)
        receipts = delivery.upload(item, file, is_anew=sha256 in self._lost)
        if receipts is None:
            return
        self._blame.passed(item.id, Kind.FILE)
        with self._changed:
            self._lost.discard(sha256)
            for missing in self._missing.values():
                missing.discard(sha256)
            # Another stream that waits for the answer to a file of this item leaves the proof to be asked for.
            is_last = not self._missing.get(item.id) and self._is_alone(item)
        if is_last and delivery.is_proved_by(item, receipts):
            self._proved(item, Kind.PROOF)

    def _is_alone(self, item: OutboxItem) -> bool:
        """Tell, under the lock, whether one stream alone works at an item."""
        return sum(task.outbox == item.id for task in self._running.values()) == 1

    def _proved(self, item: OutboxItem, kind: Kind) -> None:
        self._blame.passed(item.id, kind)
        self._forget(item)
        self._sent += 1
        self._progress(item, "", 0)

    def _set_aside(self, item: OutboxItem, kind: Kind, stop: Stop) -> None:
        """Let the others go on: the item waits for its time, or for a person."""
        tries = item.attempts + 1
        is_held = stop.why is Why.HELD
        if is_held and stop.code == FILE_DAMAGED:
            self._keeper.hold_damaged(item)
        elif is_held:
            self._keeper.hold(item, stop.code, stop.detail)
        elif self._blame.is_poison(item.id, kind, tries, is_sure=stop.code != _BREAKS_HERE):
            is_held = True
            said = (stop.code, "") if stop.code in _NAMED else ("poison", stop.code)
            self._keeper.hold(item, *said)
        else:
            asked = min(stop.after_s, _MOST_ASKED_S) * (1 + 0.1 * random.random())
            pause = max(asked, wait_s(tries, random.random()))
            self._put_off += 1
            self._keeper.put_off(item, self._keeper.clock.now() + dt.timedelta(seconds=pause))
        self._held += is_held
        self._forget(item)  # only now: whoever reads the line before would find it due, and try it at once again

    def _forget(self, item: OutboxItem) -> None:
        with self._changed:
            self._missing.pop(item.id, None)
            self._proofs.pop(item.id, None)
            self._read_at = None  # it may not wait any more

    # --- the line ------------------------------------------------------------------------------------------

    def _stopped(self, transport: Transport, task: Task, stop: Stop, failed_at: float | None) -> float:
        """Judge a failure of the line; return when it was.

        One connection that broke says little: it may have been reset, or its NAT entry forgotten. Only when nothing
        at all was answered between two failures of a stream is the line lost, for everybody.
        """
        now = time.monotonic()
        if stop.why is Why.OFFLINE:
            transport.renew()
            is_first = failed_at is None or self._line.answered_at > failed_at
            if is_first and not self._is_over():
                _log.info("a stream broke (%s, %s), and begins anew", task.kind, stop.code)
                return now
        self._end(stop)
        return now

    def _end(self, stop: Stop) -> None:
        with self._changed:
            if self._stop is None:
                self._stop = stop
            self._changed.notify_all()
        if stop.why in LINE_LOST:
            self.abort()  # nobody waits out a time-out over a line that is known to be gone
