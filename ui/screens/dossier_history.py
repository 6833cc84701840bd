"""Who changed what in one dossier, and when: by day, in the form's own words, the newest first."""

import re
from itertools import groupby

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bnhelper.queries.dossier_history import DossierHistory, FieldChange, HistoryRow, dossier_history
from ui import shortcuts
from ui.presenters.desk import Desk
from ui.presenters.routes import DossierHistoryPage
from ui.screens.step_back import StepBack
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import button, card, clear, heading, label
from ui.words import formats
from ui.words.province_words import province_word

_PAGE = 40  #: rows at once
_ID_NUMBER = re.compile(r"\d{9}|\d{12}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class DossierHistoryScreen(Page):
    """Only looks; taking back and bringing back walk the same journal that it shows."""

    MOST_WIDTH = 840

    def __init__(self, desk: Desk, route: DossierHistoryPage) -> None:
        super().__init__()
        self._desk = desk
        self._route = route
        self._count = _PAGE
        self._said = ""
        self.set_title(self.tr("Who changed what"))
        self._steps = StepBack(self, desk, route.dossier, self._walked)
        self._load()

    def _load(self) -> None:
        desk, dossier = self._desk, self._route.dossier
        desk.work.run(lambda: dossier_history(desk.machine, dossier, desk.language), owner=self).then(
            self._draw
        ).on_trouble(lambda wrong: tell(self.content, wrong))

    def _walked(self, said: str) -> None:
        self._said = said
        self._load()

    def _draw(self, history: DossierHistory) -> None:
        clear(self.content)
        desk, one = self._desk, history.row
        who = " · ".join(part for part in (one.title(desk.language), one.applicant, one.readable_code) if part)
        self.set_title(self.tr("Who changed what"), who)
        shown = history.rows[: self._count]
        if not shown:
            self.content.addWidget(label(self.tr("Nothing was changed yet."), "muted"))
        for day, rows in groupby(shown, key=lambda row: formats.date(row.at)):
            of_day = list(rows)
            heading(self.content, f"{formats.weekday(of_day[0].at, desk.language)} {day}")
            frame, inside = card()
            for row in of_day:
                self._add(inside, row)
            self.content.addWidget(frame)
        if len(history.rows) > len(shown):
            self.content.addWidget(button(self.tr("Show more"), self._more, kind="link", name="showMore"))
        undo = button(self.tr("Undo"), self._steps.undo, name="undo", icon="undo", tip=shortcuts.UNDO)
        redo = button(self.tr("Redo"), self._steps.redo, name="redo", icon="redo", tip=shortcuts.REDO)
        undo.setEnabled(history.can_undo)
        redo.setEnabled(history.can_redo)
        self.set_actions(back=(self.tr("Back"), desk.navigator.back), note=self._said, others=(undo, redo))

    def _more(self) -> None:
        self._count += _PAGE
        self._load()

    def _add(self, inside: QVBoxLayout, row: HistoryRow) -> None:
        """Add one thing: when and who small above, what below; the whole is one thing to a screen reader."""
        head = " · ".join(part for part in (formats.clock_time(row.at), row.by, self._origin(row)) if part)
        lines = [self._change(one) for one in row.changes] or [self._deed(row)]
        holder = QWidget()
        holder.setObjectName("historyRow")
        holder.setAccessibleName(f"{head}: {'; '.join(lines)}")
        words = QVBoxLayout(holder)
        words.setContentsMargins(0, 2, 0, 2)
        words.setSpacing(0)
        words.addWidget(label(head, "small"))
        for line in lines:
            words.addWidget(label(line, "muted" if row.is_undone else "", is_selectable=True))
        inside.addWidget(holder)

    def _origin(self, row: HistoryRow) -> str:
        said = {
            "card": self.tr("from the ID card"),
            "earlier": self.tr("from an earlier answer"),
            "case": self.tr("case questions"),
        }.get(row.origin, "")
        undone = self.tr("taken back") if row.is_undone else ""
        sent = self.tr("the province") if row.is_from_province and not row.by else ""
        return " · ".join(part for part in (said, undone, sent) if part)

    def _change(self, one: FieldChange) -> str:
        before, after = _shown(one.before), _shown(one.after)
        if not before:
            return self.tr("%1: “%2”").replace("%1", one.label).replace("%2", after)
        if not after:
            return self.tr("%1: “%2” was taken out").replace("%1", one.label).replace("%2", before)
        said = self.tr("%1: “%2” became “%3”").replace("%1", one.label)
        return said.replace("%2", before).replace("%3", after)

    def _deed(self, row: HistoryRow) -> str:
        words = {
            "answered": self.tr("The case questions were answered"),
            "dossier-begun": self.tr("Begun on this machine"),
            "dossier-sealed": self.tr("Locked on this machine"),
            "dossier-unsealed": self.tr("Unlocked again"),
            "dossier-binned": self.tr("Put into the bin"),
            "dossier-unbinned": self.tr("Taken out of the bin"),
            "supplement-opened": self.tr("Supplement begun"),
            "handed-over": self.tr("Handed over to %1"),
            "taken-over": self.tr("Taken over from %1"),
            "photo-kept": self.tr("Photo added: %1"),
            "photo-removed": self.tr("Photo removed: %1"),
            "photo-restored": self.tr("Photo put back: %1"),
            "consent-given": self.tr("Consent given"),
            "consent-withdrawn": self.tr("Consent taken back"),
        }
        said = words.get(row.kind) or province_word(row.kind)
        if "%1" in said:
            return said.replace("%1", row.about)
        return f"{said}: {row.about}" if row.about and row.is_from_province else said


def _shown(value: str) -> str:
    """Return an answer as people write it: dates the day first, an ID number with its last digits only."""
    if _ID_NUMBER.fullmatch(value):
        return formats.masked_number(value)
    return formats.shown_date(value) if _DATE.fullmatch(value) else value


def make(desk: Desk, route: DossierHistoryPage) -> DossierHistoryScreen:
    return DossierHistoryScreen(desk, route)
