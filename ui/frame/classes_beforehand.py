"""Makes the Python classes of Qt's widgets one by one while nobody waits."""

from collections.abc import Callable
from typing import Final

from PySide6 import QtWidgets
from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 10


class ClassesBeforehand(QObject):
    """One class a turn of the loop, a millisecond each, until all are there.

    PySide makes a class when it is first asked for. The first row that Python measures and paints asks for every kind
    of widget and style option at once, to find out which one it was handed: 40 to 130 ms in the minute in which the
    first dossier reaches the province (measured). It takes 2.7 MB, most of which that row takes anyway.
    """

    _is_over = False  #: for this process

    def __init__(self, parent: QObject, done: Callable[[], object]) -> None:
        """`done` is called once, when something was made and nothing is left."""
        super().__init__(parent)
        self._done = done
        self._left = [] if ClassesBeforehand._is_over else sorted(n for n in dir(QtWidgets) if n.startswith("Q"))
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._next)
        if self._left:
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _next(self) -> None:
        getattr(QtWidgets, self._left.pop())
        if not self._left:
            ClassesBeforehand._is_over = True
            self._timer.stop()
            self._done()
