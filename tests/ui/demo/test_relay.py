"""The relay passes every byte, and a cut is a cut."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from ui.demo.relay import Relay


@pytest.fixture
def echo() -> Iterator[int]:
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                one, _ = server.accept()
                threading.Thread(target=answer, args=(one,), daemon=True).start()

    def answer(one: socket.socket) -> None:
        with contextlib.suppress(OSError), one:
            while block := one.recv(65536):
                one.sendall(block)

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


def test_what_goes_in_comes_back_whole(echo: int) -> None:
    relay = Relay(("127.0.0.1", echo))
    sent = bytes(range(256)) * 1000
    with socket.create_connection(("127.0.0.1", relay.port)) as one:
        writer = threading.Thread(target=one.sendall, args=(sent,))
        writer.start()
        got = b""
        while len(got) < len(sent):
            got += one.recv(65536)
        writer.join()
    assert got == sent
    assert relay.bytes_up == len(sent)
    relay.close()


def test_a_cut_ends_what_is_live_and_refuses_what_is_new_until_restored(echo: int) -> None:
    relay = Relay(("127.0.0.1", echo))
    relay.cut_after(10_000)
    with socket.create_connection(("127.0.0.1", relay.port)) as one, pytest.raises(OSError):  # noqa: PT012
        for _ in range(10_000):
            one.sendall(b"x" * 1000)
    assert relay.was_cut.wait(60)
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", relay.port)) as one:
        one.settimeout(60)
        one.sendall(b"hello")
        assert one.recv(10) == b""
    relay.restore()
    with socket.create_connection(("127.0.0.1", relay.port)) as one:
        one.sendall(b"hello")
        assert one.recv(10) == b"hello"
    relay.close()


def test_of_many_streams_that_reach_the_place_together_one_cuts(echo: int) -> None:
    relay = Relay(("127.0.0.1", echo))
    told: list[None] = []
    was_cut = relay.was_cut.set

    def cut() -> None:
        told.append(None)
        was_cut()

    relay.was_cut.set = cut  # type: ignore[method-assign]

    def pour() -> None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", relay.port)) as one:
            while True:
                one.sendall(b"x" * 16_384)

    for number in range(30):
        relay.restore_but_cut_after(100_000)
        streams = [threading.Thread(target=pour) for _ in range(6)]
        for stream in streams:
            stream.start()
        assert relay.was_cut.wait(60)
        for stream in streams:
            stream.join(60)
        assert len(told) == number + 1
    relay.close()
