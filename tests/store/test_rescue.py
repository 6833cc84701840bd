"""Stores damaged at seeded places: everything readable is saved, and what is not is named."""

import os
import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.attach_photo import attach_photo, show_paper
from bnhelper.actions.unlock_machine import unlock_machine
from bnhelper.command_line import store as command
from bnhelper.command_line.rescue_report import procedure_of
from bnhelper.ids import FieldPath
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.store.backup import TargetExists
from bnhelper.store.open_store import StoreDamaged, StoreFromTheFuture
from bnhelper.store.rescue import Rescued, rescue
from bnhelper.store.salvage_pages import PAGE, SealedPages
from bnhelper.vault.keys import KeyFile
from tests import factories
from tests.crash.deeds import LIBRARY, PAPER, Cast, make_cast
from tests.fakes.clock import FixedClock

Tables = dict[str, set[tuple[object, ...]]]
pytestmark = pytest.mark.crash  # damage at many places takes a minute: not for --quick
_WHOLE_DAY = 14
_TREES = (
    "dossiers",
    "answers",
    "answer_changes",
    "photos",
    "consents",
    "outbox",
    "outbox_files",
    "paper_marks",
    "events",
)


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Cast:
    """A machine with a dossier in every state, and a day of further dossiers, so that tables are trees of pages."""
    made = make_cast(tmp_path_factory.mktemp("rescue") / "cast")
    machine = made.open(made.folder)
    for number in range(_WHOLE_DAY):
        dossier = factories.birth_dossier(machine)
        answer_question(machine, dossier, FieldPath("/data/applicant/full_name"), f"NGUYỄN VĂN SỐ {number}")
        attach_photo(machine, dossier, PAPER, factories.png(100 + number))
    show_paper(machine, made.roles["draft"], PAPER, is_shown=True)
    machine.close()
    assert all(Damaged(made, made.folder.parent / "seen").before.values()), "every table that is compared has rows"
    return made


class Damaged:
    """One damaged copy of the machine."""

    def __init__(self, cast: Cast, folder: Path) -> None:
        self.cast, self.folder = cast, cast.copy(folder / "machine")
        self.places, self.key = Places(self.folder / "data"), cast.key(self.folder)
        self.target = Places(folder / "new")
        self.before = self.tables(self.places)

    def rescued(self) -> Rescued:
        return rescue(
            self.places, self.key, self.target, clock=FixedClock(), procedure_of=partial(procedure_of, LIBRARY)
        )

    def flip(self, at: int, count: int = 1) -> None:
        with self.places.store.open("r+b") as file:
            file.seek(at)
            found = file.read(count)
            file.seek(at)
            file.write(bytes(byte ^ 0x5A for byte in found))

    def tables(self, places: Places) -> Tables:
        db = sqlcipher.connect(str(places.store))
        db.execute(f"PRAGMA key = \"x'{self.key.hex()}'\"")
        found = {}
        for name in _TREES:
            rows = db.execute(f"SELECT * FROM {name}")
            names = [one[0] for one in rows.description]
            found[name] = {
                tuple(value for name, value in zip(names, row, strict=True) if name != "search_key") for row in rows
            }
        db.close()
        return found

    def opens(self, places: Places | None = None) -> int:
        """Open the rescued machine, or another, by its own door; return how many dossiers its keeper sees."""
        machine = unlock_machine(
            places or self.target, KeyFile(self.folder / "key"), library=LIBRARY, clock=FixedClock()
        )
        try:
            return dossier_list(machine).total
        finally:
            machine.close()


@pytest.fixture
def damaged(cast: Cast, tmp_path: Path) -> Damaged:
    return Damaged(cast, tmp_path)


def test_a_whole_store_comes_through_with_every_row_and_photo(damaged: Damaged) -> None:
    """The second reader of the file format agrees with SQLite about every row of every table."""
    before = damaged.before
    made = damaged.rescued()
    assert made.is_everything
    assert damaged.tables(damaged.target) == before
    assert made.photos == made.found.whole == len(before["photos"])
    assert damaged.opens() == damaged.opens(damaged.places) > 0


def test_what_is_still_only_in_the_journal_is_saved(damaged: Damaged) -> None:
    machine = damaged.cast.open(damaged.folder)
    draft = damaged.cast.roles["draft"]
    answer_question(machine, draft, FieldPath("/data/applicant/address_detail"), "Thôn Cuối")
    shutil.copytree(damaged.places.root, damaged.folder / "frozen")
    machine.close()
    shutil.rmtree(damaged.places.root)
    (damaged.folder / "frozen").rename(damaged.places.root)
    assert (damaged.places.root / "store.db-wal").stat().st_size
    made = damaged.rescued()
    assert made.is_everything
    assert any(row[2] == "Thôn Cuối" for row in damaged.tables(damaged.target)["answers"])


