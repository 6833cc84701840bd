"""What comes back: statuses, supplements, results, and what the province turns out to lack."""

import datetime as dt
import logging
import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, TypeVar

from sync.delivery import Transport, run
from sync.engine.backoff import wait_s
from sync.engine.pull_changes import fetch_piece, pull_changes, reconcile
from sync.engine.verdicts import Stop, Why
from sync.keeper import Keeper
from sync.transport.enrolment import successions
from sync.wire.changes import ChangesPage, HeldByDevice

_log = logging.getLogger(__name__)
_RECONCILE_EVERY: Final = dt.timedelta(hours=12)
_RECONCILE_PAGE: Final = 200
_NEWEST: Final = 50  #: revisions that are named with every opening of the machine: 7 kB at most
_SMALL: Final = 256 * 1024  #: a result of this size comes also where the link is paid by the byte
Outcome = TypeVar("Outcome")


class News:
    """Asks the province by cursor, page by page: an interrupted pull goes on after the last page that was kept."""

    def __init__(
        self,
        keeper: Keeper,
        *,
        is_over: Callable[[], bool],
        arrived: Callable[[], None],
        has_time: Callable[[], bool] = lambda: True,
        has_files: Callable[[], bool] = lambda: True,
    ) -> None:
        """Ask through `keeper`, until `is_over`.

        `has_time` says that nothing waits to be sent, so that a file may go on coming; `has_files` that files may come
        at all: where the link is paid by the byte, only small ones do.
        """
        self._keeper = keeper
        self._has_time = has_time
        self._has_files = has_files
        #: what came of the one file that is being fetched: its hash and its first bytes
        self._partly: tuple[str, bytes] = ("", b"")
        self._is_over = is_over
        self._arrived = arrived
        #: result files that were not what was announced: how often, and when to ask again
        self._wrong_results: dict[str, tuple[int, dt.datetime]] = {}
        #: a look back is due: with the machine's opening, and when the province has forgotten how far the feed was read
        self._looks_back, self._looks_at_all = True, False

    def pull(self, transport: Transport, *, wait_s: int = 0) -> int:
        """Ask for everything that is new, waiting so long for the first of it; return how much it was. Raises Stop."""
        news = 0
        while not self._is_over():
            cursor = self._keeper.cursor()
            try:
                page = run(transport, pull_changes(cursor, wait_s=0 if news else wait_s))
            except Stop as stop:
                if stop.code != "cursor-expired" or not cursor:
                    raise
                self._keeper.feed_begins_anew()
                self._looks_back = self._looks_at_all = True  # it may have forgotten dossiers too
                continue
            if page is not None:
                self._prove(transport, page)
            news += self._keeper.heard(page, cursor)
            if page is None or not page.more or not self._has_time():
                break  # what was sealed meanwhile does not wait for a month of news
        return news

    def _prove(self, transport: Transport, page: ChangesPage) -> None:
        """Keep the receipts in a page, asking once for the province's newer keys; before its cursor is kept."""
        if not self._keeper.proved_by_feed(page) and self._keeper.learn_keys(successions(transport)):
            self._keeper.proved_by_feed(page)

    def fetch_results(self, transport: Transport) -> None:
        """Fetch the result files that were announced; one that is wrong is asked for more and more rarely.

        A file that a line broke over, or that gave way to something to be sent, goes on from where it was.
        """
        now = self._keeper.clock.now()
        wanted = self._keeper.results_wanted()
        for dossier, sha256, size, media_type in sorted(wanted, key=lambda one: one[1] != self._partly[0]):
            tries, not_before = self._wrong_results.get(sha256, (0, now))
            if now < not_before or not (self._has_files() or size <= _SMALL):
                continue
            content = _try(partial(self._file, transport, sha256, size))
            if content is None:
                if not self._has_time() or self._is_over():
                    break
                continue
            if self._keeper.keep_result(dossier, sha256, media_type, content):
                self._arrived()
            else:
                pause = dt.timedelta(seconds=max(60.0, wait_s(tries + 6, random.random())))
                self._wrong_results[sha256] = (tries + 1, now + pause)
                self._keeper.result_is_wrong(dossier)
                _log.warning("a result file that is not the announced one was left aside, %d times", tries + 1)

    def _file(self, transport: Transport, sha256: str, size: int) -> bytes | None:
        """Return a whole file, None where it gave way; what came is remembered. Raises Stop."""
        known, content = self._partly
        content = content if known == sha256 else b""
        while len(content) < size:
            if self._is_over() or not self._has_time():
                return None
            asked = len(content)
            begin, piece = run(transport, fetch_piece(sha256, asked, size))
            content = content[:begin] + piece
            self._partly = sha256, content
            if begin < asked:
                break  # whoever begins anew knows no pieces: there is no more, and the hash tells what it is worth
        self._partly = "", b""
        return content

    def reconcile(self, transport: Transport) -> None:
        """Tell the province, twice a day, what this device believes it holds; what it lacks is sent again.

        A machine is opened twenty times a day, and 300 dossiers cost 40 kB each time: in between only the newest are
        named, which a province that went back to a backup lacks first. Where it lacks one, all are.
        """
        now = self._keeper.clock.now()
        last = self._keeper.looked_back_at()
        if last is None or abs(now - last) >= _RECONCILE_EVERY:
            self._looks_back = self._looks_at_all = True
        if self._looks_back:
            _try(partial(self._compare, transport))

    def _compare(self, transport: Transport) -> None:
        if not self._looks_at_all:
            self._looks_at_all = self._lacks(transport, self._keeper.believed(_RECONCILE_PAGE, newest=_NEWEST)) > 0
        if self._looks_at_all:
            self._lacks(transport, self._keeper.believed(_RECONCILE_PAGE))
            self._keeper.looked_back()
        self._looks_back = self._looks_at_all = False

    def _lacks(self, transport: Transport, pages: Iterator[list[HeldByDevice]]) -> int:
        return sum(self._keeper.lacking(run(transport, reconcile(page))) for page in pages)


def _try(work: Callable[[], Outcome]) -> Outcome | None:
    """Do what must not keep the rest from going on: None when the province refused it. Raises Stop for the line."""
    try:
        return work()
    except Stop as stop:
        if stop.why not in {Why.LATER, Why.HELD}:
            raise
        _log.info("passed over: %s", stop.why)
        return None
