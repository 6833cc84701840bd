"""Volunteers' machines and the ward's machine on one LAN: two processes, both pinned, and what may be claimed when."""

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from bnhelper.actions.unlock_machine import OpenMachine, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.domain.custody import OutboxState, StatusKey
from bnhelper.ids import DossierId
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.store import audit, dossiers, outbox
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.canonical import sha256_of
from bnhelper.vault.keys import KeyFile
from sync.courier import NotLetIn
from sync.courier_keeper import CourierKeeper
from sync.delivery import run
from sync.engine.carried import HandedOver
from sync.engine.orders import FileSlice, Send
from sync.engine.put_bundle import forget_bundle
from sync.engine.reports import Answered, Report
from sync.intake import identity, ledger
from sync.taking_in import TakingIn
from sync.transport.courier import Stick, file_sha256
from sync.transport.lan import (
    BundleRefused,
    NotPaired,
    PairingFailed,
    WardFull,
    WardRefused,
    WardSilent,
    make_certificate,
    pair,
)
from sync.transport.ward_server import Paired, WardServer, arriving
from sync.ward import NoWard, Ward
from tests import factories
from tests.sync.conftest import RunningIntake
from tests.sync.courier_world import courier, locked, machine_at, states
from tests.sync.test_runner import wait_for
from ui.words.trouble_words import words_for


class WardProcess:
    """The ward's machine in a process of its own, on loopback."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[str] | None = None
        self.invitation = ""

    @property
    def port(self) -> int:
        return int(self.invitation.partition('"port":')[2].partition(",")[0])

    def announced(self) -> list[tuple[str, str, int]]:
        """What looking around on the LAN finds: the machine, as long as it serves."""
        return [("Vũ Đức Đạt", "127.0.0.1", self.port)] if self._process is not None else []

    def start(self) -> None:
        words = ["ward", "--folder", str(self.folder / "data"), "--key-file", str(self.folder / "key")]
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sync.command_line",
                *words,
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--no-mdns",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.invitation = self._process.stdout.readline().strip()
        assert self.invitation.startswith("BNWARD1:"), self.invitation

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=60)
            self._process = None


@pytest.fixture
def ward(tmp_path: Path, intake: RunningIntake) -> Iterator[WardProcess]:
    machine_at(tmp_path / "ward", intake).close()
    made = WardProcess(tmp_path / "ward")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def machine(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    made = machine_at(tmp_path / "device", intake)
    yield made
    made.close()


def _relayed(ward: WardProcess, intake: RunningIntake) -> int:
    """The ward's machine gets a network: what it carries goes to the province."""
    opened = unlock_machine(
        Places(ward.folder / "data"), KeyFile(ward.folder / "key"), library=Library.shipped(), clock=intake.clock
    )
    done = Ward(courier(opened)).relay()
    opened.close()
    return done.proved


