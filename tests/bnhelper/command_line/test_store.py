"""`bnhelper-store`: every fault is found and named, a backup is proved, nothing is overwritten, nothing is told."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.unlock_machine import OpenMachine, create_machine, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.command_line import store
from bnhelper.ids import DossierId, PaperId
from bnhelper.paths import Places
from bnhelper.queries.dossier_tasks import dossier_tasks, photo_bytes
from bnhelper.vault import keys
from bnhelper.vault.keys import KeyFile, Pin, unwrap
from tests import factories
from tests.fakes.clock import FixedClock

_EVIDENCE = PaperId("birth_evidence")


class Scene:
    """A closed machine with one dossier and three photos on it: one taken off again would be missed by nobody."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places = Places(folder / "data")
        machine = factories.machine(folder)
        self.dossier: DossierId = factories.birth_dossier(machine)
        for shade in (1, 2, 3):
            attach_photo(machine, self.dossier, _EVIDENCE, factories.png(shade, extra=bytes(200_000)))
        machine.close()
        self.key = ["--key-file", str(folder / "key")]

    def photo(self) -> Path:
        return min(self.places.photos.glob("*.sealed"))

    def sql(self, *statements: str) -> None:
        db = sqlcipher.connect(str(self.places.store), isolation_level=None)
        db.execute(f"PRAGMA key = \"x'{unwrap(self.places.keys, KeyFile(self.folder / 'key')).hex()}'\"")
        for one in statements:
            db.execute(one)
        db.close()

    def bytes(self) -> dict[str, bytes]:
        """Every file of the machine but the lock and SQLite's own shared memory."""
        found = {}
        for path in sorted(self.places.root.rglob("*")):
            if path.is_file() and path.suffix != ".lock" and not path.name.endswith(("-shm", "-wal")):
                found[str(path.relative_to(self.places.root))] = path.read_bytes()
        return found


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def done(*arguments: object) -> tuple[int, str]:
        code = store.main([str(one) for one in arguments])
        told = capsys.readouterr()
        said = told.out + told.err
        for secret in ("NGUYỄN", "HOÀ", "027190000002", "0927182878", "Phúc Long", "TRẦN", "Vũ Đức Đạt", "Traceback"):
            assert secret not in said
        return code, said

    return done


# --- check ----------------------------------------------------------------------------------------------------


def test_a_whole_machine_is_told_whole_and_not_touched(scene: Scene, run: Run) -> None:
    before = scene.bytes()
    for what in (scene.places.root, scene.places.store):
        code, said = run("check", what, *scene.key)
        assert code == 0
        assert "pages whole" in said
        assert "photos: 3 whole, 0 damaged, 0 missing" in said, "a photo that was taken off is still kept"
    assert scene.bytes() == before


@pytest.mark.parametrize("what", ["no-folder", "no.backup"])
def test_what_is_not_there_is_said_before_a_key_is_asked_for(scene: Scene, run: Run, what: str) -> None:
    code, said = run("check", scene.folder / what)
    assert code == 2
    assert "no machine, store or backup at that place" in said


def test_a_folder_that_is_not_there_is_said_before_anything_is_read(scene: Scene, run: Run) -> None:
    target = scene.folder / "stick" / "a.backup"
    for more in ([target], [scene.folder / "a.backup", "--new-key-file", scene.folder / "stick" / "key"]):
        code, said = run("backup", *more, "--folder", scene.places.root, *scene.key)
        assert code == 2
        assert "no folder to write it into" in said
    assert not (scene.folder / "a.backup").exists()
    code, said = run("backup", scene.folder / "a.backup", "--folder", scene.folder / "elsewhere", *scene.key)
    assert code == 2
    assert "no machine, store or backup at that place" in said
    assert not (scene.folder / "elsewhere").exists()


def test_damaged_missing_and_strange_photos_are_each_named_and_left(scene: Scene, run: Run) -> None:
    damaged, missing, cut = sorted(scene.places.photos.glob("*.sealed"))
    content = bytearray(damaged.read_bytes())
    content[100_000] ^= 1
    damaged.write_bytes(content)
    missing.unlink()
    cut.write_bytes(cut.read_bytes()[:-1])
    (scene.places.photos / "ffff.sealed").write_bytes(b"left by a crash")
    before = scene.bytes()
    code, said = run("check", scene.places.root, *scene.key)
    assert code == 1
    assert "photos: 0 whole, 2 damaged, 1 missing" in said
    for kind, name in (("damaged", damaged.name), ("damaged", cut.name), ("missing", missing.name)):
        assert f"{kind}: {name}" in said
    assert "without a row: ffff.sealed" in said
    assert scene.bytes() == before, "an orphan is cleared by unlocking, never by looking"


