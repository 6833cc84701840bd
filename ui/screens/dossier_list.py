"""All dossiers of this machine, those that need a person first."""

import datetime as dt
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from bnhelper.actions.bin_dossier import bin_dossier, take_from_bin
from bnhelper.domain.custody import StatusKey
from bnhelper.domain.dossier import DossierRow
from bnhelper.ids import DossierId
from bnhelper.queries.dossier_list import FILTERS, DossierPage, ListPlace, dossier_list
from ui.presenters.desk import Desk
from ui.presenters.routes import DossierList, FindProcedure
from ui.screens.today import place_of
from ui.screens.trouble import tell
from ui.theme.look import look
from ui.widgets.dossier_rows import ROW, DossierRows, RowWords
from ui.widgets.dossier_view import DossierView
from ui.widgets.page import Page
from ui.widgets.parts import button, label, row
from ui.widgets.toast import Toast
from ui.words import formats
from ui.words.status_words import status_word

_GAP = 8  #: pixels between two filters
_LOW = 320  #: below this the height goes to the rows


class DossierListScreen(Page):
    """Filters with their counts, a text filter, and rows that are read as one scrolls to them."""

    def __init__(self, desk: Desk, route: DossierList) -> None:
        super().__init__()
        self._desk = desk
        self._filter = route.status_filter if route.status_filter in FILTERS else "all"
        self._heard: dt.datetime | None = None  # the province's last word on any row shown
        self.set_title(self.tr("Dossiers"))
        self.field = QLineEdit(route.text)
        self.field.setObjectName("filterField")
        self.field.setMaximumWidth(480)
        self.field.setClearButtonEnabled(True)
        self.field.setPlaceholderText(self.tr("Filter by name, code or procedure"))
        self.field.setAccessibleName(self.tr("Filter by name, code or procedure"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(150)
        self._pause.timeout.connect(self._load)
        self.field.textChanged.connect(lambda _text: self._pause.start())
        self._box = QComboBox()
        self._box.setObjectName("filterBox")
        self._box.setAccessibleName(self.tr("Which dossiers"))
        self._box.activated.connect(lambda place: self._choose(list(FILTERS)[place]))
        self._box.hide()
        first = row(self.field, self._box, None)
        first.setStretch(0, 100)
        self.content.addLayout(first)
        self._tabs = {key: button("", partial(self._choose, key), kind="tab", name=f"filter_{key}") for key in FILTERS}
        for tab in self._tabs.values():
            tab.setCheckable(True)
        self._chips = QWidget()
        line = row(*self._tabs.values(), None, spacing=_GAP)
        line.setContentsMargins(0, 0, 0, 0)
        self._chips.setLayout(line)
        self.content.addWidget(self._chips)
        self._nothing = label("", "muted", name="nothingHere")
        self._nothing.hide()
        self.content.addWidget(self._nothing)
        self.rows = DossierRows(self._words, self._ask)
        self.view = DossierView(self.rows)
        self.view.setAccessibleName(self.tr("Dossiers"))
        self.view.opened.connect(lambda one: desk.navigator.go(place_of(one)))
        self.view.delete_wanted.connect(self._delete)
        self.view.chosen.connect(self._show_deletable)
        self.fill_with(self.view)
        self._said = label("", "small")
        self.content.addWidget(self._said)
        self._away = button(self.tr("Delete this draft"), self._delete, name="deleteDraft", icon="delete", tip="Delete")
        self._away.setEnabled(False)
        self.set_actions(
            others=(self._away,), primary=(self.tr("New dossier"), lambda: desk.navigator.go(FindProcedure()))
        )
        self._load()

    def first_focus(self) -> QWidget:
        return self.field

    def _load(self) -> None:
        """Ask for the first page; what was shown goes when it is here."""
        self._ask(None)

    def _ask(self, start: ListPlace | None) -> None:
        desk, text, chosen = self._desk, self.field.text(), self._filter

        def draw(page: DossierPage) -> None:
            if (text, chosen) == (self.field.text(), self._filter):  # else a newer question is under way
                self._draw(page, is_first=start is None)

        desk.work.run(
            lambda: dossier_list(desk.machine, status_filter=chosen, text=text, start=start), owner=self
        ).then(draw).on_trouble(lambda wrong: tell(self.content, wrong))

    def _draw(self, page: DossierPage, *, is_first: bool) -> None:
        names = {
            "all": self.tr("All"),
            "draft": self.tr("Drafts"),
            "ready": self.tr("Waiting to send"),
            "sendfail": self.tr("Could not send"),
            "delivered": self.tr("At the province"),
            "supplement": self.tr("Needs supplement"),
            "done": self.tr("Finished"),
        }
        if is_first:
            self._offer({key: f"{names[key]} {page.counts[key]}" for key in FILTERS})
            self.rows.show_first(page)
            self._heard = None
        else:
            self.rows.show_more(page)
        is_empty = not self.rows.rowCount()
        self._nothing.setText(self._empty() if is_empty else "")
        self._nothing.setVisible(is_empty)
        self.view.setVisible(not is_empty)
        said = formats.counted(page.total, self.tr("1 dossier"), self.tr("%1 dossiers"))
        heard = [one.wire_at for one in page.rows if one.wire_at is not None]
        self._heard = max([*heard, *([self._heard] if self._heard else [])], default=None)
        if self._heard is not None:
            said += " · " + self.tr("last word from the province %1").replace(
                "%1", formats.when(self._heard, self._desk.clock.now(), self._desk.language)
            )
        self._said.setText(said if page.total else "")
        self._show_deletable()

    def _offer(self, filters: dict[str, str]) -> None:
        """Offer the filters, as chips and in a box; which of the two is seen is a question of room."""
        self._box.clear()
        for key, words in filters.items():
            self._tabs[key].setText(words)
            self._tabs[key].setAccessibleName(words)
            self._tabs[key].setChecked(key == self._filter)
            self._box.addItem(words)
        self._box.setCurrentIndex(list(FILTERS).index(self._filter))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Leave the height to the list, which alone scrolls: chips in one line or a box, a low window without a title."""
        for tab in self._tabs.values():
            tab.ensurePolished()  # a button that was never shown knows nothing of the style sheet
        wanted = sum(tab.sizeHint().width() + _GAP for tab in self._tabs.values())
        is_wide = wanted - _GAP <= min(self.width() - 2 * self.EDGE, self.MOST_WIDTH)
        is_low = self.scroller.viewport().height() < _LOW * look.text_percent // 100
        has_chips = is_wide and not is_low
        self._chips.setVisible(has_chips)
        self._box.setVisible(not has_chips)
        self.title.setVisible(not is_low)
        self._said.setVisible(not is_low)

    def _words(self, one: DossierRow) -> RowWords:
        now, language = self._desk.clock.now(), self._desk.language
        detail = f"{one.title(language)} · {one.readable_code} · {formats.when(one.changed_at, now, language)}"
        if one.status is StatusKey.SUPPLEMENT and one.deadline is not None:
            detail += " · " + self.tr("due %1").replace("%1", formats.date(one.deadline))
        return RowWords(one.applicant or self.tr("No name yet"), detail, one.status, status_word(one.status))

    def _chosen(self) -> DossierRow | None:
        """Return the chosen row if it is a draft, which alone can be taken away here."""
        one = self.view.currentIndex().data(ROW)
        return one if isinstance(one, DossierRow) and one.status is StatusKey.DRAFT else None

    def _show_deletable(self) -> None:
        self._away.setEnabled(self._chosen() is not None)

    def _delete(self) -> None:
        one = self._chosen()
        if one is not None:
            self._bin(one.id)

    def _empty(self) -> str:
        return {
            "draft": self.tr("No drafts. What you are working on will be here."),
            "ready": self.tr("Nothing waits. Locked dossiers wait here until they are sent."),
            "sendfail": self.tr("Nothing is stuck. What the province returns will be here, with its reason."),
            "supplement": self.tr("No supplement is asked for. Requests of officers will be here."),
        }.get(self._filter, self.tr("No dossiers here. Begin with “New dossier”."))

    def _choose(self, key: str) -> None:
        self._filter = key
        self._load()

    def _bin(self, dossier: DossierId) -> None:
        desk = self._desk

        def binned(_none: None) -> None:
            self._load()
            Toast(self, self.tr("Deleted"), self.tr("Undo"), back)

        def back() -> None:
            desk.work.run(lambda: take_from_bin(desk.machine, dossier), owner=self).then(lambda _none: self._load())

        desk.work.run(lambda: bin_dossier(desk.machine, dossier), owner=self).then(binned).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )


def make(desk: Desk, route: DossierList) -> DossierListScreen:
    return DossierListScreen(desk, route)
