"""The lock: blank first, keys away, and whoever comes back goes on where they were."""

import gc
import os
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QLineEdit

from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.manage_people import add_person
from bnhelper.actions.move_to_newest import MovedFrom
from bnhelper.domain.people import Role
from bnhelper.domain.sending import Gate, SendingKind, SendingStatus
from bnhelper.ids import DossierId
from bnhelper.paths import Places
from bnhelper.queries.dossier_tasks import question_page
from bnhelper.settings import Settings
from bnhelper.store.open_store import StoreClosed
from bnhelper.vault.keys import Passphrase
from tests import factories
from ui.app import App, make_qt
from ui.demo.hands import Hands
from ui.presenters import routes
from ui.words.language import language
from ui.words.locked_words import locked_words

_MO = "hoa gạo tháng ba"
_LEADER = "chỉ xem con số"


class World:
    """An app in front of its lock; a draft of the keeper, a volunteer, a leader."""

    def __init__(self, folder: Path) -> None:
        make_qt(["test"])
        machine = factories.machine(folder)
        self.dossier: DossierId = factories.birth_dossier(machine)
        add_person(machine, "Trần Thị Mơ", Role.VOLUNTEER, Passphrase(_MO), cost=factories.CHEAP)
        add_person(machine, "Lê Văn Trưởng", Role.LEADER, Passphrase(_LEADER), cost=factories.CHEAP)
        machine.close()
        self.key = str(folder / "key")
        self.app = App(Places(folder / "data"), settings=Settings(language="en"), cheap_keys=True)
        self.app.window.show()
        self.hands = Hands(self.app, None)

    def enter(self, kind: str, secret: str) -> None:
        self.hands.screen("UnlockScreen")
        self.hands.click(f"kind_{kind}")
        self.hands.type(self.hands.find("secretField", QLineEdit), secret)
        self.hands.click("primaryAction")

    def texts(self) -> str:
        shown = [one.text() for one in self.app.window.findChildren(QLabel)]
        shown += [one.text() for one in self.app.window.findChildren(QLineEdit)]
        return "\n".join([*shown, self.app.window.windowTitle()])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.app.close()
    made.app.window.close()


def test_the_screen_is_blank_before_anything_is_kept_and_what_was_typed_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    world.app.window.go(routes.Question(world.dossier, "applicant"))
    world.hands.screen("QuestionScreen")
    line = world.hands.find("field_full_name", QLineEdit)
    line.setText("LÝ ĐÔNG KHÊ")
    seen: list[bool] = []
    page = world.hands.page
    leave = page.may_leave
    curtain = world.app.window._curtain

    def leaving() -> None:
        seen.append(curtain.isVisible() and curtain.geometry() == world.app.window.rect())
        leave()

    monkeypatch.setattr(page, "may_leave", leaving)
    monkeypatch.setattr(world.app.window, "owns_clipboard", lambda: True)  # the offscreen platform owns none
    QApplication.clipboard().setText("BN-7K4-M2P NGUYỄN THỊ HOÀ")
    world.app.lock()
    assert seen == [True]
    assert QApplication.clipboard().text() == ""
    world.hands.screen("UnlockScreen")
    assert not curtain.isVisible()
    for name in ("NGUYỄN", "HOÀ", "Đạt", "Mơ", "Trưởng", "ĐÔNG KHÊ", "BN-"):
        assert name not in world.texts()
    world.enter("key_file", world.key)
    world.hands.screen("QuestionScreen")
    assert world.app.window.route == routes.Question(world.dossier, "applicant")
    assert world.app.desk is not None
    kept = question_page(world.app.desk.machine, world.dossier, "applicant", 0, "en")
    assert "LÝ ĐÔNG KHÊ" in {one.value for one in kept.questions}
    world.app.window.back()
    world.hands.screen("TodayScreen")


def test_somebody_else_begins_at_home_and_never_where_another_was(world: World) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    world.app.window.go(routes.DossierTasks(world.dossier))
    world.hands.screen("DossierTasksScreen")
    world.app.lock()
    world.enter("passphrase", _MO)
    world.hands.screen("TodayScreen")
    assert "NGUYỄN THỊ HOÀ" not in world.texts()


