"""Device, network, carrier and province with crashes on both sides, in any order, beside a small model.

The engine, the stores, the courier and the intake are the real ones; only the wire between them is played. The model
knows what was sealed and what each side was made to forget, and nothing else.
"""

import contextlib
import dataclasses
import functools
import hashlib
import json
import logging
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import event, func, select

from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.answer_supplement import NothingAsked, answer_supplement
from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import PhotosLost, lock_dossier, send_again, unlock_dossier
from bnhelper.actions.record_visit import record_visit, send_record_again
from bnhelper.actions.unlock_machine import OpenMachine, Province, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.clock import province_date
from bnhelper.domain.custody import FILE_DAMAGED, OutboxState
from bnhelper.domain.sealed import OutboxItem
from bnhelper.domain.visits import Outcome
from bnhelper.ids import DossierId, FieldPath, PaperId
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier as dossier_row
from bnhelper.queries.visit_list import visit_list
from bnhelper.store import outbox, photos, server_truth
from bnhelper.store import tables as t
from bnhelper.vault.keys import KeyFile
from sync.courier import Courier, NoBundles
from sync.courier_keeper import CourierKeeper, NothingToCarry
from sync.engine.carried import HandedOver
from sync.intake import deeds, desk, identity, ledger, receipt_keys, station
from sync.intake import visits as visit_lists
from sync.intake.deeds import Deed
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer, Role
from sync.intake.visit_csv import EXAMPLE, homes_of
from sync.keeper import Keeper
from sync.runner import Pace, Runner
from sync.transport.courier import FOLDER, Stick
from sync.transport.enrolment import ProvinceSilent
from sync.transport.lan import OwnCertificate, WardSilent
from sync.transport.ward_server import Paired
from sync.ward import Ward
from sync.wire.enrolment import EnrolmentRequest
from tests import factories
from tests.fakes.clock import FixedClock
from tests.sync import in_process
from tests.sync.in_process import FATES, Died, Fate

_EVIDENCE = PaperId("birth_evidence")
_RESIDENCE = FieldPath("/data/declaration/mother/residence")
_OFFICER = Officer("canbo", "Bà Hạnh", "", Role.PROVINCE, PROVINCE_OFFICE)
_UNIT = "09208"
_PIECE = 16 * 1024
_SHM = Path("/dev/shm")
_STEPS: Counter[str] = Counter()
_FEW_FATES = st.lists(st.sampled_from(["passes", "passes", *FATES]), max_size=4)


@functools.cache
def _library() -> Library:
    return Library.shipped()


@functools.cache
def _prepared() -> Path:
    """A device and a carrier that are enrolled at a province, made once and copied for every run."""
    folder = Path(tempfile.mkdtemp(prefix="bn-chain-", dir=_SHM if _SHM.is_dir() else None))
    clock = FixedClock()
    site, _ = station.open_site(folder / "province", clock)
    homes = homes_of(EXAMPLE, province_date(clock.now()))
    visit_lists.make(site, unit=_UNIT, hamlet="Thôn Đông", device=None, homes=homes, by="officer:x")
    wards: list[tuple[CourierKeeper, OwnCertificate]] = []
    for name in ("device", "carrier"):
        machine = factories.machine(folder / name, clock)
        invitation = station.invite(site, "http://127.0.0.1:9", unit=_UNIT)
        answer = identity.enrol(
            site,
            EnrolmentRequest(
                code=invitation.code,
                device=machine.profile.device,
                public_key=machine.signing.public(),
                name=name,
            ),
        )
        machine.remember_province(
            Province(
                invitation.url,
                answer.server_id,
                answer.token,
                tuple(answer.receipt_keys),
                None,
                answer.office,
                answer.courier or "",
            )
        )
        keeper = CourierKeeper(machine)
        wards.append((keeper, Ward(Courier(keeper)).own()))
    (device, of_device), (carrier, of_carrier) = wards
    Ward(Courier(carrier)).keep(Paired(device.machine.profile.device, "device", of_device.pem))
    device.put("lan_ward", {"name": "ward", "host": "127.0.0.1", "port": 0, "certificate_sha256": of_carrier.sha256})
    for one in (device, carrier):
        one.machine.close()
    site.engine.dispose()
    return folder


