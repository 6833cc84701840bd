"""The sync centre through its own buttons: what waits where the network is paid by the byte, and lets it go."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QFrame, QPushButton

from bnhelper.paths import Places
from bnhelper.settings import Settings
from sync.runner import Pace
from tests import factories
from tests.fakes.clock import FixedClock
from tests.fakes.metered_network import MeteredNetwork
from tests.sync.courier_world import locked
from ui.app import App, make_qt
from ui.background import Background
from ui.devices.link_cost import LinkCost
from ui.presenters import routes


@pytest.fixture
def network() -> MeteredNetwork:
    make_qt(["test"])
    return MeteredNetwork()


@pytest.fixture
def app(tmp_path: Path, network: MeteredNetwork) -> Iterator[App]:
    clock = FixedClock()
    machine = factories.machine(tmp_path / "device", clock)
    locked(machine, factories.png(extra=b"p" * 2_000))
    made = App(Places(tmp_path / "device" / "data"), clock=clock, settings=Settings(), pace=Pace(idle_s=60))
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
    button = app.window.page.findChild(QPushButton, "sendPhotos")
    assert isinstance(button, QPushButton)
    button.click()
    assert _photos_may_go(app)
    _wait(lambda: not _there(app, QPushButton, "sendPhotos"))


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
