"""Opens the encrypted SQLite file: lock, key, pragmas, integrity, and one transaction at a time."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from bnhelper.errors import KnownTrouble
from bnhelper.store.ground import Ground
from bnhelper.vault.disk import of_the_disk, told_as_trouble
from bnhelper.vault.keys import WrongKey
from bnhelper.vault.sealed_file import wipe

#: the newest migration this program knows
HEAD: Final = "v0006"
KNOWN: Final = ("v0001", "v0002", "v0003", "v0004", "v0005", "v0006")


class StoreInUse(KnownTrouble):
    """Another window of the program has this store open."""

    code = "store-in-use"


class StoreFromTheFuture(KnownTrouble):
    """The store was written by a newer program; opening it here could lose what this one does not know."""

    code = "store-from-the-future"


class StoreDamaged(KnownTrouble):
    """The file is no store, or its pages do not hold."""

    code = "store-damaged"


class StoreClosed(KnownTrouble):
    """The machine was locked meanwhile: whoever was still asking gets nothing, and opens nothing again."""

    code = "store-closed"


class Store:
    """One open store. `read` and `write` each give a connection with one transaction.

    `write` commits when its block ends and rolls back when it raises; it takes the write lock at once, so that
    what was read in the block is still true when it is written. A commit is on the disk when `write` returns
    (WAL, synchronous=FULL). `person` is whose dossiers `store.dossiers` finds through these connections; None
    finds everybody's, for command lines.
    """

    def __init__(self, engine: Engine, lock: "StoreLock", ground: Ground, key: bytearray) -> None:
        self._engine = engine
        self._lock = lock
        self.ground = ground
        self._key = key
        self.person: str | None = None

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for reading. Raises StoreClosed, StoreDamaged, DiskFailed."""
        with told_by_sqlite(), self._engine.connect().execution_options(bn_person=self.person) as db:
            yield db

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a transaction. Raises StoreGone before it is begun, DiskFull, DiskReadOnly,
        DiskFailed and StoreDamaged when it could not be kept; then nothing of it was.
        """  # noqa: D205
        self.ground.check()
        options = {"bn_write": True, "bn_person": self.person}
        with told_by_sqlite(), self._engine.connect().execution_options(**options) as db, db.begin():
            yield db

    def forget_what_was_deleted(self) -> None:
        """Fold the journal into the store and cut it to nothing: deleted rows live on in it until then.

        `secure_delete` has overwritten them in the store itself.
        """
        with told_by_sqlite(), self._engine.connect() as db:
            db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection, give the lock back, and overwrite the key: no straggler opens it again."""
        self._engine.dispose()
        self._lock.release()
        wipe(self._key)


def driver(db: Connection) -> Any:
    """Return the driver's connection under `db`, within its transaction: for the few statements of every keystroke."""
    return db.connection.driver_connection


@contextlib.contextmanager
def told_by_sqlite() -> Iterator[None]:
    """Raise the world's trouble for what SQLite says of the disk; its Python module gives us words only."""
    try:
        yield
    except (DBAPIError, sqlcipher.DatabaseError) as wrong:
        trouble = of_the_disk(wrong)
        if trouble is None and any(words in str(wrong) for words in ("malformed", "not a database")):
            trouble = StoreDamaged()
        if trouble is None:
            raise
        raise trouble from wrong


class StoreLock:
    """An operating-system lock on a file beside the store: it is gone with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises StoreInUse, DiskReadOnly, DiskFailed."""
        with told_as_trouble():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = path.open("a+b")
        try:
            _lock(self._file)
        except OSError as wrong:
            self._file.close()
            raise StoreInUse from wrong

    def release(self) -> None:
        self._file.close()


def _lock(file: BinaryIO) -> None:
    if os.name == "nt":
        import msvcrt

        module: Any = msvcrt  # mypy knows its functions on Windows only
        file.seek(0)
        module.locking(file.fileno(), module.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def open_store(path: Path, key: bytes, lock_path: Path) -> Store:
    """Open the store at `path` with its 256-bit `key`, making or upgrading it as needed.

    Raises StoreInUse, WrongKey, StoreDamaged, StoreFromTheFuture, DiskFull, DiskReadOnly, DiskFailed. Nothing is
    changed when it raises.
    """
    lock = StoreLock(lock_path)
    ground, own = Ground(path), bytearray(key)
    try:
        engine = _engine(path, own)
        with told_by_sqlite():
            _check_and_upgrade(engine, path)
        ground.remember()
    except BaseException:
        lock.release()
        wipe(own)
        raise
    return Store(engine, lock, ground, own)


def _engine(path: Path, key: bytearray) -> Engine:
    def connect() -> Any:
        if not any(key):
            raise StoreClosed
        db = sqlcipher.connect(str(path), timeout=20, check_same_thread=False, isolation_level=None)
        db.execute("PRAGMA cipher_log_level = NONE")
        db.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        try:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlcipher.DatabaseError:
            db.close()
            raise
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            db.execute(f"PRAGMA {pragma}")
        return db

    module: ModuleType = sqlcipher
    engine = create_engine(
        "sqlite://",
        creator=connect,
        module=module,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=4,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def begin(db: Connection) -> None:
        db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get("bn_write") else "BEGIN")

    return engine


def _check_and_upgrade(engine: Engine, path: Path) -> None:
    is_new = not path.exists()
    try:
        with engine.connect() as db:
            has_version = db.execute(
                text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")
            ).scalar_one()
            version = db.execute(text("SELECT version_num FROM alembic_version")).scalar() if has_version else None
            tables = db.execute(text("SELECT count(*) FROM sqlite_master")).scalar_one()
    except (DBAPIError, sqlcipher.DatabaseError) as wrong:
        engine.dispose()
        raise of_the_disk(wrong) or (WrongKey(tries=0) if looks_sealed(path) else StoreDamaged()) from wrong
    if version is not None and version not in KNOWN:
        engine.dispose()
        raise StoreFromTheFuture(version=str(version)[:40])
    if version is None and tables and not is_new:
        engine.dispose()
        raise StoreDamaged
    if version != HEAD:
        from bnhelper.store.upgrade import upgrade

        upgrade(engine, path, version)


def looks_sealed(path: Path) -> bool:
    """Tell a wrong key from a broken file as far as that can be told: a sealed store is whole pages."""
    size = path.stat().st_size
    return size > 0 and size % 4096 == 0
