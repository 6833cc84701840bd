"""Several people, one machine: each sees their own, the leader sees numbers, and a dossier changes hands by a deed."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.manage_people import (
    KeeperStays,
    StillWorksHere,
    add_person,
    change_secret,
    hand_over,
    people_here,
    renew_person,
    revoke_person,
    take_over,
)
from bnhelper.actions.team_counts import counts_path, read_counts, write_counts
from bnhelper.actions.unlock_machine import OpenMachine, open_way, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.domain.people import MayNotStart, NotYours, Role, Standing
from bnhelper.domain.sending import LinkState
from bnhelper.ids import FieldPath, PaperId, PersonId
from bnhelper.queries.dossier_list import dossier, dossier_list
from bnhelper.queries.dossier_status import dossier_status
from bnhelper.queries.dossier_tasks import photo_bytes
from bnhelper.queries.sync_centre import sync_centre
from bnhelper.queries.today import today
from bnhelper.store.dossiers import NoSuchDossier
from bnhelper.vault import key_copies, keys, pin
from bnhelper.vault.disk import DiskFull
from bnhelper.vault.keys import KeyFile, Passphrase, SecretInUse, WrongKey
from sync.keeper import Keeper
from tests import factories
from tests.fakes.clock import FixedClock

_MO = Passphrase("hoa gạo tháng ba")
_LEADER = Passphrase("chỉ xem con số")
_SHIPPED = Library.shipped()


class Team:
    """A machine with its keeper, a volunteer and a leader; one of them at a time has it open."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        self.folder, self.clock = folder, clock
        self.open = factories.machine(folder, clock)
        self.keeper = self.open.person.id
        self.mo = add_person(self.open, "Trần Thị Mơ", Role.VOLUNTEER, _MO, cost=factories.CHEAP)
        self.leader = add_person(self.open, "Lê Văn Trưởng", Role.LEADER, _LEADER, cost=factories.CHEAP)

    def enter(self, secret: Passphrase | None) -> OpenMachine:
        self.open.close()
        self.open = unlock_machine(
            self.open.places, secret or KeyFile(self.folder / "key"), library=_SHIPPED, clock=self.clock
        )
        return self.open

    def deeds(self) -> list[dict[str, object]]:
        with self.open.store.read() as db:
            return [json.loads(one) for one in db.execute(text("SELECT body FROM audit ORDER BY seq")).scalars()]


@pytest.fixture
def team(tmp_path: Path, clock: FixedClock) -> Iterator[Team]:
    made = Team(tmp_path, clock)
    yield made
    made.open.close()


def test_each_opens_with_their_own_and_sees_their_own(team: Team) -> None:
    mine = factories.birth_dossier(team.open)
    photo = attach_photo(team.open, mine, PaperId("birth_evidence"), factories.png())
    other = team.enter(_MO)
    assert (other.person.name, other.person.role) == ("Trần Thị Mơ", Role.VOLUNTEER)
    assert dossier_list(other).total == 0
    assert today(other).resume is None
    for look in (
        lambda: dossier(other, mine),
        lambda: dossier_status(other, mine, "vi"),
        lambda: answer_question(other, mine, FieldPath("/data/applicant/full_name"), "X"),
        lambda: attach_photo(other, mine, PaperId("birth_evidence"), factories.png(3)),
        lambda: lock_dossier(other, mine),
        lambda: photo_bytes(other, photo),
    ):
        with pytest.raises(NoSuchDossier):
            look()
    theirs = factories.birth_dossier(other)
    assert [row.id for row in dossier_list(other).rows] == [theirs]
    again = team.enter(None)
    assert [row.id for row in dossier_list(again).rows] == [mine]


def test_what_is_sealed_is_sent_whoever_has_the_machine_open_and_shows_no_name_to_others(team: Team) -> None:
    mine = factories.birth_dossier(team.open)
    lock_dossier(team.open, mine)
    other = team.enter(_MO)
    assert [item.dossier for item in Keeper(other).in_line()] == [mine]
    (row,) = sync_centre(other, LinkState()).waiting
    assert (row.applicant, row.is_mine) == ("", False)
    (row,) = sync_centre(team.enter(None), LinkState()).waiting
    assert (row.applicant, row.is_mine) == ("NGUYỄN THỊ HOÀ", True)


def test_a_hand_over_is_on_the_record_of_the_dossier_and_in_the_log(team: Team) -> None:
    mine = factories.birth_dossier(team.open)
    hand_over(team.open, mine, team.mo)
    assert dossier_list(team.open).total == 0
    with pytest.raises(NoSuchDossier):
        hand_over(team.open, mine, team.mo)
    deed = team.deeds()[-1]
    assert (deed["deed"], deed["by"], deed["about"], deed["facts"]) == (
        "handed-over", team.keeper, mine, {"to": team.mo},
    )  # fmt: skip
    other = team.enter(_MO)
    (last,) = [row for row in dossier_status(other, mine, "vi").timeline if row.kind == "handed_over"]
    assert (last.by, last.note) == ("Vũ Đức Đạt", "Trần Thị Mơ")
    lock_dossier(other, mine)