class _Relaying(Courier):
    """The courier of a ward's machine, whose line to the province is played."""

    def __init__(self, carrier: "Device") -> None:
        super().__init__(CourierKeeper(carrier.machine))
        self._carrier = carrier

    def hand_over(self, folder: Path, **more: Any) -> HandedOver:
        return super().hand_over(folder, **{"through": self._carrier.through, **more})


@dataclasses.dataclass(frozen=True)
class Sealed:
    """What left a volunteer's hands: the model's whole memory of it."""

    envelope: str
    files: dict[str, bytes]


class Device:
    """A volunteer's machine that may be switched off at any commit, and what is plugged into it."""

    def __init__(self, folder: Path, clock: FixedClock, province: Callable[[], in_process.Province]) -> None:
        self.folder, self.clock, self.province = folder, clock, province
        self.fate = Fate([])
        self.open()

    def open(self) -> None:
        self.dies_at: int | None = None
        self._is_dead = False
        self.machine: OpenMachine = unlock_machine(
            Places(self.folder / "data"), KeyFile(self.folder / "key"), library=_library(), clock=self.clock
        )
        event.listen(self.machine.store._engine, "commit", self._committing)
        self.runner = Runner(Keeper(self.machine), Pace(), connect=lambda _number: self.line)
        self.line = self.through(self.runner._files.read_at)
        self.runner.line.rtt_s = 0.5  # one stream: what happens is then the same every time
        self.runner.line._piece = self.runner.line._largest = _PIECE

    def through(self, read_at: Callable[[str, int, int], bytes]) -> in_process.Line:
        enrolled = self.machine.profile.province
        assert enrolled is not None
        device = self.machine.profile.device
        return in_process.Line(
            self.province, self.fate, token=enrolled.token, device=device, read_at=read_at, unplug=self._die
        )

    def close(self) -> None:
        self.dies_at = None
        if self._is_dead:  # who is switched off takes no leave: the note of an ordinary end is not written
            self.machine.store.close()
        else:
            self.machine.close()

    def restart(self) -> None:
        self.close()
        self.open()

    def lose_power(self) -> None:
        self._is_dead = True
        self.restart()

    def do(self, work: Callable[[], object]) -> bool:
        """Do something that the device may not live through; return whether it did."""
        with contextlib.suppress(Died):
            work()
        if self._is_dead:
            self.restart()
            return False
        return True

    def round(self) -> None:
        """One round of the engine, whatever the gate says."""
        self.runner.sync_now()
        self.runner._round()
        if self._is_dead:
            raise Died

    def _die(self) -> None:
        self._is_dead = True
        self.runner._stop.set()
        raise Died

    def _committing(self, _connection: object) -> None:
        if self.dies_at is not None:
            self.dies_at -= 1
            if self.dies_at <= 0:
                self._die()
        if self._is_dead:
            raise Died

    def records(self) -> dict[tuple[str, int], tuple[int, OutboxState, str]]:
        """Return what was told of homes: record and revision -> number, state, hash."""
        one = t.records.c
        with self.machine.store.read() as db:
            rows = db.execute(select(one.record, one.revision, one.id, one.state, one.envelope_sha256)).all()
        return {(row.record, row.revision): (row.id, OutboxState(row.state), str(row.envelope_sha256)) for row in rows}

    def items(self) -> dict[tuple[DossierId, int], OutboxItem]:
        with self.machine.store.read() as db:
            rows = [outbox.get(db, row["id"]) for row in outbox.every(db)]
        return {(item.dossier, item.revision): item for item in rows}


