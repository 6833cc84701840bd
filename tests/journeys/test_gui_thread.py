"""The GUI thread never waits on disk, network or crypto, through a whole journey with the real widgets."""

import os
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import sqlcipher3.dbapi2
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QFrame, QLabel, QLineEdit, QPushButton
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.ids import PaperId
from bnhelper.paths import Places
from bnhelper.queries.dossier_tasks import dossier_tasks
from bnhelper.settings import Settings
from bnhelper.vault import keys, sealed_file, signatures
from tests import factories
from tests.sync.courier_world import locked
from tests.ui.door import At
from ui.app import App, make_qt
from ui.demo.hands import Hands
from ui.demo.play import Play
from ui.devices import picture
from ui.devices.frame_source import PictureFiles
from ui.presenters.routes import (
    CarryByUsb,
    DossierHistoryPage,
    DossierList,
    ReadChain,
    ReceiptPage,
    Restore,
    SendToWard,
    SettingsPage,
    ShowChain,
    SignInPage,
    SyncCentre,
    TakeIn,
    TakePhoto,
)
from ui.screens import receipt as receipt_screen
from ui.screens.carry_by_usb import CarryByUsbScreen
from ui.screens.read_chain import ReadChainScreen
from ui.screens.take_photo import _DropCard

pytestmark = pytest.mark.journey

#: part of a frame's file -> why such a call may come from there, on the thread that draws
_ALLOWED: Final = {
    "/resources/__init__.py": "icons, texts and style sheets: small files of the program itself, each read once",
    "importlib": "a screen's module is imported when it is first shown",
}


#: events of Python's own audit that mean disk or network
_SLOW: Final = frozenset(
    {
        "socket.connect", "socket.getaddrinfo", "sqlite3.connect", "os.remove", "os.rename", "os.mkdir", "os.rmdir",
        "os.listdir", "os.scandir", "os.truncate", "shutil.copyfile", "shutil.rmtree", "subprocess.Popen",
    }
)  # fmt: skip


class Watch:
    """Notes every slow kind of call made on the main thread by the program (not by the journey's own script)."""

    def __init__(self) -> None:
        self.is_on = False
        self.found: list[str] = []

    def note(self, what: str) -> None:
        if not self.is_on or threading.current_thread() is not threading.main_thread():
            return
        stack = traceback.extract_stack()[:-2]
        files = [frame.filename.replace("\\", "/") for frame in stack]
        if any(part in file for part in _ALLOWED for file in files):
            return
        ours = [frame for frame in stack if "/site-packages/" not in frame.filename and "<frozen" not in frame.filename]
        demo = [frame for frame in ours if "/ui/demo/" in frame.filename.replace("\\", "/")]
        if demo and Path(demo[-1].filename).name != "hands.py":
            return  # the journey's script looks things up for itself
        names = [f"{Path(frame.filename).stem}.{frame.name}" for frame in ours]
        self.found.append(f"{what}: {' < '.join(reversed(names[-5:]))}")


_watch = Watch()
_is_hooked = False


def _audit(name: str, arguments: tuple[Any, ...]) -> None:
    if not _watch.is_on:
        return
    if name == "open" and isinstance(arguments[0], (str, bytes)):
        path = str(arguments[0])
        if not path.endswith((".py", ".pyc", ".so", ".ttf")) and not path.startswith(("/proc/", "/sys/", "/dev/")):
            _watch.note("open")
    elif name in _SLOW:
        _watch.note(name)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    global _is_hooked
    if not _is_hooked:
        sys.addaudithook(_audit)
        _is_hooked = True

    def watched(module: Any, name: str) -> None:
        real = getattr(module, name)

        def call(*given: Any, **named: Any) -> Any:
            _watch.note(name)
            return real(*given, **named)

        monkeypatch.setattr(module, name, call)

    for module, name in (
        (keys, "_argon2"),
        (keys, "keyring_secret"),
        (sealed_file, "seal"),
        (sealed_file.SealedFile, "read_at"),
        (signatures.SigningKey, "sign"),
        (signatures.SigningKey, "sign_detached"),
        (picture, "_jpeg"),
        (picture, "decoded"),
        (receipt_screen, "receipt_pdf"),
        (sqlcipher3.dbapi2, "connect"),
        (os, "fsync"),
    ):
        watched(module, name)

    def executed(*_given: object) -> None:
        _watch.note("database")

    event.listen(Engine, "before_cursor_execute", executed)
    _watch.found.clear()
    _watch.is_on = True
    yield _watch
    _watch.is_on = False
    event.remove(Engine, "before_cursor_execute", executed)


def test_no_disk_network_or_crypto_on_the_gui_thread(tmp_path: Path, watch: Watch) -> None:
    make_qt(["test"])
    play = Play(tmp_path, tmp_path / "out", is_fast=True, say=lambda _words: None)
    try:
        played = play.play()
    finally:
        _watch.is_on = False
        play.close()
    assert not played.wrong
    assert not watch.found, "\n".join(sorted(set(watch.found)))


