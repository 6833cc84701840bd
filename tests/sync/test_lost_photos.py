"""A photo that breaks between sealing and sending: said with its paper, taken again, and nobody else waits for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.answer_supplement import answer_supplement
from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import PhotosLost, lock_dossier, unlock_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.custody import OutboxState, StatusKey
from bnhelper.domain.sealed import OutboxItem
from bnhelper.ids import DossierId, FieldPath
from bnhelper.queries.dossier_list import dossier
from bnhelper.queries.named_places import held_places
from bnhelper.store import dossiers, outbox, photos
from bnhelper.vault.sealed_file import SealedFile, seal
from sync.intake import deeds, desk, ledger
from sync.intake.deeds import Deed
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer, Role
from sync.transport.courier import CopyStopped
from tests import factories
from tests.sync.conftest import RunningIntake
from tests.sync.courier_world import EVIDENCE, courier, locked, machine_at
from tests.sync.test_runner import running, wait_for

_OFFICER = Officer("canbo", "Bà Hạnh", "", Role.PROVINCE, PROVINCE_OFFICE)
_RESIDENCE = FieldPath("/data/declaration/mother/residence")


@pytest.fixture
def machine(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    made = machine_at(tmp_path / "device", intake)
    yield made
    made.close()


def _photo(number: int) -> bytes:
    return factories.png(extra=bytes([number]) * 5_000)


def _newest(machine: OpenMachine, name: DossierId) -> OutboxItem:
    with machine.store.read() as db:
        row = next(row for row in outbox.every(db) if row["dossier"] == name)
        return outbox.get(db, row["id"])


def _break(machine: OpenMachine, name: DossierId, how: str) -> None:
    """Do something to the file of a dossier's only photo."""
    with machine.store.read() as db:
        row = photos.sealed_row(db, photos.of_dossier(db, name)[-1].id)
    path = machine.places.photos / row["file"]
    content = bytearray(path.read_bytes())
    if how == "gone":
        path.unlink()
    elif how == "unreadable":
        content[len(content) // 2] ^= 1
        path.write_bytes(bytes(content))
    else:
        with machine.photos.open(row) as opened:
            assert isinstance(opened, SealedFile)
            plain = opened.read_at(0, opened.size)
        wrapped = bytes(row["wrapped_key"])
        key = machine.photos._wrap.decrypt(wrapped[:12], wrapped[12:], str(row["id"]).encode())
        other = plain[:-1] + b"?" if how == "other bytes" else plain[:-100]
        seal(path, other, key, f"{row['dossier']}/{row['id']}".encode())


def test_it_names_the_paper_and_is_mended_by_taking_it_again_while_the_others_go(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    ways = ("gone", "unreadable", "other bytes", "shorter")
    broken = {how: locked(machine, _photo(number)) for number, how in enumerate(ways)}
    good = locked(machine, _photo(9))
    for how, name in broken.items():
        _break(machine, name, how)
    runner = running(machine)
    try:
        wait_for(lambda: all(_newest(machine, name).state is OutboxState.HELD for name in broken.values()))
        wait_for(lambda: _newest(machine, good).state is OutboxState.PROVED)
        for number, (how, name) in enumerate(broken.items()):
            row = dossier(machine, name)
            assert (row.held_code, row.held_detail) == ("file-damaged", "/papers/birth_evidence damaged"), how
            _, (paper,) = held_places(machine, name, row.held_detail or "", "en")
            assert paper.paper == EVIDENCE
            unlock_dossier(machine, name, "refused")
            assert dossier(machine, name).status is StatusKey.DRAFT, "and no supplement: nobody asked for any"
            with pytest.raises(PhotosLost):
                lock_dossier(machine, name)
            attach_photo(machine, name, EVIDENCE, _photo(100 + number))
            assert lock_dossier(machine, name).revision == 2, "the province has the text of the first"
        runner.wake()
        wait_for(lambda: all(_newest(machine, name).state is OutboxState.PROVED for name in broken.values()))
    finally:
        runner.stop()
    for name in broken.values():
        item = _newest(machine, name)
        assert desk.envelope_bytes(intake.site, name) == item.envelope
        with intake.site.engine.connect() as db:
            kept = db.execute(select(ledger.revisions.c.revision).where(ledger.revisions.c.dossier == name)).scalars()
            assert list(kept) == [2], "what can never be whole is settled by nothing that still comes"


def test_an_answer_to_an_officer_whose_photo_broke_stays_an_answer_to_the_same(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    name = locked(machine)
    runner = running(machine)
    try:
        wait_for(lambda: dossier(machine, name).status is StatusKey.DELIVERED)
        _ask_for_more(intake, name)
        runner.wake()
        wait_for(lambda: dossier(machine, name).status is StatusKey.SUPPLEMENT)
        answer_supplement(machine, name)
        attach_photo(machine, name, EVIDENCE, _photo(1))
        answer_question(machine, name, _RESIDENCE, "Thôn Đoài, xã Yên Phong")
        assert lock_dossier(machine, name).revision == 2
        _break(machine, name, "gone")
        runner.wake()
        wait_for(lambda: _newest(machine, name).state is OutboxState.HELD)
        unlock_dossier(machine, name, "refused")
        assert dossier(machine, name).status is StatusKey.SUPPLEMENT
        attach_photo(machine, name, EVIDENCE, _photo(2))
        assert lock_dossier(machine, name).revision == 3
        runner.wake()
        wait_for(lambda: _newest(machine, name).state is OutboxState.PROVED)
    finally:
        runner.stop()


@pytest.mark.parametrize("road", ["line", "stick"])
def test_what_was_given_up_and_arrives_whole_after_all_is_what_the_province_has(
    machine: OpenMachine, intake: RunningIntake, tmp_path: Path, road: str
) -> None:
    name = locked(machine, _photo(1))
    stick = tmp_path / "stick"
    stick.mkdir()
    courier(machine).carry_out(stick)
    _break(machine, name, "gone")
    runner = running(machine)
    try:
        wait_for(lambda: _newest(machine, name).state is OutboxState.HELD)
        unlock_dossier(machine, name, "refused")
        attach_photo(machine, name, EVIDENCE, _photo(2))
        runner.stop()
        assert lock_dossier(machine, name).revision == 2
        assert courier(machine).hand_over(stick).proved == 1, "somebody else brings it"
        if road == "stick":
            assert courier(machine).bring_back(stick).proved == 1
        else:
            runner = running(machine)  # the second is refused, and the feed has the first one's receipt
            wait_for(lambda: _newest(machine, name).state is OutboxState.PROVED)
        assert [_newest(machine, name).revision, dossier(machine, name).revision] == [1, 1]
        assert dossier(machine, name).status is StatusKey.DELIVERED
        with machine.store.read() as db:
            said = [one["kind"] for one in dossiers.events_of(db, name)]
        assert said.count("arrived_after_all") == 1
        runner.stop()
        runner = running(machine)
        _ask_for_more(intake, name)
        wait_for(lambda: dossier(machine, name).status is StatusKey.SUPPLEMENT)
        answer_supplement(machine, name)
        answer_question(machine, name, _RESIDENCE, "Thôn Đoài, xã Yên Phong")
        attach_photo(machine, name, EVIDENCE, _photo(3))
        assert lock_dossier(machine, name).revision == (3 if road == "line" else 2), "no number means two things"
    finally:
        runner.stop()


def _ask_for_more(intake: RunningIntake, name: DossierId) -> None:
    for deed in (
        Deed("accept"),
        Deed("supplement", note="Chụp lại.", fields=(_RESIDENCE,), papers=("birth_evidence",)),
    ):
        row = desk.dossier(intake.site, _OFFICER, name)
        assert row is not None
        deeds.do(intake.site, _OFFICER, name, row.version, deed)


def test_what_the_province_has_need_not_be_whole_here_to_answer_an_officer(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    name = locked(machine, _photo(1))
    runner = running(machine)
    try:
        wait_for(lambda: dossier(machine, name).status is StatusKey.DELIVERED)
        _break(machine, name, "gone")
        _ask_for_more(intake, name)
        runner.wake()
        wait_for(lambda: dossier(machine, name).status is StatusKey.SUPPLEMENT)
        answer_supplement(machine, name)
        answer_question(machine, name, _RESIDENCE, "Thôn Đoài, xã Yên Phong")
        assert lock_dossier(machine, name).revision == 2
        runner.wake()
        wait_for(lambda: _newest(machine, name).state is OutboxState.PROVED)
    finally:
        runner.stop()


def test_a_series_that_goes_on_leaves_out_what_broke_meanwhile(machine: OpenMachine, tmp_path: Path) -> None:
    first, second = (locked(machine, factories.png(extra=bytes([number]) * 40_000)) for number in (1, 2))
    stick = tmp_path / "stick"
    stick.mkdir()
    ours = courier(machine)
    ours.subscribe(lambda state: ours.stop() if state.part == 2 else None)
    with pytest.raises(CopyStopped):
        ours.carry_out(stick, part_bytes=60_000)
    _break(machine, second, "other bytes")
    assert courier(machine).carry_out(stick, part_bytes=60_000).dossiers == 1
    assert _newest(machine, second).state is OutboxState.HELD
    assert _newest(machine, first).exported_at is not None
    unlock_dossier(machine, second, "refused")
    attach_photo(machine, second, EVIDENCE, _photo(3))
    assert lock_dossier(machine, second).revision == 2
    courier(machine).carry_out(stick)
    courier(machine).hand_over(stick)
    courier(machine).bring_back(stick)
    assert _newest(machine, second).state is OutboxState.PROVED, "the province never heard of its first revision"
