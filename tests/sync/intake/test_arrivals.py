"""Whoever waits for a commit hears of it, whatever becomes of it."""

import asyncio
import random
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bnhelper.clock import SystemClock
from sync.intake import accept, arrivals
from sync.intake.arrivals import Arrivals
from sync.intake.commits import committing
from sync.intake.identity import Caller
from sync.intake.station import Site, open_site
from tests.sync.intake.engines import Postgres
from tests.sync.intake.load import Device, devices, sealed, template


def _arrival(site: Site, device: Device, die: random.Random) -> accept.Arrival:
    one = sealed(template(), device, die)
    who = Caller(device.id, "Máy", device.key.public())
    return accept.judge(site, who, one.id, 1, one.body, one.sha256, one.signature)


def test_two_at_once_share_a_commit_and_a_second_of_the_same_is_a_replay(tmp_path: Path, postgres: Postgres) -> None:
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=postgres.fresh_database())
    (device,) = devices(site, 1)
    die = random.Random(3)
    one, other = _arrival(site, device, die), _arrival(site, device, die)

    async def together() -> list[tuple[int, str | None]]:
        waiting = Arrivals(site)
        said = await asyncio.gather(*(waiting.put(arrival) for arrival in (one, other, one)))
        return [(status, verdict.receipt) for status, verdict in said]

    first, second, again = asyncio.run(together())
    assert (first[0], second[0], again[0]) == (201, 201, 200)
    assert first[1] == again[1] != second[1]
    site.close()


def test_an_error_of_any_kind_reaches_everybody_who_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, _ = open_site(tmp_path / "site", SystemClock())
    (device,) = devices(site, 1)
    arrival = _arrival(site, device, random.Random(4))

    def broken(*_: object) -> None:
        raise RuntimeError("a bug of ours")

    async def put() -> None:
        await asyncio.wait_for(Arrivals(site).put(arrival), 10)

    monkeypatch.setattr(arrivals, "keep_new", broken)
    with pytest.raises(RuntimeError, match="a bug of ours"):
        asyncio.run(put())
    site.close()


def test_what_postgresql_cannot_hold_is_an_error_of_sqlalchemys_and_the_connection_is_good_again(
    tmp_path: Path, postgres: Postgres
) -> None:
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=postgres.fresh_database())
    line = {"at": "2026-11-25T00:00:00.000Z", "who": "a\x00b", "what": "x", "dossier": None}
    with pytest.raises(SQLAlchemyError), committing(site.engine) as commit:
        commit.write({"audit": [line]}, {})
    with committing(site.engine) as commit:
        commit.write({"audit": [{**line, "who": "ab"}]}, {})
    site.close()
