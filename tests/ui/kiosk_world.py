"""A kiosk on a clock the tests move, and a resident's hands for it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from bnhelper.paths import Places
from bnhelper.settings import Settings
from tests import factories
from tests.fakes.clock import FixedClock
from ui.app import App, make_qt
from ui.kiosk import Kiosk
from ui.presenters.kiosk import Place
from ui.presenters.kiosk_desk import AskProvince, SlipBoard
from ui.screens.kiosk_page import KioskPage
from ui.words.language import language

Kind = TypeVar("Kind", bound=QWidget)
_MOST_S = 120  #: only a program that hangs takes so long


class Printer:
    """Keeps what was handed over."""

    def __init__(self) -> None:
        self.printed: list[str] = []

    def print_html(self, html: str) -> None:
        self.printed.append(html)


class KioskWorld:
    """One program that is a kiosk. `close` ends it and leaves the source's words behind."""

    def __init__(
        self,
        folder: Path,
        *,
        settings: Settings | None = None,
        board: SlipBoard | None = None,
        province: AskProvince | None = None,
    ) -> None:
        make_qt(["test"])
        self.s = 1000.0
        self.folder = folder
        self.clock = FixedClock()
        said = settings or Settings(language="en", kiosk_name="Kinh Bắc Ward, one-stop desk")
        self.app = App(Places(folder / "data"), settings=said, cheap_keys=True, clock=self.clock)
        self.app.window.show()
        self.kiosk = Kiosk(self.app, lambda: self.s)
        self.kiosk._timer.setInterval(1_000_000)  # the tests tick
        self.kiosk._library = factories.SHIPPED
        self.printer = Printer()
        self.kiosk.printing = self.printer
        self._board, self.province = board, province

    def begin(self) -> None:
        self.kiosk.begin()
        self.wait(lambda: self.kiosk.window is not None, "the kiosk")
        if self._board is not None or self.province is not None:
            self.kiosk._board, self.kiosk._province = self._board, self.province
            self.kiosk.reset()
        self.wait(lambda: self.kiosk._is_ready or self.kiosk._is_resting, "the catalogue")
        assert self.kiosk._is_ready, "the pack is not built: bn.py setup"
        self.kiosk.tick()
        self.settle()

    @property
    def place(self) -> Place:
        assert self.kiosk.desk is not None
        return self.kiosk.desk.resident.place

    @property
    def language(self) -> str:
        assert self.kiosk.desk is not None
        return self.kiosk.desk.language

    @property
    def page(self) -> KioskPage:
        assert self.kiosk.window is not None
        page = self.kiosk.window.page
        assert page is not None
        return page

    @property
    def window(self) -> QWidget:
        assert self.kiosk.window is not None
        return self.kiosk.window

    def wait(self, holds: Callable[[], object], what: str) -> None:
        loop, ends = QEventLoop(), time.monotonic() + _MOST_S
        while not holds():
            assert time.monotonic() < ends, f"waited for {what}"
            QTimer.singleShot(2, loop.quit)
            loop.exec()

    def settle(self) -> None:
        app = self.app
        for _ in range(3):
            self.wait(
                lambda: not (app.background.is_busy or app.long_work.is_busy or app.waiting_work.is_busy), "the work"
            )
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)

    def screen(self, name: str) -> None:
        self.wait(lambda: type(self.page).__name__ == name, f"screen {name}")
        self.settle()

    def find(self, name: str, kind: type[Kind]) -> Kind:
        found = [one for one in self.window.findChildren(kind, name) if one.isVisible()]
        assert found, f"{name} on {type(self.page).__name__}"
        return found[-1]

    def has(self, name: str) -> bool:
        return any(one.isVisible() for one in self.window.findChildren(QWidget, name))

    def press(self, name: str) -> None:
        QTest.mouseClick(self.find(name, QAbstractButton), Qt.MouseButton.LeftButton)
        self.settle()

    def type(self, name: str, text: str) -> None:
        field = self.find(name, QLineEdit)
        field.setFocus()
        field.clear()
        field.insert(text)

    def key(self, text: str) -> None:
        QTest.keyClicks(self.window, text)
        self.settle()

    def texts(self) -> str:
        """Return every word that is on the screen."""
        shown = [one.text() for one in self.window.findChildren(QLabel) if one.isVisible()]
        shown += [one.text() for one in self.window.findChildren(QLineEdit) if one.isVisible()]
        shown += [one.text() for one in self.window.findChildren(QAbstractButton) if one.isVisible()]
        return "\n".join(shown)

    def pass_s(self, seconds: float) -> None:
        """Let time go by without a touch."""
        self.s += seconds
        self.kiosk.tick()
        self.settle()

    def close(self) -> None:
        self.kiosk.end()
        self.app.close()
        self.app.window.close()
        language.use("en")
