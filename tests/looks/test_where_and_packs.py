"""“Where to file” in each of its answers, and the ways by which procedure packs come: nothing is cut, nothing is too wide."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.ids import ProcedureCode
from bnhelper.paths import Places
from bnhelper.settings import Settings
from bnhelper.store.open_machine import Province
from tests import factories
from tests.looks.eyes import settle
from ui.app import App, make_qt
from ui.presenters import routes
from ui.screens.procedure import ProcedureScreen
from ui.screens.settings_page import SettingsScreen
from ui.widgets.page import Page

pytestmark = pytest.mark.looks
_PROVINCE = Province(
    "https://127.0.0.1:9", "none", "none", (), office="Trung tâm Phục vụ hành chính công tỉnh Bắc Ninh"
)
_ADDRESSES = {
    "here": "",
    "twice": "xã Đồng Tiến, Bắc Giang",
    "partly": "Tuấn Đạo, Sơn Động",
    "elsewhere": "xã Hoàng Hoa Thám, Chí Linh, Hải Dương",
    "unknown": "số 5 ngõ 7",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    make_qt(["test"])
    folder = tmp_path_factory.mktemp("where")
    machine: OpenMachine = factories.machine(folder)
    made = App(Places(folder / "data"), settings=Settings())
    made.window.show()
    made.opened(machine)
    machine.profile = replace(machine.profile, province=_PROVINCE)  # only for the eye: nothing is sent to it
    yield made
    made.close()
    made.window.close()


def _look(app: App, page: Page, part: QWidget, name: str) -> None:
    """Bring a part of the page into view, judge it, keep its picture."""
    inside = page.scroller.widget()
    assert inside is not None
    page.scroller.verticalScrollBar().setValue(max(0, part.mapTo(inside, part.rect().topLeft()).y() - 60))
    settle(app)
    assert inside.minimumSizeHint().width() <= page.scroller.viewport().width() + 1, f"{name} is too wide"
    for one in page.findChildren(QAbstractButton):
        if one.isVisibleTo(page) and one.text() and one.property("kind") != "row":
            assert one.fontMetrics().horizontalAdvance(one.text()) <= one.width() - 8, f"{name}: cut: {one.text()}"
    for words in page.findChildren(QLabel):
        if words.isVisibleTo(page) and words.text() and words.wordWrap() and words.width() > 20:
            assert words.height() + 1 >= words.heightForWidth(words.width()), f"{name}: cut: {words.text()[:60]}"
    folder = os.environ.get("BNHELPER_LOOKS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        app.window.grab().save(str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_where_to_file_and_how_packs_come(app: App, language: str, theme: str, tmp_path: Path) -> None:
    app.change_settings(Settings(language=language, theme=theme))
    app.window.resize(1024, 536)
    app.window.home(routes.ProcedurePage(ProcedureCode("1.001193")))
    settle(app)
    page = app.window.page
    assert isinstance(page, ProcedureScreen)
    for state, address in _ADDRESSES.items():
        if address:
            page.where.address.setText(address)
        settle(app)
        buttons = [one for one in page.where.findChildren(QAbstractButton) if one.objectName().startswith("unit_")]
        assert bool(buttons) == (state == "twice")
        _look(app, page, page.where, f"{language}-{theme}-where-{state}")
    app.window.home(routes.SettingsPage())
    settle(app)
    page = app.window.page
    assert isinstance(page, SettingsScreen)
    ask = page.findChild(QAbstractButton, "checkPack")
    assert ask is not None
    assert page.findChild(QAbstractButton, "updatePack") is not None
    _look(app, page, ask, f"{language}-{theme}-packs")
    page.update_from(tmp_path)  # an empty folder: said, with what to do
    settle(app)
    trouble = page.findChild(QWidget, "trouble")
    assert trouble is not None
    _look(app, page, trouble, f"{language}-{theme}-packs-refused")
