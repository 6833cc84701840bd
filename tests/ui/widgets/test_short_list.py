"""Rows within a page: as tall as they are, kept while they say the same, opened by key and by click."""

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.app import make_qt
from ui.widgets.short_list import ShortList


@pytest.fixture
def rows() -> Iterator[ShortList]:
    make_qt(["test"])
    page = QWidget()
    made = ShortList()
    inside = QVBoxLayout(page)
    inside.addWidget(made)
    inside.addStretch(1)
    page.resize(400, 600)
    page.show()
    yield made
    page.close()


def test_it_is_as_tall_as_its_rows_and_has_no_scroll_bar_of_its_own(rows: ShortList) -> None:
    rows.show_rows([(("Trần Thị Bình", "10:05"), 1)])
    one = rows.height()
    rows.show_rows([(("Trần Thị Bình", "10:05"), 1), (("Nguyễn Văn An " * 12, "10:07"), 2)])
    assert rows.height() > 2 * one, "a long name wraps"
    rows.window().resize(1600, 600)
    ends = time.monotonic() + 60
    while rows.height() > 2 * one:  # the page is laid out anew in the next turns of the loop
        assert time.monotonic() < ends, "in a wider page it does not"
        QTest.qWait(10)
    rows.show_rows([])
    assert rows.count() == 0
    assert rows.verticalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff


def test_a_row_that_says_something_else_stays_the_same_row(rows: ShortList) -> None:
    rows.show_rows([(("A", "1"), "a"), (("B", "2"), "b")])
    first, second = rows.item(0), rows.item(1)
    rows.setCurrentRow(1)
    rows.show_rows([(("A", "1"), "a"), (("C", "3"), "c")])
    assert (rows.item(0), rows.item(1)) == (first, second)
    assert second.text() == "C"
    assert second.data(Qt.ItemDataRole.AccessibleTextRole) == "C, 3"
    assert rows.currentRow() == 1


def test_enter_and_a_click_open_what_the_row_stands_for(rows: ShortList) -> None:
    opened: list[object] = []
    rows.opened.connect(opened.append)
    rows.show_rows([(("A", ""), "a"), (("B", ""), "b")])
    rows.setCurrentRow(1)
    QTest.keyClick(rows, Qt.Key.Key_Return)
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualItemRect(rows.item(0)).center())
    assert opened == ["b", "a"]
