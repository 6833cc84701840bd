"""One field per kind of answer: what comes out as a form's text, when, and what is told."""

import time
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton

from bnhelper.forms.questions import Question, ShownChoice
from bnhelper.ids import FieldPath
from ui.app import make_qt
from ui.widgets.question_field import QuestionField

_UNITS = ("Xã Tam Đa", "Xã Yên Phong", "Phường Tam Sơn", "Phường Võ Cường", "Phường Kinh Bắc", "Xã Lào", "Xã Cơ Lao",
          "Phường Đồng Nguyên")  # fmt: skip

Make = Callable[..., QuestionField]


@pytest.fixture
def make() -> Make:
    make_qt(["test"])
    kept = []

    def made(kind: str = "text", *, is_editable: bool = True, note: str = "", **more: object) -> QuestionField:
        usual: dict[str, object] = {
            "path": FieldPath("/data/applicant/thing"),
            "label": "Họ tên",
            "hint": "",
            "choices": (),
            "is_required": True,
            "is_readonly": False,
            "value": "",
            "appearance": "",
            "problem": None,
        }
        field = QuestionField(Question(kind=kind, **(usual | more)), is_editable=is_editable, note=note)  # type: ignore[arg-type]
        field.show()
        kept.append(field)
        return field

    return made


def _told(field: QuestionField) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    field.committed.connect(lambda path, value: told.append((path, value)))
    return told


def _line(field: QuestionField, name: str = "field_thing") -> QLineEdit:
    found = field.findChild(QLineEdit, name)
    assert found is not None
    return found


def _choices(*labels: str) -> tuple[ShownChoice, ...]:
    return tuple(ShownChoice(f"v{number}", words) for number, words in enumerate(labels))


def test_a_text_is_handed_out_once_when_the_field_is_left_trimmed_and_composed(make: Make) -> None:
    field = make()
    told = _told(field)
    _line(field).setText("  " + unicodedata.normalize("NFD", "Nguyễn Thị Hoà") + " ")
    _line(field).editingFinished.emit()
    _line(field).editingFinished.emit()
    assert told == [("/data/applicant/thing", "Nguyễn Thị Hoà")]
    assert unicodedata.is_normalized("NFC", told[0][1])


def test_a_pause_in_typing_saves_without_leaving_the_field(make: Make) -> None:
    field = make()
    told = _told(field)
    QTest.keyClicks(_line(field), "An")
    assert told == []
    assert 0 < field._timer.remainingTime() <= 1000
    field._timer.setInterval(0)  # the pause is over
    ends = time.monotonic() + 60
    while not told and time.monotonic() < ends:
        QTest.qWait(1)
    assert told == [("/data/applicant/thing", "An")]


def test_a_value_that_is_shown_is_not_handed_out_again(make: Make) -> None:
    field = make(value="LÊ A")
    told = _told(field)
    field.commit()
    field.set_value("LÊ B")
    field.commit()
    assert (field.value(), told) == ("LÊ B", [])


def test_emptying_an_answer_is_an_answer(make: Make) -> None:
    field = make(value="LÊ A")
    told = _told(field)
    _line(field).setText("   ")
    field.commit()
    assert told == [("/data/applicant/thing", "")]


def test_long_text_keeps_its_lines_and_tab_leaves_it(make: Make) -> None:
    field = make(appearance="multiline", value="một\nhai")
    box = field.findChild(QPlainTextEdit)
    assert box is not None
    assert box.tabChangesFocus()
    box.setPlainText("một\nhai\nba\n")
    told = _told(field)
    field.commit()
    assert told == [("/data/applicant/thing", "một\nhai\nba")]


def test_a_choice_is_handed_out_by_one_click_and_only_one_holds(make: Make) -> None:
    field = make("select_one", choices=_choices("Có", "Không"))
    told = _told(field)
    buttons = {one.objectName(): one for one in field.findChildren(QPushButton)}
    QTest.mouseClick(buttons["choice_v0"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(buttons["choice_v1"], Qt.MouseButton.LeftButton)
    assert [value for _path, value in told] == ["v0", "v1"]
    assert [one.isChecked() for one in buttons.values()] == [False, True]
    field.set_value("")
    assert (field.value(), [one.isChecked() for one in buttons.values()]) == ("", [False, False])


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("Xã Tam Đa", "v0"),
        ("xa tam da", "v0"),
        ("tam đa", "v0"),
        ("  yen   phong ", "v1"),
        ("tam", "?tam"),
        ("Hà Nội", "?Hà Nội"),
        ("lao", "v5"),
        ("xã lào", "v5"),
        ("", ""),
    ],
)
def test_a_long_list_is_searched_with_or_without_accents_and_never_guessed(make: Make, typed: str, value: str) -> None:
    field = make("select_one", choices=_choices(*_UNITS))
    line = _line(field)
    line.setText(typed)
    line.editingFinished.emit()
    assert field.value() == value
    if value.startswith("v"):
        assert line.text() == _UNITS[int(value[1:])], "the whole name is shown for what was meant"
    else:
        assert line.text() == typed, "what was typed stays to be mended"


def test_a_whole_name_wins_over_the_end_of_another(make: Make) -> None:
    names = ("Lào", "Cơ Lao", "Kinh", "Tày", "Thái", "Mường", "Nùng", "Hoa")
    field = make("select_one", choices=_choices(*names))
    _line(field).setText("lao")
    assert field.value() == "v0"


