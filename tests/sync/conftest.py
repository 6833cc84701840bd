"""The real intake on loopback, in a thread of the test's process."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from starlette.types import ASGIApp

from sync.intake.app import make_app
from sync.intake.faults import Faults
from sync.intake.oidc import Issuer
from sync.intake.station import FirstOfficer, Site, invite, open_site
from tests.fakes.clock import FixedClock


@dataclass(slots=True)
class RunningIntake:
    """A live server and everything a test may want to reach into."""

    url: str
    site: Site
    officer: FirstOfficer
    faults: Faults
    clock: FixedClock

    def invitation(self) -> str:
        return invite(self.site, self.url).to_text()


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[RunningIntake]:
    with running(tmp_path / "intake") as found:
        yield found


@contextlib.contextmanager
def running(folder: Path, *, postgres: str = "", s3: str = "", issuer: Issuer | None = None) -> Iterator[RunningIntake]:
    """Run a server below `folder`, embedded or over the engines that are named; people of `issuer` may sign in."""
    clock = FixedClock()
    site, officer = open_site(folder, clock, postgres=postgres, s3=s3, issuer=issuer)
    assert officer is not None
    faults = Faults()
    with served(make_app(site, faults)) as url:
        yield RunningIntake(url, site, officer, faults, clock)
    site.close()


@contextlib.contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an application on loopback; yields its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=600,  # a connection that a test calls warm is warm on a busy machine too
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    _wait_for(lambda: server.started)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(60)
    listener.close()


def _wait_for(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.01)
