"""The real intake without sockets: requests go straight into the application, and it can die at any commit."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import event

from bnhelper.catalogue.library import Library
from bnhelper.clock import Clock
from sync.engine.orders import FileSlice, Send
from sync.engine.reports import Answered, NotTheProvince, Report, Silent
from sync.intake.app import make_app
from sync.intake.station import Site, open_site
from sync.wire.version import CONTRACT, SERVER_HEADER

Outcome = TypeVar("Outcome")
_BLOCK = 4 * 1024


class Died(BaseException):
    """The power went, or the process was killed: nothing after this point happened."""


class Province:
    """One site below a folder. When it died, only what lies in the folder is left of it."""

    def __init__(self, folder: Path, clock: Clock, library: Library) -> None:
        self.folder, self._clock, self._library = folder, clock, library
        self.dies_at: int | None = None  #: how many commits from now on
        self.start()

    def start(self) -> None:
        site, _ = open_site(self.folder, self._clock)
        self.site: Site = replace(site, library=self._library)
        self._is_dead = False
        event.listen(self.site.engine, "commit", self._committing)
        self._app = make_app(self.site)
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda *_: None)  # of those who died in the middle
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._is_dead = True  # whoever is still at it keeps nothing any more
        asyncio.run_coroutine_threadsafe(_all_ended(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.site.engine.dispose()

    def restart(self) -> None:
        self.stop()
        self.dies_at = None
        self.start()

    def _committing(self, _connection: object) -> None:
        if self.dies_at is not None:
            self.dies_at -= 1
            self._is_dead = self._is_dead or self.dies_at <= 0
        if self._is_dead:
            raise Died

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, is_cut: bool = False) -> Answered:
        """Return the answer to one request; a cut body ends with the line. Raises Died."""
        return self._do(asked(self._app, method, url, headers, body, is_cut=is_cut))

    def _do(self, work: Coroutine[Any, Any, Outcome]) -> Outcome:
        async def until_dead() -> Outcome:
            task = asyncio.ensure_future(work)
            while not task.done():
                await asyncio.wait({task}, timeout=0.02)
                if self._is_dead:
                    task.cancel()
                    break
            if self._is_dead:
                raise _Gone
            return await task

        try:
            return asyncio.run_coroutine_threadsafe(until_dead(), self._loop).result(60)
        except _Gone:
            raise Died from None


class _Gone(Exception):
    """Died, as an event loop can carry it."""


async def _all_ended() -> None:
    """Wait for the threads of what was under way: they may still write, but nothing that is kept."""
    tasks = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
    for one in tasks:
        one.cancel()
    for one in tasks:
        with contextlib.suppress(BaseException):
            await asyncio.wait({one}, timeout=10)
            one.exception()


async def asked(
    app: Any, method: str, url: str, headers: Mapping[str, str], body: bytes, *, is_cut: bool = False
) -> Answered:
    """Return the answer of an application to one request; a cut one ends with half of its body, and nobody hears it."""
    said = urlsplit(url)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": said.path,
        "raw_path": said.path.encode(),
        "query_string": said.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 9),
    }
    sent = body[: len(body) // 2] if is_cut else body
    blocks = [sent[at : at + _BLOCK] for at in range(0, len(sent), _BLOCK)] or [b""]
    status, found, content = 0, {}, bytearray()

    async def receive() -> dict[str, Any]:
        if blocks:
            return {"type": "http.request", "body": blocks.pop(0), "more_body": bool(blocks) or is_cut}
        return {"type": "http.disconnect"}

    async def send(one: dict[str, Any]) -> None:
        nonlocal status, found
        if one["type"] == "http.response.start":
            status = one["status"]
            found = {name.decode().lower(): value.decode("latin-1") for name, value in one["headers"]}
        else:
            content.extend(one.get("body", b""))

    with contextlib.suppress(Exception) if is_cut else contextlib.nullcontext():  # nobody hears how that ends
        await app(scope, receive, send)
    return Answered(status, found, bytes(content))


#: What becomes of one request.
FATES = ("lost", "deaf", "cut", "portal", "door", "twice", "rubbish", "html", "dies", "unplugged")


@dataclass(slots=True)
class Fate:
    """What becomes of the next requests, one after the other; when none is left they pass."""

    left: list[str]

    def next(self) -> str:
        return self.left.pop(0) if self.left else "passes"


class Line:
    """A transport into a province; everything of it is real but the wire."""

    def __init__(
        self,
        province: Callable[[], Province],
        fate: Fate,
        *,
        token: str,
        device: str,
        read_at: Callable[[str, int, int], bytes],
        unplug: Callable[[], None],
    ) -> None:
        """`unplug` ends the device in the middle of a request."""
        self._province, self._fate, self._read_at, self._unplug = province, fate, read_at, unplug
        self._said = {"authorization": f"Bearer {token}", "bn-device": device, "user-agent": "bnhelper/0.1"}
        self.bytes_sent: dict[str, int] = {}

    def perform(self, order: Send, *, within_s: float | None = None) -> Report:
        body = order.body
        content = self._read_at(body.sha256, body.offset, body.size) if isinstance(body, FileSlice) else body or b""
        fate = self._fate.next()
        if fate == "lost":
            return Silent("timeout")
        if fate == "portal":
            return NotTheProvince(200)
        if fate == "door":
            return NotTheProvince(503, 1)
        if order.about:
            self.bytes_sent[order.about] = self.bytes_sent.get(order.about, 0) + len(content)
        headers = {**self._said, **order.headers}
        if content or order.method in {"PUT", "POST", "PATCH"}:
            headers["content-length"] = str(len(content))
        if fate == "dies":
            self._province().dies_at = 1 + len(content) % 3
        try:
            answer = self._province().ask(order.method, order.path, headers, content, is_cut=fate == "cut")
            if fate == "twice":
                answer = self._province().ask(order.method, order.path, headers, content)
        except Died:
            self._province().restart()
            return Silent("ConnectionError")
        if fate == "dies":
            self._province().restart()
            return Silent("ConnectionError")
        if fate == "unplugged":
            self._unplug()
        if fate in {"cut", "deaf"}:
            return Silent("timeout")
        if fate == "html":
            return NotTheProvince(201)
        if fate == "rubbish":
            return Answered(200, answer.headers, b"\x00rubbish{")
        assert answer.headers[SERVER_HEADER.lower()] == CONTRACT
        return answer

    def renew(self) -> None:
        pass

    def abort(self) -> None:
        pass

    def close(self) -> None:
        pass
