"""Which homes the visit screen shows, which one is chosen, and what comes next after an outcome; Qt-free."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bnhelper.domain.visits import Standing
from bnhelper.queries.visit_list import HomeToVisit, VisitList

#: In the order of the tabs.
TABS = (Standing.TODO, Standing.LATER, Standing.AWAY, Standing.MET, Standing.NO_NEED)


@dataclass(slots=True)
class VisitsShown:
    """What is in sight of one list. `home` is the chosen one, kept while lists are asked anew."""

    tab: Standing = Standing.TODO
    home: str = ""
    view: VisitList | None = None

    def show(self, view: VisitList | None) -> None:
        """Take a list as it is now. The chosen home stays chosen, and its tab comes along with the first look."""
        is_first = self.view is None or view is None or self.view.about.id != view.about.id
        self.view = view
        if is_first and (one := self.chosen) is not None:
            self.tab = one.standing
        if self.chosen is None:
            self.choose_first()

    def choose(self, tab: Standing) -> None:
        """Show another tab, from its first home."""
        self.tab = tab
        self.choose_first()

    def choose_first(self) -> None:
        rows = self.rows()
        self.home = rows[0].home.id if rows else ""

    def rows(self) -> list[HomeToVisit]:
        """Return the homes of the tab, in the order of the way."""
        return [] if self.view is None else [one for one in self.view.homes if one.standing is self.tab]

    def lanes(self) -> Iterator[tuple[str, Sequence[HomeToVisit]]]:
        """Give the homes of the tab lane by lane."""
        for lane, homes in groupby(self.rows(), key=lambda one: one.home.lane):
            yield lane, tuple(homes)

    @property
    def chosen(self) -> HomeToVisit | None:
        if self.view is None:
            return None
        return next((one for one in self.view.homes if one.home.id == self.home), None)

    def next_after(self) -> str:
        """Return the home that comes after the chosen one in this tab; the one before where it is the last."""
        ids = [one.home.id for one in self.rows()]
        if self.home not in ids:
            return ids[0] if ids else ""
        place = ids.index(self.home)
        rest = ids[place + 1 :] or ids[:place][-1:]
        return rest[0] if rest else ""
