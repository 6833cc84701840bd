"""`ready` says which part of a site is away, and that a worker is about to leave."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine
from starlette.applications import Starlette

from bnhelper.clock import SystemClock
from sync.intake import health, spool
from sync.intake.app import make_app
from sync.intake.blobs import S3Blobs
from sync.intake.draining import Draining
from sync.intake.station import Site, open_site
from sync.wire.dossiers import content_digest
from tests.fakes.clock import FixedClock
from tests.sync.conftest import served
from tests.sync.intake.engines import Gate, Postgres, free_port
from tests.sync.intake.load import devices, photo, sealed, template


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


@pytest.mark.slow
def test_while_the_database_is_away_everybody_is_asked_to_come_again(tmp_path: Path, postgres: Postgres) -> None:
    """Nobody hears of a bug, whichever way a request takes to the database, and each goes on when it is back."""
    gate = Gate(postgres.port)
    url = postgres.fresh_database().replace(f":{postgres.port}/", f":{gate.port}/")
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=url)
    die = random.Random(3)
    (device,) = devices(site, 1)
    picture = photo(die, 2_000)
    one = sealed(template(), device, die, [picture])
    mine = {"Authorization": f"Bearer {device.token}", "Tus-Resumable": "1.0.0"}
    text = mine | {"Content-Digest": content_digest(one.body), "BN-Signature": one.signature, "BN-Schema": "1"}
    whole = mine | {"Upload-Length": str(len(picture)), "Content-Type": "application/offset+octet-stream"}
    with served(make_app(site)) as address:

        def ask(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> requests.Response:
            return requests.request(method, address + path, data=body, headers=headers, timeout=240)

        asks: list[tuple[str, str, dict[str, str], bytes]] = [
            ("PUT", f"/v1/dossiers/{one.id}/revisions/1", text, one.body),
            ("POST", "/v1/blobs", whole, picture),
            ("GET", "/v1/changes", mine, b""),
            ("GET", "/v1/me", mine, b""),
        ]
        assert ask("GET", "/v1/me", mine).status_code == 200
        where = ask("POST", "/v1/blobs", mine | {"Upload-Length": "9"}).headers["Location"]
        patch = mine | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        asks.append(("PATCH", where, patch, b"123456789"))
        gate.shut()
        for said in asks * 2:  # once over connections that have just died, once over none
            answer = ask(*said)
            assert (answer.status_code, answer.json()["code"]) == (503, "busy"), said[:2]
            assert int(answer.headers["Retry-After"]) > 0
        assert ask("GET", "/t/x", {}).status_code == 503
        gate.open()
        assert [ask(*said).status_code for said in asks[:2]] == [201, 201]
        assert ask("GET", "/v1/me", mine).status_code == 200
    site.close()
    gate.shut()
