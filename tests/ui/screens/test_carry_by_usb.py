"""The stick's screen through its own buttons, against the real intake."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QFrame, QPushButton

from bnhelper.domain.custody import OutboxState
from bnhelper.paths import Places
from bnhelper.settings import Settings
from sync.runner import Pace
from sync.transport.courier import Stick
from tests import factories
from tests.sync.conftest import RunningIntake, intake
from tests.sync.courier_world import courier, locked, machine_at, out, states
from ui.app import App, make_qt
from ui.presenters import routes
from ui.screens.carry_by_usb import CarryByUsbScreen

__all__ = ["intake"]


class Hand:
    """One running app with its stick's screen open."""

    def __init__(self, folder: Path, intake: RunningIntake) -> None:
        make_qt(["test"])
        self.intake = intake
        self.machine = machine_at(folder / "device", intake)
        self.app = App(
            Places(folder / "device" / "data"), clock=intake.clock, settings=Settings(), pace=Pace(idle_s=60)
        )
        self.app.window.resize(1024, 536)
        self.app.window.show()

    def open(self) -> CarryByUsbScreen:
        self.intake.faults.portal = 10_000  # no line: only the stick may bring anything anywhere
        self.app.opened(self.machine)
        self.app.window.home(routes.SyncCentre())
        self.app.window.go(routes.CarryByUsb())
        page = self.page()
        self.wait(lambda: page.findChild(QPushButton, "chooseFolder") is not None)
        return page

    def page(self) -> CarryByUsbScreen:
        page = self.app.window.page
        assert isinstance(page, CarryByUsbScreen)
        return page

    def press(self, name: str) -> None:
        def found() -> list[QPushButton]:
            return [one for one in self.page().findChildren(QPushButton, name) if one.isVisible()]

        self.wait(lambda: bool(found()))
        found()[-1].click()

    def answers(self) -> list[str]:
        return [one.accessibleName() for one in self.page().findChildren(QFrame, "answer") if one.isVisible()]

    def troubles(self) -> list[str]:
        return [one.accessibleName() for one in self.page().findChildren(QFrame, "trouble") if one.isVisible()]

    def wait(self, holds: Callable[[], bool], seconds: float = 30) -> None:
        ends, loop = time.monotonic() + seconds, QEventLoop()
        while not holds():
            assert time.monotonic() < ends, (
                self.answers(),
                self.troubles(),
                self.app.desk and self.app.desk.courier.state,
            )
            QTimer.singleShot(10, loop.quit)
            loop.exec()

    def picture(self, name: str) -> None:
        folder = os.environ.get("BNHELPER_LOOKS")
        if folder:
            self.app.window.grab().save(str(Path(folder) / f"carry-{name}.png"))


@pytest.fixture
def hand(tmp_path: Path, intake: RunningIntake) -> Iterator[Hand]:
    made = Hand(tmp_path, intake)
    yield made
    made.app.close()
    made.app.window.close()


def test_there_and_back_by_the_screen_s_own_buttons(hand: Hand, tmp_path: Path, intake: RunningIntake) -> None:
    locked(hand.machine, factories.png(40, extra=b"1" * 50_000))
    stick = tmp_path / "stick"
    page = hand.open()
    page.choose(stick)
    hand.press("primaryAction")
    hand.wait(lambda: bool(hand.answers()))
    assert "Chưa gửi" in hand.answers()[0]
    hand.picture("sealed")
    assert len(out(stick)) == 1
    assert states(hand.machine) == [OutboxState.QUEUED]

    assert hand.app.runner is not None
    hand.app.runner.stop()
    intake.faults.portal = 0
    carrier = machine_at(tmp_path / "carrier", intake)
    assert courier(carrier).hand_over(stick).proved == 1
    carrier.close()
    hand.press("bringBack")
    hand.wait(lambda: any("xác nhận 1 hồ sơ" in one for one in hand.answers()))
    hand.picture("proved")
    assert states(hand.machine) == [OutboxState.PROVED]
    assert out(stick) == []


def test_without_a_stick_every_deed_says_what_is_missing(hand: Hand) -> None:
    hand.open()
    for name in ("primaryAction", "bringBack", "handOver"):
        hand.press(name)
        hand.wait(lambda: bool(hand.answers()))
        assert "Chọn USB trước" in hand.answers()[0]


def test_a_stick_that_cannot_be_written_is_told_with_the_next_step(hand: Hand, tmp_path: Path) -> None:
    locked(hand.machine)
    stick = tmp_path / "stick"
    stick.write_text("a file where a folder should be")
    page = hand.open()
    page.choose(stick)
    hand.press("primaryAction")
    hand.wait(lambda: bool(hand.troubles()))
    assert "Cắm lại" in hand.troubles()[0]
    hand.picture("trouble")
    stick.unlink()
    hand.press("primaryAction")
    hand.wait(lambda: bool(hand.answers()))
    assert not hand.troubles()


def test_progress_is_shown_and_stopping_keeps_what_was_written(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.transport.courier._BLOCK", 64 * 1024)
    genuine = Stick.copy

    def copy(self: Stick, source: Path, name: str, sha256: str, **more: object) -> int:
        told = more["told"]
        assert callable(told)

        def slowly(done: int) -> None:
            time.sleep(0.02)
            told(done)

        return genuine(self, source, name, sha256, **{**more, "told": slowly})  # type: ignore[arg-type]

    monkeypatch.setattr(Stick, "copy", copy)
    locked(hand.machine, factories.png(41, extra=bytes(range(256)) * 24_000))
    stick = tmp_path / "stick"
    page = hand.open()
    page.choose(stick)
    hand.press("primaryAction")
    hand.wait(lambda: any(one.isVisible() for one in hand.page().findChildren(QPushButton, "stop")))
    hand.wait(lambda: any(path.stat().st_size > 500_000 for path in Stick(stick).out.glob("*.part")))
    hand.picture("running")
    hand.press("stop")
    hand.wait(lambda: bool(hand.answers()))
    assert "Đã dừng" in hand.answers()[0]
    assert next(Stick(stick).out.glob("*.part")).stat().st_size > 500_000
    monkeypatch.setattr(Stick, "copy", genuine)
    hand.press("primaryAction")
    hand.wait(lambda: any("niêm phong" in one for one in hand.answers()))
    assert len(out(stick)) == 1
