"""A new receipt key while workers are replaced one after the other: nobody meets a receipt it cannot check."""

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import requests

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.custody import OutboxState
from bnhelper.ids import uuid7
from bnhelper.store import outbox
from bnhelper.vault.signatures import SignatureDoesNotHold, SigningKey, verified_payload
from sync.courier_keeper import CourierKeeper
from sync.delivery import Delivery, OpenFiles
from sync.engine.ending import Ending
from sync.engine.line import Line
from sync.engine.verdicts import Stop
from sync.intake import bundles, courier_keys, identity, receipt_keys
from sync.intake.app import make_app
from sync.intake.faults import Faults
from sync.intake.station import Site, invite, open_site
from sync.keeper import Keeper
from sync.transport.authority import Bearer
from sync.transport.courier import Stick
from sync.transport.https import HttpsTransport
from sync.wire.enrolment import EnrolmentRequest
from sync.wire.receipt_keys import KeySuccession, heirs
from tests.fakes.clock import FixedClock
from tests.sync.conftest import RunningIntake, served
from tests.sync.courier_world import courier, locked, machine_at

_NOW = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)


@dataclass
class TwoWorkers:
    """A worker that started before the key was changed, and its neighbour that started after."""

    folder: Path
    clock: FixedClock
    postgres: str
    old: RunningIntake
    ends: ExitStack

    def next_worker(self) -> tuple[Site, str]:
        site, _ = open_site(self.folder, self.clock, postgres=self.postgres)
        self.ends.callback(site.close)
        return site, self.ends.enter_context(served(make_app(site)))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def workers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TwoWorkers]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres").fresh_database()
    clock, folder = FixedClock(), tmp_path / "site"
    with ExitStack() as ends:
        site, officer = open_site(folder, clock, postgres=url)
        assert officer is not None
        ends.callback(site.close)
        address = ends.enter_context(served(make_app(site)))
        yield TwoWorkers(folder, clock, url, RunningIntake(address, site, officer, Faults(), clock), ends)


def _sent(machine: OpenMachine, url: str) -> str:
    """Send a new dossier to one worker; return the receipt that the machine keeps as proof. Raises Stop."""
    dossier, keeper = locked(machine), Keeper(machine)
    assert keeper.province is not None
    transport = HttpsTransport(url, device=keeper.device, authority=Bearer(keeper.province.token))
    sending = Delivery(keeper, transport, Line(), OpenFiles(), Ending(), progress=lambda *_: None, goes_on=lambda: True)
    with machine.store.read() as db:
        item = next(one for one in outbox.to_carry(db, dossier))
    try:
        keeper.begin(item)
        verdict = sending.put(item)
        sending.prove(item, verdict)
    finally:
        transport.close()
    assert keeper.item(item.id).state is OutboxState.PROVED
    return str(verdict.receipt)


