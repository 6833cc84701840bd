"""A push button that does one thing for one press, however it was pressed."""

from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QPushButton


class PressButton(QPushButton):
    """Lets the second press of a double click and a key that is held down do nothing.

    Many people double-click everything. What the second press falls on is often another button already, on a page
    that nobody has read yet: it would answer a question, end a visit or send a dossier.
    """

    #: pressed quickly several times on purpose: the keys of a keyboard, the turning of pages
    is_repeated = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.is_repeated:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.is_repeated or not event.isAutoRepeat():
            super().keyPressEvent(event)
