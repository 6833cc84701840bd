"""The contract's routes: each handler parses, calls one room, and answers."""

import re
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.intake import (
    accept,
    arrivals,
    audit,
    courier_keys,
    feed,
    identity,
    ledger,
    openapi,
    people,
    receipt_keys,
    receipts,
    records,
    statuses,
    uploads,
    visits,
)
from sync.intake.bodies import Body
from sync.intake.bundle_routes import BundleDesk
from sync.intake.contract import OPERATIONS, Operation
from sync.intake.door import Door
from sync.intake.draining import Draining
from sync.intake.finishing import Finishes
from sync.intake.identity import Caller
from sync.intake.limits import Buckets, Room
from sync.intake.number_stock import Stock
from sync.intake.refusals import Refused
from sync.intake.roles import Role
from sync.intake.station import Site, invite
from sync.wire.changes import Reconcile
from sync.wire.enrolment import DeviceRegistration, EnrolmentRequest, InvitationRequest, Me, ServerCard
from sync.wire.model import Message, NotTheContract
from sync.wire.problems import ProblemCode
from sync.wire.version import (
    CONTRACT,
    DEVICE_HEADER,
    DIGEST_HEADER,
    ENVELOPE_SCHEMAS_READ,
    LONGEST_WAIT_S,
    MAX_BLOB_BYTES,
    MAX_BLOBS_PER_DOSSIER,
    MAX_ENVELOPE_BYTES,
    MAX_PAGE,
    SCHEMA_HEADER,
    SIGNATURE_HEADER,
)
from sync.wire.visits import MAX_RECORD_BYTES, VisitListRequest

