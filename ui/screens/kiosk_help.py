"""Calling staff, and the officer's way out."""

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from bnhelper.domain.people import NotYours
from ui.presenters.door import Key
from ui.presenters.kiosk import Place
from ui.presenters.kiosk_desk import KioskDesk
from ui.screens.kiosk_page import KioskPage
from ui.widgets.kiosk_parts import deed
from ui.widgets.on_screen_keyboard import DIGITS, LETTERS, KioskField, OnScreenKeyboard
from ui.widgets.parts import banner, clear, label, row
from ui.words.language import language
from ui.words.locked_words import locked_words
from ui.words.trouble_words import words_for

_SOUND_EVERY_MS = 5000
_SOUNDS = 12  #: a minute; then it is clear that nobody hears it


class KioskCall(KioskPage):
    """Large words and a sound, for whoever works in the room. Nothing is sent anywhere, and the screen says so."""

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self.say("", self.tr("Staff are being called"))  # the title is what the room reads, larger than any
        self.setAccessibleName(self.tr("Staff are being called"))
        self._left = _SOUNDS
        self._sound = QTimer(self)
        self._sound.setInterval(_SOUND_EVERY_MS)
        self._sound.timeout.connect(self._beep)
        self.content.addWidget(label(self.tr("Help is needed here"), "display", name="kioskHelp"))
        said = self.tr("These words are for the staff in the room, with a sound if this machine has a loudspeaker.")
        more = self.tr("It sends no message. If nobody comes, please go to the counter. Your work stays behind “Back”.")
        self.content.addWidget(banner("note", said, more, name="kioskCalling"))
        self.content.addStretch(1)
        self._quiet = deed(self.tr("Stop the sound"), self.be_quiet, name="kioskQuiet")
        staff = deed(
            self.tr("For staff: leave the kiosk"), lambda: desk.go(Place.STAFF), name="kioskStaff", icon="lock"
        )
        self.deeds = [self._quiet, staff]
        self.changed.emit()
        self._sound.start()
        self._beep()

    def _beep(self) -> None:
        self._left -= 1
        QApplication.beep()
        if self._left <= 0:
            self._sound.stop()

    def be_quiet(self) -> None:
        """Make no more sound."""
        self._sound.stop()
        self._quiet.setEnabled(False)


class KioskStaff(KioskPage):
    """Whoever holds a key to this machine's data ends the kiosk; wrong ones wait as at the lock."""

    IS_ENTRY = True

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self._kind = "pin"
        self.field: QLineEdit = KioskField("kioskSecret", "")
        self.say(self.tr("For staff: leave the kiosk"))
        self._said = label("", "error", name="kioskSaid")
        desk.kinds(self._draw, self)

    def first_focus(self) -> QWidget:
        return self.field

    def _draw(self, kinds: list[str]) -> None:
        offered = list(dict.fromkeys(kinds)) or ["pin"]
        self._draw_kind(offered, offered[0])

    def _draw_kind(self, offered: list[str], kind: str) -> None:
        clear(self.content)
        self._kind = kind
        words = {
            "pin": self.tr("Your PIN"),
            "passphrase": self.tr("Your passphrase (with a keyboard)"),
            "key_file": self.tr("Path of your key file (with a keyboard)"),
        }
        if len(offered) > 1:
            names = {"pin": self.tr("PIN"), "passphrase": self.tr("Passphrase"), "key_file": self.tr("Key file")}
            tabs = [deed(names[one], partial(self._draw_kind, offered, one), name=f"kind_{one}") for one in offered]
            for tab, one in zip(tabs, offered, strict=True):
                tab.setCheckable(True)
                tab.setChecked(one == kind)
            self.content.addLayout(row(*tabs, None, spacing=24))
        self.field = KioskField("kioskSecret", words[kind])
        self.field.setPlaceholderText(words[kind])
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.returnPressed.connect(self._leave)
        go = deed(self.tr("Leave"), self._leave, kind="primary", name="kioskGo", icon="login")
        self.content.addLayout(row(self.field, go, spacing=24))
        self._said = label("", "error", name="kioskSaid")
        self._said.hide()
        self.content.addWidget(self._said)
        if kind == "pin":
            self.content.addWidget(OnScreenKeyboard(self.field, DIGITS))
        elif kind == "passphrase" and len(offered) == 1:
            self.content.addWidget(OnScreenKeyboard(self.field, LETTERS, has_space=True))
        waits = self.desk.behind()
        if waits is not None and kind != "passphrase":
            self.content.addWidget(label(locked_words(waits), "small", name="kioskWaiting"))
        self.content.addStretch(1)
        self.field.setFocus()

    def _leave(self) -> None:
        if self.field.text():
            self.desk.leave(Key(self._kind, self.field.text()), self._refused)
            self.field.clear()

    def _refused(self, wrong: BaseException) -> None:
        what, then = words_for(wrong, language.code)
        if isinstance(wrong, NotYours):
            what, then = self.tr("This key opens counts only."), self.tr("Leaving takes a key to the machine's work.")
        for keyboard in self.findChildren(OnScreenKeyboard):
            keyboard.setVisible(self._kind == "pin")  # a low screen has no room for letters and the reason
        self._said.setText(f"{what} {then}")
        self._said.show()
        self.field.setFocus()
