"""Arrays as PostgreSQL reads them, whatever people wrote."""

import random

import psycopg
import pytest

from sync.intake.bare import array
from tests.sync.intake.engines import Postgres

_PIECES = ('"', "\\", "{", "}", ",", "NULL", "", " ", '","', "Thị", "\n", "'", "\u200b", "x")


@pytest.mark.slow
def test_lists_come_back_as_they_were(postgres: Postgres) -> None:
    die = random.Random(20261126)

    def text() -> str:
        return "".join(die.choice(_PIECES) for _ in range(die.randrange(4)))

    lists: list[list[str | None]] = [[], [""], ["a", "b"], [None], ["a", None], ["NULL"]]
    lists += [[text() for _ in range(die.randrange(5))] for _ in range(300)]
    lists += [[die.choice((text(), None)) for _ in range(die.randrange(5))] for _ in range(100)]
    with psycopg.connect(postgres.fresh_database()) as db:
        for one in lists:
            assert db.execute("SELECT %s::text[]", (array(one),)).fetchall() == [(one,)], one
        assert db.execute("SELECT %s::bigint[]", (array([1, -2, None, 2**40]),)).fetchall() == [([1, -2, None, 2**40],)]
