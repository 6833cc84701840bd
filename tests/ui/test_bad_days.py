"""What can go wrong on a day, through the screens: each ends in a sentence with a next step, and nothing is lost."""

import datetime as dt
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QWidget

from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.bin_dossier import bin_dossier
from bnhelper.actions.recover_machine import set_ward_key
from bnhelper.ids import DossierId, FieldPath, PaperId
from bnhelper.queries.dossier_tasks import question_page
from bnhelper.store import dossiers
from bnhelper.store.ground import LEAST_FOR_NEW_WORK, RESERVE
from bnhelper.vault import disk
from bnhelper.vault.keys import Passphrase
from bnhelper.vault.recovery import make_officer, make_ward
from tests import factories
from tests.fakes.clock import FixedClock
from tests.ui.door import At
from ui.devices.picture import Offered
from ui.frame import quiet_minutes
from ui.presenters import routes
from ui.screens.take_photo import TakePhotoScreen

_NAME = FieldPath("/data/applicant/full_name")
pytestmark = pytest.mark.journey
is_posix = pytest.mark.skipif(sys.platform == "win32", reason="a folder that is open cannot be renamed on Windows")


def _draft(folder: Path) -> DossierId:
    machine = factories.machine(folder)
    dossier = factories.birth_dossier(machine)
    attach_photo(machine, dossier, PaperId("birth_evidence"), factories.png(side=64))
    machine.close()
    return dossier


def _at_question(at: At, dossier: DossierId) -> QLineEdit:
    at.app.window.go(routes.Question(dossier, "applicant"))
    at.hands.screen("QuestionScreen")
    return at.hands.find("field_full_name", QLineEdit)


def _kept(at: At, dossier: DossierId) -> set[str]:
    desk = at.app.desk
    assert desk is not None
    return {one.value for one in question_page(desk.machine, dossier, "applicant", 0, "en").questions}


def _is_sentence_with_next_step(at: At) -> str:
    """A trouble has two lines: what happened, and what to do."""
    said = at.trouble()
    lines = [one.text() for one in at.hands.find("trouble", QWidget).findChildren(QLabel)]
    assert len(lines) == 2
    assert all(line.endswith(".") for line in lines), lines
    return said


# --- the disk ----------------------------------------------------------------------------------------------------------


def test_a_full_disk_keeps_the_text_on_the_screen_and_the_reserve_lets_it_be_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = _draft(tmp_path)
    at = At(tmp_path)
    try:
        at.enter()
        assert at.app.desk is not None
        at.app.desk.backups.in_a_quiet_minute()
        reserve = at.app.places.store.with_name("reserve")
        assert reserve.stat().st_size == RESERVE
        line = _at_question(at, dossier)
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1_000_000))
        at.hands.fill({"full_name": "LÝ ĐÔNG KHÊ"})
        assert not reserve.exists(), "given back for the work in hand"
        assert "LÝ ĐÔNG KHÊ" in _kept(at, dossier)
        machine = at.app.desk.machine
        genuine = machine.store.ground.check

        def full() -> None:
            raise disk.DiskFull

        monkeypatch.setattr(machine.store.ground, "check", full)
        at.hands.fill({"full_name": "LÝ ĐÔNG QUAN"})
        assert "full" in _is_sentence_with_next_step(at)
        assert line.text() == "LÝ ĐÔNG QUAN", "what was typed stays on the screen"
        monkeypatch.setattr(machine.store.ground, "check", genuine)
        at.hands.fill({"full_name": "LÝ ĐÔNG QUAN"})
        assert "LÝ ĐÔNG QUAN" in _kept(at, dossier)
    finally:
        at.close()


def test_a_nearly_full_disk_begins_nothing_new_and_says_how_much_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _draft(tmp_path)
    at = At(tmp_path)
    try:
        at.enter()
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=LEAST_FOR_NEW_WORK - 1))
        case = {FieldPath(f"/data/case/{name}"): value for name, value in factories.CASE.items()}
        at.app.window.go(routes.PersonalChecklist(factories.BIRTH, case))
        at.hands.screen("ChecklistScreen")
        at.hands.click("primaryAction")
        assert "67 MB" in _is_sentence_with_next_step(at)
    finally:
        at.close()


