"""Asks the province's public look-up for one dossier's status, as anybody may who holds the slip."""

import threading

from bnhelper.domain.seen_status import SeenStatus, told_by_province
from sync.engine.orders import Send
from sync.engine.reports import Answered
from sync.transport.enrolment import ProvinceSilent
from sync.transport.https import HttpsTransport
from sync.wire.look_up import LookUpAnswer
from sync.wire.model import NotTheContract

_WITHIN_S = 5.0


class LookUp:
    """One province's look-up. No device, no token of ours: what is asked is what the slip itself opens."""

    def __init__(self, url: str, certificate_sha256: str | None) -> None:
        self._url = url
        self._certificate = certificate_sha256
        self._lock = threading.Lock()
        self._asking: HttpsTransport | None = None

    def ask(self, token: str) -> SeenStatus | None:
        """Return what the province says of a slip's token, None where it knows no such dossier. Raises ProvinceSilent.

        Whatever is not the province's own plain answer counts as silence: a portal, a page, a state unknown to us,
        and the word to wait, too.
        """
        transport = HttpsTransport(self._url, device="kiosk", certificate_sha256=self._certificate)
        with self._lock:
            self._asking = transport
        try:
            report = transport.perform(Send("GET", f"/t/{token}", {"Accept": "application/json"}), within_s=_WITHIN_S)
        finally:
            with self._lock:
                self._asking = None
            transport.close()
        if not isinstance(report, Answered):
            raise ProvinceSilent
        if report.status == 404:
            return None
        if report.status != 200:
            raise ProvinceSilent
        try:
            said = LookUpAnswer.read(report.body)
        except NotTheContract as wrong:
            raise ProvinceSilent from wrong
        seen = told_by_province(said.state, said.changed_at)
        if seen is None:
            raise ProvinceSilent
        return seen

    def stop(self) -> None:
        """Break off what is being asked, from any thread: nobody waits for it any more."""
        with self._lock:
            asking = self._asking
        if asking is not None:
            asking.abort()