@pytest.mark.parametrize("seed", range(4))
def test_flipped_bytes_cost_at_most_the_rows_they_lie_in(damaged: Damaged, seed: int) -> None:
    die = random.Random(seed)
    size = damaged.places.store.stat().st_size
    before = damaged.before
    hit = {die.randrange(1, size // PAGE) for _ in range(3)}
    for page in hit:
        damaged.flip(page * PAGE + die.randrange(PAGE - 80), 4)
    made = damaged.rescued()
    assert made.broken_pages == len(hit)
    assert damaged.opens() >= 1
    after = damaged.tables(damaged.target)
    _is_named(before, after, made)
    for name in ("dossiers", "photos", "consents", "paper_marks"):
        # rows of some forty bytes and more: four flipped bytes spoil one block and touch the next
        assert len(before[name] - after[name]) <= 3 * len(hit), name


def _is_named(before: Tables, after: Tables, made: Rescued) -> None:
    """Whatever answer is not what it was is in the list of what to compare, or its dossier's head was made anew."""
    codes = {str(row[0]): str(row[1]) for row in after["dossiers"]}
    kept = {(row[0], row[1]): row[2] for row in after["answers"]}
    was = {(row[0], row[1]): row[2] for row in before["answers"]}
    named = set(made.doubtful)
    for (dossier, path), value in kept.items():
        if was.get((dossier, path)) != value:
            assert f"{codes[str(dossier)]} {path}" in named, "changed, and nobody is told"


@pytest.mark.parametrize("table", _TREES)
def test_a_table_whose_root_is_gone_keeps_its_leaves(damaged: Damaged, table: str) -> None:
    """SQLite alone loses the whole table here."""
    before = damaged.before
    db = sqlcipher.connect(str(damaged.places.store))
    db.execute(f"PRAGMA key = \"x'{damaged.key.hex()}'\"")
    (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    db.close()
    is_tree = SealedPages(damaged.places.store, damaged.key).get(root)
    assert is_tree is not None
    with damaged.places.store.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        file.write(random.Random(1).randbytes(PAGE))
    made = damaged.rescued()
    after = damaged.tables(damaged.target)
    if is_tree.content[0] == 5:
        assert len(after[table]) == len(before[table]), "every leaf is still there"
    if table == "answers":
        assert {row[:3] for row in after[table]} >= {row[:3] for row in before[table]}, "the journal has them all"
    assert made.broken_pages == 1
    assert damaged.opens() >= 1


@pytest.mark.parametrize("part", [0.5, 0.95, *(pytest.param(one, marks=pytest.mark.long) for one in (0.3, 0.8))])
def test_a_store_that_was_cut_off_gives_what_is_left(damaged: Damaged, part: float) -> None:
    size = damaged.places.store.stat().st_size
    os.truncate(damaged.places.store, int(size * part))
    before_photos = len(list(damaged.places.photos.glob("*.sealed")))
    made = damaged.rescued()
    assert not made.is_everything
    assert damaged.opens() >= (part > 0.4)
    assert made.photos + len(made.lost_photos) + made.nameless_files >= before_photos


def test_the_first_page_gone_is_no_end(damaged: Damaged) -> None:
    """It holds the salt and the list of tables; SQLite says "file is not a database" to all of it."""
    before = damaged.before
    damaged.flip(0, PAGE)
    made = damaged.rescued()
    assert not made.has_seal
    after = damaged.tables(damaged.target)
    assert {row[0] for row in after["dossiers"]} == {row[0] for row in before["dossiers"]}
    assert {row[:3] for row in after["answers"]} == {row[:3] for row in before["answers"]}
    assert made.photos == len(before["photos"])


def test_a_missing_journal_and_missing_photos_are_survived_and_named(damaged: Damaged) -> None:
    gone = sorted(damaged.places.photos.glob("*.sealed"))[:2]
    for one in gone:
        one.unlink()
    half = min(damaged.places.photos.glob("*.sealed"))
    half.write_bytes(half.read_bytes()[:40])
    made = damaged.rescued()
    assert len(made.lost_photos) == 3
    assert all(line.endswith(" birth_evidence") for line in made.lost_photos)
    assert damaged.opens() >= 1


def test_nothing_readable_a_newer_store_and_a_taken_place_are_refused(damaged: Damaged, tmp_path: Path) -> None:
    kept = damaged.places.store.read_bytes()
    damaged.places.store.write_bytes(random.Random(1).randbytes(40 * PAGE))
    with pytest.raises(StoreDamaged):
        damaged.rescued()
    damaged.places.store.write_bytes(kept)
    db = sqlcipher.connect(str(damaged.places.store), isolation_level=None)
    db.execute(f"PRAGMA key = \"x'{damaged.key.hex()}'\"")
    db.execute("UPDATE alembic_version SET version_num = 'v9999'")
    db.close()
    with pytest.raises(StoreFromTheFuture):
        damaged.rescued()
    damaged.places.store.write_bytes(kept)
    damaged.target.root.mkdir()
    (damaged.target.root / "mine").touch()
    with pytest.raises(TargetExists):
        damaged.rescued()
    assert sorted(one.name for one in tmp_path.iterdir() if "machine" not in one.name) == ["new"]


def test_the_command_says_what_was_saved_and_nothing_personal(
    damaged: Damaged, capsys: pytest.CaptureFixture[str]
) -> None:
    min(damaged.places.photos.glob("*.sealed")).unlink()
    given = ["rescue", "--folder", str(damaged.places.root), "--to", str(damaged.target.root)]
    assert command.main([*given, "--key-file", str(damaged.folder / "key")]) == 1
    said = capsys.readouterr().out
    assert "photo lost, take it again: BN-" in said
    assert "dossiers" in said
    assert not any(word in said for word in ("NGUYỄN", "027190000002", "Thôn"))
    assert command.main([*given, "--key-file", str(damaged.folder / "key")]) == 2


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 220))
def test_many_stores_damaged_at_seeded_places(damaged: Damaged, seed: int) -> None:
    die = random.Random(seed)
    before = damaged.before
    size = damaged.places.store.stat().st_size
    harms: list[Callable[[], object]] = [
        lambda: damaged.flip(die.randrange(size), die.randrange(1, 64)),
        lambda: damaged.flip(die.randrange(size // PAGE) * PAGE, PAGE),
        lambda: os.truncate(damaged.places.store, die.randrange(size // 4, size)),
    ]
    for _ in range(die.randrange(1, 4)):
        die.choice(harms)()
    made = damaged.rescued()
    after = damaged.tables(damaged.target)
    _is_named(before, after, made)
    assert damaged.opens() >= 0
