"""Fills the applicant's fields from a citizen card, once a person has confirmed it."""

import datetime as dt
from typing import Final

from bnhelper.actions.answer_question import answer_questions
from bnhelper.codes.citizen_card import CitizenCard
from bnhelper.domain.places import Unit
from bnhelper.ids import DossierId, FieldPath
from bnhelper.store.open_form import open_form
from bnhelper.store.open_machine import OpenMachine

UNIT: Final = FieldPath("/data/applicant/address_unit")
DETAIL: Final = FieldPath("/data/applicant/address_detail")


def fill_from_card(
    machine: OpenMachine, dossier: DossierId, card: CitizenCard, unit: Unit | None = None, detail: str = ""
) -> dt.datetime:
    """Keep what the card says as one step, so that one undo takes it back; return the time of saving.

    `unit` and `detail` are the residence of today, confirmed by the person; they are only suggestions made from
    an old card, so a residence that was already answered is never overwritten. Raises FieldNotOpen.
    """
    values = {FieldPath(path): value for path, value in card.as_answers().items()}
    with machine.store.read() as db:
        instance = open_form(db, dossier, machine.library, machine.clock).instance
    suggested = {UNIT: unit.code if unit is not None else "", DETAIL: detail if unit is not None else ""}
    values |= {
        path: value
        for path, value in suggested.items()
        if value and path in instance.form.leaves and not instance.value(path)
    }
    return answer_questions(machine, dossier, values, "card")
