"""Rows that are made once and then only say something else: for lists that are drawn anew while work goes on."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

Line = TypeVar("Line", bound=QWidget)
Item = TypeVar("Item")


class KeptRows(Generic[Line]):
    """Widgets in a layout, as many as were ever shown at once; what is not needed now is hidden."""

    def __init__(self, inside: QVBoxLayout, make: Callable[[], Line]) -> None:
        self._inside = QVBoxLayout()
        self._inside.setSpacing(inside.spacing())
        inside.addLayout(self._inside)
        self._make = make
        self._lines: list[Line] = []
        self._shown: list[object] = []

    def show(self, items: Sequence[Item], put: Callable[[Line, Item], object]) -> None:
        """Show these items, each put into a line; a line that says the same already is left alone."""
        while len(self._lines) < len(items):
            self._lines.append(self._make())
            self._inside.addWidget(self._lines[-1])
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(items))
            if place < len(items) and (place >= len(self._shown) or self._shown[place] != items[place]):
                put(line, items[place])
        self._shown = list(items)
