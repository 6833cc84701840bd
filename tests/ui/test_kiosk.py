"""The kiosk through its own screens: three taps to an answer, time-outs, and a turn that leaves nothing behind."""

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QCloseEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QLabel, QLineEdit, QWidget

from bnhelper.actions.manage_people import add_person
from bnhelper.catalogue.library import Library
from bnhelper.domain.custody import StatusKey
from bnhelper.domain.people import Role
from bnhelper.domain.seen_status import SeenStatus
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier
from bnhelper.queries.status_board import StatusBoard
from bnhelper.settings import Settings
from bnhelper.store.open_machine import Province
from bnhelper.vault.keys import Passphrase
from sync.transport.enrolment import ProvinceSilent
from tests import factories, states
from tests.fakes.clock import FixedClock
from tests.ui.kiosk_world import KioskWorld
from ui.presenters import routes
from ui.presenters.kiosk import ON_ENTRY_S, ON_MENUS_S, WARNING_S, Place
from ui.start import opens_as_kiosk
from ui.words.language import language
from ui.words.status_words import status_word

_TOKEN = "Ab3_-xyZ0123456789abcd"
_LEADER = "chỉ xem con số"
_NOW = FixedClock().now()


class _Province:
    """Knows one slip; or nobody answers."""

    def __init__(self) -> None:
        self.is_silent = False
        self.asked: list[str] = []
        self.stops = 0

    def ask(self, token: str) -> SeenStatus | None:
        self.asked.append(token)
        if self.is_silent:
            raise ProvinceSilent
        return SeenStatus(StatusKey.RESULT, _NOW, is_from_province=True) if token == _TOKEN else None

    def stop(self) -> None:
        self.stops += 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("kiosk")
    machine = factories.machine(made)
    add_person(machine, "Lê Văn Trưởng", Role.LEADER, Passphrase(_LEADER), cost=factories.CHEAP)
    machine.close()
    return made


@pytest.fixture(scope="module")
def world(folder: Path) -> Iterator[KioskWorld]:
    seen = SeenStatus(StatusKey.PROCESSING, _NOW, is_from_province=True)
    board = StatusBoard([("y" * 22, "BN-7K4-M2P", "0912 345 678", seen)])
    made = KioskWorld(folder, board=board, province=_Province())
    made.begin()
    yield made
    made.close()


@pytest.fixture
def kiosk(world: KioskWorld) -> KioskWorld:
    """The same kiosk for every test, as it is for every resident: cleared, and five misses are forgiven by an hour."""
    world.s += 3600
    world.printer.printed.clear()
    if world.place is not Place.ATTRACT or world.language != "en":
        world.kiosk.reset()
    world.settle()
    return world


@pytest.fixture
def province(world: KioskWorld) -> _Province:
    found = world.province
    assert isinstance(found, _Province)
    found.is_silent = False
    found.asked.clear()
    found.stops = 0
    return found


def test_three_taps_lead_to_the_first_question_and_the_answers_to_this_family_s_list(kiosk: KioskWorld) -> None:
    kiosk.press("kioskStart")
    kiosk.key("1")
    kiosk.key("1")  # a child is born
    kiosk.key("1")
    kiosk.screen("KioskQuestion")
    first = kiosk.page.title
    kiosk.key("3")
    assert kiosk.page.title != first
    kiosk.key("*")
    assert kiosk.page.title == first
    while type(kiosk.page).__name__ == "KioskQuestion":
        kiosk.key("2")
    kiosk.screen("KioskPapers")
    papers = kiosk.texts()
    assert "✓" in papers
    kiosk.press("kioskPrint")
    assert len(kiosk.printer.printed) == 1
    kiosk.press("kioskQr")
    kiosk.screen("KioskCode")
    assert kiosk.window.findChild(QWidget, "kioskCode") is not None
    kiosk.key("*")
    kiosk.screen("KioskPapers")
    kiosk.key("*")
    kiosk.screen("KioskQuestion")
    assert "Question" in kiosk.page.crumb


