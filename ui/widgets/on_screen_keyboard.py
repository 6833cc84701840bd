"""Letters and digits to be touched: no suggestions, no memory; marks are not needed, search does without."""

from functools import partial
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.widgets.kiosk_parts import TARGET
from ui.widgets.parts import button
from ui.widgets.single_press import repeated

_BETWEEN: Final = 8  #: ten keys of 80 px in a row leave no room for the 24 px between other targets
LETTERS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
#: a slip's code has no 0, O, 1, I; whoever reads one as the other finds no key for it
CODE: Final = ("23456789", "QWERTYUP", "ASDFGHJKL", "ZXCVBNM")
DIGITS: Final = ("12345", "67890")


class KioskField(QLineEdit):
    """A field that keeps nothing: no menu, no prediction; `*` is the keypad's way back and no letter."""

    def __init__(self, name: str, spoken: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.setMaxLength(300)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "*" or event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


class OnScreenKeyboard(QWidget):
    """Types into one field. The keys take no focus, so that the field's cursor stays where it is."""

    def __init__(self, field: QLineEdit, rows: tuple[str, ...], *, has_space: bool = False) -> None:
        super().__init__()
        self._field = field
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(_BETWEEN)
        for place, letters in enumerate(rows):
            row = QHBoxLayout()
            row.setSpacing(_BETWEEN)
            for letter in letters:
                row.addWidget(self._key(letter, partial(field.insert, letter), f"key_{letter}"), 1)
            if place == len(rows) - 1 and not has_space:
                row.addWidget(self._delete(), 2)
            whole.addLayout(row)
        if has_space:
            row = QHBoxLayout()
            row.setSpacing(_BETWEEN)
            space = QCoreApplication.translate("Kiosk", "Space")
            row.addWidget(self._key(space, partial(field.insert, " "), "key_space"), 5)
            row.addWidget(self._delete(), 2)
            whole.addLayout(row)

    def _delete(self) -> QPushButton:
        return self._key(QCoreApplication.translate("Kiosk", "Delete"), self._field.backspace, "key_delete")

    @staticmethod
    def _key(words: str, do: object, name: str) -> QPushButton:
        assert callable(do)
        made = repeated(button(words, do, kind="key", name=name))
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setMinimumWidth(TARGET - 6)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return made
