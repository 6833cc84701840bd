"""Is this worker alive, and is it ready for more? For the machines that start, stop and balance workers."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bnhelper.clock import from_text
from sync.intake import exports, observe
from sync.intake.blobs import BlobsUnavailable
from sync.intake.draining import Draining
from sync.intake.spool import SpoolFull
from sync.intake.station import Site


def routes(site: Site, draining: Draining) -> list[Route]:
    """Return the routes for operators; a proxy in front keeps `/internal` to itself (docs/intake)."""

    async def ready(_request: Request) -> Response:
        found = {**await run_in_threadpool(parts, site), "worker": "leaving" if draining.has_begun else "ok"}
        return JSONResponse(found, 200 if all(one == "ok" for one in found.values()) else 503)

    async def live(_request: Request) -> Response:
        return JSONResponse({"alive": "ok"})

    def metrics(_request: Request) -> Response:
        return observe.metrics(_exports(site))

    return [
        Route("/internal/live", live, methods=["GET"]),
        Route("/internal/ready", ready, methods=["GET"]),
        Route("/internal/metrics", metrics, methods=["GET"]),
    ]


def _exports(site: Site) -> dict[str, tuple[str, float]]:
    """Return what the province's systems wait for; nothing where there are none, or the ledger is away."""
    try:
        with site.engine.connect() as db:
            if not exports.has_receiver(db):
                return {}
            found = exports.waiting(db)
    except SQLAlchemyError:
        return {}
    age = (site.clock.now() - from_text(found.oldest_at)).total_seconds() if found.oldest_at else 0.0
    return {
        "intake_exports_waiting": ("Events that the province's systems did not take yet", found.count),
        "intake_exports_failing": ("Events of those that were tried and not taken", found.failing),
        "intake_exports_oldest_seconds": ("How long the oldest of them waits", age),
    }


def parts(site: Site) -> dict[str, str]:
    """Return how each part of the site does: ok, or one word for what is wrong."""
    found = {"ledger": "ok", "blobs": "ok", "spool": "ok"}
    try:
        with site.engine.connect() as db:
            db.execute(text("SELECT 1"))
    except SQLAlchemyError:
        found["ledger"] = "away"
    try:
        site.blobs.has("0" * 64)
    except BlobsUnavailable:
        found["blobs"] = "away"
    try:
        site.spool.make_room(0)
    except SpoolFull:
        found["spool"] = "full"
    except OSError:
        found["spool"] = "away"
    return found
