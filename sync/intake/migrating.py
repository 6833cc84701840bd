"""Brings a ledger to this program's shape while workers of the last release go on with it.

SQLite belongs to one process: all steps are one transaction. On PostgreSQL each step is one of its own, with no limit
of time, but it gives up its place after two seconds in which it could not lock a table: everybody who writes waits
behind it. It tries again, and what is done stays done. Indexes are made beside the writers (`migrations/online.py`).
"""

import contextlib
import logging
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect, text
from sqlalchemy.exc import OperationalError

from sync.intake.ledger import metadata

_log = logging.getLogger(__name__)
#: The newest migration; workers compare this word alone when they start.
HEAD: Final = max(step.stem.partition("_")[0] for step in Path(__file__).parent.glob("migrations/versions/i*.py"))
_FIRST: Final = "i0001"
_MIGRATING: Final = 0x626E_6865  #: the advisory lock of the process that migrates; the others wait
_LOOK_EVERY_S: Final = 0.2
_PATIENCE: Final = "2s"  #: for a lock on a table; everybody else who wants it stands behind
_TRIES: Final = 200  #: some minutes
_LOCK_NOT_AVAILABLE: Final = "55P03"


def version_of(engine: Engine) -> str | None:
    """Return the newest migration a ledger has seen; None for an empty one."""
    with engine.connect() as db:
        return _version(db)


def _version(db: Connection) -> str | None:
    tables = inspect(db)
    if not tables.has_table("alembic_version"):
        return _FIRST if tables.has_table("devices") else None
    found: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def upgrade(engine: Engine, target: str = "head") -> None:
    """Bring the ledger to `target`; processes that start together take turns. A newer ledger is left as it is."""
    if engine.dialect.name != "postgresql":
        with engine.begin() as db:
            _stamp(db)
            _step(db, target)
        return
    alone = _unhurried(engine)
    with _only_one(alone):
        with alone.connect() as db:
            _stamp(db)
        left = _TRIES
        while not _stepped(alone, target, is_last=not left):
            left -= 1
            _log.info("a table is in use: trying again")
            time.sleep(random.uniform(0.2, 2.0))


def _stepped(alone: Engine, target: str, *, is_last: bool) -> bool:
    """Take the steps that are left; False where a table could not be locked in time."""
    try:
        with alone.connect() as db:
            _step(db, target)
    except OperationalError as wrong:
        if is_last or getattr(wrong.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
            raise
        return False
    return True


def _unhurried(engine: Engine) -> Engine:
    """Return connections that may take hours over a statement, and wait briefly for a lock."""
    options = (
        f"-c timezone=UTC -c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c lock_timeout={_PATIENCE}"
    )
    said: dict[str, Any] = {"connect_timeout": 5, "application_name": "bnhelper-intake-migrate", "options": options}
    return create_engine(engine.url, poolclass=NullPool, connect_args=said)


@contextlib.contextmanager
def _only_one(alone: Engine) -> Iterator[None]:
    """Hold the migrators' lock. It is asked for again and again: whoever waits in a statement holds up new indexes."""
    with alone.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        while not db.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _MIGRATING}).scalar():
            time.sleep(_LOOK_EVERY_S)
        yield  # the lock ends with the connection


def _stamp(db: Connection) -> None:
    """Name the version of a ledger that was made before there were migrations."""
    tables = inspect(db)
    is_old = not tables.has_table("alembic_version") and tables.has_table("devices")
    if db.dialect.name == "postgresql":
        db.rollback()  # Alembic begins its own
    if is_old:
        command.stamp(alembic_config(db), _FIRST)


def _step(db: Connection, target: str) -> None:
    config = alembic_config(db)
    known = _version(db)
    if db.dialect.name == "postgresql":
        db.rollback()
    if known is None or known in {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}:
        command.upgrade(config, target)


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