def test_nothing_is_handed_to_a_leader_or_to_somebody_who_may_not_begin(team: Team) -> None:
    mine = factories.birth_dossier(team.open)
    with pytest.raises(NotYours):
        hand_over(team.open, mine, team.leader)
    revoke_person(team.open, team.mo)
    with pytest.raises(NotYours):
        hand_over(team.open, mine, team.mo)
    assert [row.id for row in dossier_list(team.open).rows] == [mine]


def test_the_leader_s_way_opens_numbers_and_never_the_store(team: Team) -> None:
    for _ in range(2):
        factories.birth_dossier(team.open)
    lock_dossier(team.open, factories.birth_dossier(team.open))
    write_counts(team.open)
    team.open.close()
    places = team.open.places
    with pytest.raises(NotYours):
        unlock_machine(places, _LEADER, library=_SHIPPED, clock=team.clock)
    way = open_way(places, _LEADER, team.clock)
    counts = read_counts(places, way)
    held = {one.name: dict(one.held) for one in counts.people}
    assert held == {"Vũ Đức Đạt": {"draft": 2, "ready": 1}, "Trần Thị Mơ": {}}
    assert (counts.total, counts.count("ready"), counts.count("draft", "ready")) == (3, 1, 3)
    from bnhelper.store.open_store import open_store

    with pytest.raises(WrongKey):
        open_store(places.store, way.key, places.lock)
    store_key = keys.unwrap(places.keys, _MO)
    assert way.key != store_key
    sealed = counts_path(places).read_bytes()
    assert "Mơ".encode() not in sealed
    team.enter(None)


def test_wrong_tries_stand_in_the_log_though_the_leader_came_in_between(team: Team) -> None:
    write_counts(team.open)
    team.open.close()
    places = team.open.places
    for _ in range(3):
        with pytest.raises(WrongKey):
            open_way(places, Passphrase("bốn từ không đúng"), team.clock)
    read_counts(places, open_way(places, _LEADER, team.clock))
    with pytest.raises(WrongKey) as told:
        open_way(places, Passphrase("bốn từ không đúng"), team.clock)
    assert told.value.values == {"tries": 1}, "a right key ended the count"
    team.enter(None)
    tried, unlocked = team.deeds()[-2:]
    assert (tried["deed"], tried["facts"], unlocked["deed"]) == ("wrong-tries", {"tries": 4}, "unlocked")
    assert not places.tries.exists()


def test_who_may_not_begin_finishes_and_sends_and_is_told(team: Team) -> None:
    other = team.enter(_MO)
    draft = factories.birth_dossier(other)
    keeper = team.enter(None)
    revoke_person(keeper, team.mo)
    other = team.enter(_MO)
    assert other.person.standing(dt.date(2026, 11, 23)) is Standing.REVOKED
    answer_question(other, draft, FieldPath("/data/applicant/address_detail"), "Thôn Đông")
    lock_dossier(other, draft)
    assert [item.dossier for item in Keeper(other).in_line()] == [draft]
    with pytest.raises(MayNotStart) as told:
        factories.birth_dossier(other)
    assert told.value.values == {"why": "revoked"}
    renew_person(team.enter(None), team.mo, dt.date(2026, 11, 25))
    factories.birth_dossier(team.enter(_MO))


def test_the_last_day_is_a_day_of_work_and_the_next_one_is_not(team: Team, clock: FixedClock) -> None:
    renew_person(team.open, team.mo, dt.date(2026, 11, 23))
    clock.at = dt.datetime(2026, 11, 23, 16, 59, tzinfo=dt.UTC)  # 23:59 in the province
    factories.birth_dossier(team.enter(_MO))
    clock.move(minutes=1)
    with pytest.raises(MayNotStart):
        factories.birth_dossier(team.open)


def test_only_the_keeper_manages_people_and_the_keeper_stays(team: Team) -> None:
    with pytest.raises(KeeperStays):
        revoke_person(team.open, team.keeper)
    other = team.enter(_MO)
    for deed in (
        lambda: add_person(other, "X", Role.VOLUNTEER, Passphrase("một hai ba bốn"), cost=factories.CHEAP),
        lambda: revoke_person(other, team.keeper),
        lambda: renew_person(other, team.mo, None),
        lambda: take_over(other, team.keeper),
        lambda: change_secret(other, Passphrase("một hai ba bốn"), factories.CHEAP, person=team.keeper),
    ):
        with pytest.raises(NotYours):
            deed()
    assert len(people_here(other)) == 3


