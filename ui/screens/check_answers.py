"""Everything once more before locking: gaps first, each row with its way to change it."""

from functools import partial

from PySide6.QtWidgets import QGridLayout

from bnhelper.actions.answer_question import resume_draft
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.domain.sending import Gate
from bnhelper.forms.questions import Question as FormQuestion
from bnhelper.forms.rich_text import plain_text
from bnhelper.queries.dossier_tasks import DossierTasks, dossier_tasks
from ui.presenters import routes
from ui.presenters.desk import Desk
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, heading, label
from ui.words import formats

_FIRST_GAPS = 8  #: so many are named on top; the rest are marked in their rows


class CheckAnswersScreen(Page):
    """The lock button is always enabled; pressed early it says what is missing."""

    MOST_WIDTH = 920  # lines of at most some 75 letters

    def __init__(self, desk: Desk, route: routes.CheckAnswers) -> None:
        super().__init__()
        self._desk = desk
        self._route = route
        self.set_title(self.tr("Check before locking"))

        def load() -> DossierTasks:
            resume_draft(desk.machine, route.dossier)
            return dossier_tasks(desk.machine, route.dossier, desk.language)

        desk.work.run(load, owner=self).then(self._draw).on_trouble(lambda wrong: tell(self.content, wrong))

    def _draw(self, tasks: DossierTasks) -> None:
        desk, one = self._desk, tasks.row
        who = " · ".join(part for part in (one.title(desk.language), one.applicant, one.readable_code) if part)
        self.set_title(self.tr("Check before locking"), who)
        self._gaps(tasks)
        for section in tasks.form_sections:
            heading(self.content, section.title)
            frame, inside = card()
            grid = QGridLayout()
            grid.setHorizontalSpacing(24)
            grid.setVerticalSpacing(4)
            line = 0
            for page_number, page in enumerate(section.pages):
                for question in page.questions:
                    if question.kind == "note":
                        continue
                    grid.addWidget(label(plain_text(question.label), "muted"), line, 0)
                    role = "error" if question.problem is not None else ""
                    grid.addWidget(label(self._shown(question), role), line, 1)
                    if tasks.editable.field(question.path):
                        target = routes.Question(one.id, section.id, page_number, question.path, back_to_check=True)
                        change = button(self.tr("Change"), partial(desk.navigator.go, target), kind="link")
                        change.setAccessibleName(self.tr("Change") + f": {plain_text(question.label)}")
                        grid.addWidget(change, line, 2)
                    line += 1
            grid.setColumnMinimumWidth(0, 200)
            grid.setColumnStretch(1, 1)
            inside.addLayout(grid)
            self.content.addWidget(frame)
        heading(self.content, self.tr("Papers"))
        frame, inside = card()
        for paper in tasks.papers:
            files = len(paper.photos)
            count = formats.counted(files, self.tr("1 file"), self.tr("%1 files")) if files else ""
            state = count or (self.tr("shown") if paper.is_shown else "")
            if not state:
                state = "" if paper.item.kind in {"eform", "data", "note"} else self.tr("nothing yet")
            inside.addWidget(label(" · ".join(part for part in (paper.item.name, state) if part)))
        inside.addWidget(
            button(
                self.tr("Change"), lambda: desk.navigator.go(routes.TakePhoto(one.id)), kind="link", name="changePapers"
            )
        )
        self.content.addWidget(frame)
        self.content.addWidget(
            label(
                self.tr(
                    "After locking it stays on this machine, waiting, and is sent when there is a network. Until then it can be unlocked again."
                ),
                "small",
            )
        )
        is_open = desk.link.gate is Gate.OPEN
        words = self.tr("Lock and send") if is_open else self.tr("Lock the dossier")
        if one.is_supplement:
            words = self.tr("Lock the supplement")
        self.set_actions(back=(self.tr("Sections"), desk.navigator.back), primary=(words, lambda: self._lock(tasks)))

    def _gaps(self, tasks: DossierTasks) -> None:
        desk, one = self._desk, tasks.row
        gaps = [
            (section, number, question)
            for section in tasks.form_sections
            for number, page in enumerate(section.pages)
            for question in page.questions
            if question.problem is not None
        ]
        if gaps or not tasks.has_consent:
            frame, inside = card("trouble")
            frame.setObjectName("gaps")
            count = len(gaps) + int(not tasks.has_consent)
            said = formats.counted(
                count, self.tr("1 required thing is missing"), self.tr("%1 required things are missing")
            )
            inside.addWidget(label(said, "strong"))
            for section, number, question in gaps[:_FIRST_GAPS]:
                target = routes.Question(one.id, section.id, number, question.path, back_to_check=True)
                assert question.problem is not None
                asked = question.problem.message(desk.language) or question.label
                inside.addWidget(
                    button(
                        f"• {section.title}: {asked}",
                        partial(desk.navigator.go, target),
                        kind="link",
                        name=f"gap_{question.path.rpartition('/')[2]}",
                    )
                )
            if not tasks.has_consent:
                inside.addWidget(
                    button(
                        ("• " + self.tr("Consent to file this dossier")),
                        lambda: desk.navigator.go(routes.Consent(one.id)),
                        kind="link",
                        name="gap_consent",
                    )
                )
            if len(gaps) > _FIRST_GAPS:
                more = len(gaps) - _FIRST_GAPS
                inside.addWidget(
                    label(formats.counted(more, self.tr("and 1 more below"), self.tr("and %1 more below")), "muted")
                )
            self.content.addWidget(frame)
        missing = [paper for paper in tasks.papers if paper.item.need == "needed" and not paper.is_done]
        if missing:
            names = ", ".join(paper.item.name for paper in missing[:3])
            self.content.addWidget(
                banner(
                    "warn",
                    formats.counted(
                        len(missing),
                        self.tr("1 thing worth a look; you can still lock"),
                        self.tr("%1 things worth a look; you can still lock"),
                    ),
                    self.tr("No file yet: %1").replace("%1", names),
                )
            )

    def _shown(self, question: FormQuestion) -> str:
        if not question.value:
            return self.tr("Left blank")
        if question.choices:
            return next((one.label for one in question.choices if one.value == question.value), question.value)
        if question.path.endswith("id_number"):
            return formats.masked_number(question.value)
        return formats.shown_date(question.value) if question.appearance.startswith("bn-date") else question.value

    def _lock(self, tasks: DossierTasks) -> None:
        desk, dossier = self._desk, self._route.dossier

        def locked(_sealed: object) -> None:
            desk.changed()
            if tasks.row.is_supplement:
                desk.navigator.replace(routes.SupplementPage(dossier))
            else:
                desk.navigator.replace(routes.ReceiptPage(dossier))

        def refused(wrong: BaseException) -> None:
            self.scroller.verticalScrollBar().setValue(0)
            tell(self.content, wrong)

        desk.work.run(lambda: lock_dossier(desk.machine, dossier), owner=self).then(locked).on_trouble(refused)


def make(desk: Desk, route: routes.CheckAnswers) -> CheckAnswersScreen:
    return CheckAnswersScreen(desk, route)
