"""Seals what waits on to a stick, hands a stick over for others, and reads the receipts that came back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from bnhelper.queries.sync_centre import SyncCentre, sync_centre
from sync.engine.carried import BroughtBack, CarriedOut, HandedOver, Step
from sync.transport.courier import CopyStopped
from ui.devices.sticks import StickSeen, sticks_seen
from ui.presenters.desk import Desk
from ui.presenters.routes import CarryByUsb
from ui.screens.courier_progress import CourierProgress
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, clear, heading, label, row
from ui.words import formats

Result = TypeVar("Result")
#: result: part of the style sheet, what happened, the next step
Said = tuple[str, str, str]


class CarryByUsbScreen(Page):
    """One stick, three deeds; while one runs, its progress and a way to stop it."""

    MOST_WIDTH = 840

    def __init__(self, desk: Desk, route: CarryByUsb) -> None:
        super().__init__()
        self._desk = desk
        self._dossier = route.dossier
        self._view: SyncCentre | None = None
        self._sticks: list[StickSeen] = []
        self._folder: Path | None = None
        self._said: list[Said] = []
        self._trouble: BaseException | None = None
        self._progress: CourierProgress | None = None
        self.set_title(self.tr("Carry by USB"), self.tr("Send and receive"))
        self._look()

    # --- what is there -------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Ask the store and the system; sticks are plugged in and out at any time."""
        desk = self._desk

        def work() -> tuple[SyncCentre, list[StickSeen]]:
            return sync_centre(desk.machine, desk.link), sticks_seen()

        desk.work.run(work, owner=self).then(self._seen).on_trouble(lambda wrong: tell(self.content, wrong))

    def _seen(self, found: tuple[SyncCentre, list[StickSeen]]) -> None:
        self._view, self._sticks = found
        if self._folder is None and len(self._sticks) == 1:
            self._folder = self._sticks[0].path
        self._draw()

    def choose(self, folder: Path) -> None:
        """Take this folder; also the way in for the demo and tests."""
        self._folder = folder
        self._said, self._trouble = [], None
        self._draw()

    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Choose the stick or a folder on it"))
        if path:
            self.choose(Path(path))

    def refresh(self) -> None:
        """The courier or the runner told something."""
        state = self._desk.courier.state
        if (state.step is Step.IDLE) != (self._progress is None):
            self._look()
        elif self._progress is not None:
            self._show_progress()

    # --- drawing -------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        clear(self.content)
        self._progress = None
        for part, what, then in self._said:
            self.content.addWidget(banner(part, what, then, name="answer"))
        if self._desk.courier.state.step is not Step.IDLE:
            self._draw_running()
            return
        self.content.addWidget(
            label(
                self.tr(
                    "Everything on the stick is sealed: whoever carries or finds it can read nothing. A dossier goes on waiting here until the province's receipt comes back, by line or by stick."
                )
            )
        )
        self._draw_sticks()
        self._draw_counts()
        if self._trouble is not None:
            trouble, self._trouble = self._trouble, None
            tell(self.content, trouble)
        read = button(self.tr("Read receipts"), self._bring_back, name="bringBack")
        over = button(self.tr("Hand over"), self._hand_over, name="handOver")
        self.set_actions(
            back=(self.tr("Back"), self._desk.navigator.back),
            others=(read, over),
            primary=(self.tr("Seal on to the stick"), self._carry_out),
        )

    def _draw_sticks(self) -> None:
        heading(self.content, self.tr("The stick"))
        frame, inside = card()
        offered = list(self._sticks)
        if self._folder is not None and all(one.path != self._folder for one in offered):
            shown = "/".join(self._folder.parts[-2:])  # the whole path would be cut
            offered.append(StickSeen(shown, self._folder, -1))
        for number, one in enumerate(offered):
            free = self.tr("%1 free").replace("%1", formats.megabytes(one.free, self._desk.language))
            words = f"{one.name} · {free}" if one.free >= 0 else one.name
            choice: QPushButton = button(words, partial(self.choose, one.path), kind="choice", name=f"stick_{number}")
            choice.setCheckable(True)
            choice.setChecked(one.path == self._folder)
            inside.addWidget(choice)
        if not offered:
            inside.addWidget(label(self.tr("No stick is plugged in. Plug one in and look again, or choose a folder.")))
        inside.addLayout(
            row(
                button(self.tr("Look again"), self._look, name="lookAgain", icon="sync"),
                button(self.tr("Choose a folder"), self._choose_folder, name="chooseFolder", icon="folder_open"),
                None,
            )
        )
        self.content.addWidget(frame)

    def _draw_counts(self) -> None:
        view = self._view
        assert view is not None
        heading(self.content, self.tr("Waiting on this machine"))
        if self._dossier is not None:
            one = next((row for row in (*view.held, *view.waiting) if row.dossier == self._dossier), None)
            words = self.tr("One dossier for the help desk: %1").replace("%1", one.readable_code if one else "")
            self.content.addWidget(label(words, "strong"))
            return
        count = (
            formats.counted(len(view.waiting), self.tr("1 dossier"), self.tr("%1 dossiers")),
            formats.counted(view.files_waiting, self.tr("1 file"), self.tr("%1 files")),
            formats.megabytes(view.bytes_waiting, self._desk.language),
            *self._visits(view.status.visits),
        )
        self.content.addWidget(label(" · ".join(count), "strong"))
        already = sum(one.exported_at is not None for one in view.waiting)
        if already:
            words = formats.counted(
                already,
                self.tr("1 of them lies on a stick already; it is sealed once more, which does no harm."),
                self.tr("%1 of them lie on a stick already; they are sealed once more, which does no harm."),
            )
            self.content.addWidget(label(words, "small"))

    def _draw_running(self) -> None:
        self._progress = CourierProgress(self._desk.language)
        self.content.addWidget(self._progress)
        self.content.addWidget(
            label(
                self.tr("Leave the stick plugged in. You may go on working; it is gone on with if it breaks off."),
                "small",
            )
        )
        self.set_actions(
            back=(self.tr("Back"), self._desk.navigator.back),
            others=(button(self.tr("Stop"), self._desk.courier.stop, name="stop"),),
        )
        self._show_progress()

    def _show_progress(self) -> None:
        if self._progress is not None:
            self._progress.show_state(self._desk.courier.state)

    # --- deeds ---------------------------------------------------------------------------------------------

    def _run(self, work: Callable[[Path], Result], then: Callable[[Result], list[Said]]) -> None:
        folder = self._folder
        if folder is None:
            self._said = [("note", self.tr("Choose a stick first."), self.tr("Plug one in, or choose a folder."))]
            self._draw()
            return
        if self._desk.courier.state.step is not Step.IDLE:
            return
        self._said, self._trouble = [], None

        def ended(result: Result) -> None:
            self._said = then(result)
            self._desk.changed()
            self._look()

        def failed(wrong: BaseException) -> None:
            if isinstance(wrong, CopyStopped):
                self._said = [("note", self.tr("Stopped."), self.tr("Press again: it goes on from where it was."))]
            else:
                self._trouble = wrong
            self._look()

        self._desk.long_work.run(lambda: work(folder), owner=self).then(ended).on_trouble(failed)

    def _carry_out(self) -> None:
        courier, dossier = self._desk.courier, self._dossier
        self._run(lambda folder: courier.carry_out(folder, dossier=dossier), self._carried)

    def _bring_back(self) -> None:
        self._run(self._desk.courier.bring_back, self._brought)

    def _hand_over(self) -> None:
        self._run(self._desk.courier.hand_over, self._handed)

    # --- results -------------------------------------------------------------------------------------------

    def _carried(self, done: CarriedOut) -> list[Said]:
        what = formats.counted(
            done.dossiers,
            self.tr("1 dossier is sealed on the stick, read back and the same."),
            self.tr("%1 dossiers are sealed on the stick, read back and the same."),
        )
        then = self.tr(
            "Not sent yet. Remove the stick safely and give it to the ward or to anybody who has a network: their machine hands it over, and the receipts come back on it."
        )
        return [("note", " · ".join([what, *self._visits(done.visits)]), then)]

    def _visits(self, count: int) -> list[str]:
        if not count:
            return []
        return [formats.counted(count, self.tr("1 outcome of a visit"), self.tr("%1 outcomes of visits"))]

    def _brought(self, done: BroughtBack) -> list[Said]:
        said: list[Said] = []
        if done.proved:
            what = formats.counted(
                done.proved,
                self.tr("The province confirmed 1 dossier of this stick."),
                self.tr("The province confirmed %1 dossiers of this stick."),
            )
            said.append(("good", what, self.tr("Its receipts were checked and kept.")))
        if done.visits:
            what = self.tr("The province confirmed: %1").replace("%1", "".join(self._visits(done.visits)))
            said.append(("good", what, self.tr("Its receipts were checked and kept.")))
        if done.held:
            what = formats.counted(
                done.held,
                self.tr("The province returned 1 dossier."),
                self.tr("The province returned %1 dossiers."),
            )
            said.append(("warn", what, self.tr("Open “Send and receive” to see why and mend it.")))
        if done.waiting:
            what = formats.counted(
                done.waiting,
                self.tr("1 dossier has not wholly arrived."),
                self.tr("%1 dossiers have not wholly arrived."),
            )
            said.append(("warn", what, self.tr("Parts of it are missing there. Nothing is lost: it goes on waiting.")))
        if done.others and not done.replies:
            said.append(
                ("note", self.tr("What lies on this stick is for another machine."), self.tr("It was left alone."))
            )
        if not said:
            said.append(
                ("note", self.tr("Nothing has come back on this stick yet."), self.tr("Everything goes on waiting."))
            )
        return said

    def _handed(self, done: HandedOver) -> list[Said]:
        said: list[Said] = []
        if done.proved:
            what = formats.counted(
                done.proved,
                self.tr("The province wholly received 1 dossier of this stick."),
                self.tr("The province wholly received %1 dossiers of this stick."),
            )
            said.append(
                ("good", what, self.tr("The receipts are on the stick: bring it back to the machine that sealed it."))
            )
        if done.waiting or done.missing_parts:
            said.append(
                (
                    "warn",
                    self.tr("Parts are missing on this stick."),
                    self.tr("Hand over the other stick too, or let the volunteer seal once more."),
                )
            )
        if done.refused:
            said.append(
                ("warn", self.tr("Some dossiers were returned."), self.tr("The machine that sealed them will say why."))
            )
        words = {
            "damaged": self.tr("A file on this stick is damaged or was not wholly copied."),
            "not-for-us": self.tr("A bundle on this stick is sealed to another province."),
            "wrong-province": self.tr("A bundle on this stick is for another province."),
            "unknown-device": self.tr("A bundle is from a machine that this province does not know."),
            "revoked": self.tr("A bundle is from a machine that was revoked."),
            "not-allowed": self.tr("A bundle is from a machine for training: practice is never sent."),
            "bad-signature": self.tr("A bundle was not signed by the machine that it names."),
        }
        said.extend(
            (
                "trouble",
                words.get(code, self.tr("The province did not take a bundle of this stick.")),
                self.tr("Nothing of it was taken. Ask the volunteer to seal once more."),
            )
            for code in sorted(done.codes)
        )
        if done.left:
            said.append(
                (
                    "warn",
                    self.tr("The province cannot take all of this stick now."),
                    self.tr("Nothing is lost: it lies on the stick. Hand it over again later."),
                )
            )
        if not said:
            said.append(
                ("note", self.tr("Handed over."), self.tr("Bring the stick back to the machine that sealed it."))
            )
        return said

    def first_focus(self) -> QWidget | None:
        return self._primary


def make(desk: Desk, route: CarryByUsb) -> CarryByUsbScreen:
    return CarryByUsbScreen(desk, route)