class Chain(RuleBasedStateMachine):
    """Everything that may happen between a courtyard and the province."""

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="bn-chain-", dir=_SHM if _SHM.is_dir() else None))
        for name in ("device", "carrier", "province"):
            shutil.copytree(_prepared() / name, self.root / name)
        self.clock = FixedClock()
        self.province = in_process.Province(self.root / "province", self.clock, _library())
        self.device = Device(self.root / "device", self.clock, lambda: self.province)
        self.carrier = Device(self.root / "carrier", self.clock, lambda: self.province)
        self.sealed: dict[tuple[DossierId, int], Sealed] = {}
        self.sticks: list[Path] = []
        self.backup: Path | None = None
        self.forgot: set[tuple[DossierId, int]] = set()  #: proved, and then lost by a province that went back in time
        self.asked_in_vain: set[DossierId] = set()  #: whose supplement a province asked for and forgot
        self.told: set[tuple[str, int]] = set()  #: what was said of homes
        self.told_and_forgot: set[tuple[str, int]] = set()
        self.given_up: dict[tuple[DossierId, int], Sealed] = {}
        self.rotations = 0
        self.stands: set[OutboxState] = set()  #: of anything, as last looked at
        self.ward = Ward(_Relaying(self.carrier))
        self.serving = self.ward.serve("127.0.0.1")
        threading.Thread(target=self.serving.serve_forever, args=(0.02,), daemon=True).start()
        keeper = CourierKeeper(self.device.machine)
        keeper.put("lan_ward", {**keeper.get("lan_ward"), "port": self.serving.server_address[1]})
        self.is_loud: list[str] = []
        _BUGS.told = self.is_loud

    # --- the volunteer -------------------------------------------------------------------------------------

    @rule(photos=st.lists(st.integers(200, 50_000), max_size=2), number=st.integers(0, 10**9))
    def seals(self, photos: list[int], number: int) -> None:
        machine = self.device.machine
        self.clock.move(seconds=1)
        dossier = factories.birth_dossier(machine)
        for place, size in enumerate(photos):
            attach_photo(machine, dossier, _EVIDENCE, factories.png(extra=_bytes(number + place, size)))
        self._sealed(dossier)

    @rule(number=st.integers(0, 10**9))
    def answers_a_supplement(self, number: int) -> None:
        machine = self.device.machine
        self.clock.move(seconds=1)
        for dossier in {dossier for dossier, _ in self.sealed}:
            try:
                answer_supplement(machine, dossier)
            except NothingAsked:
                continue
            answer_question(machine, dossier, _RESIDENCE, f"Thôn {number}, xã Tam Đa")
            self._sealed(dossier)

    def _sealed(self, dossier: DossierId) -> None:
        lock_dossier(self.device.machine, dossier)
        revision = max(revision for one, revision in self.device.items() if one == dossier)
        item = self.device.items()[dossier, revision]
        files = {}
        for file in item.files:
            before = self.sealed.get((dossier, revision - 1))
            if before is not None and file.sha256 in before.files:  # what the province has may be broken here by now
                files[str(file.sha256)] = before.files[file.sha256]
                continue
            with Keeper(self.device.machine).open_file(item, file.sha256) as opened:
                files[str(file.sha256)] = opened.read_at(0, file.size)
        self.sealed[dossier, revision] = Sealed(hashlib.sha256(item.envelope).hexdigest(), files)

    @precondition(lambda self: OutboxState.HELD in self.stands)
    @rule()
    def presses_send_again(self) -> None:
        for (dossier, _), item in self.device.items().items():
            if item.state is OutboxState.HELD:
                send_again(self.device.machine, dossier)
        for number, state, _ in self.device.records().values():
            if state is OutboxState.HELD:
                send_record_again(self.device.machine, number)

    @precondition(lambda self: OutboxState.QUEUED in self.stands)
    @rule(data=st.data())
    def a_photo_breaks(self, data: st.DataObject) -> None:
        waiting = [one for one in self.device.items().values() if one.state is OutboxState.QUEUED and one.files]
        first = [one for one in waiting if (one.dossier, 2) not in self.sealed and one.revision == 1]
        if first:
            item = data.draw(st.sampled_from(first))
            with self.device.machine.store.read() as db:
                name = photos.sealed_row(db, item.files[0].photo)["file"]
            (self.device.machine.places.photos / name).unlink(missing_ok=True)

    @precondition(lambda self: OutboxState.HELD in self.stands)
    @rule()
    def takes_broken_photos_again(self) -> None:
        machine = self.device.machine
        for (dossier, revision), item in self.device.items().items():
            if item.state is not OutboxState.HELD or dossier_row(machine, dossier).held_code != FILE_DAMAGED:
                continue
            self.clock.move(seconds=1)
            unlock_dossier(machine, dossier, "refused")
            self.given_up[dossier, revision] = self.sealed.pop((dossier, revision))
            for number in range(3):
                try:
                    self._sealed(dossier)
                    break
                except PhotosLost:
                    attach_photo(machine, dossier, _EVIDENCE, factories.png(extra=f"{dossier}{number}".encode()))
            assert (dossier, revision) not in self.sealed

    @rule(place=st.integers(0, 9), outcome=st.sampled_from([Outcome.MET, Outcome.AWAY, Outcome.LATER]))
    def tells_of_a_home(self, place: int, outcome: Outcome) -> None:
        seen = visit_list(self.device.machine)
        if seen is not None and seen.homes:
            self.clock.move(seconds=1)
            home = seen.homes[place % len(seen.homes)].home.id
            record_visit(self.device.machine, seen.about.id, home, outcome)
            self.told = set(self.device.records())

    @rule()
    def belongs_to_another_province_for_a_while(self) -> None:
        """Nothing of ours may go there, and what waits goes on only when somebody says so."""
        home = self.device.machine.profile.province
        assert home is not None
        there = dataclasses.replace(home, url="http://127.0.0.1:8", server_id="elsewhere", receipt_keys=())
        self.device.machine.remember_province(there)
        self.device.fate.left[:] = ["lost"] * 40
        self.device.do(self.device.round)
        self.device.fate.left.clear()
        self.device.machine.remember_province(home)

    @rule(minutes=st.sampled_from([1, 7, 60, 800]))
    def time_passes(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)

    # --- the line ------------------------------------------------------------------------------------------

    @rule(fates=st.lists(st.sampled_from(["passes", "passes", *FATES]), max_size=8))
    def syncs(self, fates: list[str]) -> None:
        self.device.fate.left[:] = fates
        self.device.do(self.device.round)

    @rule()
    def syncs_undisturbed(self) -> None:
        self.device.fate.left.clear()
        self.device.do(self.device.round)

    @rule(commits=st.integers(1, 12))
    def loses_power_while_syncing(self, commits: int) -> None:
        self.device.fate.left.clear()
        self.device.dies_at = commits
        if self.device.do(self.device.round):
            self.device.lose_power()

    # --- the carrier ---------------------------------------------------------------------------------------

    @precondition(lambda self: OutboxState.QUEUED in self.stands)
    @rule(commits=st.none() | st.integers(1, 5))
    def goes_to_the_ward(self, commits: int | None) -> None:
        self._to_ward(commits)

    @rule(photos=st.lists(st.integers(200, 20_000), max_size=1), number=st.integers(0, 10**9), fates=_FEW_FATES)
    def works_where_only_the_ward_is_near(self, photos: list[int], number: int, fates: list[str]) -> None:
        """Seals, hands over, and comes by again: the line would have brought it before these met by chance."""
        self.seals(photos, number)
        self._to_ward(None)
        self._relay(fates)
        self._to_ward(None)

    def _to_ward(self, commits: int | None) -> None:
        self.device.dies_at = commits

        def work() -> None:
            with contextlib.suppress(NothingToCarry, WardSilent):
                proved = Ward(Courier(CourierKeeper(self.device.machine)), look_around=list).to_ward().proved
                _STEPS["receipts that came back over the ward's machine"] += proved

        self.device.do(work)
        self.device.dies_at = None

    @precondition(lambda self: bool(Stick(self.ward.carried).parts()))
    @rule(fates=_FEW_FATES)
    def the_ward_relays(self, fates: list[str]) -> None:
        self._relay(fates)

    @precondition(lambda self: any(Stick(self.ward.carried).back.glob("*.age")))
    @rule(commits=st.none() | st.integers(1, 5))
    def comes_by_the_ward_again(self, commits: int | None) -> None:
        self._to_ward(commits)

    def _relay(self, fates: list[str]) -> None:
        self.carrier.fate.left[:] = [one for one in fates if one != "unplugged"]
        _STEPS["relays of the ward's machine"] += 1
        with contextlib.suppress(NoBundles, ProvinceSilent):
            _STEPS["relays that reached the province"] += self.ward.relay().proved > 0

    @rule(commits=st.none() | st.integers(1, 4))
    def carries_out(self, commits: int | None) -> None:
        folder = Path(tempfile.mkdtemp(prefix="stick-", dir=self.root))
        self.device.dies_at = commits

        def work() -> None:
            try:
                Courier(CourierKeeper(self.device.machine)).carry_out(folder)
            except NothingToCarry:
                folder.rmdir() if not any(folder.iterdir()) else None

        self.device.do(work)
        self.device.dies_at = None
        if (folder / FOLDER).exists():
            self.sticks.append(folder)

    @precondition(lambda self: self.sticks)
    @rule(data=st.data(), how=st.sampled_from(["lost", "copied", "halved", "spoilt"]))
    def something_happens_to_a_stick(self, data: st.DataObject, how: str) -> None:
        folder = data.draw(st.sampled_from(self.sticks))
        if how == "lost":
            self.sticks.remove(folder)
        elif how == "copied":
            self.sticks.append(Path(shutil.copytree(folder, tempfile.mktemp(prefix="stick-", dir=self.root))))
        else:
            for part in [*Stick(folder).out.glob("*"), *Stick(folder).back.glob("*")][:1]:
                content = bytearray(part.read_bytes())
                if how == "halved":
                    del content[len(content) // 2 :]
                else:
                    content[len(content) // 2] ^= 1
                part.write_bytes(bytes(content))

    @precondition(lambda self: self.sticks)
    @rule(data=st.data(), fates=_FEW_FATES)
    def is_handed_over(self, data: st.DataObject, fates: list[str]) -> None:
        folder = data.draw(st.sampled_from(self.sticks))
        self._hand_over(folder, [one for one in fates if one != "unplugged"])

    def _hand_over(self, folder: Path, fates: list[str]) -> None:
        self.carrier.fate.left[:] = fates
        if Stick(folder).out.is_dir() and Stick(folder).parts():
            with contextlib.suppress(ProvinceSilent):
                Courier(CourierKeeper(self.carrier.machine)).hand_over(
                    folder,
                    through=self.carrier.through,
                )

    @precondition(lambda self: self.sticks)
    @rule(data=st.data(), commits=st.none() | st.integers(1, 3))
    def brings_back(self, data: st.DataObject, commits: int | None) -> None:
        folder = data.draw(st.sampled_from(self.sticks))
        self.device.dies_at = commits
        self.device.do(lambda: Courier(CourierKeeper(self.device.machine)).bring_back(folder))
        self.device.dies_at = None

    # --- the province --------------------------------------------------------------------------------------

    @rule(data=st.data(), kind=st.sampled_from(["accept", "supplement"]))
    def an_officer_acts(self, data: st.DataObject, kind: str) -> None:
        states, _ = deeds.DEEDS[kind]
        there = [one for one in self._dossiers() if one.state in states]
        if there:
            row = data.draw(st.sampled_from(there))
            self.clock.move(seconds=1)
            asked = {"note": "Ghi rõ thôn.", "fields": (_RESIDENCE,)} if kind == "supplement" else {}
            deeds.do(self.province.site, _OFFICER, row.id, row.version, Deed(kind, **asked))  # type: ignore[arg-type]

    @precondition(lambda self: self.rotations < 3)
    @rule()
    def the_province_signs_with_another_key(self) -> None:
        self.rotations += 1
        receipt_keys.rotate(self.province.site)
        self.province.restart()

    @rule()
    def the_province_is_backed_up(self) -> None:
        self.province.stop()
        self.backup = Path(tempfile.mkdtemp(prefix="backup-", dir=self.root))
        shutil.copytree(self.province.folder, self.backup, dirs_exist_ok=True)
        self.province.start()

    @precondition(lambda self: self.backup is not None)
    @rule()
    def the_province_goes_back_to_its_backup(self) -> None:
        assert self.backup is not None
        before, told = self._held_by_the_province(), self._told_to_the_province()
        requests = {row.id for row in self._dossiers() if row.request or row.revision > 1}
        self.province.stop()
        shutil.rmtree(self.province.folder)
        shutil.copytree(self.backup, self.province.folder)
        self.province.start()
        self.forgot |= before - self._held_by_the_province()
        self.told_and_forgot |= told - self._told_to_the_province()
        self.asked_in_vain |= {DossierId(one) for one in requests}

    @rule()
    def the_province_restarts(self) -> None:
        self.province.restart()

    # --- what must hold ------------------------------------------------------------------------------------

    def _dossiers(self) -> list[Any]:
        with self.province.site.engine.connect() as db:
            return list(db.execute(select(ledger.dossiers).order_by(ledger.dossiers.c.id)))

    def _held_by_the_province(self) -> set[tuple[DossierId, int]]:
        """Return what is whole at the province: the very bytes of the revision, and of each of its files."""
        whole = set()
        with self.province.site.engine.connect() as db:
            rows = db.execute(select(ledger.revisions).where(ledger.revisions.c.receipt.is_not(None))).all()
        for row in rows:
            wanted = self.sealed.get((row.dossier, row.revision)) or self.given_up.get((row.dossier, row.revision))
            assert wanted is not None, "nobody sealed that"
            assert hashlib.sha256(row.body).hexdigest() == wanted.envelope
            assert all(self.province.site.blobs.has(sha256) for sha256 in wanted.files)
            whole.add((DossierId(row.dossier), row.revision))
        return whole

    def _told_to_the_province(self) -> set[tuple[str, int]]:
        """Return what the province was told of homes, each the very bytes that were told here."""
        known, one = self.device.records(), ledger.records.c
        with self.province.site.engine.connect() as db:
            rows = db.execute(select(one.id, one.revision, one.sha256)).all()
        assert all(known[row.id, row.revision][2] == row.sha256 for row in rows)
        return {(row.id, row.revision) for row in rows}

    @invariant()
    def no_word_of_a_home_is_lost_or_over_claimed(self) -> None:
        known = self.device.records()
        assert set(known) == self.told
        claimed = {name for name, (_, state, _) in known.items() if state is OutboxState.PROVED}
        assert claimed <= self._told_to_the_province() | self.told_and_forgot

    @invariant()
    def no_dossier_is_lost(self) -> None:
        _STEPS["steps"] += 1
        items = self.device.items()
        self.stands = {item.state for item in items.values()}
        self._learn_what_arrived_after_all(items)
        assert set(items) == set(self.sealed)
        for name, item in items.items():
            assert hashlib.sha256(item.envelope).hexdigest() == self.sealed[name].envelope
            assert {str(file.sha256) for file in item.files} == set(self.sealed[name].files)

    def _learn_what_arrived_after_all(self, items: dict[tuple[DossierId, int], OutboxItem]) -> None:
        for dossier, revision in set(items) & set(self.given_up):
            assert items[dossier, revision].state is OutboxState.PROVED
            self.sealed[dossier, revision] = self.given_up.pop((dossier, revision))
            for later in [one for one in self.sealed if one[0] == dossier and one[1] > revision and one not in items]:
                self.given_up[later] = self.sealed.pop(later)
            _STEPS["given up, and arrived after all"] += 1

    @invariant()
    def none_is_over_claimed(self) -> None:
        claimed = {name for name, item in self.device.items().items() if item.state is OutboxState.PROVED}
        assert claimed <= self._held_by_the_province() | self.forgot

    @invariant()
    def none_is_doubled(self) -> None:
        with self.province.site.engine.connect() as db:
            for table, columns in (("dossiers", ("office_number",)), ("revisions", ("dossier", "revision"))):
                one = ledger.metadata.tables[table].c
                by = [one[name] for name in columns]
                twice = db.execute(select(*by).where(by[0].is_not(None)).group_by(*by).having(func.count() > 1)).all()
                assert not twice
            bodies = [json.loads(text) for text in db.execute(select(ledger.changes.c.body)).scalars()]
        received = Counter((one["dossier"], one["rev"]) for one in bodies if one.get("receipt"))
        assert max(received.values(), default=1) == 1

    @invariant()
    def nothing_is_a_bug(self) -> None:
        assert not self.is_loud

    def teardown(self) -> None:
        """The network comes back for good: everything arrives, everything is known, and each side agrees."""
        if not hasattr(self, "device"):
            return
        try:
            self._all_ends_well()
        finally:
            self.serving.shutdown()
            self.serving.server_close()
            for one in (self.device, self.carrier):
                one.close()
            self.province.stop()
            shutil.rmtree(self.root, ignore_errors=True)

    def _all_ends_well(self) -> None:
        self.device.fate.left.clear()
        for _ in range(12):
            self.clock.move(hours=13)
            self.takes_broken_photos_again()
            self.presses_send_again()
            assert self.device.do(self.device.round)
        items = self.device.items()
        self._learn_what_arrived_after_all(items)
        stuck = {name for name, item in items.items() if item.state is not OutboxState.PROVED}
        assert {dossier for dossier, _ in stuck} <= self.asked_in_vain
        assert all(state is OutboxState.PROVED for _, state, _ in self.device.records().values())
        assert self.told <= self._told_to_the_province()
        assert set(items) - stuck <= self._held_by_the_province()
        assert not self.is_loud
        for (dossier, revision), wanted in self.sealed.items():
            if (dossier, revision) not in stuck:
                body = desk.envelope_bytes(self.province.site, dossier, revision=revision)
                assert body is not None
                assert hashlib.sha256(body).hexdigest() == wanted.envelope
                for sha256, content in wanted.files.items():
                    assert self.province.site.blobs.read(sha256) == content
        with self.device.machine.store.read() as db:
            for row in self._dossiers():
                truth = server_truth.of_dossier(db, row.id)
                assert truth is not None
                assert truth["state"] == row.state


def _bytes(number: int, size: int) -> bytes:
    block = hashlib.sha256(str(number).encode()).digest()
    return (block * (size // len(block) + 1))[:size]


class _Bugs(logging.Handler):
    """Hears what the engine calls a bug."""

    told: list[str]

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR and not isinstance(record.exc_info and record.exc_info[1], Died):
            self.told.append(f"{record.getMessage()} {record.exc_info}")


_BUGS = _Bugs()
_BUGS.told = []


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Streams may die with their machine; nothing else may."""
    before = threading.excepthook
    monkeypatch.setattr(threading, "excepthook", lambda said: None if issubclass(said.exc_type, Died) else before(said))
    logger = logging.getLogger("sync")
    logger.addHandler(_BUGS)
    _STEPS.clear()
    yield
    logger.removeHandler(_BUGS)


_OPTIONS = settings(
    deadline=None,
    database=None,
    stateful_step_count=50,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
    print_blob=True,
)


@pytest.mark.net
@pytest.mark.usefixtures("listening")
def test_whatever_happens_in_five_hundred_steps_nothing_is_lost_doubled_or_over_claimed() -> None:
    for number in range(20):
        if _STEPS["steps"] >= 500:
            break
        # The first example of each is the simplest, one rule again and again: of two, nothing was drawn.
        fresh = seed(20261125 + number)(type("Chain", (Chain,), {}))
        run_machine(fresh, settings=settings(_OPTIONS, max_examples=12))
    assert _STEPS["steps"] >= 500
    assert _STEPS["relays of the ward's machine"] > 0
    print(dict(_STEPS))  # shown by `pytest -s`


@pytest.mark.long
@pytest.mark.timeout(14_400)  # ten minutes of two idle cores, hours of busy ones
@pytest.mark.usefixtures("listening")
def test_whatever_happens_in_ten_thousand_steps_nothing_is_lost_doubled_or_over_claimed() -> None:
    while _STEPS["steps"] < 10_000:
        run_machine(type("Chain", (Chain,), {}), settings=settings(_OPTIONS, max_examples=20))
