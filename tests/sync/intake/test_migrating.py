"""A ledger gets a new shape while workers write to it: on PostgreSQL nobody waits for longer than a moment."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from sync.intake import ledger, migrating
from sync.intake.migrating import HEAD, upgrade, version_of
from sync.intake.open_ledger import open_ledger
from tests.sync.intake.engines import Postgres

pytestmark = pytest.mark.slow
_STEPS = Path(ledger.__file__).parent / "migrations" / "versions"


@pytest.fixture
def engine(postgres: Postgres) -> Iterator[Engine]:
    made = open_ledger(postgres.fresh_database(), has_to_migrate=False)
    yield made
    made.dispose()


def _written(engine: Engine, name: str) -> None:
    """Write as a worker does; raises OperationalError where a lock is not to be had."""
    with engine.begin() as db:
        _write(db, name)


def _write(db: Connection, name: str) -> None:
    db.execute(
        text(
            "INSERT INTO dossiers (id, device, procedure, pack_version, readable_code, look_up_hash, revision, state,"
            " changed_at, version) VALUES (:id, 'd', '1.001193', '1', 'BN-222-222', :id, 1, 'delivered', '2026', 1)"
        ),
        {"id": name},
    )


class Upgrading:
    """An upgrade beside the test."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.wrong: BaseException | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            upgrade(self._engine)
        except OperationalError as wrong:
            self.wrong = wrong

    def waits_for(self, statement: str) -> int:
        """Wait until it waits for a lock in such a statement; return its backend."""
        asked = """SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE :said
            AND wait_event_type = 'Lock' AND application_name = 'bnhelper-intake-migrate'"""
        found: list[int] = []

        def is_there() -> bool:
            with self._engine.connect() as db:
                found[:] = db.execute(text(asked), {"said": f"{statement}%"}).scalars()
            return bool(found)

        _until(is_there)
        return found[0]

    def ended(self) -> None:
        self._thread.join(240)
        assert not self._thread.is_alive()


def _until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 240
    while not holds():
        assert time.monotonic() < ends, "did not happen"
        time.sleep(0.02)


def _broken(engine: Engine) -> list[str]:
    asked = "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE NOT indisvalid"
    with engine.connect() as db:
        return list(db.execute(text(asked)).scalars())


def test_who_writes_does_not_wait_for_an_index(engine: Engine) -> None:
    """Somebody's long transaction holds the index up; a plain CREATE INDEX would have everybody stand behind it."""
    upgrade(engine, "i0006")
    with engine.connect() as long:
        _write(long, "begun before")
        upgrading = Upgrading(engine)
        upgrading.waits_for("CREATE INDEX CONCURRENTLY")
        _written(engine, "meanwhile")
        long.commit()
    upgrading.ended()
    assert upgrading.wrong is None
    assert version_of(engine) == HEAD
    assert _broken(engine) == []
    with engine.connect() as db:
        assert db.execute(text("SELECT count(*) FROM dossiers")).scalar() == 2


def test_a_step_that_needs_a_table_for_itself_lets_others_pass_and_tries_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "_PATIENCE", "100ms")
    upgrade(engine, "i0004")
    with engine.connect() as long:
        _write(long, "begun before")
        upgrading = Upgrading(engine)
        upgrading.waits_for("ALTER TABLE dossiers")
        _written(engine, "behind it, until it gives up its place")
        upgrading.waits_for("ALTER TABLE dossiers")
        long.commit()
    upgrading.ended()
    assert upgrading.wrong is None
    assert version_of(engine) == HEAD


def test_an_index_that_was_broken_off_is_made_anew(engine: Engine) -> None:
    upgrade(engine, "i0006")
    with engine.connect() as long:
        _write(long, "begun before")
        upgrading = Upgrading(engine)
        backend = upgrading.waits_for("CREATE INDEX CONCURRENTLY")
        with engine.connect() as db:
            db.execute(text("SELECT pg_cancel_backend(:backend)"), {"backend": backend})
        upgrading.ended()
        long.commit()
    assert upgrading.wrong is not None
    assert _broken(engine), "it is there, and nobody may use it"
    upgrade(engine)
    assert version_of(engine) == HEAD
    assert _broken(engine) == []


def test_the_steps_of_today_take_as_long_as_they_need(engine: Engine) -> None:
    """Workers give a statement half a minute; an index over a nation's year takes longer."""
    alone = migrating._unhurried(engine)
    with alone.connect() as db, engine.connect() as worker:
        said = text("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
        assert tuple(db.execute(said).one()) == ("0", "2s")
        assert tuple(worker.execute(said).one()) == ("30s", "10s")


@pytest.mark.parametrize("step", sorted(_STEPS.glob("i*.py")), ids=lambda step: step.stem[:5])
def test_a_step_makes_indexes_on_tables_of_before_beside_the_writers(step: Path) -> None:
    """A new table is nobody's yet. The first releases had steps that were not so; no more of them."""
    source = step.read_text(encoding="utf-8")
    made = set(re.findall(r'create_table\(\s*"(\w+)"', source))
    plain = set(re.findall(r'op\.create_index\([^"]*(?:op\.f\()?"\w+"\)?,\s*"(\w+)"', source))
    if step.stem > "i0007":
        assert plain <= made, "use migrations/online.py"
    if "online." in source:
        assert not re.search(r"\bop\.(add_column|create_table|alter_column|execute|batch)", source), "a step of its own"
