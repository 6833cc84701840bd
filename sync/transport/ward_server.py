"""The ward's side of the LAN: takes sealed bundles from paired machines, says where they are, gives replies back."""

import contextlib
import errno
import hashlib
import hmac
import logging
import os
import re
import shutil
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from weakref import WeakValueDictionary

from sync.transport.courier import Stick
from sync.transport.lan import OwnCertificate, digest_of, fingerprint, server_context
from sync.wire.courier import MAX_BUNDLE_BYTES, BundleState, BundleStatus, part_name
from sync.wire.model import Message, NotTheContract
from sync.wire.pairing import PairingAnswer, PairingRequest
from sync.wire.problems import MEDIA_TYPE, Problem, ProblemCode
from sync.wire.version import CONTRACT, SERVER_HEADER

_log = logging.getLogger(__name__)
_PATH: Final = re.compile(r"/v1/bundles/([0-9a-f]{64})(/reply)?", re.ASCII)
_RANGE: Final = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})", re.ASCII)
_NOTHING_MORE: Final = re.compile(r"bytes \*/(\d{1,12})", re.ASCII)
_BLOCK: Final = 64 * 1024
_MOST_PIECE: Final = 8 * 1024 * 1024
_PATIENCE_S: Final = 30
_MOST_AT_ONCE: Final = 32
_CODES: Final = {500: ProblemCode.INTERNAL, 507: ProblemCode.STORAGE_FULL}


@dataclass(frozen=True, slots=True)
class Paired:
    """A volunteer's machine that may bring bundles."""

    device: str
    name: str
    certificate: str


def arriving(folder: Path) -> Path:
    """Return where the halves of bundles lie that are still coming."""
    return folder / "arriving"


class _DiskRefuses(Exception):
    """The disk of this machine does not take any more."""

    def __init__(self, *, is_full: bool) -> None:
        self.is_full = is_full
        super().__init__()


class _LineBroke(Exception):
    """Nothing more comes over the connection, nor could an answer go."""


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as wrong:
        _log.warning("the disk took no bundle: %s", wrong.strerror)
        raise _DiskRefuses(is_full=wrong.errno in {errno.ENOSPC, errno.EDQUOT}) from wrong


class WardServer(ThreadingHTTPServer):
    """Serves until told to stop; `folder` is where bundles lie until the province has them."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = _MOST_AT_ONCE

    def __init__(
        self,
        address: tuple[str, int],
        *,
        own: OwnCertificate,
        name: str,
        folder: Path,
        paired: list[Paired],
        redeem: Callable[[PairingRequest], bool],
        keep: Callable[[Paired], object],
    ) -> None:
        """`redeem` tells whether a code is good and spends it; `keep` remembers a new machine for good."""
        self._context = server_context(own)
        self.name = name
        self.stick = Stick(folder)
        self.stick.make(0)
        self.arriving = arriving(folder)
        self.arriving.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._redeem, self._keep = redeem, keep
        #: called when a bundle has wholly come
        self.came: Callable[[], object] = lambda: None
        self._known: dict[str, Paired] = {}
        self._guard, self._pairing = threading.Lock(), threading.Lock()
        self._bundles: WeakValueDictionary[str, Any] = WeakValueDictionary()
        for one in paired:
            self._trust(one)
        super().__init__(address, _Handler)

    def _trust(self, one: Paired) -> None:
        self._context.load_verify_locations(cadata=one.certificate)
        self._known[fingerprint(one.certificate)] = one

    def let_in(self, redeem: Callable[[PairingRequest], bool], keep: Callable[[Paired], object]) -> None:
        """Judge new machines so from now on."""
        self._redeem, self._keep = redeem, keep

    def pair(self, asked: PairingRequest) -> bool:
        """Let a machine in from now on, if its code is good."""
        one = Paired(asked.device, asked.name, asked.certificate)
        try:
            fingerprint(one.certificate)
        except ValueError:
            return False
        with self._pairing:  # a code is good once, however many show it at the same moment
            if not self._redeem(asked):
                return False
            with self._guard:
                self._trust(one)
            self._keep(one)
        return True

    def lock_of(self, sha256: str) -> threading.Lock:
        """Return what keeps two connections from one bundle; held while bytes come, it is one bundle's alone."""
        with self._guard:
            lock: threading.Lock = self._bundles.setdefault(sha256, threading.Lock())
        return lock

    def caller(self, certificate: bytes | None) -> Paired | None:
        """Return who showed this certificate; TLS has checked that the key is theirs."""
        return None if certificate is None else self._known.get(hashlib.sha256(certificate).hexdigest())

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        connection.settimeout(_PATIENCE_S)
        # The handshake is done by the thread of the connection, so that a silent one keeps nobody waiting.
        return self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, _request: Any, _address: Any) -> None:
        """A line that broke or a stranger without a key: the other side comes again, or does not."""
        _log.info("a connection of the ward's machine ended early")


