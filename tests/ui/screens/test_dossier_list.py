"""Ten thousand dossiers on the screen: read as one scrolls, wholly by keyboard, named for a screen reader."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton

from bnhelper.queries.dossier_list import PAGE
from bnhelper.settings import Settings
from tests import factories, states
from tests.bench.many_dossiers import fill
from tests.ui.door import At
from ui.presenters import routes
from ui.screens.dossier_list import DossierListScreen
from ui.widgets.dossier_view import DossierView

pytestmark = pytest.mark.journey


def _list(at: At, status_filter: str = "") -> DossierView:
    at.app.window.go(routes.DossierList(status_filter))
    at.hands.screen("DossierListScreen")
    page = at.hands.page
    assert isinstance(page, DossierListScreen)
    at.hands.wait(lambda: page.rows.rowCount() > 0, "rows")
    at.hands.settle()
    return page.view


@pytest.mark.parametrize("count", [1_200, pytest.param(10_000, marks=pytest.mark.long)])
def test_thousands_of_rows_are_read_as_one_scrolls_and_keep_their_place(tmp_path: Path, count: int) -> None:
    machine = factories.machine(tmp_path)
    fill(machine, count, days=20)
    machine.close()
    at = At(tmp_path)
    try:
        at.enter()
        view = _list(at)
        model = view.model()
        assert PAGE <= model.rowCount() <= 4 * PAGE
        view.setFocus()
        for _ in range(12):
            QTest.keyClick(view, Qt.Key.Key_End)
            at.hands.settle()
            at.hands.settle()
        read = model.rowCount()
        assert 8 * PAGE <= read < 1_000, "as far as somebody went, no further"
        ids = [model.index(place, 0).data(Qt.ItemDataRole.UserRole).id for place in range(read)]
        assert len(set(ids)) == read, "no row twice"
        view.setCurrentIndex(model.index(300, 0))
        for width, height in ((1024, 536), (900, 430), (1366, 768)):
            at.app.window.resize(width, height)
            at.hands.wait(
                lambda: view.viewport().rect().intersects(view.visualRect(view.currentIndex())),
                f"row 300 at {width}",
            )
            assert view.currentIndex().row() == 300
        chosen = view.currentIndex().data(Qt.ItemDataRole.UserRole)
        QTest.keyClick(view, Qt.Key.Key_Return)
        at.hands.settle()
        assert getattr(at.app.window.route, "dossier", "") == chosen.id
    finally:
        at.close()


def test_a_row_is_read_as_one_sentence_and_a_draft_goes_by_the_delete_key_and_comes_back(tmp_path: Path) -> None:
    machine = factories.machine(tmp_path)
    factories.birth_dossier(machine)
    factories.birth_dossier(machine)
    machine.close()
    at = At(tmp_path)
    try:
        at.enter()
        view = _list(at, "draft")
        interface = QAccessible.queryAccessibleInterface(view)
        assert interface is not None
        assert interface.text(QAccessible.Text.Name) == "Dossiers"
        said = interface.child(0).text(QAccessible.Text.Name)
        assert "NGUYỄN THỊ HOÀ" in said
        assert said.endswith("Draft")
        assert not at.hands.find("deleteDraft", QPushButton).isEnabled(), "nothing is chosen"
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Down)
        assert at.hands.find("deleteDraft", QPushButton).isEnabled()
        QTest.keyClick(view, Qt.Key.Key_Delete)
        at.hands.wait(lambda: view.model().rowCount(QModelIndex()) == 1, "one row")
        at.hands.click("undoAction")
        at.hands.wait(lambda: view.model().rowCount(QModelIndex()) == 2, "two rows")
    finally:
        at.close()


def _scrolls_alone(at: At) -> bool:
    return at.hands.page.scroller.verticalScrollBar().maximum() == 0


def _has_one_row(view: DossierView) -> bool:
    return view.model().rowCount() == 1


def test_the_list_alone_scrolls_and_every_window_has_a_way_to_filter(tmp_path: Path) -> None:
    machine = factories.machine(tmp_path)
    for _ in range(8):
        states.draft(machine)
    states.sealed(machine)
    machine.close()
    at = At(tmp_path)
    try:
        at.enter()
        for (width, height, percent), rows in {
            (1366, 768, 100): 6, (1024, 536, 100): 4, (900, 430, 100): 2, (1024, 536, 150): 2, (900, 430, 150): 1,
        }.items():  # fmt: skip
            at.app.change_settings(Settings(language="en", text_percent=percent))
            at.app.window.resize(width, height)
            view = _list(at)
            at.hands.wait(partial(_scrolls_alone, at), f"no scrolling at {width}")
            assert view.viewport().height() >= rows * view.sizeHintForRow(0)
            if at.hands.has("filter_ready"):
                at.hands.click("filter_ready")
            else:
                box = at.hands.find("filterBox", QComboBox)
                place = next(one for one in range(box.count()) if box.itemText(one) == "Waiting to send 1")
                box.setCurrentIndex(place)
                box.activated.emit(place)
            at.hands.wait(partial(_has_one_row, view), "the one that waits")
    finally:
        at.close()
