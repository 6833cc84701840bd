"""One procedure, whole, with the portal's own labels in its order."""

from PySide6.QtWidgets import QGridLayout, QWidget

from bnhelper.catalogue.procedure import Procedure
from bnhelper.catalogue.validity import not_ended
from bnhelper.clock import province_date
from ui import shortcuts
from ui.devices.printer import print_document
from ui.presenters.desk import Desk
from ui.presenters.routes import CaseQuestion, PersonalChecklist, ProcedurePage
from ui.screens.procedure_words import (
    alternatives_of,
    bases_words,
    either_words,
    fee_words,
    kind_words,
    limit_words,
    when_words,
)
from ui.screens.sheets import procedure_sheet
from ui.screens.trouble import tell
from ui.screens.where_to_file import WhereToFile
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, heading, label
from ui.widgets.question_field import two_columns


class ProcedureScreen(Page):
    """What there is to know, and what is not known; a field without data never disappears."""

    MOST_WIDTH = 920  # lines of at most some 75 letters

    def __init__(self, desk: Desk, route: ProcedurePage) -> None:
        super().__init__()
        self._desk = desk
        self._code = route.code
        desk.work.run(lambda: desk.machine.library.newest.procedure(route.code), owner=self).then(
            self._draw
        ).on_trouble(lambda wrong: tell(self.content, wrong))

    def _draw(self, one: Procedure) -> None:
        language = self._desk.language
        none = self.tr("No information yet")
        crumb = " ▸ ".join(part for part in (self.tr("Procedures"), one.sector(language)) if part)
        self.set_title(one.name(language), (f"{crumb}   " + self.tr("Code") + f" {one.code}"))
        if one.is_stub:
            self.content.addWidget(
                banner(
                    "warn",
                    self.tr("Only the name of this procedure is known here."),
                    self.tr("Ask the one-stop desk which papers it needs."),
                )
            )
            self.set_actions(back=(self.tr("Results"), self._desk.navigator.back))
            return
        if not one.are_conditions_reviewed:
            self.content.addWidget(
                banner(
                    "warn",
                    self.tr("No officer has reviewed these conditions yet."),
                    self.tr("Check the list with the one-stop desk before you send anybody away."),
                )
            )
        frame, inside = card()
        inside.addWidget(label(self.tr("Know at once"), "h2"))
        channels = {
            "online": self.tr("online"),
            "direct": self.tr("in person"),
            "postal": self.tr("by post"),
        }
        today = province_date(self._desk.clock.now())
        facts = [
            (self.tr("Time limit"), "\n".join(limit_words(limit) for limit in not_ended(one.time_limits, today))),
            (self.tr("Fee"), "\n".join(fee_words(fee) for fee in not_ended(one.fees, today))),
            (self.tr("Responsible authority"), one.agency_vi),
            (self.tr("How to file"), " · ".join(channels[channel] for channel in one.channels)),
            (self.tr("Result"), "\n".join(one.results)),
            (self.tr("Deadline to file"), one.deadline_vi),
        ]
        inside.addWidget(two_columns([(name, label(said or none)) for name, said in facts]))
        self.content.addWidget(frame)
        heading(self.content, self.tr("Where to file"))
        self.where = WhereToFile(self._desk, one)
        self.content.addWidget(self.where)
        heading(self.content, self.tr("Dossier components (whole list, every case)"))
        self.content.addWidget(self._papers(one))
        for title, lines in (
            (self.tr("Steps"), one.steps),
            (self.tr("Requirements"), one.conditions_vi),
            (self.tr("Good to know"), one.notes_vi),
        ):
            if lines or title == self.tr("Steps"):
                heading(self.content, title)
                for number, line in enumerate(lines or (none,), start=1):
                    self.content.addWidget(label(f"{number}. {line}" if lines else line))
        heading(self.content, self.tr("Legal basis and sources"))
        self.content.addWidget(
            label("\n".join(bases_words(not_ended(one.legal_basis, today))) or none, is_selectable=True)
        )
        self.content.addWidget(
            label(" · ".join(part for part in (one.decision, one.source_url) if part), "small", is_selectable=True)
        )
        if one.as_of:
            said = "/".join(reversed(one.as_of.split("-")))
            self.content.addWidget(label(self.tr("As the source said it: %1").replace("%1", said), "small"))
        for doubt in one.unverified:
            self.content.addWidget(label(self.tr("Not verified: %1").replace("%1", doubt), "small"))
        printing = button(self.tr("Print"), lambda: self._print(one), name="printAction", icon="print")
        printing.setShortcut(shortcuts.PRINT)
        self.set_actions(
            back=(self.tr("Results"), self._desk.navigator.back),
            others=(
                button(
                    self.tr("Full list"),
                    lambda: self._desk.navigator.go(PersonalChecklist(one.code, full=True)),
                    name="fullList",
                ),
                printing,
            ),
            primary=(self.tr("Your case"), lambda: self._desk.navigator.go(CaseQuestion(one.code))),
        )

    def _papers(self, one: Procedure) -> QWidget:
        frame, inside = card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for place, paper in enumerate(one.papers):
            name = paper.name_en if self._desk.language == "en" and paper.name_en else paper.name_vi
            grid.addWidget(label(f"{place + 1}"), place, 0)
            either = [either_words(said) for said in alternatives_of(paper, self._desk.language)]
            grid.addWidget(label("\n".join((name, *either))), place, 1)
            grid.addWidget(label(kind_words(paper.kind, paper.originals, paper.copies), "muted"), place, 2)
            grid.addWidget(label(when_words(paper), "small"), place, 3)
        for column, stretch in ((1, 5), (2, 2), (3, 4)):
            grid.setColumnStretch(column, stretch)
        inside.addLayout(grid)
        return frame

    def _print(self, one: Procedure) -> None:
        today = province_date(self._desk.clock.now())
        print_document(self, procedure_sheet(one, self._desk.language, today))


def make(desk: Desk, route: ProcedurePage) -> ProcedureScreen:
    return ProcedureScreen(desk, route)
