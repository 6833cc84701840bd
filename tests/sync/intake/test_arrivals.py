"""Whoever waits for a commit hears of it, whatever becomes of it."""

import asyncio
import dataclasses
import datetime as dt
import hashlib
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from bnhelper.clock import SystemClock
from sync.intake import accept, arrivals, commits, identity, ledger, uploads
from sync.intake.arrivals import Arrivals
from sync.intake.bodies import Body
from sync.intake.identity import Caller
from sync.intake.number_stock import Stock
from sync.intake.refusals import Refused
from sync.intake.station import Site, open_site
from sync.wire.changes import Change
from tests.fakes.clock import FixedClock
from tests.sync.intake.engines import Postgres
from tests.sync.intake.load import Device, devices, photo, sealed, template

_LIKE = template()


def _arrival(site: Site, device: Device, die: random.Random, photos: Sequence[bytes] = ()) -> accept.Arrival:
    one = sealed(_LIKE, device, die, photos)
    who = Caller(device.id, "Máy", device.key.public())
    return accept.judge(site, who, one.id, 1, Body.of(one.body), one.signature)


def test_two_at_once_share_a_commit_and_a_second_of_the_same_is_a_replay(tmp_path: Path, postgres: Postgres) -> None:
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=postgres.fresh_database())
    (device,) = devices(site, 1)
    die = random.Random(3)
    one, other = _arrival(site, device, die), _arrival(site, device, die)

    async def together() -> list[tuple[int, str | None]]:
        waiting = Arrivals(site, Stock(site))
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
        await asyncio.wait_for(Arrivals(site, Stock(site)).put(arrival), 10)

    monkeypatch.setattr(arrivals, "keep_new", broken)
    with pytest.raises(RuntimeError, match="a bug of ours"):
        asyncio.run(put())
    site.close()


def test_what_postgresql_cannot_hold_is_an_error_of_sqlalchemys_and_the_connection_is_good_again(
    tmp_path: Path, postgres: Postgres
) -> None:
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=postgres.fresh_database())
    (device,) = devices(site, 1)
    arrival = _arrival(site, device, random.Random(5))
    now = site.clock.now()
    with pytest.raises(SQLAlchemyError):
        commits.keep(site, [commits.Line(dataclasses.replace(arrival, remark="a\x00b"))], now)
    assert commits.keep(site, [commits.Line(arrival)], now).kept == {arrival.envelope.dossier}
    site.close()


def _rows(site: Site) -> dict[str, list[tuple[object, ...]]]:
    """Return what a commit writes, without what is counted and timed."""
    found = {}
    with site.engine.connect() as db:
        for name in ("dossiers", "revisions", "files", "dossier_words", "changes", "audit"):
            table = ledger.metadata.tables[name]
            told = [
                column
                for column in table.c
                if column.name not in {"id", "receipt", "body"} and "_at" not in column.name
            ]
            told = [column for column in told if column.name != "at"] + ([table.c.id] if name == "dossiers" else [])
            found[name] = sorted(
                (row for row in map(tuple, db.execute(select(*told))) if "enrolled" not in row), key=str
            )
    return found


def test_both_engines_write_the_same_rows(tmp_path: Path, postgres: Postgres) -> None:
    """One statement there, one row after the other here: texts, photos to come, quotes and backslashes in names."""
    found: list[tuple[dict[str, list[tuple[object, ...]]], list[tuple[str, ...]]]] = []
    for name, url in (("embedded", ""), ("postgres", postgres.fresh_database())):
        site, _ = open_site(tmp_path / name, SystemClock(), postgres=url)
        fleet = devices(site, 2)
        if not found:
            die = random.Random(6)
            batch = [
                _arrival(site, fleet[0], die),
                _arrival(site, fleet[1], die, photos=[photo(die, 100), photo(die, 200)]),
                _arrival(site, fleet[1], die),
            ]
            batch.append(batch[0])
            odd = dataclasses.replace(batch[2].card, applicant='NGUYỄN "A\\B" {C}, D')
            batch[2] = dataclasses.replace(batch[2], card=odd)
            known = fleet
        else:
            with site.engine.begin() as db:
                for mine, theirs in zip(fleet, known, strict=True):
                    db.execute(update(ledger.devices).where(ledger.devices.c.id == mine.id).values(id=theirs.id))
        said = arrivals.keep_new(site, Stock(site), batch)
        assert [one[0] for one in said if isinstance(one, tuple)] == [201, 201, 201, 200]
        found.append((_rows(site), [one[1].missing for one in said if isinstance(one, tuple)]))
        site.close()
    for name, rows in found[0][0].items():
        assert rows == found[1][0][name], name
        assert rows, name
    assert found[0][1] == found[1][1]


def test_a_commit_tells_each_of_many_apart(tmp_path: Path, postgres: Postgres) -> None:
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=postgres.fresh_database())
    good, shut = devices(site, 2)
    die = random.Random(7)
    content = photo(die, 100)
    sha256 = hashlib.sha256(content).hexdigest()
    uploads.bring(site, good.id, sha256, len(content), [content])
    identity.revoke(site, shut.id)
    stolen = _arrival(site, good, die)
    batch = [
        _arrival(site, good, die),
        _arrival(site, shut, die),
        _arrival(site, good, die, photos=[content]),  # its file came before
        dataclasses.replace(stolen, body=dataclasses.replace(stolen.body, sha256="0" * 64)),
    ]
    arrivals.keep_new(site, Stock(site), [stolen])
    said = arrivals.keep_new(site, Stock(site), batch)
    assert isinstance(said[1], Refused)
    assert said[1].problem.code == "revoked"
    assert isinstance(said[3], Refused)
    assert said[3].problem.code == "id-conflict"
    kept = [one for one in said if isinstance(one, tuple)]
    assert [(status, verdict.state, verdict.missing) for status, verdict in kept] == [(201, "delivered", ())] * 2
    assert all(verdict.receipt for _, verdict in kept)
    with site.engine.connect() as db:
        told = select(ledger.changes.c.owner, ledger.changes.c.seq, ledger.changes.c.body)
        rows = [(row.owner, row.seq, Change.read(row.body.encode()).seq) for row in db.execute(told)]
    assert sorted(rows) == [(good.id, number, number) for number in (1, 2, 3)]
    site.close()


def test_no_number_is_given_twice_and_none_of_yesterday(tmp_path: Path, postgres: Postgres) -> None:
    clock = FixedClock(dt.datetime(2026, 11, 26, 3, tzinfo=dt.UTC))
    site, _ = open_site(tmp_path / "site", clock, postgres=postgres.fresh_database())
    stocks = [Stock(site), Stock(site)]
    given = [number for count in (1, 8, 3, 70, 1) for stock in stocks for number in stock.take(count)]
    assert len(set(given)) == len(given) == 166
    clock.move(days=1)
    assert all("-261127-" in number for stock in stocks for number in stock.take(2))
    site.close()
