"""Who changed what when, on the screen; taking back and bringing back across restarts, by keys and by buttons."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.manage_people import add_person, hand_over
from bnhelper.domain.people import Role
from bnhelper.ids import PaperId
from bnhelper.queries.dossier_history import dossier_history
from bnhelper.vault.keys import Passphrase
from tests import factories
from tests.fakes.clock import FixedClock
from tests.ui.door import At
from ui.presenters import routes

_MO = "hoa gạo tháng ba"


def _rows(at: At) -> list[str]:
    return [
        one.accessibleName()
        for one in at.hands.page.findChildren(QWidget, "historyRow")
        if one.isVisibleTo(at.hands.page)
    ]


def _press(at: At, key: Qt.Key) -> None:
    """Press a key with Ctrl where the focus is, as a person does."""
    at.app.window.activateWindow()
    at.hands.settle()
    QTest.keyClick(at.app.window.focusWidget() or at.app.window, key, Qt.KeyboardModifier.ControlModifier)
    at.hands.settle()
    at.hands.settle()


def test_a_change_is_told_with_who_when_before_and_after_and_walks_across_a_restart(tmp_path: Path) -> None:
    machine = factories.machine(tmp_path)
    dossier = factories.birth_dossier(machine, is_filled=False, has_consent=False)
    machine.close()
    at = At(tmp_path)
    try:
        at.enter()
        at.app.window.go(routes.Question(dossier, "applicant"))
        at.hands.screen("QuestionScreen")
        at.hands.fill({"full_name": "LÝ ĐÔNG KHÊ"})
        at.hands.fill({"full_name": "LÝ ĐÔNG QUAN", "id_number": "027190000002"})
        _press(at, Qt.Key.Key_Z)
        assert "Taken back" in at.hands.page.note.text()
    finally:
        at.close()
    at = At(tmp_path)  # the program anew
    try:
        at.enter()
        at.app.window.go(routes.DossierTasks(dossier))
        at.hands.screen("DossierTasksScreen")
        _press(at, Qt.Key.Key_Y)
        assert any("Brought back" in one.text() for one in at.app.window.findChildren(QLabel))
        at.hands.click("openHistory")
        at.hands.screen("DossierHistoryScreen")
        said = "\n".join(_rows(at))
        assert "“LÝ ĐÔNG KHÊ” became “LÝ ĐÔNG QUAN”" in said
        assert "Vũ Đức Đạt" in said
        assert "•••• 0002" in said
        assert "027190000002" not in said
        at.hands.click("undo")
        at.hands.click("undo")
        assert sum("taken back" in one for one in _rows(at)) == 2
        at.hands.click("redo")
        assert sum("taken back" in one for one in _rows(at)) == 1
        assert at.hands.find("redo", QPushButton).isEnabled()
    finally:
        at.close()


def test_each_change_is_by_whoever_held_the_dossier_then(tmp_path: Path) -> None:
    clock = FixedClock()
    machine = factories.machine(tmp_path, clock)
    other = add_person(machine, "Trần Thị Mơ", Role.VOLUNTEER, Passphrase(_MO), cost=factories.CHEAP)
    dossier = factories.birth_dossier(machine)
    attach_photo(machine, dossier, PaperId("birth_evidence"), factories.png(side=64))
    clock.move(minutes=1)
    hand_over(machine, dossier, other)
    machine.close()
    at = At(tmp_path)
    try:
        at.enter(passphrase=_MO)
        at.app.window.go(routes.Question(dossier, "applicant"))
        at.hands.screen("QuestionScreen")
        at.hands.fill({"full_name": "NGUYỄN THỊ HÒA"})
        desk = at.app.desk
        assert desk is not None
        history = dossier_history(desk.machine, dossier, "en")
        answered = [row for row in history.rows if row.kind == "answered"]
        assert answered[0].changes[0].after == "NGUYỄN THỊ HÒA"
        assert answered[0].by == "Trần Thị Mơ"
        assert {row.by for row in answered[1:]} == {"Vũ Đức Đạt"}
        kinds = {row.kind: row for row in history.rows}
        assert kinds["handed-over"].about == "Trần Thị Mơ"
        assert kinds["photo-kept"].by == "Vũ Đức Đạt"
        assert kinds["photo-kept"].about
    finally:
        at.close()


def test_nothing_to_take_back_is_said(tmp_path: Path) -> None:
    machine = factories.machine(tmp_path)
    dossier = factories.birth_dossier(machine, is_filled=False, has_consent=False)
    machine.close()
    at = At(tmp_path)
    try:
        at.enter()
        at.app.window.go(routes.Question(dossier, "applicant"))
        at.hands.screen("QuestionScreen")
        _press(at, Qt.Key.Key_Y)
        assert at.hands.page.note.text() == "Nothing to bring back"
    finally:
        at.close()
