"""Opens the ledger: one SQLite file when embedded, PostgreSQL in earnest, behind the same tables and statements."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from sync.intake.migrating import HEAD, upgrade, version_of


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


def open_keeper(url: str) -> Engine:
    """Return where what arrives is written down: few connections, each for one thread that says the same all day.

    Its statements take lists of any length, and are planned once: planning one takes as long as writing two dossiers.
    """
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=2,
        max_overflow=2,
        pool_timeout=10,
        pool_recycle=1800,
        pool_use_lifo=True,
        connect_args={**_connected(f"{_BOUNDS} -c plan_cache_mode=force_generic_plan"), "prepare_threshold": 0},
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
