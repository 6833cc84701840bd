"""One page of a section: every answer is kept as it is given; what is wrong is told on Continue."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget
from shiboken6 import isValid

from bnhelper.actions.answer_question import (
    add_instance,
    answer_questions,
    remove_instance,
    resume_draft,
    set_position,
)
from bnhelper.domain.dossier import DossierRow
from bnhelper.errors import KnownTrouble
from bnhelper.forms.questions import RepeatPlace
from bnhelper.forms.rich_text import plain_text
from bnhelper.ids import FieldPath
from bnhelper.queries.dossier_list import same_person
from bnhelper.queries.dossier_tasks import QuestionPage, page_of, question_page
from bnhelper.queries.earlier_answers import EarlierAnswers, earlier_answers
from bnhelper.queries.question_files import question_file
from bnhelper.vault.disk import DiskFailed, DiskFull, DiskReadOnly
from ui import shortcuts
from ui.presenters.desk import Desk
from ui.presenters.routes import DossierTasks, Question, SupplementPage
from ui.screens.question_files import bring_pictures, media_of
from ui.screens.step_back import StepBack
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import button, card, clear, label, row, wrapped
from ui.widgets.question_field import QuestionField
from ui.words import formats

_OF_THE_DISK = (DiskFull, DiskReadOnly, DiskFailed)
_LONGEST_OFFER = 60  #: letters of an earlier answer that fit beside its section on a small screen


class QuestionScreen(Page):
    """Fields of one page. Leaving keeps what is typed; there is no "save?"."""

    MOST_WIDTH = 840  # lines of at most some 75 letters

    def __init__(self, desk: Desk, route: Question) -> None:
        super().__init__()
        self._desk = desk
        self._route = route
        self._page: QuestionPage | None = None
        self._fields: dict[FieldPath, QuestionField] = {}
        self._given: dict[FieldPath, str] = {}  # on its way to the disk: newer than what is read meanwhile
        self._is_checking = False
        self._stepped = ""  # what was taken back or brought back a moment ago, in words
        self._steps = StepBack(self, desk, route.dossier, self._walked)
        self._load(is_first=True)

    def first_focus(self) -> QWidget | None:
        return None

    def may_leave(self) -> None:
        for field in self._fields.values():
            field.commit()

    def _load(self, *, is_first: bool = False) -> None:
        desk, route = self._desk, self._route

        def load() -> tuple[QuestionPage, EarlierAnswers]:
            if is_first:
                resume_draft(desk.machine, route.dossier)  # "go on where you were" leads here, past the list
                set_position(desk.machine, route.dossier, "question", f"{route.section}/{route.page}")
            page = question_page(desk.machine, route.dossier, route.section, route.page, desk.language)
            return page, earlier_answers(desk.machine, route.dossier, page, desk.language)

        def draw(loaded: tuple[QuestionPage, EarlierAnswers]) -> None:
            self._draw(loaded[0])
            self._offer(loaded[1])

        desk.work.run(load, owner=self).then(draw).on_trouble(lambda wrong: tell(self.content, wrong))

    def _draw(self, page: QuestionPage) -> None:
        had_focus = next(
            (path for path, field in self._fields.items() if field.isAncestorOf(self.focusWidget() or self)), None
        )
        same = (
            self._page is not None
            and [one.path for one in self._page.questions] == [one.path for one in page.questions]
            and self._page.repeat == page.repeat
        )
        self._page = page
        desk = self._desk
        number = ""
        if page.pages > 1:
            number = " · " + self.tr("page %1 of %2").replace("%1", str(page.page + 1)).replace("%2", str(page.pages))
        shown = page.section.pages[page.page]
        self.set_title(
            page.section.title if shown.repeat is None else shown.title, page.row.title(desk.language) + number
        )
        saved = self.tr("Saved %1").replace("%1", formats.when(page.saved_at, desk.clock.now(), desk.language))
        if self._stepped:
            saved, had_focus = self._stepped, None  # also what has the focus is drawn anew
        if same:
            for question in page.questions:
                field = self._fields[question.path]
                field.set_words(question)
                value = self._given.get(question.path, question.value)
                if field.value() != value and question.path != had_focus:
                    field.set_value(value)
            self.note.setText(saved)
        else:
            self._build(page)
            others = (
                button(self.tr("Undo"), self._steps.undo, name="undo", icon="undo", tip=shortcuts.UNDO),
                button(self.tr("Redo"), self._steps.redo, name="redo", icon="redo", tip=shortcuts.REDO),
            )
            self.set_actions(
                back=(self.tr("Back"), self._back),
                note=saved,
                others=others,
                primary=(self.tr("Continue"), self._continue),
            )
            target = self._fields.get(had_focus or self._route.field or FieldPath(""))
            target = target or next((one for one in self._fields.values() if one.isEnabled()), None)
            if target is not None:
                target.focus_field()
                self.scroller.ensureWidgetVisible(target)
        if self._is_checking:
            self._show_problems()

    def _build(self, page: QuestionPage) -> None:
        self.may_leave()  # what is half typed goes over to the field that takes its place
        clear(self.content)
        self._fields = {}
        waiting = self._desk.unsaved.of(self._route.dossier)
        notes = {"card": self.tr("Filled in from the ID card"), "earlier": self.tr("From an earlier answer")}
        for question in page.questions:
            field = QuestionField(
                question,
                is_editable=page.editable.field(question.path),
                note=notes.get(page.origins.get(question.path, ""), ""),
                media=media_of(question, plain_text(question.label), self._file, self._desk.work),
            )
            if question.path in waiting:
                field.set_value(waiting[question.path])
                field.not_kept()
            elif question.path in self._given:
                field.set_value(self._given[question.path])
            if field.pictures.has_any:
                bring_pictures(field.pictures, self._file, self._desk.work)
            field.committed.connect(self._keep)
            self._fields[question.path] = field
            self.content.addWidget(field)
        self._steps.watch()
        if page.repeat is not None:
            self._offer_instances(page.repeat, page.section.pages[page.page].title)

    def _file(self, name: str) -> bytes | None:
        return question_file(self._desk.machine, self._route.dossier, name)

    # --- instances of a repeat -----------------------------------------------------------------------------

    def _offer_instances(self, repeat: RepeatPlace, title: str) -> None:
        if repeat.position == 0:
            self.content.addWidget(label(self.tr("None yet. Add the first one if there is one."), "muted"))
        deeds = []
        if repeat.may_add:
            words = self.tr("Add: %1") if repeat.position == 0 else self.tr("Add another: %1")
            words = words.replace("%1", repeat.label)
            deeds.append(button(words, partial(self._add, repeat), name="addInstance"))
        if repeat.may_remove and repeat.position:
            words = self.tr("Remove: %1").replace("%1", title)
            deeds.append(button(words, partial(self._remove, repeat), kind="danger", name="removeInstance"))
        for deed in deeds:
            deed.setText(wrapped(deed.text(), deed))
            self.content.addWidget(deed, 0, Qt.AlignmentFlag.AlignLeft)

    def _add(self, repeat: RepeatPlace) -> None:
        self.may_leave()
        desk, dossier = self._desk, self._route.dossier

        def add() -> tuple[str, int]:
            return page_of(desk.machine, dossier, add_instance(desk.machine, dossier, repeat.path), desk.language)

        desk.work.run(add, owner=self).then(self._go_to).on_trouble(lambda wrong: tell(self.content, wrong))

    def _remove(self, repeat: RepeatPlace) -> None:
        """Take the instance out at once: undo brings it back, and stands beside."""
        self.may_leave()
        desk, dossier = self._desk, self._route.dossier

        def remove() -> tuple[str, int]:
            remove_instance(desk.machine, dossier, repeat.path, repeat.position)
            left = max(1, repeat.position - 1)
            for place in (FieldPath(f"{repeat.path}[{left}]"), repeat.path):
                found = page_of(desk.machine, dossier, place, desk.language)
                if found[1]:
                    return found
            return self._route.section, 0

        desk.work.run(remove, owner=self).then(self._go_to).on_trouble(lambda wrong: tell(self.content, wrong))

    def _go_to(self, place: tuple[str, int]) -> None:
        self._desk.navigator.replace(Question(self._route.dossier, *place))

    def _offer(self, earlier: EarlierAnswers) -> None:
        """Show what was said before: one button for a whole person, one line below a field."""
        for old in self.findChildren(QWidget, "earlier"):
            old.setObjectName("")
            old.hide()
            old.deleteLater()
        language, now = self._desk.language, self._desk.clock.now()
        for person in earlier.persons:
            said = self.tr("The applicant is meant here: fill in %1 fields")
            if person.earlier is not None:
                said = self.tr("Known from %2, %3: fill in %1 fields")
                said = said.replace("%2", person.earlier.readable_code)
                said = said.replace("%3", formats.when(person.earlier.changed_at, now, language))
            words = said.replace("%1", str(len(person.values)))
            offered = button(words, partial(self._take, person.values), name="earlier", icon="person")
            place = QWidget()
            place.setObjectName("earlier")
            line = row(offered, None)
            line.setContentsMargins(0, 0, 0, 0)
            place.setLayout(line)
            self.content.insertWidget(0, place)
        for one in earlier.fields:
            said = self.tr("Same as “%1”: %2").replace("%1", one.section)
            short = one.value if len(one.value) <= _LONGEST_OFFER else one.value[:_LONGEST_OFFER].rstrip() + "…"
            take = partial(self._take, {one.path: one.value})
            offered = button(said.replace("%2", short), take, kind="link", name="earlier")
            offered.setToolTip(said.replace("%2", one.value))
            offered.setAccessibleName(said.replace("%2", one.value))
            self.content.insertWidget(self.content.indexOf(self._fields[one.path]) + 1, offered)

    def _take(self, values: Mapping[FieldPath, str]) -> None:
        desk, dossier = self._desk, self._route.dossier
        desk.work.run(lambda: answer_questions(desk.machine, dossier, values, "earlier"), owner=self).then(
            lambda _saved: self._load()
        ).on_trouble(lambda wrong: tell(self.content, wrong))

    # --- keeping -------------------------------------------------------------------------------------------

    def _keep(self, path: str, value: str) -> None:
        """Keep one answer, and with it what the disk refused before; also when this screen is gone by then."""
        self._stepped = ""
        desk, dossier, changed = self._desk, self._route.dossier, FieldPath(path)
        self._given[changed] = value

        def keep() -> dict[FieldPath, str]:
            values = {**desk.unsaved.of(dossier), changed: value}
            answer_questions(desk.machine, dossier, values)
            return values

        def kept(values: dict[FieldPath, str]) -> None:
            desk.unsaved.superseded(dossier, changed)
            desk.unsaved.kept(dossier, values)
            self._is_over(changed, value)
            if isValid(self) and self.isVisible():
                self._kept(path, value)

        desk.work.run(keep).then(kept).on_trouble(lambda wrong: self._not_kept(changed, value, wrong))

    def _is_over(self, path: FieldPath, value: str) -> None:
        if self._given.get(path) == value:
            del self._given[path]

    def _not_kept(self, path: FieldPath, value: str, wrong: BaseException) -> None:
        """The words stay: on the screen while it is there, in memory until the disk takes them."""
        self._is_over(path, value)
        desk, dossier = self._desk, self._route.dossier
        is_of_the_disk = isinstance(wrong, _OF_THE_DISK)
        if is_of_the_disk:
            desk.unsaved.refused(dossier, path, value)
        if not isinstance(wrong, KnownTrouble) or not isValid(self) or not self.isVisible():
            desk.tell(wrong)
            return
        if is_of_the_disk and path in self._fields:
            self._fields[path].not_kept()
        tell(self.content, wrong)

    def _kept(self, path: str, value: str) -> None:
        self._load()
        if path.endswith("/applicant/id_number") and self._page is not None:
            row = self._page.row
            self._desk.work.run(lambda: same_person(self._desk.machine, row.procedure, value, row.id), owner=self).then(
                self._tell_same_person
            )

    def _tell_same_person(self, others: list[DossierRow]) -> None:
        known = self.findChild(QFrame, "samePerson")
        if others and known is None:
            frame, inside = card("warn")
            frame.setObjectName("samePerson")
            said = self.tr("This person already has a dossier of this kind: %1")
            inside.addWidget(label(said.replace("%1", ", ".join(one.readable_code for one in others)), "strong"))
            inside.addWidget(
                button(self.tr("Open it"), lambda: self._desk.navigator.go(DossierTasks(others[0].id)), kind="link")
            )
            self.content.insertWidget(0, frame)

    def _walked(self, said: str) -> None:
        """Say which step it was: it may stand on another page."""
        self._stepped = said
        self._load()

    # --- going on ------------------------------------------------------------------------------------------

    def _continue(self) -> None:
        self.may_leave()
        desk, route = self._desk, self._route
        desk.work.run(
            lambda: question_page(desk.machine, route.dossier, route.section, route.page, desk.language), owner=self
        ).then(self._checked).on_trouble(lambda wrong: tell(self.content, wrong))

    def _checked(self, page: QuestionPage) -> None:
        self._is_checking = True
        self._draw(page)
        open_problems = [one for one in page.questions if one.problem is not None and page.editable.field(one.path)]
        if open_problems:
            summary = self.findChild(QFrame, "errorSummary")
            self.scroller.verticalScrollBar().setValue(0)
            if summary is not None:
                summary.setFocus()
            return
        if self._route.back_to_check:
            self._desk.navigator.back()
        elif page.row.is_supplement:
            self._desk.navigator.replace(SupplementPage(page.row.id))
        elif page.page + 1 < page.pages:
            self._desk.navigator.replace(Question(page.row.id, page.section.id, page.page + 1))
        else:
            self._desk.navigator.back()

    def _show_problems(self) -> None:
        page = self._page
        assert page is not None
        old = self.findChild(QFrame, "errorSummary")
        if old is not None:
            old.setObjectName("")
            old.hide()
            old.deleteLater()
        wrong = [one for one in page.questions if one.problem is not None and page.editable.field(one.path)]
        for question in page.questions:
            said = question.problem.message(self._desk.language) if question.problem is not None else ""
            if question.problem is not None and not said:
                said = (
                    self.tr("Choose one of the offered answers") if question.choices else self.tr("Check this answer")
                )
            self._fields[question.path].set_error(said if question in wrong else "")
        if not wrong:
            return
        frame, inside = card("trouble")
        frame.setObjectName("errorSummary")
        frame.setFocusPolicy(frame.focusPolicy().StrongFocus)
        title = formats.counted(
            len(wrong), self.tr("There is 1 thing to check"), self.tr("There are %1 things to check")
        )
        inside.addWidget(label(title, "strong"))
        frame.setAccessibleName(title)
        for question in wrong:
            assert question.problem is not None
            said = question.problem.message(self._desk.language) or plain_text(question.label)
            inside.addWidget(button(f"• {said}", self._fields[question.path].focus_field, kind="link"))
        self.content.insertWidget(0, frame)

    def _back(self) -> None:
        self.may_leave()
        self._desk.navigator.back()


def make(desk: Desk, route: Question) -> QuestionScreen:
    return QuestionScreen(desk, route)
