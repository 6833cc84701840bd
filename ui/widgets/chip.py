"""A small word with an icon and a role; never colour alone."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from bnhelper.domain.custody import StatusKey
from ui.theme.look import look
from ui.words.status_words import status_icon, status_word


class Chip(QWidget):
    """A status as icon and word on its tint; it is no button and has no shadow."""

    def __init__(self, word: str, icon: str, front: str, back: str) -> None:
        super().__init__()
        self._back, self._front = back, front
        inside = QHBoxLayout(self)
        inside.setContentsMargins(10, 3, 12, 3)
        inside.setSpacing(6)
        picture = QLabel()
        picture.setPixmap(look.pixmap(icon, front, 18))
        inside.addWidget(picture)
        text = QLabel(word)
        text.setStyleSheet(f"color: {look.theme[front]}; font-weight: 700;")
        inside.addWidget(text)
        self.setAccessibleName(word)
        self.setSizePolicy(self.sizePolicy().Policy.Maximum, self.sizePolicy().Policy.Maximum)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(look.theme[self._back]))
        edge = QPen(QColor(look.theme[self._front]), 2) if look.theme.is_bold else QPen(Qt.PenStyle.NoPen)
        painter.setPen(edge)
        radius = self.height() / 2
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), radius, radius)


def status_chip(status: StatusKey) -> Chip:
    """Return the chip of a dossier's status."""
    return Chip(status_word(status), status_icon(status), f"{status.value}Fg", f"{status.value}Bg")
