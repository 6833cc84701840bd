"""Pictures beside choices: from the form to the screen, chosen by a press, passed over by the keyboard."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QListWidget

from bnhelper.authoring.xlsform import to_xform
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.questions import LabelMedia, Question, ShownChoice, sections
from bnhelper.forms.reader import parse_form
from bnhelper.ids import FieldPath
from tests.bnhelper.forms.xforms import TODAY
from ui.app import make_qt
from ui.widgets.choice_pictures import SIZE, ChoicePicture
from ui.widgets.question_field import QuestionField

_FORM = """| survey | | | | | |
| | type | name | label::Tiếng Việt (vi) | label::English (en) | |
| | begin group | applicant | Người khai | Applicant | |
| | select_one paper | one | Giấy nào | Which paper | |
| | end group | | | | |
| choices | | | | | |
| | list_name | name | label::Tiếng Việt (vi) | label::English (en) | media::image::Tiếng Việt (vi) | media::image::English (en) | media::audio::Tiếng Việt (vi) |
| | paper | old | Giấy cũ | Old paper | old-vi.png | old-en.png | |
| | paper | new | Giấy mới | New paper | | | new.mp3 |
"""


def _question(kind: str, count: int = 3, *, value: str = "") -> Question:
    """A question whose every choice but the last has a picture; the second one's is missing."""
    choices = tuple(
        ShownChoice(f"v{n}", f"Giấy {n}", (LabelMedia("image", f"{n}.png"),) if n < count - 1 else ())
        for n in range(count)
    )
    return Question(FieldPath("/data/a/b"), kind, "Giấy nào", "", choices, True, False, value, "", None)


def _pictures(count: int = 3) -> dict[str, QImage]:
    made = {}
    for number in range(count):
        picture = QImage(400, 200, QImage.Format.Format_RGB32)
        picture.fill(QColor("teal"))
        made[f"{number}.png"] = picture
    made.pop("1.png", None)
    return made


def test_a_form_names_the_files_of_its_choices_in_each_language(tmp_path: Path) -> None:
    path = tmp_path / "media.md"
    path.write_text(_FORM, encoding="utf-8")
    instance = FormInstance(parse_form(to_xform(path)[0]), today=lambda: TODAY)
    said = {
        language: {choice.value: choice.media for choice in one.choices}
        for language in ("Tiếng Việt (vi)", "English (en)")
        for part in sections(instance, language)
        for one in part.questions()
    }
    assert said["Tiếng Việt (vi)"] == {
        "old": (LabelMedia("image", "old-vi.png"),),
        "new": (LabelMedia("audio", "new.mp3"),),
    }
    assert said["English (en)"]["old"] == (LabelMedia("image", "old-en.png"),)


@pytest.mark.parametrize("kind", ["select_one", "select_multiple"])
def test_a_picture_stands_beside_its_choice_and_a_press_on_it_chooses(kind: str) -> None:
    make_qt(["test"])
    field = QuestionField(_question(kind), is_editable=True)
    kept: list[str] = []
    field.committed.connect(lambda _path, value: kept.append(value))
    field.show()
    assert field.pictures.names == ["0.png", "1.png"]
    places = field.findChildren(ChoicePicture)
    assert [one.size() for one in places] == [SIZE, SIZE], "room is kept before they come"
    field.pictures.show_files(_pictures())
    assert (places[0].pixmap().width(), places[0].pixmap().height()) == (96, 48)
    assert places[0].accessibleName().endswith("Giấy 0")
    assert places[1].pixmap().isNull()
    told = [one.text() for one in field.pictures.findChildren(QLabel)]
    assert told == ["A choice has a picture that is not in the catalogue on this machine."]

    QTest.mouseClick(places[0], Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert kept == ["v0"]
    buttons = [one for one in field.findChildren(QAbstractButton) if one.objectName().startswith("choice_")]
    assert [one.accessibleName() for one in buttons] == [f"Giấy nào: Giấy {n}" for n in range(3)]
    for place in places:
        assert place.focusPolicy() == Qt.FocusPolicy.NoFocus
    walked, at = [], buttons[0]
    for _ in range(40):
        at = at.nextInFocusChain()  # type: ignore[assignment]
        if at in buttons:
            walked.append(at)
    assert walked[:3] == [*buttons[1:], buttons[0]]
    field.hide()


def test_a_ranking_shows_them_in_its_rows_and_keeps_its_order(tmp_path: Path) -> None:
    make_qt(["test"])
    field = QuestionField(_question("rank", value="v1 v0 v2"), is_editable=True)
    field.pictures.show_files(_pictures())
    items = field.findChild(QListWidget)
    assert items is not None
    assert [items.item(n).text() for n in range(3)] == ["1. Giấy 1", "2. Giấy 0", "3. Giấy 2"]
    assert [items.item(n).icon().isNull() for n in range(3)] == [True, False, True]
    assert field.value() == "v1 v0 v2"


def test_choices_with_pictures_stand_as_rows_where_others_would_be_searched() -> None:
    make_qt(["test"])
    assert QuestionField(_question("select_one", 24), is_editable=True).findChildren(ChoicePicture)
    many = QuestionField(_question("select_one", 25), is_editable=True)
    assert many.findChild(QLineEdit) is not None
    assert not many.findChildren(ChoicePicture)
    choices = tuple(ShownChoice(f"v{n}", f"Giấy {n}") for n in range(8))
    plain = QuestionField(
        Question(FieldPath("/data/a/b"), "select_one", "x", "", choices, True, False, "", "", None), is_editable=True
    )
    assert plain.findChild(QLineEdit) is not None


def test_a_search_shows_the_pictures_of_what_it_found() -> None:
    make_qt(["test"])
    field = QuestionField(_question("select_one", 30), is_editable=True)
    line = field.findChild(QLineEdit)
    assert line is not None
    completer = line.completer()
    assert completer is not None
    assert field.pictures.has_any
    line.textEdited.emit("giay 2")  # keys would open the list as a window of its own, which needs a screen
    model = completer.model()
    found = [model.index(row, 0) for row in range(model.rowCount())]
    assert [one.data() for one in found] == ["Giấy 2", *(f"Giấy 2{n}" for n in range(10))]
    assert all(one.data(Qt.ItemDataRole.DecorationRole).isNull() for one in found)
    field.pictures.show_files(_pictures(30))
    found = [model.index(row, 0) for row in range(model.rowCount())]
    assert len(found) == 11, "what was found stays when the pictures come"
    assert [one.data(Qt.ItemDataRole.DecorationRole).isNull() for one in found] == [False] * 10 + [True]
    line.setText("Giấy 27")
    assert field.value() == "v27"


def test_recordings_of_choices_are_told_of_once() -> None:
    make_qt(["test"])
    choices = tuple(ShownChoice(f"v{n}", f"x{n}", (LabelMedia("audio", f"{n}.mp3"),)) for n in range(2))
    field = QuestionField(
        Question(FieldPath("/data/a/b"), "select_one", "x", "", choices, True, False, "", "", None), is_editable=True
    )
    assert field.pictures.has_any
    field.pictures.show_files({})
    (told,) = [one.text() for one in field.pictures.findChildren(QLabel)]
    assert "0.mp3, 1.mp3" in told
