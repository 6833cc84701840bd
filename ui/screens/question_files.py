"""Brings the pictures and recordings of a question from the pack to its place on the screen, off the GUI thread."""

from collections.abc import Callable

from PySide6.QtGui import QImage

from bnhelper.forms.questions import Question
from ui.devices.picture import thumbnail
from ui.devices.sound import player
from ui.presenters.work import Work
from ui.widgets.question_media import QuestionMedia

_SIDE = 560  #: pixels: larger than it is shown costs memory for nothing

Load = Callable[[str], bytes | None]  #: name of a file beside the form -> its content


def media_of(question: Question, words: str, load: Load, work: Work) -> QuestionMedia | None:
    """Return the place for a question's media, filled as soon as the files are read; None when it has none."""
    if not question.media:
        return None
    made = QuestionMedia(question.media, words)
    pictures = [one.name for one in question.media if one.kind == "image"]
    recordings = [one.name for one in question.media if one.kind != "image"]
    if recordings:  # who only looks need not wait for Qt's sound
        made.play = player(made)

    def read() -> tuple[dict[str, QImage], dict[str, bytes]]:
        files = {name: content for name in (*pictures, *recordings) if (content := load(name)) is not None}
        return (
            {name: thumbnail(files[name], _SIDE) for name in pictures if name in files},
            {name: files[name] for name in recordings if name in files},
        )

    work.run(read, owner=made).then(lambda found: made.show_files(*found))
    return made
