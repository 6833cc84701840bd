"""Keeps somebody's word that the clock is right after it went ahead far: what is due by it may then be erased."""

from bnhelper.store import believed_time
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed


def confirm_date(machine: OpenMachine) -> None:
    """Believe the clock as it stands, on the word of who works here."""
    with machine.store.write() as db:
        believed_time.confirm(db, machine.clock.now())
        machine.note(db, Deed.DATE_CONFIRMED)
