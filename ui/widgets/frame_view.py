"""Shows one code after another, as large as there is room, black on white in every theme."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class FrameView(QWidget):
    """A square picture whose pixels stay squares: a camera reads edges, not a smoothed blur."""

    def __init__(self, spoken: str) -> None:
        super().__init__()
        self._image = QImage()
        self.setAccessibleName(spoken)
        self.setMinimumSize(190, 190)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_picture(self, gray: bytes, side: int) -> None:
        """Show a square of 8-bit gray rows."""
        self._image = QImage(gray, side, side, side, QImage.Format.Format_Grayscale8).copy()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(190, 190)  # what is left of the window is taken, and nothing scrolls

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = min(self.width(), self.height())
        if self._image.isNull():
            return
        step = max(1, room // self._image.width())
        side = step * self._image.width()
        place = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
        painter.fillRect(place, QColor(Qt.GlobalColor.white))
        painter.drawImage(place, self._image)
