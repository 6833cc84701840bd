"""Machines, a stick and an intake: what the courier's tests have in common."""

import io
from pathlib import Path

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine, Province
from bnhelper.domain.custody import OutboxState
from bnhelper.ids import DossierId, PaperId
from bnhelper.store import outbox
from sync.courier import Courier
from sync.courier_keeper import CourierKeeper
from sync.intake import courier_keys
from sync.transport.courier import Stick
from sync.transport.enrolment import enrol
from sync.wire.bundle import OpenedBundle, open_sealed
from tests import factories
from tests.sync.conftest import RunningIntake

EVIDENCE = PaperId("birth_evidence")


def machine_at(folder: Path, intake: RunningIntake, *, has_keys: bool = True) -> OpenMachine:
    """A fresh machine, enrolled at the intake."""
    made = factories.machine(folder, intake.clock)
    invitation, answer = enrol(
        intake.invitation(), device=made.profile.device, public_key=made.signing.public(), name="Đạt"
    )
    made.remember_province(
        Province(
            invitation.url,
            answer.server_id,
            answer.token,
            tuple(answer.receipt_keys),
            None,
            answer.office,
            (answer.courier or "") if has_keys else "",
        )
    )
    return made


def locked(machine: OpenMachine, *photos: bytes) -> DossierId:
    dossier = factories.birth_dossier(machine)
    for photo in photos:
        attach_photo(machine, dossier, EVIDENCE, photo)
    lock_dossier(machine, dossier)
    return dossier


def courier(machine: OpenMachine) -> Courier:
    return Courier(CourierKeeper(machine))


def states(machine: OpenMachine) -> list[OutboxState]:
    with machine.store.read() as db:
        return [OutboxState(row["state"]) for row in reversed(outbox.every(db))]


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def out(folder: Path) -> list[Path]:
    return sorted(Stick(folder).out.glob("*.age"))


def opened(intake: RunningIntake, part: Path) -> OpenedBundle:
    """Open a part as the intake would, in memory."""
    target = io.BytesIO()
    with part.open("rb") as source:
        open_sealed(source, target, courier_keys.identities(intake.site))
    return OpenedBundle(target)