def test_two_people_never_share_a_secret(team: Team) -> None:
    before = team.open.places.keys.read_bytes()
    with pytest.raises(SecretInUse):
        add_person(team.open, "X", Role.VOLUNTEER, _MO, cost=factories.CHEAP)
    with pytest.raises(SecretInUse):
        change_secret(team.open, _LEADER, factories.CHEAP)
    assert team.open.places.keys.read_bytes() == before
    assert len(people_here(team.open)) == 3


def test_a_secret_is_changed_by_oneself_or_by_the_keeper(team: Team) -> None:
    other = team.enter(_MO)
    change_secret(other, Passphrase("bốn từ mới toanh"), factories.CHEAP)
    with pytest.raises(WrongKey):
        team.enter(_MO)
    team.enter(Passphrase("bốn từ mới toanh"))
    change_secret(team.enter(None), _MO, factories.CHEAP, person=team.mo)
    assert team.enter(_MO).person.id == team.mo
    assert [one["deed"] for one in team.deeds()].count("secret-changed") == 2


def test_what_somebody_left_behind_is_taken_over_only_when_they_are_gone(team: Team) -> None:
    other = team.enter(_MO)
    left = factories.birth_dossier(other)
    keeper = team.enter(None)
    with pytest.raises(StillWorksHere):
        take_over(keeper, team.mo)
    revoke_person(keeper, team.mo)
    assert take_over(keeper, team.mo) == 1
    assert [row.id for row in dossier_list(keeper).rows] == [left]
    assert team.deeds()[-1]["deed"] == "taken-over"
    assert dossier_list(team.enter(_MO)).total == 0


def test_a_revoked_leader_s_way_is_gone(team: Team) -> None:
    revoke_person(team.open, team.leader)
    with pytest.raises(WrongKey):
        open_way(team.open.places, _LEADER, team.clock)


def test_the_key_file_names_nobody_and_counts_no_dossier(team: Team) -> None:
    said = team.open.places.keys.read_text(encoding="utf-8")
    for name in ("Mơ", "Trưởng", "Đạt", "\\u"):
        assert name not in said
    ways = json.loads(said)["ways"]
    assert [way.get("opens", "store") for way in ways] == ["store", "store", "counts"]
    assert len({way["salt"] for way in ways if way["kind"] == "passphrase"}) == 1, "stretched once for everybody"


def test_a_way_moved_to_another_person_opens_nothing(team: Team) -> None:
    path = team.open.places.keys
    said = json.loads(path.read_text(encoding="utf-8"))
    said["ways"][1]["person"] = PersonId(team.keeper)
    path.write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(WrongKey):
        open_way(team.open.places, _MO, team.clock)


_FOURTH = Passphrase("nước giếng trong veo")


def test_what_was_decided_before_the_battery_went_is_there_when_it_is_back(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off between the commit and the keys' name: the next opening ends it."""
    with monkeypatch.context() as cut:
        cut.setattr(OpenMachine, "take_keys", _cut_off)
        with pytest.raises(KeyboardInterrupt):
            add_person(team.open, "Ngô Thị Tư", Role.VOLUNTEER, _FOURTH, cost=factories.CHEAP)
    with pytest.raises(WrongKey):
        open_way(team.open.places, _FOURTH, team.clock)
    team.enter(None)
    assert team.enter(_FOURTH).person.name == "Ngô Thị Tư"
    assert not key_copies.ready_beside(team.open.places.keys).exists()


def test_what_was_not_decided_leaves_no_way_behind(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys were ready and the commit failed: nobody new has a way, and the same passphrase can be given again."""
    usual, count = key_copies.make_ready, len(people_here(team.open))

    def full(path: Path, content: bytes) -> Path:
        usual(path, content)
        raise DiskFull

    with monkeypatch.context() as disk:
        disk.setattr(key_copies, "make_ready", full)
        with pytest.raises(DiskFull):
            add_person(team.open, "Ngô Thị Tư", Role.VOLUNTEER, _FOURTH, cost=factories.CHEAP)
    assert key_copies.ready_beside(team.open.places.keys).exists(), "it was as late as it can be"
    team.enter(None)
    assert not key_copies.ready_beside(team.open.places.keys).exists()
    assert len(people_here(team.open)) == count
    with pytest.raises(WrongKey):
        open_way(team.open.places, _FOURTH, team.clock)
    pin.forget(team.open.places.tries)
    add_person(team.open, "Ngô Thị Tư", Role.VOLUNTEER, _FOURTH, cost=factories.CHEAP)
    assert team.enter(_FOURTH).person.name == "Ngô Thị Tư"


def _cut_off(_machine: OpenMachine) -> None:
    raise KeyboardInterrupt
