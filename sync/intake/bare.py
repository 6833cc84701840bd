"""PostgreSQL's connections as its driver has them, for the few statements that every dossier and photo passes."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError


@contextmanager
def alone(engine: Engine) -> Iterator["psycopg.Connection[Any]"]:
    """Lend a connection on which each statement is a transaction, or `transaction()` makes one of several.

    Raises SQLAlchemy's errors for psycopg's.
    """
    try:
        borrowed = engine.raw_connection()
    except psycopg.Error as wrong:  # a connection is made here as the driver makes it
        raise OperationalError(None, None, wrong) from wrong
    raw: psycopg.Connection[Any] = borrowed.driver_connection  # type: ignore[assignment]
    try:
        raw.autocommit = True
        yield raw
        raw.autocommit = False
    except psycopg.IntegrityError as wrong:
        raise IntegrityError(None, None, wrong) from wrong
    except (psycopg.OperationalError, psycopg.InterfaceError) as wrong:
        if raw.closed:
            borrowed.invalidate(wrong)
            engine.dispose()  # the others are as old as this one
        raise OperationalError(None, None, wrong) from wrong
    except psycopg.Error as wrong:
        raise DBAPIError(None, None, wrong) from wrong
    finally:
        if not raw.closed:
            raw.autocommit = False
        borrowed.close()


def array(values: Iterable[str | int | None]) -> str:
    """Return a PostgreSQL array of texts or numbers; the driver's own way takes a call for each."""
    items = list(values)
    joined = _plain(items)
    return "{" + (",".join(_item(value) for value in items) if joined is None else joined) + "}"


def _plain(items: Sequence[Any]) -> str | None:
    """Return the inside of an array of nothing but texts, none of which has a letter to be marked; else None."""
    try:
        joined = '","'.join(items)
    except TypeError:  # a number or nothing is among them
        return None
    if not items or "\\" in joined or joined.count('"') != 2 * len(items) - 2:
        return None
    return f'"{joined}"'


def _item(value: str | int | None) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "NULL" if value is None else str(value)
