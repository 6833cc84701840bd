"""Tells that somebody works here: a key, a press, a touch in any window of the program."""

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

_ALONE_MS: Final = 5 * 60 * 1000
_LOOK_EVERY_MS: Final = 2000
_ASLEEP_S: Final = 60  #: between two looks; the machine slept, or its clock was set
_SIGNS: Final = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.Wheel}
)


class Presence(QObject):
    """Listens where input enters, at the native windows, and not at their widgets.

    A filter on the application makes Qt hand every event of every widget to Python, each layout and each polish too,
    and each has to wait for Python's lock while workers run: drawing the sync centre anew took over 200 ms that way.
    """

    touched = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._qt = QGuiApplication.instance()
        assert isinstance(self._qt, QGuiApplication)
        self._qt.focusWindowChanged.connect(self.watch)
        self.watch(QGuiApplication.focusWindow())

    def watch(self, window: QWindow | None) -> None:
        """Listen at this window too; one that is listened at already is not heard twice."""
        if window is not None:
            window.installEventFilter(self)

    def stop(self) -> None:
        """Listen no longer."""
        assert isinstance(self._qt, QGuiApplication)
        self._qt.focusWindowChanged.disconnect(self.watch)
        for window in QGuiApplication.allWindows():
            window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS:
            self.touched.emit()
        return super().eventFilter(watched, event)


class Watch(QObject):
    """Knows, while something is open, whether somebody is there: `alone` after five minutes in which nobody was.

    Timers do not run while a machine sleeps. So the wall clock is looked at too: whoever opens the lid of one that was
    closed for more than a minute finds it locked.
    """

    alone = Signal()
    touched = Signal()

    def __init__(self, wall_clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.timer = QTimer(self)
        self.timer.setInterval(_ALONE_MS)
        self.timer.timeout.connect(self.alone)
        self.looks = QTimer(self)
        self.looks.setInterval(_LOOK_EVERY_MS)
        self.looks.timeout.connect(self._look)
        self.wall_clock = wall_clock
        self._looked_at = 0.0
        self._presence: Presence | None = None

    def begin(self, window: QWindow | None) -> None:
        """Something was opened; before that nothing locks itself."""
        self.end()
        self._presence = Presence()
        self._presence.touched.connect(self.somebody)
        self._presence.watch(window)
        self.timer.start()
        self._looked_at = self.wall_clock()
        self.looks.start()

    def somebody(self) -> None:
        """Somebody is here: the time begins anew. What is locked stays so."""
        if self._presence is not None:
            self.timer.start()
            self.touched.emit()

    def end(self) -> None:
        """It was closed."""
        self.timer.stop()
        self.looks.stop()
        presence, self._presence = self._presence, None
        if presence is not None:
            presence.stop()

    def _look(self) -> None:
        before, self._looked_at = self._looked_at, self.wall_clock()
        if self._looked_at - before > _ASLEEP_S:
            self.alone.emit()
