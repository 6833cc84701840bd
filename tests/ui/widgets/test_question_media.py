"""Pictures and recordings beside a question: what is shown, and what is told where something is missing."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QPushButton

from bnhelper.authoring.xlsform import to_xform
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.questions import LabelMedia, sections
from bnhelper.forms.reader import parse_form
from tests.bnhelper.forms.xforms import TODAY
from ui.app import make_qt
from ui.widgets.question_media import QuestionMedia

_FORM = """| survey | | | | | | | |
| | type | name | label::Tiếng Việt (vi) | label::English (en) | media::image::Tiếng Việt (vi) | media::image::English (en) | media::audio::Tiếng Việt (vi) |
| | begin group | applicant | Người khai | Applicant | | | |
| | text | paper | Số trên giấy | Number on the paper | paper-vi.png | paper-en.png | paper.mp3 |
| | text | plain | Tên | Name | | | |
| | end group | | | | | | |
"""


def _said(widget: QuestionMedia) -> list[str]:
    return [one.text() for one in widget.findChildren(QLabel) if one.text()]


def test_a_form_names_the_files_of_its_labels_in_each_language(tmp_path: Path) -> None:
    path = tmp_path / "media.md"
    path.write_text(_FORM, encoding="utf-8")
    instance = FormInstance(parse_form(to_xform(path)[0]), today=lambda: TODAY)
    asked = {
        (language, one.path.rpartition("/")[2]): one.media
        for language in ("Tiếng Việt (vi)", "English (en)")
        for part in sections(instance, language)
        for one in part.questions()
    }
    assert asked["Tiếng Việt (vi)", "paper"] == (LabelMedia("image", "paper-vi.png"), LabelMedia("audio", "paper.mp3"))
    assert LabelMedia("image", "paper-en.png") in asked["English (en)", "paper"]
    assert asked["English (en)", "plain"] == ()


def test_a_picture_is_shown_no_larger_than_it_is_and_than_fits() -> None:
    make_qt(["test"])
    for size, shown in (((120, 80), (120, 80)), ((2000, 500), (560, 140)), ((300, 900), (93, 280))):
        picture = QImage(*size, QImage.Format.Format_RGB32)
        picture.fill(QColor("teal"))
        widget = QuestionMedia([LabelMedia("image", "a.png")], "Số trên giấy")
        widget.show_files({"a.png": picture}, frozenset())
        found = widget.findChild(QLabel, "questionPicture")
        assert found is not None
        assert found.accessibleName().endswith("Số trên giấy")
        assert (found.pixmap().width(), found.pixmap().height()) == shown
        widget.resize(60, 400)
        widget.show()
        found.resize(60, 200)
        assert found.pixmap().width() <= 60, "a narrow column is not pushed wide"
        widget.hide()


@pytest.mark.parametrize("picture", [None, QImage()])
def test_a_picture_that_is_missing_or_none_is_told(picture: QImage | None) -> None:
    make_qt(["test"])
    widget = QuestionMedia([LabelMedia("image", "a.png")], "x")
    widget.show_files({} if picture is None else {"a.png": picture}, frozenset())
    assert len(_said(widget)) == 1


def test_recordings_are_told_of_by_name_and_those_that_are_missing_too() -> None:
    make_qt(["test"])
    media = [LabelMedia("audio", "a.mp3"), LabelMedia("video", "a.mp4"), LabelMedia("audio", "gone.mp3")]
    silent = QuestionMedia(media, "x")
    silent.show_files({}, frozenset({"a.mp3", "a.mp4"}))
    assert len(_said(silent)) == 3
    assert "a.mp3" in _said(silent)[0]
    assert not silent.findChildren(QPushButton), "nothing that looks as if it could be played"


def test_nothing_of_the_program_loads_what_plays_sound() -> None:
    for path in (Path(__file__).parents[3] / "ui").rglob("*.py"):
        assert "QtMultimedia" not in path.read_text(encoding="utf-8"), path.name
