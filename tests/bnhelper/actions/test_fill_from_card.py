"""A card fills its five fields; the residence of today only when confirmed, and never over an answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.actions.answer_question import answer_question, undo_answer
from bnhelper.actions.fill_from_card import DETAIL, UNIT, fill_from_card
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.catalogue.units import places
from bnhelper.codes.citizen_card import CitizenCard
from bnhelper.ids import DossierId, FieldPath
from bnhelper.store import dossiers
from tests import factories

_CARD = CitizenCard(
    id_number="027190000002",
    old_number="",
    full_name="NGUYỄN THỊ HOÀ",
    birth_date="1990-09-05",
    sex="nu",
    address="Thôn Phúc Long, Tam Đa, Yên Phong, Bắc Ninh",
    issued_on="2021-05-01",
    warnings=(),
)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path)
    yield opened
    opened.close()


def _answers(machine: OpenMachine, draft: DossierId) -> dict[FieldPath, str]:
    with machine.store.read() as db:
        return dossiers.answers_of(db, draft)


def test_a_confirmed_residence_is_filled_with_the_unit_of_today(machine: OpenMachine) -> None:
    draft = factories.birth_dossier(machine, is_filled=False)
    place = places().resolve(_CARD.address)
    fill_from_card(machine, draft, _CARD, place.unit, place.rest)
    said = _answers(machine, draft)
    assert said[FieldPath("/data/applicant/full_name")] == "NGUYỄN THỊ HOÀ"
    assert said[UNIT] == "09208"
    assert said[DETAIL] == "Thôn Phúc Long"
    assert said[FieldPath("/data/applicant/address_old")] == _CARD.address


def test_without_the_persons_word_no_residence_is_filled(machine: OpenMachine) -> None:
    draft = factories.birth_dossier(machine, is_filled=False)
    fill_from_card(machine, draft, _CARD, None, "Thôn Phúc Long")
    assert not _answers(machine, draft).get(UNIT)
    assert not _answers(machine, draft).get(DETAIL)


def test_an_answered_residence_is_never_overwritten(machine: OpenMachine) -> None:
    draft = factories.birth_dossier(machine, is_filled=False)
    answer_question(machine, draft, UNIT, "09187")
    fill_from_card(machine, draft, _CARD, places().resolve(_CARD.address).unit, "Thôn Phúc Long")
    assert _answers(machine, draft)[UNIT] == "09187"


def test_one_undo_takes_the_whole_card_back(machine: OpenMachine) -> None:
    draft = factories.birth_dossier(machine, is_filled=False)
    fill_from_card(machine, draft, _CARD, places().resolve(_CARD.address).unit, "Thôn Phúc Long")
    undo_answer(machine, draft)
    assert not any(_answers(machine, draft).get(path) for path in (UNIT, FieldPath("/data/applicant/full_name")))
