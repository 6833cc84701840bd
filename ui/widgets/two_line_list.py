"""A list whose rows have a name and a smaller line of detail below; both wrap, nothing is cut."""

from functools import lru_cache
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme.fonts import sizes
from ui.theme.look import look

DETAIL: Final = Qt.ItemDataRole.UserRole + 1  #: the smaller line of a row
_SIDE: Final = 14
_ABOVE: Final = 9
_FLAGS: Final = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
Index = QModelIndex | QPersistentModelIndex


class TwoLineList(QListWidget):
    """Rows of (name, detail, what they stand for)."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(TwoLines(self))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def add(self, name: str, detail: str, stands_for: object) -> None:
        """Put one row at the end; `stands_for` is what `chosen` gives back."""
        item = QListWidgetItem()
        self.put(item, name, detail, stands_for)
        self.addItem(item)

    @staticmethod
    def put(item: QListWidgetItem, name: str, detail: str, stands_for: object) -> None:
        """Let a row say something."""
        item.setText(name)
        item.setData(DETAIL, detail)
        item.setData(Qt.ItemDataRole.UserRole, stands_for)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {detail}" if detail else name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class TwoLines(QStyledItemDelegate):
    """Paints a row by the theme's roles; the style sheet cannot give two fonts to one item.

    A subclass may keep room at the right (`room_right`) and paint there (`paint_right`).
    """

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def room_right(self, _index: Index) -> int:
        """Return the pixels that the words leave free at the right."""
        return 0

    def paint_right(self, painter: QPainter, whole: QRect, index: Index) -> None:
        """Paint what stands at the right of a row."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        width = max(120, self._view.viewport().width())
        name, detail = self._areas(QRect(0, 0, width, 10_000), index)
        bottom = detail.bottom() if detail.isValid() else name.bottom()
        return QSize(width, max(48, bottom + 1 + _ABOVE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        whole: QRect = option.rect
        state = option.state
        theme = look.theme
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if is_chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(whole, QColor(theme["tint" if is_chosen else "sunken"]))
        if is_chosen:
            painter.fillRect(whole.x(), whole.y(), 4, whole.height(), QColor(theme["primary"]))
        painter.setPen(QColor(theme["border"]))
        painter.drawLine(whole.bottomLeft(), whole.bottomRight())
        name, detail = self._areas(whole, index)
        painter.setFont(row_font("body", is_bold=True))
        painter.setPen(QColor(theme["onTint" if is_chosen else "text"]))
        painter.drawText(name, int(_FLAGS), _text(index, Qt.ItemDataRole.DisplayRole))
        painter.setFont(row_font("small", is_bold=False))
        painter.setPen(QColor(theme["onTint" if is_chosen else "text2"]))
        painter.drawText(detail, int(_FLAGS), _text(index, DETAIL))
        self.paint_right(painter, whole, index)
        if state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QColor(theme["focusRing"]))
            painter.drawRect(whole.adjusted(1, 1, -2, -2))
            painter.drawRect(whole.adjusted(2, 2, -3, -3))
        painter.restore()

    def _areas(self, whole: QRect, index: Index) -> tuple[QRect, QRect]:
        room = whole.adjusted(_SIDE, _ABOVE, -_SIDE - self.room_right(index), 0)
        said = _text(index, Qt.ItemDataRole.DisplayRole), _text(index, DETAIL)
        name, detail = _measured(*said, room.width(), look.text_percent)
        below = room.y() + name.bottom() + 2
        return name.translated(room.topLeft()), detail.translated(room.x(), below) if said[1] else QRect()


@lru_cache(maxsize=1024)
def _measured(name: str, detail: str, width: int, _text_percent: int) -> tuple[QRect, QRect]:
    """Return what two lines of text take when they wrap at `width`, each from its own corner.

    Breaking a line costs 0.1 ms, and a view asks for every row again when one changes.
    """
    room = QRect(0, 0, width, 10_000)
    return (
        QFontMetrics(row_font("body", is_bold=True)).boundingRect(room, int(_FLAGS), name),
        QFontMetrics(row_font("small", is_bold=False)).boundingRect(room, int(_FLAGS), detail),
    )


def forget_words() -> None:
    """Let go of the words that were measured: names stood among them, and the machine is being locked."""
    _measured.cache_clear()


def _text(index: Index, role: int) -> str:
    value: Any = index.data(role)
    return value or ""


def row_font(size: str, *, is_bold: bool) -> QFont:
    """Return the font of a painted row: a size of the style sheet at the present text size."""
    font = QFont("Noto Sans")
    font.setPixelSize(sizes(look.text_percent)[size])
    font.setBold(is_bold)
    return font
