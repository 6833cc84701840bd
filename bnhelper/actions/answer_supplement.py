"""Reopens exactly the fields the officer asked for."""

import json

from bnhelper.clock import to_text
from bnhelper.domain.custody import StatusKey
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId
from bnhelper.store import dossiers, server_truth
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed


class NothingAsked(KnownTrouble):
    """No officer asks anything of this dossier."""

    code = "nothing-asked"


def answer_supplement(machine: OpenMachine, dossier: DossierId) -> int:
    """Open the next revision for the fields and papers the officer named; return its number.

    It carries everything of the last one again. Calling it twice opens it once. Raises NothingAsked.
    """
    now = to_text(machine.clock.now())
    with machine.store.write() as db:
        row = dossiers.get(db, dossier)
        if row.is_supplement:
            return row.revision
        truth = server_truth.of_dossier(db, dossier)
        if row.status is not StatusKey.SUPPLEMENT or truth is None or not truth["request"]:
            raise NothingAsked
        request = json.loads(truth["request"])
        dossiers.change(
            db, dossier, revision=row.revision + 1, request_id=request["id"], changed_at=now, screen=None, place=None
        )
        dossiers.note_event(
            db, dossier, at=now, kind="supplement_opened", revision=row.revision + 1, by=machine.profile.person
        )
        machine.note(db, Deed.SUPPLEMENT_OPENED, dossier, revision=row.revision + 1)
    return row.revision + 1
