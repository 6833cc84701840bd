"""One round of the runner after another, against a scripted province: how long it waits, and whom it leaves alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine, Province
from bnhelper.domain.custody import OutboxState
from bnhelper.ids import Sha256
from bnhelper.queries.dossier_list import dossier
from bnhelper.queries.dossier_status import dossier_status
from bnhelper.store import outbox
from bnhelper.vault.signatures import SigningKey
from sync.engine.orders import Send
from sync.engine.reports import Answered, Report
from sync.engine.verdicts import Stop, Why
from sync.keeper import Keeper
from sync.runner import Pace, Runner
from sync.wire.changes import HeldByDevice
from tests import factories
from tests.fakes.clock import FixedClock
from tests.sync.engine.playbook import PORTAL, SILENCE, answers, refuses
from ui.words.held_words import held_words


class ScriptedProvince:
    """Answers by the path's beginning; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.says: dict[str, Callable[[Send], Report]] = {}
        self.bytes_sent: dict[str, int] = {}

    def perform(self, order: Send, *, within_s: float | None = None) -> Report:
        self.asked.append(f"{order.method} {order.path}")
        for start, say in self.says.items():
            if order.path.startswith(start):
                return say(order)
        usual: dict[str, Answered] = {
            "/v1/ping": answers(204),
            "/v1/reconcile": answers(200, {"lacking": []}),
            "/v1/changes": answers(304),
        }
        return next((said for start, said in usual.items() if order.path.startswith(start)), answers(500))

    def renew(self) -> None:
        pass

    def abort(self) -> None:
        pass

    def close(self) -> None:
        pass


class Scene:
    """A device with one sealed dossier, and a runner that is stepped by hand."""

    def __init__(self, machine: OpenMachine, clock: FixedClock) -> None:
        self.machine, self.clock, self.province = machine, clock, ScriptedProvince()
        machine.remember_province(
            Province("http://127.0.0.1:9", "bn", "t", (SigningKey.generate().public(),), None, "")
        )
        self.dossier = factories.birth_dossier(machine)
        lock_dossier(machine, self.dossier)
        self.keeper = Keeper(machine)
        self.runner = Runner(self.keeper, Pace(), connect=lambda _number: self.province)

    def round(self) -> tuple[str, float]:
        """Do one round; return how it ended and the seconds until the next."""
        outcome = self.runner._round()
        return outcome, self.runner._pause_s()

    def fail_once(self) -> None:
        """Let the item fail once, and its wait be over."""
        self.province.says["/v1/dossiers"] = lambda _order: answers(500)
        assert self.round()[0] == "nothing"
        assert self.item() == (OutboxState.QUEUED, 1)
        self.clock.move(minutes=6)
        self.runner.sync_now()
        self.province.asked.clear()

    def item(self) -> tuple[OutboxState, int]:
        with self.machine.store.read() as db:
            one = outbox.get(db, 1)
        return one.state, one.attempts


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    clock = FixedClock()
    opened = factories.machine(tmp_path, clock)
    yield Scene(opened, clock)
    opened.close()


_LINE = [
    (SILENCE, "offline", 2),
    (PORTAL, "captive", 1.5),
    (refuses(503, "busy", retry_after=40), "busy", 40),
    (refuses(401, "unknown-device", retry="after_login"), "login", 300),
]
_SICK = [(refuses(500, "internal"), "busy", 60), (refuses(426, "client-too-old"), "busy", 60)]


@pytest.mark.parametrize(("report", "gate", "least_s"), [*_LINE, *_SICK])
def test_a_line_that_cannot_be_used_stops_the_round_and_costs_no_item_a_try(
    scene: Scene, report: Report, gate: str, least_s: float
) -> None:
    scene.fail_once()
    scene.province.says["/v1/ping"] = lambda _order: report
    outcome, pause = scene.round()
    assert (outcome, scene.runner._gate.name) == (gate, gate)
    assert pause >= least_s
    assert scene.item() == (OutboxState.QUEUED, 1)
    assert scene.province.asked == ["HEAD /v1/ping"]
    assert scene.round()[0] == gate
    assert scene.province.asked == ["HEAD /v1/ping"], "the gate is closed"


@pytest.mark.parametrize(("report", "gate", "_least_s"), _LINE)
def test_a_line_that_breaks_over_an_item_costs_it_no_try(
    scene: Scene, report: Report, gate: str, _least_s: float
) -> None:
    scene.province.says["/v1/dossiers"] = lambda _order: report
    assert scene.round()[0] == gate
    assert scene.item() == (OutboxState.QUEUED, 0)


