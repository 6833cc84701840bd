"""Qt's classes are made a turn at a time, and once for a process."""

import pytest
from PySide6 import QtWidgets
from PySide6.QtCore import QEventLoop, QObject, QTimer

from ui.app import make_qt
from ui.frame import classes_beforehand
from ui.frame.classes_beforehand import ClassesBeforehand


def test_every_class_is_there_in_the_end_and_nothing_is_made_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    make_qt(["test"])
    monkeypatch.setattr(ClassesBeforehand, "_is_over", False)
    monkeypatch.setattr(classes_beforehand, "_EVERY_MS", 0)
    loop, parent, told = QEventLoop(), QObject(), list[str]()

    def done() -> None:
        told.append("done")
        loop.quit()

    first = ClassesBeforehand(parent, done)
    QTimer.singleShot(120_000, loop, loop.quit)
    loop.exec()
    assert told == ["done"]
    assert {"QStyleOptionToolBox", "QGraphicsProxyWidget", "QTimeEdit"} <= set(vars(QtWidgets))
    assert not first._timer.isActive()
    assert not ClassesBeforehand(parent, lambda: told.append("again"))._timer.isActive()
    assert told == ["done"]
