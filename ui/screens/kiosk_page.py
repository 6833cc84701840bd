"""The base of every screen of a kiosk: a title, a body that never scrolls, and what can be done."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.presenters.kiosk_desk import KioskDesk
from ui.widgets.kiosk_parts import GAP, Pages


class KioskPage(QWidget):
    """One screen. `deeds` are the buttons of its bar; the first primary one is what Enter on a field does."""

    #: the title or the deeds are others now
    changed = Signal()
    #: a keyboard needs the room: the title is smaller
    IS_ENTRY = False

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__()
        self.setObjectName(type(self).__name__)
        self.desk = desk
        self.title = ""
        self.crumb = ""
        self.deeds: list[QPushButton] = []
        self.pages: Pages | None = None
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(12 if self.IS_ENTRY else GAP)

    def say(self, title: str, crumb: str = "") -> None:
        """Say where one is."""
        self.title, self.crumb = title, crumb
        self.setAccessibleName(title)
        self.changed.emit()

    def press_number(self, number: int) -> None:
        """A number key was pressed: it picks a tile."""
        if self.pages is not None:
            self.pages.press_number(number)

    def first_focus(self) -> QWidget | None:
        """Return what gets the focus when the screen comes up."""
        return next(iter(self.pages.shown), None) if self.pages is not None else None

    def goes_back(self) -> bool:
        """Go back inside this screen; False where the way back leads out of it."""
        return False
