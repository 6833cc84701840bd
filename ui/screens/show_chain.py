"""Shows a dossier's text as QR codes one after another, for the camera of a machine that has a network."""

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bnhelper.codes.frame_chain import FrameChain, picture_of_frame
from sync.courier_keeper import NothingToCarry
from sync.screen_chain import replies, shown_text
from ui.presenters.desk import Desk
from ui.presenters.routes import ShowChain
from ui.screens.trouble import tell
from ui.widgets.frame_view import FrameView
from ui.widgets.page import Page
from ui.widgets.parts import label

_FPS: Final = 8  #: a camera of 30 frames a second sees each code three times
_TURNS: Final = 3  #: of several receipts each is shown for three times as long as a reader needs at least


class ShowChainScreen(Page):
    """The codes at a steady rate, how many of them suffice, and a way to hold one still."""

    def __init__(self, desk: Desk, route: ShowChain) -> None:
        super().__init__()
        self._desk = desk
        self._chains: list[FrameChain] = []
        self._which = self._number = 0
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // _FPS)
        self._timer.timeout.connect(self._next)
        is_dossier = route.dossier is not None
        self.set_title(
            self.tr("Show as QR chain") if is_dossier else self.tr("Show the receipts"), self.tr("Send and receive")
        )
        self._view = FrameView(self.tr("QR codes, one after another"))
        words = QVBoxLayout()
        words.addWidget(
            label(
                self.tr(
                    "Hold the other machine's camera to the screen until it says that it has everything. It may begin at any time."
                )
            )
        )
        self._count = label(" ", "strong", name="count")
        self._enough = label(" ", "strong", name="enough")
        words.addWidget(self._count)
        words.addWidget(self._enough)
        if is_dossier:
            words.addWidget(label(self.tr("The codes are sealed: whoever films them reads nothing."), "small"))
            words.addWidget(
                label(self.tr("Only the text goes this way; photos wait for a network or a stick."), "small")
            )
            words.addWidget(
                label(self.tr("The dossier goes on waiting here until the province's receipt comes back."), "small")
            )
        words.addStretch(1)
        self._shown = QWidget()
        columns = QHBoxLayout(self._shown)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(24)
        columns.addWidget(self._view, 3)
        columns.addLayout(words, 2)
        self.set_actions(back=(self.tr("Back"), desk.navigator.back))
        keeper = desk.courier.keeper

        def work() -> list[FrameChain]:
            if route.dossier is not None:
                return [FrameChain(shown_text(keeper, route.dossier))]
            found = replies(keeper)
            if not found:
                raise NothingToCarry
            return [FrameChain(one) for one in found]

        desk.work.run(work, owner=self).then(self._begin).on_trouble(lambda wrong: tell(self.content, wrong))

    def _begin(self, chains: list[FrameChain]) -> None:
        self._chains = chains
        self.fill_with(self._shown)
        self._next()
        self._run(is_running=True)

    def _next(self) -> None:
        """Make and show the next code: 2 to 3 ms."""
        if not self._chains:
            return
        chain = self._chains[self._which]
        self._view.show_picture(*picture_of_frame(chain.frame(self._number)))
        self._number += 1
        self._count.setText(self.tr("Code %1").replace("%1", str(self._number)))
        enough = self.tr("Any %1 of them are enough").replace("%1", str(chain.count))
        if len(self._chains) > 1:
            turn = self.tr("receipt %1 of %2, one after the other")
            turn = turn.replace("%1", str(self._which + 1)).replace("%2", str(len(self._chains)))
            enough = f"{enough} · {turn}"
            if self._number % (_TURNS * chain.count) == 0:
                self._which, self._number = (self._which + 1) % len(self._chains), 0
        self._enough.setText(enough)

    def _pause(self) -> None:
        self._run(is_running=not self._timer.isActive())

    def _run(self, *, is_running: bool) -> None:
        self._timer.start() if is_running else self._timer.stop()
        words = self.tr("Hold") if is_running else self.tr("Go on")
        self.set_actions(back=(self.tr("Back"), self._desk.navigator.back), primary=(words, self._pause))


def make(desk: Desk, route: ShowChain) -> ShowChainScreen:
    return ShowChainScreen(desk, route)
