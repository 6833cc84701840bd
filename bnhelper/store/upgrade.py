"""Backs the store up, then runs the migrations it has not seen."""

import os
import shutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from bnhelper.vault.disk import told_as_trouble


def upgrade(engine: Engine, path: Path, version: str | None, target: str = "head") -> None:
    """Bring the store to `target`, in one transaction; a store with anything in it is backed up first.

    The copy stays sealed under the same key. It is kept: what an upgrade did is only known in the field.
    """
    if version is not None:
        with told_as_trouble():
            _back_up(engine, path, version)
    with engine.connect().execution_options(bn_write=True) as db, db.begin():
        command.upgrade(alembic_config(db), target)


def alembic_config(connection: object) -> Config:
    """Return Alembic's configuration for one connection; the steps are files of this package."""
    config = Config()
    config.set_main_option("script_location", "bnhelper.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _back_up(engine: Engine, path: Path, version: str) -> None:
    with engine.connect() as db:
        db.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    folder = path.parent / "backups"
    folder.mkdir(exist_ok=True, mode=0o700)
    copy = folder / f"before-{version}.db"
    part = copy.with_suffix(".part")
    shutil.copyfile(path, part)
    with part.open("r+b") as file:
        os.fsync(file.fileno())
    os.replace(part, copy)  # noqa: PTH105 - replace() is atomic on Windows too
