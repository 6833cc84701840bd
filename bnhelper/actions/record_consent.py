"""Keeps what the resident agreed to, one purpose at a time (Law 91/2025/QH15, article 9)."""

from sqlalchemy import Connection, insert, update

from bnhelper.clock import to_text
from bnhelper.ids import DossierId
from bnhelper.store import dossiers
from bnhelper.store import tables as t
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.canonical import sha256_of


def record_consent(
    machine: OpenMachine,
    dossier: DossierId,
    *,
    purpose: str,
    text_version: str,
    text: str,
    given_by: str,
    representative: str | None = None,
) -> None:
    """Keep a consent: who, when, to which text (version and hash). An earlier one for the purpose is replaced.

    Raises NoSuchDossier.
    """
    now = machine.clock.now()
    with machine.store.write() as db:
        row = dossiers.get(db, dossier)
        _withdraw(db, dossier, purpose, to_text(now))
        db.execute(
            insert(t.consents).values(
                dossier=dossier,
                purpose=purpose,
                text_version=text_version,
                text_sha256=sha256_of(text.encode("utf-8")),
                given_at=to_text(now),
                given_by=given_by,
                representative=representative or None,
                method="tapped",
            )
        )
        dossiers.change(db, dossier, changed_at=to_text(now))
        dossiers.note_event(db, dossier, at=to_text(now), kind="consented", revision=row.revision)


def withdraw_consent(machine: OpenMachine, dossier: DossierId, purpose: str) -> None:
    """Note that the resident took the consent back. Raises NoSuchDossier."""
    now = to_text(machine.clock.now())
    with machine.store.write() as db:
        _withdraw(db, dossier, purpose, now)
        dossiers.note_event(db, dossier, at=now, kind="consent_withdrawn", revision=dossiers.get(db, dossier).revision)


def _withdraw(db: Connection, dossier: DossierId, purpose: str, at: str) -> None:
    db.execute(
        update(t.consents)
        .where(t.consents.c.dossier == dossier, t.consents.c.purpose == purpose, t.consents.c.withdrawn_at.is_(None))
        .values(withdrawn_at=at)
    )
