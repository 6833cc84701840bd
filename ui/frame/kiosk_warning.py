"""Still there? Covers the whole kiosk; touching it anywhere means yes."""

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from ui.widgets.kiosk_parts import GAP, deed
from ui.widgets.parts import card, clear, label


class _Hands(Protocol):
    def reset(self) -> None: ...
    def touched(self) -> None: ...


class KioskWarning(QFrame):
    """A layer over the page. The touch that extends acts on nothing beneath."""

    def __init__(self, parent: QWidget, hands: _Hands) -> None:
        super().__init__(parent)
        self.setObjectName("kioskWarning")
        self._hands = hands
        self._before: QWidget | None = None
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(48, 48, 48, 48)
        self._left = label("", "h2", name="kioskLeft")
        self.hide()

    def show_left(self, seconds: int) -> None:
        """Show the seconds that are left; the first time with a sound."""
        said = self.tr("clears itself in %1 s").replace("%1", str(seconds))
        if self.isVisible():
            self._left.setText(said)
            return
        self._draw()
        self._left.setText(said)
        self._before = QApplication.focusWidget()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        QApplication.beep()

    def end(self) -> None:
        """Go away, and give the focus back to where it was."""
        if not self.isVisible():
            return
        before, self._before = self._before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _draw(self) -> None:
        """Draw anew, in the language of now."""
        clear(self._whole)
        frame, inside = card(margin=32, spacing=GAP)
        inside.addWidget(label(self.tr("Are you still there?"), "h1", name="kioskStill"))
        self._left = label("", "h2", name="kioskLeft")
        inside.addWidget(self._left)
        inside.addWidget(label(self.tr("Touch anywhere to go on.")))
        more = deed(self.tr("Yes, give me more time"), self._hands.touched, kind="primary", name="kioskMore")
        inside.addWidget(more)
        inside.addWidget(deed(self.tr("Done, clear the screen"), self._hands.reset, name="kioskDoneNow"))
        self._whole.addStretch(1)
        self._whole.addWidget(frame)
        self._whole.addStretch(1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # or the page beneath would get the release

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._hands.touched()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if event.key() not in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Shift}:
            self._hands.touched()
