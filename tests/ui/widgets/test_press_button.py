"""One press does one thing: what a double click or a held key would press next is a page nobody has read."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from ui.app import make_qt
from ui.widgets.parts import button


@pytest.fixture
def pages() -> tuple[QWidget, list[str]]:
    make_qt(["test"])
    whole, done = QWidget(), []
    stack = QStackedLayout(whole)

    def agree() -> None:
        done.append("agree")
        stack.setCurrentIndex(1)

    stack.addWidget(button("I agree", agree))
    stack.addWidget(button("Send", lambda: done.append("send")))
    whole.resize(300, 200)
    whole.show()
    return whole, done


def test_the_second_press_of_a_double_click_does_not_fall_on_the_next_page(pages: tuple[QWidget, list[str]]) -> None:
    whole, done = pages
    QTest.mouseDClick(whole.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(150, 100))
    QApplication.processEvents()
    assert done == ["agree"]
    QTest.mouseClick(whole.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(150, 100))
    QApplication.processEvents()
    assert done == ["agree", "send"]


@pytest.mark.parametrize(("is_repeated", "expected"), [(False, 1), (True, 3)])
def test_a_key_that_is_held_presses_once_but_where_it_is_meant(is_repeated: bool, expected: int) -> None:
    make_qt(["test"])
    pressed: list[None] = []
    one = button("Next page", lambda: pressed.append(None))
    one.setAutoDefault(True)
    one.is_repeated = is_repeated
    for is_repeat in (False, True, True):
        held = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=is_repeat
        )
        QApplication.sendEvent(one, held)
    assert len(pressed) == expected
