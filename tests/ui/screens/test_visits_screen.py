"""A hamlet's list walked by keyboard alone: outcomes, what is left in a home, a home that was not listed, undo."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.visits import Outcome, Standing
from bnhelper.ids import FieldPath
from bnhelper.paths import Places
from bnhelper.queries.sending_status import sending_status
from bnhelper.queries.visit_list import HomeToVisit, visit_list
from bnhelper.settings import Settings
from tests import factories
from tests.looks.eyes import settle, until
from tests.visits import LISTED, listed
from ui.app import App, make_qt
from ui.devices.printer import visits_html
from ui.presenters import routes
from ui.screens.visits import VisitsScreen

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("visits")
    make_qt(["test"])
    machine = factories.machine(folder)
    made = App(Places(folder / "data"), clock=machine.clock, settings=Settings(language="en"))
    made.window.resize(1024, 536)
    made.window.show()
    made.opened(machine)
    settle(made)
    yield made
    made.close()
    made.window.close()


def _machine(app: App) -> OpenMachine:
    assert app.desk is not None
    return app.desk.machine


def _page(app: App) -> VisitsScreen:
    page = app.window.page
    assert isinstance(page, VisitsScreen)
    return page


def _home(app: App, number: int) -> HomeToVisit:
    found = visit_list(_machine(app), LISTED)
    assert found is not None
    return found.homes[number]


def _key(app: App, key: Qt.Key) -> None:
    focus = app.window.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)
    settle(app)


def _find(app: App, name: str) -> QPushButton:
    page = app.window.page
    found = page.findChild(QPushButton, name) if page is not None else None
    assert found is not None, name
    return found


def _field(app: App, name: str) -> QLineEdit:
    found = _page(app).findChild(QLineEdit, name)
    assert found is not None, name
    return found


def _words(app: App) -> str:
    return "\n".join(one.text() for one in _page(app).findChildren(QLabel) if one.isVisibleTo(_page(app)))


def test_a_list_is_begun_where_there_is_none_then_walked_by_keyboard(app: App) -> None:
    QTest.keyClick(app.window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    settle(app)
    page = _page(app)
    assert "There is no list for you yet." in _words(app)
    assert _find(app, "fetchLists").isVisibleTo(page)

    listed(_machine(app))
    page.refresh()
    settle(app)
    assert "Met 0 of 4 homes" in _words(app)
    assert page.homes.item(0).text() == "Ngõ 3"
    app.window.activateWindow()
    page.homes.setFocus()
    assert page.panel._name.text() == "Nguyễn Thị Hoa, aged 74"

    _key(app, Qt.Key.Key_Down)
    assert page.panel._name.text() == "Trần Văn Bảy, aged 68"
    _key(app, Qt.Key.Key_Return)
    _key(app, Qt.Key.Key_Tab)
    focus = app.window.focusWidget()
    assert focus is not None
    assert focus.objectName() == "done_result", "what is to be done there comes first"
    _key(app, Qt.Key.Key_Return)
    one = _home(app, 1)
    assert (one.standing, [need.value for need in one.needs]) == (Standing.MET, ["supplement"])
    focus = app.window.focusWidget()
    assert focus is not None
    assert focus.objectName() == "done_supplement", "the next need of the same home is offered"
    _key(app, Qt.Key.Key_Return)
    assert _home(app, 1).needs == ()
    assert app.window.focusWidget() is page.homes, "and then the next home"
    assert sending_status(_machine(app), app.desk.link).visits == 2  # type: ignore[union-attr]


def test_an_outcome_is_one_press_and_undone_by_one(app: App) -> None:
    app.window.home(routes.Visits(LISTED))
    settle(app)
    page = _page(app)
    chosen = page._shown.home
    page.panel.note.setText("chó dữ, gọi trước")
    away = page.panel.outcomes[Outcome.AWAY]
    where = away.mapTo(app.window, away.rect().center())
    assert app.window.childAt(where) is away
    # as many do; the second press falls on the next home
    QTest.mouseDClick(app.window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    away.click()  # and a key that is quicker than the disk
    settle(app)
    assert visit_list(_machine(app), LISTED).counts[Standing.AWAY] == 1  # type: ignore[union-attr]
    one = next(one for one in visit_list(_machine(app), LISTED).homes if one.home.id == chosen)  # type: ignore[union-attr]
    assert (one.standing, one.visits[-1].note) == (Standing.AWAY, "chó dữ, gọi trước")
    assert page._shown.home != chosen
    QTest.keyClick(page.homes, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(app)
    one = next(one for one in visit_list(_machine(app), LISTED).homes if one.home.id == chosen)  # type: ignore[union-attr]
    assert (one.standing, one.visits) == (Standing.TODO, ())
    assert page._shown.home == chosen


def test_a_home_is_added_with_three_fields(app: App) -> None:
    app.window.home(routes.Visits(LISTED))
    settle(app)
    page = _page(app)
    _find(app, "addHome").click()
    page.do_primary()
    assert "Give the house number or who lives there." in _words(app)
    _field(app, "newNumber").setText("9")
    _field(app, "newWho").setText("Đỗ Văn Nam")
    page.do_primary()
    settle(app)
    settle(app)
    assert page.panel._name.text() == "Đỗ Văn Nam"
    assert _home(app, 4).home.is_new


def test_a_dossier_is_begun_for_the_home_one_came_from(app: App) -> None:
    app.window.home(routes.Visits(LISTED))
    settle(app)
    page = _page(app)
    home = page._shown.home
    page.panel.begin.click()
    settle(app)
    assert isinstance(app.window.route, routes.FindProcedure)
    assert app.window.came_by(routes.Visits) == routes.Visits(LISTED, home)
    case = {FieldPath(f"/data/case/{name}"): value for name, value in factories.CASE.items()}
    app.window.go(routes.PersonalChecklist(factories.BIRTH, case))
    settle(app)
    app.window.page.do_primary()  # type: ignore[union-attr]
    settle(app)
    until(lambda: isinstance(app.window.route, routes.DossierTasks), "the dossier")
    one = next(one for one in visit_list(_machine(app), LISTED).homes if one.home.id == home)  # type: ignore[union-attr]
    assert [row.procedure for row in one.dossiers] == [factories.BIRTH]
    app.window.home(routes.FindProcedure())
    assert app.window.came_by(routes.Visits) is None, "another errand is nobody's home"


def test_what_is_missing_is_said_and_fetched_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(_machine(app), homes=6)
    app.window.home(routes.Visits(LISTED))
    settle(app)
    asked: list[bool] = []
    assert app.runner is not None
    monkeypatch.setattr(app.runner, "read_anew", lambda: asked.append(True))
    assert "The list fetched on 23/11 lacks 2 homes." in _words(app)
    _find(app, "fetchAgain").click()
    settle(app)
    assert asked == [True]


def test_the_printed_list_names_no_person_and_no_need(app: App) -> None:
    view = visit_list(_machine(app), LISTED)
    assert view is not None
    html = visits_html(view, "vi")
    assert "12" in html
    for private in ("Nguyễn", "Hoa", "74", "1952", "bổ sung", "chó"):
        assert private not in html.replace(view.about.hamlet, ""), private


def test_today_says_where_to_go(app: App, tmp_path: Path) -> None:
    app.window.home(routes.Today())
    settle(app)
    line = _find(app, "todaysVisits")
    assert "thôn Đông" in line.accessibleName()
    line.click()
    settle(app)
    assert isinstance(app.window.page, VisitsScreen)
