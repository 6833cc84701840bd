"""Carries orders over HTTPS with `requests` and answers with reports.

Three traps of `requests` decide this module (measured, sync.md 3.4): a `bytes` body is bound by the connect
timeout, so bodies are file-like; without a timeout a dead line hangs for a quarter of an hour; redirects and
proxies from the environment make a captive portal look like success.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from sync.engine.ending import Ending
from sync.engine.line import Line
from sync.engine.orders import FileSlice, Send
from sync.engine.reports import Answered, NotTheProvince, Report, Silent
from sync.engine.verdicts import seconds_to
from sync.transport import sockets
from sync.transport.authority import ANYBODY, Authority
from sync.wire.version import CONTRACT, SERVER_HEADER

_BLOCK: Final = 16 * 1024
_LOOK_EVERY: Final = 8 * _BLOCK
_LONGEST_PAUSE_S: Final = 0.2  #: how long a file is made to wait for others before it is asked again
_MOST_ANSWER: Final = 20 * 1024 * 1024
#: Asked without a name: whether the line is there must not depend on whether somebody is signed in.
_OF_ANYBODY: Final = frozenset({"/v1/ping", "/.well-known/bn-intake", "/.well-known/jwks.json"})
_OUT_OF_DATE: Final = frozenset({9, 10})  #: of OpenSSL: not valid yet, not valid any more


def session_for(
    certificate_sha256: str | None, connected: Callable[[Any, float], None] = lambda _connection, _took_s: None
) -> requests.Session:
    """Return a session for one server, its certificate pinned by fingerprint where one is given.

    `connected` is told of every new connection and how long it took, in seconds.

    Where it is pinned, requests must be made with `verify=False`: the fingerprint is checked instead.
    """
    session = requests.Session()
    session.trust_env = False  # a proxy or CA bundle of the environment must not decide whom we trust
    adapter = _Adapter(certificate_sha256, connected)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class ReadAt(Protocol):
    """What gives the bytes of a file while they are sent."""

    def __call__(self, sha256: str, offset: int, size: int) -> bytes: ...


class Stopped(Exception):
    """The runner was told to stop while a body was on its way."""


class HttpsTransport:
    """Performs orders against one province, one at a time."""

    def __init__(
        self,
        base_url: str,
        *,
        device: str,
        authority: Authority = ANYBODY,
        certificate_sha256: str | None = None,
        read_at: ReadAt | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
        user_agent: str = "bnhelper/0.1",
        line: Line | None = None,
        ending: Ending | None = None,
        told_time: Callable[[str], object] = lambda _date: None,
    ) -> None:
        """`authority` says who is asking.

        `line` gathers what is measured, shared by the transports of one province; its time-outs are obeyed. `ending`
        says when a block of a file waits for others. `told_time` hears the Date of every answer that came from the
        province itself, over a line nobody else can speak on.
        """
        self.line = line or Line()
        self._ending = ending or Ending()
        self._lock = threading.Lock()
        self._connections: list[Any] = []
        self._base = base_url.rstrip("/") + "/"
        self._read_at = read_at
        self._is_stopped = is_stopped
        self._told_time = told_time
        self._session = session_for(certificate_sha256, self._connected)
        self._session.headers.update({"User-Agent": user_agent, "BN-Device": device, "Accept-Encoding": "identity"})
        self._authority = authority
        self._verify = certificate_sha256 is None  # a pinned certificate is checked by its fingerprint instead
        #: body bytes handed to the socket, by file
        self.bytes_sent: dict[str, int] = {}

    def perform(self, order: Send, *, within_s: float | None = None) -> Report:
        """Perform one order. Only an answer that carries the province's own header is an `Answered`.

        `within_s` bounds connecting and waiting instead of what the line's measurements say. Raises Stop where nobody
        is signed in.
        """
        url = urljoin(self._base, order.path.lstrip("/") if not order.path.startswith("http") else order.path)
        if urlsplit(url).netloc != urlsplit(self._base).netloc:
            return Silent("elsewhere")  # an answer must not send our files to another host
        said = self._said(order, url)
        report = self._performed(order, url, said, within_s)
        if not isinstance(report, Answered) or report.status != 401:
            return report
        if self._authority.refused(said.get("Authorization", ""), report.headers):
            return self._performed(order, url, self._said(order, url), within_s)
        return report

    def _said(self, order: Send, url: str) -> Mapping[str, str]:
        return {} if order.path in _OF_ANYBODY else self._authority.headers(order.method, url)

    def _performed(self, order: Send, url: str, said: Mapping[str, str], within_s: float | None) -> Report:
        body: _Body | None = None
        if isinstance(order.body, FileSlice):
            body = self._body(
                self._slice_reader(order.body),
                order.body.size,
                self._count(order.about),
                lambda: self._ending.wait_s(order.about, time.monotonic(), self.line.rate),
            )
        elif order.body is not None:
            content = order.body
            body = self._body(lambda at, size: content[at : at + size], len(content), lambda _: None)
        try:
            with (
                self._watched(body),
                self._session.request(
                    order.method,
                    url,
                    data=body,
                    headers={**order.headers, **said},
                    timeout=(within_s or self.line.connect_s(), within_s or self.line.reply_s() + order.wait_s),
                    allow_redirects=False,
                    verify=self._verify,
                    stream=True,
                ) as answer,
            ):
                report = _report(answer)
        except Stopped:
            return Silent("stopped")
        except requests.exceptions.SSLError as wrong:
            return NotTheProvince(0, is_out_of_date=_is_out_of_date(wrong))
        except requests.exceptions.Timeout:
            return Silent("timeout")
        except (requests.exceptions.RequestException, OSError) as wrong:
            return Silent(type(wrong).__name__)
        if isinstance(report, Answered):
            self.line.answered(time.monotonic())
            if self._base.startswith("https:"):
                self._told_time(report.headers.get("date", ""))
        return report

    def renew(self) -> None:
        """Give up every connection: the next order begins with a new one."""
        self._session.close()
        self.abort()

    def abort(self) -> None:
        """Break what is under way, from any thread: its order ends as `Silent` at once."""
        with self._lock:
            connections, self._connections = self._connections, []
        for one in connections:
            sockets.break_off(one.sock)

    def close(self) -> None:
        self._session.close()

    @contextlib.contextmanager
    def _watched(self, body: "_Body | None") -> Any:
        """Let the kernel notice a dead line while something is under way, and measure the line."""
        self._each(lambda sock: sockets.watch(sock, self.line.stall_s()))
        try:
            yield
        finally:
            if body is not None:
                body.over()
            self._each(self._measure)

    def _measure(self, sock: socket.socket) -> None:
        sockets.unwatch(sock)
        measured = sockets.round_trip_s(sock)
        if measured is not None:
            self.line.round_trip(measured)

    def _each(self, do: Callable[[socket.socket], None]) -> None:
        with self._lock:
            self._connections = [one for one in self._connections if one.sock is not None]
            found = list(self._connections)
        for one in found:
            with contextlib.suppress(OSError, AttributeError):  # it may be closed at any moment
                do(one.sock)

    def _connected(self, connection: Any, took_s: float) -> None:
        self.line.connected(took_s)
        with self._lock:
            self._connections.append(connection)
        with contextlib.suppress(OSError):
            sockets.watch(connection.sock, self.line.stall_s())
        if self._is_stopped():
            sockets.break_off(connection.sock)  # it was made while the others were broken off

    def _body(
        self,
        read: Callable[[int, int], bytes],
        size: int,
        count: Callable[[int], None],
        wait_s: Callable[[], float] = lambda: 0.0,
    ) -> "_Body":
        def bound() -> None:
            stall_s, held = self.line.stall_s(), self.line.send_buffer()
            self._each(lambda sock: sock.settimeout(stall_s))
            self._each(lambda sock: sockets.hold_at_most(sock, held))

        return _Body(read, size, count, self._is_stopped, bound, self.line, wait_s)

    def _slice_reader(self, piece: FileSlice) -> Callable[[int, int], bytes]:
        read_at = self._read_at
        assert read_at is not None
        return lambda at, size: read_at(piece.sha256, piece.offset + at, size)

    def _count(self, about: str) -> Callable[[int], None]:
        def add(more: int) -> None:
            if about:
                now = time.monotonic()
                self.bytes_sent[about] = self.bytes_sent.get(about, 0) + more
                self.line.sent(now, more)
                self._ending.sent(about, more, now)

        return add


class _Body:
    """A request body as a file: `requests` then sends it block by block, and each block has the stall time to go."""

    def __init__(
        self,
        read: Callable[[int, int], bytes],
        size: int,
        count: Callable[[int], None],
        is_stopped: Callable[[], bool],
        bound: Callable[[], None],
        line: Line,
        wait_s: Callable[[], float],
    ) -> None:
        self._read = read
        self._wait_s = wait_s
        self._line = line
        self._is_going = False
        self._bound = bound
        self._size = size
        self._at = 0
        self._count = count
        self._is_stopped = is_stopped

    def __len__(self) -> int:
        return self._size

    def read(self, _size: int = -1) -> bytes:
        if self._is_stopped():
            raise Stopped
        while self._at < self._size and (pause_s := self._wait_s()) > 0:
            time.sleep(min(pause_s, _LONGEST_PAUSE_S))
            if self._is_stopped():
                raise Stopped
        if self._at == 0 and not self._is_going:
            self._is_going = True
            self._line.body_begins()
        if self._at % _LOOK_EVERY == 0:
            self._bound()  # others may have begun or ended since
        block = self._read(self._at, min(_BLOCK, self._size - self._at)) if self._at < self._size else b""
        self._at += len(block)
        self._count(len(block))
        if self._at >= self._size:
            self.over()
        return block

    def over(self) -> None:
        """Nothing more of it is handed over: it is all in the kernel, or the request ended early."""
        if self._is_going:
            self._is_going = False
            self._line.body_ends()

    def __iter__(self) -> Any:
        while block := self.read():
            yield block


class _Adapter(HTTPAdapter):
    """Makes connections as `sync.transport.sockets` wants them; no retries of its own: the engine decides those."""

    def __init__(self, certificate_sha256: str | None, connected: Callable[[Any, float], None]) -> None:
        self._fingerprint = certificate_sha256
        self._connected = connected
        super().__init__(max_retries=0, pool_connections=1, pool_maxsize=2)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        more["socket_options"] = sockets.OPTIONS
        if self._fingerprint:
            more["assert_fingerprint"] = self._fingerprint
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = sockets.pools(self._connected)


def _is_out_of_date(wrong: BaseException | None) -> bool:
    """Tell whether nothing but the date is wrong with a certificate: the chain and the name are looked at before."""
    seen = 0
    while wrong is not None and seen < 10:
        if isinstance(wrong, ssl.SSLCertVerificationError):
            return wrong.verify_code in _OUT_OF_DATE
        inner = [one for one in (*wrong.args, getattr(wrong, "reason", None)) if isinstance(one, BaseException)]
        wrong, seen = next(iter(inner), wrong.__cause__ or wrong.__context__), seen + 1
    return False


def _report(answer: requests.Response) -> Report:
    headers: Mapping[str, str] = {name.lower(): value for name, value in answer.headers.items()}
    if headers.get(SERVER_HEADER.lower()) != CONTRACT:
        return NotTheProvince(answer.status_code, seconds_to(headers))
    found = bytearray()
    for block in answer.iter_content(64 * 1024):
        found += block
        if len(found) > _MOST_ANSWER:
            return Silent("answer-too-large")
    expected = headers.get("content-length", "")
    if (
        expected.isdigit()
        and answer.request.method != "HEAD"
        and answer.status_code not in {204, 304}
        and int(expected) != len(found)
    ):
        return Silent("answer-cut-off")
    return Answered(answer.status_code, headers, bytes(found))