def _published(url: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = requests.get(f"{url}/.well-known/jwks.json", timeout=60).json()
    return found


def test_devices_believe_both_workers_while_one_signs_with_the_old_key_and_one_with_the_new(
    workers: TwoWorkers, tmp_path: Path
) -> None:
    machine = machine_at(tmp_path / "device", workers.old)
    before = _sent(machine, workers.old.url)
    name = receipt_keys.rotate(workers.old.site)
    published = _published(workers.old.url)
    assert [one["kid"] for one in published["keys"]] == [name, workers.old.site.signing.kid], "before anybody signs"
    new, url = workers.next_worker()
    assert new.signing.kid == name
    assert _published(url) == published
    assert machine.profile.province is not None
    assert len(machine.profile.province.receipt_keys) == 1
    by_the_old, by_the_new = _sent(machine, workers.old.url), _sent(machine, url)
    for receipt, key in (
        (before, workers.old.site.signing),
        (by_the_old, workers.old.site.signing),
        (by_the_new, new.signing),
    ):
        assert verified_payload(receipt, [key.public()]) == verified_payload(receipt, published["keys"])
    assert [one["kid"] for one in machine.profile.province.receipt_keys] == [name, workers.old.site.signing.kid]
    late = machine_at(tmp_path / "late", replace(workers.old, site=new))  # invited by one worker, enrolled at the other
    _sent(late, workers.old.url)
    late.close()
    machine.close()


@pytest.mark.parametrize("workers", ["sqlite"], indirect=True)
def test_a_key_that_no_known_one_vouches_for_proves_nothing(workers: TwoWorkers, tmp_path: Path) -> None:
    machine = machine_at(tmp_path / "device", workers.old)
    forger = SigningKey.generate()
    object.__setattr__(workers.old.site, "signing", forger)
    with pytest.raises(Stop, match="receipt-does-not-hold"):
        _sent(machine, workers.old.url)
    own = KeySuccession(iss=workers.old.site.server_id, key=forger.public(), made_at=_NOW)
    assert not Keeper(machine).learn_keys([forger.sign(own.write())])
    machine.close()


@pytest.mark.parametrize("workers", ["sqlite"], indirect=True)
def test_a_machine_that_never_meets_a_line_learns_the_new_key_from_the_stick(
    workers: TwoWorkers, tmp_path: Path
) -> None:
    machine, carrier = machine_at(tmp_path / "device", workers.old), machine_at(tmp_path / "carrier", workers.old)
    locked(machine)
    courier(machine).carry_out(tmp_path / "stick")
    receipt_keys.rotate(workers.old.site)
    new, url = workers.next_worker()
    assert carrier.profile.province is not None
    carrier.remember_province(replace(carrier.profile.province, url=url))
    courier(carrier).hand_over(tmp_path / "stick")
    (found,) = bundles.recent(new)
    assert found.proved == 1
    assert courier(machine).bring_back(tmp_path / "stick").proved == 1
    # The word on whom to seal to is signed with the new key as well.
    assert CourierKeeper(machine)._keys(courier_keys.signed(new)) is not None
    courier(carrier).learn_keys()
    machine.close()
    carrier.close()
    assert Stick(tmp_path / "stick").back.exists()


def _verified(token: str, keys: object) -> bytes:
    try:
        return verified_payload(token, keys)  # type: ignore[arg-type]
    except SignatureDoesNotHold as wrong:
        raise ValueError from wrong


def test_a_chain_of_keys_is_followed_from_wherever_a_device_stands() -> None:
    chain = [SigningKey.generate() for _ in range(4)]
    said = [
        before.sign(KeySuccession(iss="intake", key=after.public(), made_at=_NOW).write())
        for before, after in itertools.pairwise(chain)
    ]
    newest_first = said[::-1]
    for place in range(4):
        found = heirs([chain[place].public()], newest_first, _verified, iss="intake")
        assert [one["kid"] for one in found] == [key.kid for key in chain[:place:-1]]
    assert heirs([chain[0].public()], [said[2], said[0]], _verified, iss="intake") == (chain[1].public(),), "a gap"
    assert heirs([chain[0].public()], newest_first, _verified, iss="another") == ()
    private = chain[0].sign(KeySuccession(iss="intake", key=chain[1].secret(), made_at=_NOW).write())
    assert heirs([chain[0].public()], [private, "rubbish"], _verified, iss="intake") == ()


def test_a_site_that_changed_its_key_very_often_still_enrols(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipt_keys, "MOST_SUCCESSIONS", 2)
    monkeypatch.setattr(identity, "MOST_KEYS", 2)
    site, _ = open_site(tmp_path / "site", FixedClock())
    names = [receipt_keys.rotate(site) for _ in range(3)]
    published = receipt_keys.published(site)
    assert [one["kid"] for one in published.keys] == [*names[::-1], site.signing.kid]
    assert len(published.successions) == 2
    asked = EnrolmentRequest(
        code=invite(site, "http://x").code, device=uuid7(_NOW), public_key=SigningKey.generate().public(), name="Máy"
    )
    assert [one["kid"] for one in identity.enrol(site, asked).receipt_keys] == names[:0:-1]
    site.close()
