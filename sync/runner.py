"""The one loop: work -> exchange -> transport -> keeper; tells listeners in plain calls."""

import datetime as dt
import logging
import random
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, TypeVar

from bnhelper.domain.sealed import OutboxFile, OutboxItem, Upload
from bnhelper.domain.sending import Gate, LinkState
from bnhelper.ids import Sha256
from bnhelper.vault.sealed_file import SealedFile, SealedFileDamaged
from bnhelper.vault.signatures import SignatureDoesNotHold, verified_payload
from sync.engine.backoff import POISON_AFTER, wait_s
from sync.engine.gate import GateState
from sync.engine.orders import Send
from sync.engine.pull_changes import fetch_file, pull_changes, reconcile
from sync.engine.put_revision import put_revision
from sync.engine.reports import Answered, NotTheProvince, Report, Silent
from sync.engine.schedule import Job, in_order
from sync.engine.upload_blob import Confirmed, upload_blob
from sync.engine.verdicts import Stop, Why, stop_for
from sync.keeper import Keeper
from sync.transport.https import HttpsTransport
from sync.wire.receipts import ReceiptDoesNotHold, proved

_log = logging.getLogger(__name__)
_LEAST_BETWEEN_TELLING_S: Final = 0.25
_LONGEST_PAUSE_S: Final = 900.0
_WAIT_FOR_A_SICK_PROVINCE_S: Final = 60
_RECONCILE_EVERY: Final = dt.timedelta(hours=12)
Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the runner looks. Tests and the demo are quicker than the field."""

    idle_s: float = 60.0  #: between asking for news while the line is open
    quickest_probe_s: float = 3.0  #: first wait after the line was lost


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the runner knows at this moment; the tables stay the truth about dossiers."""

    link: LinkState = field(default_factory=LinkState)
    sending: int | None = None  #: outbox id on its way
    bytes_acked: int = 0
    bytes_total: int = 0
    round: int = 0  #: counts finished rounds
    outcome: str = ""  #: of the last round: sent, nothing, held, offline, captive, busy, login, not-enrolled, stopped


