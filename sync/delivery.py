"""Carries out one task over one connection: sends a text or a file, and takes nothing but a signed receipt as proof."""

import contextlib
import time
from collections.abc import Callable, Generator
from typing import Final, Protocol, TypeVar

from bnhelper.domain.sealed import OutboxFile, OutboxItem, Upload
from bnhelper.ids import Sha256
from bnhelper.vault.sealed_file import SealedFile, SealedFileDamaged
from sync.engine.ending import Ending
from sync.engine.line import Line
from sync.engine.orders import Send
from sync.engine.put_revision import put_revision
from sync.engine.reports import Answered, Report
from sync.engine.upload_blob import FOLDED_IN_SLOWLY, Confirmed, upload_blob
from sync.engine.verdicts import Stop, Why
from sync.keeper import Keeper
from sync.transport.enrolment import successions
from sync.wire.blobs import FOLDED_IN
from sync.wire.dossiers import RevisionVerdict
from sync.wire.receipts import ReceiptDoesNotHold, Verify, proved

Outcome = TypeVar("Outcome")
#: Where an upload lives is kept before anything else goes; how far it is need not be kept for every piece of a quick
#: line, since whoever goes on asks the other side first.
_KEEP_EVERY_S: Final = 1.0
#: outbox id, SHA-256 of the file, bytes of it that are confirmed
Progress = Callable[[OutboxItem, str, int], None]


class Transport(Protocol):
    """What performs orders over one connection."""

    bytes_sent: dict[str, int]

    def perform(self, order: Send, *, within_s: float | None = None) -> Report: ...

    def renew(self) -> None: ...

    def abort(self) -> None: ...

    def close(self) -> None: ...


class OpenFiles:
    """The files that are being sent now; the transports read their bytes from here."""

    def __init__(self) -> None:
        self._open: dict[str, SealedFile] = {}
        #: where the last attempt on a file was cut
        self.cut_at: dict[str, int] = {}

    def read_at(self, sha256: str, offset: int, size: int) -> bytes:
        return self._open[sha256].read_at(offset, size)

    def opened(self, sha256: str, file: SealedFile) -> None:
        self._open[sha256] = file

    def closed(self, sha256: str) -> None:
        self._open.pop(sha256, None)


def run(transport: Transport, exchange: Generator[Send, Report, Outcome]) -> Outcome:
    """Run an exchange to its end over a transport. Raises Stop."""
    report: Report | None = None
    while True:
        try:
            order = exchange.send(report) if report is not None else next(exchange)
        except StopIteration as done:
            outcome: Outcome = done.value
            return outcome
        report = transport.perform(order)


