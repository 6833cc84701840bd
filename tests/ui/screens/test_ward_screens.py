"""The ward's machine and a volunteer's, each a whole app, on loopback: pairing, handing over, relay, receipts."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton

from bnhelper.domain.custody import OutboxState
from bnhelper.paths import Places
from bnhelper.settings import Settings
from sync.runner import Pace
from sync.taking_in import TakingIn
from tests import factories
from tests.sync.conftest import RunningIntake, intake
from tests.sync.courier_world import locked, machine_at, states
from ui.app import App, make_qt
from ui.presenters import routes
from ui.screens.take_in import TakeInScreen
from ui.widgets.page import Page

__all__ = ["intake"]
pytestmark = pytest.mark.journey


class OneApp:
    """An app of its own: window, workers, store."""

    def __init__(self, folder: Path, intake: RunningIntake) -> None:
        make_qt(["test"])
        self.machine = machine_at(folder, intake)
        self.app = App(Places(folder / "data"), clock=intake.clock, settings=Settings(), pace=Pace(idle_s=60))
        self.app.window.resize(1024, 536)
        self.app.window.show()

    def go(self, route: routes.Route) -> None:
        self.app.window.home(routes.SyncCentre())
        self.app.window.go(route)

    def page(self) -> Page:
        page = self.app.window.page
        assert page is not None
        return page

    def press(self, name: str) -> None:
        def found() -> list[QPushButton]:
            return [one for one in self.page().findChildren(QPushButton, name) if one.isVisible()]

        wait(lambda: bool(found()), name)
        found()[-1].click()

    def says(self, words: str) -> bool:
        shown = [one.text() for one in self.page().findChildren(QLabel) if one.isVisible()]
        shown += [one.accessibleName() for one in self.page().findChildren(QFrame) if one.isVisible()]
        return any(words in one for one in shown)

    def picture(self, name: str) -> None:
        folder = os.environ.get("BNHELPER_LOOKS")
        if folder:
            ends = time.monotonic() + 0.5  # until it is laid out
            wait(lambda: time.monotonic() > ends, name)
            self.app.window.grab().save(str(Path(folder) / f"ward-{name}.png"))

    def close(self) -> None:
        self.app.close()
        self.app.window.close()


def wait(holds: Callable[[], bool], what: str, seconds: float = 90) -> None:
    ends, loop = time.monotonic() + seconds, QEventLoop()
    while not holds():
        assert time.monotonic() < ends, what
        QTimer.singleShot(10, loop.quit)
        loop.exec()


@pytest.fixture
def ward(tmp_path: Path, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch) -> Iterator[OneApp]:
    genuine = TakingIn.__init__

    def on_loopback(self: TakingIn, ward: object) -> None:
        genuine(self, ward, host="127.0.0.1", port=0, is_announced=False)  # type: ignore[arg-type]

    monkeypatch.setattr(TakingIn, "__init__", on_loopback)
    made = OneApp(tmp_path / "ward", intake)
    yield made
    made.close()


@pytest.fixture
def volunteer(tmp_path: Path, intake: RunningIntake) -> Iterator[OneApp]:
    made = OneApp(tmp_path / "volunteer", intake)
    yield made
    made.close()


def test_a_dossier_goes_over_the_ward_s_machine_by_the_buttons_of_both(
    ward: OneApp, volunteer: OneApp, intake: RunningIntake
) -> None:
    intake.faults.portal = 100_000  # nobody has a line yet
    locked(volunteer.machine, factories.png(33, extra=b"w" * 300_000))
    ward.app.opened(ward.machine)
    ward.go(routes.TakeIn())
    ward.press("primaryAction")
    page = ward.page()
    assert isinstance(page, TakeInScreen)
    wait(lambda: page._code.startswith("BNWARD1:"), "a code is shown")
    wait(lambda: ward.says("đang nhận"), "that it takes in is said")
    ward.picture("taking-in")

    volunteer.app.opened(volunteer.machine)
    volunteer.go(routes.SendToWard())
    wait(lambda: volunteer.page().findChild(QLineEdit, "wardCode") is not None, "the field")
    volunteer.picture("pairing")
    field = volunteer.page().findChild(QLineEdit, "wardCode")
    assert isinstance(field, QLineEdit)
    field.setText(page._code)
    volunteer.press("primaryAction")
    wait(lambda: volunteer.says("Đã ghép"), "paired")
    volunteer.press("primaryAction")
    wait(lambda: volunteer.says("chưa gửi"), "it is on the ward's machine, not sent")
    volunteer.picture("handed")
    assert states(volunteer.machine) == [OutboxState.QUEUED]
    wait(lambda: ward.says("chưa tới tỉnh"), "the ward says so too")
    ward.picture("lying")

    intake.faults.portal = 0
    assert ward.app.runner is not None
    ward.app.runner.sync_now()
    wait(lambda: ward.says("Tỉnh đã xác nhận 1 hồ sơ"), "relayed by itself")
    ward.picture("relayed")
    intake.faults.portal = 100_000  # the volunteer still has none
    volunteer.press("primaryAction")
    wait(lambda: volunteer.says("biên nhận đã về"), "the receipt came back")
    volunteer.picture("proved")
    assert states(volunteer.machine) == [OutboxState.PROVED]


def test_it_goes_on_taking_in_while_the_machine_is_locked_and_pairs_nobody_then(
    ward: OneApp, volunteer: OneApp, intake: RunningIntake
) -> None:
    intake.faults.portal = 100_000
    locked(volunteer.machine)
    ward.app.opened(ward.machine)
    ward.go(routes.TakeIn())
    ward.press("primaryAction")
    page = ward.page()
    assert isinstance(page, TakeInScreen)
    wait(lambda: page._code.startswith("BNWARD1:"), "a code is shown")
    volunteer.app.opened(volunteer.machine)
    assert volunteer.app.desk is not None
    code, first = page._code, volunteer.app.desk.ward
    done: list[object] = []
    volunteer.app.long_work.run(lambda: first.pair(code)).then(done.append)
    wait(lambda: bool(done), "paired")
    wait(lambda: page._code not in {"", code}, "a used code makes room for a new one")
    second = page._code
    ward.app.lock()
    wait(lambda: not ward.app.background.is_busy, "locked")
    troubles: list[BaseException] = []
    volunteer.app.long_work.run(lambda: first.pair(second)).on_trouble(troubles.append)
    wait(lambda: bool(troubles), "nobody is paired while it is locked")
    assert getattr(troubles[0], "code", "") == "pairing-failed"
    back: list[object] = []
    volunteer.app.long_work.run(first.to_ward).then(back.append)
    wait(lambda: bool(back), "what is sealed is taken in all the same")
    assert page._relay.taking_in.lying_here().waiting == 1
