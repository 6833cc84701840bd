"""What operators see: one JSON line for each request, and Prometheus metrics; never a name, an answer or a token."""

import json
import logging
import os
import sys
import time
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import Scope

_access = logging.getLogger("bnhelper.intake.access")

REQUESTS: Final = Counter("intake_requests", "Requests by route and status", ["method", "route", "status"])
SECONDS: Final = Histogram(
    "intake_request_seconds",
    "How long an answer took",
    ["method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
UNDER_WAY: Final = Gauge("intake_requests_under_way", "Requests that are not answered yet", multiprocess_mode="livesum")
BYTES_IN: Final = Counter("intake_body_bytes", "Bytes of request bodies that arrived")
KEPT: Final = Counter("intake_revisions_kept", "Revisions that are durable for the first time")
PER_COMMIT: Final = Histogram(
    "intake_revisions_per_commit", "How many revisions shared a commit", buckets=(1, 2, 4, 8, 16, 32, 64)
)
_TOLD_EVERY_S: Final = 0.5


def metrics(standing: Mapping[str, tuple[str, float]]) -> Response:
    """Answer Prometheus; with several workers, for all of them.

    `standing` is what the ledger says at this moment, name -> (what it is, value): whoever is asked knows it, since no
    process counts it for itself.
    """
    registry: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    now = CollectorRegistry()
    now.register(_Standing(standing))
    return Response(generate_latest(registry) + generate_latest(now), media_type=CONTENT_TYPE_LATEST)


class _Standing(Collector):
    """Gauges that are read where they stand, and not counted in a process."""

    def __init__(self, said: Mapping[str, tuple[str, float]]) -> None:
        self._said = said

    def collect(self) -> Iterator[Metric]:
        for name, (what, value) in self._said.items():
            yield GaugeMetricFamily(name, what, value)


class Requests:
    """Counts the requests of one application, and tells each of them in the log.

    The files in which workers count together cost microseconds each time, so a busy worker tells them what it counted
    twice a second, an idle one at once. For the event loop's thread alone.
    """

    def __init__(self) -> None:
        self._under_way = self._told_under_way = self._arrived = 0
        self._answers: dict[tuple[str, str, int], int] = {}
        self._told_at = float("-inf")

    def begins(self) -> float:
        """Note that a request came; return the moment, of `time.perf_counter`."""
        now = time.perf_counter()
        self._under_way += 1
        if now - self._told_at > _TOLD_EVERY_S:
            self._tell(now)
        return now

    def ends(self, scope: Scope, began: float, *, status: int, request_id: str, arrived: int) -> None:
        """Note an answer by its route's pattern: paths carry ids, and look-up codes are secrets.

        `arrived` is the bytes of the request's body.
        """
        now = time.perf_counter()
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        kind = (method, route, status)
        self._under_way -= 1
        self._arrived += arrived
        self._answers[kind] = self._answers.get(kind, 0) + 1
        _timed(method, route).observe(now - began)
        if self._under_way == 0 or now - self._told_at > _TOLD_EVERY_S:
            self._tell(now)
        if _access.isEnabledFor(logging.INFO):
            about = {"request": request_id, "method": method, "route": route, "status": status}
            _access.info("request", extra={"said": about | {"ms": round((now - began) * 1000, 1), "bytes": arrived}})

    def _tell(self, now: float) -> None:
        UNDER_WAY.inc(self._under_way - self._told_under_way)
        BYTES_IN.inc(self._arrived)
        for kind, count in self._answers.items():
            _counted(*kind).inc(count)
        self._told_at, self._told_under_way, self._arrived = now, self._under_way, 0
        self._answers.clear()


@cache
def _counted(method: str, route: str, status: int) -> Counter:
    """Return the counter of a kind of request; looking it up by its labels costs more than counting."""
    return REQUESTS.labels(method, route, status)


@cache
def _timed(method: str, route: str) -> Histogram:
    return SECONDS.labels(method, route)


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class JsonLines(logging.Formatter):
    """One JSON object a line. An exception is told by its kind and place; its text may quote somebody's data."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03}",
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
            **getattr(record, "said", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            said["kind"] = record.exc_info[0].__name__
            trace, places = record.exc_info[2], []
            while trace is not None:
                places.append(f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}")
                trace = trace.tb_next
            said["places"] = places[-12:]
        return json.dumps(said, ensure_ascii=False)


def log_as_json(level: str) -> None:
    """Send this process's log to standard error as JSON lines; access lines from `info` on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