class _Handler(BaseHTTPRequestHandler):
    """One connection; every answer carries the contract's mark, so that the device's transport takes it."""

    server: WardServer
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE_S
    _unread = 0  #: bytes of the body of a request that are still to come

    def handle(self) -> None:
        try:
            self._tls.do_handshake()
            super().handle()
        except (OSError, ssl.SSLError, _LineBroke):
            self.close_connection = True

    @property
    def _tls(self) -> ssl.SSLSocket:
        assert isinstance(self.connection, ssl.SSLSocket)
        return self.connection

    def do_POST(self) -> None:
        length = self._length(8_000)
        if self.path != "/v1/pairings" or length is None:
            self._refuse(404)
            return
        try:
            asked = PairingRequest.read(self.rfile.read(length))
        except NotTheContract:
            self._refuse(422)
            return
        if self.server.pair(asked):
            self._answer(201, PairingAnswer(ward=self.server.name))
        else:
            self._refuse(403)

    def do_GET(self) -> None:
        asked = self._bundle()
        if asked is None:
            return
        sha256, is_reply = asked
        name = part_name(sha256, 1, 1)
        reply = self.server.stick.back / name
        if is_reply:
            self._send(200, reply.read_bytes(), "application/octet-stream") if reply.is_file() else self._refuse(404)
            return
        status = self._status(sha256)
        self._refuse(404) if status is None else self._answer(200, status)

    def do_PUT(self) -> None:
        asked = self._bundle()
        length = self._length(_MOST_PIECE)
        if asked is None or length is None:
            if asked is not None:
                self._refuse(413)
            return
        sha256, self._unread = asked[0], length
        placed = self.headers.get("Content-Range", "")
        found, rest = _RANGE.fullmatch(placed), _NOTHING_MORE.fullmatch(placed)
        if found is not None and int(found[2]) - int(found[1]) + 1 == length:
            begin, total = int(found[1]), int(found[3])
        elif rest is not None and not length:
            begin, total = -1, int(rest[1])
        else:
            self._refuse(400)
            return
        known = self._status(sha256)
        if known is not None and known.state is not BundleState.ARRIVING:
            self._drain()
            self._answer(200, known)
            return
        if not 0 < total <= MAX_BUNDLE_BYTES:
            self._refuse(413)
            return
        try:
            with self.server.lock_of(sha256), _disk():
                status = self._append(sha256, begin, total)
        except _DiskRefuses as wrong:
            self._refuse(507 if wrong.is_full else 500)
            return
        if status is None:
            return
        if status.state is BundleState.READING:
            self.server.came()
        self._answer(202, status)

    def do_DELETE(self) -> None:
        """Its machine has read the reply and everything in it is proved: nothing of the bundle is kept here."""
        asked = self._bundle()
        if asked is None:
            return
        name = part_name(asked[0], 1, 1)
        with self.server.lock_of(asked[0]):
            if not (self.server.stick.back / name).is_file() and self.server.stick.why_refused(name) is None:
                self._refuse(404 if self._status(asked[0]) is None else 409)  # what the province has not seen stays
                return
            self.server.stick.clear(name)
        self._send(204, b"", "text/plain")

    def _append(self, sha256: str, begin: int, total: int) -> BundleStatus | None:
        """Keep a piece; return how its bundle stands, None where it was refused. Raises OSError for the disk's."""
        path = self.server.arriving / sha256
        offset = path.stat().st_size if path.exists() else 0
        if begin not in {offset, -1}:
            self._refuse(409, {"Upload-Offset": str(offset)})
            return None
        if shutil.disk_usage(self.server.arriving).free < 2 * total:
            raise _DiskRefuses(is_full=True)
        with path.open("ab") as file:
            while self._unread and (block := self._read(min(_BLOCK, self._unread))):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        offset = path.stat().st_size
        if offset < total:
            return BundleStatus(sha256=sha256, state=BundleState.ARRIVING, offset=offset)
        if offset > total or not hmac.compare_digest(digest_of(path), sha256):
            path.unlink()
            return BundleStatus(sha256=sha256, state=BundleState.ARRIVING, offset=0)
        os.replace(path, self.server.stick.out / part_name(sha256, 1, 1))  # noqa: PTH105
        return BundleStatus(sha256=sha256, state=BundleState.READING)

    def _read(self, size: int) -> bytes:
        """Return so much of the body, less at its end. Raises _LineBroke."""
        try:
            block = self.rfile.read(size)
        except OSError as wrong:
            raise _LineBroke from wrong
        self._unread -= len(block)
        return block

    def _status(self, sha256: str) -> BundleStatus | None:
        """Say where a bundle is: arriving, here (and not at the province), or answered by the province."""
        name = part_name(sha256, 1, 1)
        if (self.server.stick.back / name).is_file():
            return BundleStatus(sha256=sha256, state=BundleState.DONE)
        if (self.server.stick.out / name).is_file():
            return BundleStatus(sha256=sha256, state=BundleState.READING)
        why = self.server.stick.why_refused(name)
        if why is not None:
            return BundleStatus(sha256=sha256, state=BundleState.REFUSED, code=why)
        arriving = self.server.arriving / sha256
        if arriving.is_file():
            return BundleStatus(sha256=sha256, state=BundleState.ARRIVING, offset=arriving.stat().st_size)
        return None

    def _bundle(self) -> tuple[str, bool] | None:
        """Return what is asked for, once it is a paired machine that asks."""
        if self.server.caller(self._tls.getpeercert(binary_form=True)) is None:
            self._refuse(401)
            return None
        found = _PATH.fullmatch(self.path)
        if found is None:
            self._refuse(404)
            return None
        return found[1], bool(found[2])

    def _length(self, most: int) -> int | None:
        said = self.headers.get("Content-Length", "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 12 and int(said) <= most else None

    def _refuse(self, status: int, headers: dict[str, str] | None = None) -> None:
        self._drain()
        self.close_connection = True
        code = _CODES.get(status)
        if code is None:
            self._send(status, b"", "text/plain", headers)
            return
        self._send(status, Problem(status=status, code=code.value).write(), MEDIA_TYPE, headers)

    def _drain(self) -> None:
        """Read what is left of a body: a socket closed before that takes the answer with it."""
        while self._unread and self._read(min(_BLOCK, self._unread)):
            pass

    def _answer(self, status: int, said: Message) -> None:
        self._send(status, said.write(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {SERVER_HEADER: CONTRACT, "Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:  # else the other side may ask on by a line that is just being closed
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Who brings what when is nobody's log."""