class Runner:
    """Sends and receives in one plain thread. Made after unlocking, stopped before locking."""

    def __init__(self, keeper: Keeper, pace: Pace | None = None) -> None:
        self._keeper = keeper
        self._pace = pace or Pace()
        self._gate = GateState()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._listeners: list[Callable[[Snapshot], None]] = []
        self._snapshot = Snapshot()
        self._told_at = 0.0
        self._thread: threading.Thread | None = None
        self._transport: HttpsTransport | None = None
        self._transport_for: object = None
        self._files: dict[str, SealedFile] = {}
        #: how often the province did what it should: while it does nothing for anybody, no item is to blame
        self._passes = 0
        self._failing_since: dict[int, int] = {}
        #: result files that were not what was announced: how often, and when to ask again
        self._wrong_results: dict[str, tuple[int, dt.datetime]] = {}
        self._known: set[int] = set()
        self._reconciled_at: dt.datetime | None = None
        self._is_paused = False

    # --- from any thread -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin the loop; what was under way when the program ended is taken up on its thread."""
        self._thread = threading.Thread(target=self._loop, name="sync", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """End the loop; a body on its way is let go after at most 16 KiB, where it stands is already kept."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def wake(self) -> None:
        """There is new work, or the network changed."""
        self._wake.set()

    def sync_now(self) -> None:
        """Try at once, whatever the gate says."""
        with self._lock:
            self._gate = GateState()
            self._is_paused = False
        self._wake.set()

    def pause(self) -> None:
        """Send nothing until asked again."""
        self._is_paused = True

    @property
    def is_paused(self) -> bool:
        return self._is_paused

    def subscribe(self, listener: Callable[[Snapshot], None]) -> None:
        """Call `listener` from the loop's thread whenever something changed, at most four times a second."""
        self._listeners.append(listener)

    def snapshot(self) -> Snapshot:
        return self._snapshot

    # --- the loop ------------------------------------------------------------------------------------------

    def _loop(self) -> None:
        self._keeper.recover()
        while not self._stop.is_set():
            self._wake.clear()
            outcome = self._round() if not self._is_paused else "stopped"
            self._tell(
                is_moving=False, is_checking=False, sending=None, outcome=outcome, round=self._snapshot.round + 1
            )
            self._wake.wait(self._pause_s())
        if self._transport is not None:
            self._transport.close()

    def _pause_s(self) -> float:
        if self._is_paused:
            return _LONGEST_PAUSE_S  # being asked again wakes it
        now = self._keeper.clock.now()
        pause = self._pace.idle_s
        due = self._keeper.next_attempt_at()
        if due is not None:
            pause = min(pause, max(0.05, (due - now).total_seconds()))
        if self._gate.until is not None:
            pause = max(0.05, (self._gate.until - now).total_seconds())
        return min(pause, _LONGEST_PAUSE_S)

    def _round(self) -> str:
        """Do everything that can be done now; return how it ended."""
        if self._keeper.province is None:
            return "not-enrolled"
        if not self._gate.may_try(self._keeper.clock.now()):
            return self._gate.name
        try:
            return self._work(self._connected())
        except Stop as stop:
            self._close_gate(stop)
            return stop.why.value if stop.why in {Why.OFFLINE, Why.CAPTIVE, Why.BUSY, Why.LOGIN} else "nothing"
        except Exception:
            # Ours: a bug must neither end sending for good nor be silent. No values of a dossier are in a traceback.
            _log.exception("bug in a sync round")
            self._gate = GateState("offline", self._keeper.clock.now() + dt.timedelta(seconds=60))
            return "offline"

    def _work(self, transport: HttpsTransport) -> str:
        if self._gate.name != "open":
            self._probe(transport)
        self._try(partial(self._reconcile, transport))
        sent = held = 0
        while not self._stop.is_set():
            items = {item.id: item for item in self._keeper.waiting()}
            if not items:
                break
            now = self._keeper.clock.now()
            jobs = [
                Job(
                    item.id,
                    item.id in self._known,
                    item.bytes_total - sum(file.bytes_acked for file in item.files),
                    (now - item.sealed_at).total_seconds(),
                )
                for item in items.values()
            ]
            was_held, was_sent = self._item(transport, items[in_order(jobs)[0].outbox])
            held, sent = held + was_held, sent + was_sent
        news = self._pull(transport)
        self._fetch_results(transport)
        return "held" if held else "sent" if sent else "news" if news else "nothing"

    def _connected(self) -> HttpsTransport:
        province = self._keeper.province
        assert province is not None
        if self._transport is None or self._transport_for != province:
            self._transport = HttpsTransport(
                province.url,
                device=self._keeper.device,
                token=province.token,
                certificate_sha256=province.certificate_sha256,
                read_at=self._read_at,
                is_stopped=self._stop.is_set,
            )
            self._transport_for = province
        return self._transport

    def _probe(self, transport: HttpsTransport) -> None:
        report = transport.perform(Send("HEAD", "/v1/ping"))
        answer = _answer_of(report)
        if answer.status >= 400:
            stop = stop_for(answer)
            if stop.why in {Why.LATER, Why.HELD}:  # no item is to blame: everybody waits, or the line is asked for ever
                raise Stop(Why.BUSY, stop.code, after_s=_WAIT_FOR_A_SICK_PROVINCE_S)
            raise stop
        self._gate = self._gate.opened()
        self._tell(force=True)

    def _close_gate(self, stop: Stop) -> None:
        now = self._keeper.clock.now()
        self._gate = self._gate.after(stop, now, quickest_s=self._pace.quickest_probe_s, die=random.random())
        _log.info("gate closed: %s", stop.why)

    # --- one item ------------------------------------------------------------------------------------------

    def _item(self, transport: HttpsTransport, item: OutboxItem) -> tuple[bool, bool]:
        """Bring one item as far as it goes; return whether it was held, whether it was proved."""
        self._keeper.begin(item)
        self._tell(is_moving=True, sending=item.id, item=item, force=True)
        try:
            return False, self._send(transport, item)
        except Stop as stop:
            return self._stopped(item, stop), False
        except SealedFileDamaged:
            self._keeper.hold(item, "file-damaged", "")
            return True, False
        except Exception:
            _log.exception("bug while sending one item")
            return self._stopped(item, Stop(Why.LATER, "bug")), False

    def _stopped(self, item: OutboxItem, stop: Stop) -> bool:
        if stop.why is Why.HELD:
            self._keeper.hold(item, stop.code, stop.detail)
            return True
        if stop.why is Why.LATER:
            first = self._failing_since.setdefault(item.id, self._passes)
            if item.attempts + 1 >= POISON_AFTER and self._passes > first:
                self._keeper.hold(item, stop.code if stop.code == "elsewhere" else "poison", stop.code)
                return True
            now = self._keeper.clock.now()
            pause = wait_s(item.attempts + 1, random.random())
            self._keeper.put_off(item, now + dt.timedelta(seconds=pause))
            return False
        self._keeper.put_back(item)
        raise stop

    def _send(self, transport: HttpsTransport, item: OutboxItem) -> bool:
        """Send one item: its text, then what the province lacks, then ask for the proof.

        Returns False when its text is now known and lighter work goes first.
        """
        verdict = self._run(
            transport,
            put_revision(dossier=item.dossier, revision=item.revision, body=item.envelope, signature=item.signature),
        )
        is_first = item.id not in self._known
        self._known.add(item.id)
        missing = [file for file in item.files if file.sha256 in verdict.missing]
        if missing and is_first and len(self._keeper.waiting()) > 1:
            self._keeper.put_back(item)  # texts of the others go before this one's photos
            return False
        for file in missing:
            self._upload(transport, item, file)
        if missing:
            self._keeper.confirming(item)
            verdict = self._run(
                transport,
                put_revision(
                    dossier=item.dossier, revision=item.revision, body=item.envelope, signature=item.signature
                ),
            )
        if verdict.receipt is None:
            raise Stop(Why.LATER, "no-receipt")
        try:
            receipt = proved(
                verdict.receipt,
                self._verify,
                dossier=item.dossier,
                revision=item.revision,
                envelope=item.envelope_sha256,
                blobs={file.sha256: file.size for file in item.files},
            )
        except ReceiptDoesNotHold as wrong:
            raise Stop(Why.LATER, "receipt-does-not-hold") from wrong
        self._keeper.proved(item, verdict.receipt, receipt)
        self._passes += 1
        self._failing_since.pop(item.id, None)
        self._known.discard(item.id)
        self._tell(is_moving=True, force=True)
        return True

    def _verify(self, token: str) -> bytes:
        province = self._keeper.province
        try:
            return verified_payload(token, province.receipt_keys if province is not None else ())
        except SignatureDoesNotHold as wrong:
            raise ValueError("not signed by the province") from wrong

    def _upload(self, transport: HttpsTransport, item: OutboxItem, file: OutboxFile) -> None:
        ledger = self._keeper.upload_of(file.sha256)
        province = self._keeper.province
        acked = ledger.offset if ledger is not None else 0
        counted = transport.bytes_sent.get(file.sha256, 0)
        exchange = upload_blob(
            sha256=file.sha256,
            size=file.size,
            media_type=file.media_type,
            dossier=item.dossier,
            url=ledger.url if ledger is not None else None,
            base=province.url if province is not None else "",
        )
        with self._keeper.open_file(item, file.sha256) as opened:
            self._files[file.sha256] = opened
            try:
                report: Report | None = None
                while True:
                    step = exchange.send(report) if report is not None else next(exchange)
                    if isinstance(step, Confirmed):
                        sent = transport.bytes_sent.get(file.sha256, 0)
                        acked = step.offset
                        self._keeper.note_upload(item, file.sha256, Upload(step.url, acked, None), sent - counted)
                        counted = sent
                        self._tell(is_moving=True, acked=(file.sha256, acked))
                        report = Answered(0, {}, b"")
                    else:
                        report = transport.perform(step)
            except StopIteration:
                pass
            finally:
                del self._files[file.sha256]
                sent = transport.bytes_sent.get(file.sha256, 0)
                if sent != counted:
                    self._keeper.note_sent(item, file.sha256, acked, sent - counted)

    def _read_at(self, sha256: str, offset: int, size: int) -> bytes:
        return self._files[sha256].read_at(offset, size)

    # --- news ----------------------------------------------------------------------------------------------

    def _pull(self, transport: HttpsTransport) -> int:
        self._tell(is_moving=False, is_checking=True)
        news = 0
        while not self._stop.is_set():
            cursor = self._keeper.cursor()
            try:
                page = self._run(transport, pull_changes(cursor))
            except Stop as stop:
                if stop.code != "cursor-expired" or not cursor:
                    raise
                self._keeper.heard(None, "")
                continue
            news += self._keeper.heard(page, cursor)
            self._passes += 1
            if page is None or not page.more:
                break
        self._tell(is_checking=False, force=bool(news))
        return news

    def _fetch_results(self, transport: HttpsTransport) -> None:
        now = self._keeper.clock.now()
        for dossier, sha256, _size, media_type in self._keeper.results_wanted():
            tries, not_before = self._wrong_results.get(sha256, (0, now))
            if now < not_before:
                continue
            content = self._try(partial(self._run, transport, fetch_file(Sha256(sha256))))
            if content is None:
                continue
            if self._keeper.keep_result(dossier, sha256, media_type, content):
                self._tell(force=True)
            else:
                pause = dt.timedelta(seconds=max(60.0, wait_s(tries + 6, random.random())))
                self._wrong_results[sha256] = (tries + 1, now + pause)
                self._keeper.result_is_wrong(dossier)
                _log.warning("a result file that is not the announced one was left aside, %d times", tries + 1)

    def _reconcile(self, transport: HttpsTransport) -> None:
        now = self._keeper.clock.now()
        if self._reconciled_at is not None and now - self._reconciled_at < _RECONCILE_EVERY:
            return
        believed = self._keeper.believed()
        for start in range(0, len(believed), 200):
            self._keeper.lacking(self._run(transport, reconcile(believed[start : start + 200])))
        self._reconciled_at = now

    def _try(self, work: Callable[[], Outcome]) -> Outcome | None:
        """Do what must not keep the rest from going on: None when the province refused it. Raises Stop for the line."""
        try:
            return work()
        except Stop as stop:
            if stop.why not in {Why.LATER, Why.HELD}:
                raise
            _log.info("passed over: %s", stop.why)
            return None

    # --- pieces --------------------------------------------------------------------------------------------

    def _run(self, transport: HttpsTransport, exchange: Generator[Send, Report, Outcome]) -> Outcome:
        report: Report | None = None
        while True:
            try:
                order = exchange.send(report) if report is not None else next(exchange)
            except StopIteration as done:
                outcome: Outcome = done.value
                return outcome
            report = transport.perform(order)

    def _tell(self, *, force: bool = False, item: OutboxItem | None = None, **changes: Any) -> None:
        """Publish a new snapshot; progress inside a file is told at most four times a second."""
        old = self._snapshot
        link = replace(
            old.link,
            gate=Gate(self._gate.name),
            is_moving=changes.pop("is_moving", old.link.is_moving),
            is_checking=changes.pop("is_checking", old.link.is_checking),
            retry_at=self._gate.until,
        )
        acked = changes.pop("acked", None)
        if item is not None:
            changes |= {
                "bytes_total": sum(file.size for file in item.files),
                "bytes_acked": sum(file.bytes_acked for file in item.files),
            }
        if acked is not None:
            changes["bytes_acked"] = acked[1]
        self._snapshot = replace(old, link=link, **changes)
        is_ended = "round" in changes
        now = time.monotonic()
        if not (force or is_ended) and now - self._told_at < _LEAST_BETWEEN_TELLING_S:
            return
        self._told_at = now
        for listener in self._listeners:
            listener(self._snapshot)


def _answer_of(report: Report) -> Answered:

    match report:
        case NotTheProvince():
            raise Stop.captive()
        case Silent(reason=reason):
            raise Stop.offline(reason)
        case Answered():
            return report
