"""Hands and eyes for the real widgets: find by name, click, type, wait; fast, or at a person's speed."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from ui.app import App
from ui.widgets.page import Page
from ui.widgets.question_field import QuestionField

Kind = TypeVar("Kind", bound=QWidget)


class DidNotHappen(AssertionError):
    """Something the demo waited for did not come."""


class Hands:
    """Drives one app. `pause_s` is what a person takes between two acts; 0 is as quick as it goes."""

    def __init__(self, app: App, pictures: Path | None, *, pause_s: float = 0.0) -> None:
        self._app = app
        self._pictures = pictures
        self._pause_s = pause_s
        self.screens: list[str] = []

    @property
    def page(self) -> Page:
        page = self._app.window.page
        if page is None:
            raise DidNotHappen("no screen")
        return page

    def wait(self, holds: Callable[[], object], what: str, seconds: float = 60.0) -> None:
        """Let the program run until something holds."""
        ends = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > ends:
                said = [one.accessibleName() for one in self.page.findChildren(QWidget, "trouble")]
                raise DidNotHappen(f"{what} (on {type(self.page).__name__}, trouble: {said})")
            _turn(0.01)

    def settle(self) -> None:
        """Wait until nothing is under way. Whoever looks on is there: the machine does not lock itself meanwhile."""
        self._app.watch.somebody()
        self.wait(lambda: not self._app.background.is_busy, "the work to be over")
        _turn(0.0)

    def screen(self, name: str) -> None:
        """Wait for a screen by its class name, drawn."""
        self.wait(lambda: type(self.page).__name__ == name, f"screen {name}")
        self.settle()
        if self._pause_s:
            _turn(self._pause_s)

    def find(self, name: str, kind: type[Kind]) -> Kind:
        """Return a visible widget by its name."""
        self.wait(lambda: self._found(name, kind) is not None, f"widget {name}")
        found = self._found(name, kind)
        assert found is not None
        return found

    def _found(self, name: str, kind: type[Kind]) -> Kind | None:
        return next((one for one in self.page.findChildren(kind, name) if one.isVisibleTo(self.page)), None)

    def has(self, name: str) -> bool:
        return self._found(name, QWidget) is not None

    def click(self, name: str) -> None:
        """Click a button as a mouse would, scrolled into view."""
        target = self.find(name, QAbstractButton)
        self.page.scroller.ensureWidgetVisible(target)
        if self._pause_s:
            _turn(self._pause_s)
            target = self.find(name, QAbstractButton)  # news may have drawn the screen anew meanwhile
        QTest.mouseClick(target, Qt.MouseButton.LeftButton)
        self.settle()

    def type(self, widget: QLineEdit, text: str) -> None:
        """Type text into a line; letters beyond ASCII come as an input method gives them."""
        widget.setFocus()
        widget.selectAll()
        if self._pause_s:
            for place in range(1, len(text) + 1):
                widget.setText(text[:place])
                _turn(min(0.04, self._pause_s))
        else:
            widget.setText(text)
        widget.textEdited.emit(text)

    def fill(self, values: dict[str, str]) -> None:
        """Fill fields of a question page by the last part of their path, each committed as it is left."""
        for name, value in values.items():
            field = next(
                (one for one in self.page.findChildren(QuestionField) if one.path.rpartition("/")[2] == name), None
            )
            if field is None:
                raise DidNotHappen(f"field {name}")
            self.page.scroller.ensureWidgetVisible(field)
            choice = field.findChild(QAbstractButton, f"choice_{value}")
            if choice is not None:
                QTest.mouseClick(choice, Qt.MouseButton.LeftButton)
            else:
                line = field.findChild(QLineEdit, f"field_{name}")
                if line is not None:
                    self.type(line, value)
                else:
                    field.set_value("")
                    for box, part in zip(("year", "month", "day"), value.split("-"), strict=False):
                        one = field.findChild(QLineEdit, box)
                        assert one is not None
                        self.type(one, part)
                field.commit()
            _turn(self._pause_s / 2)
        self.settle()

    def picture(self, name: str) -> None:
        """Keep a picture of the whole window."""
        self.settle()
        if self._pictures is not None:
            number = len(self.screens) + 1
            path = self._pictures / f"{number:02}-{name}.png"
            self._app.window.grab().save(str(path))
            self.screens.append(path.name)


def _turn(seconds: float) -> None:
    """Let the event loop run for a while."""
    if seconds <= 0:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        return
    loop = QEventLoop()
    QTimer.singleShot(max(1, round(seconds * 1000)), loop.quit)
    loop.exec()