def test_two_photos_that_changed_places_are_damaged(scene: Scene, run: Run) -> None:
    one, other, _third = sorted(scene.places.photos.glob("*.sealed"))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    assert "1 whole, 2 damaged" in run("check", scene.places.root, *scene.key)[1]


def test_a_row_with_another_hash_is_found_though_its_file_opens(scene: Scene, run: Run) -> None:
    scene.sql(f"UPDATE photos SET sha256 = '{'0' * 64}' WHERE file = '{scene.photo().name}'")
    code, said = run("check", scene.places.root, *scene.key)
    assert code == 1
    assert f"damaged: {scene.photo().name}" in said


def test_a_page_that_was_changed_on_the_disk_is_found(scene: Scene, run: Run) -> None:
    scene.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(scene.places.store.read_bytes())
    content[5 * 4096 + 100] ^= 1
    scene.places.store.write_bytes(content)
    code, said = run("check", scene.places.root, *scene.key)
    assert code == 1
    assert "page 6" in said


def test_a_row_that_points_at_nothing_is_found(scene: Scene, run: Run) -> None:
    scene.sql("PRAGMA foreign_keys = OFF", "INSERT INTO answers VALUES ('nobody', '/data/x', 'y', 'typed', '2026')")
    code, said = run("check", scene.places.root, *scene.key)
    assert code == 1
    assert "foreign keys: 1 broken" in said


def test_an_only_orphaned_file_is_named_and_no_fault(scene: Scene, run: Run) -> None:
    (scene.places.photos / "ffff.sealed").write_bytes(b"left by a crash")
    code, said = run("check", scene.places.root, *scene.key)
    assert code == 0
    assert "without a row: ffff.sealed" in said


# --- what is refused ------------------------------------------------------------------------------------------


def test_a_wrong_key_counts_as_a_try_and_the_wait_holds_here_too(scene: Scene, run: Run) -> None:
    keys.make_key_file(scene.folder / "other")
    for _ in range(5):
        assert run("check", scene.places.root, "--key-file", scene.folder / "other")[0] == 2
    code, said = run("check", scene.places.root, *scene.key)
    assert code == 2
    assert "wait" in said


def test_an_open_machine_is_not_checked_behind_its_back(scene: Scene, run: Run) -> None:
    machine = _unlocked(scene.places, scene.folder / "key")
    code, said = run("check", scene.places.root, *scene.key)
    assert (code, "Close it first" in said) == (2, True)
    machine.close()


def test_nothing_is_made_where_no_machine_is(tmp_path: Path, run: Run) -> None:
    (tmp_path / "empty").mkdir()
    assert run("check", tmp_path / "empty", "--key-file", tmp_path / "k")[0] == 2
    assert run("backup", tmp_path / "b", "--folder", tmp_path / "empty", "--key-file", tmp_path / "k")[0] == 2
    assert list((tmp_path / "empty").iterdir()) == []
    assert not (tmp_path / "b").exists()


def test_rubbish_and_a_store_from_the_future_have_their_sentences(scene: Scene, run: Run) -> None:
    (scene.folder / "rubbish.bnbackup").write_bytes(b"rubbish")
    assert "no backup" in run("check", scene.folder / "rubbish.bnbackup", *scene.key)[1]
    scene.sql("UPDATE alembic_version SET version_num = 'v9999'")
    code, said = run("check", scene.places.root, *scene.key)
    assert (code, "newer bnhelper" in said) == (2, True)
    assert run("backup", scene.folder / "b", "--folder", scene.places.root, *scene.key)[0] == 2
    assert not list(scene.folder.glob("b*"))


def test_only_a_key_file_opens_and_none_was_named(scene: Scene, run: Run) -> None:
    assert "--key-file" in run("check", scene.places.root)[1]
    assert "--key-file" in run("check", scene.places.root, "--pin-file", scene.folder / "none")[1]


def test_a_file_that_is_not_there_is_told(scene: Scene, run: Run) -> None:
    for what in ("none.db", "none.bnbackup"):
        assert run("check", scene.folder / what, *scene.key)[0] == 2
    code, said = run("restore", scene.folder / "none.bnbackup", "--folder", scene.folder / "new", *scene.key)
    assert (code, "no backup" in said) == (2, True)
    assert not (scene.folder / "new").exists()


# --- the PIN --------------------------------------------------------------------------------------------------


