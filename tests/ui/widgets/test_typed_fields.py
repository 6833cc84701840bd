"""Fields of several parts: what goes in comes out, what is half filled is not lost, what is untouched is blank."""

import pytest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSlider

from bnhelper.forms.definition import Range
from ui.app import make_qt
from ui.widgets.typed_fields import DateField, DateTimeField, PlaceField, PointsField, RangeField, TimeField, TypedField


@pytest.fixture(autouse=True)
def _qt() -> None:
    make_qt(["test"])


def _line(field: TypedField, name: str) -> QLineEdit:
    found = field.findChild(QLineEdit, name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (lambda: DateField("a", may_be_year=False), "2026-03-09"),
        (lambda: DateField("a", may_be_year=True), "1990"),
        (lambda: TimeField("a"), "08:05:30.000+07:00"),
        (lambda: DateTimeField("a"), "2026-12-01T14:05:00.000+07:00"),
        (lambda: RangeField("a", Range("0", "10", "0.5")), "7.5"),
        (lambda: RangeField("a", Range("5", "1", "1")), "2"),
        (lambda: RangeField("a", Range("-3", "3", "1")), "-2"),
        (lambda: PlaceField("a"), "21.1861 106.0763 12.5 3.0"),
        (lambda: PointsField("a"), "21.1 106.1 0 0; 21.2 106.2 0 0"),
    ],
)  # fmt: skip
def test_what_goes_in_comes_out(field: object, value: str) -> None:
    made = field()  # type: ignore[operator]
    assert made.value() == "", "untouched it has no answer"
    made.set_value(value)
    assert made.value() == value
    made.set_value("")
    assert made.value() == ""


def test_a_time_is_written_whole_and_half_of_it_is_told() -> None:
    field = TimeField("a")
    _line(field, "hour").setText("7")
    assert field.value() == "07:00:00.000"
    both = DateTimeField("a")
    _line(both, "hour").setText("7")
    assert both.value() == "07:00:00.000", "no day yet: kept, and no date and time"
    for name, said in (("day", "1"), ("month", "2"), ("year", "2026")):
        _line(both, name).setText(said)
    assert both.value() == "2026-02-01T07:00:00.000+07:00"


def test_a_slider_answers_once_it_is_moved() -> None:
    field = RangeField("a", Range("1", "9", "2"))
    typed: list[str] = []
    field.typed.connect(lambda: typed.append(field.value()))
    slider = field.findChild(QSlider)
    assert slider is not None
    slider.setValue(2)
    assert typed == ["5"]
    field.set_value("nonsense")
    assert field.value() == ""


@pytest.mark.parametrize(
    ("offered", "suits"),
    [
        (Range("1", "9", "2"), True),
        (Range("9", "1", "1"), True),
        (Range("1", "9", "0"), False),
        (Range("a", "9", "1"), False),
        (Range("0", "1e9", "0.001"), False),
        (Range("1", "1", "1"), False),
        (None, False),
    ],
)
def test_a_range_without_sense_is_no_slider(offered: Range | None, *, suits: bool) -> None:
    assert RangeField.suits(offered) is suits


def test_a_place_may_be_pasted_whole() -> None:
    field = PlaceField("a")
    latitude = _line(field, "latitude")
    latitude.setText("21.1861, 106.0763")
    latitude.textEdited.emit(latitude.text())
    assert field.value() == "21.1861 106.0763 0 0"
    latitude.setText("21,18")
    latitude.textEdited.emit(latitude.text())
    assert field.value() == "21.18 106.0763 0 0", "a comma is how decimals are written here"


def test_lines_of_places_take_commas_and_keep_what_is_no_place() -> None:
    field = PointsField("a")
    text = field.findChild(QPlainTextEdit)
    assert text is not None
    text.setPlainText("21.1, 106.1\n\n 21.2   106.2 5 1\nhere")
    assert field.value() == "21.1 106.1 0 0; 21.2 106.2 5 1; here 0 0"
