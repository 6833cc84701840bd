"""Search as you type, with or without marks; groups and the often used while nothing is typed."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QListWidgetItem, QVBoxLayout, QWidget

from bnhelper.catalogue.guides import Guide, find_guides, guides
from bnhelper.catalogue.pack import LifeEvent, Pack, Summary
from bnhelper.catalogue.search_index import Hit, elsewhere, prepare, search, suggest
from bnhelper.ids import ProcedureCode
from ui.presenters.desk import Desk
from ui.presenters.routes import FindProcedure, GuidePage, ProcedurePage, Route
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, clear, label, row
from ui.widgets.two_line_list import TwoLineList
from ui.words import formats

_MOST_LISTED = 300  #: so many are listed without a word typed; nobody reads further


@dataclass(frozen=True, slots=True)
class _Offered:
    """What the page shows before a word is typed."""

    count: int
    listed: list[Summary]
    guides: list[Guide]
    events: list[LifeEvent]


def _offered(pack: Pack, event: LifeEvent | None) -> _Offered:
    if event is not None:
        return _Offered(pack.count(), pack.summaries(event.codes), [], pack.life_events())
    return _Offered(pack.count(), pack.procedures(_MOST_LISTED), guides(pack), pack.life_events())


class FindProcedureScreen(Page):
    """One box, one list; Down goes into the list, Enter opens the first."""

    def __init__(self, desk: Desk, route: FindProcedure) -> None:
        super().__init__()
        self._desk = desk
        self._asked = 0
        self.set_title(self.tr("Find a procedure"))
        self.field = _SearchField(self)
        self.field.setObjectName("searchField")
        self.field.setMaximumWidth(720)
        self.field.setClearButtonEnabled(True)
        self.field.setPlaceholderText(self.tr("With or without marks, both work"))
        self.field.setAccessibleName(self.tr("Find a procedure"))
        self.content.addWidget(self.field)
        self._chips = QGridLayout()
        self._chips.setSpacing(8)
        self.content.addLayout(self._chips)
        self._event: LifeEvent | None = None
        self.said = label("", "small", name="searchSaid")
        self._correction = button("", self._take_correction, kind="link", name="didYouMean")
        self._correction.hide()
        self._corrected = ""
        self.content.addLayout(row(self.said, self._correction))
        self._nothing = QVBoxLayout()
        self.content.addLayout(self._nothing)
        self.results = TwoLineList()
        self.results.setObjectName("resultsList")
        self.results.setAccessibleName(self.tr("Results"))
        self.results.setMinimumHeight(200)
        self.results.itemClicked.connect(self._open)
        self.results.itemActivated.connect(self._open)
        self.fill_with(self.results)
        self.field.setText(route.text)
        self.field.textChanged.connect(self._changed)
        self._changed(route.text)

    def first_focus(self) -> QWidget:
        return self.field

    def _changed(self, text: str) -> None:
        """Ask anew; an answer to an older question is dropped."""
        self._asked += 1
        asked = self._asked
        desk = self._desk
        if not text.strip():
            desk.work.run(lambda: _offered(desk.machine.library.newest, self._event), owner=self).then(
                lambda offered: self._show_all(offered) if asked == self._asked else None
            ).on_trouble(lambda wrong: tell(self.content, wrong))
            return

        def look() -> tuple[list[Hit], str, list[Guide], str]:
            pack = desk.machine.library.newest
            return search(pack, text), elsewhere(pack, text), find_guides(pack, text), suggest(pack, text)

        desk.work.run(look, owner=self).then(
            lambda found: self._show(text, *found) if asked == self._asked else None
        ).on_trouble(lambda wrong: tell(self.content, wrong))

    def _show_all(self, offered: _Offered) -> None:
        self._begin()
        self._draw_chips(offered.events)
        if self._event is not None:
            self.said.setText(self.tr("For: %1").replace("%1", self._event.name(self._desk.language)))
        else:
            self.said.setText(self.tr("%1 procedures, by group").replace("%1", str(offered.count)))
        for one in offered.listed:
            self._add(one.code, one.name(self._desk.language), self._sector(one), is_stub=one.is_stub)
        self._add_guides(offered.guides)
        library = self._desk.machine.library  # what is typed next finds the words in memory
        self._desk.work.run(lambda: prepare(library.newest), owner=self).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _draw_chips(self, events: list[LifeEvent]) -> None:
        """What happens in a family, to be chosen without typing."""
        language = self._desk.language
        chips = []
        for place, event in enumerate(events):
            chip = button(event.name(language), partial(self._choose_event, event), kind="tab", name=f"event_{place}")
            chip.setCheckable(True)
            chip.setChecked(event == self._event)
            chips.append(chip)
        room = max(300, self.width() - 64)
        columns = max(1, room // (max((chip.sizeHint().width() for chip in chips), default=room) + 8))
        for place, chip in enumerate(chips):
            self._chips.addWidget(chip, place // columns, place % columns)

    def _choose_event(self, event: LifeEvent) -> None:
        self._event = None if event == self._event else event
        self._changed("")

    def _take_correction(self) -> None:
        self.field.setText(self._corrected)
        self.field.setFocus()

    def _show(self, text: str, hits: list[Hit], who: str, help_with: list[Guide], corrected: str) -> None:
        self._begin()
        self._event = None
        self._corrected = corrected
        self._correction.setText(self.tr("Did you mean: %1?").replace("%1", corrected))
        self._correction.setVisible(bool(corrected))
        if not hits and not who and help_with:
            self.said.setText(self.tr("No procedure, but a guide for “%1”").replace("%1", text))
        elif hits:
            said = formats.counted(len(hits), self.tr("1 result for “%2”"), self.tr("%1 results for “%2”"))
            self.said.setText(said.replace("%2", text))
        elif who:
            self._say_nothing(
                {
                    "court": self.tr("This is not a ward procedure: it is handled by the court."),
                    "traffic_police": self.tr("This is not a procedure here: ask the traffic police."),
                    "police": self.tr("This is not a procedure: tell the police at once, and send nobody money."),
                    "bank": self.tr("This is not an administrative procedure: ask a bank."),
                    "provider": self.tr("This is not an administrative procedure: ask the provider."),
                }.get(who, self.tr("This is not an administrative procedure.")),
                self.tr("There is nothing to prepare here, and no dossier to begin."),
            )
        else:
            self._say_nothing(
                self.tr("No procedure matches “%1”.").replace("%1", text),
                self.tr("Try fewer or other words, or ask your team leader."),
            )
        for hit in hits:
            detail = " · ".join(part for part in (self._sector(hit), hit.agency_vi) if part)
            self._add(hit.code, hit.name(self._desk.language), detail, is_stub=hit.is_stub)
        self._add_guides(help_with)
        if help_with:
            self.results.show()
        if self.results.count():
            self.results.setCurrentRow(0)

    def _begin(self) -> None:
        clear(self._nothing)
        clear(self._chips)
        self._correction.hide()
        self.said.setText("")
        self.results.clear()
        self.results.show()

    def _say_nothing(self, said: str, more: str) -> None:
        """Nothing to list: say why, and how to go on."""
        self.results.hide()
        self._nothing.addWidget(banner("note", said, more, name="nothingFound"))
        everything = button(self.tr("Show all procedures"), self.field.clear, name="showAll")
        self._nothing.addLayout(row(everything, None))
        self._nothing.addStretch(1)

    def _sector(self, one: Summary | Hit) -> str:
        return (one.sector_en or one.sector_vi) if self._desk.language == "en" else one.sector_vi

    def _add(self, code: ProcedureCode, name: str, detail: str, *, is_stub: bool) -> None:
        if is_stub:
            detail = self.tr("known by name only") + (f" · {detail}" if detail else "")
        self.results.add(name, detail, ProcedurePage(code))

    def _add_guides(self, offered: list[Guide]) -> None:
        language = self._desk.language
        for one in offered:
            name = self.tr("Guide: %1").replace("%1", one.name.in_language(language))
            self.results.add(name, one.summary.in_language(language), GuidePage(one.id))

    def _open(self, item: QListWidgetItem) -> None:
        route: Route = item.data(Qt.ItemDataRole.UserRole)
        self._desk.navigator.go(route)

    def open_first(self) -> None:
        """Open the chosen result, or the first."""
        item = self.results.currentItem() or self.results.item(0)
        if item is not None:
            self._open(item)


class _SearchField(QLineEdit):
    """Enter opens the first result, Down goes into the list; no pop-up ever takes the focus from the input method."""

    def __init__(self, screen: FindProcedureScreen) -> None:
        super().__init__()
        self._screen = screen

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self._screen.results.count():
            self._screen.results.setFocus()
            self._screen.results.setCurrentRow(max(0, self._screen.results.currentRow()))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            # What is under way may still change the list: open once it has settled.
            QTimer.singleShot(0, self._screen, self._screen.open_first)
        else:
            super().keyPressEvent(event)


def make(desk: Desk, route: FindProcedure) -> FindProcedureScreen:
    return FindProcedureScreen(desk, route)
