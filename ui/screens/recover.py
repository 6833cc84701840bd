"""The PIN is forgotten: both officers of the ward open the machine, and its person gets a new key."""

from functools import partial
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QFileDialog, QLabel, QLineEdit, QWidget

from bnhelper.ids import PersonId
from ui.presenters.door import Door, Key
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, clear, heading, label, row


class RecoverScreen(Page):
    """First the two officers, then whose key is made anew; no name is shown before both were right."""

    MOST_WIDTH = 640
    IS_CENTRED = True

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door
        self._kinds: list[str] = []
        self._recovery: Any = None
        self.set_title(self.tr("Open with two officers"), self.tr("No data is lost when a PIN is forgotten."))
        self.content.addWidget(
            label(
                self.tr(
                    "Both officers of the ward choose their file and enter their passphrase. One alone opens nothing."
                )
            )
        )
        self._files: list[QLineEdit] = []
        self._words: list[QLineEdit] = []
        for number in (1, 2):
            frame, inside = card()
            inside.addWidget(label(self.tr("Officer %1").replace("%1", str(number)), "strong"))
            name = self.tr("File of officer %1").replace("%1", str(number))
            file = self._line(f"officerFile_{number}", name)
            choose = button(
                self.tr("Choose a file"), partial(self._choose, file), icon="folder_open", name=f"choose_{number}"
            )
            inside.addWidget(self._named(file))
            line = row(file, choose)
            line.setStretch(0, 1)
            inside.addLayout(line)
            words = self._line(f"officerWords_{number}", self.tr("Passphrase of officer %1").replace("%1", str(number)))
            words.setEchoMode(QLineEdit.EchoMode.Password)
            inside.addWidget(self._named(words))
            inside.addWidget(words)
            self._files.append(file)
            self._words.append(words)
            self.content.addWidget(frame)
        self.set_actions(back=(self.tr("Back"), door.leave), primary=(self.tr("Open"), self._open))
        door.kinds(self._kinds.extend, self)

    def first_focus(self) -> QWidget | None:
        return self._files[0]

    def _line(self, name: str, words: str) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        made.setAccessibleName(words)
        return made

    @staticmethod
    def _named(line: QLineEdit) -> QLabel:
        """Return a field's visible name, which a placeholder is not: it goes with the first letter."""
        named = label(line.accessibleName())
        named.setBuddy(line)
        return named

    def _choose(self, line: QLineEdit) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file"))
        if path:
            line.setText(path)

    def _open(self) -> None:
        given = [(file.text().strip(), words.text()) for file, words in zip(self._files, self._words, strict=True)]
        if not all(path and words for path, words in given):
            self._wrong(self.tr("Choose both files and enter both passphrases"))
            return
        self._door.begin_recovery(given, self._opened, lambda wrong: tell(self.content, wrong))

    def _opened(self, recovery: Any) -> None:
        """Both were right: say whose key is made anew, and which."""
        self._recovery = recovery
        clear(self.content)
        self.set_title(self.tr("Whose key is made anew?"))
        self._group = QButtonGroup(self)
        frame, inside = card()
        for one in recovery.people:
            choice = button(one.name, lambda: None, kind="choice", name=f"person_{one.id}")
            choice.setCheckable(True)
            choice.setProperty("person", one.id)
            self._group.addButton(choice)
            inside.addWidget(choice)
        if len(recovery.people) == 1:
            self._group.buttons()[0].setChecked(True)
        self.content.addWidget(frame)
        heading(self.content, self.tr("The new key"))
        self._kind = next((one for one in ("pin", "passphrase") if one in self._kinds), "passphrase")
        hint = self.tr("A PIN of 6 digits") if self._kind == "pin" else self.tr("A passphrase of at least 4 words")
        self.secret = self._line("secretField", hint)
        self.again = self._line("secretAgain", self.tr("The same once more"))
        for line in (self.secret, self.again):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            self.content.addWidget(self._named(line))
            self.content.addWidget(line)
        self.content.addWidget(
            label(self.tr("The old key opens nothing afterwards. The log keeps that both officers were here."), "small")
        )
        self.set_actions(back=(self.tr("Back"), self._door.leave), primary=(self.tr("Make the new key"), self._finish))

    def _finish(self) -> None:
        chosen = self._group.checkedButton()
        if chosen is None:
            self._wrong(self.tr("Choose whose key it is"))
        elif not self.secret.text() or self.secret.text() != self.again.text():
            self._wrong(self.tr("The two entries differ"))
        else:
            self._door.finish_recovery(
                self._recovery,
                PersonId(str(chosen.property("person"))),
                Key(self._kind, self.secret.text()),
                self._refused,
            )

    def _refused(self, wrong: BaseException) -> None:
        """The new key was not taken: say why, where it is seen."""
        self.scroller.verticalScrollBar().setValue(0)
        tell(self.content, wrong)

    def _wrong(self, words: str) -> None:
        old = self.findChild(QWidget, "trouble")
        if old is not None:
            old.setObjectName("")
            old.deleteLater()
        self.content.insertWidget(0, banner("trouble", words, name="trouble"))
        self.scroller.verticalScrollBar().setValue(0)


def make(door: Door) -> RecoverScreen:
    return RecoverScreen(door)
