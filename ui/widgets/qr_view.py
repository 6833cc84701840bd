"""Paints a code's modules, black on white in every theme, so that a phone reads it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget


class QrView(QWidget):
    """A machine-readable code with its quiet zone."""

    def __init__(self, modules: list[list[bool]], side: int = 220, spoken: str = "") -> None:
        super().__init__()
        self._modules = modules
        self._side = side
        self.setAccessibleName(spoken)
        self.setFixedSize(side, side)

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(Qt.GlobalColor.white))
        count = len(self._modules) + 8
        step = self._side / count
        for y, line in enumerate(self._modules):
            for x, is_dark in enumerate(line):
                if is_dark:
                    left, top = round((x + 4) * step), round((y + 4) * step)
                    right, bottom = round((x + 5) * step), round((y + 5) * step)
                    painter.fillRect(QRectF(left, top, right - left, bottom - top), QColor(Qt.GlobalColor.black))
