"""How far the erasing of what is overdue is: shown while it takes long, and gone when it is over."""

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout

from ui.presenters.overdue_care import OverdueCare
from ui.widgets.parts import banner
from ui.words import formats

_LOOK_EVERY_MS: Final = 500


class OverdueBanner(QFrame):
    """Says how many go and that nobody need wait; looks by itself how far it is."""

    def __init__(self, care: OverdueCare, language: str) -> None:
        super().__init__()
        self.setObjectName("overdue")
        self._care = care
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        frame = banner(
            "note",
            self.tr("%1 dossiers whose time on this machine is over are being erased.").replace(
                "%1", formats.grouped(care.total, language)
            ),
            self.tr("You can work meanwhile. If the machine is locked, it goes on next time."),
        )
        self._bar = QProgressBar()
        self._bar.setObjectName("overdueBar")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(8)
        self._bar.setRange(0, max(1, care.total))
        self._bar.setAccessibleName(frame.accessibleName())
        inside = frame.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.addSpacing(4)
        inside.addWidget(self._bar)
        whole.addWidget(frame)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_LOOK_EVERY_MS)
        self.look()

    def look(self) -> None:
        """Show how far it is now."""
        if not self._care.left:
            self._timer.stop()
            self.hide()
        self._bar.setValue(self._care.gone_through)
