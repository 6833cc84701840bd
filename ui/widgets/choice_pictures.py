"""Pictures beside the choices of a question: small, all of one size, and a press on one is a press on its choice."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QLabel, QVBoxLayout, QWidget

from bnhelper.forms.questions import ShownChoice
from ui.widgets.parts import label, row

SIZE = QSize(96, 72)  #: the place is there before the picture is, so nothing moves under a person's hands


class ChoicePicture(QLabel):
    """The place of one picture. It takes no focus: the keyboard goes from choice to choice as without pictures."""

    def __init__(self, button: QAbstractButton, words: str) -> None:
        super().__init__()
        self.setObjectName(f"picture_{button.objectName()}")
        self.setFixedSize(SIZE)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(words)
        self._button = button

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._button.click()
        super().mouseReleaseEvent(event)

    def show_picture(self, picture: QImage) -> None:
        """Show a picture as large as fits, sharp on a screen with small pixels, and never larger than it is."""
        scale = self.devicePixelRatioF()
        made = QPixmap.fromImage(picture)
        made.setDevicePixelRatio(scale)
        most = SIZE * scale
        if made.width() > most.width() or made.height() > most.height():
            made = made.scaled(most, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        self.setPixmap(made)


class ChoicePictures(QWidget):
    """Says under the choices what their pictures and recordings are not; the files come later, from the worker.

    `shown` is told once they have come.
    """

    shown = Signal()

    def __init__(self, choices: Iterable[ShownChoice]) -> None:
        super().__init__()
        #: whether any choice has a picture: then all of them stand behind the same room
        self.are_seen = any(one.kind == "image" for choice in choices for one in choice.media)
        self._places: list[tuple[str, ChoicePicture]] = []
        self.names: list[str] = []  #: of the files that are wanted, each once
        self.pictures: Mapping[str, QImage] = {}
        self._recordings: list[str] = []
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.setSpacing(4)
        self.hide()

    def add(self, choice: ShownChoice) -> str:
        """Take note of what belongs to a choice; return the name of its picture, or an empty text."""
        self._recordings += [one.name for one in choice.media if one.kind != "image"]
        name = next((one.name for one in choice.media if one.kind == "image"), "")
        if name and name not in self.names:
            self.names.append(name)
        return name

    def place(self, inside: QBoxLayout, button: QAbstractButton, choice: ShownChoice, *, is_wide: bool = True) -> None:
        """Put a choice into a layout behind its picture, or behind the room for one where others have theirs."""
        name = self.add(choice)
        if not self.are_seen:
            inside.addWidget(button, 0, Qt.AlignmentFlag(0) if is_wide else Qt.AlignmentFlag.AlignLeft)
            return
        line = row()
        if name:
            shown = ChoicePicture(button, self.tr("Picture for: %1").replace("%1", choice.label))
            self._places.append((name, shown))
            line.addWidget(shown)
        else:
            line.addSpacing(SIZE.width())
        line.addWidget(button, 1)
        inside.addLayout(line)

    @property
    def has_any(self) -> bool:
        """Tell whether any choice has a picture or a recording."""
        return bool(self.names or self._recordings)

    def show_files(self, pictures: Mapping[str, QImage]) -> None:
        """Show what was found; say once what was not, and that recordings are to be read out."""
        self.pictures = {name: one for name, one in pictures.items() if not one.isNull()}
        for name, place in self._places:
            if name in self.pictures:
                place.show_picture(self.pictures[name])
        if any(name not in self.pictures for name in self.names):
            self._tell(self.tr("A choice has a picture that is not in the catalogue on this machine."))
        if self._recordings:
            said = self.tr("Choices have recordings (%1), which this machine cannot play. Read them out instead.")
            self._tell(said.replace("%1", ", ".join(self._recordings)))
        self.shown.emit()

    def _tell(self, sentence: str) -> None:
        self._inside.addWidget(label(sentence, "muted"))
        self.show()
