"""A refused dossier through the screens' own buttons: why, what mends it, send again, open to mend, save for the desk."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QPushButton
from sqlalchemy import update

from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.domain.custody import OutboxState
from bnhelper.ids import DossierId, FieldPath
from bnhelper.paths import Places
from bnhelper.settings import Settings
from bnhelper.store import dossiers, outbox
from bnhelper.store import tables as t
from sync.intake import accept
from sync.intake.refusals import Refused
from sync.runner import Pace
from sync.wire.problems import FieldProblem, ProblemCode, Retry
from tests.sync.conftest import RunningIntake, intake
from tests.sync.courier_world import locked, machine_at, opened, out
from ui.app import App, make_qt
from ui.presenters import routes
from ui.screens.carry_by_usb import CarryByUsbScreen
from ui.screens.question import QuestionScreen
from ui.screens.supplement import SupplementScreen
from ui.widgets.page import Page

__all__ = ["intake"]
pytestmark = pytest.mark.slow
_FIELD = FieldPath("/data/declaration/mother/residence")


class Hand:
    """One app whose first dossier the province does not take."""

    def __init__(self, folder: Path, intake: RunningIntake) -> None:
        make_qt(["test"])
        self.machine = machine_at(folder / "device", intake)
        self.app = App(
            Places(folder / "device" / "data"), clock=intake.clock, settings=Settings(), pace=Pace(idle_s=0.2)
        )
        self.app.window.resize(1024, 536)
        self.app.window.show()

    def open(self) -> None:
        self.app.opened(self.machine)
        self.app.window.home(routes.SyncCentre())

    @property
    def page(self) -> Page:
        assert self.app.window.page is not None
        return self.app.window.page

    def press(self, name: str) -> None:
        def found() -> list[QPushButton]:
            return [one for one in self.page.findChildren(QPushButton, name) if one.isVisible()]

        wait_for(lambda: bool(found()))
        found()[-1].click()

    def words(self) -> str:
        return "\n".join(one.text() for one in self.page.findChildren(QLabel) if one.isVisible())

    def state(self, dossier: DossierId) -> OutboxState:
        with self.machine.store.read() as db:
            item = outbox.of_revision(db, dossier, 1)
        return OutboxState.DRAFT if item is None else item.state

    def times_held(self, dossier: DossierId) -> int:
        with self.machine.store.read() as db:
            return sum(one["kind"] == "held" for one in dossiers.events_of(db, dossier))

    def code(self, dossier: DossierId) -> str:
        with self.machine.store.read() as db:
            return dossiers.get(db, dossier).readable_code


def wait_for(holds: Callable[[], bool], seconds: float = 60) -> None:
    ends, loop = time.monotonic() + seconds, QEventLoop()
    while not holds():
        assert time.monotonic() < ends
        QTimer.singleShot(10, loop.quit)
        loop.exec()


@pytest.fixture
def hand(tmp_path: Path, intake: RunningIntake) -> Iterator[Hand]:
    made = Hand(tmp_path, intake)
    yield made
    made.app.close()
    made.app.window.close()


def test_a_refused_field_is_named_and_mended_and_the_dossier_arrives(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, intake: RunningIntake
) -> None:
    genuine = accept._checked

    def checked(site: object, envelope: object) -> object:
        remark, answers = genuine(site, envelope)  # type: ignore[arg-type]
        if answers[_FIELD] != "Thôn Đoài, xã Yên Phong":
            errors = (FieldProblem(pointer=_FIELD, code="constraint"), FieldProblem(pointer="/dossier", code="odd"))
            raise Refused(422, ProblemCode.INVALID, Retry.AFTER_EDIT, errors=errors)
        return remark, answers

    monkeypatch.setattr(accept, "_checked", checked)
    dossier = locked(hand.machine)
    hand.open()
    wait_for(lambda: hand.state(dossier) is OutboxState.HELD)
    code = hand.code(dossier)
    wait_for(lambda: "Tỉnh trả lại: có ô chưa đúng." in hand.words())
    said = hand.words()
    assert "Bấm “Mở để sửa”" in said
    assert "Cần sửa: " in said
    assert "cư trú" in said.partition("Cần sửa: ")[2].partition("\n")[0], "the field by its label"
    assert "Cho nhóm hỗ trợ: invalid /data/declaration/mother/residence constraint" in said

    hand.press(f"again_{code}")
    wait_for(lambda: hand.times_held(dossier) == 2 and hand.state(dossier) is OutboxState.HELD)

    hand.app.window.home(routes.SupplementPage(dossier))
    wait_for(lambda: bool(hand.page.findChildren(QFrame, "held")))
    assert isinstance(hand.page, SupplementScreen)
    wait_for(lambda: "Bấm “Mở để sửa”" in hand.words())
    hand.app.window.home(routes.SyncCentre())
    hand.press(f"mend_{code}")
    wait_for(lambda: isinstance(hand.page, QuestionScreen))
    assert hand.state(dossier) is OutboxState.DRAFT
    answer_question(hand.machine, dossier, _FIELD, "Thôn Đoài, xã Yên Phong")
    lock_dossier(hand.machine, dossier)
    assert hand.app.runner is not None
    hand.app.runner.wake()
    wait_for(lambda: hand.state(dossier) is OutboxState.PROVED)


def test_a_held_dossier_is_saved_for_the_help_desk_alone_and_sent_again_once_its_cause_is_gone(
    hand: Hand, tmp_path: Path, intake: RunningIntake
) -> None:
    dossier = locked(hand.machine)
    with hand.machine.store.write() as db:
        good = outbox.get(db, 1).signature
        db.execute(update(t.outbox).values(signature="e30..AAAA"))
    hand.open()
    wait_for(lambda: hand.state(dossier) is OutboxState.HELD)
    intake.faults.portal = 10_000  # no line: the next one waits
    other, code, stick = locked(hand.machine), hand.code(dossier), tmp_path / "stick"
    hand.press(f"rescue_{code}")
    wait_for(lambda: isinstance(hand.page, CarryByUsbScreen) and code in hand.words())
    page = hand.page
    assert isinstance(page, CarryByUsbScreen)
    page.choose(stick)
    hand.press("primaryAction")
    wait_for(lambda: bool(out(stick)) and bool(page.findChildren(QFrame, "answer")))
    (part,) = out(stick)
    bundle = opened(intake, part)
    assert [one.dossier for one in bundle.manifest.revisions] == [dossier]
    assert (hand.state(dossier), hand.state(other)) == (OutboxState.HELD, OutboxState.QUEUED)

    intake.faults.portal = 0
    with hand.machine.store.write() as db:
        db.execute(update(t.outbox).where(t.outbox.c.dossier == dossier).values(signature=good))
    hand.app.window.home(routes.SyncCentre())
    hand.press(f"again_{code}")
    assert hand.app.runner is not None
    hand.app.runner.sync_now()
    wait_for(lambda: hand.state(dossier) is OutboxState.PROVED)
    wait_for(lambda: hand.state(other) is OutboxState.PROVED)
