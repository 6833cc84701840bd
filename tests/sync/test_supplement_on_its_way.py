"""A volunteer's machine whose supplement is half there: an officer asks again, refuses, or a year goes by."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.answer_supplement import answer_supplement
from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.custody import OutboxState, StatusKey
from bnhelper.ids import DossierId, FieldPath
from bnhelper.queries.dossier_list import dossier
from bnhelper.queries.dossier_status import dossier_status
from bnhelper.store import dossiers, photos
from sync.intake import desk, retention
from sync.intake.deeds import Deed
from sync.runner import Runner
from tests import factories
from tests.sync.conftest import RunningIntake
from tests.sync.test_lost_photos import _newest
from tests.sync.test_runner import _EVIDENCE, _OFFICER, _do, enrolled, locked, running, wait_for

_RESIDENCE = FieldPath("/data/declaration/mother/residence")


@pytest.fixture
def machine(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path / "device", intake.clock)
    enrolled(opened, intake)
    yield opened
    opened.close()


def _kinds(machine: OpenMachine, name: DossierId) -> list[str]:
    with machine.store.read() as db:
        return [one["kind"] for one in dossiers.events_of(db, name)]


def _state(intake: RunningIntake, name: DossierId) -> str:
    row = desk.dossier(intake.site, _OFFICER, name)
    assert row is not None
    return str(row.state)


def _half_there(machine: OpenMachine, intake: RunningIntake) -> tuple[DossierId, Runner]:
    """Let a supplement's text be at the province while its photo waits for a network that costs nothing."""
    name = locked(machine, factories.png())
    runner = running(machine)
    wait_for(lambda: dossier(machine, name).status is StatusKey.DELIVERED)
    _do(intake, name, Deed("accept"))
    _do(intake, name, Deed("supplement", note="Chụp lại.", fields=(_RESIDENCE,), papers=("birth_evidence",)))
    wait_for(lambda: dossier(machine, name).status is StatusKey.SUPPLEMENT)
    runner.allow_files(False)
    intake.clock.move(minutes=1)
    answer_supplement(machine, name)
    answer_question(machine, name, _RESIDENCE, "Thôn Đoài, xã Yên Phong")
    attach_photo(machine, name, _EVIDENCE, factories.png(extra=b"n" * 9000))
    assert lock_dossier(machine, name).revision == 2
    runner.wake()
    wait_for(lambda: _state(intake, name) == "receiving")
    intake.clock.move(minutes=1)
    return name, runner


def _asks_again(intake: RunningIntake, name: DossierId) -> None:
    _do(intake, name, Deed("ask_again", note="Còn thiếu ảnh.", deadline=intake.clock.now() + dt.timedelta(days=5)))


def _refuses(intake: RunningIntake, name: DossierId) -> None:
    _do(intake, name, Deed("reject", note="Quá hạn bổ sung."))


def _a_year_goes_by(intake: RunningIntake, name: DossierId) -> None:
    intake.clock.move(days=400)
    assert retention.run(intake.site, 365)["supplements_given_up"] == 1, name


@pytest.mark.parametrize(
    ("happens", "heard", "ends"),
    [
        (_asks_again, "needs_info", StatusKey.DELIVERED),
        (_refuses, "rejected", StatusKey.REFUSED),
        (_a_year_goes_by, "needs_info", StatusKey.DELIVERED),
    ],
)
def test_it_hears_of_it_claims_nothing_and_brings_what_it_has(
    machine: OpenMachine,
    intake: RunningIntake,
    happens: Callable[[RunningIntake, DossierId], None],
    heard: str,
    ends: StatusKey,
) -> None:
    name, runner = _half_there(machine, intake)
    before = _kinds(machine, name).count(heard)
    try:
        happens(intake, name)
        runner.wake()
        wait_for(lambda: _kinds(machine, name).count(heard) > before)
        sealed = _newest(machine, name)
        assert (sealed.revision, sealed.state is OutboxState.PROVED) == (2, False)
        assert dossier(machine, name).status in {StatusKey.READY, StatusKey.SENDING}, "its own revision is not there"
        with machine.store.read() as db:
            assert len(photos.of_dossier(db, name)) == 2, "nothing of it goes"
        runner.allow_files(True)
        runner.sync_now()
        wait_for(lambda: dossier(machine, name).status is ends)
        wait_for(lambda: _newest(machine, name).state is OutboxState.PROVED)
        shown = dossier_status(machine, name, "vi")
        assert shown.row.office_number
        assert _state(intake, name) == ("rejected" if ends is StatusKey.REFUSED else "delivered")
    finally:
        runner.stop()
