"""Indexes that are made and replaced beside the workers. A step that uses these does nothing else.

They stand in no transaction, so a step may be broken off between two of them and is then run again from its
beginning: each asks what is there already.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from alembic import op
from sqlalchemy import text


def create_index(name: str, table: str, columns: Sequence[str], **more: Any) -> None:
    """Make an index; on PostgreSQL nobody who writes waits for it."""
    if not _is_postgresql():
        op.create_index(name, table, columns, **more)
        return
    with _beside_writers():
        _create(name, table, columns, **more)


def replace_index(name: str, table: str, columns: Sequence[str], **more: Any) -> None:
    """Put another index under the name of one there is; on PostgreSQL one of the two is there at any time."""
    if not _is_postgresql():
        op.drop_index(name, table)
        op.create_index(name, table, columns, **more)
        return
    with _beside_writers():
        _create(f"{name}_next", table, columns, **more)
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.execute(text(f'ALTER INDEX "{name}_next" RENAME TO "{name}"'))


def _create(name: str, table: str, columns: Sequence[str], **more: Any) -> None:
    broken = """SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE relname = :name AND NOT indisvalid AND pg_table_is_visible(indexrelid)"""
    if op.get_bind().execute(text(broken), {"name": name}).first() is not None:
        op.drop_index(name, table, postgresql_concurrently=True)  # an earlier try was broken off
    op.create_index(name, table, columns, if_not_exists=True, postgresql_concurrently=True, **more)


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


@contextlib.contextmanager
def _beside_writers() -> Iterator[None]:
    """Leave the transaction. Waiting holds nobody up here: it is for those to end who began before."""
    with op.get_context().autocommit_block():
        op.execute(text("SET lock_timeout = 0"))
        yield
        op.execute(text("RESET lock_timeout"))
