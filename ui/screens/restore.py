"""Put a backup back: choose the copy, say what opens it, and it is proved before it takes its place."""

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from bnhelper.vault.keys import WARD
from ui.presenters.door import Door, Key
from ui.presenters.routes import Restore
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, clear, heading, label, row
from ui.words import formats
from ui.words.language import language

_OFFERED = 4


class RestoreScreen(Page):
    """First the copy, then its key; nothing that is there is overwritten."""

    MOST_WIDTH = 680
    IS_CENTRED = True

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door
        self._backup: Path | None = None
        self._first: QWidget | None = None
        self.set_title(
            self.tr("Put a backup back"), self.tr("It is opened and read first. What is here now is set aside.")
        )
        frame, self._copies = card()
        heading(self.content, self.tr("Which copy?"))
        self.content.addWidget(frame)
        self._key_frame, self._key = card()
        self._key_frame.hide()
        self.content.addWidget(self._key_frame)
        self.set_actions(back=(self.tr("Back"), door.leave))
        door.backups(self._offer, self)

    def first_focus(self) -> QWidget | None:
        return self._first

    def _offer(self, found: list[tuple[Path, dt.datetime, int]]) -> None:
        for path, at, size in found[:_OFFERED]:
            words = f"{formats.date(at)} {formats.clock_time(at)} · {formats.megabytes(size, language.code)}"
            one = button(words, partial(self._chosen, path), kind="choice", name=f"copy_{path.stem}")
            one.setCheckable(True)
            one.setAutoExclusive(True)
            self._first = self._first or one
            self._copies.addWidget(one)
        if not found:
            self._copies.addWidget(label(self.tr("This machine has no copies of its own."), "muted"))
        other = button(self.tr("Choose a file"), self._choose, name="chooseBackup", icon="folder_open")
        self._first = self._first or other
        self._copies.addLayout(row(other, None))
        self._named = label("", "small", name="backupFile")
        self._named.hide()
        self._copies.addWidget(self._named)

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file"), "", "bnhelper (*.backup *.zip *)")
        if path:
            self.choose(Path(path))

    def choose(self, path: Path) -> None:
        """Take this file."""
        self._named.setText(path.name)
        self._named.show()
        self._chosen(path)

    def _chosen(self, path: Path) -> None:
        self._backup = path
        self._door.ways_of(path, self._ask, lambda wrong: tell(self.content, wrong))

    def _ask(self, ways: list[str]) -> None:
        """Ask for what opens this copy; the officers open it at the lock, so they need nothing here."""
        for old in self.findChildren(QWidget, "trouble"):
            old.setObjectName("")
            old.hide()
        self._draw_key(list(dict.fromkeys(ways)), ways[0] if ways else "pin")

    def _draw_key(self, ways: list[str], kind: str) -> None:
        clear(self._key)
        names = {
            "pin": self.tr("PIN"),
            "passphrase": self.tr("Passphrase"),
            "key_file": self.tr("Key file"),
            WARD: self.tr("Two officers"),
        }
        self._key.addWidget(label(self.tr("What opens it?"), "strong"))
        tabs = []
        for one in ways:
            tab = button(names.get(one, one), partial(self._draw_key, ways, one), kind="tab", name=f"way_{one}")
            tab.setCheckable(True)
            tab.setChecked(one == kind)
            tabs.append(tab)
        self._key.addLayout(row(*tabs, None))
        self.secret = QLineEdit()
        self.secret.setObjectName("secretField")
        self.secret.setAccessibleName(names.get(kind, kind))
        self.secret.returnPressed.connect(partial(self._restore, kind))
        if kind == WARD:
            self._key.addWidget(label(self.tr("It is put back, and both officers open it at the lock.")))
        else:
            if kind != "key_file":
                self.secret.setEchoMode(QLineEdit.EchoMode.Password)
            self._key.addWidget(self.secret)
        if kind == "key_file":
            self._key.addLayout(row(button(self.tr("Choose your key file"), self._choose_key, name="chooseKey"), None))
        if kind == "pin":
            self._key.addWidget(
                label(self.tr("A PIN opens the copy on the machine and under the user it was made with."), "small")
            )
        self._key_frame.show()
        self.set_actions(
            back=(self.tr("Back"), self._door.leave), primary=(self.tr("Put it back"), partial(self._restore, kind))
        )
        self.secret.setFocus()

    def _choose_key(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose your key file"))
        if path:
            self.secret.setText(path)

    def _restore(self, kind: str) -> None:
        if self._backup is None or (kind != WARD and not self.secret.text()):
            return
        self.note.setText(self.tr("Opening and reading the copy…"))
        key = None if kind == WARD else Key(kind, self.secret.text())
        self._door.restore(self._backup, key, self._done, self._refused)

    def _refused(self, wrong: BaseException) -> None:
        self.note.setText("")
        self.scroller.verticalScrollBar().setValue(0)
        tell(self.content, wrong)

    def _done(self, restored: Any) -> None:
        """It is in its place: say what came back, and lead to the lock."""
        clear(self.content)
        what = self.tr("The copy is back in its place.")
        more = ""
        if restored.found is not None:
            lacking = len(restored.found.missing) + len(restored.found.damaged)
            more = self.tr("%1 photos are whole.").replace("%1", str(restored.found.whole))
            if lacking:
                more += " " + self.tr("%1 are missing: the dossiers say which.").replace("%1", str(lacking))
        self.content.addWidget(banner("good", what, more, name="restored"))
        if restored.set_aside is not None:
            said = self.tr("What was here before lies in %1.").replace("%1", str(restored.set_aside))
            self.content.addWidget(label(said, "small"))
        self.set_actions(primary=(self.tr("To the lock"), self._door.leave))


def make(door: Door, _route: Restore) -> RestoreScreen:
    return RestoreScreen(door)
