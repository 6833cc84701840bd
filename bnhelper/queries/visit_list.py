"""Homes to visit, in order, with what was said of each and what is to be done there."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bnhelper.clock import province_date
from bnhelper.domain.dossier import DossierRow
from bnhelper.domain.visits import Home, Outcome, Reason, Standing, Visit, last_visit, open_needs, standing
from bnhelper.store import dossiers, visits
from bnhelper.store.open_machine import OpenMachine
from bnhelper.store.visits import ListRow

_NAMED: Final = 3  #: homes that Today names


@dataclass(frozen=True, slots=True)
class HomeToVisit:
    """One home as the screen shows it. `visits` are of every list, oldest first."""

    home: Home
    standing: Standing
    visits: tuple[Visit, ...]
    needs: tuple[Reason, ...]
    dossiers: tuple[DossierRow, ...]
    age: int | None

    @property
    def last(self) -> Visit | None:
        return last_visit(self.visits)


@dataclass(frozen=True, slots=True)
class VisitList:
    """One list, whole. `others` are all lists of this machine, this one among them."""

    about: ListRow
    others: tuple[ListRow, ...]
    homes: tuple[HomeToVisit, ...]
    counts: dict[Standing, int]
    missing: int  #: homes that the province says are on it, and are not here


@dataclass(frozen=True, slots=True)
class TodaysVisits:
    """What Today says of visits: the newest list on which somebody is still to be visited."""

    list_id: str
    hamlet: str
    count: int
    first: tuple[HomeToVisit, ...]


def visit_list(machine: OpenMachine, list_id: str | None = None) -> VisitList | None:
    """Return a list, the newest without a name; None where there is none. A list that is gone gives the newest."""
    now = machine.clock.now()
    with machine.store.read() as db:
        known = visits.lists(db)
        if not known:
            return None
        about = next((one for one in known if one.id == list_id), known[0])
        homes = visits.homes(db, about.id)
        said = visits.of_homes(db, about.id)
        begun = visits.dossiers_of(db, about.id)
        rows = {row.id: row for row in dossiers.by_ids(db, [one for ids in begun.values() for one in ids])}
    found = tuple(
        _home(
            one,
            about,
            said.get(one.id, []),
            [rows[dossier] for dossier in begun.get(one.id, []) if dossier in rows],
            now,
        )
        for one in homes
    )
    counts = dict.fromkeys(Standing, 0)
    for one in found:
        counts[one.standing] += 1
    listed = sum(not one.is_new for one in homes)
    return VisitList(about, tuple(known), found, counts, max(0, about.homes - listed))


def _home(
    home: Home, about: ListRow, said: Sequence[tuple[str, Visit]], begun: Sequence[DossierRow], now: dt.datetime
) -> HomeToVisit:
    here = [visit for of, visit in said if of == about.id]
    everything = [visit for _of, visit in said]
    stands = standing(here, now)
    if stands is Standing.TODO and standing(everything, now) is Standing.NO_NEED:
        stands = Standing.NO_NEED  # not asked again this month, whatever list they are on
    shown = tuple(one for one in everything if one.outcome is not Outcome.UNDONE)
    return HomeToVisit(home, stands, shown, open_needs(home, here), tuple(begun), home.age(province_date(now)))


def todays_visits(machine: OpenMachine) -> TodaysVisits | None:
    """Return where to go today; None where nobody waits."""
    with machine.store.read() as db:
        known = visits.lists(db)
    for about in known:
        found = visit_list(machine, about.id)
        waiting = [one for one in found.homes if one.standing is Standing.TODO] if found is not None else []
        if waiting:
            return TodaysVisits(about.id, about.hamlet, len(waiting), tuple(waiting[:_NAMED]))
    return None
