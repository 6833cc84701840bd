"""Puts a draft into the bin for 30 days, takes it out again, or erases it at once."""

from bnhelper.actions.answer_question import FieldNotOpen
from bnhelper.clock import to_text
from bnhelper.ids import DossierId
from bnhelper.store import believed_time, data_requests, dossiers
from bnhelper.store.erasure import erase_rows
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed


def bin_dossier(machine: OpenMachine, dossier: DossierId) -> None:
    """Put a draft that was never sealed into the bin. Raises FieldNotOpen for anything else."""
    with machine.store.write() as db:
        row = dossiers.get(db, dossier)
        if row.is_sealed or row.revision > 1:
            raise FieldNotOpen(path="dossier")
        since = believed_time.never_before(db, machine.clock.now())
        dossiers.change(db, dossier, binned_at=to_text(since))
        machine.note(db, Deed.DOSSIER_BINNED, dossier)


def take_from_bin(machine: OpenMachine, dossier: DossierId) -> None:
    """Take a draft out of the bin again. Raises NoSuchDossier."""
    with machine.store.write() as db:
        dossiers.change(db, dossier, binned_at=None)
        machine.note(db, Deed.DOSSIER_UNBINNED, dossier)


def erase_dossier(machine: OpenMachine, dossier: DossierId) -> None:
    """Erase a draft at once, photos included: the resident did not agree that it be kept.

    Raises FieldNotOpen, HeldByLaw.
    """
    with machine.store.write() as db:
        row = dossiers.get(db, dossier)
        if row.is_sealed or row.revision > 1:
            raise FieldNotOpen(path="dossier")
        data_requests.must_not_be_held(db, dossier)
        files = erase_rows(db, [dossier])
        machine.note(db, Deed.DOSSIER_ERASED, dossier, reason="no-consent")
    for name in files:
        machine.photos.forget(name)
    machine.store.forget_what_was_deleted()
