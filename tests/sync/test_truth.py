"""What looks like success and is none: nothing of it is ever shown as received, and all of it passes."""

import datetime as dt
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from ipaddress import ip_address
from pathlib import Path

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import delete, select, update

from bnhelper.actions.unlock_machine import OpenMachine, Province
from bnhelper.domain.custody import OutboxState, StatusKey
from bnhelper.domain.sending import Gate, SendingKind
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.queries.sending_status import sending_status
from bnhelper.store import believed_time, outbox
from bnhelper.store import tables as t
from bnhelper.vault.canonical import sha256_of
from bnhelper.vault.signatures import SigningKey
from sync.engine.orders import Send
from sync.engine.reports import Answered, NotTheProvince, Report
from sync.intake import admin, ledger
from sync.intake.app import make_app
from sync.keeper import Keeper
from sync.runner import Pace, Runner
from sync.transport.https import HttpsTransport
from sync.wire.receipts import Receipt
from tests import factories
from tests.bench.netlab.faults import Fault
from tests.fakes.clock import FixedClock
from tests.sync.conftest import RunningIntake
from tests.sync.engine.playbook import answers
from tests.sync.test_runner import enrolled, locked, wait_for

pytestmark = pytest.mark.net
_ROOT = Path(__file__).resolve().parents[2]
_QUICK = Pace(idle_s=0.1, quickest_probe_s=0.05)


@pytest.fixture
def machine(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path / "device", intake.clock)
    yield opened
    opened.close()


@contextmanager
def between(intake: RunningIntake, fault: Fault) -> Iterator[str]:
    """Put a faulty middle box before the intake, in a process of its own; give its address."""
    pair = f"0:{intake.url.rpartition(':')[2]}"
    command = [sys.executable, "-m", "tests.bench.netlab.faults", json.dumps(asdict(fault)), pair]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        assert process.stdout is not None
        ready, port = process.stdout.readline().split()
        assert ready == "READY"
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def state_of(machine: OpenMachine, number: int = 1) -> OutboxState:
    with machine.store.read() as db:
        return outbox.get(db, number).state


def is_received(machine: OpenMachine) -> bool:
    return any(row.status is StatusKey.DELIVERED for row in dossier_list(machine).rows)


def send_until(machine: OpenMachine, intake: RunningIntake, *, holds: Callable[[], bool], photo: bytes) -> Runner:
    """Run until `holds`; at every look, received must mean that every byte is there."""
    runner = Runner(Keeper(machine), _QUICK)
    runner.start()

    def looked() -> bool:
        if is_received(machine):
            assert intake.site.blobs.read(sha256_of(photo)) == photo
        intake.clock.move(seconds=1)
        runner.wake()
        return holds()

    try:
        wait_for(looked, 120)
    finally:
        runner.stop()
    return runner


@pytest.mark.parametrize("mode", ["portal", "portal302", "busy", "truncate", "reset"])
def test_a_middle_box_that_answers_or_breaks_off_is_never_taken_for_the_province(
    machine: OpenMachine, intake: RunningIntake, mode: str
) -> None:
    photo = factories.png(extra=mode.encode() * 60_000)
    with between(intake, Fault(mode, for_s=1.5, retry_after=1, mean_bytes=200_000)) as url:
        enrolled(machine, intake, url)
        locked(machine, photo)
        send_until(machine, intake, holds=lambda: state_of(machine) is OutboxState.PROVED, photo=photo)
    assert intake.site.blobs.read(sha256_of(photo)) == photo