def test_no_earlier_search_is_ever_offered_and_nothing_found_leads_to_staff(kiosk: KioskWorld) -> None:
    for _ in range(2):
        kiosk.press("kioskStart")
        kiosk.key("1")
        kiosk.press("kioskType")
        assert kiosk.find("kioskSearch", QLineEdit).text() == ""
        for letter in ("k", "h", "a", "i"):
            kiosk.press(f"key_{letter}")
        kiosk.press("key_space")
        kiosk.press("key_delete")
        assert kiosk.find("kioskSearch", QLineEdit).text() == "khai"
        kiosk.type("kioskSearch", "bóng đá hôm nay")
        kiosk.press("kioskGo")
        kiosk.screen("KioskResults")
        assert kiosk.window.findChild(QFrame, "nothingFound") is not None
        kiosk.press("kioskDone")
        kiosk.screen("KioskAttract")


def test_a_slip_gets_the_result_of_the_one_status_function_its_date_and_nothing_else(
    kiosk: KioskWorld, province: _Province
) -> None:
    kiosk.press("kioskStart")
    kiosk.key("2")
    kiosk.type("kioskSlip", f"https://elsewhere.example/t/{_TOKEN}")
    QTest.keyClick(kiosk.find("kioskSlip", QLineEdit), Qt.Key.Key_Return)  # as a scanner ends
    kiosk.screen("KioskStatus")
    assert kiosk.find("kioskStatusWord", QLabel).text() == status_word(StatusKey.RESULT) == "Result ready"
    assert kiosk.find("kioskSince", QLabel).text() == "Since 10:05, Monday, 23/11/2026"
    assert province.asked == [_TOKEN], "the token goes to our province, whatever host the paper names"
    kiosk.key("*")
    kiosk.type("kioskSlip", "7k4 m2p")
    kiosk.press("kioskGo")
    kiosk.screen("KioskPhone")
    for digit in "5678":
        kiosk.press(f"key_{digit}")
    kiosk.press("kioskGo")
    kiosk.screen("KioskStatus")
    assert kiosk.find("kioskStatusWord", QLabel).text() == status_word(StatusKey.PROCESSING)
    assert "BN-7K4-M2P" not in kiosk.texts()
    assert "5678" not in kiosk.texts()


def test_a_silent_province_is_said_and_what_this_machine_knows_is_told_with_its_date(
    kiosk: KioskWorld, province: _Province
) -> None:
    province.is_silent = True
    kiosk.press("kioskStart")
    kiosk.key("2")
    kiosk.type("kioskSlip", _TOKEN)
    kiosk.press("kioskGo")
    kiosk.screen("KioskStatus")
    said = kiosk.find("kioskOffline", QFrame).accessibleName()
    assert said == "It cannot be looked up at this moment. Please see staff at the counter."
    kiosk.key("*")
    kiosk.type("kioskSlip", "y" * 22)
    kiosk.press("kioskGo")
    kiosk.screen("KioskStatus")
    assert kiosk.find("kioskStatusWord", QLabel).text() == status_word(StatusKey.PROCESSING)


def test_tries_are_throttled_over_residents_and_a_wrong_phone_is_a_code_that_is_not_there(kiosk: KioskWorld) -> None:
    kiosk.press("kioskStart")
    kiosk.key("2")
    for at in range(5):
        kiosk.type("kioskSlip", "BN-7K4-M2P")
        kiosk.press("kioskGo")
        kiosk.type("kioskPhone", f"000{at}")
        kiosk.press("kioskGo")
        kiosk.screen("KioskStatus")
        assert kiosk.window.findChild(QFrame, "kioskUnknown") is not None
        if at < 4:
            kiosk.key("*")
    kiosk.press("kioskDone")
    kiosk.press("kioskStart")
    kiosk.key("2")
    kiosk.type("kioskSlip", "BN-7K4-M2P")
    kiosk.press("kioskGo")
    assert type(kiosk.page).__name__ == "KioskLookUp"
    assert kiosk.find("kioskSaid", QLabel).text() == "Please wait 30 s, or call staff."
    kiosk.s += 30
    kiosk.press("kioskGo")
    kiosk.screen("KioskPhone")


