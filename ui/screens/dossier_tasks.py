"""The task list of one dossier."""

from functools import partial

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from bnhelper.actions.answer_question import resume_draft
from bnhelper.actions.move_to_newest import MovedFrom, move_back, move_to_newest
from bnhelper.catalogue.changes import Changes, LostAnswer
from bnhelper.queries.dossier_tasks import CHECK, DONE, PARTIAL, DossierTasks, dossier_tasks
from bnhelper.queries.draft_changes import DraftChanges, draft_changes
from ui import shortcuts
from ui.presenters import routes
from ui.presenters.desk import Desk
from ui.screens.procedure_words import fee_line_words, limit_words
from ui.screens.step_back import StepBack
from ui.screens.trouble import tell
from ui.widgets.chip import Chip, status_chip
from ui.widgets.page import Page
from ui.widgets.parts import RowButton, banner, button, card, heading, label, row
from ui.widgets.toast import Toast
from ui.words import formats


class DossierTasksScreen(Page):
    """Sections, papers, consent: what is done is plain, what is left stands out."""

    def __init__(self, desk: Desk, route: routes.DossierTasks) -> None:
        super().__init__()
        self._desk = desk
        self._route = route
        self._rows: dict[str, QWidget] = {}
        self.setAcceptDrops(True)
        for keys, do in (
            ("Ctrl+V", lambda: self._take(QApplication.clipboard().mimeData() is not None)),
            (shortcuts.SCAN, lambda: desk.navigator.go(routes.ScanCard(route.dossier))),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)
        self._steps = StepBack(self, desk, route.dossier, self._walked)
        self._newer = QVBoxLayout()
        self.content.addLayout(self._newer)
        desk.work.run(self._opened, owner=self).then(self._draw).on_trouble(lambda wrong: tell(self.content, wrong))
        desk.work.run(lambda: draft_changes(desk.machine, route.dossier, desk.language), owner=self).then(
            self._draw_newer
        ).on_trouble(lambda wrong: tell(self.content, wrong))

    def first_focus(self) -> QWidget | None:
        return self._rows.get(self._route.focus) or next(iter(self._rows.values()), None)

    def _opened(self) -> DossierTasks:
        """Return what there is to do (off the GUI thread); the dossier is opened here, before any page of it."""
        desk, dossier = self._desk, self._route.dossier
        resume_draft(desk.machine, dossier)
        return dossier_tasks(desk.machine, dossier, desk.language)

    def _draw(self, tasks: DossierTasks) -> None:
        desk, dossier = self._desk, self._route.dossier
        one = tasks.row
        who = f"{one.applicant} {formats.masked_number(one.id_number)}".strip()
        self.set_title(one.title(desk.language), " · ".join(part for part in (one.readable_code, who) if part))
        self.add_row(status_chip(one.status), None)
        if one.is_sealed:
            self.content.addWidget(
                banner("note", self.tr("This dossier is locked. It can be read, not changed."), name="lockedBanner")
            )
        else:
            done = self.tr("NOT sent. %1 of %2 sections filled in.")
            done = done.replace("%1", str(tasks.done_count)).replace("%2", str(tasks.total_count))
            self.content.addWidget(banner("note", done, self.tr("Fill them in, then press “Check and lock”.")))
        if not one.applicant and not one.is_sealed and not one.is_supplement:
            self.add_row(
                button(
                    self.tr("Scan the ID card to fill in 5 fields (F2)"),
                    lambda: desk.navigator.go(routes.ScanCard(dossier)),
                    name="scanCard",
                    icon="badge",
                ),
                None,
            )
        heading(self.content, self.tr("Details"))
        frame, inside = card(margin=0, spacing=0)
        for section in tasks.sections:
            missing = self.tr("missing: %1").replace("%1", ", ".join(section.missing[:3])) if section.missing else ""
            made = RowButton(
                section.title,
                missing if section.state in {PARTIAL, CHECK} else "",
                self._state(section.state),
                partial(desk.navigator.go, routes.Question(dossier, section.id)),
                name=f"row_{section.id}",
            )
            self._rows[section.id] = made
            inside.addWidget(made)
        self.content.addWidget(frame)
        heading(self.content, self.tr("Papers"))
        needed = [paper for paper in tasks.papers if paper.item.need == "needed"]
        have = sum(paper.is_done for paper in needed)
        files = sum(len(paper.photos) for paper in tasks.papers)
        said = self.tr("%1 of %2 papers, %3 files")
        said = said.replace("%1", str(have)).replace("%2", str(len(needed))).replace("%3", str(files))
        self._rows["papers"] = RowButton(
            self.tr("Photos and papers"),
            (f"{said} · " + self.tr("drag files here, or Ctrl+V to paste")),
            self._state(DONE if have == len(needed) else PARTIAL if files else ""),
            lambda: desk.navigator.go(routes.TakePhoto(dossier)),
            name="row_papers",
        )
        frame, inside = card(margin=0, spacing=0)
        inside.addWidget(self._rows["papers"])
        self.content.addWidget(frame)
        heading(self.content, self.tr("Consent"))
        self._rows["consent"] = RowButton(
            self.tr("Consent to file this dossier"),
            "",
            self._state(DONE if tasks.has_consent else ""),
            lambda: desk.navigator.go(routes.Consent(dossier)),
            name="row_consent",
        )
        frame, inside = card(margin=0, spacing=0)
        inside.addWidget(self._rows["consent"])
        self.content.addWidget(frame)
        self.add_row(
            button(
                self.tr("Data, rights, hand over"),
                lambda: desk.navigator.go(routes.DataRights(dossier)),
                kind="link",
                name="dataRights",
            ),
            button(
                self.tr("Who changed what"),
                lambda: desk.navigator.go(routes.DossierHistoryPage(dossier)),
                kind="link",
                name="openHistory",
            ),
            None,
        )
        saved = self.tr("Saved %1").replace("%1", formats.when(one.changed_at, desk.clock.now(), desk.language))
        if one.is_sealed:
            primary = (self.tr("Status"), lambda: desk.navigator.go(routes.SupplementPage(dossier)))
        else:
            primary = (self.tr("Check and lock"), lambda: desk.navigator.go(routes.CheckAnswers(dossier)))
        self.set_actions(back=(self.tr("Back"), desk.navigator.back), note=saved, primary=primary)
        focus = self.first_focus()
        if focus is not None:
            focus.setFocus()

    def _walked(self, said: str) -> None:
        """A step was taken back or brought back: draw anew, and say which."""
        self._desk.navigator.replace(self._route)
        Toast(self.window(), said)

    def _draw_newer(self, newer: DraftChanges | None) -> None:
        """A newer pack is here: say what it changes for this family, and offer to move over."""
        if newer is None:
            self._draw_left_behind()
            return
        frame, inside = card("warn")
        frame.setObjectName("newerPack")
        date = formats.shown_date(newer.built_on)
        inside.addWidget(label(self.tr("There is a newer procedure pack of %1.").replace("%1", date), "strong"))
        if newer.changes is None:
            inside.addWidget(
                label(
                    self.tr("It no longer has this procedure. Ask the one-stop desk before going on with this draft.")
                )
            )
        else:
            if newer.is_successor:
                inside.addWidget(label(self.tr("The procedure has a new code.")))
            for line in self._change_lines(newer.changes):
                inside.addWidget(label(line))
            lost = tuple(self._lost_line(one) for one in newer.changes.lost)
            move = button(self.tr("Move this draft over"), partial(self._move, lost), name="moveToNewest")
            inside.addLayout(row(move, None))
        self._newer.addWidget(frame)

    def _draw_left_behind(self) -> None:
        """The draft was just moved: what had no place is still said, where it can be copied by hand."""
        was = self._route.moved
        if was is None or not self._route.left_behind:
            return
        frame, inside = card("warn")
        frame.setObjectName("leftBehind")
        inside.addWidget(label(self.tr("Moved to the newer pack. These answers have no place in it:"), "strong"))
        for line in self._route.left_behind:
            inside.addWidget(label(line))
        inside.addWidget(label(self.tr("Every other answer was kept. Undo brings these back."), "small"))
        inside.addLayout(row(button(self.tr("Undo"), partial(self._move_back, was), name="undoMove"), None))
        self._newer.addWidget(frame)

    def _change_lines(self, found: Changes) -> list[str]:
        if found.is_empty:
            return [self.tr("Nothing changes for this family. Every answer keeps its place.")]
        lines = [self.tr("New paper: %1").replace("%1", one.name) for one in found.papers_come]
        lines += [self.tr("No longer needed: %1").replace("%1", one.name) for one in found.papers_go]
        for one in found.papers_settle:
            said = self.tr("Now needed: %1") if one.need == "needed" else self.tr("Now perhaps needed: %1")
            lines.append(said.replace("%1", one.name))
        if found.fees is not None:
            said = " / ".join(fee_line_words(one) for one in found.fees) or self.tr("No information yet")
            lines.append(self.tr("Fee now: %1").replace("%1", said))
        if found.time_limits is not None:
            said = " / ".join(limit_words(one) for one in found.time_limits) or self.tr("No information yet")
            lines.append(self.tr("Time limit now: %1").replace("%1", said))
        lines += [self.tr("To be filled in now: %1").replace("%1", one) for one in found.asked_now]
        lines += [self._lost_line(one) for one in found.lost]
        return lines

    def _lost_line(self, lost: LostAnswer) -> str:
        return self.tr("No place any more: %1 (%2)").replace("%1", lost.label).replace("%2", lost.value[:60])

    def _move(self, lost: tuple[str, ...]) -> None:
        desk, dossier = self._desk, self._route.dossier

        def moved(was: MovedFrom) -> None:
            desk.navigator.replace(routes.DossierTasks(dossier, self._route.focus, lost, was))
            if not lost:  # else the page itself says it, with the same way back
                Toast(self.window(), self.tr("Moved to the newer pack"), self.tr("Undo"), lambda: self._move_back(was))

        desk.work.run(lambda: move_to_newest(desk.machine, dossier), owner=self).then(moved).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _move_back(self, was: MovedFrom) -> None:
        desk, dossier, focus = self._desk, self._route.dossier, self._route.focus
        desk.work.run(lambda: move_back(desk.machine, dossier, was)).then(
            lambda _none: desk.navigator.replace(routes.DossierTasks(dossier, focus))
        )

    def _state(self, state: str) -> QWidget:
        if state == DONE:
            return _plain(self.tr("Filled in"))
        if state == PARTIAL:
            return Chip(self.tr("In progress"), "pending", "processingFg", "processingBg")
        if state == CHECK:
            return Chip(self.tr("Check this"), "warning", "supplementFg", "supplementBg")
        return _plain(self.tr("Not started"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._take(is_there=True)

    def _take(self, is_there: bool) -> None:
        """Files belong to a paper: the papers' page asks which."""
        if is_there:
            self._desk.navigator.go(routes.TakePhoto(self._route.dossier))


def _plain(text: str) -> QLabel:
    made = label(text, "muted")
    made.setWordWrap(False)
    return made


def make(desk: Desk, route: routes.DossierTasks) -> DossierTasksScreen:
    return DossierTasksScreen(desk, route)
