"""The papers of this family's case; the full list is the safe fallback."""

from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from bnhelper.actions.start_dossier import start_dossier
from bnhelper.catalogue.checklist import Checklist, ChecklistItem, take_away_text
from bnhelper.catalogue.validity import in_force
from bnhelper.clock import province_date
from bnhelper.codes.code_image import modules_of
from bnhelper.ids import DossierId, PaperId
from ui import shortcuts
from ui.devices.printer import print_document
from ui.presenters.case import Case
from ui.presenters.desk import Desk
from ui.presenters.routes import CaseQuestion, DossierTasks, PersonalChecklist, Visits
from ui.screens.procedure_words import fee_line_words, instead_words, limit_words, paper_words, reason_words
from ui.screens.sheets import checklist_sheet
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, heading, label
from ui.widgets.qr_view import QrView


class ChecklistScreen(Page):
    """What is needed, what may be needed, what it costs; print, take away, start the dossier."""

    def __init__(self, desk: Desk, route: PersonalChecklist) -> None:
        super().__init__()
        self._desk = desk
        self._route = route
        self._at_hand: set[PaperId] = set()
        self._boxes: list[QCheckBox] = []
        self._counted = label("", "strong")

        def begin() -> Case:
            answers = {} if route.full else route.answers
            return Case(
                desk.machine.library.newest,
                route.code,
                answers,
                desk.language,
                today=lambda: province_date(desk.clock.now()),
            )

        desk.work.run(begin, owner=self).then(self._draw).on_trouble(lambda wrong: tell(self.content, wrong))

    def first_focus(self) -> QWidget | None:
        return self._boxes[0] if self._boxes else None

    def _draw(self, case: Case) -> None:
        found = case.checklist()
        name = case.procedure.name(self._desk.language)
        title = self.tr("Full list of papers") if self._route.full else self.tr("Papers needed in your case")
        self.set_title(title, f"{name} · {case.procedure.code}")
        if not found.is_reviewed:
            self.content.addWidget(
                banner(
                    "warn",
                    self.tr("No officer has reviewed these conditions yet."),
                    self.tr("Check the list with the one-stop desk before you send anybody away."),
                )
            )
        if found.eligible == "no":
            self.content.addWidget(
                banner("warn", self.tr("By these answers the family is not entitled."), self.tr("The office decides."))
            )
        needed, maybe = found.needed(), found.maybe()
        if needed:
            self.content.addWidget(self._counted)
            frame, inside = card(margin=8, spacing=0)
            for item in needed:
                inside.addWidget(self._paper(item))
            self.content.addWidget(frame)
        elif not maybe:
            self.content.addWidget(
                banner("note", self.tr("No papers are needed in this case."), self.tr("Just come with the ID card."))
            )
        if maybe:
            heading(self.content, self.tr("You may also need"))
            frame, inside = card(margin=8, spacing=0)
            for item in maybe:
                inside.addWidget(self._paper(item))
            self.content.addWidget(frame)
        frame, inside = card()
        none = self.tr("No information yet")
        fees = "\n".join(fee_line_words(line) for line in found.fees) or none
        day = province_date(self._desk.clock.now())
        limits = "\n".join(limit_words(limit) for limit in in_force(case.procedure.time_limits, day)) or none
        for words, said in (
            (self.tr("Where"), case.procedure.agency_vi or none),
            (self.tr("Fee"), fees),
            (self.tr("Time limit"), limits),
        ):
            inside.addWidget(label(f"{words}: {said}"))
        self.content.addWidget(frame)
        self._count()
        printing = button(self.tr("Print"), lambda: self._print(case, found), name="printAction", icon="print")
        printing.setShortcut(shortcuts.PRINT)
        self.set_actions(
            back=(self.tr("Change answers"), self._change),
            others=(
                printing,
                button(self.tr("QR code"), lambda: self._take_away(case, found), name="qrAction", icon="qr_code_2"),
            ),
            primary=(self.tr("Start the dossier"), lambda: self._start(case)),
        )

    def _paper(self, item: ChecklistItem) -> QWidget:
        holder = QWidget()
        inside = QHBoxLayout(holder)
        inside.setContentsMargins(4, 6, 4, 6)
        box = QCheckBox()
        box.setObjectName(f"paper_{item.paper}")
        box.setAccessibleName(item.name)
        box.toggled.connect(lambda is_on: self._tick(item.paper, is_on))
        self._boxes.append(box)
        inside.addWidget(box)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(item.name, "strong"))
        words.addWidget(label(paper_words(item), "muted"))
        for said in (reason_words(item), *instead_words(item)):
            if said:
                words.addWidget(label(said, "small"))
        inside.addLayout(words, 1)
        return holder

    def _tick(self, paper: PaperId, is_on: bool) -> None:
        (self._at_hand.add if is_on else self._at_hand.discard)(paper)
        self._count()

    def _count(self) -> None:
        needed = len(self._boxes)
        said = self.tr("You have %1 of %2").replace("%1", str(len(self._at_hand))).replace("%2", str(needed))
        self._counted.setText(f"{said}   ·   " + self.tr("tick what the family has"))

    def _change(self) -> None:
        if self._route.full:
            self._desk.navigator.back()
            return
        paths = list(self._route.answers)
        self._desk.navigator.replace(CaseQuestion(self._route.code, self._route.answers, paths[0] if paths else None))

    def _print(self, case: Case, found: Checklist) -> None:
        day = province_date(self._desk.clock.now())
        print_document(self, checklist_sheet(case.procedure, found, self._desk.language, day))

    def _take_away(self, case: Case, found: Checklist) -> None:
        text = take_away_text(case.procedure, found, self._desk.language)
        dialog = QDialog(self)
        dialog.setObjectName("takeAway")
        dialog.setWindowTitle(self.tr("QR code"))
        inside = QVBoxLayout(dialog)
        inside.addWidget(label(self.tr("The list itself, as text. No network and no personal data."), "strong"))
        inside.addWidget(QrView(modules_of(text), 340, self.tr("QR code of the list")))
        inside.addWidget(button(self.tr("Close"), dialog.accept, kind="primary"))
        dialog.open()

    def _start(self, case: Case) -> None:
        desk = self._desk
        answers = case.answers()
        at_hand = frozenset(self._at_hand)

        def begun(dossier: DossierId) -> None:
            desk.navigator.replace(DossierTasks(dossier))

        home = desk.navigator.came_by(Visits)  # begun at a home of a visit list: it stands there
        visited = (home.list_id, home.home) if home is not None and home.list_id and home.home else None
        code = self._route.code
        desk.work.run(lambda: start_dossier(desk.machine, code, answers, at_hand, visited=visited), owner=self).then(
            begun
        ).on_trouble(lambda wrong: tell(self.content, wrong))


def make(desk: Desk, route: PersonalChecklist) -> ChecklistScreen:
    return ChecklistScreen(desk, route)
