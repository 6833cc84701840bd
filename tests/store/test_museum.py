"""Stores of every version ever shipped still open; the shape on the disk changes only by a migration."""

import datetime as dt
import os
import re
import sqlite3
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from bnhelper.actions.unlock_machine import OpenMachine, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.domain.custody import OutboxState, StatusKey
from bnhelper.ids import DossierId, Sha256
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.store import open_store as opening
from bnhelper.store import outbox, server_truth, upgrade
from bnhelper.store.open_store import HEAD, Store, open_store
from bnhelper.store.tables import metadata
from bnhelper.vault.keys import KeyFile, new_keys
from sync.keeper import Keeper
from tests import factories
from tests.fakes.clock import FixedClock
from tests.store.dump import MUSEUM, exhibit, is_shadow, schema_text, shape

_KEY = b"k" * 32
_VERSIONS = sorted(f"v{path.stem.rpartition('_')[2]}" for path in MUSEUM.glob("schema_*.sql"))


def _fresh(folder: Path) -> Store:
    return open_store(folder / "fresh", _KEY, folder / "fresh.lock")


def _from_museum(path: Path, version: str, key: bytes) -> None:
    """Make a sealed store as the program of that version left it."""
    db = sqlcipher.connect(str(path), isolation_level=None)
    db.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    db.executescript(exhibit(version).read_text(encoding="utf-8"))
    db.executescript(exhibit(version, "rows").read_text(encoding="utf-8"))
    db.close()


def test_a_fresh_store_has_the_committed_shape(tmp_path: Path) -> None:
    store = _fresh(tmp_path)
    with store.read() as db:
        assert schema_text(db) == exhibit(HEAD).read_text(encoding="utf-8"), (
            "tables.py changed without a migration, or its exhibit is missing: python -m tests.store.dump"
        )
    store.close()


def test_the_tables_in_the_code_are_what_the_migrations_make(tmp_path: Path) -> None:
    """Seen by Alembic's own comparison, and by SQLite's: the first knows types, the second cascades."""
    store = _fresh(tmp_path)
    with store.read() as db:
        options = {"include_name": lambda name, _kind, _parents: not (name or "").startswith("dossier_search")}
        assert compare_metadata(MigrationContext.configure(db, opts=options), metadata) == []
        migrated = shape(db)
    store.close()
    engine = create_engine("sqlite://")
    with engine.begin() as db:
        metadata.create_all(db)
        told = shape(db)
    engine.dispose()
    del migrated["alembic_version"]
    assert migrated == told


@pytest.mark.parametrize("version", _VERSIONS)
def test_every_row_of_every_table_comes_through_the_upgrade(tmp_path: Path, version: str) -> None:
    """A migration that means to change rows gets an exhibit of what it makes of them, named here."""
    kept = sqlite3.connect(":memory:")
    kept.row_factory = sqlite3.Row
    kept.executescript(exhibit(version).read_text(encoding="utf-8"))
    kept.executescript(exhibit(version, "rows").read_text(encoding="utf-8"))
    _from_museum(tmp_path / "s", version, _KEY)
    store = open_store(tmp_path / "s", _KEY, tmp_path / "lock")
    names = [row[0] for row in kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert len(names) >= 15
    with store.read() as db:
        for name in {name for name in names if not name.startswith("dossier_search")} - {"alembic_version"}:
            before = [dict(row) for row in kept.execute(f"SELECT * FROM {name}")]
            after = [dict(row) for row in db.execute(text(f"SELECT * FROM {name}")).mappings()]
            for old, new in zip(before, after, strict=True):
                assert old.items() <= new.items(), name
    store.close()
    kept.close()


@pytest.mark.parametrize("version", _VERSIONS)
def test_every_migration_can_be_taken_back_and_made_again(tmp_path: Path, version: str) -> None:
    """An upgraded museum store, taken down to where it came from, is that store again: shape and rows."""
    _from_museum(tmp_path / "s", version, _KEY)
    engine = opening._engine(tmp_path / "s", bytearray(_KEY))
    with engine.connect() as db:
        shape_before, rows_before = shape(db), _rows_of(db)
    open_store(tmp_path / "s", _KEY, tmp_path / "lock").close()
    with engine.connect().execution_options(bn_write=True) as db, db.begin():
        command.downgrade(upgrade.alembic_config(db), version)
    with engine.connect() as db:
        assert db.execute(text("SELECT version_num FROM alembic_version")).scalar() == version
        assert (shape(db), _rows_of(db)) == (shape_before, rows_before)
        said = schema_text(db)
    engine.dispose()
    plain = sqlite3.connect(":memory:")
    plain.executescript(exhibit(version).read_text(encoding="utf-8"))
    named = "SELECT name FROM sqlite_master WHERE type IN ('view', 'trigger', 'index') AND sql IS NOT NULL"
    assert all(re.search(rf"\b{name}\b", said) for (name,) in plain.execute(named))
    plain.close()
    again, fresh = open_store(tmp_path / "s", _KEY, tmp_path / "lock"), _fresh(tmp_path)
    with again.read() as old, fresh.read() as new:
        assert shape(old) == shape(new)
    again.close()
    fresh.close()


def _rows_of(db: Connection) -> dict[str, list[dict[str, object]]]:
    names = db.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    wanted = sorted(name for name in names if not name.startswith("dossier_search"))
    return {name: [dict(row) for row in db.execute(text(f"SELECT * FROM {name}")).mappings()] for name in wanted}


def test_the_migrations_are_one_line_and_the_program_knows_all_of_them() -> None:
    scripts = ScriptDirectory.from_config(upgrade.alembic_config(None))
    assert scripts.get_heads() == [HEAD]
    line = [one.revision for one in scripts.walk_revisions()][::-1]
    assert tuple(line) == opening.KNOWN
    assert line == _VERSIONS, "every version has its exhibit"
    for before, one in zip([None, *line], line, strict=False):
        assert scripts.get_revision(one).down_revision == before
        assert not scripts.get_revision(one).branch_labels


@pytest.mark.parametrize("version", _VERSIONS)
def test_an_exhibit_is_plain_sql_and_has_a_row_in_every_table(version: str) -> None:
    db = sqlite3.connect(":memory:")
    db.execute("PRAGMA foreign_keys = ON")
    db.executescript(exhibit(version).read_text(encoding="utf-8"))
    db.executescript(exhibit(version, "rows").read_text(encoding="utf-8"))
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if is_shadow(name):
            continue
        assert db.execute(f"SELECT count(*) FROM {name}").fetchone()[0], name
    db.close()


@pytest.mark.parametrize("version", _VERSIONS)
def test_an_old_machine_opens_with_everything_in_its_place(
    tmp_path: Path, version: str, request: pytest.FixtureRequest
) -> None:
    places = Places(tmp_path / "data")
    places.make()
    secret: KeyFile = factories.key_file(tmp_path)
    _from_museum(places.store, version, new_keys(places.keys, secret, factories.CHEAP))
    machine = unlock_machine(
        places, secret, library=Library.shipped(), clock=FixedClock(dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC))
    )
    request.addfinalizer(machine.close)
    rows = {row.readable_code: row.status for row in dossier_list(machine).rows}
    assert rows == {
        "BN-7K4-M2P": StatusKey.SUPPLEMENT,
        "BN-8K4-M2P": StatusKey.SENDING,
        "BN-9K4-M2P": StatusKey.DRAFT,
    }
    assert machine.profile.person == "Vũ Đức Đạt"
    assert machine.profile.province is not None
    _sending_goes_on(machine)
    fresh = _fresh(tmp_path)
    request.addfinalizer(fresh.close)
    with machine.store.read() as old, fresh.read() as new:
        assert shape(old) == shape(new)
        assert old.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        assert old.execute(text("PRAGMA foreign_key_check")).all() == []
    assert (places.backups / f"before-{version}.db").exists() == (version != HEAD)


