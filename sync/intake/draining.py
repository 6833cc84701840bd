"""Ends a worker without ending what it has begun: told to stop, it says so first and lets go of its port later.

uvicorn lets requests under way end by themselves. What it does not know: that whoever deals out requests has to see
`ready` fail before the port is gone, and that a request which only waits for news can be answered now.
"""

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncIterator, Callable
from types import FrameType
from typing import Any, Final

from starlette.applications import Starlette

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_Handler = Callable[[int, FrameType | None], Any]


class Draining:
    """Whether this worker is about to leave, from the moment it is told to."""

    def __init__(self, seconds: float = 0.0) -> None:
        """`seconds` is how long the port stays open after that; a second signal closes it."""
        self._seconds = seconds
        self._told = asyncio.Event()

    @property
    def has_begun(self) -> bool:
        return self._told.is_set()

    async def within(self, seconds: float) -> bool:
        """Wait so long at most; tell whether the worker is about to leave."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._told.wait(), seconds)
        return self.has_begun

    @contextlib.asynccontextmanager
    async def while_serving(self, _app: Starlette) -> AsyncIterator[None]:
        """Stand between the signals and the server for as long as it runs (ASGI lifespan)."""
        if threading.current_thread() is not threading.main_thread():
            yield  # signals are the main thread's
            return
        before = {one: signal.getsignal(one) for one in _SIGNALS}
        for one, handler in before.items():
            if callable(handler):
                signal.signal(one, self._standing_before(handler, asyncio.get_running_loop()))
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _standing_before(self, server: _Handler, loop: asyncio.AbstractEventLoop) -> _Handler:
        def told(number: int, frame: FrameType | None) -> None:
            if self.has_begun or not self._seconds:
                server(number, frame)
            else:
                loop.call_soon_threadsafe(loop.call_later, self._seconds, server, number, None)
            loop.call_soon_threadsafe(self._told.set)

        return told


def end_well() -> None:
    """Let a process that was told to stop, and did, end with 0: uvicorn raises the signal again when it is done."""
    for one in _SIGNALS:
        signal.signal(one, lambda _number, _frame: None)
