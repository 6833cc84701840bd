"""Backups by themselves: due when something changed, proved, rotated, and told when they fail."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.keep_backups import (
    BackupNotWhole,
    FolderGone,
    back_up_machine,
    backup_is_due,
    backup_state,
    choose_backup_folder,
)
from bnhelper.actions.restore_backup import backups_here, restore_backup, ways_of
from bnhelper.actions.unlock_machine import OpenMachine, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.ids import PaperId
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.store.backup import BackupDamaged, BackupStopped
from bnhelper.store.ground import DiskNearlyFull
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.keys import KeyFile, WrongKey, make_key_file
from bnhelper.vault.pin import MustWait
from tests import factories
from tests.fakes.clock import FixedClock


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def machine(tmp_path: Path, clock: FixedClock) -> OpenMachine:
    made = factories.machine(tmp_path, clock)
    dossier = factories.birth_dossier(made)
    attach_photo(made, dossier, PaperId("birth_evidence"), factories.png(side=64))
    return made


def test_it_is_due_where_something_changed_and_then_once_a_day(machine: OpenMachine, clock: FixedClock) -> None:
    assert backup_is_due(machine)
    proved = back_up_machine(machine)
    assert proved.photos == 1
    assert backup_state(machine).proved == proved
    assert (machine.places.backups / proved.name).stat().st_size == proved.size
    assert not backup_is_due(machine)
    clock.move(days=2)
    assert not backup_is_due(machine), "nothing changed"
    factories.birth_dossier(machine)
    assert backup_is_due(machine)
    back_up_machine(machine)
    clock.move(days=8)
    assert backup_is_due(machine), "unchanged, but a week old"
    machine.close()


def test_a_fresh_machine_has_nothing_to_back_up(tmp_path: Path) -> None:
    fresh = factories.machine(tmp_path)
    assert not backup_is_due(fresh)
    fresh.close()


def test_a_clock_set_back_a_year_makes_no_backup_of_the_future_count(machine: OpenMachine, clock: FixedClock) -> None:
    back_up_machine(machine)
    clock.move(days=-365)
    assert backup_is_due(machine)
    back_up_machine(machine)
    assert len(backups_here(machine.places)) == 2, "the newer one by its name stays too"
    machine.close()


def test_the_newest_three_stay_and_the_last_of_the_week_before(machine: OpenMachine, clock: FixedClock) -> None:
    names = []
    for _ in range(12):
        clock.move(days=1)
        names.append(back_up_machine(machine).name)
    stranger = machine.places.backups / "bnhelper-00000000-20260101T000000Z.backup"
    stranger.write_bytes(b"another machine's")
    before_upgrade = machine.places.backups / "before-v0001.db"
    before_upgrade.write_bytes(b"what an upgrade kept")
    os.utime(before_upgrade, (clock.now().timestamp(),) * 2)
    clock.move(days=1)
    names.append(back_up_machine(machine).name)
    there = {path.name for path in machine.places.backups.iterdir()}
    assert there == {*names[-3:], names[-8], stranger.name, before_upgrade.name}
    clock.move(days=31)
    back_up_machine(machine)
    assert not before_upgrade.exists(), "it holds what was erased since"
    machine.close()


def test_half_a_copy_of_a_flat_battery_is_swept_and_another_machines_is_not(machine: OpenMachine) -> None:
    prefix = back_up_machine(machine).name.rpartition("-")[0]
    folder = machine.places.backups
    machine.clock.move(days=1)  # type: ignore[attr-defined]
    for name in (f"{prefix}-20261101T010203Z.backup", "bnhelper-00000000-20261101T010203Z.backup"):
        (folder / f"{name}.part").write_bytes(b"half")
        (folder / f"{name}.work" / "photos").mkdir(parents=True)
    back_up_machine(machine)
    left = {path.name for path in folder.iterdir() if path.suffix != ".backup"}
    assert left == {f"bnhelper-00000000-20261101T010203Z.backup.{end}" for end in ("part", "work")}
    machine.close()


def test_copies_of_a_clock_that_was_ahead_never_push_out_those_of_today(
    machine: OpenMachine, clock: FixedClock
) -> None:
    clock.move(days=365)
    for _ in range(4):
        clock.move(days=8)
        back_up_machine(machine)
    clock.move(days=-365 - 32)
    names = []
    for _ in range(4):
        clock.move(days=1)
        names.append(back_up_machine(machine).name)
    there = {path.name for path in machine.places.backups.iterdir()}
    assert there == set(names[-3:])
    machine.close()


def test_a_stick_that_is_not_there_is_said_and_tried_again_in_an_hour(
    machine: OpenMachine, clock: FixedClock, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    choose_backup_folder(machine, stick)
    back_up_machine(machine)
    shutil.rmtree(stick)
    clock.move(days=1)
    factories.birth_dossier(machine)
    assert backup_is_due(machine)
    with pytest.raises(FolderGone):
        back_up_machine(machine)
    state = backup_state(machine)
    assert (state.failed_code, state.failed_at, state.folder) == ("backup-folder-gone", clock.now(), str(stick))
    assert state.proved is not None, "what was proved before still counts"
    assert not backup_is_due(machine)
    clock.move(hours=1)
    assert backup_is_due(machine)
    stick.mkdir()
    back_up_machine(machine)
    assert backup_state(machine).failed_code == ""
    assert len(list(stick.iterdir())) == 1
    machine.close()


def test_without_room_for_a_copy_and_its_proof_nothing_is_begun(
    machine: OpenMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1_000_000))
    with pytest.raises(DiskNearlyFull):
        back_up_machine(machine)
    assert list(machine.places.backups.iterdir()) == []
    assert backup_state(machine).failed_values == {"free_mb": 1}
    machine.close()


def test_one_that_is_stopped_leaves_nothing_and_is_no_failure(machine: OpenMachine) -> None:
    for blocks in range(7):  # every block of two passes over store, keys and photo, and the last word before the name
        asked = iter(range(1000))
        with pytest.raises(BackupStopped):
            back_up_machine(machine, goes_on=lambda asked=asked, most=blocks: next(asked) < most)  # type: ignore[misc]
        assert list(machine.places.backups.iterdir()) == []
        assert backup_state(machine).failed_code == ""
    machine.close()


def test_a_photo_that_is_missing_is_told_and_what_there_is_is_kept(machine: OpenMachine) -> None:
    next(machine.places.photos.glob("*.sealed")).unlink()
    with pytest.raises(BackupNotWhole) as told:
        back_up_machine(machine)
    assert told.value.values == {"photos": 1}
    assert len(backups_here(machine.places)) == 1
    machine.close()


def test_the_last_copy_with_every_photo_stays_and_a_photo_that_was_taken_again_is_missed_no_more(
    machine: OpenMachine, clock: FixedClock
) -> None:
    whole = back_up_machine(machine).name
    (dossier,) = (row.id for row in dossier_list(machine).rows)
    next(machine.places.photos.glob("*.sealed")).unlink()
    for _ in range(6):
        clock.move(days=10)
        with pytest.raises(BackupNotWhole):
            back_up_machine(machine)
    assert (machine.places.backups / whole).exists()
    attach_photo(machine, dossier, PaperId("birth_evidence"), factories.png(9))
    clock.move(days=10)
    newest = back_up_machine(machine).name
    there = {one.name for one in backups_here(machine.places)}
    assert (newest in there, whole in there) == (True, False)
    machine.close()


def test_it_stands_in_the_log(machine: OpenMachine) -> None:
    back_up_machine(machine)
    with machine.store.read() as db:
        bodies = db.exec_driver_sql("SELECT body FROM audit ORDER BY seq DESC LIMIT 1").scalars().all()
    assert f'"{Deed.BACKED_UP.value}"' in bodies[0]
    machine.close()


def test_it_comes_back_on_another_machine_and_nothing_of_what_was_there_is_lost(
    machine: OpenMachine, tmp_path: Path, clock: FixedClock
) -> None:
    made = back_up_machine(machine)
    machine.close()
    backup = machine.places.backups / made.name
    assert ways_of(backup) == ["key_file"]
    other = Places(tmp_path / "other")
    other.make()
    restored = restore_backup(other, backup, KeyFile(tmp_path / "key"), clock)
    assert restored.found is not None
    assert (restored.found.whole, restored.set_aside) == (1, None)
    again = unlock_machine(other, KeyFile(tmp_path / "key"), library=Library.shipped(), clock=clock)
    assert dossier_list(again).total == 1
    factories.birth_dossier(again)
    again.close()
    clock.move(minutes=5)
    second = restore_backup(other, backup, KeyFile(tmp_path / "key"), clock)
    assert second.set_aside is not None
    assert {one.name for one in second.set_aside.iterdir()} >= {"keys.json", "store.db", "photos"}
    assert not (other.root / "restoring").exists()


def test_a_wrong_key_is_counted_waits_and_changes_nothing(
    machine: OpenMachine, tmp_path: Path, clock: FixedClock
) -> None:
    made = back_up_machine(machine)
    machine.close()
    backup = machine.places.backups / made.name
    before = machine.places.store.read_bytes()
    wrong = make_key_file(tmp_path / "wrong")
    for number in range(1, 6):
        with pytest.raises(WrongKey) as told:
            restore_backup(machine.places, backup, wrong, clock)
        assert told.value.values == {"tries": number}
    with pytest.raises(MustWait):
        restore_backup(machine.places, backup, KeyFile(tmp_path / "key"), clock)
    assert machine.places.store.read_bytes() == before
    clock.move(seconds=31)
    restore_backup(machine.places, backup, KeyFile(tmp_path / "key"), clock)


def test_what_is_no_backup_is_said(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "x.backup").write_bytes(b"PK nothing")
    with pytest.raises(BackupDamaged):
        ways_of(tmp_path / "x.backup")
    places = Places(tmp_path / "data")
    with pytest.raises(BackupDamaged):
        restore_backup(places, tmp_path / "x.backup", None, clock)
    assert not places.store.exists()
