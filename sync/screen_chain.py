"""A dossier's text from screen to camera: what is shown, and what the machine that read it does with it.

What is shown is a sealed bundle without photos, so a bystander's camera reads nothing, and neither does the machine
that takes it: it keeps the bundle to hand it over, as a carrier does. Receipts come back by the same road.
"""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bnhelper.ids import DossierId, uuid7
from sync.courier_keeper import Applied, CourierKeeper, NothingToCarry
from sync.engine.pack_parts import text_of
from sync.transport.courier import Stick
from sync.wire.bundle import seal_bundle
from sync.wire.courier import CourierManifest, part_name

_AGE: Final = b"age-encryption.org/v1\n"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read: `applied` receipts of this machine, or a bundle `kept` to be handed over for another one."""

    applied: Applied | None = None
    is_kept: bool = False


def carried_folder(keeper: CourierKeeper) -> Path:
    """Return where bundles of others lie until they are handed over, and the replies to them after that."""
    return keeper.machine.places.root / "carried"


def shown_text(keeper: CourierKeeper, dossier: DossierId) -> bytes:
    """Return a dossier's text sealed, to be shown. It goes on waiting; from now on it cannot be opened for changes.

    Raises NoCourierKeys, NothingToCarry.
    """
    recipients = keeper.recipients()
    items = keeper.to_carry(dossier)
    province = keeper.province
    if not items or province is None:
        raise NothingToCarry
    keeper.leave(items)
    now = keeper.machine.clock.now()
    manifest = CourierManifest(
        province=province.server_id,
        device=keeper.machine.profile.device,
        reply_to=keeper.reply_to(),
        exported_at=now,
        series=uuid7(now),
        part=1,
        parts=1,
        revisions=tuple(text_of(item) for item in items),
    )
    bodies = {(item.dossier, item.revision): item.envelope for item in items}
    target = io.BytesIO()
    seal_bundle(
        target,
        manifest,
        sign=keeper.sign,
        envelope=lambda one: bodies[DossierId(one.dossier), one.rev],
        blocks=lambda _one, _file: (),
        recipients=recipients,
    )
    return target.getvalue()


def take(keeper: CourierKeeper, whole: bytes) -> Taken:
    """Do with what was read what is to be done: apply receipts that are ours, keep bundles of others.

    Raises StickGone, StickFull when it cannot be kept.
    """
    applied = keeper.apply(whole)
    if applied is not None:
        return Taken(applied=applied)
    if not whole.startswith(_AGE):
        return Taken()
    stick = Stick(carried_folder(keeper))
    stick.make(len(whole))
    stick.keep_part(part_name(hashlib.sha256(whole).hexdigest(), 1, 1), whole)
    return Taken(is_kept=True)


def replies(keeper: CourierKeeper) -> list[bytes]:
    """Return the replies that came for others and can be shown to their machines."""
    return [sealed for _name, sealed in Stick(carried_folder(keeper)).replies()]
