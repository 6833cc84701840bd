"""The bar at the bottom of a small window: every place in words, in as many rows as the words need."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QFont, QFontMetrics, QIcon
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton

from ui.theme.fonts import sizes
from ui.theme.look import look

_EDGES: Final = 20  #: paddings and borders beside a word
_ICON: Final = 28  #: an icon and its gap
_GAP: Final = 4
_MARGIN: Final = 8


class BottomBar(QFrame):
    """Words go before icons: where both do not fit, the icons go, and only then a second row comes."""

    def __init__(self, buttons: Sequence[QPushButton]) -> None:
        super().__init__()
        self.setObjectName("bottomBar")
        self._buttons = list(buttons)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(_MARGIN, _MARGIN // 2, _MARGIN, _MARGIN // 2)
        self._grid.setSpacing(_GAP)
        self._rows = 0

    def arrange(self, width: int) -> None:
        """Place the buttons, whose words and icons were just set, in a window of this width."""
        room = width - 2 * _MARGIN
        words = self._wanted()
        has_icons = sum(words) + len(words) * (_ICON + _EDGES + _GAP) <= room
        if not has_icons:
            for one in self._buttons:
                one.setIcon(QIcon())
        rows = next((n for n in (1, 2, 3) if self._fit(words, n, room)), 3)
        # A button knows the width of its word as it is written now: the chosen one is bolder, and would be cut.
        beside = _EDGES + (_ICON if has_icons else 0) if self._fit(words, rows, room) else 0
        for one, width_of_word in zip(self._buttons, words, strict=True):
            one.setMinimumWidth(width_of_word + beside if beside else 0)
        if rows == self._rows:
            return
        self._rows = rows
        for one in self._buttons:
            self._grid.removeWidget(one)
        in_a_row = -(-len(self._buttons) // rows)
        for place, one in enumerate(self._buttons):
            self._grid.addWidget(one, place // in_a_row, place % in_a_row)

    def _fit(self, words: Sequence[int], rows: int, room: int) -> bool:
        """Tell whether columns that are as wide as their widest word have room."""
        in_a_row = -(-len(words) // rows)
        columns = [max(words[place::in_a_row]) for place in range(in_a_row)]
        return sum(columns) + len(columns) * (_EDGES + _GAP) <= room

    def _wanted(self) -> list[int]:
        """Return the pixels of each word in bold, which the chosen place is written in."""
        bold = QFont(self.font())
        bold.setPixelSize(sizes(look.text_percent)["body"])
        bold.setBold(True)
        return [QFontMetrics(bold).horizontalAdvance(one.text()) for one in self._buttons]
