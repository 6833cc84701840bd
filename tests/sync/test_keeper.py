"""What the keeper says this device believes, and what it does when the province does not have it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.custody import OutboxState
from bnhelper.ids import PaperId, Sha256
from bnhelper.queries.dossier_list import dossier as dossier_row
from bnhelper.store import audit, outbox
from bnhelper.vault.audit_chain import Deed, export_lines, verify
from bnhelper.vault.canonical import sha256_of
from sync.courier_keeper import CourierKeeper
from sync.keeper import Keeper
from sync.wire.changes import HeldByDevice
from sync.wire.receipts import Receipt
from tests import factories, states


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path)
    yield opened
    opened.close()


def test_every_proved_revision_is_compared_however_many_there_are(machine: OpenMachine) -> None:
    proved = [states.proved(machine) for _ in range(5)]
    states.sealed(machine)
    states.held(machine)
    pages = list(Keeper(machine).believed(2))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [one.dossier for page in pages for one in page] == proved


def test_only_a_proved_revision_is_queued_again(machine: OpenMachine) -> None:
    lost, waiting = states.proved(machine), states.sealed(machine)
    photographed = factories.birth_dossier(machine)
    attach_photo(machine, photographed, PaperId("birth_evidence"), factories.png())
    lock_dossier(machine, photographed)
    with machine.store.read() as db:
        (file,) = outbox.get(db, states.outbox_id(machine, photographed)).files
    states.acked(machine, photographed, file.sha256, file.size)
    states.move(machine, photographed, OutboxState.SENDING, OutboxState.PROVED)
    gone = HeldByDevice(dossier=photographed, rev=1, envelope=Sha256("e" * 64))
    assert Keeper(machine).lacking([gone]) == 1
    with machine.store.read() as db:
        (file,) = outbox.get(db, states.outbox_id(machine, photographed)).files
    assert file.bytes_acked == 0, "nothing of it counts as confirmed any more"
    said = [HeldByDevice(dossier=one, rev=1, envelope=Sha256("e" * 64)) for one in (lost, waiting)]
    stranger = said[0].model_copy(update={"rev": 7})
    keeper = Keeper(machine)
    assert keeper.lacking([*said, stranger]) == 1
    assert keeper.lacking(said) == 0
    assert list(keeper.believed(10)) == []
    with machine.store.read() as db:
        again = outbox.of_revision(db, lost, 1)
    assert again is not None
    assert again.state is OutboxState.QUEUED


@pytest.mark.parametrize("held", [True, False])
def test_a_receipt_counts_whatever_the_other_road_said_meanwhile(machine: OpenMachine, held: bool) -> None:
    """The stick's answer held it, or an ended run put it back, while the line brought the proof."""
    dossier, keeper = states.held(machine) if held else states.sealed(machine), Keeper(machine)
    with machine.store.read() as db:
        item = outbox.get(db, states.outbox_id(machine, dossier))
    receipt = Receipt(
        iss="province", dossier=dossier, revision=1, envelope=item.envelope_sha256,
        received_at=machine.clock.now(), office_number="H05.27-9",
    )  # fmt: skip
    keeper.proved(item, "a.b.c", receipt)
    row = dossier_row(machine, dossier)
    assert (row.outbox_state, row.held_code) == (OutboxState.PROVED, None)


def _links(machine: OpenMachine, dossier: str) -> list[tuple[str, dict[str, object]]]:
    """Return the deeds about a dossier since it was sealed, from a chain that holds."""
    with machine.store.read() as db:
        links = list(audit.links(db))
    lines = export_lines(links, machine.signing, device=machine.profile.device, at="2026-11-25T00:00:00.000Z")
    assert verify(lines, machine.signing.public()).broken is None
    mine = [(one.body["deed"], one.body.get("facts", {})) for one in links if one.body.get("about") == dossier]
    sealed = [deed for deed, _facts in mine].index(Deed.DOSSIER_SEALED)
    return mine[sealed + 1 :]


def test_what_leaves_is_held_and_proved_stands_in_the_log(machine: OpenMachine) -> None:
    dossier, keeper = states.sealed(machine), Keeper(machine)
    with machine.store.read() as db:
        item = outbox.get(db, states.outbox_id(machine, dossier))
    assert keeper.begin(item)
    keeper.put_off(item, machine.clock.now())
    assert keeper.begin(item), "a second try, which is no second leaving"
    keeper.confirming(item)
    receipt = Receipt(
        iss="province", dossier=dossier, revision=1, envelope=item.envelope_sha256, blobs=(),
        received_at=dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC), office_number="H05.27-9",
    )  # fmt: skip
    keeper.proved(item, "a.b.c", receipt)
    assert _links(machine, dossier) == [
        (Deed.DOSSIER_LEFT, {"channel": "network", "revision": 1}),
        (
            Deed.DOSSIER_PROVED,
            {"revision": 1, "envelope_sha256": item.envelope_sha256, "receipt_sha256": sha256_of(b"a.b.c")},
        ),
    ]


def test_what_is_carried_stands_in_the_log(machine: OpenMachine) -> None:
    dossier, keeper = states.sealed(machine), CourierKeeper(machine)
    items = keeper.to_carry()
    keeper.begin(items, 1_000)
    keeper.exported(items)
    keeper.leave(items)
    elsewhere = states.sealed(machine)
    for _ in range(2):
        keeper.on_ward("Phường A", [one.id for one in items])
    assert Deed.DOSSIER_AT_WARD not in [deed for deed, _facts in _links(machine, elsewhere)]
    Keeper(machine).begin(items[0])
    Keeper(machine).hold(items[0], "invalid", "NGUYỄN THỊ HOÀ")
    assert [deed for deed, _facts in _links(machine, dossier)] == [
        Deed.DOSSIER_LEFT,
        Deed.DOSSIER_CARRIED,
        Deed.DOSSIER_AT_WARD,
        Deed.DOSSIER_HELD,
    ]
    assert _links(machine, dossier)[0][1] == {"channel": "carried", "revision": 1}


def test_pairing_stands_in_the_log(machine: OpenMachine) -> None:
    keeper = CourierKeeper(machine)
    keeper.put("lan_ward", {"name": "Phường A"}, Deed.PAIRED_WITH_WARD, certificate_sha256="c" * 64)
    with machine.store.read() as db:
        newest = audit.newest(db, 1)[0]
    assert (newest.body["deed"], newest.body["facts"]) == (Deed.PAIRED_WITH_WARD, {"certificate_sha256": "c" * 64})
