"""Reads the shape of a store, as text and as facts.

`python -m tests.store.dump` writes the schema of a fresh store into the museum under the name of the newest version.
It is done once for each version, in the commit that adds the migration; older exhibits are never touched.
"""

import re
import tempfile
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from bnhelper.store.open_store import HEAD, open_store

MUSEUM: Final = Path(__file__).parent / "museum"
_KEY = b"k" * 32


def exhibit(version: str, what: str = "schema") -> Path:
    """Return the museum's file of a version, such as schema_0001.sql."""
    return MUSEUM / f"{what}_{version.removeprefix('v')}.sql"


def schema_text(db: Connection) -> str:
    """Return every table and index as SQL, in one spelling of white space, by name."""
    wanted = "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name"
    first, then = "", ""
    for name, kind, sql in db.execute(text(wanted)):
        line = re.sub(r"\s+", " ", sql).strip() + ";\n"
        if kind in {"view", "trigger"}:  # these name tables that come later in the alphabet
            then += line
        elif not is_shadow(name):
            first += line
    return first + then


def is_shadow(name: str) -> bool:
    """Tell whether a table is one that FTS5 keeps for the search index and makes by itself."""
    return name.startswith("dossier_search_")


def shape(db: Connection) -> dict[str, dict[str, list[Any]]]:
    """Return columns, foreign keys and indexes of every table, however they came to be."""
    names = db.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    found = {}
    for name in names:
        if name.startswith("dossier_search"):
            continue
        indexes = [tuple(row)[1:] for row in db.execute(text(f"PRAGMA index_list({name})"))]
        found[name] = {
            "columns": sorted(tuple(row)[1:] for row in db.execute(text(f"PRAGMA table_info({name})"))),
            "foreign keys": sorted(tuple(row)[2:] for row in db.execute(text(f"PRAGMA foreign_key_list({name})"))),
            "indexes": sorted(
                (*index, *(row[2] for row in db.execute(text(f"PRAGMA index_info({index[0]})")))) for index in indexes
            ),
        }
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "s", _KEY, Path(folder) / "lock")
        with store.read() as fresh:
            exhibit(HEAD).write_text(schema_text(fresh), encoding="utf-8")
        store.close()
