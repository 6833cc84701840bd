"""No screen reads a whole table: what SQLite means to do is asked, and nothing is timed."""

import re
from collections.abc import Iterator

import pytest

from bnhelper.actions.answer_question import answer_question, redo_answer, undo_answer
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.sending import LinkState
from bnhelper.ids import DossierId, FieldPath
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.queries.sending_status import sending_status
from bnhelper.queries.sync_centre import sync_centre
from bnhelper.queries.today import today
from bnhelper.store import dossiers
from bnhelper.store.erasure import ended_long_ago, erase_rows, in_bin_too_long
from bnhelper.store.open_store import driver
from tests import factories
from tests.bench.many_dossiers import fill

#: the tables that grow with every dossier
_LARGE = re.compile(r"SCAN (dossiers|answers|answer_changes|outbox|outbox_files|photos|events|server_truth|audit)\b")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path_factory.mktemp("plans"))
    fill(opened, 60)
    yield opened
    opened.close()


def _walked(machine: OpenMachine, sql: list[str]) -> set[str]:
    """Return the plans of these statements that walk a large table row by row."""
    found = set()
    with machine.store.read() as db:
        for one in sql:
            if one.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
                for row in driver(db).execute(f"EXPLAIN QUERY PLAN {one}"):
                    if _LARGE.search(row[3]) and "COVERING INDEX" not in row[3]:
                        found.add(f"{row[3]}: {one}")
    return found


def _statements(machine: OpenMachine, deed: object) -> list[str]:
    """Do something, and return every statement SQLite was given, with its values."""
    assert callable(deed)
    said: list[str] = []
    with machine.store.read() as db:  # the pool gives this one connection again
        traced = driver(db)
    traced.set_trace_callback(said.append)
    try:
        deed()
    finally:
        traced.set_trace_callback(None)
    assert said, "the statements went another way"
    return said


@pytest.mark.parametrize(
    "screen",
    [
        dossier_list,
        lambda m: dossier_list(m, start=dossier_list(m, size=20).next),
        lambda m: dossier_list(m, text="nguyen hoa"),
        today,
        lambda m: sending_status(m, LinkState()),
        lambda m: sync_centre(m, LinkState()),
    ],
    ids=["list", "next page", "search", "today", "badge", "sync centre"],
)
def test_a_screen_reads_by_an_index(machine: OpenMachine, screen: object) -> None:
    assert callable(screen)
    assert _walked(machine, _statements(machine, lambda: screen(machine))) == set()


def test_erasing_reads_the_dossiers_own_rows_alone(machine: OpenMachine) -> None:
    """Each photo that goes is looked for among the files on their way; that was read whole once for each."""
    dossier = factories.birth_dossier(machine)

    def erase() -> None:
        with machine.store.write() as db:
            assert ended_long_ago(db, machine.clock.now(), [dossier]) == in_bin_too_long(
                db, machine.clock.now(), [dossier]
            )
            erase_rows(db, [dossier])

    said = [one for one in _statements(machine, erase) if "DELETE FROM uploads" not in one]  # a handful, while they run
    assert _walked(machine, said) == set()
    with machine.store.read() as db:
        found = driver(db).execute("SELECT sql FROM sqlite_master WHERE name = 'ix_outbox_files_photo'").fetchall()
    assert found, "what a foreign key looks for, no plan shows"


def test_an_answer_is_kept_by_an_index(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    path = FieldPath("/data/applicant/address_detail")

    def deeds() -> None:
        answer_question(machine, dossier, path, "Thôn Một")
        undo_answer(machine, dossier)
        redo_answer(machine, dossier)

    assert _walked(machine, _statements(machine, deeds)) == set()


def test_a_page_of_fifty_finds_each_by_its_own_id(machine: OpenMachine) -> None:
    """Asked for one person's, SQLite would rather walk all that the person holds."""
    ids = [row.id for row in dossier_list(machine).rows]

    def read() -> None:
        with machine.store.read() as db:
            assert len(dossiers.by_ids(db, ids)) == len(ids)

    (wanted,) = [one for one in _statements(machine, read) if "FROM dossiers" in one]
    with machine.store.read() as db:
        plan = [row[3] for row in driver(db).execute(f"EXPLAIN QUERY PLAN {wanted}")]
    assert any(re.search(r"SEARCH dossiers USING INDEX \S+ \(id=\?\)", one) for one in plan), plan


def test_the_search_for_walks_finds_one(machine: OpenMachine) -> None:
    assert _walked(machine, ["SELECT * FROM outbox WHERE held_detail = 'x'"])


def test_two_dossiers_never_get_the_same_code(machine: OpenMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = dossier_list(machine).rows[0].readable_code
    drawn = iter([taken, taken, "BN-222-222"])
    monkeypatch.setattr(dossiers, "readable_code", lambda: next(drawn))
    begun: DossierId = factories.birth_dossier(machine)
    with machine.store.read() as db:
        assert dossiers.get(db, begun).readable_code == "BN-222-222"
