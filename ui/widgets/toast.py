"""A word about what was just done, with its undo where there is one; goes by itself after ten seconds."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.widgets.parts import button, label


class Toast(QFrame):
    """Stands at the bottom of its parent; never takes the focus."""

    def __init__(
        self, parent: QWidget, text: str, undo_word: str = "", undo: Callable[[], object] | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("part", "toast")
        inside = QHBoxLayout(self)
        inside.addWidget(label(text))
        if undo is not None:
            inside.addWidget(button(undo_word, lambda: (undo(), self.close()), name="undoAction"))
        self.setMinimumWidth(360)
        self.adjustSize()
        self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - 88)
        self.show()
        self.raise_()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.deleteLater)
        self._timer.start(10_000)
