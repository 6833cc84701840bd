"""Opens the ledger: one SQLite file when embedded, PostgreSQL in earnest, behind the same tables and statements."""

from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text

from sync.intake.ledger import metadata

#: The newest migration; workers compare this word alone when they start.
HEAD: Final = max(step.stem.partition("_")[0] for step in Path(__file__).parent.glob("migrations/versions/i*.py"))
_FIRST: Final = "i0001"
_MIGRATING: Final = 0x626E_6865  #: the advisory lock under which one worker migrates and the others wait


def open_ledger(where: Path | str, *, has_to_migrate: bool = True) -> Engine:
    """Return the ledger at a file (SQLite) or a `postgresql://` URL, brought to `HEAD`.

    A ledger that is newer than this program is left as it is: during a roll-out old workers go on beside new ones,
    and migrations only ever add what old workers do not miss (docs/intake/runbook.md).
    """
    engine = _postgres(where) if isinstance(where, str) else _sqlite(where)
    if has_to_migrate and version_of(engine) != HEAD:
        upgrade(engine)
    return engine


def _sqlite(path: Path) -> Engine:
    """WAL and synchronous=FULL, so that a 201 survives a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 20, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def connect(db: Any, _record: Any) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            db.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(db: Connection) -> None:
        db.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgres(url: str) -> Engine:
    """Read committed, bounded waits, and sockets that notice a peer that is gone.

    Connections are kept once they are made, and the one that was used last is used first: a connection is a process of
    PostgreSQL, and what one knows of tables and statements is its own.
    """
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=16,
        max_overflow=0,
        pool_timeout=10,
        pool_recycle=1800,
        pool_use_lifo=True,
        connect_args=_connected(_BOUNDS),
    )


def open_counter(url: str) -> Engine:
    """Return where counters are drawn and single things asked: each statement commits at once, and waits for no disk.

    That is safe: the log of PostgreSQL is one. A commit that uses a number stands behind the drawing of it and takes
    it to the disk, and a number that nobody used may come again after a crash; an upload that was only begun is begun
    again.
    """
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        pool_size=6,
        max_overflow=0,
        pool_timeout=10,
        pool_recycle=1800,
        pool_use_lifo=True,
        connect_args=_connected(f"{_BOUNDS} -c synchronous_commit=off"),
    )


_BOUNDS: Final = (
    "-c timezone=UTC -c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
)


def _connected(options: str) -> dict[str, Any]:
    return {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "tcp_user_timeout": 20_000,
        "application_name": "bnhelper-intake",
        "options": options,
    }


def version_of(engine: Engine) -> str | None:
    """Return the newest migration a ledger has seen; None for an empty one."""
    with engine.connect() as db:
        if not inspect(db).has_table("alembic_version"):
            return _FIRST if inspect(db).has_table("devices") else None
        found: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def upgrade(engine: Engine, target: str = "head") -> None:
    """Bring the ledger to `target` in one transaction; workers that start together take turns."""
    with engine.begin() as db:
        if engine.dialect.name == "postgresql":
            db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATING})
        config = alembic_config(db)
        tables = inspect(db)
        if not tables.has_table("alembic_version") and tables.has_table("devices"):
            command.stamp(config, _FIRST)  # made before the ledger had migrations
        known = (
            tables.has_table("alembic_version") and db.execute(text("SELECT version_num FROM alembic_version")).scalar()
        )
        if not known or known in _versions(config):
            command.upgrade(config, target)


def _versions(config: Config) -> set[str]:
    from alembic.script import ScriptDirectory

    return {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}


def alembic_config(connection: object) -> Config:
    """Return Alembic's configuration for one connection; the steps are files of this package."""
    config = Config()
    config.set_main_option("script_location", "sync.intake:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def missing_step(engine: Engine) -> str:
    """Return the body of the migration that `ledger.py` still needs, as Alembic writes it; "pass" when none is."""
    with engine.connect() as db:
        # The months of the audit are made as time goes by (`parts.py`), not by a migration.
        known = MigrationContext.configure(
            db, opts={"include_name": lambda name, kind, _of: kind != "table" or not str(name).startswith("audit_")}
        )
        found = produce_migrations(known, metadata)
        assert found.upgrade_ops is not None
        return render_python_code(found.upgrade_ops, render_as_batch=True)
