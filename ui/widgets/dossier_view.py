"""The list of dossiers: person and procedure at the left, the status as a chip at the right, wholly by keyboard."""

from typing import Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView

from ui.theme.look import look
from ui.widgets.dossier_rows import ROW, STATUS, DossierRows, RowWords
from ui.widgets.two_line_list import Index, TwoLines, row_font
from ui.words.status_words import status_icon

_ICON: Final = 18
_SIDE: Final = 10  #: inside the chip, beside its icon and its word
_GAP: Final = 6
_EDGE: Final = 14  #: between the chip and the row's end
_LEAST_ROWS: Final = 64  #: pixels: one row is in sight in the lowest window


class DossierView(QListView):
    """Enter or a click opens a row, Delete asks for it to be taken away; the words of a row are read as one."""

    opened = Signal(object)
    delete_wanted = Signal()
    chosen = Signal()

    def __init__(self, rows: DossierRows) -> None:
        super().__init__()
        self.setObjectName("dossiers")
        self.setModel(rows)
        self.setItemDelegate(_Rows(self))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setMouseTracking(True)
        self.setMinimumHeight(_LEAST_ROWS)
        self._keeps_chosen = False
        self.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self._laid_out())
        self.clicked.connect(self._open)
        self.selectionModel().currentChanged.connect(lambda _now, _before: self.chosen.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self._open(self.currentIndex())
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the rows out for the new width, and keep the chosen one in sight."""
        super().resizeEvent(event)
        self._keeps_chosen = True
        self.scheduleDelayedItemsLayout()

    def _laid_out(self) -> None:
        """More rows were laid out: after a resize the chosen one may be among them."""
        now = self.currentIndex()
        if self._keeps_chosen and now.isValid():
            self.scrollTo(now)
            self._keeps_chosen = not self.viewport().rect().intersects(self.visualRect(now))

    def _open(self, index: Index) -> None:
        if index.isValid():
            self.opened.emit(index.data(ROW))


class _Rows(TwoLines):
    """Two lines and a chip, painted: a widget for each of ten thousand rows would cost seconds and 100 MB."""

    def room_right(self, index: Index) -> int:
        words: RowWords = index.data(STATUS)
        measure = QFontMetrics(row_font("body", is_bold=True))
        return measure.horizontalAdvance(words.status_word) + _ICON + _GAP + 2 * _SIDE + _EDGE

    def paint_right(self, painter: QPainter, whole: QRect, index: Index) -> None:
        words: RowWords = index.data(STATUS)
        theme, role = look.theme, words.status.value
        font = row_font("body", is_bold=True)
        measure = QFontMetrics(font)
        height = measure.height() + 6
        width = self.room_right(index) - _EDGE
        chip = QRect(whole.right() - width - _EDGE, whole.center().y() - height // 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(theme[f"{role}Bg"]))
        painter.setPen(QPen(QColor(theme[f"{role}Fg"]), 2) if theme.is_bold else QPen(Qt.PenStyle.NoPen))
        painter.drawRoundedRect(chip, height / 2, height / 2)
        picture = QRect(chip.x() + _SIDE, chip.center().y() - _ICON // 2 + 1, _ICON, _ICON)
        look.icon(status_icon(words.status), f"{role}Fg", _ICON).paint(painter, picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(font)
        painter.setPen(QColor(theme[f"{role}Fg"]))
        text = chip.adjusted(_SIDE + _ICON + _GAP, 0, 0, 0)
        painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words.status_word)
        painter.setBrush(Qt.BrushStyle.NoBrush)
