"""Home: what goes on first, what came back, what is often asked."""

from functools import partial

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from bnhelper.actions.confirm_date import confirm_date
from bnhelper.actions.erase_overdue import set_aside_overdue
from bnhelper.catalogue.pack import Summary
from bnhelper.clock import province_date
from bnhelper.domain.custody import StatusKey
from bnhelper.domain.dossier import DossierRow
from bnhelper.domain.people import Standing
from bnhelper.queries.today import DateInDoubt, today
from bnhelper.queries.today import Today as TodayView
from bnhelper.queries.visit_list import TodaysVisits
from bnhelper.queries.where_left import WhereLeft, where_left
from ui.presenters.desk import Desk
from ui.presenters.routes import (
    DossierTasks,
    FindProcedure,
    Help,
    ProcedurePage,
    Question,
    Route,
    SupplementPage,
    TakePhoto,
    Today,
    Visits,
)
from ui.screens.overdue_banner import OverdueBanner
from ui.screens.trouble import tell
from ui.widgets.chip import status_chip
from ui.widgets.page import Page
from ui.widgets.parts import RowButton, banner, button, card, heading, label, row
from ui.words import formats
from ui.words.visit_words import home_name


class TodayScreen(Page):
    """Resume first, then attention by deadline, then the often used."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._first: QWidget | None = None
        now = desk.clock.now()
        self.set_title(self.tr("Today") + f" · {formats.long_date(now, desk.language)}")
        desk.work.run(lambda: today(desk.machine), owner=self).then(self._draw).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def first_focus(self) -> QWidget | None:
        return self._first

    def _draw(self, view: TodayView) -> None:
        self._after_start(view)
        if self._desk.overdue.is_long:
            self.content.addWidget(OverdueBanner(self._desk.overdue, self._desk.language))
        if view.resume is not None:
            self._resume(view.resume)
        if view.attention:
            heading(self.content, (self.tr("Needs your attention") + f" ({len(view.attention) + view.more_attention})"))
            frame, inside = card(margin=0, spacing=0)
            for one in view.attention:
                inside.addWidget(self._row(one))
            self.content.addWidget(frame)
        if view.other_drafts:
            heading(self.content, self.tr("Other drafts"))
            frame, inside = card(margin=0, spacing=0)
            for one in view.other_drafts:
                inside.addWidget(self._row(one))
            self.content.addWidget(frame)
        if view.visits is not None:
            self._visits(view.visits)
        if view.resume is None and not view.attention and view.visits is None:
            frame, inside = card()
            inside.addWidget(label(self.tr("Nothing planned for today. Start with:"), "strong"))
            first = button(
                self.tr("Find a procedure"), lambda: self._desk.navigator.go(FindProcedure()), kind="primary"
            )
            self._first = first
            inside.addLayout(row(first, button(self.tr("First steps"), lambda: self._desk.navigator.go(Help())), None))
            self.content.addWidget(frame)
        standing = self._desk.machine.person.standing(province_date(self._desk.clock.now()))
        if standing is not Standing.ACTIVE:
            said = self.tr("You can finish and send what is here, and begin nothing new on this machine.")
            what = banner("warn", said, self.tr("Ask the keeper of the machine to renew it."), name="mayNotStart")
            self.content.insertWidget(0, what)
        heading(self.content, self.tr("Often used"))
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, summary in enumerate(view.often):
            grid.addWidget(self._often(summary), place // 2, place % 2)
        self.content.addLayout(grid)
        built = "/".join(reversed(view.pack_built_on.split("-")))
        self.content.addWidget(label(self.tr("Procedure pack of %1").replace("%1", built), "small"))
        window_focus = self.window().focusWidget()
        if self._first is not None and (window_focus is None or not window_focus.isVisible()):
            self._first.setFocus()

    def _after_start(self, view: TodayView) -> None:
        """Tell what happened while nobody looked: what is safe first, then what happened, then what to do."""
        now, language = self._desk.clock.now(), self._desk.language
        if view.cut_off_at is not None:
            said = self.tr("Restored, nothing is lost. Last saved %1.")
            said = said.replace("%1", formats.when(view.cut_off_at, now, language))
            self.content.addWidget(
                banner("good", said, self.tr("The program had ended suddenly. Go on where you were."), name="cutOff")
            )
        if view.in_doubt is not None:
            self._doubt(view.in_doubt)
        if view.missing:
            frame, inside = card("trouble", spacing=2)
            frame.setObjectName("missingPhotos")
            said = formats.counted(
                len(view.missing),
                self.tr("1 photo file is missing on this machine; everything else is here."),
                self.tr("%1 photo files are missing on this machine; everything else is here."),
            )
            inside.addWidget(label(said, "strong"))
            for one in view.missing:
                name = one.paper_name.get(language) or one.paper
                words = f"{one.dossier.readable_code} · {one.dossier.applicant} · {name} · {formats.date(one.taken_at)}"
                go = partial(self._desk.navigator.go, TakePhoto(one.dossier.id, one.paper))
                again = button(self.tr("Take it again"), go, name=f"missing_{one.dossier.readable_code}")
                again.setAccessibleName(f"{again.text().strip()}: {words}")
                line = row(label(words), again)
                line.setStretch(0, 1)
                inside.addLayout(line)
            frame.setAccessibleName(said)
            self.content.addWidget(frame)

    def _doubt(self, doubt: DateInDoubt) -> None:
        """The clock went ahead: say what waits for the date, and ask whether it is right."""
        desk = self._desk
        said = self.tr("The clock of this machine is %1 days ahead of when it was last used.")
        more = formats.counted(
            doubt.waiting,
            self.tr("1 dossier would be erased by that date. It stays until the province or you confirm the date."),
            self.tr("%1 dossiers would be erased by that date. They stay until the province or you confirm the date."),
        )
        wrong = self.tr("If the date is wrong, set the clock of the computer; nothing is lost.")
        frame = banner("warn", said.replace("%1", str(doubt.days)), f"{more} {wrong}", name="dateInDoubt")

        def work() -> None:
            confirm_date(desk.machine)
            set_aside_overdue(desk.machine)

        def confirmed(_none: None) -> None:
            desk.erase_overdue()
            desk.navigator.replace(Today())

        def confirm() -> None:
            desk.work.run(work, owner=self).then(confirmed).on_trouble(lambda wrong: tell(self.content, wrong))

        words = self.tr("Today is %1: that is right").replace("%1", formats.date(desk.clock.now()))
        inside = frame.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.addLayout(row(button(words, confirm, name="confirmDate"), None))
        self.content.addWidget(frame)

    def _visits(self, one: TodaysVisits) -> None:
        """Where to go today: how many homes, and the first of them."""
        language = self._desk.language
        said = formats.counted(one.count, self.tr("Homes to visit: 1, %2"), self.tr("Homes to visit: %1, %2"))
        names = [
            ", ".join(part for part in (home_name(home.home, home.age, language), home.home.lane) if part)
            for home in one.first
        ]
        if one.count > len(names):
            names.append(self.tr("and %1 more").replace("%1", str(one.count - len(names))))
        go = partial(self._desk.navigator.go, Visits(one.list_id))
        frame, inside = card(margin=0, spacing=0)
        inside.addWidget(RowButton(said.replace("%2", one.hamlet), " · ".join(names), None, go, name="todaysVisits"))
        self.content.addWidget(frame)

    def _often(self, one: Summary) -> QWidget:
        name = one.name(self._desk.language).removeprefix("Thủ tục ")
        go = partial(self._desk.navigator.go, ProcedurePage(one.code))
        frame, inside = card(margin=0, spacing=0)
        inside.addWidget(RowButton(name[:1].upper() + name[1:], "", None, go, name=f"often_{one.code}"))
        return frame

    def _resume(self, one: DossierRow) -> None:
        frame, inside = card()
        inside.addWidget(label(self.tr("Continue"), "small"))
        inside.addLayout(row(label(self._name(one), "h2"), status_chip(one.status)))
        inside.addWidget(
            label(
                self.tr("Saved %1").replace(
                    "%1", formats.when(one.changed_at, self._desk.clock.now(), self._desk.language)
                ),
                "small",
            )
        )
        place = label("", "muted", name="whereLeft")
        go = button(self.tr("Continue"), lambda: self._desk.navigator.go(place_of(one)), kind="primary", name="resume")
        self._first = go
        inside.addWidget(place)
        inside.addLayout(row(None, go))
        self.content.addWidget(frame)
        desk = self._desk
        desk.work.run(lambda: where_left(desk.machine, one, desk.language), owner=place).then(
            lambda left: place.setText(self._place_words(left))
        ).on_trouble(lambda wrong: tell(inside, wrong))

    def _place_words(self, left: WhereLeft) -> str:
        rest = formats.counted(left.sections_left, self.tr("1 section left"), self.tr("%1 sections left"))
        if not left.sections_left:
            rest = self.tr("everything is filled in")
        if not left.section:
            return rest[:1].upper() + rest[1:]
        return self.tr("You were at “%1”, %2").replace("%1", left.section).replace("%2", rest)

    def _name(self, one: DossierRow) -> str:
        return " · ".join(part for part in (one.title(self._desk.language), one.applicant) if part)

    def _row(self, one: DossierRow) -> RowButton:
        detail = one.readable_code
        if one.deadline is not None and one.status is StatusKey.SUPPLEMENT:
            detail += " · " + self.tr("due %1").replace("%1", formats.date(one.deadline))
        return RowButton(
            self._name(one),
            detail,
            status_chip(one.status),
            lambda: self._desk.navigator.go(place_of(one)),
            name=f"dossier_{one.readable_code}",
        )


def place_of(one: DossierRow) -> Route:
    """Return where a dossier goes on: the very page it was left at, its task list, or its status."""
    if one.is_sealed or (one.status is StatusKey.SUPPLEMENT and not one.is_supplement):
        return SupplementPage(one.id)
    if one.screen == "question" and one.place:
        section, _, page = one.place.partition("/")
        return Question(one.id, section, int(page or 0))
    return DossierTasks(one.id)


def make(desk: Desk, _route: Today) -> TodayScreen:
    return TodayScreen(desk)