def test_the_lock_says_how_many_wait_behind_it_and_of_whom_nothing(world: World) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    assert world.app.desk is not None
    lock_dossier(world.app.desk.machine, world.dossier)
    world.app.lock()
    world.hands.screen("UnlockScreen")
    said = world.hands.find("waitingBehind", QLabel).text()
    assert said == "1 dossier waits to be sent, locked on this machine."
    for name in ("NGUYỄN", "HOÀ", "Đạt", "BN-"):
        assert name not in world.texts()
    world.app.set_language("vi")
    world.hands.screen("UnlockScreen")
    assert world.hands.find("waitingBehind", QLabel).text() == "1 hồ sơ chờ gửi, đang được khóa trên máy này."
    if folder := os.environ.get("BNHELPER_LOOKS"):
        world.app.window.grab().save(str(Path(folder) / "lock-waiting.png"))
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")


def test_the_lock_says_what_is_so_of_every_status() -> None:
    def said(kind: SendingKind, waiting: int, failed: int) -> str:
        return locked_words(SendingStatus(kind, waiting, failed, 0, None, None, False, Gate.UNKNOWN))

    make_qt(["test"])
    language.use("en")
    assert said(SendingKind.NOT_ENROLLED, 0, 0) == ""
    assert said(SendingKind.ALL_SENT, 0, 0) == "Nothing waits to be sent on this machine."
    assert said(SendingKind.REFUSED, 0, 1) == "1 dossier could not be sent."
    both = "2 dossiers could not be sent. 7 dossiers wait to be sent, locked on this machine."
    assert said(SendingKind.REFUSED, 7, 2) == both


def test_a_dialog_that_stands_open_goes_with_the_lock(world: World) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    dialog = QFileDialog(None, "Nguyễn Thị Hoà")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.open()
    world.app.lock()
    assert not dialog.isVisible()
    world.hands.screen("UnlockScreen")
    dialog.deleteLater()


def test_the_key_bytes_are_overwritten_and_the_store_is_closed(world: World) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    assert world.app.desk is not None
    machine = world.app.desk.machine
    key = machine._key
    assert any(key)
    world.app.lock()
    world.hands.screen("UnlockScreen")
    assert bytes(key) == bytes(32)
    assert bytes(machine.store._key) == bytes(32)
    with pytest.raises(StoreClosed), machine.store.read():
        pass
    machine.store._lock.__init__(machine.places.lock)  # type: ignore[misc]  # the lock is free again
    machine.store._lock.release()


def test_nothing_that_holds_a_key_outlives_the_lock(world: World) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    assert world.app.desk is not None
    machine = world.app.desk.machine
    held = {type(one).__name__: weakref.ref(one) for one in (machine.store, machine.photos, world.app.desk.courier)}
    del machine
    world.app.window.go(routes.TakePhoto(world.dossier))
    world.hands.screen("TakePhotoScreen")
    world.app.lock()
    world.hands.screen("UnlockScreen")
    gc.unfreeze()
    gc.collect()
    assert [name for name, one in held.items() if one() is not None] == []


def test_what_was_searched_for_cannot_be_brought_back_after_the_lock(world: World) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    QTest.keyClicks(world.app.window.search, "NGUYEN THI HOA")
    world.app.lock()
    world.hands.screen("UnlockScreen")
    world.app.window.search.undo()
    assert world.app.window.search.text() == ""


def test_a_machine_that_slept_is_locked_when_it_wakes(world: World) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    watch, now = world.app.watch, [1000.0]
    watch.wall_clock = lambda: now[0]
    watch.begin(world.app.window.windowHandle())
    now[0] += 30
    watch.looks.timeout.emit()
    assert world.app.desk is not None, "busy for half a minute is not asleep"
    now[0] += 3600
    watch.looks.timeout.emit()
    world.hands.screen("UnlockScreen")
    assert world.app.desk is None


