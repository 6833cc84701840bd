"""Homes lane by lane: rows of a name and a line of detail, and between them the lanes, which cannot be chosen."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidgetItem, QStyleOptionViewItem

from ui.theme.look import look
from ui.widgets.two_line_list import Index, TwoLineList, TwoLines, row_font


class _Rows(TwoLines):
    """Homes, and between them the names of lanes, which cannot be chosen."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        found = super().sizeHint(option, index)
        return (
            found
            if index.flags()
            else QSize(found.width(), QFontMetrics(row_font("small", is_bold=True)).height() + 12)
        )

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.flags():
            super().paint(painter, option, index)
            return
        painter.save()
        painter.fillRect(option.rect, QColor(look.theme["sunken"]))
        painter.setFont(row_font("small", is_bold=True))
        painter.setPen(QColor(look.theme["text2"]))
        painter.drawText(option.rect.adjusted(14, 0, -14, 0), Qt.AlignmentFlag.AlignVCenter, index.data())
        painter.restore()


class HomeList(TwoLineList):
    """Rows of homes under their lanes; Enter goes on to the home beside."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(_Rows(self))
        self.setObjectName("homes")
        self.on_enter: Callable[[], object] = lambda: None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.on_enter()
        else:
            super().keyPressEvent(event)

    def add_lane(self, lane: str) -> None:
        """Put the name of a lane at the end."""
        item = QListWidgetItem(lane)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)
