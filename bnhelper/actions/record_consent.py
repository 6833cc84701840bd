"""Keeps what the resident agreed to, one purpose at a time (Law 91/2025/QH15, article 9)."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, insert, update

from bnhelper.clock import to_text
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId
from bnhelper.store import dossiers
from bnhelper.store import tables as t
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.canonical import sha256_of


class RepresentativeMissing(KnownTrouble):
    """For a minor a legal representative agrees, by name and relation (Law 91/2025/QH15)."""

    code = "representative-missing"


def record_consent(
    machine: OpenMachine,
    dossier: DossierId,
    *,
    purpose: str,
    text_version: str,
    text: str,
    given_by: str,
    representative: str | None = None,
    relation: str | None = None,
    is_for_minor: bool = False,
    categories: Sequence[str] = (),
    is_sensitive: bool = False,
    method: str = "tapped",
    expires_at: dt.datetime | None = None,
) -> None:
    """Keep a consent: who, when, how, to which text (version and hash), taken by whom on which machine.

    `method` is tapped, read_aloud or signed; `relation` is the representative's to a minor or a ward. An earlier
    consent for the purpose is replaced. Raises NoSuchDossier, RepresentativeMissing for a minor without one.
    """
    if is_for_minor and not (representative and relation):
        raise RepresentativeMissing
    now, digest = machine.clock.now(), sha256_of(text.encode("utf-8"))
    with machine.store.write() as db:
        row = dossiers.get(db, dossier)
        _withdraw(db, dossier, purpose, to_text(now), channel=None)
        db.execute(
            insert(t.consents).values(
                dossier=dossier,
                purpose=purpose,
                text_version=text_version,
                text_sha256=digest,
                given_at=to_text(now),
                given_by=given_by,
                representative=representative or None,
                method=method,
                relation=relation or None,
                is_for_minor=is_for_minor,
                categories=",".join(categories),
                is_sensitive=is_sensitive,
                collector=machine.person.id,
                device=machine.profile.device,
                expires_at=to_text(expires_at) if expires_at else None,
            )
        )
        machine.note(db, Deed.CONSENT_GIVEN, dossier, purpose=purpose, text_version=text_version, text_sha256=digest)
        dossiers.change(db, dossier, changed_at=to_text(now))
        dossiers.note_event(db, dossier, at=to_text(now), kind="consented", revision=row.revision)


def withdraw_consent(machine: OpenMachine, dossier: DossierId, purpose: str, channel: str = "in_person") -> None:
    """Note that the resident took the consent back, and by which channel. Raises NoSuchDossier."""
    with machine.store.write() as db:
        withdraw_in(machine, db, dossier, purpose, channel)


def withdraw_in(machine: OpenMachine, db: Connection, dossier: DossierId, purpose: str, channel: str) -> None:
    """Do what `withdraw_consent` does as a part of a larger deed, in its transaction."""
    now = to_text(machine.clock.now())
    revision = dossiers.get(db, dossier).revision
    _withdraw(db, dossier, purpose, now, channel)
    dossiers.note_event(db, dossier, at=now, kind="consent_withdrawn", revision=revision)
    machine.note(db, Deed.CONSENT_WITHDRAWN, dossier, purpose=purpose, channel=channel)


def _withdraw(db: Connection, dossier: DossierId, purpose: str, at: str, channel: str | None) -> None:
    """End what was agreed for a purpose; without a channel it is only replaced by a newer one."""
    db.execute(
        update(t.consents)
        .where(t.consents.c.dossier == dossier, t.consents.c.purpose == purpose, t.consents.c.withdrawn_at.is_(None))
        .values(withdrawn_at=at, withdrawn_channel=channel)
    )