def _sending_goes_on(machine: OpenMachine) -> None:
    """What was under way when the old program ended waits again, from the byte that was confirmed."""
    keeper = Keeper(machine)
    keeper.put_all_back()
    (waiting,) = keeper.in_line()
    item = keeper.item(waiting.outbox)
    assert item.state is OutboxState.QUEUED
    assert item.files[0].bytes_acked == 262_144
    upload = keeper.upload_of(Sha256("b" * 64))
    assert upload is not None
    assert (upload.url, upload.offset) == ("/v1/blobs/u1", 262_144)
    assert keeper.cursor() == "4"
    with machine.store.read() as db:
        assert outbox.get(db, 1).state is OutboxState.PROVED
        truth = server_truth.of_dossier(db, DossierId("0199a3f0-0001-7abc-8def-0123456789ab"))
    assert truth is not None
    assert truth["note"] == "Ghi rõ thôn."


_NEXT = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "v9001", "{head}"
def upgrade() -> None:
    op.add_column("profile", sa.Column("colour", sa.String))
    {more}
def downgrade() -> None: ...
"""  # fmt: skip


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program one version further than this one; the folder holds its migration."""
    folder = tmp_path / "next"
    folder.mkdir()
    usual = upgrade.alembic_config
    shipped = Path(opening.__file__).parent / "migrations" / "versions"

    def further(connection: object) -> Config:
        config = usual(connection)
        config.set_main_option("version_locations", f"{shipped}{os.pathsep}{folder}".replace("%", "%%"))
        return config

    monkeypatch.setattr(upgrade, "alembic_config", further)
    monkeypatch.setattr(opening, "HEAD", "v9001")
    monkeypatch.setattr(opening, "KNOWN", (*opening.KNOWN, "v9001"))
    return folder


def test_an_upgrade_keeps_a_sealed_copy_of_what_was_before(tmp_path: Path, next_version: Path) -> None:
    (next_version / "v9001.py").write_text(_NEXT.format(head=HEAD, more=""), encoding="utf-8")
    _from_museum(tmp_path / "s", HEAD, _KEY)
    store = open_store(tmp_path / "s", _KEY, tmp_path / "lock")
    with store.read() as db:
        assert db.execute(text("SELECT count(colour), count(*) FROM profile")).one() == (0, 6)
    store.close()
    copy = sqlcipher.connect(str(tmp_path / "backups" / f"before-{HEAD}.db"))
    copy.execute(f"PRAGMA key = \"x'{_KEY.hex()}'\"")
    assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    assert copy.execute("SELECT count(*) FROM dossiers").fetchone() == (3,)
    copy.close()


def test_an_upgrade_that_fails_half_way_leaves_the_store_as_it_was(tmp_path: Path, next_version: Path) -> None:
    (next_version / "v9001.py").write_text(
        _NEXT.format(head=HEAD, more='op.execute("DELETE FROM profile"); op.execute("SELECT rubbish")'),
        encoding="utf-8",
    )
    _from_museum(tmp_path / "s", HEAD, _KEY)
    with pytest.raises(Exception, match="rubbish"):
        open_store(tmp_path / "s", _KEY, tmp_path / "lock")
    db = sqlcipher.connect(str(tmp_path / "s"))
    db.execute(f"PRAGMA key = \"x'{_KEY.hex()}'\"")
    assert db.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    assert db.execute("SELECT count(*) FROM profile").fetchone() == (6,)
    assert "colour" not in [row[1] for row in db.execute("PRAGMA table_info(profile)")]
    db.close()
