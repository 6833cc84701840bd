"""Makes the application of one worker from the environment: `uvicorn --factory sync.intake.serve:application`."""

import gc
import logging
import shlex
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy.exc import OperationalError
from starlette.types import ASGIApp

from bnhelper.clock import SystemClock
from bnhelper.errors import KnownTrouble
from sync.intake import observe, packs
from sync.intake.app import make_app
from sync.intake.deadlines import reception_due
from sync.intake.faults import Faults
from sync.intake.oidc import Issuer
from sync.intake.settings import Settings
from sync.intake.station import FirstOfficer, Site, open_site

Result = TypeVar("Result")

_log = logging.getLogger(__name__)
_PATIENCE_S: Final = 60.0  #: with a database that does not answer yet, before a program gives up
_AGAIN_S: Final = 0.2


def open_from(settings: Settings, *, may_make: bool = True) -> tuple[Site, FirstOfficer | None]:
    """Open the site that the settings name. Raises CannotBegin where there is none and none may be made."""
    site, first = open_site(
        settings.place,
        SystemClock(),
        postgres=settings.postgres,
        s3=settings.s3,
        spool=Path(settings.spool) if settings.spool else None,
        issuer=Issuer(
            settings.oidc_issuer.rstrip("/"),
            settings.oidc_audience,
            must_prove=settings.oidc_must_prove != "no",
            client=settings.oidc_client,
        )
        if settings.oidc_issuer
        else None,
        scanner=tuple(shlex.split(settings.scanner)),
        url=settings.url,
        certificate_sha256=settings.certificate_sha256 or None,
        counted=Path(settings.counted) if settings.counted else None,
        may_make=may_make,
    )
    _warm(site)
    _keep_pack(site)
    return site, first


def _warm(site: Site) -> None:
    """Read what the first dossiers would wait for, half a second in all: the newest pack, the calendar of offices."""
    reception_due(site.clock.now())
    try:
        _log.info("newest pack: %s", site.library.newest.version)
    except (KnownTrouble, ValueError) as wrong:
        _log.warning("no pack can be read: %s", type(wrong).__name__)


def _keep_pack(site: Site) -> None:
    """Keep the program's pack beside the site; a site without room for it serves all the same."""
    try:
        packs.keep_shipped(site)
    except (KnownTrouble, ValueError, OSError) as wrong:
        _log.warning("the pack could not be kept: %s", type(wrong).__name__)


def application() -> ASGIApp:
    """Return the application of this process; every worker calls it once."""
    settings = Settings.from_environment()
    observe.log_as_json(settings.log)
    site, _ = when_it_is_there(lambda: open_from(settings))
    app = make_app(site, faults_of(settings.faults), drain_s=float(settings.drain or 0))
    spare_the_collector()
    return app


def when_it_is_there(do: Callable[[], Result]) -> Result:
    """Return what `do` does, also while the database only starts: who ended would be seconds behind one that waits.

    Raises SQLAlchemy's OperationalError when that takes too long.
    """
    ends = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return do()
        except OperationalError:
            if time.monotonic() > ends:
                raise
            _log.warning("the ledger is away")
            time.sleep(_AGAIN_S)


def spare_the_collector() -> None:
    """Let the garbage collector leave alone what a worker keeps for its life: the pack, the forms, the code.

    Looking through it again and again took a third of a request's time; what a request leaves behind in circles is
    little, and is looked for less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def faults_of(said: str) -> Faults:
    """Return the faults that `portal=2,busy=1` asks for; unknown names are left out."""
    faults = Faults()
    for one in said.split(","):
        name, _, count = one.partition("=")
        if name in {"portal", "busy", "rubbish", "late"}:
            setattr(faults, name, int(count or 1))
    return faults
