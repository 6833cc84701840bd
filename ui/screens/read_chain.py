"""Reads a chain of QR codes that another machine shows: receipts of ours, or a dossier to hand over for it."""

from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from bnhelper.codes.frame_chain import ChainProgress, ChainReader, frames_in
from sync.engine.carried import HandedOver
from sync.screen_chain import Taken, carried_folder, take
from ui.devices.frame_source import FrameSource, PictureFiles
from ui.presenters.desk import Desk
from ui.presenters.routes import ReadChain, ShowChain
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, clear, label, row

#: what was taken, how far the reader was, pictures looked at
Found = tuple[list[Taken], ChainProgress, int]


class ReadChainScreen(Page):
    """Where the pictures are, what came of them, and what to do with it next."""

    MOST_WIDTH = 840

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._reader = ChainReader()
        self._said: list[tuple[str, str, str]] = []
        self._has_kept = False
        self.set_title(self.tr("Read QR chain"), self.tr("Send and receive"))
        self._draw()

    def _draw(self) -> None:
        clear(self.content)
        for part, what, then in self._said:
            self.content.addWidget(banner(part, what, then, name="answer"))
        frame, inside = card("drop", margin=24)
        inside.addWidget(
            label(
                self.tr(
                    "Film or photograph the codes on the other screen, then choose the pictures here: any of them, in any order, as many as it says."
                )
            )
        )
        inside.addLayout(
            row(
                button(self.tr("Choose pictures"), self._choose_files, name="choosePictures", icon="folder_open"),
                button(self.tr("Choose a folder"), self._choose_folder, name="chooseFolder", icon="folder_open"),
                None,
            )
        )
        inside.addWidget(label(self.tr("More pictures can be added; what was read is remembered."), "small"))
        self.content.addWidget(frame)
        others = [button(self.tr("Show the receipts"), partial(self._desk.navigator.go, ShowChain()), name="receipts")]
        self.set_actions(
            back=(self.tr("Back"), self._desk.navigator.back),
            others=tuple(others),
            primary=(self.tr("Hand over to the province"), self._hand_over),
        )

    def _choose_files(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, self.tr("Choose pictures"), "", "*.jpg *.jpeg *.png *.webp *.bmp")
        if paths:
            self.read(PictureFiles([Path(one) for one in paths]))

    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"))
        if path:
            self.read(PictureFiles([Path(path)]))

    def read(self, source: FrameSource) -> None:
        """Read every picture of a source; also the way in for a camera, the demo and tests."""
        keeper, reader = self._desk.courier.keeper, self._reader

        def work() -> Found:
            taken: list[Taken] = []
            looked = 0
            for picture in source.pictures():
                looked += 1
                gray = picture.convertToFormat(QImage.Format.Format_Grayscale8)
                for frame in frames_in(bytes(gray.constBits()), gray.width(), gray.height(), gray.bytesPerLine()):
                    whole = reader.take(frame)
                    if whole is not None:
                        taken.append(take(keeper, whole))
            return taken, reader.progress, looked

        self._said = [("note", self.tr("Reading the pictures…"), "")]
        self._draw()
        self._desk.long_work.run(work, owner=self).then(self._read).on_trouble(self._failed)

    def _read(self, found: Found) -> None:
        taken, progress, looked = found
        self._said = [self._words(one) for one in taken]
        if not taken and progress.needed:
            what = self.tr("%1 of at least %2 codes were read.")
            what = what.replace("%1", str(progress.known)).replace("%2", str(progress.needed))
            self._said.append(("note", what, self.tr("Film a little longer and add those pictures.")))
        elif not taken:
            what = self.tr("No code of bnhelper in %1 pictures.").replace("%1", str(looked))
            self._said.append(("warn", what, self.tr("Go closer, so that the code fills the picture, and hold still.")))
        self._desk.changed()
        self._draw()

    def _words(self, one: Taken) -> tuple[str, str, str]:
        if one.applied is not None:
            if one.applied.proved:
                return "good", self.tr("The province's receipt was read."), self.tr("It was checked and kept.")
            return "note", self.tr("The province's answer was read."), self.tr("Not everything has arrived there yet.")
        if one.is_kept:
            return (
                "note",
                self.tr("A sealed dossier is on this machine."),
                self.tr("It is not at the province yet. Press “Hand over to the province” when there is a network."),
            )
        return "warn", self.tr("These codes are not of bnhelper."), self.tr("Nothing was kept.")

    def _hand_over(self) -> None:
        courier = self._desk.courier
        folder = carried_folder(courier.keeper)
        self._desk.long_work.run(lambda: courier.hand_over(folder), owner=self).then(self._handed).on_trouble(
            self._failed
        )

    def _handed(self, done: HandedOver) -> None:
        if done.left:
            self._said = [
                (
                    "warn",
                    self.tr("The province cannot take all of it now."),
                    self.tr("Nothing is lost: it lies on this machine. Hand it over again later."),
                )
            ]
        elif done.codes or done.refused:
            self._said = [
                (
                    "warn",
                    self.tr("The province did not take everything."),
                    self.tr("Show the receipts to the other machine: it will say why."),
                )
            ]
        else:
            self._said = [
                (
                    "note",
                    self.tr("Handed over to the province."),
                    self.tr("Press “Show the receipts” and let the other machine film them."),
                )
            ]
        self._draw()

    def _failed(self, wrong: BaseException) -> None:
        self._said = []
        self._draw()
        tell(self.content, wrong)


def make(desk: Desk, _route: ReadChain) -> ReadChainScreen:
    return ReadChainScreen(desk)
