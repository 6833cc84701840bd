"""What comes back: statuses, supplements, results, and what the province turns out to lack."""

import datetime as dt
import logging
import random
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from bnhelper.ids import Sha256
from sync.delivery import Transport, run
from sync.engine.backoff import wait_s
from sync.engine.pull_changes import fetch_file, pull_changes, reconcile
from sync.engine.verdicts import Stop, Why
from sync.keeper import Keeper

_log = logging.getLogger(__name__)
_RECONCILE_EVERY: Final = dt.timedelta(hours=12)
_RECONCILE_PAGE: Final = 200
Outcome = TypeVar("Outcome")


class News:
    """Asks the province by cursor, page by page: an interrupted pull goes on after the last page that was kept."""

    def __init__(self, keeper: Keeper, *, is_over: Callable[[], bool], arrived: Callable[[], None]) -> None:
        self._keeper = keeper
        self._is_over = is_over
        self._arrived = arrived
        #: result files that were not what was announced: how often, and when to ask again
        self._wrong_results: dict[str, tuple[int, dt.datetime]] = {}
        self._reconciled_at: dt.datetime | None = None

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
                self._reconciled_at = None  # a province that forgot cursors may have forgotten dossiers too
                continue
            news += self._keeper.heard(page, cursor)
            if page is None or not page.more:
                break
        return news

    def fetch_results(self, transport: Transport) -> None:
        """Fetch the result files that were announced; one that is wrong is asked for more and more rarely."""
        now = self._keeper.clock.now()
        for dossier, sha256, _size, media_type in self._keeper.results_wanted():
            tries, not_before = self._wrong_results.get(sha256, (0, now))
            if now < not_before:
                continue
            content = _try(partial(run, transport, fetch_file(Sha256(sha256))))
            if content is None:
                continue
            if self._keeper.keep_result(dossier, sha256, media_type, content):
                self._arrived()
            else:
                pause = dt.timedelta(seconds=max(60.0, wait_s(tries + 6, random.random())))
                self._wrong_results[sha256] = (tries + 1, now + pause)
                self._keeper.result_is_wrong(dossier)
                _log.warning("a result file that is not the announced one was left aside, %d times", tries + 1)

    def reconcile(self, transport: Transport) -> None:
        """Tell the province, twice a day, what this device believes it holds; what it lacks is sent again."""
        now = self._keeper.clock.now()
        if self._reconciled_at is None or abs(now - self._reconciled_at) >= _RECONCILE_EVERY:
            _try(partial(self._compare, transport))

    def _compare(self, transport: Transport) -> None:
        for page in self._keeper.believed(_RECONCILE_PAGE):
            self._keeper.lacking(run(transport, reconcile(page)))
        self._reconciled_at = self._keeper.clock.now()


def _try(work: Callable[[], Outcome]) -> Outcome | None:
    """Do what must not keep the rest from going on: None when the province refused it. Raises Stop for the line."""
    try:
        return work()
    except Stop as stop:
        if stop.why not in {Why.LATER, Why.HELD}:
            raise
        _log.info("passed over: %s", stop.why)
        return None
