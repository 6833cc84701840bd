"""First run: language, who works with the machine, how it is locked, and the team's invitation if there is one."""

from functools import partial

from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QPushButton, QWidget

from ui.presenters.door import Door, Key
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, give_icon, heading, label, label_for, row
from ui.words.language import language


class FirstRunScreen(Page):
    """One page, under five minutes, works with no network and no invitation."""

    MOST_WIDTH = 720
    IS_CENTRED = True

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door
        self._kinds: list[str] = []
        self.set_title(self.tr("Welcome to bnhelper"), self.tr("Set up this machine once. No network is needed."))
        self.add_row(self._language("vi", "Tiếng Việt"), self._language("en", "English"), None)
        heading(self.content, self.tr("Who works with this machine?"))
        self.person = self._line("person", self.tr("Your name"))
        self.unit = QComboBox()
        self.unit.setObjectName("unit")
        self.content.addWidget(label_for(self.unit, self.tr("Your commune or ward")))
        self.unit.addItem(self.tr("Choose your commune or ward"), "")
        self.after_first_paint(self._fill_units)
        self.content.addWidget(self.unit)
        heading(self.content, self.tr("How is it locked?"))
        frame, self._lock = card()
        self.content.addWidget(frame)
        heading(self.content, self.tr("The ward's recovery file (optional)"))
        self.ward_file = self._line("wardFile", self.tr("The ward's public recovery file"))
        choose = button(self.tr("Choose a file"), self._choose_ward, name="chooseWard")
        self.after_first_paint(partial(give_icon, choose, "folder_open"))  # to draw one costs the first paint 10 ms
        self.add_row(choose, None)
        self.content.addWidget(
            label(self.tr("With it two officers of the ward can open this machine when the key is forgotten."), "small")
        )
        heading(self.content, self.tr("Your team's invitation (optional)"))
        self.invitation = self._line("invitation", self.tr("Paste the invitation here"))
        self.content.addWidget(
            label(self.tr("Without it you can work; what you lock is sent once the machine is enrolled."), "small")
        )
        back_up = button(self.tr("Put a backup back"), door.to_restore, kind="link", name="toRestore")
        self.set_actions(others=(back_up,), primary=(self.tr("Begin"), self._begin))
        self.after_first_paint(partial(door.kinds, self._draw_lock, self))

    def first_focus(self) -> QWidget | None:
        return self.person

    def _fill_units(self) -> None:
        from bnhelper.catalogue.units import units

        for one in units():
            self.unit.addItem(one.name, one.code)

    def _language(self, code: str, name: str) -> QPushButton:
        """Return the button of a language, pressed in where it is the one that is spoken."""
        made = button(name, partial(self._door.set_language, code), kind="tab", name=f"language_{code}")
        made.setCheckable(True)
        made.setChecked(language.code == code)
        return made

    def _line(self, name: str, words: str) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        self.content.addWidget(label_for(made, words))
        self.content.addWidget(made)
        return made

    def _draw_lock(self, kinds: list[str]) -> None:
        self._kinds = kinds
        kind = kinds[0] if kinds else "passphrase"
        words = {
            "pin": (self.tr("A PIN of 6 digits"), self.tr("It works together with this system's keyring.")),
            "passphrase": (
                self.tr("A passphrase of at least 4 words"),
                self.tr("This system has no keyring, so a PIN alone would not protect the data."),
            ),
            "key_file": (self.tr("A key file"), self.tr("Keep it apart from the machine, for example on a stick.")),
        }
        self._kind = kind
        self.secret, self.again = QLineEdit(), QLineEdit()
        self.secret.setObjectName("secretField")
        self.again.setObjectName("secretAgain")
        named = label_for(self.secret, words[kind][0])
        named.setProperty("role", "strong")
        self._lock.addWidget(named)
        self._lock.addWidget(label(words[kind][1], "small"))
        self._lock.addWidget(self.secret)
        if kind == "key_file":
            self._lock.addLayout(row(button(self.tr("Choose a file"), self._choose), None))
        else:
            for one in (self.secret, self.again):
                one.setEchoMode(QLineEdit.EchoMode.Password)
            self._lock.addWidget(label_for(self.again, self.tr("The same once more")))
            self._lock.addWidget(self.again)

    def _choose(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, self.tr("A key file"), "bnhelper.key")
        if path:
            self.secret.setText(path)

    def _choose_ward(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("The ward's public recovery file"))
        if path:
            self.ward_file.setText(path)

    def _begin(self) -> None:
        wrong = ""
        if not self.person.text().strip():
            wrong = self.tr("Enter your name")
        elif self._kind != "key_file" and self.secret.text() != self.again.text():
            wrong = self.tr("The two entries differ")
        elif not self.secret.text():
            wrong = self.tr("Choose how the machine is locked")
        old = self.findChild(QWidget, "trouble")
        if old is not None:
            old.setObjectName("")
            old.hide()
            old.deleteLater()
        if wrong:
            self.content.insertWidget(0, banner("trouble", wrong, name="trouble"))
            self.scroller.verticalScrollBar().setValue(0)
            return
        self._door.create(
            Key(self._kind, self.secret.text()),
            person=self.person.text().strip(),
            unit=str(self.unit.currentData() or ""),
            invitation=self.invitation.text().strip(),
            ward_file=self.ward_file.text().strip(),
            on_trouble=self._refused,
        )

    def _refused(self, wrong: BaseException) -> None:
        self.scroller.verticalScrollBar().setValue(0)
        tell(self.content, wrong)


def make(door: Door) -> FirstRunScreen:
    return FirstRunScreen(door)