@is_posix
def test_a_stick_that_is_pulled_out_keeps_the_text_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    dossier = _draft(tmp_path)
    at = At(tmp_path)
    try:
        at.enter()
        line = _at_question(at, dossier)
        away = tmp_path / "pulled"
        (tmp_path / "data").rename(away)
        at.hands.fill({"full_name": "LÝ ĐÔNG KHÊ"})
        assert "pulled out" in _is_sentence_with_next_step(at)
        assert line.text() == "LÝ ĐÔNG KHÊ"
        away.rename(tmp_path / "data")
        at.hands.fill({"full_name": "LÝ ĐÔNG KHÊ"})
        assert "LÝ ĐÔNG KHÊ" in _kept(at, dossier)
    finally:
        at.close()


@is_posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root writes everywhere; see the next test")
def test_a_folder_that_takes_no_writing_is_said_before_anything_is_opened(tmp_path: Path) -> None:
    _draft(tmp_path)
    (tmp_path / "data").chmod(0o500)
    at = At(tmp_path)
    try:
        at.enter(waits_for="")
        assert "takes no writing" in _is_sentence_with_next_step(at)
    finally:
        (tmp_path / "data").chmod(0o700)
        at.close()


def test_a_disk_that_turns_read_only_keeps_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = _draft(tmp_path)
    at = At(tmp_path)
    try:
        at.enter()
        line = _at_question(at, dossier)
        assert at.app.desk is not None
        machine = at.app.desk.machine

        def read_only() -> None:
            raise disk.DiskReadOnly

        with monkeypatch.context() as patch:
            patch.setattr(machine.store.ground, "check", read_only)
            at.hands.fill({"full_name": "LÝ ĐÔNG KHÊ"})
            assert "takes no writing" in _is_sentence_with_next_step(at)
            assert line.text() == "LÝ ĐÔNG KHÊ"
            at.app.window.go(routes.DossierTasks(dossier))
            at.hands.screen("DossierTasksScreen")
            assert "takes no writing" in at.trouble(), "said again on the next screen"
            at.app.lock()
            at.enter(waits_for="DossierTasksScreen")
        line = _at_question(at, dossier)
        assert line.text() == "LÝ ĐÔNG KHÊ", "in memory, over screens and the lock"
        at.hands.fill({"id_number": "027190000009"})
        assert {"LÝ ĐÔNG KHÊ", "027190000009"} <= _kept(at, dossier)
    finally:
        at.close()


# --- the clock, a second window -----------------------------------------------------------------------------------------


def test_a_clock_that_jumps_back_a_year_loses_nothing_and_locks_nobody_out(tmp_path: Path) -> None:
    dossier = _draft(tmp_path)
    clock = FixedClock(dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC))
    at = At(tmp_path, clock=clock)
    try:
        at.enter()
        _at_question(at, dossier)
        at.hands.fill({"full_name": "TRƯỚC"})
        clock.move(days=-365)
        at.hands.fill({"full_name": "SAU"})
        assert not at.hands.has("trouble")
        assert "SAU" in _kept(at, dossier)
        at.app.window.go(routes.DossierTasks(dossier))
        at.hands.screen("DossierTasksScreen")
        at.hands.click("openHistory")
        at.hands.screen("DossierHistoryScreen")
        at.hands.click("undo")
        assert "TRƯỚC" in _kept(at, dossier), "steps go by their number, not by the clock"
        at.app.lock()
        at.enter(waits_for="DossierHistoryScreen")
    finally:
        at.close()


def test_a_clock_that_jumped_ahead_is_told_and_erases_nothing_before_somebody_says_that_it_is_right(
    tmp_path: Path,
) -> None:
    machine = factories.machine(tmp_path)
    dossier = factories.birth_dossier(machine)
    bin_dossier(machine, dossier)
    machine.close()
    clock = FixedClock(dt.datetime(2027, 11, 23, 4, 0, tzinfo=dt.UTC))
    at = At(tmp_path, clock=clock)

    def is_there() -> bool:
        desk = at.app.desk
        assert desk is not None
        with desk.machine.store.read() as db:
            return dossiers.is_there(db, dossier)

    try:
        at.enter()
        said = at.hands.find("dateInDoubt", QWidget).accessibleName()
        assert "365 days ahead" in said
        assert "1 dossier would be erased" in said
        assert is_there()
        assert at.hands.find("confirmDate", QPushButton).text() == "Today is 23/11/2027: that is right"
        at.hands.click("confirmDate")
        at.hands.wait(lambda: not at.hands.has("dateInDoubt"), "the question to be gone")
        at.hands.wait(lambda: not is_there(), "it to be erased, beside the work")
    finally:
        at.close()