@pytest.fixture
def pin_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setattr(keys, "keyring_secret", lambda: b"a" * 32)
    places = Places(tmp_path / "pin")
    create_machine(
        places,
        Pin("271828"),
        person="A",
        unit=None,
        library=Library.shipped(),
        clock=FixedClock(),
        cost=factories.CHEAP,
    ).close()
    return places


def test_a_pin_is_read_from_standard_input_a_file_or_asked_for_unseen(
    pin_machine: Places, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("271828\n"))
    assert run("check", pin_machine.root, "--pin-file", "-")[0] == 0
    (tmp_path / "p").write_text("271828\n", encoding="utf-8")
    assert run("check", pin_machine.root, "--pin-file", tmp_path / "p")[0] == 0
    asked: list[str] = []

    def unseen(prompt: str) -> str:
        asked.append(prompt)
        return "271828"

    monkeypatch.setattr("getpass.getpass", unseen)
    code, said = run("check", pin_machine.root)
    assert (code, asked) == (0, ["PIN: "])
    assert "271828" not in said


def test_a_backup_by_pin_says_that_it_needs_this_keyring_and_a_new_key_file_frees_it(
    pin_machine: Places, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "271828")
    code, said = run("backup", tmp_path / "a.bnbackup", "--folder", pin_machine.root)
    assert (code, "only with this user's keyring" in said) == (0, True)
    before = pin_machine.keys.read_bytes()
    stick = tmp_path / "stick.key"
    code, said = run("backup", tmp_path / "b.bnbackup", "--folder", pin_machine.root, "--new-key-file", stick)
    assert (code, "only with" in said) == (0, False)
    assert pin_machine.keys.read_bytes() == before, "the machine itself gets no further way in"
    monkeypatch.setattr(keys, "keyring_secret", lambda: b"another machine's".ljust(32))
    assert run("restore", tmp_path / "a.bnbackup", "--folder", tmp_path / "lost")[0] == 2
    assert run("restore", tmp_path / "b.bnbackup", "--folder", tmp_path / "new", "--key-file", stick)[0] == 0
    _unlocked(Places(tmp_path / "new"), stick).close()


# --- backup and restore ---------------------------------------------------------------------------------------


def _unlocked(places: Places, key: Path) -> OpenMachine:
    return unlock_machine(places, KeyFile(key), library=Library.shipped(), clock=FixedClock())


def test_a_backup_gives_everything_back_on_another_machine(scene: Scene, run: Run) -> None:
    before, target = scene.bytes(), scene.folder / "b.bnbackup"
    code, said = run("backup", target, "--folder", scene.places.root, *scene.key)
    assert code == 0
    assert "3 whole" in said
    assert scene.bytes() == before
    assert sorted(one.name for one in scene.folder.glob("b.*")) == ["b.bnbackup"], "no half file is left beside it"
    assert run("check", target, *scene.key)[0] == 0
    assert run("restore", target, "--folder", scene.folder / "new" / "machine", *scene.key)[0] == 0
    old = _unlocked(scene.places, scene.folder / "key")
    new = _unlocked(Places(scene.folder / "new" / "machine"), scene.folder / "key")
    assert new.profile == old.profile
    assert dossier_tasks(new, scene.dossier, "vi") == dossier_tasks(old, scene.dossier, "vi")
    photos = [photo.id for paper in dossier_tasks(old, scene.dossier, "vi").papers for photo in paper.photos]
    assert len(photos) == 3
    assert [photo_bytes(new, one) for one in photos] == [photo_bytes(old, one) for one in photos]
    old.close()
    new.close()


def test_what_was_written_last_is_in_the_backup_though_it_is_still_in_the_journal(scene: Scene, run: Run) -> None:
    db = sqlcipher.connect(str(scene.places.store), isolation_level=None)
    db.execute(f"PRAGMA key = \"x'{unwrap(scene.places.keys, KeyFile(scene.folder / 'key')).hex()}'\"")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("INSERT INTO profile VALUES ('late', '1')")
    assert (scene.places.root / "store.db-wal").stat().st_size
    assert run("backup", scene.folder / "b", "--folder", scene.places.root, *scene.key)[0] == 0
    db.close()
    assert run("restore", scene.folder / "b", "--folder", scene.folder / "new", *scene.key)[0] == 0
    scene.places = Places(scene.folder / "new")
    scene.sql("DELETE FROM profile WHERE key = 'late' AND 1 / (SELECT count(*) FROM profile WHERE key = 'late')")


