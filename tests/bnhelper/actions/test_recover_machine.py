"""A forgotten PIN: both officers of the ward come, the person gets a new one, and the log says who opened what."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from bnhelper.actions.manage_people import add_person
from bnhelper.actions.recover_machine import RecoveryNeedsTwo, begin_recovery, finish_recovery, set_ward_key
from bnhelper.actions.unlock_machine import OpenMachine, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.domain.people import NotYours, Role
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.vault import keys
from bnhelper.vault.keys import KeyFile, Passphrase, SecretInUse, WrongKey
from bnhelper.vault.recovery import NoRecoveryKey, OfficerPassphraseWrong, OfficersDoNotFit, make_officer, make_ward
from tests import factories
from tests.fakes.clock import FixedClock

_FIRST, _SECOND, _THIRD = (
    Passphrase(words) for words in ("sông cầu nước chảy", "đồi thông gió reo", "hội lim tháng giêng")
)
_NEW = Passphrase("cầu vồng sau mưa rào")
_SHIPPED = Library.shipped()


@pytest.fixture
def officers(tmp_path: Path) -> Path:
    folder = tmp_path / "officers"
    folder.mkdir()
    for name, words in (("a", _FIRST), ("b", _SECOND), ("c", _THIRD)):
        make_officer(folder / f"{name}.json", name, words, factories.CHEAP)
    make_ward(folder / "ward.json", "Phường Kinh Bắc", folder / "a.pub.json", folder / "b.pub.json")
    return folder


def _deeds(machine: OpenMachine) -> list[dict[str, object]]:
    with machine.store.read() as db:
        return [json.loads(one) for one in db.execute(text("SELECT body FROM audit ORDER BY seq")).scalars()]


def _kids(deed: dict[str, object]) -> dict[str, str]:
    facts: dict[str, str] = deed["facts"]  # type: ignore[assignment]
    return {name: facts[name] for name in ("officer_1", "officer_2")}


def test_a_forgotten_secret_is_made_anew_by_both_officers_and_nothing_is_lost(
    machine: OpenMachine, officers: Path, tmp_path: Path
) -> None:
    dossier = factories.birth_dossier(machine)
    ward = set_ward_key(machine, officers / "ward.json")
    places, person = machine.places, machine.person.id
    machine.close()
    found = begin_recovery(places, [(officers / "b.json", _SECOND), (officers / "a.json", _FIRST)], FixedClock())
    assert [one.id for one in found.people] == [person]
    again = finish_recovery(places, found, person, _NEW, library=_SHIPPED, clock=FixedClock(), cost=factories.CHEAP)
    assert [row.id for row in dossier_list(again).rows] == [dossier]
    assert again.person.id == person
    opened, *_entered, deed = _deeds(again)[-3:]
    assert (opened["deed"], opened["facts"], opened["by"]) == ("recovery-opened", _kids(deed), "")
    assert deed["deed"] == "recovered"
    assert {deed["facts"]["officer_1"], deed["facts"]["officer_2"]} == {one.kid for one in ward.officers}  # type: ignore[index]
    again.close()
    with pytest.raises(WrongKey):
        unlock_machine(places, KeyFile(tmp_path / "key"), library=_SHIPPED, clock=FixedClock())
    unlock_machine(places, _NEW, library=_SHIPPED, clock=FixedClock()).close()


def test_one_officer_a_wrong_one_or_a_wrong_passphrase_opens_nothing_and_changes_nothing(
    machine: OpenMachine, officers: Path, tmp_path: Path
) -> None:
    set_ward_key(machine, officers / "ward.json")
    places = machine.places
    machine.close()
    before = places.keys.read_bytes()
    with pytest.raises(RecoveryNeedsTwo):
        begin_recovery(places, [(officers / "a.json", _FIRST)], FixedClock())
    with pytest.raises(OfficersDoNotFit):
        begin_recovery(places, [(officers / "a.json", _FIRST), (officers / "a.json", _FIRST)], FixedClock())
    with pytest.raises(OfficersDoNotFit):
        begin_recovery(places, [(officers / "a.json", _FIRST), (officers / "c.json", _THIRD)], FixedClock())
    with pytest.raises(OfficerPassphraseWrong) as wrong:
        begin_recovery(places, [(officers / "a.json", _FIRST), (officers / "b.json", _FIRST)], FixedClock())
    assert wrong.value.values == {"officer": 2}
    assert places.keys.read_bytes() == before
    assert not places.tries.exists()
    unlock_machine(places, KeyFile(tmp_path / "key"), library=_SHIPPED, clock=FixedClock()).close()


def test_a_machine_without_a_ward_key_says_so(machine: OpenMachine, officers: Path) -> None:
    machine.close()
    with pytest.raises(NoRecoveryKey):
        begin_recovery(machine.places, [(officers / "a.json", _FIRST), (officers / "b.json", _SECOND)], FixedClock())


def test_another_pair_of_officers_takes_the_place_of_the_first(
    machine: OpenMachine, officers: Path, tmp_path: Path
) -> None:
    set_ward_key(machine, officers / "ward.json")
    make_ward(officers / "new.json", "Phường Kinh Bắc", officers / "b.pub.json", officers / "c.pub.json")
    set_ward_key(machine, officers / "new.json")
    machine.close()
    with pytest.raises(OfficersDoNotFit):
        begin_recovery(machine.places, [(officers / "a.json", _FIRST), (officers / "b.json", _SECOND)], FixedClock())
    begin_recovery(machine.places, [(officers / "c.json", _THIRD), (officers / "b.json", _SECOND)], FixedClock())
    assert keys.kinds(machine.places.keys) == ["key_file"]
    again = unlock_machine(machine.places, KeyFile(tmp_path / "key"), library=_SHIPPED, clock=FixedClock())
    assert [one["deed"] for one in _deeds(again)][-2:] == ["recovery-opened", "unlocked"], "they came and went"
    again.close()


def test_one_of_several_people_gets_a_new_secret_and_the_others_keep_theirs(
    machine: OpenMachine, officers: Path, tmp_path: Path
) -> None:
    set_ward_key(machine, officers / "ward.json")
    other = add_person(machine, "Trần Thị Mơ", Role.VOLUNTEER, Passphrase("hoa gạo tháng ba"), cost=factories.CHEAP)
    places = machine.places
    machine.close()
    found = begin_recovery(places, [(officers / "a.json", _FIRST), (officers / "b.json", _SECOND)], FixedClock())
    assert {one.name for one in found.people} == {"Vũ Đức Đạt", "Trần Thị Mơ"}
    again = finish_recovery(places, found, other, _NEW, library=_SHIPPED, clock=FixedClock(), cost=factories.CHEAP)
    assert again.person.name == "Trần Thị Mơ"
    again.close()
    with pytest.raises(WrongKey):
        unlock_machine(places, Passphrase("hoa gạo tháng ba"), library=_SHIPPED, clock=FixedClock())
    kept = unlock_machine(places, KeyFile(tmp_path / "key"), library=_SHIPPED, clock=FixedClock())
    assert kept.person.role is Role.KEEPER
    kept.close()


def test_a_new_secret_that_is_another_person_s_is_refused_and_the_old_one_stands(
    machine: OpenMachine, officers: Path, tmp_path: Path
) -> None:
    set_ward_key(machine, officers / "ward.json")
    taken = Passphrase("hoa gạo tháng ba")
    add_person(machine, "Trần Thị Mơ", Role.VOLUNTEER, taken, cost=factories.CHEAP)
    places, person = machine.places, machine.person.id
    machine.close()
    found = begin_recovery(places, [(officers / "a.json", _FIRST), (officers / "b.json", _SECOND)], FixedClock())
    with pytest.raises(SecretInUse):
        finish_recovery(places, found, person, taken, library=_SHIPPED, clock=FixedClock(), cost=factories.CHEAP)
    again = unlock_machine(places, KeyFile(tmp_path / "key"), library=_SHIPPED, clock=FixedClock())
    assert "recovered" not in [one["deed"] for one in _deeds(again)]
    again.close()
    other = unlock_machine(places, taken, library=_SHIPPED, clock=FixedClock())
    with pytest.raises(NotYours):
        set_ward_key(other, officers / "ward.json")
    other.close()
