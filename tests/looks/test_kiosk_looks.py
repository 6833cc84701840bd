"""The kiosk on its two usual screens, in both languages, light and dark, usual and larger text: nothing cut, small or scrolled."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QLineEdit, QWidget

from bnhelper.domain.custody import StatusKey
from bnhelper.domain.seen_status import SeenStatus
from bnhelper.queries.status_board import StatusBoard
from bnhelper.settings import Settings
from sync.transport.enrolment import ProvinceSilent
from tests import factories
from tests.fakes.clock import FixedClock
from tests.ui.kiosk_world import KioskWorld
from ui.presenters.kiosk import Place
from ui.theme.look import look
from ui.words.language import language as spoken

pytestmark = pytest.mark.looks
_OFFICE = "Trung tâm Phục vụ hành chính công phường Kinh Bắc, tỉnh Bắc Ninh"
_STAND, _DESK = (1080, 1920), (1366, 768)
_LEAST_TEXT, _LEAST_TARGET, _LEAST_GAP = 24, 80, 8
_NIGHT = pytest.mark.long


class _Silent:
    def ask(self, _token: str) -> SeenStatus | None:
        raise ProvinceSilent

    def stop(self) -> None:
        pass


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KioskWorld]:
    folder = tmp_path_factory.mktemp("kiosk-looks")
    factories.machine(folder).close()
    seen = SeenStatus(StatusKey.SUPPLEMENT, FixedClock().now(), is_from_province=False)
    board = StatusBoard([("y" * 22, "BN-7K4-M2P", "0912345678", seen)])
    made = KioskWorld(folder, settings=Settings(kiosk_name=_OFFICE), board=board, province=_Silent())
    made.begin()
    yield made
    made.close()


class _Eye:
    """Judges the screen that is there, and keeps its picture."""

    def __init__(self, kiosk: KioskWorld, size: tuple[int, int], name: str) -> None:
        self._kiosk, self._size, self._name = kiosk, size, name
        self._number = 0

    def look(self, what: str) -> None:
        self._kiosk.settle()
        window = self._kiosk.window
        self._number += 1
        folder = os.environ.get("BNHELPER_LOOKS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            window.grab().save(str(Path(folder) / f"kiosk-{self._name}-{self._number:02}-{what}.png"))
        assert (window.width(), window.height()) == self._size, f"{what} forces the window to {window.size()}"
        for part in window.findChildren(QWidget):
            if not part.isVisible():
                continue
            said = f"{what}: {type(part).__name__} {part.objectName()}"
            assert not isinstance(part, QAbstractScrollArea), f"{said} scrolls"
            if isinstance(part, QLabel) and part.text():
                assert part.fontInfo().pixelSize() >= _LEAST_TEXT, f"{said}: small: {part.text()[:40]}"
                if part.wordWrap():
                    assert part.height() + 1 >= part.heightForWidth(part.width()), f"{said}: cut: {part.text()[:60]}"
            if isinstance(part, (QAbstractButton, QLineEdit)):
                assert min(part.width(), part.height()) >= _LEAST_TARGET, f"{said}: {part.width()}x{part.height()}"
                assert part.accessibleName(), f"{said} has no name"
                assert part.fontInfo().pixelSize() >= _LEAST_TEXT, said
            if isinstance(part, QAbstractButton) and part.text():
                icon = 0 if part.icon().isNull() else part.iconSize().width() + 4
                room = part.width() - 12 - icon
                assert part.fontMetrics().horizontalAdvance(part.text()) <= room, f"{said}: cut: {part.text()}"
        self._apart(what)

    def _apart(self, what: str) -> None:
        """Nothing that is pressed lies over or close to another target."""
        targets = [
            one
            for one in self._kiosk.window.findChildren(QAbstractButton)
            if one.isVisible() and one.objectName() != "kioskStart"
        ]
        window = self._kiosk.window
        if any(one.objectName() == "kioskMore" for one in targets):
            targets = [one for one in targets if one.objectName() in {"kioskMore", "kioskDoneNow"}]
        boxes = [(one.objectName(), one.rect().translated(one.mapTo(window, one.rect().topLeft()))) for one in targets]
        for at, (first, box) in enumerate(boxes):
            for second, other in boxes[at + 1 :]:
                grown = box.adjusted(-_LEAST_GAP + 1, -_LEAST_GAP + 1, _LEAST_GAP - 1, _LEAST_GAP - 1)
                assert not grown.intersects(other), f"{what}: {first} and {second}"


def _dresses() -> list[Any]:
    by_day = [("vi", "dark", _DESK, True)]
    at_night = [
        ("vi", "light", _DESK, False),
        ("en", "dark", _STAND, True),
        ("en", "light", _DESK, True),
        ("vi", "light", _STAND, False),
        ("vi", "outdoor", _STAND, True),
    ]
    return [
        pytest.param(
            *one,
            id=f"{one[0]}-{one[1]}-{one[2][0]}x{one[2][1]}{'-large' * one[3]}",
            marks=[] if one in by_day else _NIGHT,
        )
        for one in [*by_day, *at_night]
    ]


@pytest.mark.parametrize(("language", "theme", "size", "is_large"), _dresses())
def test_every_screen_of_the_kiosk(
    kiosk: KioskWorld, language: str, theme: str, size: tuple[int, int], is_large: bool
) -> None:
    kiosk.app.change_settings(Settings(language=language, theme=theme, kiosk_name=_OFFICE))
    kiosk.window.resize(*size)
    kiosk.kiosk.reset()
    eye = _Eye(kiosk, size, f"{language}-{theme}-{size[0]}x{size[1]}{'-large' if is_large else ''}")
    if is_large:
        kiosk.kiosk.set_large(True)
    eye.look("attract")
    kiosk.press("kioskStart")
    eye.look("home")
    kiosk.press("tilePapers")
    eye.look("topics")
    kiosk.press("kioskType")
    eye.look("find")
    for text, what in (("bóng đá hôm nay", "nothing"), ("sinh em be", "results")):
        kiosk.type("kioskSearch", text)
        kiosk.press("kioskGo")
        eye.look(what)
        if what == "nothing":
            kiosk.key("*")
    kiosk.key("1")
    eye.look("question")
    while kiosk.place is Place.QUESTION:
        kiosk.key("3")
    for page in range(kiosk.page.pages.count if kiosk.page.pages is not None else 0):
        eye.look(f"papers-{page + 1}")
        assert kiosk.page.pages is not None
        kiosk.page.pages.turn(1)
    kiosk.press("kioskQr")
    eye.look("code")
    kiosk.press("kioskCall")
    eye.look("call")
    kiosk.press("kioskStaff")
    eye.look("staff")
    kiosk.kiosk.go(Place.HOME)
    kiosk.press("tileStatus")
    eye.look("look-up")
    kiosk.type("kioskSlip", "nguyễn")
    kiosk.press("kioskGo")
    eye.look("look-up-refused")
    for code, what in (("z" * 22, "offline"), ("y" * 22, "status")):
        kiosk.type("kioskSlip", code)
        kiosk.press("kioskGo")
        eye.look(what)
        kiosk.key("*")
    kiosk.type("kioskSlip", "BN-7K4-M2P")
    kiosk.press("kioskGo")
    eye.look("phone")
    kiosk.type("kioskPhone", "0000")
    kiosk.press("kioskGo")
    eye.look("unknown")
    kiosk.pass_s(130)
    eye.look("warning")
    kiosk.kiosk.reset()
    eye.look("cleared")
    kiosk.s += 3600
    assert look.theme.name
    spoken.use("en")
