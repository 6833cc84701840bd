"""Every kind of question and the instances of a repeat in the real screen, drawn and used.

With BNHELPER_LOOKS=FOLDER in the environment the pictures are kept there, to be looked at.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QSlider

from bnhelper.actions.answer_question import answer_questions
from bnhelper.actions.start_dossier import start_dossier
from bnhelper.authoring.xlsform import to_xform
from bnhelper.catalogue.pack import Pack
from bnhelper.clock import SystemClock
from bnhelper.forms.reader import parse_form
from bnhelper.forms.state import state
from bnhelper.ids import DossierId, FieldPath
from bnhelper.paths import Places
from bnhelper.settings import Settings
from bnhelper.store.open_form import open_form
from tests import factories
from tests.looks.eyes import press, settle, until
from ui.app import App, make_qt
from ui.presenters import routes
from ui.widgets.choice_pictures import ChoicePicture

pytestmark = pytest.mark.looks
_ANSWERS = {
    "kinds/people": "4",
    "kinds/area": "82.5",
    "kinds/day": "2026-03-27",
    "kinds/clock": "08:30:00.000+07:00",
    "kinds/moment": "2026-12-01T14:05:00.000+07:00",
    "kinds/slide": "7.5",
    "kinds/place": "21.1861 106.0763 0 0",
    "kinds/way": "21.1 106.1 0 0; 21.2 106.2 0 0",
    "kinds/many": "cc kh",
    "child[1]/name": "Nguyễn Thị Hoà",
}


class World:
    """One app with one draft of the form with everything."""

    def __init__(self, folder: Path) -> None:
        make_qt(["test"])
        self.machine = factories.machine(folder, SystemClock())
        self.dossier: DossierId = start_dossier(self.machine, factories.BIRTH, {})
        answers = {FieldPath(f"/data/{name}"): value for name, value in _ANSWERS.items()}
        answer_questions(self.machine, self.dossier, answers)
        self.app = App(Places(folder / "data"), settings=Settings())
        self.app.window.show()
        self.app.opened(self.machine)

    def value(self, name: str) -> str:
        with self.machine.store.read() as db:
            form = open_form(db, self.dossier, self.machine.library, self.machine.clock)
        return form.instance.value(FieldPath(f"/data/{name}"))

    def names(self) -> list[str]:
        with self.machine.store.read() as db:
            form = open_form(db, self.dossier, self.machine.library, self.machine.clock)
        return [
            form.instance.value(FieldPath(f"{one}/name")) for one in form.instance.repeats(FieldPath("/data/child"))
        ]

    def press(self, name: str) -> None:
        press(self.app, name)

    def go(self, section: str, page: int = 0) -> None:
        self.app.window.home(routes.Question(self.dossier, section, page))
        settle(self.app)


def _beside(name: str) -> bytes | None:
    """Return a picture, what stands for a recording, or nothing."""
    if name.startswith("gone"):
        return None
    if not name.endswith(".png"):
        return b"sound"
    picture = QImage(900, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    for number in range(4):
        painter.fillRect(QRect(60 + number * 210, 60, 150, 180), QColor("teal" if number % 2 else "orange"))
    painter.end()
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(content, "PNG")  # type: ignore[call-overload]
    return bytes(content.data().data())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    xml, _ = to_xform(Path(__file__).parent / "kinds.md")
    form = parse_form(xml)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pack, "form", lambda _pack, _code: form)
        patch.setattr(Pack, "beside", lambda _pack, _code, name: _beside(name))
        made = World(tmp_path_factory.mktemp("kinds"))
        yield made
        made.app.close()
        made.app.window.close()


@pytest.mark.parametrize(
    ("theme", "language", "size"),
    [("light", "vi", (1366, 768, 100)), ("dark", "vi", (1024, 536, 100)), ("outdoor", "en", (900, 430, 125))],
)
def test_every_kind_of_question_is_drawn_whole(
    world: World, theme: str, language: str, size: tuple[int, int, int]
) -> None:
    app = world.app
    app.change_settings(Settings(language=language, theme=theme, text_percent=size[2]))
    app.window.resize(*size[:2])
    pages = [("applicant", 0), *(("kinds", number) for number in range(3)), ("child", 0)]
    for number, (section, at) in enumerate(pages):
        world.go(section, at)
        page = app.window.page
        assert page is not None
        inside = page.scroller.widget()
        assert inside is not None
        assert inside.minimumSizeHint().width() <= page.scroller.viewport().width() + 1, (section, at)
        for one in page.findChildren(QAbstractButton):
            if one.isVisibleTo(page) and one.text():
                widest = max(one.fontMetrics().horizontalAdvance(line) for line in one.text().split("\n"))
                assert widest <= one.width() - 8, one.text()
        for words in page.findChildren(QLabel):
            if words.isVisibleTo(page) and words.text() and words.wordWrap() and words.width() > 20:
                assert words.height() + 1 >= words.heightForWidth(words.width()), words.text()[:60]
        folder = os.environ.get("BNHELPER_LOOKS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            shown = app.window
            shown.grab().save(str(Path(folder) / f"kinds-{language}-{theme}-{size[0]}-{number}-{section}.png"))
            page.scroller.verticalScrollBar().setValue(10_000)
            shown.grab().save(str(Path(folder) / f"kinds-{language}-{theme}-{size[0]}-{number}-{section}-end.png"))


def test_what_is_kept_is_shown_and_what_is_typed_is_kept(world: World) -> None:
    world.app.change_settings(Settings())
    world.go("kinds", 1)
    page = world.app.window.page
    assert page is not None
    slider = page.findChild(QSlider)
    assert slider is not None
    assert slider.value() == 15
    slider.setValue(4)
    until(lambda: world.value("kinds/slide") == "2.0", "the pause after which a slider's place is kept")
    latitude = page.findChild(QLineEdit, "latitude")
    assert latitude is not None
    assert latitude.text() == "21.1861"


def test_an_instance_is_added_filled_taken_out_and_brought_back(world: World) -> None:
    world.app.change_settings(Settings())
    world.go("child")
    world.press("addInstance")
    name = world.app.window.page.findChild(QLineEdit, "field_name") if world.app.window.page else None
    assert name is not None
    name.setText("Trần Minh An")
    name.editingFinished.emit()
    settle(world.app)
    assert world.names() == ["Nguyễn Thị Hoà", "Trần Minh An"]
    world.go("child")
    world.press("removeInstance")
    assert world.names() == ["Trần Minh An"]
    world.press("removeInstance")
    assert world.names() == []
    world.press("undo")
    world.press("undo")
    assert world.names() == ["Nguyễn Thị Hoà", "Trần Minh An"]
    with world.machine.store.read() as db:
        form = open_form(db, world.dossier, world.machine.library, world.machine.clock)
    assert state(form.instance, "")


@pytest.mark.parametrize(("theme", "size"), [("light", (1366, 768, 100)), ("dark", (900, 430, 125))])
def test_a_picture_of_a_case_question_is_shown_and_a_missing_recording_told(
    world: World, theme: str, size: tuple[int, int, int]
) -> None:
    app = world.app
    app.change_settings(Settings(language="vi", theme=theme, text_percent=size[2]))
    app.window.resize(*size[:2])
    app.window.home(routes.CaseQuestion(factories.BIRTH))
    settle(app)
    page = app.window.page
    assert page is not None
    shown = page.findChild(QLabel, "questionPicture")
    assert shown is not None
    assert not shown.pixmap().isNull()
    (beside,) = page.findChildren(ChoicePicture)
    assert not beside.pixmap().isNull()
    assert "Chỗ này có bản ghi âm, nhưng bộ thủ tục trên máy này không có tệp đó." in [
        one.text() for one in page.findChildren(QLabel)
    ]
    inside = page.scroller.widget()
    assert inside is not None
    assert inside.minimumSizeHint().width() <= page.scroller.viewport().width() + 1
    folder = os.environ.get("BNHELPER_LOOKS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        app.window.grab().save(str(Path(folder) / f"kinds-case-{theme}-{size[0]}.png"))
