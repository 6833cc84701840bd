"""What the kernel is asked for: dead lines noticed in seconds, idle ones left in peace, waiting ended from outside."""

import socket
import sys
import threading
from collections.abc import Iterator

import pytest

from sync.transport import sockets

_TCP_USER_TIMEOUT = 18  # linux/tcp.h


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    listener = socket.create_server(("127.0.0.1", 0))
    near = socket.create_connection(listener.getsockname(), timeout=60)
    far, _ = listener.accept()
    yield near, far
    for one in (near, far, listener):
        one.close()


@pytest.mark.skipif(
    sys.platform != "linux", reason="TCP_USER_TIMEOUT is Linux's; elsewhere the time-outs of https.py end it"
)
def test_the_kernel_gives_a_silent_connection_up_in_seconds(line: tuple[socket.socket, socket.socket]) -> None:
    near, _far = line
    sockets.watch(near, 8.0)
    assert near.getsockopt(socket.IPPROTO_TCP, _TCP_USER_TIMEOUT) == 8_000
    assert near.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    idle, between, probes = (
        near.getsockopt(socket.IPPROTO_TCP, one)
        for one in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
    )
    assert idle + between * probes <= 15, "also where only an answer is awaited"


def test_an_idle_connection_is_not_probed(line: tuple[socket.socket, socket.socket]) -> None:
    near, _far = line
    sockets.watch(near, 8.0)
    sockets.unwatch(near)
    assert not near.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


def test_whoever_waits_is_let_go_from_another_thread(line: tuple[socket.socket, socket.socket]) -> None:
    near, _far = line
    heard: list[bytes] = []

    def wait() -> None:
        try:
            heard.append(near.recv(1))
        except OSError:
            heard.append(b"")

    waiting = threading.Thread(target=wait)
    waiting.start()
    sockets.break_off(near)
    waiting.join(60)
    assert heard == [b""]
    sockets.break_off(None)  # one that was never made
