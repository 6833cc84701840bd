"""The files beside a dossier's form: pictures and recordings that belong to its questions."""

from bnhelper.ids import DossierId
from bnhelper.store import dossiers
from bnhelper.store.open_machine import OpenMachine


def question_file(machine: OpenMachine, dossier: DossierId, name: str) -> bytes | None:
    """Return a file of the form the dossier was begun with; None when there is none of that name.

    Raises NoSuchDossier, PackDamaged.
    """
    with machine.store.read() as db:
        row = dossiers.get(db, dossier)
    return machine.library.pack_or_newest(row.pack_version).beside(row.procedure, name)
