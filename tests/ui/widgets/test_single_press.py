"""One press does one thing: what a double click or a held key would press next is a page nobody has read."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QStackedLayout, QWidget

from ui.app import make_qt
from ui.widgets.parts import button
from ui.widgets.single_press import SinglePress, repeated

_MIDDLE = QPoint(150, 100)


class Shown:
    """A window that shows one button at a time."""

    def __init__(self) -> None:
        make_qt(["test"])
        self._guard = QObject()
        self.single_press = SinglePress(self._guard)
        self.whole = QWidget()
        self.pages = QStackedLayout(self.whole)
        self.whole.resize(300, 200)

    def show(self, *buttons: QPushButton) -> None:
        for one in buttons:
            self.pages.addWidget(one)
        self.whole.show()
        self.single_press.watch(self.window)

    @property
    def window(self) -> QWindow:
        window = self.whole.windowHandle()
        assert window is not None
        return window

    def double_click(self) -> None:
        QTest.mouseDClick(self.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, _MIDDLE)
        QApplication.processEvents()

    def click(self) -> None:
        QTest.mouseClick(self.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, _MIDDLE)
        QApplication.processEvents()

    def hold(self, key: Qt.Key, times: int) -> None:
        for number in range(times):
            held = QKeyEvent(
                QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "\r", autorep=number > 0, count=1
            )
            QApplication.sendEvent(self.window, held)


@pytest.fixture
def shown() -> Iterator[Shown]:
    made = Shown()
    yield made
    made.whole.close()


def test_the_second_press_of_a_double_click_does_not_fall_on_the_next_page(shown: Shown) -> None:
    done: list[str] = []

    def agree() -> None:
        done.append("agree")
        shown.pages.setCurrentIndex(1)

    shown.show(button("I agree", agree), button("Send", lambda: done.append("send")))
    shown.double_click()
    assert done == ["agree"]
    shown.click()
    assert done == ["agree", "send"]


def test_the_same_button_is_pressed_twice_where_that_is_meant(shown: Shown) -> None:
    pressed: list[None] = []
    shown.show(repeated(button("7", lambda: pressed.append(None))))
    shown.double_click()
    assert len(pressed) == 2


@pytest.mark.parametrize(("is_repeated", "expected"), [(False, 1), (True, 3)])
def test_a_key_that_is_held_presses_once_but_where_it_is_meant(shown: Shown, is_repeated: bool, expected: int) -> None:
    pressed: list[None] = []
    one = button("Next page", lambda: pressed.append(None))
    one.setAutoDefault(True)
    shown.show(repeated(one) if is_repeated else one)
    one.setFocus()
    shown.hold(Qt.Key.Key_Return, 3)
    assert len(pressed) == expected


def test_a_key_that_is_held_in_a_field_writes_on(shown: Shown) -> None:
    field = QLineEdit()
    shown.pages.addWidget(field)
    shown.show()
    field.setFocus()
    for number in range(3):
        held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a", autorep=number > 0)
        QApplication.sendEvent(shown.window, held)
    assert field.text() == "aaa"
