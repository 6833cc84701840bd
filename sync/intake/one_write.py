"""Sends the head of an answer together with its body: one packet and one call of the kernel instead of two.

uvicorn writes a head when the application begins to answer and the body when it has one. Nearly every answer here is a
few hundred bytes and both are at hand, yet the device's line would carry two packets for it, and wake up twice.
"""

import asyncio
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD: Final = b"HTTP/1.1 "
_CONTINUE: Final = b"HTTP/1.1 100"  #: an answer by itself: the device waits for it with its body in hand


class OneWrite(HttpToolsProtocol):
    """uvicorn's protocol over a transport that holds back a head until what follows it."""

    _together: "HeadWithBody"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._together = HeadWithBody(cast("asyncio.Transport", transport))
        super().connection_made(cast("asyncio.Transport", self._together))

    def on_response_complete(self) -> None:
        self._together.answered()
        super().on_response_complete()


class HeadWithBody:
    """A transport as the protocol uses it. What is written after a head leaves with it, were it nothing."""

    __slots__ = ("_head", "_transport", "expects_head", "is_closing")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self.expects_head = True  #: no answer is under way, so that no part of a body is taken for a head
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        """Send bytes; a head waits for the next call."""
        if self._head:
            data, self._head = self._head + data, b""
        elif self.expects_head and data.startswith(_HEAD) and not data.startswith(_CONTINUE):
            self._head, self.expects_head = data, False
            return
        self._transport.write(data)

    def answered(self) -> None:
        """Send what is held back of an answer that is over: to HEAD uvicorn writes no body, not even an empty one."""
        if self._head:
            self.write(b"")
        self.expects_head = True

    def close(self) -> None:
        """Close the connection once everything has left, a head without a body too."""
        if self._head:
            self.write(b"")
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
