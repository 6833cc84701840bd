"""What a newer pack would change for one draft."""

from dataclasses import dataclass

from bnhelper.catalogue.changes import Changes, carried, changes
from bnhelper.catalogue.pack import UnknownProcedure
from bnhelper.clock import province_date
from bnhelper.ids import DossierId
from bnhelper.store.open_form import open_form
from bnhelper.store.open_machine import OpenMachine


@dataclass(frozen=True, slots=True)
class DraftChanges:
    """The newer version and the difference; `changes` is None when the procedure is gone or its form is."""

    version: str
    built_on: str
    is_successor: bool  #: the procedure's own code was replaced by another
    changes: Changes | None


def draft_changes(machine: OpenMachine, dossier: DossierId, language: str) -> DraftChanges | None:
    """Return what moving a draft to the newest pack would change; None when it is on it, or is no open draft.

    Raises NoSuchDossier.
    """
    with machine.store.read() as db:
        form = open_form(db, dossier, machine.library, machine.clock)
    newest = machine.library.newest
    if form.row.is_sealed or form.row.revision > 1 or form.pack.version == newest.version:
        return None
    code = newest.resolve(form.row.procedure)
    try:
        after = newest.procedure(code)
        new = carried(form.instance, newest.form(code), lambda: province_date(machine.clock.now()), machine.clock.now)
    except UnknownProcedure:
        return DraftChanges(newest.version, newest.built_on, is_successor=False, changes=None)
    found = changes(form.procedure, form.instance, after, new, language)
    return DraftChanges(newest.version, newest.built_on, code != form.row.procedure, found)
