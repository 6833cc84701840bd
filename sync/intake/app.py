"""The ASGI application: routes that parse, call one room, and answer."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import select
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Event

from bnhelper.ids import uuid7
from sync.intake import accept, console, courier_keys, feed, identity, ledger, officers, uploads
from sync.intake.bundle_routes import BundleDesk
from sync.intake.faults import Faults
from sync.intake.refusals import Refused
from sync.intake.station import Site, public_key
from sync.wire.changes import HeldByDevice, Reconcile, ReconcileAnswer
from sync.wire.enrolment import EnrolmentRequest, Me, ServerCard
from sync.wire.model import Message, NotTheContract
from sync.wire.problems import MEDIA_TYPE, Problem, ProblemCode, Retry
from sync.wire.version import (
    CONTRACT,
    DIGEST_HEADER,
    ENVELOPE_SCHEMAS_READ,
    MAX_BLOB_BYTES,
    MAX_BLOBS_PER_DOSSIER,
    MAX_ENVELOPE_BYTES,
    MAX_PAGE,
    REQUEST_ID_HEADER,
    SCHEMA_HEADER,
    SERVER_HEADER,
    SIGNATURE_HEADER,
)

_log = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[Response]]


def make_app(site: Site, faults: Faults | None = None) -> Starlette:
    """Return the application of one site."""
    server = _Server(site)
    routes = [
        Route("/.well-known/bn-intake", server.card, methods=["GET"]),
        Route("/.well-known/jwks.json", server.jwks, methods=["GET"]),
        Route("/v1/ping", server.ping, methods=["HEAD", "GET"]),
        Route("/v1/enrolments", server.enrol, methods=["POST"]),
        Route("/v1/me", server.me, methods=["GET"]),
        Route("/v1/dossiers/{dossier}/revisions/{revision:int}", server.put_revision, methods=["PUT"]),
        Route("/v1/dossiers/{dossier}", server.dossier, methods=["GET"]),
        Route("/v1/changes", server.changes, methods=["GET"]),
        Route("/v1/reconcile", server.reconcile, methods=["POST"]),
        Route("/v1/blobs", server.create_upload, methods=["POST", "OPTIONS"]),
        Route("/v1/blobs/{name}", server.upload, methods=["HEAD", "PATCH", "DELETE", "GET"]),
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
        exception_handlers={Refused: _refused, Exception: _bug},
        middleware=[Middleware(_Around, site=site, faults=faults or Faults())],
    )


async def _refused(_request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, Refused)
    problem = wrong.problem
    headers = dict(wrong.headers)
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    return Response(problem.write(), problem.status, headers, media_type=MEDIA_TYPE)


async def _bug(_request: Request, wrong: Exception) -> Response:
    _log.error("bug: %s", type(wrong).__name__, exc_info=wrong)
    problem = Problem(status=500, code=ProblemCode.INTERNAL.value, retry=Retry.LATER.value)
    return Response(problem.write(), 500, media_type=MEDIA_TYPE)


def _answer(message: Message, status: int = 200) -> Response:
    return Response(message.write(), status, media_type="application/json")


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
        self._running = uploads.Running()
        self._throttle = _Throttle(per_s=10, burst=60)

    def _caller(self, request: Request) -> identity.Caller:
        return identity.caller(self._site, request.headers.get("authorization", ""))

    # --- the contract --------------------------------------------------------------------------------------

    async def card(self, _request: Request) -> Response:
        site = self._site
        return _answer(
            ServerCard(
                server_id=site.server_id,
                contract=CONTRACT,
                schemas=ENVELOPE_SCHEMAS_READ,
                max_envelope=MAX_ENVELOPE_BYTES,
                max_blob=MAX_BLOB_BYTES,
                max_blobs=MAX_BLOBS_PER_DOSSIER,
                time=site.now(),
                office=site.office,
                courier=await run_in_threadpool(courier_keys.signed, site),
            )
        )

    async def jwks(self, _request: Request) -> Response:
        return JSONResponse({"keys": [public_key(self._site)]})

    async def ping(self, _request: Request) -> Response:
        return Response(status_code=204)

    async def enrol(self, request: Request) -> Response:
        asked = await _message(request, EnrolmentRequest, 8_000)
        return _answer(await run_in_threadpool(identity.enrol, self._site, asked), 201)

    async def me(self, request: Request) -> Response:
        who = await run_in_threadpool(self._caller, request)
        return _answer(Me(device=who.device, name=who.name, office=self._site.office))

    async def put_revision(self, request: Request) -> Response:
        who = await run_in_threadpool(self._caller, request)
        body = accept.plain_body(
            await _body(request, MAX_ENVELOPE_BYTES), request.headers.get("content-encoding", "").lower()
        )
        status, verdict = await run_in_threadpool(
            accept.put_revision,
            self._site,
            who,
            request.path_params["dossier"],
            request.path_params["revision"],
            body,
            digest=request.headers.get(DIGEST_HEADER, ""),
            signature=request.headers.get(SIGNATURE_HEADER, ""),
            schema=request.headers.get(SCHEMA_HEADER, ""),
        )
        return _answer(verdict, status)

    async def dossier(self, request: Request) -> Response:
        who = await run_in_threadpool(self._caller, request)

        def look() -> Message | None:
            with self._site.engine.begin() as db:
                row = db.execute(
                    select(ledger.dossiers).where(
                        ledger.dossiers.c.id == request.path_params["dossier"], ledger.dossiers.c.device == who.device
                    )
                ).first()
                return None if row is None else accept.settle(self._site, db, row.id, row.revision)

        verdict = await run_in_threadpool(look)
        if verdict is None:
            raise Refused(404, ProblemCode.NOT_FOUND)
        return _answer(verdict)

    async def changes(self, request: Request) -> Response:
        who = await run_in_threadpool(self._caller, request)
        limit = request.query_params.get("limit", "200")
        most = min(MAX_PAGE, int(limit)) if limit.isdigit() and int(limit) else 200
        cursor = request.query_params.get("cursor", "")
        page = await run_in_threadpool(feed.page, self._site, who.device, cursor, most)
        if not page.items and page.cursor == cursor:
            return Response(status_code=304)
        return _answer(page)

    async def reconcile(self, request: Request) -> Response:
        who = await run_in_threadpool(self._caller, request)
        asked = await _message(request, Reconcile, 200_000)
        return _answer(await run_in_threadpool(self._lacking, who, asked))

    def _lacking(self, who: identity.Caller, asked: Reconcile) -> ReconcileAnswer:
        with self._site.engine.connect() as db:
            rows = db.execute(
                select(ledger.revisions.c.dossier, ledger.revisions.c.revision, ledger.revisions.c.sha256)
                .join(ledger.dossiers, ledger.dossiers.c.id == ledger.revisions.c.dossier)
                .where(
                    ledger.dossiers.c.device == who.device,
                    ledger.revisions.c.dossier.in_([one.dossier for one in asked.items]),
                    ledger.revisions.c.receipt.is_not(None),
                )
            )
            held = {(row.dossier, row.revision, row.sha256) for row in rows}
        lacking: tuple[HeldByDevice, ...] = tuple(
            one for one in asked.items if (one.dossier, one.rev, one.envelope) not in held
        )
        return ReconcileAnswer(lacking=lacking)

    async def create_upload(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return uploads.options()
        who = await run_in_threadpool(self._caller, request)
        return await uploads.create(self._site, self._running, who, request)

    async def upload(self, request: Request) -> Response:
        who = await run_in_threadpool(self._caller, request)
        name = request.path_params["name"]
        if request.method == "HEAD":
            return await uploads.head(self._site, self._running, who, name)
        if request.method == "PATCH":
            return await uploads.patch(self._site, self._running, who, name, request)
        if request.method == "DELETE":
            return await uploads.terminate(self._site, who, name)
        return await run_in_threadpool(self._blob, who, name)

    def _blob(self, who: identity.Caller, sha256: str) -> Response:
        with self._site.engine.connect() as db:
            row = db.execute(
                select(ledger.blobs).where(ledger.blobs.c.owner == who.device, ledger.blobs.c.sha256 == sha256)
            ).first()
        if row is None:
            raise Refused(404, ProblemCode.NOT_FOUND)
        return Response(self._site.blobs.read(sha256), media_type=row.media_type)

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


async def _body(request: Request, most: int) -> bytes:
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > most:
        raise Refused(413, ProblemCode.TOO_LARGE)
    found = bytearray()
    async for block in request.stream():
        found += block
        if len(found) > most:
            raise Refused(413, ProblemCode.TOO_LARGE)
    return bytes(found)


async def _message(request: Request, kind: type[Any], most: int) -> Any:
    try:
        return kind.read(await _body(request, most))
    except NotTheContract as wrong:
        raise Refused(422, ProblemCode.INVALID) from wrong
