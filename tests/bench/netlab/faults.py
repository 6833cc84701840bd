"""A reverse proxy that fails on purpose: a captive portal, a busy province, resets in the middle of a body.

    python -m tests.bench.netlab.faults '{"mode": "portal", "for_s": 20}' LISTEN:TARGET ...

The time of a fault runs from the first connection, on all ports together. `LISTEN` 0 takes a free port; the first line
is READY and the ports that are listened on.

Modes: `pass`; `portal` (every request answered by 200 and a page, for a while); `portal302` (a redirect to one);
`busy` (503 with Retry-After, for a while); `reset` (each connection is reset after a number of bytes drawn from an
exponential distribution); `truncate` (bodies above 64 kB end early, for a while, as some middle boxes do).
`rate_bps` slows the way up where no emulated link does.
"""

import asyncio
import contextlib
import json
import random
import socket
import struct
import sys
import time
from dataclasses import dataclass
from functools import partial

_PAGE = b"<!DOCTYPE html><html><head><title>Wi-Fi</title></head><body><form action=/login>Wi-Fi</form></body></html>"
_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, and for how long."""

    mode: str = "pass"
    for_s: float = 0.0
    retry_after: int = 7
    mean_bytes: float = 2e6
    rate_bps: float = 0.0
    seed: int = 7


class Proxy:
    """Passes connections on, unless the fault says otherwise."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault
        self._began: float | None = None
        self._die = random.Random(fault.seed)
        self._free_at = 0.0

    @property
    def _is_on(self) -> bool:
        if self._began is None:
            self._began = time.monotonic()
        return time.monotonic() - self._began < self._fault.for_s

    async def serve(self, target: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            if self._fault.mode in {"portal", "portal302", "busy"} and self._is_on:
                await self._answer(reader, writer)
            else:
                await self._pass_on(target, reader, writer)
        with contextlib.suppress(OSError):
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        if self._fault.mode == "busy":
            retry = f"Retry-After: {self._fault.retry_after}"
            writer.write(_answer("503 Service Unavailable", [retry, "Content-Type: application/problem+json"], b"{}"))
        elif self._fault.mode == "portal302" and b"/login" not in head.partition(b"\r\n")[0]:
            writer.write(_answer("302 Found", ["Location: /login"], b""))
        else:
            writer.write(_answer("200 OK", ["Content-Type: text/html; charset=utf-8"], _PAGE))
        await writer.drain()
        ends = time.monotonic() + 5  # swallow what still comes, as nginx does, so that the answer is read
        while (left := ends - time.monotonic()) > 0:
            if not await asyncio.wait_for(reader.read(_BLOCK), left):
                break

    async def _pass_on(self, target: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target)
        limit = self._die.expovariate(1 / self._fault.mean_bytes) if self._fault.mode == "reset" else float("inf")
        if self._fault.mode == "truncate" and self._is_on:
            limit = 64 * 1024

        async def up() -> None:
            passed = 0
            while block := await reader.read(_BLOCK):
                passed += len(block)
                if passed > limit:
                    _reset(writer)
                    _reset(far_writer)
                    return
                await self._slow_down(len(block))
                far_writer.write(block)
                await far_writer.drain()
            far_writer.write_eof()

        async def down() -> None:
            while block := await far_reader.read(_BLOCK):
                writer.write(block)
                await writer.drain()
            writer.close()

        await asyncio.gather(up(), down(), return_exceptions=True)
        far_writer.close()

    async def _slow_down(self, size: int) -> None:
        if self._fault.rate_bps:
            now = time.monotonic()
            self._free_at = max(now, self._free_at) + size * 8 / self._fault.rate_bps
            await asyncio.sleep(self._free_at - now)


def _answer(status: str, headers: list[str], body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def _reset(writer: asyncio.StreamWriter) -> None:
    ours: socket.socket = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def main() -> None:
    proxy = Proxy(Fault(**json.loads(sys.argv[1])))
    servers: list[asyncio.Server] = []
    for pair in sys.argv[2:]:
        listen, target = (int(one) for one in pair.split(":"))
        servers.append(await asyncio.start_server(partial(proxy.serve, target), "0.0.0.0", listen))
    print("READY", *(one.sockets[0].getsockname()[1] for one in servers), flush=True)
    await asyncio.gather(*(one.serve_forever() for one in servers))


if __name__ == "__main__":
    asyncio.run(main())
