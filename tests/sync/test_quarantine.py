"""A hundred dossiers, seven of them poisoned: the others pass, in order, and nothing is lost."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bnhelper.actions.lock_dossier import send_again
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.sending import LinkState
from bnhelper.queries.sync_centre import sync_centre
from bnhelper.store import outbox
from bnhelper.store import tables as t
from sync.engine import verdicts
from sync.intake import packs
from sync.keeper import Keeper
from sync.runner import Pace, Runner
from sync.wire.problems import ProblemCode
from tests import factories
from tests.sync.conftest import RunningIntake
from tests.sync.intake.test_packs import pack_of
from tests.sync.test_runner import enrolled, locked, running, wait_for
from ui.words.held_words import HELD, held_words

_COUNT = 100
_BAD_SIGNATURE = (4, 40, 77)
_NOT_THE_CONTRACT = (13, 58)
_DAMAGED_PHOTO = (21, 90)


@pytest.fixture
def machine(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path / "device", intake.clock)
    yield opened
    opened.close()


def _poison(machine: OpenMachine) -> None:
    with machine.store.write() as db:
        for number in _BAD_SIGNATURE:
            db.execute(update(t.outbox).where(t.outbox.c.id == number).values(signature="e30..AAAA"))
        for number in _NOT_THE_CONTRACT:
            body = b'{"schema":1,"dossier":"nothing of the contract"}'
            values = {
                "envelope": body,
                "signature": machine.signing.sign_detached(body),
                "envelope_sha256": hashlib.sha256(body).hexdigest(),
            }
            db.execute(update(t.outbox).where(t.outbox.c.id == number).values(**values))
        for number in _DAMAGED_PHOTO:
            name = db.execute(
                select(t.photos.c.file)
                .join(t.outbox_files, t.outbox_files.c.photo == t.photos.c.id)
                .where(t.outbox_files.c.outbox == number)
            ).scalar_one()
            path = machine.places.photos / name
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 1
            path.write_bytes(bytes(content))


@pytest.mark.net
@pytest.mark.timeout(300)
def test_seven_poisoned_dossiers_wait_for_a_person_and_ninety_three_arrive_in_order(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    enrolled(machine, intake)
    for number in range(1, _COUNT + 1):
        has_photo = number in _DAMAGED_PHOTO or number % 25 == 0
        locked(machine, *([factories.png(extra=bytes([number]) * 2000)] if has_photo else []))
    _poison(machine)
    poisoned = {*_BAD_SIGNATURE, *_NOT_THE_CONTRACT, *_DAMAGED_PHOTO}
    runner = Runner(Keeper(machine), Pace(idle_s=600))
    runner.start()
    wait_for(lambda: not _waiting(machine, intake), 200)
    runner.stop()
    with machine.store.read() as db:
        items = {number: outbox.get(db, number) for number in range(1, _COUNT + 1)}
        rows = {row["id"]: row for row in outbox.every(db)}
    assert {number for number, item in items.items() if item.state is OutboxState.HELD} == poisoned
    assert {number for number, item in items.items() if item.state is OutboxState.PROVED} == set(items) - poisoned
    texts = [number for number in sorted(set(items) - poisoned) if not items[number].files]
    numbers = [rows[number]["office_number"] for number in texts]
    assert numbers == sorted(numbers), "in the order they were sealed"
    view = sync_centre(machine, LinkState())
    assert len(view.held) == len(poisoned)
    assert len(view.done_today) == _COUNT - len(poisoned)
    assert {row.held_code for row in view.held} == {"bad-signature", "invalid", "file-damaged"}
    for row in view.held:
        for language in ("vi", "en"):
            assert all(len(words) > 20 for words in held_words(row.held_code, language))
    # nothing is deleted, and a person can have them tried again
    again = items[_BAD_SIGNATURE[0]]
    send_again(machine, again.dossier)
    with machine.store.read() as db:
        assert outbox.get(db, again.id).state is OutboxState.QUEUED
        assert outbox.get(db, again.id).envelope == again.envelope


def _waiting(machine: OpenMachine, intake: RunningIntake) -> int:
    with machine.store.read() as db:
        return outbox.counts(db, intake.clock.now()).waiting


@pytest.mark.slow
@pytest.mark.parametrize("is_old_client", [False, True])
def test_the_machine_keeps_the_dossier_says_why_and_sends_it_again(
    machine: OpenMachine, intake: RunningIntake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_old_client: bool
) -> None:
    """One that is older than this refusal does the same, in the words for a refusal it does not know."""
    if is_old_client:
        monkeypatch.setattr(verdicts, "_CODES", verdicts._CODES - {ProblemCode.PACK_UNKNOWN.value})
        monkeypatch.delitem(HELD, "pack-unknown")
    enrolled(machine, intake)
    locked(machine)
    with machine.store.write() as db:
        (item,) = outbox.waiting(db, intake.clock.now())
        said = json.loads(item.envelope)
        said["pack"] |= {"version": "2099.1"}
        body = json.dumps(said).encode()
        values = {
            "envelope": body,
            "signature": machine.signing.sign_detached(body),
            "envelope_sha256": hashlib.sha256(body).hexdigest(),
        }
        db.execute(update(t.outbox).where(t.outbox.c.id == item.id).values(**values))
    locked(machine)

    def states() -> list[OutboxState]:
        with machine.store.read() as db:
            return [OutboxState(row["state"]) for row in reversed(outbox.every(db))]

    runner = running(machine)
    try:
        wait_for(lambda: states() == [OutboxState.HELD, OutboxState.PROVED])
        with machine.store.read() as db:
            row = next(row for row in outbox.every(db) if row["state"] == OutboxState.HELD.value)
        assert row["held_code"] == ("status-422" if is_old_client else "pack-unknown")
        assert "Gửi lại" in held_words(row["held_code"], "vi")[1]
        packs.take_in(intake.site, pack_of(tmp_path / "new.bnpack", "2099.1"))
        send_again(machine, item.dossier)
        runner.wake()
        wait_for(lambda: states() == [OutboxState.PROVED] * 2)
    finally:
        runner.stop()
