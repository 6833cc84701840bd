"""Fields for answers with parts of their own: dates, times, ranges, places and lines of places.

Values go in and out as XForms writes them; what is half filled in goes out as it stands: it is told, and not lost.
"""

import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QSlider, QVBoxLayout, QWidget

from bnhelper.forms.definition import Range
from ui.widgets.parts import label

_PROVINCE: Final = "+07:00"  #: the offset of a time that was typed here
_MOST_STEPS: Final = 10_000  #: of a range that is drawn as a slider


class TypedField(QWidget):
    """A field of several parts: `typed` while typing, `left` when the focus leaves one of them."""

    typed = Signal()
    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)

    def value(self) -> str:
        """Return the answer as XForms writes it."""
        raise NotImplementedError

    def set_value(self, value: str) -> None:
        """Show an answer without saying that it was typed."""
        raise NotImplementedError

    def box(self, words: str, width: int, *, most: int = 0, name: str = "") -> QLineEdit:
        """Add a small box behind its word; with `most` it takes whole numbers only."""
        made = QLineEdit()
        made.setFixedWidth(width)
        made.setAccessibleName(f"{self._name}: {words}")
        if most:
            made.setValidator(QIntValidator(0, most, made))
        if name:
            made.setObjectName(name)
        made.textEdited.connect(lambda _text: self.typed.emit())
        made.installEventFilter(self)
        self.row.addWidget(label(words))
        self.row.addWidget(made)
        if self.focusProxy() is None:
            self.setFocusProxy(made)
        return made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return super().eventFilter(watched, event)


class DateField(TypedField):
    """Day, month and year; with `may_be_year` the year alone will do."""

    def __init__(self, name: str, *, may_be_year: bool, is_last: bool = True) -> None:
        super().__init__(name)
        self._may_be_year = may_be_year
        self._day = self.box(self.tr("Day"), 72, most=31, name="day")
        self._month = self.box(self.tr("Month"), 72, most=12, name="month")
        self._year = self.box(self.tr("Year"), 96, most=2200, name="year")
        self._only_year = QCheckBox(self.tr("Only the year is known"))
        self._only_year.setVisible(may_be_year)
        self._only_year.toggled.connect(self._toggled)
        self.row.addWidget(self._only_year)
        if is_last:
            self.row.addStretch(1)

    def _toggled(self, is_on: bool) -> None:
        for box in (self._day, self._month):
            box.setEnabled(not is_on)
            if is_on:
                box.clear()
        self.typed.emit()

    def value(self) -> str:
        day, month, year = self._day.text(), self._month.text(), self._year.text()
        if self._only_year.isChecked() or not (day or month):
            return year
        return f"{year.zfill(4)}-{month.zfill(2)}-{day.zfill(2)}"

    def set_value(self, value: str) -> None:
        parts = value.split("-")
        self._only_year.setChecked(len(parts) == 1 and bool(value) and self._may_be_year)
        self._year.setText(parts[0])
        self._month.setText(parts[1].lstrip("0") if len(parts) == 3 else "")
        self._day.setText(parts[2].lstrip("0") if len(parts) == 3 else "")


class TimeField(TypedField):
    """Hour and minute of the day, from 0 to 23; seconds that were there stay while the time does."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._hour = self.box(self.tr("Hour"), 72, most=23, name="hour")
        self._minute = self.box(self.tr("Minute"), 72, most=59, name="minute")
        self.row.addStretch(1)
        self._shown = ("", "", "")

    def value(self) -> str:
        hour, minute = self._hour.text(), self._minute.text()
        if self._shown[0] and (hour, minute) == self._shown[1:]:
            return self._shown[0]
        return f"{hour.zfill(2)}:{minute.zfill(2)}:00.000" if hour or minute else ""

    def set_value(self, value: str) -> None:
        found = re.match(r"(\d\d):(\d\d)", value)
        self._hour.setText(str(int(found.group(1))) if found else "")
        self._minute.setText(found.group(2) if found else "")
        self._shown = (value if found else "", self._hour.text(), self._minute.text())


class DateTimeField(TypedField):
    """A day and a time of it, on the province's clock."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._date = DateField(name, may_be_year=False, is_last=False)
        self._time = TimeField(name)
        for part in (self._date, self._time):
            part.typed.connect(self.typed)
            part.left.connect(self.left)
            self.row.addWidget(part)
        self.row.addStretch(1)
        self.setFocusProxy(self._date)

    def value(self) -> str:
        day, time = self._date.value(), self._time.value()
        if not (day and time):
            return day or time
        has_zone = re.search(r"([+-]\d\d:\d\d|Z)$", time) is not None
        return f"{day}T{time}{'' if has_zone else _PROVINCE}"

    def set_value(self, value: str) -> None:
        day, _, time = value.partition("T")
        self._date.set_value(day)
        self._time.set_value(time)


