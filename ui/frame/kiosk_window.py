"""The kiosk's own frame: full screen, one page, the same corners on every screen; only an officer gets out."""

from typing import Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QPushButton, QVBoxLayout, QWidget

from ui.frame.kiosk_warning import KioskWarning
from ui.presenters.kiosk import LARGE_PERCENT, Place, Resident
from ui.screens.kiosk_page import KioskPage
from ui.theme.look import look
from ui.theme.stylesheet import style_sheet
from ui.widgets.kiosk_parts import GAP, Bar, deed
from ui.widgets.parts import label

_TALL = 900  #: below this the margins give their room to the content
_LONG_TITLE = 44  #: letters; a longer title is a question, and gets the smaller size


class KioskHands(Protocol):
    """What the frame's own buttons do; `ui/kiosk.py` implements it."""

    def go(self, place: Place) -> None: ...
    def back(self) -> None: ...
    def reset(self) -> None: ...
    def set_language(self, code: str) -> None: ...
    def set_large(self, is_large: bool) -> None: ...
    def touched(self) -> None: ...


class KioskWindow(QWidget):
    """Shows one page; languages and text size at the lower left, staff at the lower right, on every screen."""

    def __init__(self, hands: KioskHands) -> None:
        super().__init__()
        self.setObjectName("KioskWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowFlags(Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle("bnhelper")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._hands = hands
        self._dressed = ("", 0)
        self.may_close = False
        self.page: KioskPage | None = None
        self._resident: Resident | None = None
        self._whole = QVBoxLayout(self)
        self._whole.setSpacing(GAP)
        self._crumb = label("", "small", name="kioskCrumb")
        self._title = label("", "h1", name="kioskTitle")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._crumb)
        words.addWidget(self._title)
        self._whole.addLayout(words)
        self._place = QVBoxLayout()
        self._whole.addLayout(self._place, 1)
        self._deeds = Bar()
        self._whole.addWidget(self._deeds)
        self._strip = Bar()
        self._whole.addWidget(self._strip)
        self.warning = KioskWarning(self, hands)
        self.curtain = QFrame(self)
        self.curtain.setObjectName("curtain")
        self.curtain.setAutoFillBackground(True)
        self.curtain.hide()

    # --- pages ---------------------------------------------------------------------------------------------

    def show_page(self, page: KioskPage, resident: Resident) -> None:
        """Put a page in the place of the present one, in the resident's language and text size."""
        self.drop_page()
        self._resident, self.page = resident, page
        self._dress(LARGE_PERCENT if resident.is_large else 100)
        self._place.addWidget(page)
        page.changed.connect(self._retitle)
        self._retitle()
        self._fill_strip(resident)
        page.show()
        QTimer.singleShot(0, page, self._focus)

    def _dress(self, percent: int) -> None:
        """Give the window its style sheet; a new one is read by every widget, so only where the size changed."""
        wanted = (look.theme.name, percent)
        if wanted != self._dressed:
            self._dressed = wanted
            self.setStyleSheet(style_sheet(look.theme, percent, "kiosk"))

    def drop_page(self) -> None:
        """Take the present page away; with it goes whatever was typed or shown on it."""
        page, self.page = self.page, None
        if page is not None:
            self._place.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._deeds.fill()
        self._title.setText("")
        self._crumb.setText("")

    def _retitle(self) -> None:
        page = self.page
        if page is None:
            return
        self._title.setText(page.title)
        self._title.setProperty("role", "h2" if page.IS_ENTRY or len(page.title) > _LONG_TITLE else "h1")
        self._title.style().unpolish(self._title)
        self._title.style().polish(self._title)
        self._title.setVisible(bool(page.title))
        self._crumb.setText(page.crumb)
        self._crumb.setVisible(bool(page.crumb))
        resident = self._resident
        assert resident is not None
        is_inside = resident.place is not Place.ATTRACT
        self._deeds.setVisible(is_inside)
        if is_inside:
            back = deed(self.tr("Back"), self._hands.back, name="kioskBack", icon="arrow_back")
            words = self.tr("Done, clear the screen")
            done = deed(words, self._hands.reset, name="kioskDone", short=self.tr("Done"))
            self._deeds.fill([back] if len(resident.trail) > 2 else [], page.deeds, [done])

    def _fill_strip(self, resident: Resident) -> None:
        tongues: list[QPushButton] = []
        for code, name in (("vi", "Tiếng Việt"), ("en", "English")):
            one = deed(name, lambda code=code: self._hands.set_language(code), name=f"kiosk_{code}")  # type: ignore[misc]
            one.setCheckable(True)
            one.setChecked(code == resident.language)
            tongues.append(one)
        words = self.tr("A  Usual text") if resident.is_large else self.tr("A+  Larger text")
        size = deed(words, lambda: self._hands.set_large(not resident.is_large), name="kioskSize")
        call = deed(self.tr("Call staff"), lambda: self._hands.go(Place.CALL), name="kioskCall", icon="call")
        self._strip.fill([*tongues, size], [], [call])

    def _focus(self) -> None:
        if self.warning.isVisible():
            return
        target = self.page.first_focus() if self.page is not None else None
        (target or self).setFocus(Qt.FocusReason.OtherFocusReason)

    # --- clearing ------------------------------------------------------------------------------------------

    def cover(self) -> None:
        """Hide everything at once: the blank cover is on the screen before anything is asked or cleared."""
        self.warning.end()
        self.curtain.setGeometry(self.rect())
        self.curtain.show()
        self.curtain.raise_()
        self.curtain.repaint()
        for other in QApplication.topLevelWidgets():
            if other is not self and other.isVisible() and not isinstance(other, QMainWindow):
                other.close()

    def uncover(self) -> None:
        self.curtain.hide()

    # --- Qt ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        edge = 48 if self.height() >= _TALL else 24
        short = edge if self.height() >= _TALL else 16
        self._whole.setContentsMargins(edge, short, edge, short)
        self.warning.setGeometry(self.rect())
        self.curtain.setGeometry(self.rect())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Number keys pick tiles, `*` goes back; no other key does anything here."""
        text = event.text()
        if self.page is not None and len(text) == 1 and text in "123456789":
            self.page.press_number(int(text))
        elif text == "*":
            self._hands.back()
        event.accept()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Only an officer's key ends the kiosk; Alt+F4 and the desktop do not."""
        if self.may_close:
            event.accept()
        else:
            event.ignore()