def test_a_failing_look_back_does_not_keep_new_work_from_going(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    believed = [HeldByDevice(dossier=scene.dossier, rev=1, envelope=Sha256("e" * 64))]
    monkeypatch.setattr(scene.keeper, "believed", lambda _page: iter([believed]))
    scene.province.says["/v1/reconcile"] = lambda _order: answers(500)
    scene.round()
    assert any(one.startswith("PUT") for one in scene.province.asked)


def test_a_result_that_cannot_be_fetched_leaves_the_others_alone(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    wanted = [(scene.dossier, sha, 1, "application/pdf") for sha in ("a" * 64, "b" * 64)]
    monkeypatch.setattr(scene.keeper, "results_wanted", lambda: wanted)

    def keep(_dossier: str, sha256: str, *_rest: object) -> bool:
        kept.append(sha256)
        return True

    monkeypatch.setattr(scene.keeper, "keep_result", keep)
    scene.province.says["/v1/blobs/a"] = lambda _order: refuses(404, "not-found")
    scene.province.says["/v1/blobs/b"] = lambda _order: answers(200, b"%PDF-")
    scene.round()
    assert kept == ["b" * 64]


def test_an_item_that_fails_six_times_unexplained_waits_for_a_person(scene: Scene) -> None:
    scene.province.says["/v1/dossiers"] = lambda _order: answers(500)
    tries = []
    for _ in range(7):
        scene.round()
        tries.append(scene.item())
        scene.clock.move(minutes=6)
    assert tries[4] == (OutboxState.QUEUED, 5)
    assert tries[5][0] is OutboxState.HELD
    assert tries[6] == tries[5]


def test_a_pause_asked_for_by_a_person_does_not_spin(scene: Scene) -> None:
    scene.fail_once()
    scene.runner.pause()
    assert scene.runner._pause_s() >= 60


def test_a_province_that_fails_for_everybody_makes_nobody_a_suspect(scene: Scene) -> None:
    for path in ("/v1/dossiers", "/v1/changes", "/v1/reconcile"):
        scene.province.says[path] = lambda _order: answers(500)
    for _ in range(20):
        scene.round()
        scene.clock.move(minutes=6)
        scene.runner.sync_now()
    state, attempts = scene.item()
    assert state is OutboxState.QUEUED
    assert attempts >= 6


def test_an_item_that_fails_while_others_pass_is_held(scene: Scene) -> None:
    scene.province.says["/v1/dossiers"] = lambda _order: answers(500)
    for _ in range(8):
        scene.round()
        scene.clock.move(minutes=6)
        scene.runner.sync_now()
    assert scene.item()[0] is OutboxState.HELD


def test_a_result_that_is_not_the_announced_one_is_not_fetched_every_round(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [(scene.dossier, "a" * 64, 3, "application/pdf")]
    monkeypatch.setattr(scene.keeper, "results_wanted", lambda: wanted)
    scene.province.says["/v1/blobs"] = lambda _order: answers(200, b"other")
    asked = "GET /v1/blobs/" + "a" * 64
    for _ in range(5):
        scene.round()
    assert scene.province.asked.count(asked) == 1
    scene.clock.move(minutes=6)
    scene.round()
    assert scene.province.asked.count(asked) == 2


def test_a_result_that_is_not_the_announced_one_is_said_once_on_the_timeline(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [(scene.dossier, "a" * 64, 3, "application/pdf")]
    monkeypatch.setattr(scene.keeper, "results_wanted", lambda: wanted)
    scene.province.says["/v1/blobs"] = lambda _order: Answered(200, {}, b"abc")
    for _ in range(3):
        scene.round()
        scene.clock.move(hours=1)
        scene.runner.sync_now()
    said = [row.kind for row in dossier_status(scene.machine, scene.dossier, "vi").timeline]
    assert said.count("result_wrong") == 1


def test_an_item_that_the_province_sends_elsewhere_ends_with_a_person_and_is_named(scene: Scene) -> None:
    def elsewhere(_order: Send) -> Report:
        raise Stop(Why.LATER, "elsewhere")

    scene.province.says["/v1/dossiers"] = elsewhere
    for _ in range(8):
        scene.round()
        scene.clock.move(minutes=6)
        scene.runner.sync_now()
    row = dossier(scene.machine, scene.dossier)
    assert (row.outbox_state, row.held_code) == (OutboxState.HELD, "elsewhere")
    assert held_words("elsewhere", "vi") != held_words("poison", "vi")
