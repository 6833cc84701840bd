"""Carries orders over HTTPS with `requests` and answers with reports.

Three traps of `requests` decide this module (measured, sync.md 3.4): a `bytes` body is bound by the connect
timeout, so bodies are file-like; without a timeout a dead line hangs for a quarter of an hour; redirects and
proxies from the environment make a captive portal look like success.
"""

import contextlib
import socket
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

from sync.engine.orders import FileSlice, Send
from sync.engine.reports import Answered, NotTheProvince, Report, Silent
from sync.wire.version import CONTRACT, SERVER_HEADER

_CONNECT_S: Final = 10
_REPLY_S: Final = 60
_BLOCK: Final = 16 * 1024
_SEND_BUFFER: Final = 64 * 1024
_MOST_ANSWER: Final = 20 * 1024 * 1024
_DEAD_LINE_MS: Final = 20_000


def session_for(certificate_sha256: str | None) -> requests.Session:
    """Return a session for one server, its certificate pinned by fingerprint where one is given.

    Where it is pinned, requests must be made with `verify=False`: the fingerprint is checked instead.
    """
    session = requests.Session()
    session.trust_env = False  # a proxy or CA bundle of the environment must not decide whom we trust
    adapter = _Adapter(certificate_sha256)
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
        token: str = "",
        certificate_sha256: str | None = None,
        read_at: ReadAt | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
        user_agent: str = "bnhelper/0.1",
    ) -> None:
        self._base = base_url.rstrip("/") + "/"
        self._read_at = read_at
        self._is_stopped = is_stopped
        self._session = session_for(certificate_sha256)
        self._session.headers.update({"User-Agent": user_agent, "BN-Device": device, "Accept-Encoding": "identity"})
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        self._verify = certificate_sha256 is None  # a pinned certificate is checked by its fingerprint instead
        #: body bytes handed to the socket, by file
        self.bytes_sent: dict[str, int] = {}

    def perform(self, order: Send) -> Report:
        """Perform one order. Only an answer that carries the province's own header is an `Answered`."""
        url = urljoin(self._base, order.path.lstrip("/") if not order.path.startswith("http") else order.path)
        if urlsplit(url).netloc != urlsplit(self._base).netloc:
            return Silent("elsewhere")  # an answer must not send our files to another host
        body: Any = None
        if isinstance(order.body, FileSlice):
            body = _Body(self._slice_reader(order.body), order.body.size, self._count(order.about), self._is_stopped)
        elif order.body is not None:
            content = order.body
            body = _Body(lambda at, size: content[at : at + size], len(content), lambda _: None, self._is_stopped)
        try:
            with self._session.request(
                order.method,
                url,
                data=body,
                headers=dict(order.headers),
                timeout=(_CONNECT_S, _REPLY_S),
                allow_redirects=False,
                verify=self._verify,
                stream=True,
            ) as answer:
                return _report(answer)
        except Stopped:
            return Silent("stopped")
        except requests.exceptions.SSLError:
            return NotTheProvince(0)
        except requests.exceptions.Timeout:
            return Silent("timeout")
        except (requests.exceptions.RequestException, OSError) as wrong:
            return Silent(type(wrong).__name__)

    def close(self) -> None:
        self._session.close()

    def _slice_reader(self, piece: FileSlice) -> Callable[[int, int], bytes]:
        read_at = self._read_at
        assert read_at is not None
        return lambda at, size: read_at(piece.sha256, piece.offset + at, size)

    def _count(self, about: str) -> Callable[[int], None]:
        def add(more: int) -> None:
            if about:
                self.bytes_sent[about] = self.bytes_sent.get(about, 0) + more

        return add


class _Body:
    """A request body as a file: `requests` then sends it block by block, each under the reply timeout."""

    def __init__(
        self,
        read: Callable[[int, int], bytes],
        size: int,
        count: Callable[[int], None],
        is_stopped: Callable[[], bool],
    ) -> None:
        self._read = read
        self._size = size
        self._at = 0
        self._count = count
        self._is_stopped = is_stopped

    def __len__(self) -> int:
        return self._size

    def read(self, _size: int = -1) -> bytes:
        if self._is_stopped():
            raise Stopped
        block = self._read(self._at, min(_BLOCK, self._size - self._at)) if self._at < self._size else b""
        self._at += len(block)
        self._count(len(block))
        return block

    def __iter__(self) -> Any:
        while block := self.read():
            yield block


class _Adapter(HTTPAdapter):
    """Keeps little in the kernel and notices a dead line; no retries of its own: the engine decides those."""

    def __init__(self, certificate_sha256: str | None) -> None:
        self._fingerprint = certificate_sha256
        super().__init__(max_retries=0, pool_connections=1, pool_maxsize=2)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        options: list[tuple[int, int, int | bytes]] = [
            *HTTPConnection.default_socket_options,
            (socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER),
            (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        ]
        with contextlib.suppress(AttributeError):  # Linux; elsewhere the reply timeout alone notices
            options.append((socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _DEAD_LINE_MS))  # type: ignore[attr-defined,unused-ignore]
        more["socket_options"] = options
        if self._fingerprint:
            more["assert_fingerprint"] = self._fingerprint
        super().init_poolmanager(*args, **more)


def _report(answer: requests.Response) -> Report:
    headers: Mapping[str, str] = {name.lower(): value for name, value in answer.headers.items()}
    if headers.get(SERVER_HEADER.lower()) != CONTRACT:
        return NotTheProvince(answer.status_code)
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