def test_a_second_window_says_where_the_first_is_and_touches_nothing(tmp_path: Path) -> None:
    dossier = _draft(tmp_path)
    first, second = At(tmp_path), At(tmp_path)
    try:
        first.enter()
        second.enter(waits_for="")
        assert "another window" in _is_sentence_with_next_step(second)
        _at_question(first, dossier)
        first.hands.fill({"full_name": "LÝ ĐÔNG KHÊ"})
        assert "LÝ ĐÔNG KHÊ" in _kept(first, dossier)
        first.app.lock()
        first.hands.screen("UnlockScreen")
        second.enter()
        assert "LÝ ĐÔNG KHÊ" in _kept(second, dossier)
    finally:
        second.close()
        first.close()


# --- after a crash, a lost photo ----------------------------------------------------------------------------------------


def test_after_a_crash_it_is_told_what_is_safe_and_nothing_is_asked(tmp_path: Path) -> None:
    machine = factories.machine(tmp_path)
    dossier = factories.birth_dossier(machine, is_filled=False)
    machine.clock.move(minutes=36)  # type: ignore[attr-defined]
    answer_question(machine, dossier, _NAME, "LÝ ĐÔNG KHÊ")
    machine.store.close()  # as a process that is killed: nothing was noted
    at = At(tmp_path, clock=FixedClock(dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)))
    try:
        at.enter()
        said = at.hands.find("cutOff", QWidget).accessibleName()
        assert "nothing is lost. Last saved at 10:41" in said
        assert at.hands.find("resume", QPushButton).hasFocus() or at.app.window.focusWidget() is not None
        at.hands.click("resume")
        assert "LÝ ĐÔNG KHÊ" in _kept(at, dossier)
        at.app.lock()
        at.enter(waits_for="")
        at.hands.wait(lambda: at.app.desk is not None, "the desk")
        at.app.window.home(routes.Today())
        at.hands.screen("TodayScreen")
        assert not at.hands.has("cutOff"), "locking is an ordinary end"
    finally:
        at.close()


def test_a_photo_that_is_missing_at_the_start_is_named_and_leads_to_its_paper(tmp_path: Path) -> None:
    dossier = _draft(tmp_path)
    next((tmp_path / "data" / "photos").glob("*.sealed")).unlink()
    at = At(tmp_path)
    try:
        at.enter()
        said = [one.text() for one in at.hands.find("missingPhotos", QWidget).findChildren(QLabel)]
        assert "1 photo file is missing" in said[0]
        assert "NGUYỄN THỊ HOÀ" in said[1]
        assert "23/11/2026" in said[1]
        again = next(one for one in at.hands.page.findChildren(QPushButton) if one.objectName().startswith("missing_"))
        at.hands.click(again.objectName())
        at.hands.screen("TakePhotoScreen")
        assert at.app.window.route == routes.TakePhoto(dossier, PaperId("birth_evidence"))
        words = [one.text() for one in at.hands.find("card_birth_evidence", QFrame).findChildren(QLabel)]
        assert any("take it again" in one for one in words), words
        page = at.hands.page
        assert isinstance(page, TakePhotoScreen)
        page.attach(PaperId("birth_evidence"), lambda: Offered(factories.png(side=48), "again.png"))
        at.hands.settle()
        words = [one.text() for one in at.hands.find("card_birth_evidence", QFrame).findChildren(QLabel)]
        assert not any("take it again" in one for one in words), words
    finally:
        at.close()


# --- backups ------------------------------------------------------------------------------------------------------------


def test_a_backup_is_made_in_a_quiet_minute_and_settings_say_when_where_and_how_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quiet_minutes, "_QUIET_MS", 20)
    _draft(tmp_path)
    at = At(tmp_path)
    try:
        at.enter()
        backups = tmp_path / "data" / "backups"
        at.hands.wait(lambda: backups.is_dir() and list(backups.glob("*.backup")), "a backup")
        at.app.quiet_work.finish()
        at.app.window.home(routes.SettingsPage())
        at.hands.screen("SettingsScreen")
        said = at.hands.find("backupProved", QLabel).text()
        assert said.startswith("Last proved backup: at ")
        assert said.endswith("B")
    finally:
        at.close()


def test_back_up_now_goes_to_a_stick_and_says_when_it_is_gone(tmp_path: Path) -> None:
    _draft(tmp_path)
    stick = tmp_path / "stick"
    stick.mkdir()
    at = At(tmp_path)
    try:
        at.enter()
        assert at.app.desk is not None
        at.app.desk.backups.choose(stick)
        at.app.window.home(routes.SettingsPage())
        at.hands.screen("SettingsScreen")
        at.hands.click("backUpNow")
        at.hands.wait(lambda: "Last proved" in at.hands.find("backupProved", QLabel).text(), "the backup")
        assert len(list(stick.glob("*.backup"))) == 1
        shutil.rmtree(stick)
        at.hands.click("backUpNow")
        assert "Plug it in again" in at.trouble()
        assert "Last proved" in at.hands.find("backupProved", QLabel).text()
        at.app.window.home(routes.SettingsPage())
        at.hands.screen("SettingsScreen")
        assert "Plug it in again" in at.hands.find("backupFailed", QWidget).accessibleName()
    finally:
        at.close()


