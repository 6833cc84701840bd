"""A head leaves together with its body, and nothing is ever held back for long."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
import uvicorn
from uvicorn.server import ServerState

from sync.intake.one_write import HeadWithBody, OneWrite

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


class _Transport:
    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        assert not self.is_closed, "written after the end"
        self.sent.append(data)

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def get_extra_info(self, name: str) -> str:
        return f"the {name}"


@pytest.fixture
def below() -> _Transport:
    return _Transport()


@pytest.fixture
def together(below: _Transport) -> HeadWithBody:
    return HeadWithBody(cast("Any", below))


def test_a_head_leaves_with_its_body(below: _Transport, together: HeadWithBody) -> None:
    together.write(HEAD)
    assert below.sent == []
    together.write(b"ok")
    assert below.sent == [HEAD + b"ok"]


def test_an_answer_without_a_body_leaves_too(below: _Transport, together: HeadWithBody) -> None:
    together.write(HEAD)
    together.write(b"")
    assert below.sent == [HEAD]


def test_go_on_is_said_at_once(below: _Transport, together: HeadWithBody) -> None:
    together.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert below.sent == [b"HTTP/1.1 100 Continue\r\n\r\n"]
    together.write(HEAD)
    together.write(b"ok")
    assert below.sent[1:] == [HEAD + b"ok"]


def test_a_part_of_a_body_is_never_taken_for_a_head(below: _Transport, together: HeadWithBody) -> None:
    together.write(HEAD)
    together.write(b"o")
    together.write(HEAD)
    assert below.sent == [HEAD + b"o", HEAD]


def test_an_answer_to_head_leaves_when_it_is_over(below: _Transport, together: HeadWithBody) -> None:
    together.write(HEAD)
    together.answered()
    assert below.sent == [HEAD]
    together.write(HEAD)
    together.write(b"ok")
    assert below.sent[1:] == [HEAD + b"ok"]


def test_closing_sends_what_waits(below: _Transport, together: HeadWithBody) -> None:
    together.write(HEAD)
    together.close()
    assert below.sent == [HEAD]
    assert below.is_closed


def test_everything_else_is_the_transports_own(together: HeadWithBody) -> None:
    assert together.get_extra_info("peername") == "the peername"
    assert not together.is_closing()


async def _app(scope: Any, _receive: Any, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    """Answer /nothing without a body, and everything else with one in two parts that look like heads."""
    if scope["path"] == "/nothing":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"16")]})
    await send({"type": "http.response.body", "body": b"HTTP/1.1", "more_body": True})
    await send({"type": "http.response.body", "body": b"HTTP/1.1", "more_body": False})


async def _asked(*paths: str, method: str = "GET") -> bytes:
    """Return all that a connection answers to requests that come together, the last of which ends it.

    To HEAD the first answer, on a line that nobody ends.
    """
    config = uvicorn.Config(_app, http=OneWrite, ws="none", lifespan="off", log_config=None, timeout_keep_alive=3_600)
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: OneWrite(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    try:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        for number, path in enumerate(paths, 1):
            last = "Connection: close\r\n" if number == len(paths) and method != "HEAD" else ""
            writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\n{last}\r\n".encode())
        ends = reader.readuntil(b"\r\n\r\n") if method == "HEAD" else reader.read()
        found = await asyncio.wait_for(ends, 30)
        writer.close()
        await writer.wait_closed()
        return found
    finally:
        server.close()
        await server.wait_closed()


def test_answers_of_one_connection_follow_each_other_whole() -> None:
    found = asyncio.run(_asked("/nothing", "/some", "/nothing", "/some"))
    statuses = [part[:3] for part in found.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"204", b"200", b"204", b"200"]
    assert found.count(b"HTTP/1.1HTTP/1.1") == 2


def test_head_is_answered_while_the_line_stays() -> None:
    assert asyncio.run(_asked("/some", method="HEAD")).startswith(b"HTTP/1.1 200")
