"""A dossier's text by QR codes: sealed, kept by a machine that can read nothing of it, receipts by the same road."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.codes.frame_chain import ChainReader, FrameChain, frames_in, picture_of_frame
from bnhelper.domain.custody import OutboxState
from bnhelper.store import outbox
from sync.courier_keeper import CourierKeeper, NothingToCarry
from sync.screen_chain import carried_folder, replies, shown_text, take
from tests import factories
from tests.sync.conftest import RunningIntake
from tests.sync.courier_world import courier, locked, machine_at, states


@pytest.fixture
def machine(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    made = machine_at(tmp_path / "device", intake)
    yield made
    made.close()


@pytest.fixture
def ward(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    made = machine_at(tmp_path / "ward", intake)
    yield made
    made.close()


def _filmed(whole: bytes) -> bytes:
    """Return what another machine reads off the screen, beginning late."""
    chain, reader = FrameChain(whole), ChainReader()
    for number in range(50, 200):
        gray, side = picture_of_frame(chain.frame(number))
        wide = b"".join(gray[at : at + side].translate(None) for at in range(0, len(gray), side))
        big = b"".join(
            bytes(value for value in wide[at : at + side] for _ in range(4)) * 4 for at in range(0, len(wide), side)
        )
        for frame in frames_in(big, side * 4, side * 4, side * 4):
            found = reader.take(frame)
            if found is not None:
                return found
    raise AssertionError("not read")


def test_text_goes_by_screen_and_the_receipt_comes_back_by_screen(machine: OpenMachine, ward: OpenMachine) -> None:
    dossier = locked(machine)
    keeper, wards = CourierKeeper(machine), CourierKeeper(ward)
    sealed = shown_text(keeper, dossier)
    assert sealed.startswith(b"age-encryption.org/v1\n")
    assert len(sealed) < 8_000, "a dossier is some seconds of codes"
    assert states(machine) == [OutboxState.QUEUED]
    taken = take(wards, _filmed(sealed))
    assert taken.is_kept
    assert taken.applied is None
    assert courier(ward).hand_over(carried_folder(wards)).proved == 1
    (reply,) = replies(wards)
    back = take(keeper, _filmed(reply))
    assert back.applied is not None
    assert back.applied.proved == 1
    assert states(machine) == [OutboxState.PROVED]


def test_text_without_its_photos_proves_nothing_yet(machine: OpenMachine, ward: OpenMachine, tmp_path: Path) -> None:
    dossier = locked(machine, factories.png(60, extra=b"p" * 4_000))
    keeper, wards = CourierKeeper(machine), CourierKeeper(ward)
    take(wards, shown_text(keeper, dossier))
    assert courier(ward).hand_over(carried_folder(wards)).proved == 0
    back = take(keeper, replies(wards)[0])
    assert back.applied is not None
    assert (back.applied.proved, back.applied.waiting) == (0, 1)
    assert states(machine) == [OutboxState.QUEUED]
    courier(machine).carry_out(tmp_path / "stick")  # the photos follow by another road
    assert courier(ward).hand_over(tmp_path / "stick").proved == 1
    courier(machine).bring_back(tmp_path / "stick")
    assert states(machine) == [OutboxState.PROVED]


def test_what_was_shown_cannot_be_opened_for_changes_and_rubbish_is_not_kept(machine: OpenMachine) -> None:
    keeper = CourierKeeper(machine)
    with pytest.raises(NothingToCarry):
        shown_text(keeper, factories.birth_dossier(machine))
    dossier = locked(machine)
    shown_text(keeper, dossier)
    with machine.store.read() as db:
        assert [item.exported_at for item in outbox.to_carry(db)] == [None]
        assert db.exec_driver_sql("SELECT has_left FROM outbox").scalar_one()
    assert not take(keeper, b"anything else").is_kept
    assert not carried_folder(keeper).exists()