class RangeField(TypedField):
    """A slider from the first number to the last; until it is moved there is no answer."""

    def __init__(self, name: str, offered: Range) -> None:
        super().__init__(name)
        self._start, self._step = float(offered.start), abs(float(offered.step))
        end = float(offered.end)
        self._sign = 1 if end >= self._start else -1
        self._steps = round(abs(end - self._start) / self._step)
        self._places = max(len(one.partition(".")[2]) for one in (offered.start, offered.end, offered.step))
        self._is_touched = False
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, self._steps)
        self._slider.setPageStep(max(1, self._steps // 10))
        self._slider.setMinimumSize(240, 36)
        self._slider.setMaximumWidth(420)
        self._slider.setAccessibleName(name)
        self._slider.valueChanged.connect(lambda _place: self._moved())
        self._slider.sliderPressed.connect(self._moved)
        self._slider.installEventFilter(self)
        self._said = QLabel()
        self._said.setProperty("role", "strong")
        self._said.setMinimumWidth(110)
        for part in (label(offered.start, "muted"), self._slider, label(offered.end, "muted"), self._said):
            self.row.addWidget(part)
        self.row.addStretch(1)
        self.setFocusProxy(self._slider)
        self._show()

    @staticmethod
    def suits(offered: Range | None) -> bool:
        """Tell whether a range can be drawn as a slider: its bounds are numbers and it has steps to count."""
        try:
            assert offered is not None
            width = abs(float(offered.end) - float(offered.start))
            return 0 < width / abs(float(offered.step)) <= _MOST_STEPS
        except (AssertionError, ValueError, ZeroDivisionError, OverflowError):
            return False

    def _moved(self) -> None:
        self._is_touched = True
        self._show()
        self.typed.emit()

    def _show(self) -> None:
        said = self.value()
        self._said.setText(said or self.tr("no answer yet"))
        self._slider.setAccessibleDescription(self._said.text())

    def value(self) -> str:
        if not self._is_touched:
            return ""
        return f"{self._start + self._sign * self._slider.value() * self._step:.{self._places}f}"

    def set_value(self, value: str) -> None:
        try:
            place = round((float(value) - self._start) * self._sign / self._step)
        except (ValueError, OverflowError):
            place = -1
        self._slider.blockSignals(True)
        self._slider.setValue(max(0, min(self._steps, place)))
        self._slider.blockSignals(False)
        self._is_touched = place >= 0
        self._show()


class PlaceField(TypedField):
    """Latitude and longitude as typed, in degrees; altitude and accuracy that came with them are kept."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._latitude = self.box(self.tr("Latitude"), 150, name="latitude")
        self._longitude = self.box(self.tr("Longitude"), 150, name="longitude")
        self.row.addStretch(1)
        self._rest: Sequence[str] = ("0", "0")
        self._latitude.textEdited.connect(self._pasted)

    def _pasted(self, text: str) -> None:
        """Part a place that was pasted whole, as maps give it: 21.18, 106.07."""
        parts = re.fullmatch(r"\s*(-?\d+\.\d+)\s*[,;\s]\s*(-?\d+\.\d+)\s*", text)
        if parts is not None:
            self._latitude.setText(parts.group(1))
            self._longitude.setText(parts.group(2))

    def value(self) -> str:
        two = [box.text().strip().replace(",", ".") for box in (self._latitude, self._longitude)]
        return " ".join([*two, *self._rest]).strip() if any(two) else ""

    def set_value(self, value: str) -> None:
        parts = value.split()
        self._latitude.setText(parts[0] if parts else "")
        self._longitude.setText(parts[1] if len(parts) > 1 else "")
        self._rest = parts[2:4] or ("0", "0")


class PointsField(TypedField):
    """A line or an area: one place to a line, latitude and longitude."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        column = QVBoxLayout()
        self._text = QPlainTextEdit()
        self._text.setFixedHeight(130)
        self._text.setTabChangesFocus(True)
        self._text.setAccessibleName(name)
        self._text.textChanged.connect(self.typed)
        self._text.installEventFilter(self)
        column.addWidget(self._text)
        column.addWidget(
            label(self.tr("One place on a line: latitude, then longitude, for example 21.1861 106.0763"), "small")
        )
        self.row.addLayout(column, 1)
        self.setMaximumWidth(560)
        self.setFocusProxy(self._text)

    def value(self) -> str:
        lines = (re.split(r"[,;\s]+", line.strip()) for line in self._text.toPlainText().splitlines() if line.strip())
        return "; ".join(" ".join((*parts, "0", "0")[: max(4, len(parts))]) for parts in lines)

    def set_value(self, value: str) -> None:
        self._text.blockSignals(True)
        lines = (part.split() for part in value.split(";") if part.strip())
        self._text.setPlainText("\n".join(" ".join(parts[:2]) for parts in lines))
        self._text.blockSignals(False)
