"""What grows with time: the audit's months, a feed that ends somewhere, and counters that all workers share."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bnhelper.clock import to_text
from bnhelper.ids import uuid7
from bnhelper.vault.signatures import SigningKey
from sync.intake import audit, feed, identity, ledger, lookup, parts, retention
from sync.intake.migrating import upgrade
from sync.intake.open_ledger import open_ledger
from sync.intake.refusals import Refused
from sync.intake.station import Site, invite, open_site
from sync.wire.dossiers import WireState
from sync.wire.enrolment import EnrolmentRequest
from tests.fakes.clock import FixedClock
from tests.sync.intake.engines import Postgres


@pytest.fixture
def site(tmp_path: Path, postgres: Postgres) -> Iterator[Site]:
    made, _ = open_site(tmp_path / "site", FixedClock(), postgres=postgres.fresh_database())
    yield made
    made.close()


def _places(db: Connection) -> dict[str, int]:
    rows = db.execute(text("SELECT tableoid::regclass::text AS part, count(*) AS lines FROM audit GROUP BY 1"))
    return {row.part: row.lines for row in rows}


def test_lines_lie_in_their_month_and_read_as_one(site: Site) -> None:
    now = site.clock.now()
    parts.make_ahead(site.engine, now)
    instants = [now + dt.timedelta(days=31 * number) for number in range(parts.AHEAD + 4)]
    with site.engine.begin() as db:
        before = _places(db)
        for at in instants:
            ledger.note(db, at=to_text(at), who="x", what="looked")
        after = _places(db)
    grown = {name: count - before.get(name, 0) for name, count in after.items() if count != before.get(name, 0)}
    assert sum(grown.values()) == len(instants)
    assert "audit_later" in grown, "a month that nobody made in time loses nothing"
    page = audit.page(site, "x", 0, 500, "")
    assert sum(line.what == "looked" for line in page.lines) == len(instants)


def test_months_are_made_once_and_dropped_whole(site: Site) -> None:
    now = site.clock.now()
    later = now + dt.timedelta(days=365)
    assert parts.make_ahead(site.engine, later) == parts.AHEAD + 1
    assert parts.make_ahead(site.engine, later) == 0
    with site.engine.begin() as db:
        ledger.note(db, at=to_text(later), who="x", what="looked")
    assert parts.drop_before(site.engine, to_text(later)) >= 0
    with site.engine.connect() as db:
        assert _places(db).get(f"audit_{later:%Y_%m}") == 1, "its own month stays"
    assert parts.drop_before(site.engine, to_text(later + dt.timedelta(days=62))) >= 1
    with site.engine.connect() as db:
        assert f"audit_{later:%Y_%m}" not in _places(db)


def test_a_month_whose_lines_came_too_early_does_not_stop_a_server(site: Site) -> None:
    far = site.clock.now() + dt.timedelta(days=500)
    with site.engine.begin() as db:
        ledger.note(db, at=to_text(far), who="x", what="looked")
    assert parts.make_ahead(site.engine, far) == parts.AHEAD


def test_a_ledger_with_lines_of_before_keeps_them_and_goes_on(postgres: Postgres) -> None:
    engine = open_ledger(postgres.fresh_database(), has_to_migrate=False)
    upgrade(engine, "i0005")
    with engine.begin() as db:
        for at in ("2025-01-02T00:00:00.000Z", "2026-11-24T10:00:00.000Z"):
            db.execute(text("INSERT INTO audit (at, who, what) VALUES (:at, 'x', 'read')"), {"at": at})
    upgrade(engine)
    parts.make_ahead(engine, dt.datetime(2027, 3, 5, tzinfo=dt.UTC))
    with engine.begin() as db:
        for at in ("2026-11-25T10:00:00.000Z", "2027-04-01T00:00:00.000Z"):
            db.execute(text("INSERT INTO audit (at, who, what) VALUES (:at, 'x', 'read')"), {"at": at})
        ids = [row.id for row in db.execute(text("SELECT id FROM audit ORDER BY at"))]
        assert len(set(ids)) == 4
        assert ids == sorted(ids), "numbers go on where they were"
        assert _places(db)["audit_2027_04"] == 1
    engine.dispose()


def _device(site: Site) -> str:
    name = uuid7(site.clock.now())
    asked = EnrolmentRequest(
        code=invite(site, "http://x").code, device=name, public_key=SigningKey.generate().public(), name="Máy"
    )
    identity.enrol(site, asked)
    return name


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_device_that_was_away_beyond_the_feed_begins_anew(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    clock = FixedClock()
    url = "" if engine == "sqlite" else request.getfixturevalue("postgres").fresh_database()
    site, _ = open_site(tmp_path / "site", clock, postgres=url)
    owner, dossier = _device(site), uuid7(clock.now())

    def happens() -> None:
        with site.engine.begin() as db:
            feed.append(db, owner, dossier=dossier, rev=1, state=WireState.DELIVERED, at=clock.now())

    for _ in range(3):
        happens()
    assert [one.seq for one in feed.page(site, owner, "1", 10).items] == [2, 3]
    clock.move(days=400)
    assert retention.run(site, 365)["old_changes"] == 3
    with pytest.raises(Refused) as refused:
        feed.page(site, owner, "1", 10)
    assert refused.value.problem.status == 410
    anew = feed.page(site, owner, "", 10)
    assert anew.items == (), "from the beginning there is nothing left to tell"
    happens()
    assert [one.seq for one in feed.page(site, owner, anew.cursor, 10).items] == [4]
    site.close()


def test_workers_count_look_ups_together_and_remember_no_address(tmp_path: Path, postgres: Postgres) -> None:
    clock, url = FixedClock(), postgres.fresh_database()
    one, _ = open_site(tmp_path / "one", clock, postgres=url)
    other, _ = open_site(tmp_path / "other", clock, postgres=url)
    said = [lookup.allowed_by_all(site, "192.0.2.1") for _ in range(15) for site in (one, other)]
    assert sum(said) == lookup.EACH[1], "as many as one worker alone would let through"
    assert lookup.allowed_by_all(other, "192.0.2.2")
    clock.move(seconds=2 / lookup.EACH[0])
    assert [lookup.allowed_by_all(one, "192.0.2.1") for _ in range(3)] == [True, True, False]
    with one.engine.connect() as db:
        names = list(db.execute(text("SELECT name FROM throttles")).scalars())
    assert len(names) == 3
    assert not any("192" in name for name in names)
    clock.move(days=2)
    assert retention.run(one, 365)["old_look_ups"] == 3
    one.close()
    other.close()
