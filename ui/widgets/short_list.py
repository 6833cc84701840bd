"""The few rows of one part of a page: as tall as they are, so that the page scrolls and not the list."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListWidgetItem

from ui.widgets.two_line_list import TwoLineList

Words = tuple[str, str]  #: the name and the smaller line below


class ShortList(TwoLineList):
    """Enter or a click opens a row.

    For what is drawn anew while work goes on: rows are painted, so that one more costs no widget and no layout.
    """

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[tuple[Words, object]] = []
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._open)

    def show_rows(self, rows: Sequence[tuple[Words, object]]) -> None:
        """Show these rows, each with what it stands for; one that says the same already is left alone."""
        if list(rows) == self._shown:
            return
        is_as_tall = [words for words, _ in rows] == [words for words, _ in self._shown]
        for place, ((name, detail), stands_for) in enumerate(rows):
            if place >= self.count():
                self.add(name, detail, stands_for)
            elif rows[place] != self._shown[place]:
                self.put(self.item(place), name, detail, stands_for)
        while self.count() > len(rows):
            self.takeItem(self.count() - 1)
        self._shown = list(rows)
        if not is_as_tall:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self._open(self.currentItem())
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        wanted = sum(self.sizeHintForRow(place) for place in range(self.count())) + 2 * self.frameWidth()
        if self.height() != wanted:
            self.setFixedHeight(wanted)

    def _open(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.opened.emit(item.data(Qt.ItemDataRole.UserRole))
