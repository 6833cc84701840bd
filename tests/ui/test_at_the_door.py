"""The door through the screens: weak keys refused with the reason, recovery by two officers, who may do what."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.manage_people import add_person, hand_over, renew_person, revoke_person
from bnhelper.actions.recover_machine import set_ward_key
from bnhelper.domain.people import Role
from bnhelper.ids import FieldPath, PaperId
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.vault import keys
from bnhelper.vault.keys import Passphrase
from bnhelper.vault.recovery import make_officer, make_ward
from tests import factories
from tests.fakes.clock import FixedClock
from tests.ui.door import At
from ui.presenters import routes

pytestmark = pytest.mark.journey
_MO = "hoa gạo tháng ba"
_OFFICERS = ("sông cầu nước chảy", "đồi thông gió reo")


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """This system has a keyring, so a machine is locked by a PIN."""
    monkeypatch.setattr(keys, "has_keyring", lambda: True)
    monkeypatch.setattr(keys, "keyring_secret", lambda: b"h" * 32)


def _type(at: At, **values: str) -> None:
    for name, text in values.items():
        at.hands.type(at.hands.find(name, QLineEdit), text)


@pytest.mark.parametrize(
    ("weak", "reason"),
    [
        ("123456", "too easy to guess"),
        ("111111", "too easy to guess"),
        ("199019", "Today"),
        ("1990", "at least 6 digits"),
    ],
)
def test_a_weak_pin_is_refused_at_the_first_run_with_its_reason(
    tmp_path: Path, keyring: None, weak: str, reason: str
) -> None:
    at = At(tmp_path)
    try:
        at.hands.screen("FirstRunScreen")
        _type(at, person="Vũ Đức Đạt", secretField=weak, secretAgain=weak)
        at.hands.click("primaryAction")
        if reason == "Today":
            at.hands.screen("TodayScreen")
            return
        assert reason in at.trouble()
        assert not at.app.places.keys.exists()
        assert not at.app.places.store.exists()
        assert at.hands.find("person", QLineEdit).text() == "Vũ Đức Đạt", "nothing typed is lost"
        _type(at, secretField="271828", secretAgain="271828")
        at.hands.click("primaryAction")
        at.hands.screen("TodayScreen")
    finally:
        at.close()


def test_without_a_keyring_a_passphrase_is_asked_for_and_a_weak_one_refused(tmp_path: Path) -> None:
    at = At(tmp_path)
    try:
        at.hands.screen("FirstRunScreen")
        at.hands.find("secretField", QLineEdit)
        assert "no keyring, so a PIN alone would not protect the data" in at.texts()
        for weak, reason in (("một hai", "at least 4 words"), ("ba ba ba ba", "4 different words")):
            _type(at, person="Vũ Đức Đạt", secretField=weak, secretAgain=weak)
            at.hands.click("primaryAction")
            assert reason in at.trouble()
        assert not at.app.places.keys.exists()
    finally:
        at.close()


def test_recovery_refuses_a_weak_key_says_why_and_then_opens(tmp_path: Path) -> None:
    officers = tmp_path / "officers"
    officers.mkdir()
    for name, words in zip("ab", _OFFICERS, strict=True):
        make_officer(officers / f"{name}.json", name, Passphrase(words), factories.CHEAP)
    make_ward(officers / "ward.json", "Phường Kinh Bắc", officers / "a.pub.json", officers / "b.pub.json")
    machine = factories.machine(tmp_path)
    factories.birth_dossier(machine)
    set_ward_key(machine, officers / "ward.json")
    machine.close()
    (tmp_path / "key").unlink()
    at = At(tmp_path)
    try:
        at.hands.screen("UnlockScreen")
        at.hands.click("forgot")
        at.hands.screen("RecoverScreen")
        named = {one.buddy().objectName() for one in at.hands.page.findChildren(QLabel) if one.buddy() is not None}
        assert named >= {"officerFile_1", "officerWords_1", "officerFile_2", "officerWords_2"}, (
            "no field by placeholder"
        )
        for number, name in ((1, "a"), (2, "b")):
            _type(at, **{f"officerFile_{number}": str(officers / f"{name}.json")})
            _type(at, **{f"officerWords_{number}": _OFFICERS[number - 1]})
        _type(at, officerWords_2="một hai ba bốn")
        at.hands.click("primaryAction")
        assert "officer 2 is not right" in at.trouble()
        _type(at, officerWords_2=_OFFICERS[1])
        at.hands.click("primaryAction")
        at.hands.find("secretAgain", QLineEdit)
        for weak, reason in (("ba ba ba ba", "4 different words"), ("một hai", "at least 4 words")):
            _type(at, secretField=weak, secretAgain=weak)
            at.hands.click("primaryAction")
            assert reason in at.trouble()
            assert at.app.desk is None
        _type(at, secretField=_MO, secretAgain=_MO)
        at.hands.click("primaryAction")
        at.hands.screen("TodayScreen")
        assert at.app.desk is not None
        assert dossier_list(at.app.desk.machine).total == 1
    finally:
        at.close()


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_who_may_not_begin_is_told_so_finishes_and_sends_and_begins_nothing(tmp_path: Path, how: str) -> None:
    clock = FixedClock()
    machine = factories.machine(tmp_path, clock)
    mo = add_person(machine, "Trần Thị Mơ", Role.VOLUNTEER, Passphrase(_MO), cost=factories.CHEAP)
    dossier = factories.birth_dossier(machine)
    attach_photo(machine, dossier, PaperId("birth_evidence"), factories.png(side=64))
    hand_over(machine, dossier, mo)
    if how == "revoked":
        revoke_person(machine, mo)
    else:
        renew_person(machine, mo, clock.now().date())
        clock.move(days=1)
    machine.close()
    at = At(tmp_path, clock=clock)
    try:
        at.enter(passphrase=_MO)
        told = at.hands.find("mayNotStart", QWidget).accessibleName()
        assert "finish and send what is here, and begin nothing new" in told
        case = {FieldPath(f"/data/case/{name}"): value for name, value in factories.CASE.items()}
        at.app.window.go(routes.PersonalChecklist(factories.BIRTH, case))
        at.hands.screen("ChecklistScreen")
        at.hands.click("primaryAction")
        assert "may not begin new dossiers" in at.trouble()
        assert "Ask your leader to renew" in at.trouble()
        assert at.app.desk is not None
        assert dossier_list(at.app.desk.machine).total == 1
        at.app.window.go(routes.Question(dossier, "applicant"))
        at.hands.screen("QuestionScreen")
        at.hands.fill({"full_name": "LÝ ĐÔNG KHÊ"})
        assert not at.hands.has("trouble")
        at.app.window.go(routes.CheckAnswers(dossier))
        at.hands.screen("CheckAnswersScreen")
        at.hands.click("primaryAction")
        at.hands.screen("ReceiptScreen")
        assert dossier_list(at.app.desk.machine, status_filter="ready").total == 1
    finally:
        at.close()
