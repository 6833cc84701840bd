"""The ledger's shape changes only by a migration, on both engines, and old ledgers come along."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from sync.intake import ledger
from sync.intake.migrating import HEAD, missing_step, upgrade, version_of
from sync.intake.open_ledger import open_ledger
from tests.sync.intake.engines import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "sqlite":
        return tmp_path / "ledger.db"
    database: Postgres = request.getfixturevalue("postgres")
    return database.fresh_database()


def _steps_missing(engine: Engine) -> str:
    return "\n".join(line for line in missing_step(engine).splitlines() if line.strip() and "###" not in line).strip()


def test_the_tables_in_the_code_are_what_the_migrations_make(empty: Path | str) -> None:
    engine = open_ledger(empty)
    assert version_of(engine) == HEAD
    missing = _steps_missing(engine)
    assert missing == "pass", f"ledger.py changed; write the next file of sync/intake/migrations/versions:\n{missing}"
    engine.dispose()


def test_every_step_keeps_what_a_ledger_of_the_first_version_holds(empty: Path | str) -> None:
    engine = open_ledger(empty, has_to_migrate=False)
    upgrade(engine, "i0001")
    with engine.begin() as db:
        for number in ("H05.27-261124-0041", "H05.27-261124-0007", "H05.27-261125-0002"):
            row = {"id": number, "number": number}
            db.execute(
                text(
                    "INSERT INTO dossiers (id, device, procedure, pack_version, readable_code, look_up_hash, revision,"
                    " state, changed_at, version, office_number)"
                    " VALUES (:id, 'd', '1.001193', '1', 'BN-222-222', :id, 1, 'delivered', '2026', 1, :number)"
                ),
                row,
            )
    upgrade(engine)
    with engine.connect() as db:
        days = {row.day: row.last for row in db.execute(ledger.office_numbers.select())}
        assert db.execute(text("SELECT count(*) FROM dossiers")).scalar() == 3
    assert days == {"261124": 41, "261125": 2}
    engine.dispose()


def test_a_ledger_from_before_migrations_is_taken_along(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    first = open_ledger(path, has_to_migrate=False)
    upgrade(first, "i0001")
    with first.begin() as db:
        db.execute(text("DROP TABLE alembic_version"))
    first.dispose()
    engine = open_ledger(path)
    assert version_of(engine) == HEAD
    engine.dispose()


def test_a_newer_ledger_is_left_as_it_is(tmp_path: Path) -> None:
    engine = open_ledger(tmp_path / "ledger.db")
    with engine.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'i9999'"))
    engine.dispose()
    again = open_ledger(tmp_path / "ledger.db")
    assert version_of(again) == "i9999"
    again.dispose()


def test_migrations_only_add_so_that_old_workers_go_on_beside_new_ones() -> None:
    """Expand first, contract a release later: a step that drops or renames says in its text why nobody misses it."""
    for step in sorted((Path(ledger.__file__).parent / "migrations" / "versions").glob("i*.py")):
        source = step.read_text(encoding="utf-8")
        if re.search(r"drop_table|drop_column|rename_table|new_column_name", source):
            assert "no worker misses it" in source, step.name


def test_embedded_and_postgresql_have_the_same_tables(tmp_path: Path, postgres: Postgres) -> None:
    here, there = open_ledger(tmp_path / "ledger.db"), open_ledger(postgres.fresh_database())
    for table in sorted(ledger.metadata.tables):
        names = [{one["name"] for one in inspect(engine).get_columns(table)} for engine in (here, there)]
        assert names[0] == names[1], table
    here.dispose()
    there.dispose()


def test_a_plain_sqlite_file_is_not_mistaken_for_a_ledger(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    assert version_of(engine) is None
    engine.dispose()
