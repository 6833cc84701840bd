"""Brings the pictures of a question and of its choices from the pack to their places, off the GUI thread."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QImage

from bnhelper.forms.questions import Question
from ui.devices.picture import thumbnail
from ui.presenters.work import Work
from ui.widgets.choice_pictures import SIZE, ChoicePictures
from ui.widgets.question_media import QuestionMedia

_SIDE = 560  #: pixels: larger than it is shown costs memory for nothing
_CHOICE_SIDE = 2 * SIZE.width()  #: enough for a screen at 200 %

Load = Callable[[str], bytes | None]  #: name of a file beside the form -> its content


def media_of(question: Question, words: str, load: Load, work: Work) -> QuestionMedia | None:
    """Return the place for a question's media, filled as soon as the files are read; None when it has none."""
    if not question.media:
        return None
    made = QuestionMedia(question.media, words)
    pictures = [one.name for one in question.media if one.kind == "image"]
    recordings = [one.name for one in question.media if one.kind != "image"]

    def read() -> tuple[dict[str, QImage], frozenset[str]]:
        there = frozenset(name for name in recordings if load(name) is not None)
        return _pictures(pictures, load, _SIDE), there

    work.run(read, owner=made).then(lambda found: made.show_files(*found))
    return made


def bring_pictures(places: ChoicePictures, load: Load, work: Work) -> None:
    """Fill the places beside a question's choices as soon as the files are read."""
    names = tuple(places.names)
    work.run(lambda: _pictures(names, load, _CHOICE_SIDE), owner=places).then(places.show_files)


def _pictures(names: Sequence[str], load: Load, side: int) -> dict[str, QImage]:
    files = ((name, load(name)) for name in names)
    return {name: thumbnail(content, side) for name, content in files if content is not None}
