"""The ASGI application: routes that parse, call one room, and answer."""

import errno
import logging
import random
from collections.abc import Sequence

import psycopg
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from sync.intake import catalogue_files, console_routes, health
from sync.intake.api import BUSY, Api
from sync.intake.blobs import BlobsUnavailable
from sync.intake.bundle_routes import BundleDesk
from sync.intake.console import read_all, told
from sync.intake.draining import Draining
from sync.intake.faults import Faults
from sync.intake.front import Front, Handler
from sync.intake.refusals import Refused
from sync.intake.station import TRIAL, Site
from sync.wire.problems import MEDIA_TYPE, Problem, ProblemCode, Retry

_log = logging.getLogger(__name__)


def make_app(site: Site, faults: Faults | None = None, *, drain_s: float = 0.0) -> Front:
    """Return the application of one site; told to stop, it goes on for `drain_s` while `ready` says so."""
    read_all()
    bundles, draining = BundleDesk(site), Draining(drain_s)
    answers = Api(site, bundles, draining).routes()
    routes = [
        *answers,
        *bundles.routes(),
        *health.routes(site, draining),
        *catalogue_files.routes(site),
        *console_routes.routes(site),
    ]
    refusals: dict[type[Exception], Handler] = {
        Refused: _refused,
        SQLAlchemyError: _database,
        psycopg.OperationalError: _unavailable,  # of a connection that is used as it is (`commits`)
        BlobsUnavailable: _unavailable,
        HTTPException: _no_route,
        ClientDisconnect: _left,
        OSError: _disk,
        Exception: _bug,
    }
    inner = Starlette(routes=routes, exception_handlers=dict(refusals), lifespan=draining.while_serving)
    inner.state.site_name = "" if site.office == TRIAL else site.office
    busy = [route for route in answers if route.name in BUSY]
    return Front(inner, site, faults or Faults(), routes=routes, busy=busy, refusals=refusals)


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
        answer = told(request, None, 503, "unavailable", "unavailable_how", again=_typed(request))
        answer.headers["Retry-After"] = "10"
        return answer
    # Spread, so that the devices of a province do not all come back in the same second.
    return await _refused(request, Refused(503, ProblemCode.BUSY, Retry.LATER, retry_after=random.randint(2, 8)))


def _typed(request: Request) -> Sequence[tuple[str, str]]:
    """Return what was typed into a form that could not be done, to be sent again as it is; no passwords."""
    pairs: Sequence[tuple[str, str]] = getattr(request.state, "typed", ())
    return () if {"password", "old", "new"} & {name for name, _ in pairs} else pairs


def _is_for_machines(request: Request) -> bool:
    """Tell whether a program reads the answer; people on the officers' and the look-up page get a page."""
    return not request.url.path.startswith(("/officer", "/t/")) and request.url.path != "/"


async def _database(request: Request, wrong: Exception) -> Response:
    if isinstance(wrong, OperationalError | InterfaceError | PoolTimeout) or getattr(
        wrong, "connection_invalidated", False
    ):
        return await _unavailable(request, wrong)
    if isinstance(wrong, DataError):  # a text with a NUL, say: no row can hold it, so nothing has that name
        if not _is_for_machines(request):
            return told(request, None, 404, "none_such")
        is_name = request.method in {"GET", "HEAD", "DELETE"} or "%00" in str(request.url)
        no = Refused(404, ProblemCode.NOT_FOUND) if is_name else Refused(422, ProblemCode.INVALID)
        return await _refused(request, no)
    return await _bug(request, wrong)


async def _disk(request: Request, wrong: Exception) -> Response:
    """The disk of the spool ran full after `spool.make_room` had looked: told as if it had been full then."""
    if getattr(wrong, "errno", None) != errno.ENOSPC:
        return await _bug(request, wrong)
    if not _is_for_machines(request):
        return await _unavailable(request, wrong)
    return await _refused(request, Refused(507, ProblemCode.STORAGE_FULL, Retry.LATER, retry_after=300))


async def _left(_request: Request, _wrong: Exception) -> Response:
    """The line broke before the body was whole: nobody hears this, and the same request comes again."""
    return Response(status_code=400)


async def _bug(request: Request, wrong: Exception) -> Response:
    _log.error("bug: %s", type(wrong).__name__, exc_info=wrong)
    if not _is_for_machines(request):
        return told(request, None, 500, "broken", "broken_how")
    problem = Problem(status=500, code=ProblemCode.INTERNAL.value, retry=Retry.LATER.value)
    return Response(problem.write(), 500, media_type=MEDIA_TYPE)
