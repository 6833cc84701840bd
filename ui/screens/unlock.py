"""Unlock: no name of a resident, no count by person, and a wait that grows instead of a wipe."""

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QLineEdit, QWidget

from bnhelper.domain.sending import SendingStatus
from bnhelper.errors import KnownTrouble
from ui.presenters.door import Door, Key
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import button, clear, label, row
from ui.widgets.single_press import repeated
from ui.words.locked_words import locked_words

#: the data or its keys cannot be read: a backup can
_GONE = frozenset({"store-damaged", "keys-damaged", "keyring-secret-gone"})


class UnlockScreen(Page):
    """One field for what the person holds; it works with no network at all."""

    MOST_WIDTH = 560
    IS_CENTRED = True

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door
        self.set_title(self.tr("Unlock bnhelper"))
        self.field = QLineEdit()
        self.field.setObjectName("secretField")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.returnPressed.connect(self._try)
        self._left = 0
        self._wait = QTimer(self)
        self._wait.setInterval(1000)
        self._wait.timeout.connect(lambda: self._show_wait(self._left - 1))
        self._kind = "pin"
        self._said = label("", "muted", name="waitSaid")
        self._sending = ""
        self._waiting: QLabel | None = None
        self.content.addWidget(label(self.tr("Opening…"), "muted"))
        self.after_first_paint(partial(door.kinds, self._draw, self, self._unreadable))

    def first_focus(self) -> QWidget | None:
        return self.field

    def show_status(self, status: SendingStatus) -> None:
        """Say how much waited to be sent when the machine was locked: numbers, and nobody's name."""
        self._sending = locked_words(status)
        if self._waiting is not None:
            self._waiting.setText(self._sending)
            self._waiting.setVisible(bool(self._sending))

    def _draw(self, kinds: list[str]) -> None:
        """Draw the one field; with several kinds of keys on the machine a person first says which theirs is."""
        offered = list(dict.fromkeys(kinds)) or ["pin"]
        self._draw_kind(offered, offered[0])

    def _draw_kind(self, offered: list[str], kind: str) -> None:
        clear(self.content)
        self._kind = kind
        if len(offered) > 1:
            names = {"pin": self.tr("PIN"), "passphrase": self.tr("Passphrase"), "key_file": self.tr("Key file")}
            tabs = []
            for one in offered:
                tab = button(names[one], partial(self._draw_kind, offered, one), kind="tab", name=f"kind_{one}")
                tab.setCheckable(True)
                tab.setChecked(one == kind)
                tabs.append(tab)
            self.add_row(*tabs, None)
        words = {
            "pin": self.tr("Enter your PIN"),
            "passphrase": self.tr("Enter your passphrase"),
            "key_file": self.tr("Choose your key file"),
        }
        self.content.addWidget(label(words[self._kind], "strong"))
        self.field = QLineEdit()
        self.field.setObjectName("secretField")
        self.field.setAccessibleName(words[self._kind])
        self.field.returnPressed.connect(self._try)
        if self._kind != "key_file":
            self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.content.addWidget(self.field)
        if self._kind == "key_file":
            self.add_row(button(self.tr("Choose a file"), self._choose, icon="folder_open"), None)
        else:
            shown = QCheckBox(self.tr("Show digits") if self._kind == "pin" else self.tr("Show words"))
            shown.toggled.connect(self._show)
            self.content.addWidget(shown)
        if self._kind == "pin":
            for digits in ("123", "456", "789", "0"):
                self.content.addLayout(row(*(repeated(button(one, partial(self._digit, one))) for one in digits), None))
        self._said = label("", "muted", name="waitSaid")
        self.content.addWidget(self._said)
        self.content.addWidget(
            label(self.tr("Works with no network. After wrong tries there is a wait; nothing is ever wiped."), "small")
        )
        self._waiting = label(self._sending, "small", name="waitingBehind")
        self._waiting.setVisible(bool(self._sending))
        self.content.addWidget(self._waiting)
        forgot = button(self.tr("I forgot it"), self._door.recover, kind="link", name="forgot")
        self.set_actions(others=(forgot,), primary=(self.tr("Unlock"), self._try))
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._count_down()

    def _show(self, is_shown: bool) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password)

    def _digit(self, digit: str) -> None:
        self.field.setText(self.field.text() + digit)

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose your key file"))
        if path:
            self.field.setText(path)

    def _try(self) -> None:
        if self.field.text() and not self._wait.isActive():
            self._said.setText(self.tr("Opening…"))
            self._door.unlock(Key(self._kind, self.field.text()), self._refused)

    def _refused(self, wrong: BaseException) -> None:
        self._said.setText("")
        self.field.selectAll()
        self.field.setFocus()
        tell(self.content, wrong)
        self._offer_backup(wrong)
        self._count_down()

    def _unreadable(self, wrong: BaseException) -> None:
        """Not even which keys open the machine can be read."""
        clear(self.content)
        tell(self.content, wrong)
        self._offer_backup(wrong)

    def _offer_backup(self, wrong: BaseException) -> None:
        if isinstance(wrong, KnownTrouble) and wrong.code in _GONE and not self.findChild(QWidget, "toRestore"):
            self.add_row(button(self.tr("Put a backup back"), self._door.to_restore, name="toRestore"), None)

    def _count_down(self) -> None:
        self._door.wait_s(self._show_wait, self)

    def _show_wait(self, left: int) -> None:
        self._left = left
        self._said.setText(self.tr("Wait %1 s").replace("%1", str(left)) if left else "")
        if left and not self._wait.isActive():
            self._wait.start()
        elif not left:
            self._wait.stop()


def make(door: Door) -> UnlockScreen:
    return UnlockScreen(door)
