"""The ASGI application: routes that parse, call one room, and answer."""

import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Event

from bnhelper.ids import uuid7
from sync.intake import console, officers
from sync.intake.api import Api
from sync.intake.blobs import BlobsUnavailable
from sync.intake.bundle_routes import BundleDesk
from sync.intake.faults import Faults
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.problems import MEDIA_TYPE, Problem, ProblemCode, Retry
from sync.wire.version import (
    CONTRACT,
    MAX_BLOB_BYTES,
    REQUEST_ID_HEADER,
    SERVER_HEADER,
)

_log = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[Response]]


def make_app(site: Site, faults: Faults | None = None) -> Starlette:
    """Return the application of one site."""
    server = _Server(site)
    routes = [
        *Api(site).routes(),
        *BundleDesk(site).routes(),
        Route("/officer", server.to_queue, methods=["GET"]),
        Route("/officer/login", server.login, methods=["GET", "POST"]),
        Route("/officer/logout", server.logout, methods=["POST"]),
        Route("/officer/queue", server.queue, methods=["GET"]),
        Route("/officer/dossiers/{dossier}", server.officer_dossier, methods=["GET"]),
        Route("/officer/dossiers/{dossier}/envelope", server.officer_envelope, methods=["GET"]),
        Route("/officer/dossiers/{dossier}/files/{sha256}", server.officer_file, methods=["GET"]),
        Route("/officer/dossiers/{dossier}/{deed}", server.officer_act, methods=["POST"]),
        Route("/t/{token}", server.look_up, methods=["GET"]),
        Route("/static/page.css", server.style, methods=["GET"]),
        Route("/", server.to_queue, methods=["GET"]),
    ]
    return Starlette(
        routes=routes,
        exception_handlers={
            Refused: _refused,
            SQLAlchemyError: _database,
            BlobsUnavailable: _unavailable,
            Exception: _bug,
        },
        middleware=[Middleware(_Around, site=site, faults=faults or Faults())],
    )


async def _refused(_request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, Refused)
    problem = wrong.problem
    headers = dict(wrong.headers)
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    return Response(problem.write(), problem.status, headers, media_type=MEDIA_TYPE)


async def _unavailable(request: Request, wrong: Exception) -> Response:
    """A part of the site is away: nothing was acknowledged, and the same request may come again soon."""
    _log.warning("unavailable: %s", type(wrong).__name__)
    # Spread, so that the devices of a province do not all come back in the same second.
    return await _refused(request, Refused(503, ProblemCode.BUSY, Retry.LATER, retry_after=random.randint(2, 8)))


async def _database(request: Request, wrong: Exception) -> Response:
    if isinstance(wrong, OperationalError | InterfaceError | PoolTimeout) or getattr(
        wrong, "connection_invalidated", False
    ):
        return await _unavailable(request, wrong)
    return await _bug(request, wrong)


async def _bug(_request: Request, wrong: Exception) -> Response:
    _log.error("bug: %s", type(wrong).__name__, exc_info=wrong)
    problem = Problem(status=500, code=ProblemCode.INTERNAL.value, retry=Retry.LATER.value)
    return Response(problem.write(), 500, media_type=MEDIA_TYPE)


class _Throttle:
    """A few look-ups a second for everybody together: enough for people, hopeless for guessing 128 bits."""

    def __init__(self, per_s: float, burst: float) -> None:
        self._per_s, self._burst, self._left, self._at = per_s, burst, burst, time.monotonic()

    def allows(self) -> bool:
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


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
                headers = MutableHeaders(scope=event)
                headers[SERVER_HEADER] = CONTRACT
                headers[REQUEST_ID_HEADER] = uuid7(self._site.clock.now())
                headers["X-Content-Type-Options"] = "nosniff"
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


class _Server:
    """The handlers, each at most a few lines over its room."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._throttle = _Throttle(per_s=10, burst=60)

    # --- pages ---------------------------------------------------------------------------------------------

    async def style(self, _request: Request) -> Response:
        return console.style()

    async def to_queue(self, _request: Request) -> Response:
        return RedirectResponse("/officer/queue", 303)

    async def login(self, request: Request) -> Response:
        if request.method == "GET":
            return console.login_page(request)
        form = await request.form(max_files=0, max_fields=10)
        return await run_in_threadpool(console.login, self._site, request, dict(form))

    async def logout(self, request: Request) -> Response:
        officer = await run_in_threadpool(console.officer_of, self._site, request)
        form = await request.form(max_files=0, max_fields=10)
        if officer is None or form.get("csrf") != officer.csrf:
            return RedirectResponse("/officer/login", 303)
        return await run_in_threadpool(console.logout, self._site, request)

    async def queue(self, request: Request) -> Response:
        return await self._page(request, console.queue_page)

    async def officer_dossier(self, request: Request) -> Response:
        return await self._page(request, console.dossier_page, request.path_params["dossier"])

    async def officer_envelope(self, request: Request) -> Response:
        def answer(site: Site, _request: Request, _officer: Any, dossier: str) -> Response:
            body = officers.envelope_bytes(site, dossier)
            return Response(body or b"", 200 if body else 404, media_type="application/json")

        return await self._page(request, answer, request.path_params["dossier"])

    async def officer_file(self, request: Request) -> Response:
        def answer(site: Site, _request: Request, officer: Any, dossier: str, sha256: str) -> Response:
            return console.file_answer(site, officer, dossier, sha256)

        return await self._page(request, answer, request.path_params["dossier"], request.path_params["sha256"])

    async def officer_act(self, request: Request) -> Response:
        officer = await run_in_threadpool(console.officer_of, self._site, request)
        deed = request.path_params["deed"]
        if officer is None:
            return RedirectResponse("/officer/login", 303)
        if deed not in officers.ACTS:
            return Response(status_code=404)
        form = await request.form(max_files=1, max_fields=500, max_part_size=MAX_BLOB_BYTES)
        said = _Form(form)
        file = form.get("file")
        if file is not None and not isinstance(file, str):
            said.add("content", await file.read(MAX_BLOB_BYTES + 1))
            said.add("filename", file.filename)
        return await run_in_threadpool(
            console.act, self._site, request, officer, request.path_params["dossier"], deed, said
        )

    async def look_up(self, request: Request) -> Response:
        if not self._throttle.allows():
            return Response(
                "Mời thử lại sau một phút.", 429, {"Retry-After": "60"}, media_type="text/plain; charset=utf-8"
            )
        return await run_in_threadpool(console.look_up_page, self._site, request, request.path_params["token"][:64])

    async def _page(self, request: Request, make: Callable[..., Response], *more: str) -> Response:
        officer = await run_in_threadpool(console.officer_of, self._site, request)
        if officer is None:
            return RedirectResponse("/officer/login", 303)
        return await run_in_threadpool(make, self._site, request, officer, *more)


class _Form:
    """A posted form with the uploaded file read."""

    def __init__(self, form: Any) -> None:
        self._form = form
        self._more: dict[str, Any] = {}

    def add(self, name: str, value: Any) -> None:
        self._more[name] = value

    def get(self, name: str, default: Any = None) -> Any:
        return self._more.get(name, self._form.get(name, default))

    def __getitem__(self, name: str) -> Any:
        return self.get(name)

    def getlist(self, name: str) -> list[Any]:
        return list(self._form.getlist(name))
