"""One home beside the list: who was there, what is to be done, and how this visit ended, each in one press."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from bnhelper.domain.custody import StatusKey
from bnhelper.domain.dossier import DossierRow
from bnhelper.domain.visits import Outcome, Reason
from bnhelper.queries.visit_list import HomeToVisit
from ui.widgets.chip import status_chip
from ui.widgets.parts import button, clear, label, label_for, row
from ui.words import formats, visit_words

_OUTCOMES = (Outcome.MET, Outcome.AWAY, Outcome.LATER, Outcome.NO_NEED)
#: Somebody can go on with these; the others wait for the province, or are over.
_GOES_ON = frozenset({StatusKey.DRAFT, StatusKey.SUPPLEMENT, StatusKey.RESULT, StatusKey.SENDFAIL})
_MOST_VISITS = 3


class VisitPanel(QScrollArea):
    """Scrolls by itself; `outcome`, `need` and `begin` are what its buttons do."""

    def __init__(
        self,
        outcome: Callable[[Outcome, str | None], object],
        need: Callable[[Reason, str | None], object],
        begin: Callable[[], object],
        opened: Callable[[DossierRow], object],
    ) -> None:
        super().__init__()
        self.setObjectName("visitPanel")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._outcome, self._need, self._begin, self._opened = outcome, need, begin, opened
        frame = QFrame()
        frame.setProperty("part", "card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(6)
        self._name = label("", "h2", name="homeName")
        self._where = label("", "small")
        inside.addWidget(self._name)
        inside.addWidget(self._where)
        self._said = QVBoxLayout()
        self._said.setSpacing(2)
        inside.addLayout(self._said)
        self._needs_title = label("", "strong", name="needsHere")
        self.begin = self._pressed(button(self.tr("Begin a dossier"), self._begin, name="beginHere"))
        line = row(self._needs_title, self.begin)
        line.setStretch(0, 1)
        inside.addLayout(line)
        self._needs = QVBoxLayout()
        self._needs.setSpacing(4)
        inside.addLayout(self._needs)
        self._first_need: QPushButton | None = None
        inside.addWidget(label(self.tr("How this visit ended"), "strong"))
        self.outcomes: dict[Outcome, QPushButton] = {}
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, one in enumerate(_OUTCOMES):
            made = self._pressed(button("", partial(self._say, one), name=f"outcome_{one}"))
            self.outcomes[one] = made
            grid.addWidget(made, place // 2, place % 2)
        inside.addLayout(grid)
        self.note = QLineEdit()
        self.note.setObjectName("visitNote")
        self.note.setMaxLength(500)
        inside.addWidget(label_for(self.note, self.tr("Note, kept with the outcome")))
        inside.addWidget(self.note)
        inside.addStretch(1)
        self.setWidget(frame)
        self._home = ""

    @staticmethod
    def _pressed(one: QPushButton) -> QPushButton:
        """Let Enter press a button too: Tab, Enter is how a list is walked."""
        one.setAutoDefault(True)
        return one

    def show_home(self, one: HomeToVisit, now: dt.datetime, language: str) -> None:
        """Show a home as it is now; a note that is being typed for the same home stays."""
        home = one.home
        if home.id != self._home:
            self._home = home.id
            self.note.setText("")
            self.verticalScrollBar().setValue(0)
        name = visit_words.home_name(home, one.age, language)
        place = " · ".join(
            part
            for part in (visit_words.place_words(home, language) if home.who else "", visit_words.code_of(home))
            if part
        )
        self._name.setText(name)
        self._where.setText(" · ".join(part for part in (place, home.note) if part))
        clear(self._said)
        for visit in one.visits[-_MOST_VISITS:]:
            self._said.addWidget(label(visit_words.visit_sentence(visit, now, language), "small"))
        self._draw_needs(one, language)
        for outcome, made in self.outcomes.items():
            words = visit_words.outcome_word(outcome, language)
            made.setText(words)
            made.setAccessibleName(f"{words}: {name}")
        self.setAccessibleName(" · ".join(part for part in (name, self._where.text()) if part))

    def _draw_needs(self, one: HomeToVisit, language: str) -> None:
        clear(self._needs)
        pressed: list[QPushButton] = []
        going = [row for row in one.dossiers if row.status in _GOES_ON]
        count = len(one.needs) + len(going)
        self._needs_title.setText(self.tr("To do in this home (%1)").replace("%1", str(count)))
        for dossier in going:
            go = self._pressed(
                button(self.tr("Go on"), partial(self._opened, dossier), name=f"go_{dossier.readable_code}")
            )
            title = dossier.title(language)
            go.setAccessibleName(f"{go.text()}: {title}")
            due = dossier.deadline if dossier.status is StatusKey.SUPPLEMENT else None
            said = title if due is None else f"{title} · " + self.tr("due %1").replace("%1", formats.date(due))
            line = row(label(said), status_chip(dossier.status), go)
            line.setStretch(0, 1)
            self._needs.addLayout(line)
            pressed.append(go)
        for need in one.needs:
            words = visit_words.reason_word(need, language)
            done = self._pressed(button(self.tr("Done"), partial(self._done, need), name=f"done_{need}"))
            done.setAccessibleName(f"{done.text()}: {words}")
            line = row(label(words[:1].upper() + words[1:]), done)
            line.setStretch(0, 1)
            self._needs.addLayout(line)
            pressed.append(done)
        self._first_need = pressed[0] if pressed else None
        before: QWidget = self
        for following in (*pressed, self.begin, *self.outcomes.values(), self.note):  # made later, they would come last
            QWidget.setTabOrder(before, following)
            before = following

    def has_needs(self, one: HomeToVisit) -> bool:
        """Tell whether something can still be done in a home."""
        return bool(one.needs) or any(row.status in _GOES_ON for row in one.dossiers)

    def offer_next(self) -> None:
        """Put the focus on what is left to be done here."""
        if self._first_need is not None:
            self._first_need.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, outcome: Outcome) -> None:
        self._outcome(outcome, self._said_note())

    def _done(self, need: Reason) -> None:
        self._need(need, self._said_note())

    def _said_note(self) -> str | None:
        """Return what was typed; an empty field leaves the note of an earlier press as it is."""
        return self.note.text().strip() or None
