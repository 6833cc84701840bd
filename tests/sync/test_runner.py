"""The real runner against the real intake: what arrives, what is believed, what is never believed."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import delete, update

from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.answer_supplement import answer_supplement
from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine, Province
from bnhelper.domain.custody import OutboxState, StatusKey
from bnhelper.domain.sealed import OutboxItem
from bnhelper.domain.sending import Gate, SendingKind
from bnhelper.ids import DossierId, FieldPath, PaperId
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.queries.dossier_status import dossier_status
from bnhelper.queries.dossier_tasks import photo_bytes
from bnhelper.queries.sending_status import sending_status
from bnhelper.store import outbox
from bnhelper.store import tables as t
from bnhelper.vault.canonical import sha256_of
from bnhelper.vault.signatures import SigningKey
from sync.delivery import Delivery
from sync.engine.blame import ALONE_AFTER
from sync.intake import deeds, desk, identity, ledger, uploads
from sync.intake.deeds import Deed
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer, Role
from sync.keeper import Keeper
from sync.runner import Pace, Runner
from sync.transport.enrolment import InvitationNotValid, enrol
from sync.transport.look_up import LookUp
from sync.wire.dossiers import RevisionVerdict
from sync.wire.version import RECEIPT_HEADER
from tests import factories
from tests.sync.conftest import RunningIntake
from ui.demo.relay import Relay

_EVIDENCE = PaperId("birth_evidence")
_QUICK = Pace(idle_s=0.1, quickest_probe_s=0.05)
_OFFICER = Officer("canbo", "Bà Hạnh", "", Role.PROVINCE, PROVINCE_OFFICE)


def enrolled(machine: OpenMachine, intake: RunningIntake, url: str | None = None) -> None:
    invitation, answer = enrol(
        intake.invitation(), device=machine.profile.device, public_key=machine.signing.public(), name="Đạt"
    )
    machine.remember_province(
        Province(url or invitation.url, answer.server_id, answer.token, tuple(answer.receipt_keys), None, answer.office)
    )


@pytest.fixture
def machine(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path / "device", intake.clock)
    yield opened
    opened.close()


def wait_for(holds: Callable[[], bool], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "did not happen in time"
        time.sleep(0.02)


def locked(machine: OpenMachine, *photos: bytes) -> DossierId:
    dossier = factories.birth_dossier(machine)
    for photo in photos:
        attach_photo(machine, dossier, _EVIDENCE, photo)
    lock_dossier(machine, dossier)
    return dossier


def status(machine: OpenMachine) -> StatusKey:
    return dossier_list(machine).rows[0].status


def running(machine: OpenMachine) -> Runner:
    runner = Runner(Keeper(machine), _QUICK)
    runner.start()
    return runner


def test_a_dossier_with_photos_arrives_whole_and_is_proved_by_a_signed_receipt(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    enrolled(machine, intake)
    photo = factories.png(extra=b"p" * 700_000)
    dossier = locked(machine, photo, factories.png())
    runner = running(machine)
    wait_for(lambda: status(machine) is StatusKey.DELIVERED)
    runner.stop()
    with machine.store.read() as db:
        item = outbox.get(db, 1)
    assert desk.envelope_bytes(intake.site, dossier) == item.envelope
    assert intake.site.blobs.read(sha256_of(photo)) == photo
    assert sum(file.bytes_sent for file in item.files) == sum(file.size for file in item.files)
    assert (dossier_list(machine).rows[0].office_number or "").startswith("H05.27-261123-0001")
    assert sending_status(machine, runner.snapshot().link).kind is SendingKind.ALL_SENT


@pytest.mark.parametrize(("said", "puts"), [(None, 1), ("rubbish,,eyJhbGciOiJub25lIn0.e30.", 2)])
def test_the_receipt_comes_with_the_last_photo_and_is_asked_for_where_it_does_not_hold(
    machine: OpenMachine, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch, said: str | None, puts: int
) -> None:
    if said is not None:
        monkeypatch.setattr(uploads, "_proved", lambda _receipts: {RECEIPT_HEADER: said})
    put, sent = Delivery.put, list[str]()

    def counted(self: Delivery, item: OutboxItem) -> RevisionVerdict:
        sent.append(item.dossier)
        return put(self, item)

    monkeypatch.setattr(Delivery, "put", counted)
    enrolled(machine, intake)
    dossier = locked(machine, factories.png())
    runner = running(machine)
    wait_for(lambda: status(machine) is StatusKey.DELIVERED)
    runner.stop()
    assert sent == [dossier] * puts
    assert sending_status(machine, runner.snapshot().link).kind is SendingKind.ALL_SENT


def test_a_supplement_goes_there_and_back_and_the_result_arrives(machine: OpenMachine, intake: RunningIntake) -> None:
    enrolled(machine, intake)
    dossier = locked(machine, factories.png())
    runner = running(machine)
    wait_for(lambda: status(machine) is StatusKey.DELIVERED)
    _do(intake, dossier, Deed("accept"))
    wait_for(lambda: status(machine) is StatusKey.RECEIVED)
    _do(intake, dossier, Deed("supplement", note="Ghi rõ thôn.", fields=("/data/declaration/mother/residence",)))
    wait_for(lambda: status(machine) is StatusKey.SUPPLEMENT)
    intake.clock.move(minutes=1)
    answer_supplement(machine, dossier)
    answer_question(machine, dossier, FieldPath("/data/declaration/mother/residence"), "Thôn Phúc Long, xã Tam Đa")
    lock_dossier(machine, dossier)
    runner.wake()
    wait_for(lambda: status(machine) is StatusKey.DELIVERED)
    intake.clock.move(minutes=1)
    pdf = b"%PDF-1.4 ket qua\n%%EOF"
    _do(intake, dossier, Deed("result", result=("giay-khai-sinh.pdf", "application/pdf", pdf)))
    wait_for(lambda: dossier_status(machine, dossier, "vi").result_photo is not None)
    runner.stop()
    shown = dossier_status(machine, dossier, "vi")
    assert shown.row.status is StatusKey.RESULT
    assert shown.result_photo is not None
    assert photo_bytes(machine, shown.result_photo) == pdf
    kinds = [row.kind for row in shown.timeline]
    assert kinds.index("needs_info") < kinds.index("supplement_opened") < kinds.index("approved")


def _do(intake: RunningIntake, dossier: str, deed: Deed) -> None:
    row = desk.dossier(intake.site, _OFFICER, dossier)
    assert row is not None
    deeds.do(intake.site, _OFFICER, dossier, row.version, deed)


def test_where_the_link_is_paid_by_the_byte_texts_go_and_photos_wait(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    enrolled(machine, intake)
    photo = factories.png(extra=b"m" * 50_000)
    with_photo, without = locked(machine, photo), locked(machine)
    runner = Runner(Keeper(machine), _QUICK)
    runner.allow_files(False)
    runner.start()
    wait_for(lambda: _states(machine)[without] is OutboxState.PROVED)
    wait_for(lambda: desk.envelope_bytes(intake.site, with_photo) is not None)
    rounds = runner.snapshot().round
    wait_for(lambda: runner.snapshot().round > rounds + 2)
    assert _states(machine)[with_photo] is OutboxState.QUEUED, "not claimed, and not forgotten"
    assert not intake.site.blobs.has(sha256_of(photo))
    runner.allow_files(True)
    wait_for(lambda: _states(machine)[with_photo] is OutboxState.PROVED)
    runner.stop()
    assert intake.site.blobs.read(sha256_of(photo)) == photo


def _states(machine: OpenMachine) -> dict[DossierId, OutboxState]:
    with machine.store.read() as db:
        return {DossierId(row["dossier"]): OutboxState(row["state"]) for row in outbox.every(db)}


def test_a_cut_in_the_middle_of_a_photo_costs_at_most_one_chunk(machine: OpenMachine, intake: RunningIntake) -> None:
    relay = Relay(("127.0.0.1", int(intake.url.rpartition(":")[2])))
    enrolled(machine, intake, f"http://127.0.0.1:{relay.port}")
    photo = factories.png(extra=b"q" * 1_500_000)
    locked(machine, photo)
    relay.cut_after(900_000)
    runner = running(machine)
    assert relay.was_cut.wait(60)
    wait_for(lambda: runner.snapshot().link.gate is Gate.OFFLINE)
    assert status(machine) is StatusKey.READY
    relay.restore()
    runner.sync_now()
    wait_for(lambda: status(machine) is StatusKey.DELIVERED)
    runner.stop()
    with machine.store.read() as db:
        (file,) = outbox.get(db, 1).files
    assert intake.site.blobs.read(sha256_of(photo)) == photo
    assert 0 <= file.bytes_sent - file.size <= 256 * 1024
    relay.close()


def test_a_restart_goes_on_from_the_byte_the_province_confirmed(machine: OpenMachine, intake: RunningIntake) -> None:
    relay = Relay(("127.0.0.1", int(intake.url.rpartition(":")[2])))
    enrolled(machine, intake, f"http://127.0.0.1:{relay.port}")
    locked(machine, factories.png(extra=b"r" * 1_500_000))
    relay.cut_after(900_000)
    first = running(machine)
    assert relay.was_cut.wait(60)
    first.stop()
    relay.restore()
    second = running(machine)
    wait_for(lambda: status(machine) is StatusKey.DELIVERED)
    second.stop()
    with machine.store.read() as db:
        (file,) = outbox.get(db, 1).files
    assert file.bytes_sent - file.size <= 256 * 1024
    relay.close()


@pytest.mark.parametrize("fault", ["portal", "rubbish", "busy", "late"])
def test_no_fault_is_ever_taken_for_success_and_all_of_them_pass(
    machine: OpenMachine, intake: RunningIntake, fault: str
) -> None:
    enrolled(machine, intake)
    photo = factories.png(extra=b"s" * 300_000)
    locked(machine, photo)
    setattr(intake.faults, fault, 2)
    runner = running(machine)
    intake.clock.move(seconds=0)

    def arrived() -> bool:
        intake.clock.move(seconds=2)
        with machine.store.read() as db:
            state = outbox.get(db, 1).state
        if state is OutboxState.PROVED:
            assert intake.site.blobs.has(sha256_of(photo))
        runner.wake()
        return state is OutboxState.PROVED

    wait_for(arrived)
    runner.stop()
    assert getattr(intake.faults, fault) == 0


def test_a_receipt_signed_by_a_stranger_proves_nothing(machine: OpenMachine, intake: RunningIntake) -> None:
    enrolled(machine, intake)
    province = machine.profile.province
    assert province is not None
    machine.remember_province(
        Province(province.url, province.server_id, province.token, (SigningKey.generate().public(),))
    )
    locked(machine)
    with machine.store.write() as db:
        db.execute(update(t.outbox).values(attempts=ALONE_AFTER - 3))
    runner = running(machine)

    def was_held() -> bool:
        intake.clock.move(minutes=10)
        runner.wake()
        return status(machine) is StatusKey.SENDFAIL

    wait_for(was_held)
    runner.stop()
    assert dossier_list(machine).rows[0].held_code == "poison"
    assert dossier_list(machine).rows[0].held_detail == "receipt-does-not-hold"


def test_a_refused_dossier_is_held_and_the_others_go_on(machine: OpenMachine, intake: RunningIntake) -> None:
    enrolled(machine, intake)
    bad = locked(machine)
    with machine.store.write() as db:
        db.execute(update(t.outbox).values(signature="e30..AAAA"))
    good = locked(machine, factories.png())
    runner = running(machine)
    wait_for(lambda: {row.id: row.status for row in dossier_list(machine).rows}[good] is StatusKey.DELIVERED)
    wait_for(lambda: {row.id: row.status for row in dossier_list(machine).rows}[bad] is StatusKey.SENDFAIL)
    runner.stop()
    assert sending_status(machine, runner.snapshot().link).kind is SendingKind.REFUSED


def test_what_the_province_lost_is_found_and_sent_again(machine: OpenMachine, intake: RunningIntake) -> None:
    enrolled(machine, intake)
    locked(machine, factories.png())
    runner = running(machine)
    wait_for(lambda: status(machine) is StatusKey.DELIVERED)
    runner.stop()
    with intake.site.engine.begin() as db:
        for table in (ledger.dossiers, ledger.revisions, ledger.files):
            db.execute(delete(table))
    again = running(machine)
    wait_for(lambda: _rows(intake) == 1)
    wait_for(lambda: status(machine) is StatusKey.DELIVERED)
    again.stop()


def _rows(intake: RunningIntake) -> int:
    with intake.site.engine.connect() as db:
        return len(db.execute(ledger.revisions.select().where(ledger.revisions.c.receipt.is_not(None))).all())


def test_a_revoked_device_is_told_to_sign_in_and_loses_nothing(machine: OpenMachine, intake: RunningIntake) -> None:
    enrolled(machine, intake)
    identity.revoke(intake.site, machine.profile.device)
    locked(machine)
    runner = running(machine)
    wait_for(lambda: runner.snapshot().link.gate is Gate.LOGIN)
    runner.stop()
    assert status(machine) is StatusKey.READY


def test_an_invitation_works_once(machine: OpenMachine, intake: RunningIntake) -> None:
    text = intake.invitation()
    enrol(text, device=machine.profile.device, public_key=machine.signing.public(), name="Đạt")
    with pytest.raises(InvitationNotValid):
        enrol(text, device=machine.profile.device, public_key=machine.signing.public(), name="Đạt")
    with pytest.raises(InvitationNotValid):
        enrol("BNHELPER1:{}", device=machine.profile.device, public_key={}, name="")


def test_the_look_up_page_shows_the_status_and_nothing_else(machine: OpenMachine, intake: RunningIntake) -> None:
    enrolled(machine, intake)
    locked(machine)
    runner = running(machine)
    wait_for(lambda: status(machine) is StatusKey.DELIVERED)
    runner.stop()
    page = requests.get(f"{intake.url}/t/{dossier_list(machine).rows[0].look_up_token}", timeout=60)
    assert "Tỉnh đã nhận đủ hồ sơ" in page.text
    assert "HOÀ" not in page.text
    assert "027190000002" not in page.text
    assert requests.get(f"{intake.url}/t/{'x' * 22}", timeout=60).status_code == 404
    # A kiosk asks the same door, and what it is told comes out of the one status function.
    asked = LookUp(intake.url, None)
    row = dossier_list(machine).rows[0]
    seen = asked.ask(row.look_up_token)
    assert seen is not None
    assert (seen.status, seen.is_from_province) == (row.status, True)
    assert seen.status is StatusKey.DELIVERED
    answer = requests.get(f"{intake.url}/t/{row.look_up_token}", headers={"Accept": "application/json"}, timeout=60)
    assert answer.json().keys() == {"state", "changed_at"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert asked.ask("x" * 22) is None
