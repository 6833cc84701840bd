"""Where is my dossier? With the slip alone: a status and its date, and nobody's name."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from bnhelper.codes.receipt_code import read_receipt
from bnhelper.domain.seen_status import SeenStatus, newest
from ui.presenters.kiosk import Place
from ui.presenters.kiosk_desk import KioskDesk
from ui.screens.kiosk_page import KioskPage
from ui.screens.kiosk_trouble import tell_at_kiosk
from ui.theme.look import look
from ui.widgets.kiosk_parts import deed
from ui.widgets.on_screen_keyboard import CODE, DIGITS, KioskField, OnScreenKeyboard
from ui.widgets.parts import banner, card, clear, label, row
from ui.words import formats
from ui.words.status_words import status_icon, status_word

_PHONE_END = 4


class KioskLookUp(KioskPage):
    """The slip's QR code through a scanner, or its short code by hand."""

    IS_ENTRY = True

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self.say(self.tr("Scan the square on your slip, or type its code"))
        self.field = KioskField("kioskSlip", self.tr("Code on the slip"))
        self.field.setPlaceholderText(self.tr("for example BN-7K4-M2P"))
        self.field.returnPressed.connect(self._ask)
        go = deed(self.tr("Look up"), self._ask, kind="primary", name="kioskGo", icon="search")
        self.content.addLayout(row(self.field, go, spacing=24))
        self._said = label("", "error", name="kioskSaid")
        self._said.hide()
        self.content.addWidget(self._said)
        self._keyboard = OnScreenKeyboard(self.field, CODE)
        self.content.addWidget(self._keyboard)
        self.content.addStretch(1)

    def first_focus(self) -> KioskField:
        return self.field

    def _tell(self, said: str) -> None:
        """Say it in the place of the keyboard, since a low screen has no room for both; a scanner may go on."""
        if said:
            self._keyboard.hide()
        self._said.setText(said)
        self._said.setVisible(bool(said))
        self._keyboard.setVisible(not said)
        self.deeds = [deed(self.tr("Try again"), self._again, kind="primary", name="kioskAgain")] if said else []
        self.changed.emit()
        self.field.selectAll()
        self.field.setFocus()

    def _again(self) -> None:
        self.field.clear()
        self._tell("")

    def _ask(self) -> None:
        desk, text = self.desk, self.field.text()
        if not text.strip():
            return
        wait_s = desk.misses.wait_s()
        if wait_s:
            self._tell(self.tr("Please wait %1 s, or call staff.").replace("%1", str(wait_s)))
            return
        read = read_receipt(text)
        if read is None:
            desk.misses.missed()
            self._tell(self.tr("No such code. Check its letters and digits, or call staff."))
            return
        pages = desk.resident.pages
        pages.forget("phone")
        if read.token:
            pages.forget("code")
            pages.put("token", read.token)
            desk.go(Place.STATUS)
        elif desk.board:
            pages.forget("token")
            pages.put("code", read.code)
            desk.go(Place.PHONE)
        else:
            self._tell(self.tr("By hand this code cannot be looked up here. Please scan the square, or call staff."))


class KioskPhone(KioskPage):
    """A short code can be guessed; the end of the phone number makes sure that it is one's own."""

    IS_ENTRY = True

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self.say(self.tr("The last 4 digits of the phone number on the dossier"))
        self.field = KioskField("kioskPhone", self.tr("Last 4 digits of the phone number"))
        self.field.setMaxLength(_PHONE_END)
        self.field.setInputMethodHints(self.field.inputMethodHints() | Qt.InputMethodHint.ImhDigitsOnly)
        self.field.returnPressed.connect(self._ask)
        go = deed(self.tr("Look up"), self._ask, kind="primary", name="kioskGo", icon="search")
        self.content.addLayout(row(self.field, go, spacing=24))
        self.content.addWidget(OnScreenKeyboard(self.field, DIGITS))
        self.content.addStretch(1)

    def first_focus(self) -> KioskField:
        return self.field

    def _ask(self) -> None:
        end = self.field.text()
        if len(end) == _PHONE_END and end.isascii() and end.isdigit():
            self.desk.resident.pages.put("phone", end)
            self.desk.replace(Place.STATUS)


class KioskStatus(KioskPage):
    """The result of the one status function with its date: this machine's or the province's, whichever is later."""

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self.say(self.tr("Looking… about 5 seconds"))
        self._body = QVBoxLayout()
        self.content.addLayout(self._body, 1)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(self.tr("Looking… about 5 seconds"))
        self._body.addWidget(bar)
        self._body.addStretch(1)
        pages, board, province = desk.resident.pages, desk.board, desk.province
        token, code, phone = pages.get("token"), pages.get("code"), pages.get("phone")

        def ask() -> tuple[SeenStatus | None, bool]:
            from sync.transport.enrolment import ProvinceSilent

            here = None
            if board is not None:
                here = board.by_token(token) if token else board.by_code(code, phone)
            if province is None or not token:
                return here, False
            try:
                return newest(here, province.ask(token)), False
            except ProvinceSilent:
                return here, True

        desk.line.run(ask, owner=self).then(lambda found: self._draw(*found)).on_trouble(
            lambda wrong: tell_at_kiosk(self._body, wrong)
        )

    def _draw(self, seen: SeenStatus | None, is_silent: bool) -> None:
        clear(self._body)
        if seen is not None:
            self._show(seen)
        elif is_silent:
            self.say(self.tr("Not possible just now"))
            said = self.tr("It cannot be looked up at this moment. Please see staff at the counter.")
            self._body.addWidget(banner("warn", said, name="kioskOffline"))
        else:
            self.desk.misses.missed()
            self.say(self.tr("No such code"))
            said = self.tr("Please check its letters and digits, or call staff.")
            self._body.addWidget(banner("warn", said, name="kioskUnknown"))
            call = deed(self.tr("Call staff"), lambda: self.desk.go(Place.CALL), kind="primary", icon="call")
            self.deeds = [call]
        self._body.addStretch(1)
        self.changed.emit()

    def _show(self, seen: SeenStatus) -> None:
        self.say(self.tr("Your dossier"))
        frame, inside = card(margin=32, spacing=16)
        frame.setObjectName("kioskStatus")
        line = QHBoxLayout()
        line.setSpacing(24)
        drawn = QLabel()
        drawn.setPixmap(look.pixmap(status_icon(seen.status), "primary", 80))
        line.addWidget(drawn)
        words: QWidget = label(status_word(seen.status), "display", name="kioskStatusWord")
        line.addWidget(words, 1)
        inside.addLayout(line)
        day = f"{formats.clock_time(seen.at)}, {formats.weekday(seen.at, self.desk.language)}, {formats.date(seen.at)}"
        said = self.tr("Since %1") if seen.is_from_province else self.tr("Known on this ward's machine since %1")
        inside.addWidget(label(said.replace("%1", day), name="kioskSince"))
        self._body.addWidget(frame)
        self._body.addWidget(label(self.tr("Only this is shown: no name and no paper."), "small"))
