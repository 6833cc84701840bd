"""Sockets that keep little in the kernel and notice a dead line in seconds.

A NAT that forgot a flow answers nothing: without more, Linux goes on for a quarter of an hour. TCP_USER_TIMEOUT ends
that while something is under way, and keep-alive probes do where only an answer is awaited. Systems without them have
the time-outs of `sync.transport.https`.
"""

import contextlib
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_SEND_BUFFER: Final = 64 * 1024  #: until the line is measured
OPTIONS: Final[list[tuple[int, int, int | bytes]]] = [
    *HTTPConnection.default_socket_options,
    (socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER),
]
_IDLE_S, _BETWEEN_S, _PROBES = 5, 2, 4
_TCP_INFO: Final = 11  #: linux/tcp.h; the socket module of Windows and macOS has no such thing
_RTT_AT: Final = 68  #: tcpi_rtt in struct tcp_info, microseconds
_HAS_TCP_INFO: Final = sys.platform == "linux"


def watch(sock: socket.socket, dead_after_s: float) -> None:
    """Let the kernel give the connection up after `dead_after_s` without a sign of the other side."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", _IDLE_S),
        ("TCP_KEEPINTVL", _BETWEEN_S),
        ("TCP_KEEPCNT", _PROBES),
        ("TCP_USER_TIMEOUT", int(dead_after_s * 1000)),
    ):
        option = getattr(socket, name, None)
        if option is not None:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, option, value)


def hold_at_most(sock: socket.socket, size: int) -> None:
    """Let the kernel hold so many bytes that are not over yet."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size)


def unwatch(sock: socket.socket) -> None:
    """Send no probes over an idle connection: they would keep a phone's radio awake."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 0)


def round_trip_s(sock: socket.socket) -> float | None:
    """Return the kernel's smoothed round trip of this connection, where it tells."""
    if not _HAS_TCP_INFO:
        return None
    info = sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, 104)
    micros = struct.unpack_from("I", info, _RTT_AT)[0] if len(info) >= _RTT_AT + 4 else 0
    return micros / 1e6 if micros else None


def break_off(sock: socket.socket | None) -> None:
    """End a connection that another thread may be waiting on."""
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def pools(connected: Callable[[Any, float], None]) -> dict[str, type[HTTPConnectionPool]]:
    """Return the connection pools of urllib3 whose connections tell when they are made, and how long that took."""

    class Plain(HTTPConnection):
        took_s = 0.0

        def _new_conn(self) -> socket.socket:
            began = time.monotonic()
            made = super()._new_conn()
            self.took_s = time.monotonic() - began
            return made

        def connect(self) -> None:
            super().connect()
            connected(self, self.took_s)

    class Secure(HTTPSConnection):
        took_s = 0.0

        def _new_conn(self) -> socket.socket:
            began = time.monotonic()
            made = super()._new_conn()
            self.took_s = time.monotonic() - began
            return made

        def connect(self) -> None:
            super().connect()
            connected(self, self.took_s)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
