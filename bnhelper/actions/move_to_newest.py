"""Moves a draft to the newest pack; what has no place any more stays kept for the way back."""

from dataclasses import dataclass

from bnhelper.actions.answer_question import FieldNotOpen
from bnhelper.catalogue.pack import Pack
from bnhelper.clock import to_text
from bnhelper.ids import DossierId, ProcedureCode
from bnhelper.store import dossiers
from bnhelper.store.open_machine import OpenMachine


@dataclass(frozen=True, slots=True)
class MovedFrom:
    """Where a draft was, for undoing."""

    version: str
    procedure: ProcedureCode


def move_to_newest(machine: OpenMachine, dossier: DossierId) -> MovedFrom:
    """Put a draft on the newest pack.

    Answers are not touched: those without a place in the newer form are passed over by it, and count again
    when the draft is moved back. Raises NoSuchDossier, FieldNotOpen (sealed or a supplement), UnknownProcedure.
    """
    return _move(machine, dossier, machine.library.newest, None)


def move_back(machine: OpenMachine, dossier: DossierId, moved: MovedFrom) -> None:
    """Undo `move_to_newest`. Raises PackMissing when the older pack is gone from this machine."""
    _move(machine, dossier, machine.library.pack(moved.version), moved.procedure)


def _move(machine: OpenMachine, dossier: DossierId, pack: Pack, code: ProcedureCode | None) -> MovedFrom:
    now = to_text(machine.clock.now())
    with machine.store.write() as db:
        row = dossiers.get(db, dossier)
        if row.is_sealed or row.revision > 1:
            raise FieldNotOpen(path="dossier")
        facts = pack.procedure(code or row.procedure)
        pack.form(facts.code)  # refuses a procedure that is known by name only
        dossiers.change(
            db,
            dossier,
            procedure=facts.code,
            title_vi=facts.name_vi,
            title_en=facts.name_en,
            pack_version=pack.version,
            pack_sha256=pack.sha256,
            changed_at=now,
        )
        dossiers.note_event(db, dossier, at=now, kind="moved-pack", revision=1, by=machine.profile.person)
    return MovedFrom(row.pack_version, row.procedure)