def test_it_warns_extends_without_limit_and_clears_itself_behind_a_blank_cover(
    kiosk: KioskWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = kiosk.kiosk.window
    assert window is not None
    kiosk.pass_s(100_000)
    assert not window.warning.isVisible(), "at rest there is nothing to clear"
    kiosk.press("kioskStart")
    home = kiosk.page
    for _ in range(12):
        kiosk.pass_s(ON_MENUS_S + 1)
        assert window.warning.isVisible()
        assert kiosk.find("kioskLeft", QLabel).text() == "clears itself in 29 s"
        QTest.mouseClick(window.warning, Qt.MouseButton.LeftButton, pos=window.warning.rect().topLeft())
        assert not window.warning.isVisible()
        assert kiosk.page is home, "the touch that extends presses nothing beneath"
    kiosk.pass_s(ON_MENUS_S + 1)
    QTest.keyClick(window.warning, Qt.Key.Key_1)
    assert kiosk.page is home
    assert not window.warning.isVisible()
    kiosk.key("1")
    kiosk.press("kioskType")
    kiosk.pass_s(ON_ENTRY_S - 1)
    assert not window.warning.isVisible(), "who types has twice the time"
    seen: list[bool] = []
    drop = window.drop_page

    def dropping() -> None:
        seen.append(window.curtain.isVisible() and window.curtain.geometry() == window.rect())
        drop()

    monkeypatch.setattr(window, "drop_page", dropping)
    kiosk.pass_s(WARNING_S + 2)
    kiosk.screen("KioskAttract")
    assert seen[0], "the cover is there before anything is cleared"
    assert not window.curtain.isVisible()
    assert kiosk.find("kioskState", QLabel).text() == "✓ The screen has been cleared for the next person"


def test_language_and_text_size_are_the_resident_s_own_and_end_with_them(kiosk: KioskWorld) -> None:
    kiosk.press("kiosk_vi")
    assert "Mời ông/bà chạm vào màn hình" in kiosk.texts()
    kiosk.press("kioskStart")
    kiosk.press("kioskSize")
    title = kiosk.find("kioskTitle", QLabel)
    assert title.text() == "Ông/bà cần gì?"
    assert title.fontInfo().pixelSize() == 57
    kiosk.press("kioskDone")
    assert language.code == "en"
    assert "Touch the screen to start" in kiosk.texts()
    kiosk.press("kioskStart")
    assert kiosk.find("kioskTitle", QLabel).fontInfo().pixelSize() == 44
    kiosk.press("kiosk_vi")
    kiosk.press("kioskDone")
    kiosk.press("kiosk_vi")
    kiosk.pass_s(ON_MENUS_S + WARNING_S + 1)  # on the first screen too: the next person reads the ward's language
    assert language.code == "en"


def test_call_staff_stands_in_one_corner_says_what_it_does_and_work_stays_behind_it(kiosk: KioskWorld) -> None:
    corners = set()
    for name in ("kioskStart", "tileStatus"):
        corners.add(_corner(kiosk))
        kiosk.press(name)
    corners.add(_corner(kiosk))
    kiosk.press("kioskCall")
    kiosk.screen("KioskCall")
    corners.add(_corner(kiosk))
    assert len(corners) == 1
    assert "It sends no message." in kiosk.find("kioskCalling", QFrame).accessibleName()
    kiosk.press("kioskQuiet")
    assert not kiosk.find("kioskQuiet", QAbstractButton).isEnabled()
    kiosk.key("*")
    kiosk.screen("KioskLookUp")


def _corner(kiosk: KioskWorld) -> tuple[int, int]:
    call = kiosk.find("kioskCall", QAbstractButton)
    where = call.mapTo(kiosk.window, call.rect().bottomRight())
    return kiosk.window.width() - where.x(), kiosk.window.height() - where.y()


def test_only_a_key_to_the_machine_s_work_leads_out(folder: Path) -> None:
    kiosk = KioskWorld(folder)
    try:
        kiosk.begin()
        _leave(kiosk, folder)
        assert kiosk.app.desk is not None
    finally:
        kiosk.close()


def _leave(kiosk: KioskWorld, folder: Path) -> None:
    window = kiosk.kiosk.window
    assert window is not None
    asked = QCloseEvent()
    window.closeEvent(asked)
    assert not asked.isAccepted()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    QTest.keyClick(window, Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier)
    assert window.isVisible()
    assert kiosk.app.desk is None
    assert not kiosk.app.window.isVisible()
    kiosk.press("kioskStart")
    kiosk.press("kioskCall")
    kiosk.press("kioskStaff")
    kiosk.press("kind_passphrase")
    kiosk.type("kioskSecret", _LEADER)
    kiosk.press("kioskGo")
    assert "counts only" in kiosk.find("kioskSaid", QLabel).text()
    assert kiosk.find("kioskSecret", QLineEdit).text() == ""
    kiosk.press("kind_key_file")
    kiosk.type("kioskSecret", str(folder / "nothing"))
    kiosk.press("kioskGo")
    assert kiosk.kiosk.window is window
    kiosk.s += 1
    kiosk.clock.move(minutes=5)
    kiosk.type("kioskSecret", str(folder / "key"))
    kiosk.press("kioskGo")
    kiosk.wait(lambda: kiosk.app.desk is not None, "the machine to open")
    assert not shiboken6.isValid(window)
    assert kiosk.app.window.isVisible()


def _press_in_settings(kiosk: KioskWorld, name: str) -> None:
    found = [one for one in kiosk.app.window.findChildren(QAbstractButton, name) if one.isVisible()]
    if folder := os.environ.get("BNHELPER_LOOKS"):
        kiosk.app.window.page.scroller.ensureWidgetVisible(found[-1])  # type: ignore[union-attr]
        kiosk.app.window.grab().save(str(Path(folder) / f"settings-{name}.png"))
    found[-1].click()
    kiosk.settle()


def test_opened_from_an_unlocked_machine_it_locks_first_and_holds_no_key(tmp_path: Path) -> None:
    made = factories.machine(tmp_path)
    made.remember_province(Province("https://127.0.0.1:9", "none", "none", (), office="Kinh Bắc"))
    sent = states.proved(made)
    row = dossier(made, sent)
    kiosk = KioskWorld(tmp_path, settings=Settings(language="en"))
    try:
        kiosk.app.opened(made)
        kiosk.app.begin_kiosk = kiosk.kiosk.begin
        kiosk.app.window.home(routes.SettingsPage())
        kiosk.settle()
        _press_in_settings(kiosk, "alwaysKiosk")
        assert kiosk.app.settings == Settings(
            language="en", kiosk=True, kiosk_name="Kinh Bắc", kiosk_look_up="https://127.0.0.1:9"
        )
        _press_in_settings(kiosk, "alwaysKiosk")
        assert not kiosk.app.settings.kiosk
        _press_in_settings(kiosk, "openKiosk")
        kiosk.wait(lambda: kiosk.kiosk.window is not None and kiosk.kiosk._is_ready, "the kiosk")
        kiosk.settle()
        assert kiosk.app.desk is None
        assert not any(made._key), "the key's buffer is overwritten"
        kiosk.press("kioskStart")
        kiosk.key("2")
        kiosk.type("kioskSlip", row.look_up_token)
        kiosk.press("kioskGo")
        kiosk.screen("KioskStatus")
        assert kiosk.find("kioskStatusWord", QLabel).text() == status_word(row.status)
        kiosk.press("kioskCall")
        kiosk.press("kioskStaff")
        assert kiosk.find("kioskWaiting", QLabel).text() == "Nothing waits to be sent on this machine."
    finally:
        kiosk.close()


def test_a_catalogue_that_cannot_be_opened_makes_it_rest_and_only_what_works_is_offered(folder: Path) -> None:
    kiosk = KioskWorld(folder)
    try:
        kiosk.kiosk._library = Library([folder / "no.bnpack"])
        (folder / "no.bnpack").write_bytes(b"nothing")
        kiosk.kiosk.begin()
        kiosk.wait(lambda: kiosk.kiosk._is_resting, "the rest")
        assert kiosk.find("kioskState", QLabel).text() == "This kiosk is resting. Please go to the counter."
        assert not kiosk.find("kioskStart", QAbstractButton).isEnabled()
        assert "See where a dossier is" not in kiosk.texts(), "there is neither a board nor a province to ask"
        kiosk.kiosk.go(Place.HOME)
        assert kiosk.window.findChild(QWidget, "tileStatus") is None
    finally:
        kiosk.close()


def test_a_machine_nobody_has_set_up_opens_as_usual(tmp_path: Path, folder: Path) -> None:
    def app(place: Path, settings: Settings) -> Any:
        return SimpleNamespace(places=Places(place / "data"), settings=settings)

    assert not opens_as_kiosk(app(tmp_path, Settings()), is_asked=True)
    assert opens_as_kiosk(app(folder, Settings()), is_asked=True)
    assert opens_as_kiosk(app(folder, Settings(kiosk=True)), is_asked=False)
    assert not opens_as_kiosk(app(folder, Settings()), is_asked=False)


# --- nothing is left -----------------------------------------------------------------------------------------


def _planted() -> list[bytes]:
    """Twenty values and a canary, spelt nowhere else: not even in this file, whose text is in memory too."""
    words = [f"zqx{at}vwk dau{at}hieu".encode() for at in range(12)]
    codes = [f"BN-QZX-W{at}{at}".encode() for at in (7, 8)]
    tokens = [f"Zq{at}_-kiosk0123456789ab".encode() for at in (8, 9)]
    phones = [f"{at}31{at}".encode() for at in (7, 8)]
    clips = [f"zqxclip {at}".encode() for at in ("mot", "hai")]
    return [*words, *codes, *tokens, *phones, *clips, f"zqx{0}canary".encode()]


def _live(planted: bytes) -> str:
    return planted.decode("ascii")


def _left_in_memory(planted: list[bytes]) -> set[bytes]:
    """Return what is still in any text or bytes that Python can reach, but for the list itself."""
    gc.unfreeze()
    gc.collect()
    long = [(one, one.decode()) for one in planted if len(one) > 4]
    ours = {id(one) for one in planted} | {id(text) for _, text in long} | {id(one) for one, _ in long}
    found: set[bytes] = set()
    seen: set[int] = set()
    for holder in gc.get_objects():
        if holder is long or holder is planted:
            continue
        for one in gc.get_referents(holder):
            if id(one) in ours or id(one) in seen:
                continue
            if isinstance(one, str) and len(one) < 20_000:
                seen.add(id(one))
                found |= {raw for raw, text in long if text in one}
            elif isinstance(one, (bytes, bytearray)) and len(one) < 1_000_000:
                seen.add(id(one))
                found |= {raw for raw, _ in long if raw in one}
    return found


def _left_in_widgets(planted: list[bytes]) -> set[bytes]:
    said = []
    for widget in QApplication.allWidgets():
        said += [widget.windowTitle(), widget.toolTip(), widget.accessibleName(), widget.objectName()]
        if isinstance(widget, (QLabel, QLineEdit, QAbstractButton)):
            said.append(widget.text())
        if isinstance(widget, QLineEdit):
            said += [widget.placeholderText(), widget.displayText()]
    everything = "\n".join(said)
    return {one for one in planted if one.decode() in everything}


def _left_on_disk(planted: list[bytes], *folders: Path) -> set[bytes]:
    found: set[bytes] = set()
    for folder in folders:
        for path in (one for one in folder.rglob("*") if one.is_file() and one.stat().st_size < 50_000_000):
            content = path.read_bytes()
            found |= {one for one in planted if len(one) > 4 and one in content}
    return found


@pytest.mark.slow
def test_twenty_planted_values_are_nowhere_after_the_turn(
    kiosk: KioskWorld, province: _Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each place is searched for a canary as well, which was put there: a search that finds nothing proves nothing."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    *planted, canary = _planted()
    assert len(set(planted)) == 20
    searched, typed = planted[:4], planted[4:12]
    codes, tokens, phones, clips = planted[12:14], planted[14:16], planted[16:18], planted[18:]
    kiosk.press("kioskStart")
    kiosk.key("1")
    kiosk.press("kioskType")
    for word in searched:
        kiosk.type("kioskSearch", _live(word))
        kiosk.press("kioskGo")
        kiosk.screen("KioskResults")
        kiosk.key("*")
    for word in typed:  # and taken back: the field's undo has them all
        kiosk.type("kioskSearch", _live(word))
    QApplication.clipboard().setText(_live(clips[0]))
    field = kiosk.find("kioskSearch", QLineEdit)
    field.paste()
    assert _live(clips[0]) in field.text()
    QApplication.clipboard().setText(_live(clips[1]))
    kiosk.key("**")
    for token in tokens:
        kiosk.key("2")
        kiosk.type("kioskSlip", _live(token))
        kiosk.press("kioskGo")
        kiosk.screen("KioskStatus")
        kiosk.key("**")
    for code, phone in zip(codes, phones, strict=True):
        kiosk.key("2")
        kiosk.type("kioskSlip", _live(code))
        kiosk.press("kioskGo")
        kiosk.screen("KioskPhone")
        kiosk.type("kioskPhone", _live(phone))
        if code is codes[0]:
            kiosk.key("**")
    assert province.asked == [token.decode() for token in tokens]
    province.asked.clear()
    desk = kiosk.kiosk.desk
    assert desk is not None
    key = desk.resident.pages._key
    assert any(key)
    del desk, field
    kiosk.pass_s(ON_ENTRY_S + WARNING_S + 1)
    kiosk.screen("KioskAttract")
    assert not any(key), "the session's key is overwritten"
    assert QApplication.clipboard().text() == ""
    assert province.stops, "what was still being asked is broken off"
    window = kiosk.window
    window.setToolTip(_live(canary))
    kept = [_live(canary)]
    (tmp_path / "left").write_bytes(b"before " + canary)
    everything = [*planted, canary]
    assert _left_in_widgets(everything) == {canary}
    assert _left_on_disk(everything, kiosk.folder, tmp_path) == {canary}
    assert _left_in_memory(everything) == {canary}
    del kept


def test_a_press_that_began_on_the_warning_never_ends_on_what_is_under_it(kiosk: KioskWorld) -> None:
    window = kiosk.kiosk.window
    assert window is not None
    kiosk.press("kioskStart")
    home = kiosk.page
    kiosk.pass_s(ON_MENUS_S + 1)
    tile = kiosk.find("tilePapers", QAbstractButton)
    place = tile.mapTo(window, tile.rect().center())
    QTest.mousePress(window.warning, Qt.MouseButton.LeftButton, pos=place)
    assert window.warning.isVisible()
    at = QPointF(place)
    release = QMouseEvent(
        QEvent.Type.MouseButtonRelease, at, at, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    )  # fmt: skip
    QApplication.sendEvent(window.warning, release)
    assert not window.warning.isVisible()
    assert kiosk.page is home