def test_while_a_portal_answers_nothing_is_sent_and_the_badge_says_so(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    with between(intake, Fault("portal", for_s=600)) as url:
        enrolled(machine, intake, url)
        locked(machine, factories.png())
        runner = Runner(Keeper(machine), _QUICK)
        runner.start()
        wait_for(lambda: runner.snapshot().link.gate is Gate.CAPTIVE)
        status = sending_status(machine, runner.snapshot().link)
        runner.stop()
    assert status.kind is SendingKind.OFFLINE_WAITING
    assert not is_received(machine)


class ForgetfulProvince:
    """Confirms a photo to its last byte, loses it, and says so when it is asked for the receipt."""

    def __init__(self, machine: OpenMachine, signing: SigningKey) -> None:
        self._machine = machine
        self._signing = signing
        self.bytes_sent: dict[str, int] = {}
        self.asked: list[str] = []
        self.states: list[OutboxState] = []
        self._whole = 0

    def perform(self, order: Send, *, within_s: float | None = None) -> Report:
        self.asked.append(order.method)
        self.states.append(state_of(self._machine))
        with self._machine.store.read() as db:
            item = outbox.get(db, 1)
        (file,) = item.files
        if order.path.startswith("/v1/dossiers"):
            verdict = {"id": item.dossier, "rev": 1, "state": "receiving", "missing": [file.sha256]}
            if self._whole == 2:
                said = Receipt(
                    iss="bn", dossier=item.dossier, revision=1, envelope=item.envelope_sha256, blobs=(file.sha256,),
                    received_at=self._machine.clock.now(), office_number="H05.27-1",
                )  # fmt: skip
                verdict |= {"state": "delivered", "missing": [], "receipt": self._signing.sign(said.write())}
            return answers(200, verdict)
        if order.method == "POST":
            return answers(201, location=f"/v1/blobs/u{self._whole}", upload_offset="0")
        if order.method == "PATCH":
            self._whole += 1
            return answers(204, upload_offset=str(file.size))
        return answers({"DELETE": 204, "HEAD": 204}.get(order.method, 304))

    def renew(self) -> None:
        pass

    def abort(self) -> None:
        pass

    def close(self) -> None:
        pass


def test_a_photo_that_is_lost_after_it_was_confirmed_is_missed_and_sent_again(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    signing = SigningKey.generate()
    machine.remember_province(Province("http://127.0.0.1:9", "bn", "t", (signing.public(),), None, ""))
    locked(machine, factories.png(extra=b"l" * 2_000))
    province = ForgetfulProvince(machine, signing)
    runner = Runner(Keeper(machine), Pace(idle_s=600), connect=lambda _number: province)
    runner.start()
    wait_for(lambda: state_of(machine) is OutboxState.PROVED)
    runner.stop()
    sending = [one for one in province.asked if one in {"PUT", "POST", "PATCH", "DELETE"}]
    assert sending == ["PUT", "POST", "PATCH", "PUT", "DELETE", "POST", "PATCH", "PUT"]
    last = len(province.asked) - 1 - province.asked[::-1].index("PUT")
    assert OutboxState.PROVED not in province.states[: last + 1]


def test_what_the_store_of_bytes_lost_after_the_receipt_is_asked_for_and_sent_again(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    photos = [factories.png(extra=letter * 80_000) for letter in (b"s", b"t")]
    enrolled(machine, intake)
    locked(machine, *photos)
    send_until(machine, intake, holds=lambda: state_of(machine) is OutboxState.PROVED, photo=photos[0])
    before = dossier_list(machine).rows[0].office_number
    lost = sha256_of(photos[0])
    intake.site.blobs.delete(lost)
    assert admin.check(intake.site)["lost"] == [lost]
    keeper = Keeper(machine)
    ((said,),) = keeper.believed(10)
    assert admin.check(intake.site, mends=True)["failed"]
    send_until(machine, intake, holds=lambda: intake.site.blobs.has(lost), photo=photos[1])
    send_until(machine, intake, holds=lambda: state_of(machine) is OutboxState.PROVED, photo=photos[0])
    assert not admin.check(intake.site)["failed"]
    ((again,),) = keeper.believed(10)
    assert again == said
    assert dossier_list(machine).rows[0].office_number == before
    with machine.store.read() as db:
        sent = {file.sha256: file.bytes_sent for file in outbox.get(db, 1).files}
    assert sent[lost] > len(photos[0]), "twice"
    assert sent[sha256_of(photos[1])] == len(photos[1]), "what is there is not sent again"


def test_a_commit_whose_answer_never_comes_is_found_to_be_there(machine: OpenMachine, intake: RunningIntake) -> None:
    photo = factories.png(extra=b"c" * 80_000)
    enrolled(machine, intake)
    locked(machine, photo)
    intake.faults.late = 3
    send_until(machine, intake, holds=lambda: state_of(machine) is OutboxState.PROVED, photo=photo)
    assert intake.faults.late == 0
    with intake.site.engine.connect() as db:
        assert len(db.execute(select(ledger.revisions.c.dossier)).all()) == 1, "sent twice, kept once"


@pytest.mark.parametrize("days", [366, -366])
def test_a_clock_that_is_off_by_a_year_neither_stops_sending_nor_claims_anything(
    tmp_path: Path, intake: RunningIntake, days: int
) -> None:
    clock = FixedClock(intake.clock.now())
    machine = factories.machine(tmp_path / "device", clock)
    photo = factories.png(extra=b"y" * 80_000)
    enrolled(machine, intake)
    locked(machine, photo)
    clock.move(days=days)
    intake.faults.busy = 1
    runner = Runner(Keeper(machine), _QUICK)
    runner.start()

    def arrived() -> bool:
        clock.move(seconds=1)
        runner.wake()
        return state_of(machine) is OutboxState.PROVED

    wait_for(arrived)
    runner.stop()
    assert intake.site.blobs.read(sha256_of(photo)) == photo
    machine.close()


def test_what_was_put_off_while_the_clock_was_a_year_ahead_is_not_put_off_for_a_year(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    photo = factories.png(extra=b"z" * 1000)
    enrolled(machine, intake)
    locked(machine, photo)
    ahead = intake.clock.now() + dt.timedelta(days=366)
    with machine.store.write() as db:
        db.execute(update(t.outbox).values(not_before=ahead.isoformat()))
    send_until(machine, intake, holds=lambda: state_of(machine) is OutboxState.PROVED, photo=photo)


def test_a_province_restored_from_an_old_backup_is_noticed_and_gets_again_what_it_lacks(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    """Its cursor is behind ours, so it is asked what it lacks, in the same run of the program."""
    first, second = factories.png(extra=b"1" * 5000), factories.png(extra=b"2" * 5000)
    enrolled(machine, intake)
    old = locked(machine, first)
    runner = Runner(Keeper(machine), _QUICK)
    runner.start()
    wait_for(lambda: state_of(machine) is OutboxState.PROVED)
    with intake.site.engine.connect() as db:
        seq = db.execute(select(ledger.devices.c.last_seq)).scalar_one()
    new = locked(machine, second)
    runner.wake()
    wait_for(lambda: state_of(machine, 2) is OutboxState.PROVED)
    behind = Keeper(machine).cursor()
    rounds = runner.snapshot().round
    runner.wake()
    wait_for(lambda: runner.snapshot().round > rounds + 1)  # what was said of the second is heard
    assert Keeper(machine).cursor() != behind or int(behind.partition("-")[0]) > seq
    intake.site.blobs.delete(sha256_of(second))  # first, or what the device sends again meanwhile were deleted
    with intake.site.engine.begin() as db:  # the backup was made between the two
        for table in (ledger.revisions, ledger.files):
            db.execute(delete(table).where(table.c.dossier == new))
        db.execute(delete(ledger.dossiers).where(ledger.dossiers.c.id == new))
        db.execute(delete(ledger.changes).where(ledger.changes.c.seq > seq))
        for table in (ledger.blobs, ledger.uploads):
            db.execute(delete(table).where(table.c.sha256 == sha256_of(second)))
        db.execute(update(ledger.devices).values(last_seq=seq))

    def is_there_again() -> bool:
        intake.clock.move(seconds=1)
        runner.wake()
        with intake.site.engine.connect() as db:
            found = db.execute(select(ledger.revisions.c.dossier).where(ledger.revisions.c.receipt.is_not(None)))
            return set(found.scalars()) == {old, new}

    wait_for(is_there_again)
    wait_for(lambda: state_of(machine, 2) is OutboxState.PROVED)
    runner.stop()
    assert intake.site.blobs.read(sha256_of(second)) == second


# --- certificates ------------------------------------------------------------------------------------------------------


def _certificate(folder: Path, name: str, ends: dt.datetime) -> tuple[Path, Path, str]:
    """Make a self-signed certificate for 127.0.0.1; return its files and fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - dt.timedelta(days=400))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private, made.fingerprint(hashes.SHA256()).hex()


@contextmanager
def over_tls(intake: RunningIntake, certificate: Path, key: Path) -> Iterator[str]:
    """Serve the same site over TLS; give its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        make_app(intake.site),
        log_level="error",
        ssl_certfile=certificate,
        ssl_keyfile=key,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    yield f"https://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(60)
    listener.close()


def test_an_expired_certificate_that_nobody_pinned_is_not_the_province(
    machine: OpenMachine, intake: RunningIntake, tmp_path: Path
) -> None:
    certificate, key, _print = _certificate(tmp_path, "expired", dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
    enrolled(machine, intake)
    province = machine.profile.province
    assert province is not None
    with over_tls(intake, certificate, key) as url:
        machine.remember_province(replace(province, url=url))
        locked(machine, factories.png())
        runner = Runner(Keeper(machine), _QUICK)
        runner.start()
        wait_for(lambda: runner.snapshot().link.gate is Gate.CAPTIVE)
        runner.stop()
    assert state_of(machine) is OutboxState.QUEUED
    assert not is_received(machine)


def test_a_certificate_of_which_only_the_date_is_wrong_is_no_portal(
    machine: OpenMachine, intake: RunningIntake, tmp_path: Path
) -> None:
    certificate, key, _print = _certificate(tmp_path, "expired", dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
    enrolled(machine, intake)
    locked(machine, factories.png())
    with over_tls(intake, certificate, key) as url:
        line = HttpsTransport(url, device=machine.profile.device)
        line._verify = str(certificate)  # type: ignore[assignment]  # whom the system trusts
        runner = Runner(Keeper(machine), _QUICK, connect=lambda _number: line)
        runner.start()
        wait_for(lambda: runner.snapshot().link.gate is Gate.CERTIFICATE)
        asked = runner.sync_now()
        wait_for(lambda: runner.snapshot().asked >= asked)
        assert runner.snapshot().answer == "certificate"
        runner.stop()
    assert state_of(machine) is OutboxState.QUEUED
    assert sending_status(machine, runner.snapshot().link).kind is SendingKind.OFFLINE_WAITING


def test_only_the_pinned_certificate_is_the_province(
    machine: OpenMachine, intake: RunningIntake, tmp_path: Path
) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=300)
    certificate, key, fingerprint = _certificate(tmp_path, "ours", later)
    other, other_key, _print = _certificate(tmp_path, "other", later)
    with over_tls(intake, other, other_key) as url:
        stranger = HttpsTransport(url, device="d", certificate_sha256=fingerprint)
        assert stranger.perform(Send("HEAD", "/v1/ping")) == NotTheProvince(0)
        stranger.close()
    photo = factories.png(extra=b"t" * 300_000)
    enrolled(machine, intake)
    province = machine.profile.province
    assert province is not None
    with over_tls(intake, certificate, key) as url:
        machine.remember_province(replace(province, url=url, certificate_sha256=fingerprint))
        locked(machine, photo)
        send_until(machine, intake, holds=lambda: state_of(machine) is OutboxState.PROVED, photo=photo)
    with machine.store.read() as db:
        told = dt.datetime.now(dt.UTC) - believed_time.never_before(db, dt.datetime.min.replace(tzinfo=dt.UTC))
    assert abs(told) < dt.timedelta(minutes=10), "what time it is was learnt from the province"


def test_what_time_it_is_is_not_taken_from_a_line_on_which_anybody_can_speak(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    photo = factories.png(extra=b"t" * 1_000)
    enrolled(machine, intake)
    locked(machine, photo)
    send_until(machine, intake, holds=lambda: state_of(machine) is OutboxState.PROVED, photo=photo)
    with machine.store.read() as db:
        told = intake.clock.now() - believed_time.never_before(db, dt.datetime.min.replace(tzinfo=dt.UTC))
    assert abs(told) < dt.timedelta(minutes=10), "only the signed receipt says when it was"


# --- answers that end early --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 201 Created\r\nBN-Server: intake/1\r\nContent-Length: 500\r\n\r\n" + b'{"id": "cut',
        b"HTTP/1.1 200 OK\r\nBN-Server: intake/1\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nabc",
        b"HTTP/1.1 201 Cre",
        b"",
    ],
    ids=["in the body", "in a chunk", "in the head", "before a byte"],
)
def test_an_answer_that_a_proxy_cut_off_is_none(answer: bytes) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def once() -> None:
        near, _ = listener.accept()
        near.recv(65_536)
        near.sendall(answer)
        near.close()

    thread = threading.Thread(target=once, daemon=True)
    thread.start()
    transport = HttpsTransport(f"http://127.0.0.1:{listener.getsockname()[1]}", device="d")
    report = transport.perform(Send("GET", "/v1/changes"))
    transport.close()
    thread.join(60)
    listener.close()
    assert not isinstance(report, Answered)
