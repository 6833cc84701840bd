"""A clock that jumps erases nothing: what is due is judged by the moment that somebody vouched for."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bnhelper.actions.bin_dossier import bin_dossier
from bnhelper.actions.confirm_date import confirm_date
from bnhelper.actions.erase_overdue import erase_overdue
from bnhelper.actions.unlock_machine import unlock_machine
from bnhelper.paths import Places
from bnhelper.queries.today import DateInDoubt, today
from bnhelper.store import audit
from bnhelper.vault.keys import KeyFile
from sync.keeper import Keeper
from sync.runner import Runner
from tests import factories, states
from tests.fakes.clock import FixedClock


class World:
    """A machine that is locked and opened again, which is when things are erased."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock()
        self.machine = factories.machine(folder, self.clock)
        self._folder = folder

    def fill(self) -> None:
        """Put a draft into the bin, and let the province finish a dossier."""
        bin_dossier(self.machine, states.draft(self.machine))
        states.tell(self.machine, states.proved(self.machine), "approved")

    def open_again(self) -> None:
        library = self.machine.library
        self.machine.close()
        places, key = Places(self._folder / "data"), KeyFile(self._folder / "key")
        self.machine = unlock_machine(places, key, library=library, clock=self.clock)
        self.erase()

    def erase(self) -> None:
        erase_overdue(self.machine)

    @property
    def count(self) -> int:
        """How many dossiers there are, the bin included."""
        with self.machine.store.read() as db:
            return int(db.execute(text("SELECT count(*) FROM dossiers")).scalar_one())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.machine.close()


def test_a_clock_that_jumps_a_year_ahead_erases_nothing_however_often_the_machine_is_opened(world: World) -> None:
    world.fill()
    world.clock.move(days=365)
    for _ in range(10):
        world.clock.move(days=1)
        world.open_again()
    assert world.count == 2
    assert today(world.machine).in_doubt == DateInDoubt(days=375, waiting=2)


def test_nobody_is_asked_about_a_date_by_which_nothing_is_due(world: World) -> None:
    states.draft(world.machine)
    world.clock.move(days=365)
    world.open_again()
    assert today(world.machine).in_doubt is None


def test_a_person_who_looked_at_a_calendar_lets_it_be_erased_and_the_log_says_so(world: World) -> None:
    world.fill()
    world.clock.move(days=365)
    world.open_again()
    confirm_date(world.machine)
    world.erase()
    assert world.count == 0
    assert today(world.machine).in_doubt is None
    with world.machine.store.read() as db:
        deeds = [link.body["deed"] for link in audit.newest(db, 3)]
    assert deeds == ["dossier-erased", "dossier-erased", "date-confirmed"]


def test_a_clock_that_goes_on_as_clocks_do_is_believed(world: World) -> None:
    world.fill()
    for _ in range(6):
        assert world.count == 2
        world.clock.move(days=5)
        world.open_again()
    world.clock.move(hours=2)
    world.open_again()
    assert world.count == 0


def test_what_was_due_before_the_jump_is_still_erased(world: World) -> None:
    world.fill()
    states.days_pass(world.machine, world.clock, 35)
    world.clock.move(days=365)
    world.open_again()
    assert world.count == 0
    assert today(world.machine).in_doubt is None


def test_the_province_says_what_time_it_is(world: World) -> None:
    world.fill()
    truly = world.clock.now() + dt.timedelta(days=2)
    world.clock.move(days=365)
    world.open_again()
    Keeper(world.machine).heard_time(truly)
    world.open_again()
    assert world.count == 2, "the province does not bear the clock out"
    Keeper(world.machine).heard_time(world.clock.now())
    world.open_again()
    assert world.count == 0, "it is a year later indeed"


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Thu, 26 Nov 2026 04:00:00 -0000", "Thu, 26 Nov 2026 04:00:00 +9999", "Wed, 31 Feb 2026"]
)
def test_a_date_that_says_no_moment_is_not_heard(world: World, date: str, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[dt.datetime] = []
    keeper = Keeper(world.machine)
    monkeypatch.setattr(keeper, "heard_time", heard.append)
    Runner(keeper)._told_time(date)
    assert heard == []
    Runner(keeper)._told_time("Thu, 26 Nov 2026 04:00:00 GMT")
    assert heard == [dt.datetime(2026, 11, 26, 4, tzinfo=dt.UTC)]


def test_a_wrong_word_of_a_person_is_mended_by_the_province(world: World) -> None:
    world.fill()
    truly = world.clock.now()
    world.clock.move(days=20)
    world.open_again()
    confirm_date(world.machine)
    Keeper(world.machine).heard_time(truly)
    world.clock.move(days=12)
    world.open_again()
    assert world.count == 2


def test_what_goes_into_the_bin_while_the_clock_is_set_back_is_kept_its_time(world: World) -> None:
    dossier = states.draft(world.machine)
    world.clock.move(days=-2_000)
    world.open_again()
    bin_dossier(world.machine, dossier)
    world.clock.move(days=2_001)
    world.open_again()
    assert world.count == 1
    states.days_pass(world.machine, world.clock, 30)
    world.open_again()
    assert world.count == 0


def test_a_store_older_than_this_judgement_goes_by_its_log(world: World) -> None:
    world.fill()
    with world.machine.store.write() as db:
        db.execute(text("DELETE FROM profile WHERE key = 'believed_at'"))
    world.clock.move(days=365)
    world.open_again()
    assert world.count == 2
