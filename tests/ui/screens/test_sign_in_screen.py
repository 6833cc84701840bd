"""The sign-in screen through its own buttons, with the real provider behind it: one press renews, work never stops."""

import contextlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QLabel, QPushButton

from bnhelper.domain.custody import OutboxState
from bnhelper.paths import Places
from bnhelper.settings import Settings
from sync.intake.oidc import Issuer
from sync.intake.station import address
from sync.keeper import Keeper
from sync.runner import Pace
from tests import factories
from tests.sync.conftest import RunningIntake, running
from tests.sync.courier_world import locked, states
from tests.sync.provider import Person, provider
from tests.ui.screens.test_carry_by_usb import Hand
from ui.app import App, make_qt
from ui.presenters import routes
from ui.screens.sign_in import SignInScreen
from ui.widgets.page import Page

pytestmark = pytest.mark.journey


class Desk(Hand):
    """An app on a machine that knows no province yet."""

    def __init__(self, folder: Path, intake: RunningIntake) -> None:
        make_qt(["test"])
        self.intake = intake
        self.machine = factories.machine(folder / "device", intake.clock)
        places = Places(folder / "device" / "data")
        self.app = App(places, clock=intake.clock, settings=Settings(), pace=Pace(idle_s=60))
        self.app.window.resize(1024, 536)
        self.app.window.show()
        self.app.opened(self.machine)

    def page(self) -> Page:  # type: ignore[override]
        page = self.app.window.page
        assert page is not None
        return page

    def wait(self, holds: Callable[[], bool], seconds: float = 120) -> None:
        super().wait(holds, seconds)

    def says(self, words: str) -> bool:
        shown = [one.text() for one in self.page().findChildren(QLabel) if one.isVisible()]
        return any(words in one for one in shown)

    def picture(self, name: str) -> None:
        folder = os.environ.get("BNHELPER_LOOKS")
        if folder:
            ends = time.monotonic() + 0.5  # until it is laid out
            self.wait(lambda: time.monotonic() > ends)
            self.app.window.grab().save(str(Path(folder) / f"sign-in-{name}.png"))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with contextlib.ExitStack() as things:
        url = things.enter_context(provider())
        intake = things.enter_context(running(tmp_path / "intake", issuer=Issuer(url, "urn:bnhelper:intake")))

        def browser(asked: QUrl) -> bool:
            threading.Thread(target=Person("dat").open, args=[asked.toString()], daemon=True).start()
            return True

        monkeypatch.setattr(QDesktopServices, "openUrl", browser)
        made = Desk(tmp_path, intake)
        things.callback(made.app.window.close)
        things.callback(made.app.close)
        yield made


def test_signed_in_signed_out_by_the_provider_and_in_again_with_one_press(desk: Desk) -> None:
    where = address(desk.intake.site, desk.intake.url).to_text()
    locked(desk.machine)
    desk.app.window.home(routes.SyncCentre())
    desk.app.window.go(routes.SignInPage(where))
    desk.picture("first")
    desk.press("primaryAction")
    desk.wait(lambda: desk.says("Đang đăng nhập: Người dùng dat"))
    desk.picture("signed-in")
    desk.wait(lambda: states(desk.machine) == [OutboxState.PROVED])

    province = desk.machine.profile.province  # an administrator takes the sign-in back
    assert province is not None
    assert province.sign_in is not None
    refresh = json.loads(Keeper(desk.machine).session() or b"{}")["refresh"]
    form = {"client_id": "bnhelper", "token": refresh}
    requests.post(f"{province.sign_in['issuer']}/token/revocation", form, timeout=30).raise_for_status()
    assert desk.app.desk is not None
    desk.app.desk.session.forget_access()  # as after its quarter of an hour
    locked(desk.machine)
    desk.app.window.home(routes.SyncCentre())
    desk.app.desk.runner.sync_now()
    desk.wait(lambda: any(one.isVisible() for one in desk.page().findChildren(QPushButton, "signInAgain")))
    line = desk.page().findChild(QFrame, "line")
    assert isinstance(line, QFrame)
    assert "vẫn làm việc được" in line.accessibleName()
    desk.wait(lambda: "đợi đăng nhập" in desk.app.window.badge.accessibleName())
    desk.picture("ended")
    desk.press("signInAgain")
    desk.wait(lambda: isinstance(desk.page(), SignInScreen) and desk.says("Đang đăng nhập: Người dùng dat"))
    desk.wait(lambda: states(desk.machine) == [OutboxState.PROVED, OutboxState.PROVED])


def test_a_code_is_shown_for_a_phone_and_leaving_ends_the_waiting(desk: Desk) -> None:
    where = address(desk.intake.site, desk.intake.url).to_text()
    desk.app.window.home(routes.SyncCentre())
    desk.app.window.go(routes.SignInPage(where))
    desk.press("withCode")
    desk.wait(lambda: desk.page().findChild(QLabel, "userCode") is not None)
    desk.picture("code")
    desk.press("backAction")
    desk.wait(lambda: not desk.app.waiting_work.is_busy)
    assert Keeper(desk.machine).signed_in() is None


def test_a_wrong_address_and_a_silent_province_are_told_with_the_next_step(desk: Desk) -> None:
    desk.app.window.home(routes.SyncCentre())
    desk.app.window.go(routes.SignInPage())
    desk.press("primaryAction")
    desk.wait(lambda: bool(desk.troubles()))
    desk.picture("trouble")
    silent = address(desk.intake.site, "http://127.0.0.1:9").to_text()
    desk.app.window.replace(routes.SignInPage(silent))
    desk.press("primaryAction")
    desk.wait(lambda: any("hệ thống tỉnh" in one for one in desk.troubles()))
