"""A stick from the volunteer's machine to the province and back: what is lost, doubled, claimed or seen. Nothing is."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from bnhelper.actions.lock_dossier import AlreadyLeft, unlock_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.custody import OutboxState, StatusKey
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.store import audit, outbox
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.signatures import SigningKey
from sync import courier_keeper
from sync.courier import Courier, NotLetIn
from sync.courier_keeper import CourierKeeper, NoCourierKeys, NothingToCarry
from sync.engine.carried import CarriedOut
from sync.intake import bundles, identity, ledger, spool
from sync.intake.blobs import file_hash
from sync.intake.bundle_routes import BundleDesk
from sync.intake.roles import CARRIERS, Role
from sync.keeper import Keeper
from sync.transport.courier import CopyStopped, Stick, StickUnreliable
from sync.transport.enrolment import ProvinceSilent
from sync.wire.courier import BundleState
from sync.wire.receipts import Receipt, proved
from tests import factories
from tests.sync.conftest import RunningIntake
from tests.sync.courier_world import courier, locked, machine_at, names, opened, out, states
from tests.sync.test_runner import running, wait_for

_LIMIT = 60_000


@pytest.fixture
def machine(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    made = machine_at(tmp_path / "device", intake)
    yield made
    made.close()


@pytest.fixture
def carrier(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    """Another enrolled machine, that only carries."""
    made = machine_at(tmp_path / "carrier", intake)
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def _count(intake: RunningIntake, table: str) -> int:
    with intake.site.engine.connect() as db:
        return int(db.execute(select(func.count()).select_from(ledger.metadata.tables[table])).scalar_one())


def test_a_dossier_goes_by_stick_and_its_receipt_comes_back_by_stick(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, intake: RunningIntake
) -> None:
    locked(machine, factories.png(40, extra=b"1" * 5_000))
    locked(machine)
    assert courier(machine).carry_out(stick) == CarriedOut(2, 1, 1, out(stick)[0].stat().st_size)
    assert states(machine) == [OutboxState.QUEUED] * 2, "a stick is no proof"
    with machine.store.read() as db:
        assert all(item.exported_at is not None for item in outbox.to_carry(db))
    assert {row.status for row in dossier_list(machine).rows} == {StatusKey.READY}

    over = courier(carrier).hand_over(stick)
    assert (over.parts, over.proved, over.waiting, over.refused, over.codes, over.missing_parts) == (1, 2, 0, 0, {}, 0)
    assert states(machine) == [OutboxState.QUEUED] * 2, "nor is the carrier's word"

    back = courier(machine).bring_back(stick)
    assert (back.replies, back.proved, back.held, back.waiting, back.others) == (1, 2, 0, 0, 0)
    assert states(machine) == [OutboxState.PROVED] * 2
    assert {row.status for row in dossier_list(machine).rows} == {StatusKey.DELIVERED}
    assert names(stick) == [], "what is proved need not lie on a stick"
    assert (_count(intake, "dossiers"), _count(intake, "blobs")) == (2, 1)


def test_what_lies_on_the_stick_tells_a_finder_nothing(machine: OpenMachine, carrier: OpenMachine, stick: Path) -> None:
    dossier = locked(machine, factories.png(41, extra=b"Comment of the photo"))
    courier(machine).carry_out(stick)
    courier(carrier).hand_over(stick)
    files = [path for path in stick.rglob("*") if path.is_file()]
    assert len(files) == 2
    code = dossier_list(machine).rows[0].readable_code
    province = machine.profile.province
    assert province is not None
    secrets = (
        "NGUYỄN THỊ HOÀ", "027190000002", "TRẦN MINH AN", "0912345678", dossier, code, machine.profile.device,
        "Comment of the photo", "manifest", "PNG", "receipt", province.server_id,
    )  # fmt: skip
    for path in files:
        content = path.read_bytes()
        assert content.startswith(b"age-encryption.org/v1\n")
        for secret in secrets:
            assert secret.encode() not in content
            assert secret not in path.name


def test_the_carrier_cannot_open_what_it_carries(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, intake: RunningIntake
) -> None:
    locked(machine)
    courier(machine).carry_out(stick)
    courier(carrier).hand_over(stick)
    back = courier(carrier).bring_back(stick)
    assert (back.replies, back.others) == (0, 1)
    assert len(names(stick)) == 2, "what is not ours stays"


def test_two_copies_and_the_line_make_one_dossier_with_one_receipt(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, tmp_path: Path, intake: RunningIntake
) -> None:
    locked(machine, factories.png(42, extra=b"2" * 9_000))
    courier(machine).carry_out(stick)
    second = tmp_path / "second"
    second.mkdir()
    courier(machine).carry_out(second)
    copy = tmp_path / "copy"
    shutil.copytree(stick, copy)
    assert file_hash(out(stick)[0]) != file_hash(out(second)[0]), "sealed twice: other bytes, the same content"

    runner = running(machine)
    wait_for(lambda: states(machine) == [OutboxState.PROVED])
    runner.stop()
    with machine.store.read() as db:
        receipt = outbox.newest_receipt(db, outbox.every(db)[0]["dossier"])
    for folder in (stick, copy, second, stick):
        over = courier(carrier).hand_over(folder)
        assert (over.proved, over.waiting, over.refused) == (1, 0, 0)
    assert courier(machine).bring_back(second).proved == 1
    with machine.store.read() as db:
        assert outbox.newest_receipt(db, outbox.every(db)[0]["dossier"]) == receipt
    assert (_count(intake, "dossiers"), _count(intake, "revisions"), _count(intake, "blobs")) == (1, 1, 1)


@pytest.mark.parametrize("meanwhile", [OutboxState.SENDING, OutboxState.CONFIRMING, OutboxState.PROVED])
def test_a_receipt_comes_by_stick_while_the_line_has_the_dossier(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: OutboxState
) -> None:
    locked(machine, factories.png(43))
    courier(machine).carry_out(stick)
    courier(carrier).hand_over(stick)
    keeper = CourierKeeper(machine)

    def as_the_line_goes_on(token: str, *arguments: Any, **more: Any) -> Receipt:
        receipt = proved(token, *arguments, **more)
        item = keeper.to_carry()[0]
        keeper.keeper.begin(item)  # between the reading of the reply and the keeping of what it says
        if meanwhile is not OutboxState.SENDING:
            keeper.keeper.confirming(item)
        if meanwhile is OutboxState.PROVED:
            keeper.keeper.proved(item, token, receipt)
        return receipt

    monkeypatch.setattr(courier_keeper, "proved", as_the_line_goes_on)
    assert Courier(keeper).bring_back(stick).proved == 1
    assert states(machine) == [OutboxState.PROVED]
    with machine.store.read() as db:
        assert [one.body["deed"] for one in audit.links(db)].count(Deed.DOSSIER_PROVED) == 1


def test_a_lost_stick_costs_nothing(machine: OpenMachine, stick: Path, intake: RunningIntake) -> None:
    locked(machine, factories.png(43))
    courier(machine).carry_out(stick)
    shutil.rmtree(stick)
    runner = running(machine)
    wait_for(lambda: states(machine) == [OutboxState.PROVED])
    runner.stop()
    assert _count(intake, "dossiers") == 1


def test_a_stick_of_parts_and_half_of_it(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, tmp_path: Path, intake: RunningIntake
) -> None:
    """Each part stands for itself: what is whole is proved, the rest waits for the other half."""
    for shade in range(4):
        locked(machine, *(factories.png(shade, extra=bytes([65 + number]) * 20_000) for number in range(shade + 1)))
    carried = courier(machine).carry_out(stick, part_bytes=_LIMIT)
    assert carried.parts == len(out(stick)) >= 4
    assert all(path.stat().st_size <= _LIMIT for path in out(stick))
    other_half = tmp_path / "other"
    Stick(other_half).make(0)
    for path in out(stick)[1::2]:
        shutil.move(path, Stick(other_half).out / path.name)

    over = courier(carrier).hand_over(stick)
    assert over.missing_parts == carried.parts // 2
    first = courier(machine).bring_back(stick)
    assert first.waiting > 0
    assert OutboxState.QUEUED in states(machine), "half a dossier is not a dossier"
    before = states(machine).count(OutboxState.PROVED)

    over = courier(carrier).hand_over(other_half)
    assert over.waiting == 0
    courier(machine).bring_back(other_half)
    assert states(machine) == [OutboxState.PROVED] * 4
    assert 0 < before < 4
    assert (_count(intake, "dossiers"), _count(intake, "blobs")) == (4, 10)
    # The first half still lies on the first stick: the same parts again, with the replies of now.
    over = courier(carrier).hand_over(stick)
    assert over.waiting == 0
    courier(machine).bring_back(stick)
    assert names(stick) == []


def test_changed_bytes_and_files_cut_off_are_refused_and_the_dossier_goes_on_waiting(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, intake: RunningIntake
) -> None:
    locked(machine, factories.png(44, extra=b"3" * 100_000))
    courier(machine).carry_out(stick)
    path = out(stick)[0]
    genuine = path.read_bytes()
    changed = []
    for where in (0, 30, 150, 400, 5_000, -1, -40):
        content = bytearray(genuine)
        content[where] ^= 1
        changed.append(bytes(content))
    changed += [genuine[: max(1, int(len(genuine) * share))] for share in (0.0, 0.01, 0.5, 0.99)]
    for wrong in changed:
        path.write_bytes(wrong)
        over = courier(carrier).hand_over(stick)
        assert set(over.codes) <= {"damaged", "not-for-us"}
        assert over.codes
        assert over.proved == 0
    assert courier(machine).bring_back(stick).replies == 0
    assert states(machine) == [OutboxState.QUEUED]
    assert _count(intake, "dossiers") == 0
    assert not list(intake.site.spool.path(".").glob("opened-*")), "nothing opened is left lying"
    path.write_bytes(genuine)
    assert courier(carrier).hand_over(stick).proved == 1


def test_a_changed_reply_proves_nothing(machine: OpenMachine, carrier: OpenMachine, stick: Path) -> None:
    locked(machine)
    courier(machine).carry_out(stick)
    courier(carrier).hand_over(stick)
    reply = next(Stick(stick).back.glob("*.age"))
    content = bytearray(reply.read_bytes())
    content[-10] ^= 1
    reply.write_bytes(content)
    assert courier(machine).bring_back(stick).others == 1
    assert states(machine) == [OutboxState.QUEUED]


def test_a_reply_of_somebody_else_s_province_proves_nothing(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, intake: RunningIntake
) -> None:
    locked(machine)
    courier(machine).carry_out(stick)
    name = out(stick)[0].name
    genuine = intake.site.signing
    object.__setattr__(intake.site, "signing", SigningKey.generate())
    try:
        courier(carrier).hand_over(stick)
    finally:
        object.__setattr__(intake.site, "signing", genuine)
    assert (Stick(stick).back / name).exists()
    assert courier(machine).bring_back(stick).others == 1
    assert states(machine) == [OutboxState.QUEUED]


def test_the_wrong_province_takes_nothing(
    machine: OpenMachine, stick: Path, tmp_path: Path, intake: RunningIntake
) -> None:
    from sync.intake.station import open_site

    locked(machine)
    courier(machine).carry_out(stick)
    other, _officer = open_site(tmp_path / "other-province", intake.clock)
    part = out(stick)[0]
    said = bundles.take_in(other, file_hash(part), part, "officer:x")
    assert (said.state, said.code) == (BundleState.REFUSED, "not-for-us")
    # Even where the other province has the same key (escrow was opened there): it is addressed to one of them.
    with other.engine.begin() as db, intake.site.engine.connect() as ours:
        ledger.set_site_value(db, "courier_identity", ledger.site_value(ours, "courier_identity") or "")
    said = bundles.take_in(other, file_hash(part), part, "officer:x")
    assert (said.state, said.code) == (BundleState.REFUSED, "wrong-province")
    other.close()


def test_a_stranger_s_and_a_revoked_machine_s_bundles_are_refused(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, intake: RunningIntake
) -> None:
    locked(machine)
    courier(machine).carry_out(stick)
    identity.revoke(intake.site, machine.profile.device)
    assert courier(carrier).hand_over(stick).codes == {"revoked": 1}
    with intake.site.engine.begin() as db:
        db.execute(ledger.devices.delete().where(ledger.devices.c.id == machine.profile.device))
    assert courier(carrier).hand_over(stick).codes == {"unknown-device": 1}
    assert _count(intake, "dossiers") == 0


def test_practice_never_reaches_the_province_not_even_by_stick(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, intake: RunningIntake
) -> None:
    """A machine of a class may be enrolled, and what is practised on it looks like any dossier."""
    with intake.site.engine.begin() as db:
        db.execute(ledger.devices.update().where(ledger.devices.c.id == machine.profile.device).values(role="trainer"))
    locked(machine, factories.png(46, extra=b"practice" * 300))
    courier(machine).carry_out(stick)
    over = courier(carrier).hand_over(stick)
    assert (over.proved, over.waiting, over.codes) == (0, 0, {"not-allowed": 1})
    part = out(stick)[0]
    for role in set(Role) - CARRIERS:  # an officer who puts the stick in changes nothing, nor does another role
        with intake.site.engine.begin() as db:
            row = ledger.devices.c.id == machine.profile.device
            db.execute(ledger.devices.update().where(row).values(role=role.value))
        said = bundles.take_in(intake.site, file_hash(part), part, "officer:x")
        assert (said.state, said.code, said.proved) == (BundleState.REFUSED, "not-allowed", 0)
        assert bundles.reply(intake.site, file_hash(part)) is None
    assert [_count(intake, table) for table in ("dossiers", "revisions", "files", "blobs", "uploads")] == [0] * 5
    assert set(names(intake.site.spool.path("."))) <= {"locks"}, "nor does a byte of it stay"
    assert states(machine) == [OutboxState.QUEUED], "and the machine goes on saying that it was not sent"


def test_whoever_was_shut_out_as_a_person_cannot_send_by_stick(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, intake: RunningIntake
) -> None:
    with intake.site.engine.begin() as db:
        row = ledger.devices.c.id == machine.profile.device
        db.execute(ledger.devices.update().where(row).values(subject="https://issuer#u1"))
    locked(machine)
    courier(machine).carry_out(stick)
    identity.revoke_subject(intake.site, "https://issuer#u1")
    assert courier(carrier).hand_over(stick).codes == {"revoked": 1}
    assert _count(intake, "dossiers") == 0


def test_one_refused_dossier_is_held_and_the_others_are_proved(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, intake: RunningIntake
) -> None:
    locked(machine)
    bad = locked(machine)
    with machine.store.write() as db:
        item = next(one for one in outbox.to_carry(db) if one.dossier == bad)
        outbox.note_carried(db, [item.id], signature="x..y")
    courier(machine).carry_out(stick)
    over = courier(carrier).hand_over(stick)
    assert (over.proved, over.refused) == (1, 1)
    back = courier(machine).bring_back(stick)
    assert (back.proved, back.held) == (1, 1)
    assert states(machine) == [OutboxState.PROVED, OutboxState.HELD]
    assert len(names(stick)) == 2, "a bundle with something open stays on the stick"
    assert _count(intake, "dossiers") == 1


def test_a_broken_copy_goes_on_where_it_was(machine: OpenMachine, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.transport.courier._BLOCK", 16 * 1024)
    locked(machine, factories.png(46, extra=bytes(range(256)) * 2_000))
    first = courier(machine)
    told: list[int] = []

    def look(state: object) -> None:
        told.append(getattr(state, "done", 0))
        if told[-1] > 200_000:
            first.stop()

    monkeypatch.setattr("sync.courier._LEAST_BETWEEN_TELLING_S", 0.0)

    first.subscribe(look)
    with pytest.raises(CopyStopped):
        first.carry_out(stick)
    unfinished = next(Stick(stick).out.glob("*.part"))
    size = unfinished.stat().st_size
    assert size > 150_000
    assert out(stick) == []
    with machine.store.read() as db:
        assert all(item.exported_at is None for item in outbox.to_carry(db)), "half a copy is no copy"
    carried = courier(machine).carry_out(stick)  # a new start of the program
    assert carried.resumed == size
    assert names(stick) == [f"bnhelper-courier/out/{out(stick)[0].name}"]
    with machine.store.read() as db:
        assert all(item.exported_at is not None for item in outbox.to_carry(db))


def test_a_series_that_was_broken_off_is_finished_before_a_new_one(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, tmp_path: Path
) -> None:
    locked(machine, *(factories.png(47, extra=bytes([number]) * 40_000) for number in range(3)))
    first = courier(machine)
    first.subscribe(lambda state: first.stop() if state.part == 2 else None)
    with pytest.raises(CopyStopped):
        first.carry_out(stick, part_bytes=_LIMIT)
    assert len(out(stick)) == 1
    locked(machine)
    carried = courier(machine).carry_out(stick)
    assert (carried.dossiers, carried.parts) == (2, 4)
    assert carried.resumed > 40_000, "the part that was there was not written again"
    assert courier(carrier).hand_over(stick).proved == 2
    courier(machine).bring_back(stick)
    assert states(machine) == [OutboxState.PROVED] * 2
    assert not list((machine.places.root / "courier").iterdir()), "no sealed file is left on the machine's own disk"


def test_a_series_one_of_whose_dossiers_was_opened_meanwhile_begins_anew_and_leaves_none_off(
    machine: OpenMachine, carrier: OpenMachine, stick: Path
) -> None:
    """What is left would fall into other parts than those that lie there already."""
    refused = locked(machine, factories.png(49, extra=b"1" * 40_000))
    for number in (2, 3):
        locked(machine, factories.png(49, extra=bytes([number]) * 40_000))
    first = courier(machine)
    first.subscribe(lambda state: first.stop() if state.part == 2 else None)
    with pytest.raises(CopyStopped):
        first.carry_out(stick, part_bytes=_LIMIT)
    with machine.store.read() as db:
        item = outbox.of_revision(db, refused, 1)
    assert item is not None
    Keeper(machine).hold(item, "invalid", "")
    unlock_dossier(machine, refused, "to mend it")
    carried = courier(machine).carry_out(stick, part_bytes=_LIMIT)
    assert carried.dossiers == 2
    courier(carrier).hand_over(stick)
    courier(machine).bring_back(stick)
    assert states(machine) == [OutboxState.PROVED] * 2


def test_another_stick_begins_anew(machine: OpenMachine, stick: Path, tmp_path: Path) -> None:
    locked(machine, *(factories.png(48, extra=bytes([number]) * 40_000) for number in range(3)))
    first = courier(machine)
    first.subscribe(lambda state: first.stop() if state.part == 2 else None)
    with pytest.raises(CopyStopped):
        first.carry_out(stick, part_bytes=_LIMIT)
    carried = courier(machine).carry_out(tmp_path / "another", part_bytes=_LIMIT)
    assert (carried.dossiers, carried.parts, carried.resumed) == (1, 3, 0)


def test_a_stick_that_gives_back_other_bytes_is_told(
    machine: OpenMachine, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked(machine)
    monkeypatch.setattr("sync.transport.courier._hash_of", lambda _path: "0" * 64)
    with pytest.raises(StickUnreliable):
        courier(machine).carry_out(stick)
    assert names(stick) == []
    with machine.store.read() as db:
        assert all(item.exported_at is None for item in outbox.to_carry(db))


def test_what_is_on_a_stick_cannot_be_opened_for_changes(machine: OpenMachine, stick: Path) -> None:
    dossier = locked(machine)
    courier(machine).carry_out(stick)
    with pytest.raises(AlreadyLeft):
        unlock_dossier(machine, dossier, "typo")


def test_a_held_dossier_is_saved_for_the_help_desk_alone(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, intake: RunningIntake
) -> None:
    locked(machine)
    held = locked(machine)
    with machine.store.write() as db:
        item = next(one for one in outbox.to_carry(db) if one.dossier == held)
        outbox.move(db, item.id, OutboxState.HELD, held_code="poison")
    assert courier(machine).carry_out(stick).dossiers == 1, "what is held does not go with the others"
    shutil.rmtree(Stick(stick).out)
    assert courier(machine).carry_out(stick, dossier=held).dossiers == 1
    assert courier(carrier).hand_over(stick).proved == 1
    courier(machine).bring_back(stick)
    assert states(machine) == [OutboxState.QUEUED, OutboxState.PROVED]


def test_a_photo_that_cannot_be_read_holds_its_dossier_and_no_other(machine: OpenMachine, stick: Path) -> None:
    locked(machine, factories.png(49, extra=b"5" * 5_000))
    whole = locked(machine)
    photo = next(machine.places.photos.glob("*"))
    photo.write_bytes(photo.read_bytes()[:-20])
    assert courier(machine).carry_out(stick).dossiers == 1
    assert states(machine) == [OutboxState.HELD, OutboxState.QUEUED]
    with machine.store.read() as db:
        assert [item.dossier for item in outbox.to_carry(db) if item.exported_at] == [whole]


def test_without_keys_nothing_is_sealed_and_one_meeting_brings_them(
    tmp_path: Path, stick: Path, intake: RunningIntake
) -> None:
    old = machine_at(tmp_path / "old", intake, has_keys=False)
    locked(old)
    intake.faults.portal = 1
    with pytest.raises(NoCourierKeys):
        courier(old).carry_out(stick)
    assert names(stick) == []
    assert courier(old).carry_out(stick).dossiers == 1
    old.close()


def test_keys_that_the_province_did_not_sign_are_not_taken(machine: OpenMachine, intake: RunningIntake) -> None:
    known = courier(machine)._keeper.recipients()
    genuine = intake.site.signing
    object.__setattr__(intake.site, "signing", SigningKey.generate())
    try:
        with pytest.raises(NoCourierKeys):
            courier(machine).learn_keys()
    finally:
        object.__setattr__(intake.site, "signing", genuine)
    assert courier(machine)._keeper.recipients() == known


def test_nothing_to_carry_is_said(machine: OpenMachine, stick: Path) -> None:
    with pytest.raises(NothingToCarry):
        courier(machine).carry_out(stick)


def test_the_escrow_key_alone_opens_a_bundle(machine: OpenMachine, stick: Path, intake: RunningIntake) -> None:
    """A second implementation of age is not needed: any of the two recipients opens it."""
    import pyrage

    locked(machine)
    courier(machine).carry_out(stick)
    text = (intake.site.folder / "escrow-key.txt").read_text().splitlines()[1]
    plain = pyrage.decrypt(out(stick)[0].read_bytes(), [pyrage.x25519.Identity.from_str(text)])
    assert plain.startswith(b"PK")
    assert (intake.site.folder / "escrow-key.txt").stat().st_mode & 0o077 == 0
    manifest = opened(intake, out(stick)[0]).manifest
    assert manifest.device == machine.profile.device


def test_an_intake_that_cannot_be_reached_and_one_that_does_not_know_us(
    machine: OpenMachine, carrier: OpenMachine, stick: Path, intake: RunningIntake
) -> None:
    locked(machine)
    courier(machine).carry_out(stick)
    intake.faults.portal = 1
    with pytest.raises(ProvinceSilent):
        courier(carrier).hand_over(stick)
    identity.revoke(intake.site, carrier.profile.device)
    with pytest.raises(NotLetIn):
        courier(carrier).hand_over(stick)
    assert len(names(stick)) == 1


def test_an_officer_takes_in_a_stick_by_the_page_and_gives_the_receipts_back(
    machine: OpenMachine, stick: Path, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked(machine, factories.png(50))
    courier(machine).carry_out(stick)
    part = out(stick)[0]
    browser = requests.Session()
    page = f"{intake.url}/officer/bundles"
    assert "/officer/login" in browser.post(page, timeout=60).url, "nobody without an account"

    def hidden(text: str) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', text)
        assert found is not None
        return found[1]

    csrf = hidden(browser.get(f"{intake.url}/officer/login", timeout=60).text)
    said = {"csrf": csrf, "user": intake.officer.user, "password": intake.officer.password}
    browser.post(f"{intake.url}/officer/login", said, timeout=60)
    csrf = hidden(browser.get(page, timeout=60).text)
    sealed = part.read_bytes()
    stolen = browser.post(page, {"csrf": "x"}, files={"files": ("a.age", sealed)}, timeout=60)
    assert stolen.status_code == 403
    assert _count(intake, "dossiers") == 0
    nothing = browser.post(page, {"csrf": csrf}, timeout=60)
    assert "Chọn ít nhất một tệp" in nothing.text
    files = [("files", (part.name, sealed)), ("files", ("other.age", b"rubbish"))]
    with monkeypatch.context() as full:
        full.setattr(spool, "RESERVE_BYTES", 2**62)
        full.setattr(BundleDesk, "_take_upload", lambda *_: pytest.fail("it was copied"))
        answer = browser.post(page, {"csrf": csrf}, files=files, timeout=60)
    assert (answer.status_code, "Giữ USB lại" in answer.text) == (507, True)
    for _twice in range(2):
        answer = browser.post(page, {"csrf": csrf}, files=files, timeout=60)
        assert answer.status_code == 200
        assert "1 đã nhận đủ" in answer.text
        assert "Tệp bị hỏng" in answer.text
    assert _count(intake, "dossiers") == 1
    reply = browser.get(f"{page}/{file_hash(part)}/reply", timeout=60)
    assert reply.headers["content-disposition"].startswith("attachment")
    (Stick(stick).back / part.name).write_bytes(reply.content)
    assert courier(machine).bring_back(stick).proved == 1
    assert states(machine) == [OutboxState.PROVED]