def _kept(ward: WardProcess) -> list[str]:
    """What lies on the ward's machine of bundles and replies."""
    folder = ward.folder / "data" / "carried"
    return sorted(path.relative_to(folder).parent.as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_dossier_goes_over_the_ward_s_machine_and_is_sent_only_when_the_province_signed(
    machine: OpenMachine, ward: WardProcess, intake: RunningIntake
) -> None:
    dossier = locked(machine, factories.png(70, extra=b"w" * 3_000_000))
    side = Ward(courier(machine), look_around=ward.announced)
    with pytest.raises(NoWard):
        side.to_ward()
    assert side.pair(ward.invitation) == "Vũ Đức Đạt"
    back = side.to_ward()
    assert (back.replies, back.proved) == (0, 0)
    assert states(machine) == [OutboxState.QUEUED]
    assert dossier_list(machine).rows[0].status is StatusKey.READY
    with machine.store.read() as db:
        assert [one["kind"] for one in dossiers.events_of(db, dossier)].count("on_ward") == 1
    sealed = list((ward.folder / "data" / "carried").rglob("*.age"))
    assert len(sealed) == 1
    assert b"NGUY" not in sealed[0].read_bytes()

    own, keeper = Stick(machine.places.root / "to-ward"), CourierKeeper(machine)
    sha256 = file_sha256(own.parts()[0].path)
    transport = side._transport(keeper.get("lan_ward"))
    assert not run(transport, forget_bundle(sha256)), "what the province has not seen is not given up"
    assert _kept(ward) == ["bnhelper-courier/out"]

    ward.stop()
    with pytest.raises(WardSilent):
        side.to_ward()
    assert _relayed(ward, intake) == 1
    assert _kept(ward) == ["bnhelper-courier/back"], "the bundle is at the province, its reply waits to be fetched"
    ward.start()
    # The line breaks before the ward's machine hears that the receipts were read: it hears the next time.
    genuine, side._tell_over = side._tell_over, lambda: None  # type: ignore[method-assign]
    back = side.to_ward()
    assert back.proved == 1
    assert states(machine) == [OutboxState.PROVED]
    with machine.store.read() as db:
        assert [one["kind"] for one in dossiers.events_of(db, dossier)].count("on_ward") == 1
    assert not own.parts()
    assert _kept(ward) == ["bnhelper-courier/back"]
    side._tell_over = genuine  # type: ignore[method-assign]
    locked(machine)
    side.to_ward()
    assert keeper.get("lan_over") is None
    assert _kept(ward) == ["bnhelper-courier/out"], "nothing is kept of what rode back, only the new one waits"
    transport.close()
    transport = side._transport(keeper.get("lan_ward"))  # where it serves now
    assert run(transport, forget_bundle(sha256)), "twice does no harm"
    transport.close()


def test_only_what_was_handed_over_is_said_to_be_on_the_ward_s_machine_and_nothing_on_a_stick(
    machine: OpenMachine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    side, keeper = Ward(courier(machine), look_around=list), CourierKeeper(machine)
    keeper.put("lan_ward", {"name": "Phường A", "host": "127.0.0.1", "port": 9, "certificate_sha256": "0" * 64})
    handed: list[list[str]] = []
    late: list[DossierId] = []

    def hand(folder: Path, _known: object) -> HandedOver:
        handed.append([part.path.name for part in Stick(folder).parts()])
        if not late:
            late.append(locked(machine))  # somebody goes on working while it copies
        return HandedOver(len(handed[-1]), 0, 0, 0)

    def told(dossier: DossierId) -> list[str]:
        with machine.store.read() as db:
            kinds = [one["kind"] for one in dossiers.events_of(db, dossier)]
        return [kind for kind in kinds if kind in {"on_ward", "exported"}]

    first = locked(machine)
    with pytest.raises(WardSilent):
        side.to_ward()
    assert told(first) == [], "it lies on this machine alone"
    monkeypatch.setattr(side, "_hand", hand)
    side.to_ward()
    assert (told(first), told(late[0])) == (["on_ward"], [])
    courier(machine).carry_out(tmp_path / "stick")  # both go by stick as well
    side.to_ward()
    assert [len(parts) for parts in handed] == [1, 2], "what was sealed once is not sealed again"
    assert told(late[0]) == ["exported", "on_ward"]
    with machine.store.read() as db:
        assert len(outbox.to_carry(db)) == 2


def test_half_a_bundle_is_given_up_after_a_week(machine: OpenMachine) -> None:
    side = Ward(courier(machine))
    halves = arriving(side.carried)
    halves.mkdir(parents=True)
    for name, days in (("new", 6), ("old", 8)):
        (halves / name).write_bytes(b"half")
        at = time.time() - days * 86_400
        os.utime(halves / name, (at, at))
    side.prune()
    assert [half.name for half in halves.iterdir()] == ["new"]


def test_a_reply_that_nobody_fetches_is_put_away_and_a_machine_that_comes_after_all_loses_nothing(
    machine: OpenMachine, ward: WardProcess, intake: RunningIntake
) -> None:
    locked(machine)
    side = Ward(courier(machine), look_around=ward.announced)
    side.pair(ward.invitation)
    side.to_ward()
    ward.stop()
    assert _relayed(ward, intake) == 1
    (reply,) = (ward.folder / "data" / "carried" / "bnhelper-courier" / "back").iterdir()

    def days_ago(days: int) -> None:
        at = time.time() - days * 86_400
        os.utime(reply, (at, at))

    opened = unlock_machine(
        Places(ward.folder / "data"), KeyFile(ward.folder / "key"), library=Library.shipped(), clock=intake.clock
    )
    here = Ward(courier(opened))
    days_ago(89)
    here.prune()
    assert (reply.is_file(), here.put_away()) == (True, 0)
    days_ago(91)
    here.prune()
    assert (reply.is_file(), here.put_away()) == (False, 1)
    here.prune()
    assert here.put_away() == 1, "it is said for a month"
    intake.clock.move(days=31)
    assert here.put_away() == 0
    opened.close()

    ward.start()
    side.to_ward()
    assert states(machine) == [OutboxState.QUEUED]
    ward.stop()
    assert _relayed(ward, intake) == 1, "the same bundle, and the province says the same of it"
    ward.start()
    assert side.to_ward().proved == 1
    assert states(machine) == [OutboxState.PROVED]


def test_a_code_pairs_once_and_strangers_stay_outside(
    machine: OpenMachine, ward: WardProcess, tmp_path: Path, intake: RunningIntake
) -> None:
    side = Ward(courier(machine), look_around=list)
    side.pair(ward.invitation)
    with machine.store.read() as db:
        assert audit.newest(db, 1)[0].body["deed"] == Deed.PAIRED_WITH_WARD
    stranger = machine_at(tmp_path / "stranger", intake)
    locked(stranger)
    other = Ward(courier(stranger), look_around=list)
    with pytest.raises(PairingFailed):
        other.pair(ward.invitation)
    for text in ("", "BNWARD1:{}", "BNHELPER1:x", ward.invitation[:60]):
        with pytest.raises(PairingFailed):
            other.pair(text)
    # A stranger who knows address and fingerprint: neither his own certificate nor none opens the door.
    known = CourierKeeper(machine).get("lan_ward")
    CourierKeeper(stranger).put("lan_ward", known)
    with pytest.raises((NotLetIn, WardSilent)):
        other.to_ward()
    # Another machine at the ward's address: its certificate is not the pinned one.
    locked(machine)
    CourierKeeper(machine).put("lan_ward", known | {"certificate_sha256": "0" * 64})
    with pytest.raises(WardSilent):
        side.to_ward()
    assert not list((ward.folder / "data" / "carried").rglob("*.age"))
    stranger.close()


def test_a_ward_s_machine_that_moved_is_found_again_and_another_in_its_place_is_refused(
    machine: OpenMachine, ward: WardProcess, tmp_path: Path, intake: RunningIntake
) -> None:
    locked(machine)
    found = ward.announced()
    side = Ward(courier(machine), look_around=lambda: found)
    side.pair(ward.invitation)
    known = CourierKeeper(machine).get("lan_ward")
    CourierKeeper(machine).put("lan_ward", known | {"port": 9})
    side.to_ward()
    assert CourierKeeper(machine).get("lan_ward") == known
    ward.stop()
    machine_at(tmp_path / "other", intake).close()
    other = WardProcess(tmp_path / "other")
    other.start()
    found[:] = other.announced()
    CourierKeeper(machine).put("lan_ward", known | {"port": 9})
    with pytest.raises(WardSilent):  # the name is the same, the certificate is not
        side.to_ward()
    other.stop()
    assert not list((tmp_path / "other" / "data" / "carried").rglob("*.age"))


def test_a_machine_whose_line_crawls_keeps_no_other_waiting(machine: OpenMachine, ward: WardProcess) -> None:
    side = Ward(courier(machine), look_around=ward.announced)
    side.pair(ward.invitation)
    content = b"slow" * 20_000
    name, goes_on, has_begun = sha256_of(content), threading.Event(), threading.Event()

    def crawl(sha256: str, offset: int, size: int) -> bytes:
        assert sha256 == name
        if offset:
            has_begun.set()
            if not goes_on.wait(0.2):
                return content[offset : offset + 1]
        return content[offset : offset + size]

    transport = side._transport(CourierKeeper(machine).get("lan_ward"), crawl)
    said = {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}", "Content-Type": "application/octet-stream"}
    order = Send("PUT", f"/v1/bundles/{name}", said, FileSlice(name, 0, len(content)))
    reports: list[Report] = []
    crawling = threading.Thread(target=lambda: reports.append(transport.perform(order)))
    crawling.start()
    assert has_begun.wait(60)

    locked(machine)
    side.to_ward()  # over another connection
    assert not reports, "the other one crawls on"
    goes_on.set()
    crawling.join(60)
    transport.close()
    (report,) = reports
    assert isinstance(report, Answered)
    assert report.status == 202
    assert len(list((ward.folder / "data" / "carried").rglob("*.age"))) == 2


@pytest.fixture
def served(machine: OpenMachine, tmp_path: Path, intake: RunningIntake) -> Iterator[tuple[Ward, Ward, WardServer]]:
    """A volunteer's side, the ward's side, and its server in this process; the two are paired."""
    here = machine_at(tmp_path / "here", intake)
    side, ward_s = Ward(courier(machine), look_around=list), Ward(courier(here))
    ward_s.keep(Paired(machine.profile.device, "Đạt", side.own().pem))
    server = ward_s.serve("127.0.0.1")
    serving = threading.Thread(target=server.serve_forever, args=(0.02,))
    serving.start()
    known = {"name": "Phường A", "host": "127.0.0.1", "port": server.server_address[1]}
    side._keeper.put("lan_ward", known | {"certificate_sha256": ward_s.own().sha256})
    yield side, ward_s, server
    server.shutdown()
    serving.join(30)
    server.server_close()
    here.close()


def _kinds(machine: OpenMachine, dossier: DossierId) -> list[str]:
    with machine.store.read() as db:
        return [one["kind"] for one in dossiers.events_of(db, dossier)]


def test_a_refusal_that_ends_its_line_says_so(machine: OpenMachine, served: tuple[Ward, Ward, WardServer]) -> None:
    """Else the next order may go by a line that is just being closed, and the ward's machine seems to be gone."""
    side, _, _ = served
    transport = side._transport(CourierKeeper(machine).get("lan_ward"))
    for path in ("/v1/nothing", f"/v1/bundles/{'0' * 64}"):
        report = transport.perform(Send("GET", path))
        assert isinstance(report, Answered)
        assert (report.status, report.headers["connection"]) == (404, "close")
    transport.close()


def test_a_full_machine_of_the_ward_says_so_gives_its_replies_all_the_same_and_takes_the_rest_later(
    machine: OpenMachine, served: tuple[Ward, Ward, WardServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    side, ward_s, server = served
    first = locked(machine)
    assert side.to_ward().left is None
    assert ward_s.relay().proved == 1
    second = locked(machine, factories.png(extra=b"w" * 3_000_000))
    room = [0]
    usage = SimpleNamespace(disk_usage=lambda _folder: SimpleNamespace(free=room[0]))
    monkeypatch.setattr("sync.transport.ward_server.shutil", usage)
    back = side.to_ward()
    assert isinstance(back.left, WardFull)
    assert words_for(back.left, "vi")[0].startswith("Máy của phường hết chỗ")
    assert (back.proved, states(machine)) == (1, [OutboxState.PROVED, OutboxState.QUEUED]), (
        "the receipt came all the same"
    )
    assert ("on_ward" in _kinds(machine, first), "on_ward" in _kinds(machine, second)) == (True, False)
    assert not list(server.stick.back.iterdir()), "and what is over makes room there"

    room[0] = 1 << 40
    failing = [OSError(errno.ENOSPC, "no room"), OSError(errno.EIO, "broken")]

    def fsync(file: int) -> None:
        if failing:
            raise failing.pop()
        os.fsync(file)

    monkeypatch.setattr("sync.transport.ward_server.os", SimpleNamespace(fsync=fsync, replace=os.replace))
    back = side.to_ward()  # the disk breaks in the middle of it
    assert isinstance(back.left, WardRefused)
    assert back.left.values == {"reason": "internal"}
    assert isinstance(side.to_ward().left, WardFull)
    sealed = [part.path.name for part in Stick(machine.places.root / "to-ward").parts()]
    assert (side.to_ward().left, len(sealed)) == (None, 1)
    assert "on_ward" in _kinds(machine, second)
    assert ward_s.relay().proved == 1


def test_a_part_that_the_province_refuses_whole_hides_none_and_its_dossiers_are_sealed_anew(
    machine: OpenMachine, served: tuple[Ward, Ward, WardServer], intake: RunningIntake
) -> None:
    side, ward_s, server = served
    identity.revoke(intake.site, machine.profile.device)
    locked(machine)
    side.to_ward()
    assert ward_s.relay().codes == {"revoked": 1}
    assert not server.stick.parts(), "the others are seen, whatever was refused"
    assert ward_s.relay().parts == 0
    intake.clock.move(days=2)
    assert ward_s.relay().codes == {"revoked": 1}, "it is not lost, and tried once a day"
    back = side.to_ward()
    assert isinstance(back.left, BundleRefused)
    assert back.left.values == {"reason": "revoked"}
    assert states(machine) == [OutboxState.QUEUED]
    assert not Stick(machine.places.root / "to-ward").parts()
    assert not list(server.stick.refused.rglob("*.age")), "its own machine needs it no more"
    with intake.site.engine.begin() as db:
        db.execute(update(ledger.devices).values(revoked_at=None))
    assert side.to_ward().left is None
    assert ward_s.relay().proved == 1
    assert side.to_ward().proved == 1


def test_a_machine_of_the_ward_that_knows_this_one_no_more_is_no_missing_one(
    machine: OpenMachine, served: tuple[Ward, Ward, WardServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    side, _, server = served
    locked(machine)
    monkeypatch.setattr(server, "_known", {})
    with pytest.raises(NotPaired):
        side.to_ward()
    assert states(machine) == [OutboxState.QUEUED]


def test_nobody_at_the_address_is_told(tmp_path: Path, intake: RunningIntake) -> None:
    own = make_certificate(tmp_path / "lan" / "own.pem", intake.clock.now())
    assert b"ENCRYPTED" in own.path.read_bytes()
    text = (
        '{"name":"x","hosts":["127.0.0.1"],"port":9,"certificate_sha256":"' + "0" * 64 + '","code":"' + "c" * 24 + '"}'
    )
    with pytest.raises(WardSilent):
        pair("BNWARD1:" + text, device="0199a3f0-0000-7abc-8def-0123456789ab", name="x", own=own)


def test_whoever_stops_taking_in_before_it_began_waits_for_nothing_and_nothing_begins_after(
    tmp_path: Path, intake: RunningIntake
) -> None:
    machine = machine_at(tmp_path / "ward", intake)
    taking_in = TakingIn(Ward(courier(machine)), host="127.0.0.1", port=0, is_announced=False)
    serving = threading.Thread(target=taking_in.run)
    serving.start()
    wait_for(lambda: taking_in.is_running)
    taking_in.stop()
    serving.join(30)
    assert not taking_in.is_running
    taking_in.stop(for_good=True)  # nothing runs
    taking_in.run()  # asked for before, begun only now: it returns
    assert not taking_in.is_running
    machine.close()
