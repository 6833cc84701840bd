"""`ready` says which part of a site is away, and that a worker is about to leave."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine
from starlette.applications import Starlette

from sync.intake import health, spool
from sync.intake.blobs import S3Blobs
from sync.intake.draining import Draining
from sync.intake.station import Site, open_site
from tests.fakes.clock import FixedClock
from tests.sync.conftest import served
from tests.sync.intake.engines import free_port


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made, _ = open_site(tmp_path / "site", FixedClock())
    yield made
    made.close()


def _no_ledger(site: Site, _: pytest.MonkeyPatch) -> Site:
    return replace(site, engine=create_engine(f"postgresql+psycopg://x@127.0.0.1:{free_port()}/x"))


def _no_blobs(site: Site, patch: pytest.MonkeyPatch) -> Site:
    patch.setenv("AWS_ACCESS_KEY_ID", "tests")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    return replace(site, blobs=S3Blobs(f"s3://b/p?endpoint=http://127.0.0.1:{free_port()}"))


def _no_spool(site: Site, _: pytest.MonkeyPatch) -> Site:
    site.spool.path("x").parent.rename(site.folder / "elsewhere")
    return site


def _full_spool(site: Site, patch: pytest.MonkeyPatch) -> Site:
    patch.setattr(spool, "RESERVE_BYTES", 2**62)
    return site


@pytest.mark.parametrize(
    ("harm", "part", "word"),
    [
        (lambda site, _: site, "", ""),
        (_no_ledger, "ledger", "away"),
        (_no_blobs, "blobs", "away"),
        (_no_spool, "spool", "away"),
        (_full_spool, "spool", "full"),
    ],
    ids=["all-there", "no-ledger", "no-blobs", "no-spool", "full-spool"],
)
def test_each_part_is_told_by_itself(
    site: Site, monkeypatch: pytest.MonkeyPatch, harm: Callable[..., Site], part: str, word: str
) -> None:
    well = dict.fromkeys(("ledger", "blobs", "spool", "worker"), "ok")
    with served(Starlette(routes=health.routes(harm(site, monkeypatch), Draining()))) as url:
        answer = requests.get(f"{url}/internal/ready", timeout=60)
        assert requests.get(f"{url}/internal/live", timeout=60).status_code == 200
    assert answer.json() == (well | {part: word} if part else well)
    assert answer.status_code == (503 if part else 200)
