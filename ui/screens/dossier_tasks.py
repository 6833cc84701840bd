"""The task list of one dossier."""

from functools import partial

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from bnhelper.queries.dossier_tasks import CHECK, DONE, PARTIAL, DossierTasks, dossier_tasks
from ui import shortcuts
from ui.presenters import routes
from ui.presenters.desk import Desk
from ui.screens.trouble import tell
from ui.widgets.chip import Chip, status_chip
from ui.widgets.page import Page
from ui.widgets.parts import RowButton, banner, button, card, heading, label
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
        desk.work.run(lambda: dossier_tasks(desk.machine, route.dossier, desk.language), owner=self).then(
            self._draw
        ).on_trouble(lambda wrong: tell(self.content, wrong))

    def first_focus(self) -> QWidget | None:
        return self._rows.get(self._route.focus) or next(iter(self._rows.values()), None)

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
        saved = self.tr("Saved %1").replace("%1", formats.when(one.changed_at, desk.clock.now(), desk.language))
        if one.is_sealed:
            primary = (self.tr("Status"), lambda: desk.navigator.go(routes.SupplementPage(dossier)))
        else:
            primary = (self.tr("Check and lock"), lambda: desk.navigator.go(routes.CheckAnswers(dossier)))
        self.set_actions(back=(self.tr("Back"), desk.navigator.back), note=saved, primary=primary)
        focus = self.first_focus()
        if focus is not None:
            focus.setFocus()

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
