"""Hears news as it happens: one request that the province holds until there is some, over a connection of its own."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from sync.delivery import Transport
from sync.engine.verdicts import Stop
from sync.news import News

_log = logging.getLogger(__name__)
_LOOK_EVERY_S: Final = 1.0  #: whether it is wanted by now
_REST_S: Final = 30.0  #: after a line that broke, or a province that does not wait


class Watch:
    """Waits beside the runner, whose rounds go on asking too: it only makes news quicker."""

    def __init__(
        self,
        news: News,
        connect: Callable[[], Transport],
        *,
        wait_s: int,
        is_wanted: Callable[[], bool],
        arrived: Callable[[], None],
    ) -> None:
        """`is_wanted` says that the line is there and costs nothing; `arrived` is told from the watch's thread."""
        self._news = news
        self._connect = connect
        self._wait_s = wait_s
        self._is_wanted = is_wanted
        self._arrived = arrived
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="sync-news", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End it before long; whoever wants it at once breaks its connection too."""
        self._over.set()

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def _loop(self) -> None:
        while not self._over.is_set():
            if not self._is_wanted():
                self._over.wait(_LOOK_EVERY_S)
                continue
            began = time.monotonic()
            try:
                news = self._news.pull(self._connect(), wait_s=self._wait_s)
            except Stop:
                self._connect().renew()  # the runner finds out what the line is like
                self._over.wait(_REST_S)
                continue
            except Exception:
                _log.exception("bug while waiting for news")
                self._over.wait(_REST_S)
                continue
            if news:
                self._arrived()
            elif time.monotonic() - began < _LOOK_EVERY_S:
                self._over.wait(_REST_S)  # a province that does not hold requests is not asked all the time