def test_the_page_of_both_officers_locks_itself_too(world: World) -> None:
    world.hands.screen("UnlockScreen")
    world.app.recover()
    world.hands.screen("RecoverScreen")
    world.app.watch.timer.timeout.emit()
    world.hands.screen("UnlockScreen")
    assert not world.app.watch.timer.isActive()


def test_a_leader_sees_numbers_and_no_way_on(world: World) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    world.app.lock()
    world.enter("passphrase", _LEADER)
    world.hands.screen("LeaderCountsScreen")
    shown = world.texts()
    assert "Dossiers on this machine: 1" in shown
    assert "NGUYỄN" not in shown
    assert not world.app.window._rail.isVisible()
    assert world.app.desk is None
    world.app.window.back()
    assert type(world.hands.page).__name__ == "LeaderCountsScreen"
    world.hands.click("primaryAction")
    world.hands.screen("UnlockScreen")
    assert not world.app.watch.timer.isActive()


def test_the_counts_lock_themselves_when_nobody_looks_at_them_and_not_under_a_leader_s_hands(world: World) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    world.app.lock()
    world.enter("passphrase", _LEADER)
    world.hands.screen("LeaderCountsScreen")
    idle, window = world.app.watch.timer, world.app.window
    assert idle.isActive()
    idle.stop()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    assert idle.isActive(), "who reads and scrolls is there"
    idle.timeout.emit()
    world.hands.screen("UnlockScreen")
    assert not idle.isActive()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    assert not idle.isActive(), "what is locked does not lock itself again"


def test_the_idle_timer_locks(world: World) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    assert world.app.watch.timer.isActive()
    world.app.watch.timer.timeout.emit()
    world.hands.screen("UnlockScreen")
    assert not world.app.watch.timer.isActive()


def test_a_key_or_a_press_in_any_window_of_the_program_puts_the_lock_off(world: World) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    idle, window = world.app.watch.timer, world.app.window
    idle.stop()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    assert idle.isActive()
    idle.stop()
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert idle.isActive()

    dialog = QDialog(window)
    dialog.show()
    dialog.windowHandle().requestActivate()
    world.hands.wait(lambda: QGuiApplication.focusWindow() is dialog.windowHandle(), "the dialog to be in front")
    idle.stop()
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_Tab)
    assert idle.isActive()
    dialog.close()

    world.app.lock()
    world.hands.screen("UnlockScreen")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
    assert not idle.isActive(), "what is locked does not lock itself again"


def test_no_answer_is_kept_in_the_way_back_over_a_lock(world: World) -> None:
    world.enter("key_file", world.key)
    world.hands.screen("TodayScreen")
    moved = MovedFrom("2026.11.1", factories.BIRTH)
    world.app.window.go(routes.DossierTasks(world.dossier, "consent", ("Con của bà: LÝ ĐÔNG KHÊ",), moved))
    world.hands.screen("DossierTasksScreen")
    world.app.lock()
    assert world.app._left is not None
    assert world.app._left[1][-1] == routes.DossierTasks(world.dossier, "consent")


def test_python_collects_on_the_gui_thread_alone_while_the_app_is_there(world: World) -> None:
    seen: set[int] = set()
    kept: list[list[int]] = []

    def note(_phase: str, _info: dict[str, int]) -> None:
        seen.add(threading.get_ident())

    gc.callbacks.append(note)
    try:
        for _ in range(4):
            world.app.background.run(lambda: kept.extend([one] for one in range(5_000)))
        world.hands.settle()
        world.hands.wait(lambda: seen, "a collection")
    finally:
        gc.callbacks.remove(note)
    assert seen == {threading.get_ident()}


def test_nothing_of_a_screen_hangs_on_a_task_that_is_over(world: World) -> None:
    class Asked(QObject):
        """Stands for a page."""

    asked = Asked()
    gone = weakref.ref(asked)
    task = world.app.background.run(asked.objectName, owner=asked).then(asked.setObjectName)
    world.hands.settle()
    del asked
    assert gone() is None
    assert task.work is None
