"""The sync centre through its own buttons: what waits where the network is paid by the byte, and lets it go."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QPushButton

from bnhelper.actions.unlock_machine import OpenMachine, Province
from bnhelper.paths import Places
from bnhelper.settings import Settings
from bnhelper.store import outbox
from bnhelper.vault.signatures import SigningKey
from sync.engine.gate import GateState
from sync.engine.verdicts import Stop, Why
from sync.runner import Pace, Runner
from tests import factories
from tests.fakes.clock import FixedClock
from tests.fakes.metered_network import MeteredNetwork
from tests.sync.courier_world import locked
from tests.sync.engine.playbook import SILENCE, answers, refuses
from tests.sync.test_runner_rounds import ScriptedProvince
from ui.app import App, make_qt
from ui.background import Background
from ui.devices.link_cost import LinkCost
from ui.presenters import routes
from ui.screens.settings_page import SettingsScreen


@pytest.fixture
def network() -> MeteredNetwork:
    make_qt(["test"])
    return MeteredNetwork()


@pytest.fixture
def machine(tmp_path: Path) -> OpenMachine:
    made = factories.machine(tmp_path / "device", FixedClock())
    locked(made, factories.png(extra=b"p" * 2_000))
    return made


@pytest.fixture
def province(monkeypatch: pytest.MonkeyPatch) -> ScriptedProvince:
    """A province that answers, and takes no dossier now."""
    made = ScriptedProvince()
    monkeypatch.setattr(Runner, "_connected", lambda _runner, _number: made)
    return made


@pytest.fixture
def app(tmp_path: Path, machine: OpenMachine, network: MeteredNetwork, province: ScriptedProvince) -> Iterator[App]:
    """The sync centre of a machine that is enrolled."""
    machine.remember_province(Province("http://127.0.0.1:9", "bn", "t", (SigningKey.generate().public(),), None, ""))
    yield from _opened(tmp_path, machine, network)


@pytest.fixture
def new_app(tmp_path: Path, machine: OpenMachine, network: MeteredNetwork) -> Iterator[App]:
    """The same of a machine that nobody has enrolled yet."""
    yield from _opened(tmp_path, machine, network)


def _opened(tmp_path: Path, machine: OpenMachine, network: MeteredNetwork) -> Iterator[App]:
    made = App(Places(tmp_path / "device" / "data"), clock=machine.clock, settings=Settings(), pace=Pace(idle_s=60))
    made._link = LinkCost(made, network, told=made._judge_link)
    made.window.resize(1024, 536)
    made.window.show()
    made.opened(machine)
    made.window.home(routes.SyncCentre())
    yield made
    made.close()


def _wait(holds: Callable[[], bool], seconds: float = 120) -> None:
    ends, loop = time.monotonic() + seconds, QEventLoop()
    while not holds():
        assert time.monotonic() < ends
        QTimer.singleShot(10, loop.quit)
        loop.exec()


def _there(app: App, kind: type[QFrame] | type[QPushButton], name: str) -> bool:
    page = app.window.page
    return page is not None and any(one.isVisible() for one in page.findChildren(kind, name))


def _photos_may_go(app: App) -> bool:
    assert app.runner is not None
    return app.runner.has_files_allowed


def test_photos_wait_where_the_network_is_metered_until_one_press(app: App) -> None:
    assert not _photos_may_go(app)
    _wait(lambda: _there(app, QPushButton, "sendPhotos"))
    assert _there(app, QFrame, "metered")
    assert app.window.page is not None
    if folder := os.environ.get("BNHELPER_LOOKS"):
        app.window.grab().save(str(Path(folder) / "sync-metered.png"))
    button = app.window.page.findChild(QPushButton, "sendPhotos")
    assert isinstance(button, QPushButton)
    button.click()
    assert _photos_may_go(app)
    _wait(lambda: not _there(app, QPushButton, "sendPhotos"))


def test_where_there_is_no_network_its_price_is_not_why_photos_wait(app: App, province: ScriptedProvince) -> None:
    _wait(lambda: _there(app, QFrame, "metered"))
    province.says[""] = lambda _order: SILENCE
    assert app.runner is not None
    app.runner.sync_now()
    _wait(lambda: _there(app, QFrame, "line"))
    assert not _there(app, QFrame, "metered")
    assert not _there(app, QPushButton, "sendPhotos")


def test_a_manual_send_does_not_say_there_was_nothing_to_send_while_something_waits(
    app: App, province: ScriptedProvince
) -> None:
    assert app.window.page is not None
    app.window.page.findChild(QPushButton, "primaryAction").click()  # type: ignore[union-attr]
    _wait(lambda: "tự thử lại" in _said(app) or "tried again" in _said(app))
    with app.desk.machine.store.read() as db:  # type: ignore[union-attr]
        item = outbox.get(db, 1)
    lacks = {"id": item.dossier, "rev": 1, "state": "receiving", "missing": [file.sha256 for file in item.files]}
    province.says["/v1/dossiers"] = lambda _order: answers(201, lacks)
    app.window.page.findChild(QPushButton, "primaryAction").click()  # type: ignore[union-attr]
    _wait(lambda: "sẽ tự gửi" in _said(app) or "sent by itself" in _said(app))


def _said(app: App) -> str:
    page = app.window.page
    found = [] if page is None else page.findChildren(QFrame, "answer")
    return " ".join(one.text() for frame in found for one in frame.findChildren(QLabel))


def test_who_comes_back_to_a_paused_sync_centre_is_told(app: App) -> None:
    assert app.window.page is not None
    app.window.page.findChild(QPushButton, "pause").click()  # type: ignore[union-attr]
    app.window.home(routes.Today())
    app.window.home(routes.SyncCentre())
    _wait(lambda: "tạm dừng" in _said(app) or "Paused" in _said(app))


def test_a_new_invitation_is_tried_at_once_though_the_last_was_refused_a_moment_ago(
    app: App, province: ScriptedProvince, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, known = app.runner, app.desk.machine.profile.province  # type: ignore[union-attr]
    assert runner is not None
    assert known is not None
    _wait(lambda: runner.snapshot().round > 0)
    said = SimpleNamespace(**{name: getattr(known, name) for name in ("url", "certificate_sha256")})
    answer = SimpleNamespace(
        **{name: getattr(known, name) for name in ("server_id", "token", "receipt_keys", "office", "courier")}
    )
    monkeypatch.setattr("ui.screens.settings_page.enrol", lambda _text, **_more: (said, answer))
    province.says["/v1/ping"] = lambda _order: refuses(401, "unknown-device", retry="after_login")
    runner._gate = GateState().after(Stop(Why.LOGIN, "unknown-device"), app.clock.now())
    asked = len(province.asked)
    app.window.home(routes.SettingsPage())
    page = app.window.page
    assert isinstance(page, SettingsScreen)
    page._text.setText("an invitation")
    page._enrol()
    _wait(lambda: len(province.asked) > asked)


def test_a_machine_that_knows_no_province_is_told_that_and_nothing_of_what_a_byte_costs(new_app: App) -> None:
    _wait(lambda: _there(new_app, QFrame, "line"))
    assert not _there(new_app, QFrame, "metered")
    assert not _there(new_app, QPushButton, "sendPhotos")


def test_another_network_lets_them_go_and_a_setting_does_everywhere(app: App, network: MeteredNetwork) -> None:
    network.becomes(False)
    assert _photos_may_go(app)
    _wait(lambda: not _there(app, QFrame, "metered"))
    network.becomes(True)
    assert not _photos_may_go(app)
    app.change_settings(Settings(photos_over_metered=True))
    assert _photos_may_go(app)


def test_where_the_system_does_not_say_nothing_is_metered() -> None:
    make_qt(["test"])
    assert not LinkCost().is_metered


def test_until_the_system_has_said_photos_wait_and_nobody_waits_for_its_word() -> None:
    make_qt(["test"])
    told: list[bool] = []
    background = Background()
    cost = LinkCost(
        told=lambda: told.append(cost.is_metered), beside=lambda read, then: background.run(read).then(then)
    )
    assert cost.is_metered
    assert told == []
    _wait(lambda: told == [False])
    background.finish()
