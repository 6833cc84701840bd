"""The questions that decide this family's case, one at a time; the list grows beside them."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bnhelper.catalogue.checklist import NEEDED
from bnhelper.clock import province_date
from bnhelper.ids import FieldPath, PaperId
from ui.presenters.case import Case
from ui.presenters.desk import Desk
from ui.presenters.routes import CaseQuestion, PersonalChecklist
from ui.screens.procedure_words import reason_words
from ui.screens.question_files import bring_pictures, media_of
from ui.screens.trouble import tell
from ui.widgets.choice_pictures import ChoicePictures
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, clear, label
from ui.words import formats


class CaseQuestionScreen(Page):
    """Two columns: the question with its big rows, and the list so far."""

    def __init__(self, desk: Desk, route: CaseQuestion) -> None:
        super().__init__()
        self._desk = desk
        self._route = route
        self._case: Case | None = None
        self._at: FieldPath | None = route.at
        self._did: Mapping[PaperId, str] = {}
        self._chosen = ""
        self._first: QWidget | None = None
        columns = QHBoxLayout()
        columns.setSpacing(24)
        self._left = QVBoxLayout()
        self._left.setSpacing(8)
        holder, self._right = card()
        holder.setMinimumWidth(300)
        side = QVBoxLayout()
        side.addWidget(holder)
        side.addStretch(1)
        columns.addLayout(self._left, 3)
        columns.addLayout(side, 2)
        self.content.addLayout(columns)

        def begin() -> Case:
            return Case(
                desk.machine.library.newest,
                route.code,
                route.answers,
                desk.language,
                today=lambda: province_date(desk.clock.now()),
            )

        desk.work.run(begin, owner=self).then(self._begun).on_trouble(lambda wrong: tell(self.content, wrong))

    def first_focus(self) -> QWidget | None:
        return self._first

    def _begun(self, case: Case) -> None:
        self._case = case
        if case.step(self._at) is None:
            self._finish()
            return
        self._draw()

    def _draw(self, wrong: str = "") -> None:
        case = self._case
        assert case is not None
        step = case.step(self._at)
        if step is None:
            self._finish()
            return
        self._at = step.question.path
        self._chosen = step.question.value
        number = self.tr("Question %1").replace("%1", str(step.number))
        if step.total:
            number = self.tr("Question %1 of %2").replace("%1", str(step.number)).replace("%2", str(step.total))
        self.set_title(step.question.label, f"{case.procedure.name(self._desk.language)} · {number}")
        clear(self._left)
        if wrong:
            self._left.addWidget(banner("trouble", self.tr("There is 1 thing to check"), wrong, name="errorSummary"))
        media = media_of(step.question, step.question.label, self._file, self._desk.work)
        if media is not None:
            self._left.addWidget(media)
        if step.question.hint:
            self._left.addWidget(label(step.question.hint, "muted"))
        rows = []
        pictures = ChoicePictures(step.question.choices)
        for choice in step.question.choices:
            one = button(
                choice.label,
                partial(self._choose, choice.value),
                kind="choice",
                name=f"answer_{choice.value}",
            )
            one.setCheckable(True)
            one.setChecked(choice.value == step.question.value)
            one.setAutoExclusive(True)
            one.setMinimumHeight(52)
            rows.append(one)
            pictures.place(self._left, one, choice)
        self._left.addWidget(pictures)
        if pictures.has_any:
            bring_pictures(pictures, self._file, self._desk.work)
        self._first = next((one for one in rows if one.isChecked()), rows[0] if rows else None)
        self._left.addWidget(label(self.tr("Why we ask: the answer decides which papers your family needs."), "small"))
        self._left.addStretch(1)
        self._draw_list()
        previous = case.before(step.question.path)
        self.set_actions(
            back=(
                self.tr("Previous question") if previous else self.tr("Procedure"),
                (lambda: self._go(previous)) if previous else self._desk.navigator.back,
            ),
            others=(
                button(
                    self.tr("Skip, show the full list"),
                    lambda: self._desk.navigator.go(PersonalChecklist(self._route.code, case.answers(), full=True)),
                    kind="link",
                    name="skipToFullList",
                ),
            ),
            primary=(self.tr("Continue"), self._continue),
        )
        if self._first is not None and self.isVisible():
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _file(self, name: str) -> bytes | None:
        return self._desk.machine.library.newest.beside(self._route.code, name)

    def _draw_list(self) -> None:
        case = self._case
        assert case is not None
        clear(self._right)
        self._right.addWidget(label(self.tr("Your list so far"), "h2"))
        found = case.checklist()
        marks = {"+": "+", "=": "✓"}
        for item in found.items:
            sign = marks.get(self._did.get(item.paper, ""), "✓" if item.need == NEEDED else "?")
            words = (
                f"{sign}  {item.name}"
                if item.need == NEEDED
                else (f"?  {item.name} (" + self.tr("may be needed") + ")")
            )
            self._right.addWidget(label(words, "strong" if item.paper in self._did else ""))
            if item.paper in self._did and reason_words(item):
                self._right.addWidget(label(reason_words(item), "small"))
        names = {paper.id: paper.name_vi for paper in case.procedure.papers}
        for paper, did in self._did.items():
            if did == "-":
                self._right.addWidget(
                    label((f"−  {names.get(paper, paper)} (" + self.tr("no longer needed") + ")"), "small")
                )
        if not found.items:
            self._right.addWidget(label(self.tr("No papers so far.")))
        papers = formats.counted(len(found.items), self.tr("1 paper"), self.tr("%1 papers"))
        left = formats.counted(case.open_questions(), self.tr("1 question left"), self.tr("%1 questions left"))
        self._right.addWidget(label(f"{papers} · {left}", "small"))

    def _choose(self, value: str) -> None:
        case = self._case
        assert case is not None
        assert self._at is not None
        self._chosen = value
        self._did = case.answer(self._at, value)
        self._draw_list()

    def _continue(self) -> None:
        case = self._case
        assert case is not None
        assert self._at is not None
        if not self._chosen:
            self._draw(self.tr("Choose an answer; “Not sure” is one too."))
            return
        following = case.after(self._at)
        if following is None:
            self._finish()
        else:
            self._go(following)

    def _go(self, at: FieldPath | None) -> None:
        self._at = at
        self._draw()

    def _finish(self) -> None:
        case = self._case
        assert case is not None
        self._desk.navigator.replace(PersonalChecklist(self._route.code, case.answers()))


def make(desk: Desk, route: CaseQuestion) -> CaseQuestionScreen:
    return CaseQuestionScreen(desk, route)
