"""One press does one thing, however it was made: what a double click or a held key would press next is left alone."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QWindow
from PySide6.QtWidgets import QPushButton, QWidget

_REPEATS: Final = "isRepeated"
_PRESSING: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Select})


def repeated(button: QPushButton) -> QPushButton:
    """Return a button that may be pressed quickly several times: a key of a keyboard, the turning of pages."""
    button.setProperty(_REPEATS, True)
    return button


class SinglePress(QObject):
    """Keeps the second press of a double click, and a key that is held down, from every button.

    Many people double-click everything. What the second press falls on is often another button already, on a page
    that nobody has read yet: it would answer a question, end a visit or send a dossier. It listens at the native
    windows for the reason that `Presence` does, and buttons stay Qt's own class.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        qt = QGuiApplication.instance()
        assert isinstance(qt, QGuiApplication)
        qt.focusWindowChanged.connect(self.watch)
        self.watch(QGuiApplication.focusWindow())

    def watch(self, window: QWindow | None) -> None:
        """Listen at this window too."""
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWindow):
            if event.type() == QEvent.Type.MouseButtonDblClick and isinstance(event, QMouseEvent):
                whole = QWidget.find(watched.winId())
                return whole is not None and _presses_once(whole.childAt(event.position().toPoint()))
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.isAutoRepeat():
                return event.key() in _PRESSING and _presses_once(watched.focusObject())
        return super().eventFilter(watched, event)


def _presses_once(found: QObject | None) -> bool:
    return isinstance(found, QPushButton) and not found.property(_REPEATS)
