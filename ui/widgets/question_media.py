"""Pictures and recordings that belong to a question: shown and played, or told of where that cannot be."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from bnhelper.forms.questions import LabelMedia
from ui.widgets.parts import button, label

_MOST = QSize(560, 280)  #: a question with its picture still fits a small screen


class QuestionPicture(QLabel):
    """A picture no larger than it is, than fits a page, and than the place it has."""

    def __init__(self, picture: QImage) -> None:
        super().__init__()
        self._picture = picture
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit(_MOST.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        room = QSize(max(1, min(width, _MOST.width())), _MOST.height())
        fits = self._picture.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio).boundedTo(self._picture.size())
        if fits != self.pixmap().size():
            whole = QPixmap.fromImage(self._picture)
            self.setPixmap(
                whole.scaled(fits, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
            )


class QuestionMedia(QWidget):
    """What an author put beside a question's words.

    The files come later, from the worker: until then nothing stands there.
    """

    def __init__(self, media: Sequence[LabelMedia], words: str) -> None:
        super().__init__()
        self.media = tuple(media)
        self._words = words
        #: plays a recording; None where this machine cannot, and a sentence says so
        self.play: Callable[[bytes], object] | None = None
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(0, 4, 0, 4)
        self._inside.setSpacing(4)

    def show_files(self, pictures: Mapping[str, QImage], recordings: Mapping[str, bytes]) -> None:
        """Show what was found; what is not among it is told as missing."""
        for one in self.media:
            if one.kind == "image":
                self._show_picture(pictures.get(one.name))
            elif one.name not in recordings:
                self._tell(self.tr("A recording belongs here, but it is not in the catalogue on this machine."))
            elif one.kind == "audio" and self.play is not None:
                self._offer(recordings[one.name], self.play)
            else:
                self._tell(
                    self.tr("This question has a recording (%1), which this machine cannot play. Read it out instead.")
                    .replace("%1", one.name)
                )  # fmt: skip

    def _show_picture(self, picture: QImage | None) -> None:
        if picture is None or picture.isNull():
            self._tell(self.tr("A picture belongs here, but it is not in the catalogue on this machine."))
            return
        shown = QuestionPicture(picture)
        shown.setObjectName("questionPicture")
        shown.setAccessibleName(self.tr("Picture for: %1").replace("%1", self._words))
        self._inside.addWidget(shown)

    def _offer(self, recording: bytes, play: Callable[[bytes], object]) -> None:
        listen = button(self.tr("Listen to the question"), lambda: play(recording), name="playQuestion")
        self._inside.addWidget(listen, 0, Qt.AlignmentFlag.AlignLeft)

    def _tell(self, sentence: str) -> None:
        self._inside.addWidget(label(sentence, "muted"))