_MOST_REVISIONS = 10_000
_SMALL = 16_000  #: bytes of an envelope that is judged between two requests
_WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,4})\b", re.ASCII)  #: RFC 7240 4.3
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})", re.ASCII)
_LOOK_EVERY_S = 1.0
_MOST_WAITING = 500  #: one row is read for each of them in a second
#: What a province's peak is made of. Each finds a device shut out by itself, in the statement that does the work: its
#: caller may come remembered.
BUSY = frozenset({"put_revision", "dossier", "create_upload", "upload_head", "upload_patch", "upload_delete"})
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Api:
    """The handlers of one site's contract."""

    def __init__(self, site: Site, bundles: BundleDesk, draining: Draining) -> None:
        self._site = site
        self._draining = draining
        self._bundles = bundles
        stock = Stock(site)
        self._running = uploads.Running(Finishes(site, stock))
        self._arrivals = arrivals.Arrivals(site, stock)
        self._buckets = Buckets(50, 500, key=site.secret(), shared=site.counted and site.counted / "callers")
        self._strangers = Buckets(2, 60, key=site.secret(), shared=site.counted and site.counted / "strangers")
        tries = Buckets(1, 60, key=site.secret(), shared=site.counted and site.counted / "tokens")
        self._door = Door(site, tries)
        self._room = Room(200)
        self._waiting = 0  #: requests that are held until there is news
        self._description = openapi.text()

    def routes(self) -> list[Route]:
        """Return a route for every operation, so that none is without a rule of who may call it."""
        return [Route(one.path, self._guarded(one), methods=[one.method], name=one.handler) for one in OPERATIONS]

    def _guarded(self, one: Operation) -> Callable[[Request], Awaitable[Response]]:
        """Let in whom the operation is for, and not too much of anybody at once."""
        handler: Callable[..., Awaitable[Response]] = getattr(self, one.handler)
        who = one.who
        if who is None:

            async def open_to_all(request: Request) -> Response:
                return await handler(request)

            return open_to_all
        may_remember = one.handler in BUSY
        ask = identity.caller_remembered if may_remember else identity.caller

        async def for_some(request: Request) -> Response:
            asking = _asking(request)
            caller = identity.remembered(self._site, asking) if may_remember else None
            if caller is None:
                caller = await self._door.let_in(asking, _address(request), ask)
            if caller.role not in who:
                raise Refused(403, ProblemCode.NOT_ALLOWED)
            self._buckets.spend(caller.device)
            return await handler(request, caller)

        return for_some

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
                successions=await run_in_threadpool(receipt_keys.successions, site) or None,
                sign_in=site.issuer.sign_in() if site.issuer is not None else None,
            )
        )

    async def jwks(self, _request: Request) -> Response:
        return _answer(await run_in_threadpool(receipt_keys.published, self._site))

    async def ping(self, _request: Request) -> Response:
        return Response(status_code=204)

    async def openapi(self, _request: Request) -> Response:
        return Response(self._description, media_type="application/json", headers={"Cache-Control": "max-age=300"})

    async def enrol(self, request: Request) -> Response:
        self._strangers.spend(_address(request))
        asked = await _message(request, EnrolmentRequest, 8_000)
        return _answer(await run_in_threadpool(identity.enrol, self._site, asked), 201)

    async def me(self, _request: Request, who: Caller) -> Response:
        return _answer(Me(device=who.device, name=who.name, unit=who.unit, office=self._site.office))

    # --- devices and people ----------------------------------------------------------------------------------

    async def register(self, request: Request, who: Caller) -> Response:
        body = await _body(request, 8_000)
        asked = _read(DeviceRegistration, body)
        device = request.path_params["device"]
        if not _UUID.fullmatch(device):
            raise Refused(422, ProblemCode.INVALID)
        signature = request.headers.get(SIGNATURE_HEADER, "")
        status, me = await run_in_threadpool(
            identity.register, self._site, who, device, asked, body=body, signature=signature
        )
        return _answer(me, status)

    async def devices(self, _request: Request, who: Caller) -> Response:
        return _answer(await run_in_threadpool(people.devices, self._site, who))

    async def revoke_device(self, request: Request, who: Caller) -> Response:
        await run_in_threadpool(people.revoke, self._site, who, request.path_params["device"])
        return Response(status_code=204)

    async def invite(self, request: Request, who: Caller) -> Response:
        asked = await _message(request, InvitationRequest, 2_000)
        unit = people.unit_for(who, asked.unit)
        url = str(request.base_url).rstrip("/")
        made = await run_in_threadpool(invite, self._site, url, role=Role(asked.role), unit=unit, by=who.device)
        return _answer(made, 201)

    async def envelope(self, request: Request, who: Caller) -> Response:
        body = await run_in_threadpool(people.envelope, self._site, who, request.path_params["dossier"])
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    async def audit(self, request: Request, who: Caller) -> Response:
        said = request.query_params
        after, limit = said.get("after", "0"), said.get("limit", "200")
        page = await run_in_threadpool(
            audit.page,
            self._site,
            who.device,
            _number(after, 2**62, 0),
            _number(limit, MAX_PAGE, 200),
            said.get("dossier", "")[:40],
        )
        return _answer(page)

    async def take_status(self, request: Request, who: Caller) -> Response:
        event = await _message(request, statuses.StatusEvent, statuses.MOST_BYTES)
        return _answer(await run_in_threadpool(statuses.take, self._site, who, event))

    # --- dossiers --------------------------------------------------------------------------------------------

    async def put_revision(self, request: Request, who: Caller) -> Response:
        said = request.headers
        content = await _body(request, MAX_ENVELOPE_BYTES)
        accept.still_read(said.get(SCHEMA_HEADER, ""))
        body = _received(request, content)
        name = (request.path_params["dossier"], _revision(request))
        try:
            arrival = await self._judged(who, *name, body, said.get(SIGNATURE_HEADER, ""))
        except Refused:
            # What was kept stays kept: a replay is answered as the first time, whatever today's rules say.
            if who.subject is None:  # remembered, perhaps; a person was asked just now, and a proof is good once
                who = await run_in_threadpool(identity.caller, self._site, _asking(request))
            known = await run_in_threadpool(arrivals.replay, self._site, who, *name, body.sha256)
            if known is None:
                raise
            return _answer(known[1], known[0])
        if who.subject is not None:  # the body may have taken long; a device is looked at in the commit itself
            await run_in_threadpool(identity.still_in, self._site, who, _asking(request))
        status, verdict = await self._arrivals.put(arrival)
        return _answer(verdict, status)

    async def _judged(self, who: Caller, dossier: str, revision: int, body: Body, signature: str) -> accept.Arrival:
        """Judge a revision: a small one at once, since handing it to a thread and back takes longer than judging."""
        if len(body.signed) > _SMALL:
            return await run_in_threadpool(accept.judge, self._site, who, dossier, revision, body, signature)
        envelope = accept.opened(who, dossier, revision, body.signed, signature)
        said = (self._site, who, envelope, body, signature)
        if accept.is_at_hand(self._site, envelope):
            return accept.judged(*said)
        return await run_in_threadpool(accept.judged, *said)

    async def put_record(self, request: Request, who: Caller) -> Response:
        said, path = request.headers, request.path_params
        body = _received(request, await _body(request, MAX_RECORD_BYTES))
        name = (path["record"], _revision(request))
        signature = said.get(SIGNATURE_HEADER, "")
        status, verdict = await run_in_threadpool(
            records.take, self._site, who, path["kind"], name, body.signed, body.sha256, signature
        )
        return _answer(verdict, status)

    async def make_visits(self, request: Request, who: Caller) -> Response:
        asked = await _message(request, VisitListRequest, 3_000_000)
        return _answer(await run_in_threadpool(people.make_visits, self._site, who, asked), 201)

    async def dossier(self, request: Request, who: Caller) -> Response:
        verdict = await run_in_threadpool(receipts.standing, self._site, who.device, request.path_params["dossier"])
        if verdict is None:
            raise Refused(404, ProblemCode.NOT_FOUND)
        return _answer(verdict)

    async def changes(self, request: Request, who: Caller) -> Response:
        limit = request.query_params.get("limit", "200")
        most = _number(limit, MAX_PAGE, 200) or 200
        cursor = request.query_params.get("cursor", "")
        unit = who.unit if request.query_params.get("visits") == "1" else None
        ask = partial(feed.page, self._site, who.device, cursor, most, unit=unit)
        page = await run_in_threadpool(ask)
        if not page.items and not page.visits and page.cursor == cursor:
            if not await self._news_within(request, who.device, cursor, unit):
                return Response(status_code=304)
            await run_in_threadpool(identity.still_in, self._site, who, _asking(request))
            page = await run_in_threadpool(ask)
        if page.visits:
            await run_in_threadpool(visits.note_pulled, self._site, who.device, page.visits)
        return _answer(page)

    async def _news_within(self, request: Request, owner: str, cursor: str, unit: str | None) -> bool:
        """Wait for news as long as `Prefer: wait=` asks; whoever finds no place to wait is answered at once."""
        asked = _WAIT.search(request.headers.get("prefer", ""))
        ends = time.monotonic() + min(LONGEST_WAIT_S, int(asked[1])) if asked is not None else 0.0
        if time.monotonic() >= ends or self._waiting >= _MOST_WAITING:
            return False
        self._waiting += 1
        try:
            while time.monotonic() < ends and not await request.is_disconnected():
                if await self._draining.within(_LOOK_EVERY_S):
                    return False  # asked again, another worker waits with it
                if await run_in_threadpool(feed.has_more_than, self._site, owner, cursor, unit=unit):
                    return True
        finally:
            self._waiting -= 1
        return False

    async def reconcile(self, request: Request, who: Caller) -> Response:
        asked = await _message(request, Reconcile, 200_000)
        return _answer(await run_in_threadpool(records.lacking, self._site, who, asked))

    async def upload_options(self, _request: Request) -> Response:
        return uploads.options()

    async def create_upload(self, request: Request, who: Caller) -> Response:
        uploads.speak_the_same(request)
        with self._room:
            return await uploads.create(self._site, self._running, who, request)

    async def upload_head(self, request: Request, who: Caller) -> Response:
        uploads.speak_the_same(request)
        return await uploads.head(self._site, who, request.path_params["name"])

    async def upload_patch(self, request: Request, who: Caller) -> Response:
        uploads.speak_the_same(request)
        with self._room:
            return await uploads.patch(self._site, self._running, who, request.path_params["name"], request)

    async def upload_delete(self, request: Request, who: Caller) -> Response:
        uploads.speak_the_same(request)
        return await uploads.terminate(self._site, who, request.path_params["name"])

    async def blob(self, request: Request, who: Caller) -> Response:
        placed = request.headers.get("range", "")
        return await run_in_threadpool(self._blob, who, request.path_params["name"], placed)

    # --- carried by hand ---------------------------------------------------------------------------------------

    async def put_bundle(self, request: Request, who: Caller) -> Response:
        return await self._bundles.put(request, who)

    async def bundle(self, request: Request, who: Caller) -> Response:
        return await self._bundles.get(request, who)

    async def bundle_reply(self, request: Request, _who: Caller) -> Response:
        return await self._bundles.reply(request)

    def _blob(self, who: Caller, sha256: str, placed: str) -> Response:
        with self._site.engine.connect() as db:
            row = db.execute(
                select(ledger.blobs).where(ledger.blobs.c.owner == who.device, ledger.blobs.c.sha256 == sha256)
            ).first()
        if row is None:
            raise Refused(404, ProblemCode.NOT_FOUND)
        part = _RANGE.fullmatch(placed)
        begin, last = (int(part[1]), min(int(part[2]), row.size - 1)) if part is not None else (0, row.size - 1)
        if part is None or begin > last:  # whatever else is asked for may be answered with the whole (RFC 9110, 14.2)
            return Response(self._site.blobs.read(sha256), media_type=row.media_type)
        content = self._site.blobs.read_part(sha256, begin, last + 1)
        where = {"Content-Range": f"bytes {begin}-{last}/{row.size}"}
        return Response(content, 206, where, media_type=row.media_type)


