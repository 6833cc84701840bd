"""Waiting for a screen to be whole before it is judged: for what is under way to end, never for a time."""

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractButton

from ui.app import App

_MOST_S: Final = 120  #: only a program that hangs takes so long, on whatever machine


def until(holds: Callable[[], object], what: str) -> None:
    """Let the program run until something holds."""
    loop, ends = QEventLoop(), time.monotonic() + _MOST_S
    while not holds():
        assert time.monotonic() < ends, f"waited for {what}"
        QTimer.singleShot(2, loop.quit)
        loop.exec()


def settle(app: App) -> None:
    """Wait until a page was painted, what it asked for after that is answered, and all of it is laid out.

    Looking is being there: a slow machine takes longer over all the pages than the five minutes after which it locks.
    """
    app.watch.somebody()
    page = app.window.page
    assert page is not None
    until(lambda: not page._after_paint, "the first paint")
    for _ in range(3):
        until(lambda: not app.background.is_busy, "the work to be over")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def press(app: App, name: str) -> None:
    """Press a button of the page by its name, and settle."""
    page = app.window.page
    found = page.findChild(QAbstractButton, name) if page is not None else None
    assert found is not None, name
    found.click()
    settle(app)