def test_two_names_alike_but_for_their_accents_are_both_found(make: Make) -> None:
    names = ("Xã Đông Phú", "Xã Đồng Phú", *_UNITS)
    field = make("select_one", choices=_choices(*names))
    line = _line(field)
    line.setText("xa dong phu")
    assert field.value() == "?xa dong phu", "which of the two is meant is not guessed"
    line.textEdited.emit("dong phu")
    completer = line.completer()
    assert completer is not None
    shown = [completer.model().index(row, 0).data() for row in range(completer.model().rowCount())]
    assert shown == ["Xã Đông Phú", "Xã Đồng Phú"]


def test_an_unknown_typed_name_is_shown_again_without_its_mark(make: Make) -> None:
    field = make("select_one", choices=_choices(*_UNITS), value="?Hà Nội")
    assert _line(field).text() == "Hà Nội"
    assert field.value() == "?Hà Nội"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (("5", "9", "1990"), "1990-09-05"),
        (("05", "09", "1990"), "1990-09-05"),
        (("", "", "1990"), "1990"),
        (("", "", ""), ""),
        (("5", "9", ""), "0000-09-05"),
    ],
)
def test_a_date_comes_from_three_boxes(make: Make, typed: tuple[str, str, str], value: str) -> None:
    field = make("date", appearance="bn-date")
    for name, digits in zip(("day", "month", "year"), typed, strict=True):
        _line(field, name).setText(digits)
    assert field.value() == value


@pytest.mark.parametrize("value", ["1990-09-05", "1990", ""])
def test_a_date_is_shown_as_it_was_given(make: Make, value: str) -> None:
    field = make("text", appearance="bn-date", value=value)
    assert field.value() == value
    box = field.findChild(QCheckBox)
    assert box is not None
    assert box.isChecked() is (value == "1990")


def test_only_the_year_empties_and_closes_day_and_month(make: Make) -> None:
    field = make("text", appearance="bn-date", value="1990-09-05")
    box = field.findChild(QCheckBox)
    assert box is not None
    told = _told(field)
    box.setChecked(True)
    assert (_line(field, "day").text(), _line(field, "day").isEnabled()) == ("", False)
    field.commit()
    assert told == [("/data/applicant/thing", "1990")]


def test_a_full_date_does_not_offer_the_year_alone(make: Make) -> None:
    box = make("date", appearance="bn-date-full").findChild(QCheckBox)
    assert box is not None
    assert box.isHidden()


def test_a_trouble_is_said_beside_the_field_to_eyes_and_screen_readers_and_goes_away(make: Make) -> None:
    field = make()
    field.set_error("Nhập họ tên")
    assert any(one.text() == "Nhập họ tên" and not one.isHidden() for one in field.findChildren(QLabel))
    assert _line(field).accessibleDescription() == "Nhập họ tên"
    assert field.property("part") == "wrongField"
    field.set_error("")
    assert not any(one.text() == "Nhập họ tên" for one in field.findChildren(QLabel))
    assert _line(field).accessibleDescription() == ""


def test_what_was_not_asked_for_is_closed_and_says_why(make: Make) -> None:
    field = make(is_editable=False, value="LÊ A", note="từ thẻ")
    assert not _line(field).isEnabled()
    said = [one.text() for one in field.findChildren(QLabel) if not one.isHidden()]
    assert len(said) == 2
    assert "từ thẻ" not in said


def test_what_may_be_left_out_says_so_and_every_field_has_a_name(make: Make) -> None:
    assert "Họ tên" in [one.text() for one in make().findChildren(QLabel)]
    optional = make(is_required=False)
    assert "Họ tên" not in [one.text() for one in optional.findChildren(QLabel)]
    assert _line(optional).accessibleName() == "Họ tên"
    for digit_box in make("date", appearance="bn-date").findChildren(QLineEdit):
        assert digit_box.accessibleName().startswith("Họ tên: ")


def test_several_choices_come_out_in_the_order_of_the_list(make: Make) -> None:
    field = make("select_multiple", choices=_choices("Điện", "Nước", "Mạng"), value="v2")
    told = _told(field)
    boxes = {box.objectName(): box for box in field.findChildren(QCheckBox)}
    assert [name for name, box in boxes.items() if box.isChecked()] == ["choice_v2"]
    boxes["choice_v0"].click()
    boxes["choice_v2"].click()
    assert [value for _, value in told] == ["v0 v2", "v0"]


def test_an_acknowledgement_is_one_box(make: Make) -> None:
    field = make("acknowledge")
    told = _told(field)
    (box,) = field.findChildren(QCheckBox)
    box.click()
    box.click()
    assert [value for _, value in told] == ["OK", ""]


def test_a_ranking_has_no_answer_until_it_is_touched(make: Make) -> None:
    field = make("rank", choices=_choices("Một", "Hai", "Ba"))
    told = _told(field)
    assert field.value() == ""
    down = next(one for one in field.findChildren(QPushButton) if one.toolTip() == "Alt+Down")
    down.click()
    assert [value for _, value in told] == ["v1 v0 v2"]
    field.set_value("v2 v1 v0")
    assert field.value() == "v2 v1 v0"


@pytest.mark.parametrize("kind", ["note", "upload"])
def test_what_is_not_typed_has_no_field(make: Make, kind: str) -> None:
    field = make(kind)
    assert not field.findChildren(QLineEdit)
    assert field.value() == ""


def test_a_label_that_quotes_an_answer_follows_it(make: Make) -> None:
    field = make(label="Chào Hoa")
    field.set_words(replace(field.question, label="Chào Lan"))
    assert "Chào Lan" in [one.text() for one in field.findChildren(QLabel)]
