"""The stick's screen through its own buttons, against the real intake."""

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage
import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QFrame, QPushButton
from sqlalchemy import func, select

from bnhelper.domain.custody import OutboxState
from bnhelper.paths import Places
from bnhelper.settings import Settings
from sync.courier_keeper import CourierKeeper
from sync.intake import ledger
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

    def wait(self, holds: Callable[[], bool], seconds: float = 120) -> None:
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


def _fails(errno: int) -> Callable[..., None]:
    def fail(*_any: object, **_more: object) -> None:
        raise OSError(errno, os.strerror(errno))

    return fail


@pytest.mark.slow
def test_a_full_a_locked_and_a_pulled_out_stick_are_told_apart_and_the_last_is_gone_on_with(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked(hand.machine, factories.png(42, extra=b"2" * 50_000))
    stick = tmp_path / "stick"
    page = hand.open()

    def sealing_fails(target: str, fails: Callable[..., object]) -> str:
        page.choose(stick)  # which takes the last answer away
        hand.wait(lambda: not hand.troubles())
        with monkeypatch.context() as broken:
            broken.setattr(target, fails)
            hand.press("primaryAction")
            hand.wait(lambda: bool(hand.troubles()))
        said = hand.troubles()[0]
        assert states(hand.machine) == [OutboxState.QUEUED], "nothing is lost, and nothing is claimed"
        assert not out(stick)
        assert not hand.answers()
        return said

    said = sealing_fails("sync.transport.courier._free", lambda _folder: 1_000)
    assert "USB không đủ chỗ, thiếu khoảng 2 MB." in said
    assert "Xóa bớt tệp khác trên USB" in said
    hand.picture("full")
    said = sealing_fails("sync.transport.courier._flush", _fails(errno.ENOSPC))
    assert "USB không đủ chỗ" in said, "full in the middle, since another program wrote on it too"
    said = sealing_fails("pathlib.Path.mkdir", _fails(errno.EROFS))
    assert "bị khóa ghi" in said
    assert "Cắm lại rồi bấm lần nữa" in said
    said = sealing_fails("sync.transport.courier._flush", _fails(errno.EIO))
    assert "USB bị rút ra" in said
    said = sealing_fails("sync.transport.courier._hash_of", lambda _path: "0" * 64)
    assert "USB đọc lại không giống lúc ghi." in said
    assert "dùng USB khác" in said
    hand.press("primaryAction")
    hand.wait(lambda: bool(hand.answers()))
    assert len(out(stick)) == 1


@pytest.mark.slow
def test_half_a_stick_a_changed_one_and_one_for_another_province_are_told_to_the_carrier(
    hand: Hand, tmp_path: Path, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    volunteer = machine_at(tmp_path / "volunteer", intake)
    for shade in range(2):
        locked(volunteer, *(factories.png(shade, extra=bytes([65 + number]) * 20_000) for number in range(2)))
    half, changed, elsewhere = (tmp_path / name for name in ("half", "changed", "elsewhere"))
    courier(volunteer).carry_out(half, part_bytes=60_000)
    for path in out(half)[1:]:
        path.unlink()
    courier(volunteer).carry_out(changed)
    content = bytearray(out(changed)[0].read_bytes())
    content[len(content) // 2] ^= 1
    out(changed)[0].write_bytes(content)
    keys = tuple(str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2))
    monkeypatch.setattr(CourierKeeper, "recipients", lambda _self: keys)
    courier(volunteer).carry_out(elsewhere)
    volunteer.close()

    page = hand.open()
    intake.faults.portal = 0

    def handing_over(stick: Path) -> str:
        page.choose(stick)
        hand.press("handOver")
        hand.wait(lambda: bool(hand.answers()))
        return "\n".join(hand.answers())

    said = handing_over(half)
    assert "USB này thiếu phần." in said
    assert "Chuyển cả USB kia" in said
    for stick, what in ((changed, "bị hỏng hoặc chép chưa hết"), (elsewhere, "niêm phong cho nơi khác")):
        said = handing_over(stick)
        assert what in said, stick
        assert "Không phần nào được nhận. Nhờ tình nguyện viên xuất lại." in said
    hand.picture("elsewhere")
    with intake.site.engine.connect() as db:
        assert db.execute(select(func.count()).select_from(ledger.blobs)).scalar_one() <= 2, "only the whole half"


def test_progress_is_shown_and_stopping_keeps_what_was_written(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.transport.courier._BLOCK", 64 * 1024)
    genuine, was_stopped = Stick.copy, threading.Event()

    def copy(self: Stick, source: Path, name: str, sha256: str, **more: object) -> int:
        told = more["told"]
        assert callable(told)

        def held_up(done: int) -> None:
            told(done)
            if done > 700_000:
                assert was_stopped.wait(120)

        return genuine(self, source, name, sha256, **{**more, "told": held_up})  # type: ignore[arg-type]

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
    was_stopped.set()
    hand.wait(lambda: bool(hand.answers()))
    assert "Đã dừng" in hand.answers()[0]
    assert next(Stick(stick).out.glob("*.part")).stat().st_size > 500_000
    monkeypatch.setattr(Stick, "copy", genuine)
    hand.press("primaryAction")
    hand.wait(lambda: any("niêm phong" in one for one in hand.answers()))
    assert len(out(stick)) == 1
