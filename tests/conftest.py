"""Every test: no display, no home of a person, no network but loopback."""

import gc
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

#: By day the same examples each time, so that a run says something of the change and not of its luck; new ones by night
#: (`bn.py test --long` sets it).
if "BNHELPER_NEW_EXAMPLES" not in os.environ:
    settings.register_profile("day", derandomize=True, database=None)
    settings.load_profile("day")

#: Files with one of these marks take the longest. They go first, so that no process works alone at the end.
_HEAVY = ("crash", "journey", "net", "looks", "slow")

_HERE = Path(__file__).parent
#: Rooms whose tests make widgets.
_ROOMS_OF_QT = ("ui", "looks", "journeys")

os.environ["QT_QPA_PLATFORM"] = "offscreen"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    heavy = {item.path for item in items if any(item.get_closest_marker(name) for name in _HEAVY)}
    items.sort(key=lambda item: item.path not in heavy)  # stable: a file's tests stay together and in their order


@pytest.fixture(autouse=True)
def nobody_s_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def garbage_of_qt_ends_on_its_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect on this thread alone, as the app itself does (`ui.frame.garbage`).

    Python collects on whichever thread allocates: servers and runners of a test are such threads, and a widget of an
    app that is closed already, ended there, takes the process with it some files later.
    """
    if request.path.relative_to(_HERE).parts[0] not in _ROOMS_OF_QT:
        yield
        return
    from ui.frame.garbage import Garbage

    Garbage._at_work += 1
    gc.disable()
    yield
    Garbage._at_work -= 1
    gc.collect(1)  # what this test made is young
    gc.enable()


@pytest.fixture(scope="session")
def qapp() -> Any:
    """Make Qt's application as the program does, with its fonts, whoever is the first in this process to ask for one."""
    from ui.app import make_qt

    return make_qt(["test"])


@pytest.fixture(autouse=True, scope="module")
def no_window_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """End the windows of a file with it, and what was set aside for them.

    What a button calls holds its window, where Python cannot see it: no collection ever ends one. They went on with
    their timers, a hundred of them, over machines that were closed.
    """
    yield
    if request.path.relative_to(_HERE).parts[0] not in _ROOMS_OF_QT:
        return
    from PySide6.QtCore import QCoreApplication, QEvent, Qt
    from PySide6.QtWidgets import QApplication

    for window in QApplication.topLevelWidgets():
        if window.windowType() is not Qt.WindowType.Popup:  # a field's, which goes with it
            window.hide()
            window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.unfreeze()  # what an app set aside for as long as the process lives
    gc.collect()


@pytest.fixture(autouse=True, scope="module")
def nothing_of_another_room() -> None:
    """Every file begins with the source's words and a bare look, whichever file ran in this process before it.

    Translators, style sheet, font and palette belong to the application, which outlives a file: what a test saw hung
    on the order of files.
    """
    widgets, words = sys.modules.get("PySide6.QtWidgets"), sys.modules.get("ui.words.language")
    app = widgets.QApplication.instance() if widgets is not None else None
    if app is None or widgets is None:
        return
    if words is not None:
        words.language.use("en")
    if isinstance(app, widgets.QApplication) and app.styleSheet():
        app.setStyleSheet("")
        app.setPalette(app.style().standardPalette())
        fonts = sys.modules["PySide6.QtGui"].QFontDatabase
        app.setFont(fonts.systemFont(fonts.SystemFont.GeneralFont))


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """An offline-first program that needs a network to pass its tests is lying."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "local"
        if isinstance(address, tuple) and host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test reached for {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
