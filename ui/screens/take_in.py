"""The ward's machine: takes sealed dossiers from the neighbours' machines, and says where they are."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bnhelper.codes.code_image import modules_of
from sync.taking_in import LyingHere
from sync.ward import REPLY_KEPT
from ui.presenters.desk import Desk
from ui.presenters.routes import TakeIn
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, clear, heading, label, row
from ui.widgets.qr_view import QrView
from ui.words import formats

_LOOK_EVERY_MS: Final = 1500
_CODE_LASTS: Final = dt.timedelta(minutes=14)  #: a new one is shown a minute before the old one ends


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found at a look."""

    is_running: bool
    code: str
    neighbours: tuple[str, ...]
    lying: LyingHere
    put_away: int  #: replies that nobody fetched in time


class TakeInScreen(Page):
    """A code to pair with, what lies here, who may bring; it looks again by itself."""

    MOST_WIDTH = 980

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._relay = desk.relay
        self._code, self._code_until, self._code_for = "", desk.clock.now(), -1
        self._is_looking = False
        self._shown: object = None
        self.set_title(self.tr("Take in from neighbours"), self.tr("Send and receive"))
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._look()

    def _look(self) -> None:
        if self._is_looking:
            return
        self._is_looking = True
        self._desk.work.run(self._found, owner=self).then(self._seen).on_trouble(self._failed)

    def _found(self) -> _Seen:
        """Ask the store and the folder, on the worker; a code that was used or is about to end is made anew."""
        taking_in, now = self._relay.taking_in, self._desk.clock.now()
        neighbours = self._desk.ward.neighbours()
        is_running = taking_in.is_running
        if is_running and (not self._code or now > self._code_until or self._code_for != len(neighbours)):
            self._code = taking_in.invitation()
            self._code_until, self._code_for = now + _CODE_LASTS, len(neighbours)
        put_away = self._desk.ward.put_away()
        return _Seen(is_running, self._code if is_running else "", neighbours, taking_in.lying_here(), put_away)

    def _seen(self, found: _Seen) -> None:
        self._is_looking = False
        shown = (found, self._relay.is_busy, self._relay.said, self._relay.trouble)
        if shown != self._shown:  # drawn anew only for news: somebody may be reading, or on a button
            self._shown = shown
            self._draw(found)

    def _failed(self, wrong: BaseException) -> None:
        self._is_looking = False
        tell(self.content, wrong)

    # --- drawing -------------------------------------------------------------------------------------------

    def _draw(self, found: _Seen) -> None:
        clear(self.content)
        desk = self._desk
        if found.is_running:
            self._draw_code(found)
        else:
            self.content.addWidget(
                label(
                    self.tr(
                        "Volunteers' machines in the same network hand their dossiers to this one, sealed: it can read nothing of them. It brings them to the province when there is a network, and gives the receipts back."
                    )
                )
            )
        self._draw_lying(found)
        heading(self.content, self.tr("Machines that may bring"))
        names = " · ".join(found.neighbours) or self.tr("None yet: let the other machine scan or paste the code.")
        self.content.addWidget(label(names))
        if self._relay.trouble is not None:
            tell(self.content, self._relay.trouble)
        now_button = button(self.tr("Hand over now"), self._relay_now, name="relayNow")
        if found.is_running:
            self.set_actions(
                back=(self.tr("Back"), desk.navigator.back),
                others=(button(self.tr("Stop taking in"), self._stop, name="stopTakingIn"),),
                primary=(self.tr("Hand over now"), self._relay_now),
            )
        else:
            self.set_actions(
                back=(self.tr("Back"), desk.navigator.back),
                others=(now_button,),
                primary=(self.tr("Begin taking in"), self._begin),
            )

    def _draw_code(self, found: _Seen) -> None:
        shown = QWidget()
        columns = QHBoxLayout(shown)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(24)
        code = QrView(modules_of(found.code), 240, self.tr("QR code for pairing"))
        columns.addWidget(code, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.addWidget(label(self.tr("This machine takes in now."), "strong"))
        words.addWidget(
            label(
                self.tr(
                    "A new machine is paired once: on it open “Send and receive”, “To the ward's machine”, and give it a picture of this code, or the text."
                )
            )
        )
        until = formats.clock_time(self._code_until)
        words.addWidget(
            label(self.tr("The code works once, until %1. Then a new one stands here.").replace("%1", until), "small")
        )
        words.addLayout(row(button(self.tr("Copy the text"), self._copy, name="copyCode"), None))
        words.addWidget(
            label(self.tr("It goes on taking in while this machine is locked; it pairs nobody then."), "small")
        )
        words.addStretch(1)
        columns.addLayout(words, 1)
        self.content.addWidget(shown)

    def _draw_lying(self, found: _Seen) -> None:
        language, lying = self._desk.language, found.lying
        heading(self.content, self.tr("Lying on this machine"))
        if lying.waiting:
            what = formats.counted(
                lying.waiting,
                self.tr("1 bundle is here and not at the province yet"),
                self.tr("%1 bundles are here and not at the province yet"),
            )
            then = (
                self.tr("It is being handed over now.")
                if self._relay.is_busy
                else self.tr("It is handed over by itself as soon as this machine has a network and is unlocked.")
            )
            self.content.addWidget(
                banner("note", f"{what} · {formats.megabytes(lying.size, language)}", then, name="lying")
            )
        else:
            self.content.addWidget(label(self.tr("Nothing waits here for the province."), "strong"))
        said = self._relay.said
        if said is not None and said.proved:
            words = formats.counted(
                said.proved,
                self.tr("The province confirmed 1 dossier of the last hand-over."),
                self.tr("The province confirmed %1 dossiers of the last hand-over."),
            )
            self.content.addWidget(banner("good", words, name="relayed"))
        if said is not None and (said.codes or said.refused or said.waiting):
            self.content.addWidget(
                banner(
                    "warn",
                    self.tr("The province did not take everything of the last hand-over."),
                    self.tr("The machines that sealed it are told why when they come by."),
                    name="notTaken",
                )
            )
        if lying.refused:
            words = formats.counted(
                lying.refused,
                self.tr("The province did not take 1 bundle: it is kept here and tried again once a day."),
                self.tr("The province did not take %1 bundles: they are kept here and tried again once a day."),
            )
            then = self.tr("Its machine is told why when it comes by; nothing is lost.")
            self.content.addWidget(banner("warn", words, then, name="refused"))
        if lying.answered:
            words = formats.counted(
                lying.answered,
                self.tr("The province has answered 1 bundle; its machine gets the receipt when it comes by."),
                self.tr("The province has answered %1 bundles; their machines get the receipts when they come by."),
            )
            kept = self.tr("A reply that nobody fetches is put away after %1 days.").replace("%1", str(REPLY_KEPT.days))
            self.content.addWidget(label(f"{words} {kept}", "small"))
        if found.put_away:
            words = formats.counted(
                found.put_away,
                self.tr("1 reply that nobody fetched was put away."),
                self.tr("%1 replies that nobody fetched were put away."),
            )
            then = self.tr(
                "Nothing is lost: a machine that comes after all brings its bundle again, and the province answers again."
            )
            self.content.addWidget(banner("note", words, then, name="putAway"))

    # --- deeds ---------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        desk, taking_in = self._desk, self._relay.taking_in
        self._code = ""
        desk.serving_work.run(taking_in.run, owner=self).then(lambda _none: self._look()).on_trouble(self._failed)
        QTimer.singleShot(100, self, self._look)

    def _stop(self) -> None:
        self._desk.work.run(self._relay.taking_in.stop, owner=self).then(lambda _none: self._look())

    def _relay_now(self) -> None:
        self._relay.now()
        self._look()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code)


def make(desk: Desk, _route: TakeIn) -> TakeInScreen:
    return TakeInScreen(desk)
