"""What a team leader sees of a machine: whose dossiers stand where, in numbers; the store stays shut."""

from bnhelper.domain.people import Standing
from bnhelper.domain.team_counts import TeamCounts
from ui.presenters.door import Door
from ui.presenters.routes import LeaderCounts
from ui.widgets.page import Page
from ui.widgets.parts import card, heading, label
from ui.widgets.question_field import two_columns
from ui.words import formats

_WAIT = ("ready", "sending")
_THERE = ("delivered", "received", "processing", "result", "returned", "refused", "withdrawn")


class LeaderCountsScreen(Page):
    """Numbers as they were when the machine was last locked, and no way to anything else."""

    MOST_WIDTH = 720
    IS_CENTRED = True

    def __init__(self, door: Door, route: LeaderCounts) -> None:
        super().__init__()
        counts = route.counts
        when = f"{formats.date(counts.at)} {formats.clock_time(counts.at)}"
        self.set_title(
            self.tr("Dossiers on this machine: %1").replace("%1", str(counts.total)),
            self.tr("Counted when the machine was last locked: %1").replace("%1", when),
        )
        self.content.addWidget(label(self.tr("You see numbers. What is in the dossiers stays locked."), "muted"))
        self._table(self.tr("The whole machine"), counts)
        for one in counts.people:
            ended = self.tr("may not begin new dossiers")
            name = one.name if one.standing is Standing.ACTIVE else f"{one.name} · {ended}"
            self._table(name, TeamCounts(counts.at, (one,)))
        self.set_actions(primary=(self.tr("Lock"), door.leave))

    def _table(self, title: str, counts: TeamCounts) -> None:
        heading(self.content, title)
        frame, inside = card()
        rows = (
            (self.tr("Being written"), counts.count("draft")),
            (self.tr("Locked, not sent yet"), counts.count(*_WAIT)),
            (self.tr("Could not be sent"), counts.count("sendfail")),
            (self.tr("Needs a supplement"), counts.count("supplement")),
            (self.tr("At the province"), counts.count(*_THERE)),
        )
        inside.addWidget(two_columns([(words, label(str(number), "strong")) for words, number in rows]))
        self.content.addWidget(frame)


def make(door: Door, route: LeaderCounts) -> LeaderCountsScreen:
    return LeaderCountsScreen(door, route)
