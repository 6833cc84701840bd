"""The slip for the family: what was taken in, masked, with a code that finds it."""

import pytest

from bnhelper.actions.attach_photo import attach_photo, detach_photo, show_paper
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine, Province
from bnhelper.ids import DossierId, PaperId
from bnhelper.queries.home_receipt import home_receipt
from bnhelper.store.dossiers import NoSuchDossier
from tests import factories, states
from tests.fakes.clock import FixedClock

_EVIDENCE, _RESIDENCE = PaperId("birth_evidence"), PaperId("residence_proof")


def test_files_are_counted_by_paper_and_a_shown_paper_is_named_once(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    gone = attach_photo(machine, dossier, _EVIDENCE, factories.png(1))
    attach_photo(machine, dossier, _EVIDENCE, factories.png(2))
    attach_photo(machine, dossier, _EVIDENCE, factories.png(3))
    detach_photo(machine, gone)
    show_paper(machine, dossier, _EVIDENCE, is_shown=True)
    show_paper(machine, dossier, _RESIDENCE, is_shown=True)
    slip = home_receipt(machine, dossier, "vi")
    assert [count for _name, count in slip.papers] == [2]
    assert len(slip.shown_papers) == 1
    assert slip.papers[0][0] not in slip.shown_papers


def test_the_day_on_the_slip_is_the_day_of_sealing(machine: OpenMachine, clock: FixedClock) -> None:
    dossier = factories.birth_dossier(machine)
    clock.move(hours=1)
    lock_dossier(machine, dossier)
    clock.move(days=3)
    assert home_receipt(machine, dossier, "vi").given_at == "2026-11-23T04:05:00.000Z"


def test_without_a_province_the_code_is_the_readable_one_and_with_it_a_way_to_look_up(machine: OpenMachine) -> None:
    dossier = states.sealed(machine)
    slip = home_receipt(machine, dossier, "vi")
    assert (slip.look_up_url, slip.qr_text, slip.office) == ("", slip.readable_code, "")
    machine.remember_province(Province("https://tinh.example", "bn", "t", ({"kty": "OKP"},), None, "Tam Đa"))
    slip = home_receipt(machine, dossier, "vi")
    assert slip.office == "Tam Đa"
    assert slip.qr_text == slip.look_up_url
    assert slip.readable_code not in slip.look_up_url, "the code on the slip alone must not open the look-up"


def test_nothing_on_the_slip_names_the_person_beyond_the_masked_name(machine: OpenMachine) -> None:
    said = repr(home_receipt(machine, states.sealed(machine), "en"))
    for secret in ("027190000002", "HOÀ", "0912345678", "1990", "Phúc Long"):
        assert secret not in said


def test_a_stranger_has_no_slip(machine: OpenMachine) -> None:
    with pytest.raises(NoSuchDossier):
        home_receipt(machine, DossierId("0199a3f0-0000-7abc-8def-0123456789ab"), "vi")
