"""Plays an exchange against a script: each row is what must be asked and what is then heard. No network, no clock.

    play(
        upload_blob(...),
        (asks("HEAD", "/v1/blobs/u1"), answers(200, upload_offset="4")),
        (keeps("/v1/blobs/u1", 4), None),
        (asks("PATCH", "/v1/blobs/u1", sends=(4, 6)), SILENCE),
        stops(Why.OFFLINE, "timeout"),
    )

An order out of turn, a missing one or another ending fails at its row.
"""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sync.engine.orders import FileSlice, Send
from sync.engine.reports import Answered, NotTheProvince, Report, Silent
from sync.engine.upload_blob import Confirmed
from sync.engine.verdicts import Stop, Why
from sync.wire.problems import MEDIA_TYPE

Outcome = TypeVar("Outcome")

#: A hotel's or a café's page: whatever its status, the transport reports that it was not the province.
PORTAL = NotTheProvince(200)
SILENCE = Silent("timeout")


@dataclass(frozen=True, slots=True)
class Asks:
    """An order that must come next; members that are None may be anything."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    sends: tuple[int, int] | None = None  #: offset and size of a piece of the file
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Stops:
    """The exchange must end by raising this."""

    why: Why
    code: str
    detail: str | None = None
    after_s: int | None = None


#: What must come, and what is then heard (nothing, after a step that is only kept).
Row = tuple[Asks | Confirmed, Report | None]


def asks(
    method: str, path: str, *, sends: tuple[int, int] | None = None, body: bytes | None = None, **headers: str
) -> Asks:
    """Expect an order; headers are spelt like `upload_offset` for Upload-Offset."""
    return Asks(method, path, {_header(name): value for name, value in headers.items()}, sends, body)


def keeps(url: str, offset: int, expires: str = "") -> Confirmed:
    """Expect that this much is to be kept on the disk before anything else is sent."""
    return Confirmed(url, offset, expires)


def answers(status: int, said: object = None, **headers: str) -> Answered:
    """Return the province's answer; `said` becomes JSON, bytes are left as they are."""
    body = said if isinstance(said, bytes) else b"" if said is None else json.dumps(said).encode()
    return Answered(status, {_header(name): value for name, value in headers.items()}, body)


def refuses(
    status: int, code: str, *, retry: str = "never", header: Mapping[str, str] | None = None, **more: Any
) -> Answered:
    """Return a refusal with its problem document (RFC 9457)."""
    problem = {"status": status, "code": code, "retry": retry, **more}
    return Answered(status, {"content-type": MEDIA_TYPE, **(header or {})}, json.dumps(problem).encode())


def stops(why: Why, code: str, detail: str | None = None, after_s: int | None = None) -> Stops:
    return Stops(why, code, detail, after_s)


def play(
    exchange: Generator[Any, Report, Outcome],
    *rows: Row | Stops,
) -> Outcome | None:
    """Run the exchange along the rows; return its outcome, or None when it had to stop and did."""
    script = [row for row in rows if not isinstance(row, Stops)]
    end = rows[-1] if rows and isinstance(rows[-1], Stops) else None
    assert len(script) == len(rows) - (end is not None), "only the last row can be an ending"
    outcome, stop, number = _run(exchange, script)
    assert number == len(script), f"it ended after row {number} of {len(script)}, with {stop or outcome}"
    if end is None:
        assert stop is None, f"it stopped with {stop}"
        return outcome
    assert stop is not None, f"it ended well, but should have stopped with {end}"
    assert (stop.why, stop.code) == (end.why, end.code)
    assert end.detail is None or stop.detail == end.detail
    assert end.after_s is None or stop.after_s == end.after_s
    return None


def _run(exchange: Generator[Any, Report, Outcome], script: list[Row]) -> tuple[Outcome | None, Stop | None, int]:
    """Return how it ended, and how many rows were played."""
    number = 0
    try:
        step = next(exchange)
        while True:
            assert number < len(script), f"nothing more was expected, but it goes on with {step}"
            expected, report = script[number]
            number += 1
            _check(number, expected, step)
            step = exchange.send(report or Answered(0, {}, b""))
    except StopIteration as done:
        return done.value, None, number
    except Stop as stop:
        return None, stop, number


def _check(number: int, expected: Asks | Confirmed, step: object) -> None:
    if isinstance(expected, Confirmed):
        assert step == expected, f"row {number}"
        return
    assert isinstance(step, Send), f"row {number}: {step}"
    assert (step.method, step.path) == (expected.method, expected.path), f"row {number}"
    said = {name.lower(): value for name, value in step.headers.items()}
    for name, value in expected.headers.items():
        assert said.get(name) == value, f"row {number}: {name} is {said.get(name)!r}"
    if expected.sends is not None:
        assert isinstance(step.body, FileSlice), f"row {number}: no piece of a file"
        assert (step.body.offset, step.body.size) == expected.sends, f"row {number}"
        assert step.about == step.body.sha256, f"row {number}: its bytes are not counted"
    if expected.body is not None:
        assert step.body == expected.body, f"row {number}"


def _header(name: str) -> str:
    return name.replace("_", "-")
