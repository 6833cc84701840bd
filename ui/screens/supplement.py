"""Where a sealed dossier is, what the officer asks for, and everything that happened to it."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QFrame

from bnhelper.actions.answer_supplement import answer_supplement
from bnhelper.actions.lock_dossier import send_again
from bnhelper.domain.custody import MENDED_BY_EDITING, StatusKey
from bnhelper.ids import PaperId
from bnhelper.queries.dossier_status import DossierStatus, TimelineRow, dossier_status
from bnhelper.queries.dossier_tasks import photo_bytes
from ui.presenters import routes
from ui.presenters.desk import Desk
from ui.presenters.mending import first_place, names_of, open_to_mend
from ui.screens.trouble import tell
from ui.widgets.chip import status_chip
from ui.widgets.page import Page
from ui.widgets.parts import RowButton, banner, button, card, clear, heading, label, row
from ui.words import formats
from ui.words.held_words import HELD, held_words
from ui.words.province_words import province_word


class SupplementScreen(Page):
    """The officer's own words first, then exactly the rows they name."""

    MOST_WIDTH = 920  # lines of at most some 75 letters

    def __init__(self, desk: Desk, route: routes.SupplementPage) -> None:
        super().__init__()
        self._desk = desk
        self._route = route
        self._shown: DossierStatus | None = None
        self.set_title(self.tr("Status"))
        self.refresh()

    def refresh(self) -> None:
        """Ask the store again; called when news arrived."""
        desk = self._desk
        desk.work.run(lambda: dossier_status(desk.machine, self._route.dossier, desk.language), owner=self).then(
            self._draw
        ).on_trouble(lambda wrong: tell(self.content, wrong))

    def _draw(self, status: DossierStatus) -> None:
        desk, one = self._desk, status.row
        if status == self._shown:
            return  # nothing is drawn anew under the finger without news
        self._shown = status
        clear(self.content)
        number = one.office_number or ""
        self.set_title(
            " · ".join(part for part in (one.title(desk.language), one.applicant) if part),
            " · ".join(part for part in (number, one.readable_code) if part),
        )
        heard = ""
        if status.heard_at is not None:
            heard = self.tr("as of %1").replace("%1", formats.when(status.heard_at, desk.clock.now(), desk.language))
        self.add_row(status_chip(one.status), label(heard, "small"), None)
        if status.promised_at is not None and status.counted_from is not None:
            self.content.addWidget(self._promise(status.promised_at, status.counted_from))
        if one.status is StatusKey.SENDFAIL:
            self._refused(status)
        if one.status is StatusKey.READY:
            self.content.addWidget(banner("note", self.tr("Locked on this machine. Not sent yet."), name="truth"))
        primary: tuple[str, Callable[[], object]] = (
            self.tr("Back to Today"),
            lambda: desk.navigator.go(routes.Today()),
        )
        if one.status is StatusKey.SUPPLEMENT:
            primary = self._asked(status)
        elif one.status is StatusKey.SENDFAIL:
            primary = (self.tr("Send again"), self._send_again)
            if one.held_code in MENDED_BY_EDITING:
                primary = (self.tr("Open to mend"), partial(self._open_to_mend, status))
        if one.status is StatusKey.RESULT:
            self.content.addWidget(
                banner(
                    "good",
                    self.tr("Result ready. Hand it over at home, or collect it at the ward."),
                    status.result_name,
                )
            )
        self._timeline(status)
        others = [
            button(
                self.tr("Answers and papers"),
                lambda: desk.navigator.go(routes.DossierTasks(one.id)),
                name="readDossier",
            ),
            button(self.tr("Slip"), lambda: desk.navigator.go(routes.ReceiptPage(one.id)), name="showSlip"),
        ]
        if status.result_photo is not None:
            others.insert(
                0,
                button(
                    self.tr("Save the result"),
                    partial(self._save_result, status),
                    name="saveResult",
                    icon="picture_as_pdf",
                ),
            )
        self.set_actions(back=(self.tr("Back"), desk.navigator.back), others=tuple(others), primary=primary)

    def _refused(self, status: DossierStatus) -> None:
        """Say why it waits here, what mends it, and which places are meant."""
        one, language = status.row, self._desk.language
        why, then = held_words(one.held_code or "", language)
        self.content.addWidget(banner("trouble", why, then, name="held"))
        names = names_of(status.fields, status.papers)
        if names:
            heading(self.content, self.tr("To be mended"))
            for name in names:
                self.content.addWidget(label(f"●  {name}"))
        code = " ".join(part for part in (one.held_code or "", one.held_detail or "") if part)
        self.content.addWidget(label(self.tr("For the help desk: %1").replace("%1", code), "small"))
        rescue = partial(self._desk.navigator.go, routes.CarryByUsb(one.id))
        roads = [button(self.tr("Save to USB for the help desk"), rescue, name="rescue")]
        if one.held_code in MENDED_BY_EDITING:
            roads.insert(0, button(self.tr("Send again"), self._send_again, name="again"))
        self.content.addLayout(row(*roads, None))

    def _open_to_mend(self, status: DossierStatus) -> None:
        target = first_place(status.row.id, status.fields, status.papers)
        open_to_mend(self._desk, status.row.id, target, owner=self, failed=lambda wrong: tell(self.content, wrong))

    def _promise(self, due: dt.datetime, counted_from: dt.datetime) -> QFrame:
        """Say when the result is due, and from when that was counted; never from the capture at home."""
        day = f"{formats.weekday(due, self._desk.language)} {formats.date(due)}"
        since = f"{formats.clock_time(counted_from)} {formats.date(counted_from)}"
        return banner(
            "note",
            self.tr("Result expected by %1").replace("%1", day),
            self.tr("Counted from %1, when the office received it. The official receipt decides.").replace("%1", since),
            name="promise",
        )

    def _asked(self, status: DossierStatus) -> tuple[str, Callable[[], object]]:
        """Draw what is asked; return the primary action: mend, or lock when everything named was looked at."""
        one = status.row
        frame, inside = card("warn")
        frame.setObjectName("officerNote")
        when = formats.date(status.asked_at) + " " + formats.clock_time(status.asked_at) if status.asked_at else ""
        inside.addWidget(
            label(" · ".join(part for part in (self.tr("The officer wrote"), when, status.officer) if part), "strong")
        )
        inside.addWidget(label(f"“{status.note}”"))
        if status.deadline is not None:
            inside.addWidget(label(self.tr("due %1").replace("%1", formats.date(status.deadline)), "strong"))
        self.content.addWidget(frame)
        count = len(status.fields) + len(status.papers)
        heading(self.content, self.tr("To do (%1)").replace("%1", str(count)))
        frame, inside = card(margin=0, spacing=0)
        for field in status.fields:
            word = self.tr("changed") if field.is_changed else self.tr("to be mended")
            made = RowButton(
                field.label,
                word,
                None,
                partial(self._mend, routes.Question(one.id, field.section, field.page, field.path)),
                name=f"asked_{field.path.rpartition('/')[2]}",
            )
            inside.addWidget(made)
        for paper in status.papers:
            made = RowButton(
                paper.name,
                self.tr("new photo"),
                None,
                partial(self._mend, self._photo(paper.paper)),
                name=f"asked_{paper.paper}",
            )
            inside.addWidget(made)
        self.content.addWidget(frame)
        is_begun = one.is_supplement
        all_looked_at = is_begun and all(field.is_changed for field in status.fields)
        if all_looked_at:
            return self.tr("Check and lock the supplement"), lambda: self._desk.navigator.go(
                routes.CheckAnswers(one.id)
            )
        first = next((field for field in status.fields if not field.is_changed), None)
        if first is not None:
            target: routes.Route = routes.Question(one.id, first.section, first.page, first.path)
        else:
            target = self._photo(status.papers[0].paper) if status.papers else routes.DossierTasks(one.id)
        words = formats.counted(count, self.tr("Fix 1 thing"), self.tr("Fix %1 things"))
        return words, partial(self._mend, target)

    def _photo(self, paper: PaperId) -> routes.TakePhoto:
        return routes.TakePhoto(self._route.dossier, paper)

    def _mend(self, target: routes.Route) -> None:
        desk, dossier = self._desk, self._route.dossier
        desk.work.run(lambda: answer_supplement(desk.machine, dossier), owner=self).then(
            lambda _revision: desk.navigator.go(target)
        ).on_trouble(lambda wrong: tell(self.content, wrong))

    def _send_again(self) -> None:
        desk, dossier = self._desk, self._route.dossier

        def queued(_none: None) -> None:
            desk.changed()
            self.refresh()

        desk.work.run(lambda: send_again(desk.machine, dossier), owner=self).then(queued).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _save_result(self, status: DossierStatus) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the result"), status.result_name or "ket-qua.pdf", "*.pdf"
        )
        photo, desk = status.result_photo, self._desk
        if path and photo is not None:
            desk.work.run(lambda: Path(path).write_bytes(photo_bytes(desk.machine, photo)), owner=self).on_trouble(
                lambda wrong: tell(self.content, wrong)
            )

    def _timeline(self, status: DossierStatus) -> None:
        heading(self.content, self.tr("Timeline"))
        if not status.timeline:
            self.content.addWidget(label(self.tr("No word from the province yet. It usually takes a working day.")))
        for event in status.timeline:
            self.content.addWidget(label(self._event(event)))

    def _event(self, event: TimelineRow) -> str:
        words = {
            "begun": self.tr("Begun on this machine"),
            "moved-pack": self.tr("Moved to another version of the procedures"),
            "consented": self.tr("Consent given"),
            "consent_withdrawn": self.tr("Consent taken back"),
            "sealed": self.tr("Locked on this machine"),
            "unlocked": self.tr("Unlocked again"),
            "proved": self.tr("Reached the province"),
            "arrived_after_all": self.tr(
                "The first version arrived by another way: the one made again is not sent; ask the office for changes"
            ),
            "lacking": self.tr("The province does not have it: queued again"),
            "held": self.tr("Could not be sent"),
            "queued_again": self.tr("Queued again"),
            "on_ward": self.tr("On the ward's machine; the province has not confirmed it"),
            "exported": self.tr("Sealed on a stick; the province has not confirmed it"),
            "result_wrong": self.tr("The result file was not the announced one: it is asked for again later"),
            "supplement_opened": self.tr("Supplement begun"),
        }
        note = event.note
        if event.kind == "held" or note in HELD:
            note = held_words(note, self._desk.language)[0]
        elif event.kind == "unlocked":
            note = ""  # a code that says nothing to a person
        said = [
            f"{formats.date(event.at)} {formats.clock_time(event.at)}",
            words.get(event.kind) or province_word(event.kind),
            event.by,
            note,
        ]
        return "●  " + "  ·  ".join(part for part in said if part)


def make(desk: Desk, route: routes.SupplementPage) -> SupplementScreen:
    return SupplementScreen(desk, route)