def test_locking_does_not_wait_for_a_backup(tmp_path: Path) -> None:
    _draft(tmp_path)
    at = At(tmp_path)
    try:
        at.enter()
        assert at.app.desk is not None
        care = at.app.desk.backups
        at.app.lock()
        at.hands.screen("UnlockScreen")
        assert care.in_a_quiet_minute() is None
        assert not (tmp_path / "data" / "backups").exists()
    finally:
        at.close()


def test_a_damaged_machine_leads_to_its_own_backup_and_what_was_there_is_set_aside(tmp_path: Path) -> None:
    dossier = _draft(tmp_path)
    at = At(tmp_path)
    try:
        at.enter()
        assert at.app.desk is not None
        at.app.desk.backups.make()
        at.app.lock()
        at.hands.screen("UnlockScreen")
        at.hands.settle()
        store = tmp_path / "data" / "store.db"
        store.write_bytes(b"not a store any more")
        at.enter(waits_for="")
        assert "damaged" in _is_sentence_with_next_step(at)
        at.hands.click("toRestore")
        at.hands.screen("RestoreScreen")
        copy = next(one for one in at.hands.page.findChildren(QPushButton) if one.objectName().startswith("copy_"))
        at.hands.click(copy.objectName())
        at.hands.type(at.hands.find("secretField", QLineEdit), str(tmp_path / "key"))
        at.hands.click("primaryAction")
        at.hands.find("restored", QWidget)
        aside = next((tmp_path / "data").glob("before-restore-*"))
        assert (aside / "store.db").read_bytes() == b"not a store any more"
        at.hands.click("primaryAction")
        at.enter()
        assert "NGUYỄN THỊ HOÀ" in _kept(at, dossier)
    finally:
        at.close()


def test_keys_that_nobody_can_read_are_told_at_the_lock_which_leads_to_a_backup(tmp_path: Path) -> None:
    _draft(tmp_path)
    for name in ("keys.json", "keys.copy.json"):
        (tmp_path / "data" / name).write_bytes(b"{")
    at = At(tmp_path)
    try:
        at.hands.screen("UnlockScreen")
        at.hands.find("trouble", QWidget)
        assert _is_sentence_with_next_step(at)
        at.hands.click("toRestore")
        at.hands.screen("RestoreScreen")
    finally:
        at.close()


def test_a_new_machine_is_made_from_a_backup(tmp_path: Path) -> None:
    dossier = _draft(tmp_path)
    at = At(tmp_path)
    at.enter()
    assert at.app.desk is not None
    for number in (1, 2):
        make_officer(tmp_path / f"{number}.json", "X", Passphrase(f"bốn từ khác nhau {number}"), factories.CHEAP)
    make_ward(tmp_path / "ward.json", "X", tmp_path / "1.pub.json", tmp_path / "2.pub.json")
    set_ward_key(at.app.desk.machine, tmp_path / "ward.json")
    made = at.app.desk.backups.make()
    backup = tmp_path / "data" / "backups" / made.name
    at.close()
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(tmp_path / "key", other / "key")
    new = At(other)
    try:
        new.hands.screen("FirstRunScreen")
        new.hands.click("toRestore")
        new.hands.screen("RestoreScreen")
        new.hands.page.choose(backup)  # type: ignore[attr-defined]
        new.hands.settle()
        new.hands.click("way_ward_recovery")
        asked = [one for one in new.hands.page.findChildren(QLineEdit) if one.isVisible()]
        assert asked == [], "the officers open it at the lock"
        assert "Two officers" in {one.text().strip() for one in new.hands.page.findChildren(QPushButton)}
        new.hands.click("way_key_file")
        new.hands.type(new.hands.find("secretField", QLineEdit), str(tmp_path / "key2"))
        new.hands.click("primaryAction")
        assert new.trouble()
        new.hands.type(new.hands.find("secretField", QLineEdit), str(other / "key"))
        new.hands.click("primaryAction")
        new.hands.find("restored", QWidget)
        new.hands.click("primaryAction")
        new.enter()
        assert "NGUYỄN THỊ HOÀ" in _kept(new, dossier)
    finally:
        new.close()
