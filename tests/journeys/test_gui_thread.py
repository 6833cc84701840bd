"""The GUI thread never waits on disk, network or crypto, through every room of the program with its real widgets.

The whole way of a dossier is watched in `test_journeys.py`, where it is played.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QFrame, QLabel, QLineEdit, QPushButton

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.domain.visits import Outcome
from bnhelper.ids import PaperId
from bnhelper.paths import Places
from bnhelper.queries.dossier_tasks import dossier_tasks
from bnhelper.settings import Settings
from tests import factories
from tests.journeys.gui_watch import Watch, watching
from tests.sync.courier_world import locked
from tests.ui.door import At
from tests.ui.kiosk_world import KioskWorld
from tests.visits import LISTED, listed
from ui.app import App, make_qt
from ui.demo.hands import Hands
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
    Visits,
)
from ui.screens.carry_by_usb import CarryByUsbScreen
from ui.screens.read_chain import ReadChainScreen
from ui.screens.take_photo import _DropCard
from ui.screens.visits import VisitsScreen

pytestmark = pytest.mark.journey


@pytest.fixture
def watch() -> Iterator[Watch]:
    with watching() as one:
        one.is_on = False
        yield one


def test_what_waits_in_the_program_is_noticed_and_what_a_test_looks_up_is_not(tmp_path: Path, watch: Watch) -> None:
    (tmp_path / "anything").write_bytes(b"")
    screen = compile("read(path)", "/anywhere/ui/screens/slow.py", "exec")
    watch.is_on = True
    (tmp_path / "anything").read_bytes()
    assert watch.found == []
    exec(screen, {"read": Path.read_bytes, "path": tmp_path / "anything"})
    (found,) = watch.found
    assert found.startswith("open: ")
    with pytest.raises(AssertionError, match="slow"):
        watch.judge()


def test_what_is_pasted_dropped_or_printed_is_worked_on_elsewhere(
    tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    watch.judge()


def test_every_road_to_the_province_is_looked_for_elsewhere(tmp_path: Path, watch: Watch) -> None:
    """Sticks, what lies here for others, codes that are sealed and shown: the pages about sending and their buttons."""
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
    watch.judge()


def test_pages_that_read_much_read_it_elsewhere(tmp_path: Path, watch: Watch) -> None:
    """The list, the history, backups made and put back: what is heavy is on a worker, what is shown is here."""
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
    watch.judge()


def test_a_list_of_homes_is_asked_and_written_elsewhere(tmp_path: Path, watch: Watch) -> None:
    machine = factories.machine(tmp_path)
    listed(machine, homes=6)
    machine.close()
    at = At(tmp_path)
    watch.is_on = True
    try:
        at.enter()
        hands, window = at.hands, at.app.window
        hands.click("todaysVisits")
        hands.screen("VisitsScreen")
        page = window.page
        assert isinstance(page, VisitsScreen)
        page.panel.note.setText("chó dữ")
        page.panel.outcomes[Outcome.AWAY].click()
        hands.settle()
        QTest.keyClick(page.homes, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        hands.settle()
        hands.click("fetchAgain")
        hands.click("addHome")
        hands.type(hands.find("newNumber", QLineEdit), "9")
        page.do_primary()
        hands.settle()
        window.home(Visits(LISTED))
        hands.screen("VisitsScreen")
    finally:
        watch.is_on = False
        at.close()
    watch.judge()


def test_a_kiosk_reads_looks_up_prints_and_is_left_elsewhere(tmp_path: Path, watch: Watch) -> None:
    """From an open machine through one resident's questions to the officer who leaves it; nobody answers for the slip."""
    machine = factories.machine(tmp_path)
    locked(machine)
    settings = Settings(language="en", kiosk_name="Kinh Bắc", kiosk_look_up="http://127.0.0.1:9")
    kiosk = KioskWorld(tmp_path, settings=settings)
    printer, kiosk.kiosk.printing = kiosk.printer, None  # it is looked for
    try:
        kiosk.app.opened(machine)
        kiosk.settle()
        watch.is_on = True
        kiosk.begin()
        kiosk.settle()
        kiosk.kiosk._found_printer(printer)
        for key in ("1", "1", "1"):
            if kiosk.has("kioskStart"):
                kiosk.press("kioskStart")
            kiosk.key(key)
        while type(kiosk.page).__name__ == "KioskQuestion":
            kiosk.key("2")
        kiosk.screen("KioskPapers")
        kiosk.press("kioskPrint")
        kiosk.press("kioskQr")
        kiosk.screen("KioskCode")
        kiosk.press("kioskDone")
        kiosk.press("kioskStart")
        kiosk.key("1")
        kiosk.press("kioskType")
        kiosk.type("kioskSearch", "khai sinh")
        kiosk.press("kioskGo")
        kiosk.screen("KioskResults")
        kiosk.press("kioskDone")
        kiosk.press("kioskStart")
        kiosk.key("2")
        kiosk.type("kioskSlip", "A" * 22)
        kiosk.press("kioskGo")
        kiosk.screen("KioskStatus")
        kiosk.press("kioskCall")
        kiosk.press("kioskStaff")
        kiosk.wait(lambda: kiosk.has("kioskSecret"), "the ways in")
        kiosk.type("kioskSecret", str(tmp_path / "key"))
        kiosk.press("kioskGo")
        kiosk.wait(lambda: kiosk.app.desk is not None, "the machine to open")
        kiosk.settle()
    finally:
        watch.is_on = False
        kiosk.close()
    watch.judge()
