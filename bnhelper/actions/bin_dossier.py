"""Puts a draft into the bin for 30 days, takes it out again, and empties the bin."""

import datetime as dt

from sqlalchemy import select

from bnhelper.actions.answer_question import FieldNotOpen
from bnhelper.clock import to_text
from bnhelper.ids import DossierId
from bnhelper.store import dossiers
from bnhelper.store import tables as t
from bnhelper.store.erasure import erase_rows
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed

KEPT_DAYS = 30


def bin_dossier(machine: OpenMachine, dossier: DossierId) -> None:
    """Put a draft that was never sealed into the bin. Raises FieldNotOpen for anything else."""
    with machine.store.write() as db:
        row = dossiers.get(db, dossier)
        if row.is_sealed or row.revision > 1:
            raise FieldNotOpen(path="dossier")
        dossiers.change(db, dossier, binned_at=to_text(machine.clock.now()))
        machine.note(db, Deed.DOSSIER_BINNED, dossier)


def take_from_bin(machine: OpenMachine, dossier: DossierId) -> None:
    """Take a draft out of the bin again. Raises NoSuchDossier."""
    with machine.store.write() as db:
        dossiers.change(db, dossier, binned_at=None)
        machine.note(db, Deed.DOSSIER_UNBINNED, dossier)


def erase_dossier(machine: OpenMachine, dossier: DossierId) -> None:
    """Erase a draft at once, photos included: the resident did not agree that it be kept. Raises FieldNotOpen."""
    with machine.store.write() as db:
        row = dossiers.get(db, dossier)
        if row.is_sealed or row.revision > 1:
            raise FieldNotOpen(path="dossier")
        files = erase_rows(db, dossier)
        machine.note(db, Deed.DOSSIER_ERASED, dossier, reason="no-consent")
    for name in files:
        machine.photos.forget(name)
    machine.store.forget_what_was_deleted()


def empty_bin(machine: OpenMachine) -> int:
    """Erase what has been in the bin for over 30 days; return how many."""
    limit = to_text(machine.clock.now() - dt.timedelta(days=KEPT_DAYS))
    files: list[str] = []
    with machine.store.write() as db:
        old = [
            DossierId(one)
            for one in db.execute(select(t.dossiers.c.id).where(t.dossiers.c.binned_at < limit)).scalars()
        ]
        for dossier in old:
            files.extend(erase_rows(db, dossier))
            machine.note(db, Deed.DOSSIER_ERASED, dossier, reason="bin")
    for name in files:
        machine.photos.forget(name)
    if old:
        machine.store.forget_what_was_deleted()
    return len(old)