def _answer(message: Message, status: int = 200) -> Response:
    return Response(message.write(), status, media_type="application/json")


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _asking(request: Request) -> identity.Asking:
    said = request.headers
    authorization, proof = said.get("authorization", ""), said.get("dpop", "")
    url = str(request.url) if proof else ""  # what a proof is about; nobody else asks, and making it takes a while
    return identity.Asking(authorization, request.method, url, proof, said.get(DEVICE_HEADER, ""))


def _number(text: str, most: int, otherwise: int) -> int:
    """Return a number out of a query; what is none is as good as absent."""
    return min(most, int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else otherwise


def _revision(request: Request) -> int:
    number = _number(request.path_params["revision"], _MOST_REVISIONS + 1, 0)
    if not 0 < number <= _MOST_REVISIONS:
        raise Refused(404, ProblemCode.NOT_FOUND)
    return number


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


def _received(request: Request, content: bytes) -> Body:
    """Return a signed body as it was before its compression. Raises Refused."""
    said = request.headers
    encoding = said.get("content-encoding", "").lower()
    return Body.received(content, digest=said.get(DIGEST_HEADER, ""), encoding=encoding)


async def _message(request: Request, kind: type[Any], most: int) -> Any:
    return _read(kind, await _body(request, most))


def _read(kind: type[Any], body: bytes) -> Any:
    try:
        return kind.read(body)
    except NotTheContract as wrong:
        raise Refused(422, ProblemCode.INVALID) from wrong
