"""Our own client in the bench: the real runner, transport and encrypted store, with nothing left out.

python -m tests.bench.netlab.ours make FOLDER DOSSIERS PHOTOS BYTES   sealed dossiers, and their files for the peers
python -m tests.bench.netlab.ours enrol FOLDER READY URL              at a running intake, to be reached at URL
python -m tests.bench.netlab.ours send FOLDER LIMIT                   until the province has proved everything
python -m tests.bench.netlab.ours check FOLDER READY                  what is really there, byte for byte
"""

import datetime as dt
import hashlib
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine, Province, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.clock import SystemClock
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.sealed import OutboxItem
from bnhelper.ids import PaperId
from bnhelper.paths import Places
from bnhelper.store import outbox
from bnhelper.store import tables as t
from bnhelper.vault.keys import KeyFile
from sync.keeper import Keeper
from sync.runner import Runner
from sync.transport.enrolment import enrol
from tests import factories
from tests.fakes.clock import FixedClock
from ui.demo.officer import OfficerBrowser

_WAITS = select(exists().where(t.outbox.c.state.in_(("queued", "sending", "confirming"))))


def make(folder: Path, dossiers: int, photos: int, size: int) -> None:
    """Seal so many dossiers with so many photos of `size` bytes; put the same bytes as files beside the machine."""
    die = random.Random(42)
    clock = FixedClock(dt.datetime.now(dt.UTC))
    machine = factories.machine(folder, clock)
    files = folder / "files"
    files.mkdir()
    empty = len(factories.png(extra=b"x")) - 1
    for number in range(dossiers):
        dossier = factories.birth_dossier(machine)
        for place in range(photos):
            photo = factories.png(extra=die.randbytes(size - empty))
            attach_photo(machine, dossier, PaperId("birth_evidence"), photo)
            (files / f"d{number:03}-{place}.png").write_bytes(photo)
        lock_dossier(machine, dossier)
        clock.move(seconds=1)
    for number, item in enumerate(_items(machine)):
        (files / f"d{number:03}.json").write_bytes(item.envelope)
    machine.close()


def enrol_at(folder: Path, ready: Path, url: str) -> None:
    machine = _opened(folder)
    said = json.loads(ready.read_text())
    invitation, answer = enrol(
        said["invitation"], device=machine.profile.device, public_key=machine.signing.public(), name="Bench"
    )
    machine.remember_province(
        Province(
            url,
            answer.server_id,
            answer.token,
            tuple(answer.receipt_keys),
            invitation.certificate_sha256,
            answer.office,
        )
    )
    machine.close()


def send(folder: Path, limit_s: float) -> dict[str, Any]:
    """Send everything; return what is believed to have arrived, as files (texts and photos)."""
    machine = _opened(folder)
    runner = Runner(Keeper(machine))
    began = time.monotonic()
    runner.start()
    while time.monotonic() - began < limit_s:
        with machine.store.read() as db:  # one cheap look: what is measured must not wait for the measuring
            if not db.execute(_WAITS).scalar():
                break
        time.sleep(0.03)
    seconds = time.monotonic() - began
    runner.stop()
    items = _items(machine)
    machine.close()
    proved = [item for item in items if item.state is OutboxState.PROVED]
    sent = sum(file.bytes_sent for item in items for file in item.files)
    return {
        "believed": sum(1 + len(item.files) for item in proved),
        "seconds": seconds,
        "errors": {},
        "sent_twice": sent - sum(file.bytes_acked for item in items for file in item.files),
        "proved": [item.dossier for item in proved],
    }


def check(folder: Path, ready: Path) -> list[str]:
    """Return the SHA-256 of every text and photo that the province gives back, fetched as an officer does."""
    machine = _opened(folder)
    items = _items(machine)
    machine.close()
    said = json.loads(ready.read_text())
    officer = OfficerBrowser(said["url"], said["officer"]["user"], said["officer"]["password"])
    found = []
    for item in items:
        asks: list[Callable[[], bytes]] = [lambda item=item: officer.envelope(item.dossier)]  # type: ignore[misc]
        asks += [lambda item=item, file=file: officer.file(item.dossier, file.sha256) for file in item.files]  # type: ignore[misc]
        for ask in asks:
            try:
                found.append(hashlib.sha256(ask()).hexdigest())
            except Exception as wrong:  # noqa: BLE001 - what cannot be fetched is not there
                print(wrong, file=sys.stderr)
    return found


def _opened(folder: Path) -> OpenMachine:
    return unlock_machine(
        Places(folder / "data"), KeyFile(folder / "key"), library=Library.shipped(), clock=SystemClock()
    )


def _items(machine: OpenMachine) -> list[OutboxItem]:
    with machine.store.read() as db:
        return [outbox.get(db, row["id"]) for row in reversed(outbox.every(db))]


def main() -> None:
    verb, folder, *rest = sys.argv[1:]
    if verb == "make":
        make(Path(folder), int(rest[0]), int(rest[1]), int(rest[2]))
    elif verb == "enrol":
        enrol_at(Path(folder), Path(rest[0]), rest[1])
    elif verb == "send":
        print(json.dumps(send(Path(folder), float(rest[0]))), flush=True)
    elif verb == "check":
        print(json.dumps(check(Path(folder), Path(rest[0]))), flush=True)


if __name__ == "__main__":
    main()