class Delivery:
    """Sends what one stream is given; what it learns is kept before it goes on."""

    def __init__(
        self,
        keeper: Keeper,
        transport: Transport,
        line: Line,
        files: OpenFiles,
        ending: Ending,
        *,
        progress: Progress,
        goes_on: Callable[[], bool],
    ) -> None:
        """`goes_on` is asked between pieces: whether this stream is still wanted."""
        self._keeper = keeper
        self._transport = transport
        self._line = line
        self._files = files
        self._ending = ending
        self._progress = progress
        self._goes_on = goes_on

    def put(self, item: OutboxItem) -> RevisionVerdict:
        """Send the sealed text; again is harmless, and asks what is still missing. Raises Stop."""
        return run(
            self._transport,
            put_revision(
                dossier=item.dossier,
                revision=item.revision,
                body=item.envelope,
                signature=item.signature,
                kind=item.kind,
            ),
        )

    def prove(self, item: OutboxItem, verdict: RevisionVerdict) -> None:
        """Keep the receipt if it proves that this revision and every file of it arrived. Raises Stop otherwise."""
        if verdict.receipt is None:
            raise Stop(Why.LATER, "no-receipt")
        try:
            self._prove(item, verdict.receipt, self._verify)
        except ReceiptDoesNotHold as wrong:
            raise Stop(Why.LATER, "receipt-does-not-hold") from wrong

    def is_proved_by(self, item: OutboxItem, receipts: str) -> bool:
        """Tell whether a receipt that came with the last file proves the item, and keep it then.

        Whatever does not hold is as if nothing had been said: the province is asked as ever.
        """
        for one in filter(None, receipts.split(",")):
            with contextlib.suppress(ReceiptDoesNotHold):
                self._prove(item, one, self._keeper.verify)
                return True
        return False

    def _prove(self, item: OutboxItem, jws: str, verify: Verify) -> None:
        receipt = proved(
            jws,
            verify,
            issuer=self._keeper.server,
            dossier=item.dossier,
            revision=item.revision,
            envelope=item.envelope_sha256,
            blobs={file.sha256: file.size for file in item.files},
        )
        self._keeper.proved(item, jws, receipt)

    def _verify(self, token: str) -> bytes:
        """Return what a token of the province says, asking for its newer keys once. Raises ValueError, Stop."""
        try:
            return self._keeper.verify(token)
        except ValueError:
            if not self._keeper.learn_keys(successions(self._transport)):
                raise
            return self._keeper.verify(token)

    def upload(self, item: OutboxItem, file: OutboxFile, *, is_anew: bool = False) -> str | None:
        """Send a file from its confirmed byte; return None when told to leave off. Raises Stop, SealedFileDamaged.

        Returns the receipts that the last answer brought, if any (`is_proved_by`). `is_anew` sends it from its first
        byte: the province lost what it had confirmed.
        """
        sha256 = file.sha256
        ledger = self._keeper.upload_of(sha256)
        province = self._keeper.province
        acked = ledger.offset if ledger is not None else 0
        counted = self._transport.bytes_sent.get(sha256, 0)
        receipts = ""
        exchange = upload_blob(
            sha256=sha256,
            size=file.size,
            media_type=file.media_type,
            dossier=item.dossier,
            url=ledger.url if ledger is not None else None,
            base=province.url if province is not None else "",
            chunk=self._line.piece,
            folded_in=self._folded_in() if ledger is None and not file.bytes_sent else 0,
            is_anew=is_anew,
        )
        with self._keeper.open_file(item, sha256) as opened:
            if opened.size != file.size:  # a body shorter than was said would look like a line that breaks
                raise SealedFileDamaged
            self._files.opened(sha256, opened)
            self._ending.stands(sha256, file.size - acked)
            kept_at = float("-inf")
            try:
                report: Report | None = None
                while True:
                    step = exchange.send(report) if report is not None else next(exchange)
                    if isinstance(step, Confirmed):
                        sent = self._transport.bytes_sent.get(sha256, 0)
                        now = time.monotonic()
                        self._judge_piece(sha256, step.offset, acked)
                        self._line.confirmed(now, max(0, step.offset - acked))
                        acked, receipts = step.offset, step.receipts
                        self._ending.stands(sha256, file.size - acked)
                        if acked >= file.size or now - kept_at >= _KEEP_EVERY_S:
                            self._keeper.note_upload(item, sha256, Upload(step.url, acked, None), sent - counted)
                            counted, kept_at = sent, now
                        self._progress(item, sha256, acked)
                        if acked < file.size and not self._goes_on():
                            return None
                        report = Answered(0, {}, b"")
                    else:
                        report = self._transport.perform(step)
            except StopIteration:
                return receipts
            except Stop as stop:
                if stop.why is Why.OFFLINE and self._transport.bytes_sent.get(sha256, 0) > counted:
                    self._files.cut_at[sha256] = acked
                    self._line.cut(time.monotonic())
                raise
            finally:
                self._files.closed(sha256)
                self._ending.over(sha256)
                sent = self._transport.bytes_sent.get(sha256, 0)
                if sent != counted:
                    self._keeper.note_sent(item, Sha256(sha256), acked, sent - counted)

    def _folded_in(self) -> int:
        """Return how much of a file its creation brings along: little where a cut is likely, since that is lost."""
        return FOLDED_IN if self._line.is_steady and self._line.streams() > 1 else FOLDED_IN_SLOWLY

    def _judge_piece(self, sha256: str, offset: int, before: int) -> None:
        """Learn from what was kept of a piece that was cut: nothing means that something wants them whole."""
        cut_at = self._files.cut_at.pop(sha256, None)
        if cut_at is not None and offset <= cut_at:
            self._line.piece_lost()
        elif offset > before:
            self._line.piece_over()
