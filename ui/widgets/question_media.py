"""Pictures and recordings that belong to a question: shown, or told of where that cannot be.

Recordings are told of: what would play them is no part of the program's parcel of Qt (160 MB more), and loading it took
the window 0.1 s where it was there.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from bnhelper.forms.questions import LabelMedia
from ui.widgets.parts import label

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
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(0, 4, 0, 4)
        self._inside.setSpacing(4)

    def show_files(self, pictures: Mapping[str, QImage], recordings: frozenset[str]) -> None:
        """Show the pictures that were found; `recordings` are the names of those that are there."""
        for one in self.media:
            if one.kind == "image":
                self._show_picture(pictures.get(one.name))
            elif one.name not in recordings:
                self._tell(self.tr("A recording belongs here, but it is not in the catalogue on this machine."))
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

    def _tell(self, sentence: str) -> None:
        self._inside.addWidget(label(sentence, "muted"))
