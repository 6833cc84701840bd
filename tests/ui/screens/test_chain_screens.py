"""The two screens of a QR chain: codes that another machine reads, and pictures that become receipts."""

import os
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel

from bnhelper.codes.frame_chain import ChainReader, frames_in
from sync.screen_chain import carried_folder
from sync.transport.courier import Stick
from sync.wire.courier import part_name
from tests.sync.conftest import RunningIntake, intake
from tests.sync.courier_world import locked
from tests.ui.screens.test_carry_by_usb import Hand, hand
from ui.devices.frame_source import PictureFiles
from ui.presenters import routes
from ui.screens.read_chain import ReadChainScreen
from ui.screens.show_chain import ShowChainScreen
from ui.widgets.frame_view import FrameView

__all__ = ["hand", "intake"]


def test_grabs_of_the_screen_are_read_by_the_other_screen(hand: Hand, tmp_path: Path, intake: RunningIntake) -> None:
    dossier = locked(hand.machine)
    hand.open()
    hand.app.window.go(routes.ShowChain(dossier))
    page = hand.app.window.page
    assert isinstance(page, ShowChainScreen)
    hand.wait(lambda: bool(page._chains))
    (chain,), view = page._chains, page.findChild(FrameView)
    assert isinstance(view, FrameView)
    hand.wait(lambda: any("là đủ" in one.text() for one in page.findChildren(QLabel)))
    grabs, reader, whole = tmp_path / "grabs", ChainReader(), None
    grabs.mkdir()
    (grabs / "notes.txt").write_text("no picture")
    (grabs / "00.png").write_bytes(b"no picture either")
    for number in range(chain.count + 12):
        page._next()
        picture = view.grab().toImage()
        picture.save(str(grabs / f"{number:03}.png"))
        gray = picture.convertToFormat(QImage.Format.Format_Grayscale8)
        for frame in frames_in(bytes(gray.constBits()), gray.width(), gray.height(), gray.bytesPerLine()):
            whole = reader.take(frame) or whole
    assert whole is not None, "what is painted can be read"
    if folder := os.environ.get("BNHELPER_LOOKS"):
        hand.app.window.grab().save(str(Path(folder) / "chain-show.png"))

    hand.app.window.home(routes.ReadChain())
    read = hand.app.window.page
    assert isinstance(read, ReadChainScreen)
    read.read(PictureFiles([grabs / "005.png"]))
    hand.wait(lambda: any("trên ít nhất" in one.text() for one in read.findChildren(QLabel)))
    read.read(PictureFiles([grabs]))
    hand.wait(lambda: any("Một hồ sơ niêm phong" in one.text() for one in read.findChildren(QLabel)))
    if folder := os.environ.get("BNHELPER_LOOKS"):
        hand.app.window.grab().save(str(Path(folder) / "chain-read.png"))
    kept = list(carried_folder(read._desk.courier.keeper).rglob("*.age"))
    assert [path.read_bytes() for path in kept] == [whole]


def test_every_receipt_has_its_turn(hand: Hand, tmp_path: Path) -> None:
    hand.open()
    assert hand.app.desk is not None
    folder = Stick(carried_folder(hand.app.desk.courier.keeper))
    replies = {bytes([number]) * 700 for number in range(1, 7)}  # more than a reader follows at once
    for number, sealed in enumerate(sorted(replies)):
        folder.keep_reply(part_name(f"{number:064x}", 1, 1), sealed)
    hand.app.window.go(routes.ShowChain())
    page = hand.app.window.page
    assert isinstance(page, ShowChainScreen)
    hand.wait(lambda: bool(page._chains))
    page._timer.stop()
    page._which = page._number = 0
    reader, read, shown = ChainReader(), set(), []
    page._view.show_picture = lambda *_picture: None  # type: ignore[method-assign]
    for _ in range(6 * 3 * 2):
        shown.append(page._chains[page._which].frame(page._number))
        page._next()
    for frame in shown[1:]:  # a camera that was a moment late
        whole = reader.take(frame)
        if whole is not None:
            read.add(whole)
    assert read == replies