def test_nothing_in_a_backup_can_be_read_without_the_key(scene: Scene, run: Run) -> None:
    target = scene.folder / "b.bnbackup"
    run("backup", target, "--folder", scene.places.root, *scene.key)
    content = target.read_bytes()
    for secret in ("NGUYỄN THỊ HOÀ", "027190000002", "birth_evidence", "SQLite format 3", str(scene.dossier)):
        assert secret.encode() not in content
    with zipfile.ZipFile(target) as pack:
        names = set(pack.namelist())
        assert {one.date_time for one in pack.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        pack.extract("store.db", scene.folder)
    assert names >= {"manifest.json", "keys.json", "store.db"}
    assert len(names) == 6
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(scene.folder / "store.db").execute("SELECT * FROM sqlite_master")


def test_nothing_is_overwritten(scene: Scene, run: Run) -> None:
    target = scene.folder / "b.bnbackup"
    run("backup", target, "--folder", scene.places.root, *scene.key)
    kept, before = target.read_bytes(), scene.bytes()
    assert run("backup", target, "--folder", scene.places.root, *scene.key)[0] == 2
    assert run("restore", target, "--folder", scene.places.root, *scene.key)[0] == 2
    assert (target.read_bytes(), scene.bytes()) == (kept, before)
    assert sorted(one.name for one in scene.folder.iterdir()) == ["b.bnbackup", "data", "key"]


def test_a_backup_of_a_machine_with_a_damaged_photo_is_made_and_says_so(scene: Scene, run: Run) -> None:
    scene.photo().write_bytes(b"rubbish")
    code, said = run("backup", scene.folder / "b", "--folder", scene.places.root, *scene.key)
    assert (code, "2 whole, 1 damaged" in said) == (1, True)
    assert (scene.folder / "b").exists(), "the others must not be lost for the sake of one"


def test_a_disk_that_fills_up_leaves_no_half_backup(scene: Scene, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    code, said = run("backup", scene.folder / "b", "--folder", scene.places.root, *scene.key)
    assert (code, "disk" in said) == (2, True)
    assert not list(scene.folder.glob("b*"))


def _rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    with zipfile.ZipFile(source) as pack:
        entries = {name: pack.read(name) for name in pack.namelist()}
    change(entries)
    with zipfile.ZipFile(target, "w") as pack:
        for name, content in entries.items():
            pack.writestr(name, content)
    return target


def _climb(entries: dict[str, bytes]) -> None:
    manifest = json.loads(entries["manifest.json"])
    manifest["entries"]["../../evil"] = manifest["entries"].pop("keys.json")
    entries["../../evil"] = entries["keys.json"]
    entries["manifest.json"] = json.dumps(manifest).encode()


_HARM: dict[str, Callable[[dict[str, bytes]], object]] = {
    "changed": lambda entries: entries.update({"store.db": entries["store.db"][:-1] + b"x"}),
    "a photo gone": lambda entries: entries.pop(next(name for name in entries if name.startswith("photos/"))),
    "one more": lambda entries: entries.update({"photos/ab.sealed": b""}),
    "another format": lambda entries: entries.update({"manifest.json": b'{"format": 2, "entries": {}}'}),
    "no manifest": lambda entries: entries.pop("manifest.json"),
    "rubbish manifest": lambda entries: entries.update({"manifest.json": b"[]"}),
    "climbing out": _climb,
}


@pytest.mark.parametrize("harm", _HARM)
def test_a_backup_that_was_tampered_with_restores_nothing(scene: Scene, run: Run, harm: str) -> None:
    run("backup", scene.folder / "b", "--folder", scene.places.root, *scene.key)
    bad = _rewritten(scene.folder / "b", scene.folder / "bad", _HARM[harm])
    code, said = run("restore", bad, "--folder", scene.folder / "new", *scene.key)
    assert (code, "no backup" in said) == (2, True)
    assert sorted(one.name for one in scene.folder.iterdir()) == ["b", "bad", "data", "key"]


def test_a_backup_that_was_cut_off_or_compressed_restores_nothing(scene: Scene, run: Run) -> None:
    run("backup", scene.folder / "b", "--folder", scene.places.root, *scene.key)
    (scene.folder / "cut").write_bytes((scene.folder / "b").read_bytes()[:-100])
    with (
        zipfile.ZipFile(scene.folder / "b") as pack,
        zipfile.ZipFile(scene.folder / "bomb", "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in pack.namelist():
            bomb.writestr(name, pack.read(name))
    for bad in ("cut", "bomb"):
        assert run("restore", scene.folder / bad, "--folder", scene.folder / "new", *scene.key)[0] == 2
    assert not (scene.folder / "new").exists()
