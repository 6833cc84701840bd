"""Brings the sealed parts of a folder to whoever takes them, and their replies into the folder."""

import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from sync.delivery import Transport
from sync.engine.carried import CourierState, HandedOver, Step
from sync.engine.orders import Send
from sync.engine.put_bundle import bundle_status, fetch_reply, put_bundle
from sync.engine.reports import Report
from sync.engine.verdicts import Stop, Why
from sync.transport.courier import CarriedPart, CopyStopped, Stick
from sync.wire.courier import BundleState, BundleStatus

Outcome = TypeVar("Outcome")
_ASK_AGAIN_S: Final = 1.0


class HandingOver:
    """One folder, handed over once."""

    def __init__(
        self,
        stick: Stick,
        transport: Transport,
        *,
        told: Callable[[CourierState], object],
        is_stopped: Callable[[], bool],
        answered: Callable[[CarriedPart, BundleStatus], object],
        read_within_s: float,
    ) -> None:
        """`read_within_s` is how long a part may be read that is wholly there; 0: that is not waited for."""
        self._stick = stick
        self._transport = transport
        self._told = told
        self._is_stopped = is_stopped
        self._answered = answered
        self._read_within_s = read_within_s
        self._left: dict[str, str] = {}
        self._refused: dict[str, str] = {}

    def run(self, parts: Mapping[str, CarriedPart]) -> HandedOver:
        """Hand over the parts, each under the SHA-256 of its file, and take their replies.

        A part that is not taken now keeps neither the others nor their replies. Raises Stop where no part can go on,
        CopyStopped, StickGone, StickFull.
        """
        total, done = sum(part.size for part in parts.values()), 0
        for number, (sha256, part) in enumerate(parts.items(), 1):
            self._told(CourierState(Step.HANDING, number, len(parts), done, total))
            self._try(part, lambda sha256=sha256, part=part: self._bring(sha256, part))  # type: ignore[misc]
            done += part.size
        said: list[BundleStatus] = []
        for sha256, part in parts.items():  # only now: each part may have completed another
            self._try(part, lambda sha256=sha256, part=part: self._take_reply(sha256, part, said))  # type: ignore[misc]
        over = _handed_over(list(parts.values()), said)
        return replace(over, left=self._left, refused_parts=self._refused)

    def _try(self, part: CarriedPart, work: Callable[[], None]) -> None:
        try:
            work()
        except Stop as stop:
            if stop.why is not Why.LATER:
                raise
            self._left.setdefault(part.path.name, stop.code)

    def _bring(self, sha256: str, part: CarriedPart) -> None:
        status: BundleStatus | None = self._run(put_bundle(sha256, part.size))
        ends = time.monotonic() + self._read_within_s
        while status is not None and status.state is BundleState.READING and time.monotonic() < ends:
            if self._is_stopped():
                raise CopyStopped
            time.sleep(_ASK_AGAIN_S)
            status = self._run(bundle_status(sha256))
        if status is None or (status.state is BundleState.READING and self._read_within_s):
            raise Stop(Why.LATER, "not-read-yet")

    def _take_reply(self, sha256: str, part: CarriedPart, said: list[BundleStatus]) -> None:
        status = self._run(bundle_status(sha256))
        if status is None:
            return
        said.append(status)
        if status.state is BundleState.REFUSED:
            self._refused[part.path.name] = status.code or ""
        reply = self._run(fetch_reply(sha256)) if status.state is BundleState.DONE else None
        if reply is not None:
            self._stick.keep_reply(part.path.name, reply)
            self._answered(part, status)

    def _run(self, exchange: Generator[Send, Report, Outcome]) -> Outcome:
        report: Any = None
        try:
            while True:
                if self._is_stopped():
                    raise CopyStopped
                report = self._transport.perform(exchange.send(report))
        except StopIteration as done:
            outcome: Outcome = done.value
            return outcome


def _handed_over(parts: Sequence[CarriedPart], said: Sequence[BundleStatus]) -> HandedOver:
    codes = Counter(one.code for one in said if one.code is not None)
    wanted = {(part.series, number) for part in parts for number in range(1, part.parts + 1)}
    there = {(part.series, part.part) for part in parts}
    return HandedOver(
        len(parts),
        sum(one.proved for one in said),
        sum(one.waiting for one in said),
        sum(one.refused for one in said),
        dict(codes),
        len(wanted - there),
    )