def test_what_is_pasted_dropped_or_printed_is_worked_on_elsewhere(
    tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.is_on = False
    machine = factories.machine(tmp_path)
    dossier = factories.birth_dossier(machine)
    machine.close()
    (tmp_path / "paper.png").write_bytes(factories.png(side=64))
    make_qt(["test"])
    app = App(Places(tmp_path / "data"), settings=Settings())
    app.window.show()
    watch.is_on = True
    try:
        hands = Hands(app, None)
        hands.screen("UnlockScreen")
        hands.type(hands.find("secretField", QLineEdit), str(tmp_path / "key"))
        hands.click("primaryAction")
        hands.screen("TodayScreen")
        app.window.go(TakePhoto(dossier, PaperId("birth_evidence")))
        hands.screen("TakePhotoScreen")
        image = QImage(300, 200, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.darkCyan)
        QApplication.clipboard().setImage(image)
        hands.click("paste_birth_evidence")
        hands.settle()
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "paper.png"))])
        card = hands.find("card_birth_evidence", _DropCard)
        card.dropEvent(
            QDropEvent(
                QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            )
        )
        hands.settle()
        hands.settle()
        app.window.go(ReceiptPage(dossier))
        hands.screen("ReceiptScreen")
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(tmp_path / "slip.pdf"), ""))
        hands.click("savePdf")
        watch.is_on = False
        assert app.desk is not None
        tasks = dossier_tasks(app.desk.machine, dossier, "vi")
        kept = next(paper.photos for paper in tasks.papers if paper.item.paper == "birth_evidence")
        assert len(kept) == 2
        assert (tmp_path / "slip.pdf").read_bytes().startswith(b"%PDF-")
    finally:
        watch.is_on = False
        app.close()
    assert not watch.found, "\n".join(sorted(set(watch.found)))


def test_every_road_to_the_province_is_looked_for_elsewhere(tmp_path: Path, watch: Watch) -> None:
    """Sticks, what lies here for others, codes that are sealed and shown: the pages about sending and their buttons."""
    watch.is_on = False
    machine = factories.machine(tmp_path)
    dossier = locked(machine, factories.png(side=64))
    machine.close()
    (tmp_path / "stick").mkdir()
    at = At(tmp_path)
    watch.is_on = True
    try:
        at.enter()
        hands, window = at.hands, at.app.window
        window.go(SyncCentre())
        hands.screen("SyncCentreScreen")
        hands.click("pause")
        hands.settle()
        for route, name in (
            (CarryByUsb(), "CarryByUsbScreen"),
            (SendToWard(), "SendToWardScreen"),
            (ReadChain(), "ReadChainScreen"),
            (ShowChain(dossier), "ShowChainScreen"),
            (TakeIn(), "TakeInScreen"),
            (SignInPage(), "SignInScreen"),
        ):
            window.home(SyncCentre())
            hands.screen("SyncCentreScreen")
            window.go(route)
            hands.screen(name)
            hands.settle()
            page = window.page
            if isinstance(page, CarryByUsbScreen):
                page.choose(tmp_path / "stick")
                hands.click("bringBack")
            elif isinstance(page, ReadChainScreen):
                page.read(PictureFiles([tmp_path / "stick"]))
            hands.settle()
    finally:
        watch.is_on = False
        at.close()
    assert not watch.found, "\n".join(sorted(set(watch.found)))


def test_pages_that_read_much_read_it_elsewhere(tmp_path: Path, watch: Watch) -> None:
    """The list, the history, backups made and put back: what is heavy is on a worker, what is shown is here."""
    watch.is_on = False
    machine = factories.machine(tmp_path)
    dossier = factories.birth_dossier(machine)
    attach_photo(machine, dossier, PaperId("birth_evidence"), factories.png(side=64))
    machine.close()
    at = At(tmp_path)
    watch.is_on = True
    try:
        at.enter()
        hands, window = at.hands, at.app.window
        window.go(DossierList())
        hands.screen("DossierListScreen")
        window.go(DossierHistoryPage(dossier))
        hands.screen("DossierHistoryScreen")
        hands.click("undo")
        hands.click("redo")
        window.home(SettingsPage())
        hands.screen("SettingsScreen")
        hands.click("backUpNow")
        hands.wait(lambda: "Last proved" in hands.find("backupProved", QLabel).text(), "the backup")
        at.app.lock()
        hands.screen("UnlockScreen")
        hands.settle()
        window.home(Restore())
        hands.screen("RestoreScreen")
        copy = next(one for one in hands.page.findChildren(QPushButton) if one.objectName().startswith("copy_"))
        hands.click(copy.objectName())
        hands.type(hands.find("secretField", QLineEdit), str(tmp_path / "key"))
        hands.click("primaryAction")
        hands.find("restored", QFrame)
    finally:
        watch.is_on = False
        at.close()
    assert not watch.found, "\n".join(sorted(set(watch.found)))
