"""The door of the application: what every request passes first, and every answer last."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Event

from bnhelper.ids import uuid7
from sync.intake.faults import Faults
from sync.intake.observe import Requests
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.problems import ProblemCode, Retry
from sync.wire.version import CONTRACT, REQUEST_ID_HEADER, SERVER_HEADER

_REQUEST_ID: Final = REQUEST_ID_HEADER.lower().encode("ascii")
_OURS: Final = (
    (SERVER_HEADER.lower().encode("ascii"), CONTRACT.encode("ascii")),
    (b"x-content-type-options", b"nosniff"),
)
Endpoint = Callable[[Request], Awaitable[Response]]
Handler = Callable[[Request, Exception], Awaitable[Response]]


class Front:
    """Counts each request, marks each answer as the province's own, and puts faults where they are wanted.

    The busy operations go straight to their handlers from here: what lies between, which is made for any application,
    takes as long as a signature does. The others go through `inner`, to the same end.
    """

    def __init__(
        self,
        inner: ASGIApp,
        site: Site,
        faults: Faults,
        *,
        routes: list[BaseRoute],
        busy: Iterable[Route],
        refusals: Mapping[type[Exception], Handler],
    ) -> None:
        self.routes = routes  #: all of them
        self._inner = inner
        self._site = site
        self._faults = faults
        self._requests = Requests()
        self._refusals = refusals
        self._told = tuple(refusals)
        self._busy: dict[str, list[Route]] = {}
        for route in busy:
            for method in route.methods or ():
                self._busy.setdefault(method, []).append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        passing = _Passing(self._site, receive, send)
        began = self._requests.begins()
        try:
            if self._faults.are_wanted and scope["path"].startswith(("/v1", "/.well-known")):
                await self._with_faults(scope, passing)
            else:
                await self._let_in(scope, passing)
        finally:
            self._requests.ends(
                scope, began, status=passing.status, request_id=passing.request_id, arrived=passing.arrived
            )

    async def _let_in(self, scope: Scope, passing: "_Passing") -> None:
        for route in self._busy.get(scope["method"], ()):
            found = route.path_regex.match(scope["path"])
            if found is not None and not scope["root_path"]:
                scope["route"], scope["path_params"] = route, found.groupdict()
                await self._directly(route.endpoint, scope, passing)
                return
        await self._inner(scope, passing.receive, passing.send)

    async def _directly(self, endpoint: Endpoint, scope: Scope, passing: "_Passing") -> None:
        request = _Busy(scope, passing.receive, passing.send)
        try:
            response = await endpoint(request)
        except self._told as wrong:
            handler = next(self._refusals[one] for one in type(wrong).__mro__ if one in self._refusals)
            response = await handler(request, wrong)
        await response(scope, passing.receive, passing.send)

    async def _with_faults(self, scope: Scope, passing: "_Passing") -> None:
        spend, receive = self._faults.spend, passing.receive
        if spend("portal"):
            await HTMLResponse("<h1>Wi-Fi</h1>")(scope, receive, passing.send_bare)
        elif spend("busy"):
            request = Request(scope, receive)
            refusal = Refused(503, ProblemCode.BUSY, Retry.LATER, retry_after=1)
            await (await self._refusals[Refused](request, refusal))(scope, receive, passing.send)
        elif spend("rubbish"):
            await Response(b"\x00rubbish{", 200, media_type="application/json")(scope, receive, passing.send)
        elif scope["method"] == "PUT" and spend("late"):
            await self._let_in(scope, _Passing(self._site, receive, _nowhere))
            await HTMLResponse("gone", 502)(scope, receive, passing.send_bare)
        else:
            await self._let_in(scope, passing)


class _Headers(Headers):
    """Headers that are asked for a dozen times: each is found at once."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope=scope)
        self._first = dict(reversed(scope["headers"]))

    def get(self, key: str, default: Any = None) -> Any:
        found = self._first.get(key.lower().encode("latin-1"))
        return default if found is None else found.decode("latin-1")


class _Busy(Request):
    """A request of a busy operation."""

    @cached_property
    def headers(self) -> Headers:
        return _Headers(self.scope)


class _Passing:
    """One request and its answer on their way through the door."""

    __slots__ = ("_receive", "_send", "_site", "arrived", "request_id", "status")

    def __init__(self, site: Site, receive: Receive, send: Send) -> None:
        self._site = site
        self._receive = receive
        self._send = send
        self.arrived = 0
        self.status = 0
        self.request_id = ""

    async def receive(self) -> Event:
        event = await self._receive()
        self.arrived += len(event.get("body", b""))
        return event

    async def send(self, event: Event) -> None:
        """Hand on a part of an answer of the province's."""
        if event["type"] == "http.response.start":
            self.status, self.request_id = event["status"], uuid7(self._site.clock.now())
            mine = (_REQUEST_ID, self.request_id.encode("ascii"))
            event["headers"] = [*event.get("headers", ()), *_OURS, mine]
        await self._send(event)

    async def send_bare(self, event: Event) -> None:
        """Hand on a part of an answer that somebody between us and the device might give."""
        if event["type"] == "http.response.start":
            self.status = event["status"]
        await self._send(event)


async def _nowhere(_event: Any) -> None:
    """Lose an answer."""
