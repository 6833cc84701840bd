"""The ASGI application: routes that parse, call one room, and answer."""

import logging
import random
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Event

from bnhelper.ids import uuid7
from sync.intake import catalogue_files, console_routes, health
from sync.intake.api import Api
from sync.intake.blobs import BlobsUnavailable
from sync.intake.bundle_routes import BundleDesk
from sync.intake.console import told
from sync.intake.draining import Draining
from sync.intake.faults import Faults
from sync.intake.observe import Observed
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.problems import MEDIA_TYPE, Problem, ProblemCode, Retry
from sync.wire.version import (
    CONTRACT,
    REQUEST_ID_HEADER,
    SERVER_HEADER,
)

_log = logging.getLogger(__name__)
_REQUEST_ID = REQUEST_ID_HEADER.lower().encode("ascii")
_OURS = (
    (SERVER_HEADER.lower().encode("ascii"), CONTRACT.encode("ascii")),
    (b"x-content-type-options", b"nosniff"),
)
Handler = Callable[[Request], Awaitable[Response]]


def make_app(site: Site, faults: Faults | None = None, *, drain_s: float = 0.0) -> Starlette:
    """Return the application of one site; told to stop, it goes on for `drain_s` while `ready` says so."""
    bundles, draining = BundleDesk(site), Draining(drain_s)
    routes = [
        *Api(site, bundles, draining).routes(),
        *bundles.routes(),
        *health.routes(site, draining),
        *catalogue_files.routes(site),
        *console_routes.routes(site),
    ]
    return Starlette(
        routes=routes,
        exception_handlers={
            Refused: _refused,
            SQLAlchemyError: _database,
            BlobsUnavailable: _unavailable,
            HTTPException: _no_route,
            ClientDisconnect: _left,
            Exception: _bug,
        },
        middleware=[Middleware(Observed), Middleware(_Around, site=site, faults=faults or Faults())],
        lifespan=draining.while_serving,
    )


async def _refused(_request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, Refused)
    problem = wrong.problem
    headers = dict(wrong.headers)
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    return Response(problem.write(), problem.status, headers, media_type=MEDIA_TYPE)


async def _no_route(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, HTTPException)
    if wrong.status_code == 404 and not _is_for_machines(request):
        return told(request, None, 404, "none_such")
    code = ProblemCode.NOT_FOUND if wrong.status_code == 404 else ProblemCode.INVALID
    return await _refused(request, Refused(wrong.status_code, code, headers=dict(wrong.headers or {})))


async def _unavailable(request: Request, wrong: Exception) -> Response:
    """A part of the site is away: nothing was acknowledged, and the same request may come again soon."""
    _log.warning("unavailable: %s", type(wrong).__name__)
    if not _is_for_machines(request):
        answer = told(request, None, 503, "unavailable", "unavailable_how")
        answer.headers["Retry-After"] = "10"
        return answer
    # Spread, so that the devices of a province do not all come back in the same second.
    return await _refused(request, Refused(503, ProblemCode.BUSY, Retry.LATER, retry_after=random.randint(2, 8)))


def _is_for_machines(request: Request) -> bool:
    """Tell whether a program reads the answer; people on the officers' and the look-up page get a page."""
    return not request.url.path.startswith(("/officer", "/t/")) and request.url.path != "/"


async def _database(request: Request, wrong: Exception) -> Response:
    if isinstance(wrong, OperationalError | InterfaceError | PoolTimeout) or getattr(
        wrong, "connection_invalidated", False
    ):
        return await _unavailable(request, wrong)
    return await _bug(request, wrong)


async def _left(_request: Request, _wrong: Exception) -> Response:
    """The line broke before the body was whole: nobody hears this, and the same request comes again."""
    return Response(status_code=400)


async def _bug(request: Request, wrong: Exception) -> Response:
    _log.error("bug: %s", type(wrong).__name__, exc_info=wrong)
    if not _is_for_machines(request):
        return told(request, None, 500, "broken", "broken_how")
    problem = Problem(status=500, code=ProblemCode.INTERNAL.value, retry=Retry.LATER.value)
    return Response(problem.write(), 500, media_type=MEDIA_TYPE)


class _Around:
    """Puts the province's own headers on every answer, and faults where they are wanted."""

    def __init__(self, app: ASGIApp, site: Site, faults: Faults) -> None:
        self._app = app
        self._site = site
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_api = scope["path"].startswith(("/v1", "/.well-known"))

        async def marked(event: Event) -> None:
            if event["type"] == "http.response.start":
                request_id = uuid7(self._site.clock.now()).encode("ascii")
                event["headers"] = [*event.get("headers", ()), *_OURS, (_REQUEST_ID, request_id)]
            await send(event)

        if is_api and self._faults.spend("portal"):
            await HTMLResponse("<h1>Wi-Fi</h1>")(scope, receive, send)
        elif is_api and self._faults.spend("busy"):
            refusal = Refused(503, ProblemCode.BUSY, Retry.LATER, retry_after=1)
            await (await _refused(Request(scope), refusal))(scope, receive, marked)
        elif is_api and self._faults.spend("rubbish"):
            await Response(b"\x00rubbish{", 200, media_type="application/json")(scope, receive, marked)
        elif is_api and scope["method"] == "PUT" and self._faults.spend("late"):
            await self._app(scope, receive, _nowhere)
            await HTMLResponse("gone", 502)(scope, receive, send)
        else:
            await self._app(scope, receive, marked)


async def _nowhere(_event: Event) -> None:
    """Lose an answer."""
