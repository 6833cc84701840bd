"""Hands what waits to the ward's machine beside this one; on that machine is not at the province, and it says so."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtWidgets import QFileDialog, QLineEdit

from bnhelper.queries.sync_centre import SyncCentre, sync_centre
from sync.courier_keeper import NothingToCarry
from sync.engine.carried import BroughtBack
from sync.transport.courier import CopyStopped
from ui.devices.picture import codes_in, read_file
from ui.presenters.desk import Desk
from ui.presenters.routes import SendToWard
from ui.screens.courier_progress import CourierProgress
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, clear, heading, label, row
from ui.words import formats

Result = TypeVar("Result")
#: part of the style sheet, what happened, the next step
Said = tuple[str, str, str]


class SendToWardScreen(Page):
    """Pair once, then one press: hand over, and take the receipts that are there."""

    MOST_WIDTH = 840

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ward = ""
        self._view: SyncCentre | None = None
        self._said: list[Said] = []
        self._trouble: BaseException | None = None
        self._progress: CourierProgress | None = None
        self._is_running = False
        self.set_title(self.tr("To the ward's machine"), self.tr("Send and receive"))
        self._look()

    def _look(self) -> None:
        desk = self._desk

        def work() -> tuple[str, SyncCentre]:
            return desk.ward.ward_name(), sync_centre(desk.machine, desk.link)

        desk.work.run(work, owner=self).then(self._seen).on_trouble(lambda wrong: tell(self.content, wrong))

    def _seen(self, found: tuple[str, SyncCentre]) -> None:
        self._ward, self._view = found
        self._draw()

    def refresh(self) -> None:
        """The courier or the runner told something."""
        if self._is_running and self._progress is None:
            self._draw()
        elif self._progress is not None:
            self._progress.show_state(self._desk.courier.state)

    # --- drawing -------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        clear(self.content)
        self._progress = None
        for part, what, then in self._said:
            self.content.addWidget(banner(part, what, then, name="answer"))
        back = (self.tr("Back"), self._desk.navigator.back)
        if self._is_running:
            self._progress = CourierProgress(self._desk.language, to_ward=True)
            self._progress.show_state(self._desk.courier.state)
            self.content.addWidget(self._progress)
            self.content.addWidget(
                label(self.tr("You may go on working; it is gone on with if it breaks off."), "small")
            )
            self.set_actions(back=back, others=(button(self.tr("Stop"), self._desk.courier.stop, name="stop"),))
            return
        if self._ward:
            self._draw_paired()
            others = (button(self.tr("Pair with another machine"), self._forget, name="pairAnother"),)
            self.set_actions(back=back, others=others, primary=(self.tr("Hand to the ward's machine"), self._hand))
        else:
            self._draw_pairing()
            self.set_actions(back=back, primary=(self.tr("Pair"), self._pair))
        if self._trouble is not None:
            trouble, self._trouble = self._trouble, None
            tell(self.content, trouble)

    def _draw_pairing(self) -> None:
        self.content.addWidget(
            label(
                self.tr(
                    "The ward's machine takes your dossiers sealed and can read nothing of them. Pair with it once: on it open “Send and receive”, “Take in from neighbours”."
                )
            )
        )
        frame, inside = card()
        inside.addWidget(label(self.tr("The code that the ward's machine shows"), "strong"))
        self._field = QLineEdit()
        self._field.setObjectName("wardCode")
        self._field.setAccessibleName(self.tr("The code that the ward's machine shows"))
        self._field.setPlaceholderText(self.tr("Paste the text here, or choose a picture of the code"))
        inside.addWidget(self._field)
        inside.addLayout(
            row(button(self.tr("Choose a picture"), self._choose, name="choosePicture", icon="folder_open"), None)
        )
        self.content.addWidget(frame)

    def _draw_paired(self) -> None:
        view = self._view
        assert view is not None
        self.content.addWidget(label(self.tr("Paired with: %1").replace("%1", self._ward), "strong"))
        heading(self.content, self.tr("Waiting on this machine"))
        count = (
            formats.counted(len(view.waiting), self.tr("1 dossier"), self.tr("%1 dossiers")),
            formats.counted(view.files_waiting, self.tr("1 file"), self.tr("%1 files")),
            formats.megabytes(view.bytes_waiting, self._desk.language),
        )
        self.content.addWidget(label(" · ".join(count), "strong"))
        self.content.addWidget(
            label(
                self.tr(
                    "What is handed over goes on waiting here until the province's receipt comes back, by whichever way is first."
                ),
                "small",
            )
        )

    # --- deeds ---------------------------------------------------------------------------------------------

    def _run(self, work: Callable[[], Result], then: Callable[[Result], list[Said]]) -> None:
        self._said, self._trouble = [], None

        def ended(result: Result) -> None:
            self._is_running = False
            self._said = then(result)
            self._desk.changed()
            self._look()

        def failed(wrong: BaseException) -> None:
            self._is_running = False
            if isinstance(wrong, CopyStopped):
                self._said = [("note", self.tr("Stopped."), self.tr("Press again: it goes on from where it was."))]
            elif isinstance(wrong, NothingToCarry):
                self._said = [("note", self.tr("Nothing waits here to be handed over."), "")]
            else:
                self._trouble = wrong
            self._look()

        self._desk.long_work.run(work, owner=self).then(ended).on_trouble(failed)

    def _pair(self) -> None:
        text, ward = self._field.text().strip(), self._desk.ward
        self._run(partial(ward.pair, text), self._paired)

    def _paired(self, name: str) -> list[Said]:
        what = self.tr("Paired with %1.").replace("%1", name)
        return [("good", what, self.tr("Press “Hand to the ward's machine” whenever both are in one network."))]

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a picture"), "", "*.jpg *.jpeg *.png *.webp *.bmp")
        if path:
            self.read_picture(path)

    def read_picture(self, path: str) -> None:
        """Take the code out of a picture; also the way in for tests."""

        def work() -> str:
            return codes_in(read_file(path).content)[0]

        self._desk.work.run(work, owner=self).then(self._field.setText).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _forget(self) -> None:
        self._said = []
        self._desk.work.run(self._desk.ward.forget_ward, owner=self).then(lambda _none: self._look())

    def _hand(self) -> None:
        self._is_running = True
        self._run(self._desk.ward.to_ward, self._handed)
        self._draw()

    def _handed(self, back: BroughtBack) -> list[Said]:
        said: list[Said] = []
        if back.proved:
            what = formats.counted(
                back.proved,
                self.tr("The province confirmed 1 dossier; its receipt came back."),
                self.tr("The province confirmed %1 dossiers; their receipts came back."),
            )
            said.append(("good", what, self.tr("The receipts were checked and kept.")))
        if back.held:
            said.append(
                (
                    "warn",
                    self.tr("The province returned some dossiers."),
                    self.tr("Open “Send and receive” to see why and mend it."),
                )
            )
        self._trouble = back.left
        if back.left is None and (not back.proved or back.waiting):
            said.append(
                (
                    "note",
                    self.tr("Your dossiers are on the ward's machine: not sent yet."),
                    self.tr(
                        "It brings them to the province when it has a network. Press again later for the receipts."
                    ),
                )
            )
        return said


def make(desk: Desk, _route: SendToWard) -> SendToWardScreen:
    return SendToWardScreen(desk)
