"""Home visits: the list in the order of the way, one home beside it, its outcome in one press."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidgetItem,
    QProgressBar,
    QSizePolicy,
    QWidget,
)

from bnhelper.actions.record_visit import Told, record_visit, undo_visit
from bnhelper.domain.visits import Outcome, Reason, Standing
from bnhelper.queries.visit_list import HomeToVisit, VisitList, visit_list
from ui import shortcuts
from ui.devices.printer import print_document, visits_html
from ui.presenters.desk import Desk
from ui.presenters.routes import FindProcedure, Visits
from ui.presenters.visits import TABS, VisitsShown
from ui.screens.add_home import AddHome
from ui.screens.today import place_of
from ui.screens.trouble import tell
from ui.screens.visit_panel import VisitPanel
from ui.widgets.home_list import HomeList
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, clear, label, row
from ui.widgets.toast import Toast
from ui.words import formats, visit_words
from ui.words.status_words import status_word

_LOW = 340  #: below this the height goes to the rows


class VisitsScreen(Page):
    """Tabs with their counts, homes lane by lane at the left, the chosen home at the right."""

    def __init__(self, desk: Desk, route: Visits) -> None:
        super().__init__()
        self._desk = desk
        self._shown = VisitsShown(home=route.home)
        self._list_id = route.list_id or None
        self._asked: VisitList | None = None
        self._has_asked = False
        self.set_title(self.tr("Home visits"))
        self._banners = row(None)
        self._lists = QComboBox()
        self._lists.setObjectName("lists")
        self._lists.setAccessibleName(self.tr("Which list"))
        self._lists.activated.connect(self._choose_list)
        self._met = label("", "small", name="metCount")
        self._met.setWordWrap(False)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(120)
        self._progress.setAccessibleName(self.tr("Homes met"))
        head = row(self._lists, None)
        head.setContentsMargins(0, 0, 0, 0)
        self.content.addLayout(head)
        self._above = QWidget()
        self._above.setLayout(self._banners)
        self._banners.setContentsMargins(0, 0, 0, 0)
        self._above.hide()
        self.content.addWidget(self._above)
        self._tabs = {one: button("", partial(self._choose_tab, one), kind="tab", name=f"tab_{one}") for one in TABS}
        for tab in self._tabs.values():
            tab.setCheckable(True)
        self._tab_row = QWidget()
        self._box = QComboBox()
        self._box.setObjectName("tabBox")
        self._box.setAccessibleName(self.tr("Which homes"))
        self._box.activated.connect(lambda place: self._choose_tab(TABS[place]))
        self._box.hide()
        tabs = row(self._box, *self._tabs.values(), None, self._met, self._progress)
        tabs.setContentsMargins(0, 0, 0, 0)
        self._tab_row.setLayout(tabs)
        self.content.addWidget(self._tab_row)
        self.homes = HomeList()
        self.homes.setAccessibleName(self.tr("Homes to visit"))
        self.homes.setMinimumHeight(96)
        self.homes.currentItemChanged.connect(self._row_chosen)
        self.homes.on_enter = self._go_to_home
        self.panel = VisitPanel(self._outcome, self._need, self._begin, lambda one: desk.navigator.go(place_of(one)))
        self._add = AddHome(self._added)
        self._add.hide()
        middle = QWidget()
        beside = QHBoxLayout(middle)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(12)
        beside.addWidget(self.homes, 5)
        beside.addWidget(self.panel, 5)
        beside.addWidget(self._add, 5)
        self._nobody = label(self.tr("No home stands here."), "muted", name="nobodyHere")
        self._nobody.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._nobody.hide()
        beside.addWidget(self._nobody, 5)
        # A list and a panel that scroll take what is left, however much they could show.
        middle.setMinimumHeight(120)
        middle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._middle = middle
        self.fill_with(middle)
        self._nothing = label(self.tr("There is no list for you yet."), "muted", name="nothingHere")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._nothing.hide()
        self.content.addWidget(self._nothing, 1)
        undo = QShortcut(QKeySequence(shortcuts.UNDO), self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(self._undo)
        self._told: Told | None = None
        self._is_recording = False
        self.refresh()

    def first_focus(self) -> QWidget:
        return self.homes

    # --- asked and drawn -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """What counts gives way to the tabs in a narrow window, the tabs to a box, the title to the rows in a low one."""
        room = min(self.scroller.viewport().width() - 2 * self.EDGE, self.MOST_WIDTH)
        for one in (*self._tabs.values(), self._met):
            one.ensurePolished()  # what was never shown knows nothing of the style sheet
        tabs = sum(one.sizeHint().width() + 8 for one in self._tabs.values())
        has_tabs = tabs <= room
        for tab in self._tabs.values():
            tab.setVisible(has_tabs)
        self._box.setVisible(not has_tabs)
        left = room - (tabs if has_tabs else 260)
        met = self._met.sizeHint().width() + 16
        self._met.setVisible(left >= met)
        self._progress.setVisible(left >= met + 140)
        self.title.setVisible(self.scroller.height() >= _LOW)

    def refresh(self) -> None:
        """Ask the store again; called whenever the runner tells something."""
        desk, wanted = self._desk, self._list_id
        desk.work.run(lambda: visit_list(desk.machine, wanted), owner=self).then(self._seen).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _seen(self, view: VisitList | None) -> None:
        if self._has_asked and view == self._asked:
            return
        self._has_asked, self._asked = True, view
        self._list_id = view.about.id if view is not None else None
        self._shown.show(view)
        self._draw()

    def _draw(self) -> None:
        view, language = self._shown.view, self._desk.language
        is_adding = not self._add.isHidden()
        self._lists.setVisible(view is not None and len(view.others) > 1)
        self._tab_row.setVisible(view is not None)
        self._middle.setVisible(view is not None or is_adding)
        self._nothing.setVisible(view is None and not is_adding)
        clear(self._banners)
        self._above.hide()
        if view is None:
            self.set_title(self.tr("Home visits"))
            self.homes.hide()
            self.panel.hide()
            self._nobody.hide()
            self._set_bar()
            return
        self.homes.show()
        self.set_title(self.tr("Home visits") + f" · {view.about.hamlet}")
        self._lists.blockSignals(True)
        self._lists.clear()
        for one in view.others:
            self._lists.addItem(f"{one.hamlet} · {visit_words.short_date(one.made_at)}", one.id)
        self._lists.setCurrentIndex(self._lists.findData(view.about.id))
        self._lists.blockSignals(False)
        met, total = view.counts[Standing.MET], len(view.homes)
        said = formats.counted(total, self.tr("Met %2 of 1 home"), self.tr("Met %2 of %1 homes"))
        self._met.setText(said.replace("%2", str(met)))
        self._progress.setRange(0, max(1, total))
        self._progress.setValue(met)
        for standing, tab in self._tabs.items():
            tab.setText(f"{visit_words.standing_word(standing, language)} {view.counts[standing]}")
            tab.setAccessibleName(tab.text())
            tab.setChecked(standing is self._shown.tab)
        self._box.clear()
        self._box.addItems([tab.text() for tab in self._tabs.values()])
        self._box.setCurrentIndex(TABS.index(self._shown.tab))
        self._fit()
        self._say_missing(view)
        self._fill()
        self._set_bar()

    def _say_missing(self, view: VisitList) -> None:
        if not view.missing:
            return
        said = formats.counted(
            view.missing,
            self.tr("The list fetched on %2 lacks 1 home."),
            self.tr("The list fetched on %2 lacks %1 homes."),
        ).replace("%2", visit_words.short_date(view.about.pulled_at))
        frame = banner("warn", said, name="missingHomes")
        again = button(self.tr("Fetch again"), self._fetch_again, name="fetchAgain")
        self._banners.addWidget(frame, 1)
        self._banners.addWidget(again)
        self._above.show()

    def _fill(self) -> None:
        """Draw the rows of the tab; the chosen home stays chosen."""
        language = self._desk.language
        self.homes.blockSignals(True)
        self.homes.clear()
        chosen = None
        for lane, homes in self._shown.lanes():
            if lane:
                self.homes.add_lane(lane)
            for one in homes:
                name = visit_words.home_name(one.home, one.age, language)
                detail = [
                    visit_words.home_detail(one, language),
                    *(status_word(row.status) for row in one.dossiers[:1]),
                ]
                self.homes.add(name, " · ".join(part for part in detail if part), one.home.id)
                if one.home.id == self._shown.home:
                    chosen = self.homes.count() - 1
        if chosen is not None:
            self.homes.setCurrentRow(chosen)
        self.homes.blockSignals(False)
        self._show_home()

    def _show_home(self) -> None:
        one = self._shown.chosen
        is_adding = not self._add.isHidden()
        self.panel.setVisible(one is not None and not is_adding)
        if one is not None:
            self.panel.show_home(one, self._desk.clock.now(), self._desk.language)
        self._nobody.setVisible(one is None and not is_adding)

    def _set_bar(self) -> None:
        if not self._add.isHidden():
            cancel = button(self.tr("Cancel"), self._close_add, name="addHomeCancel")
            self.set_actions(others=(cancel,), primary=(self.tr("Add this home"), self._add.add))
            return
        if self._shown.view is None:
            fetch = button(self.tr("Fetch when there is a network"), self._desk.runner.sync_now, name="fetchLists")
            self.set_actions(others=(fetch,), primary=(self.tr("Add a home yourself"), self._open_add))
            return
        printing = button(self.tr("Print the list"), self._print, name="printList", icon="print")
        printing.setShortcut(shortcuts.PRINT)
        adding = button(self.tr("Add a home"), self._open_add, name="addHome")
        primary = (self.tr("Open the chosen home"), self._go_to_home) if self._shown.chosen is not None else None
        self.set_actions(others=(printing, adding), primary=primary)

    # --- chosen --------------------------------------------------------------------------------------------

    def _row_chosen(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        home = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if home and home != self._shown.home:
            self._shown.home = home
            self._close_add()
            self._show_home()

    def _choose_tab(self, tab: Standing) -> None:
        self._shown.choose(tab)
        self._draw()
        self.homes.setFocus()

    def _choose_list(self, place: int) -> None:
        self._list_id = self._lists.itemData(place)
        self._shown = VisitsShown()
        self._has_asked = False
        self.refresh()

    def _go_to_home(self) -> None:
        """Go on to the home beside: Tab and Enter then do what is to be done there."""
        if self._shown.chosen is not None and not self.panel.isHidden():
            self.panel.setFocus(Qt.FocusReason.TabFocusReason)

    # --- done ----------------------------------------------------------------------------------------------

    def _outcome(self, outcome: Outcome, note: str | None, done: tuple[Reason, ...] = ()) -> None:
        one, list_id, desk = self._shown.chosen, self._list_id, self._desk
        if one is None or list_id is None or self._is_recording:  # a second press meant the same home
            return
        self._is_recording = True
        following = self._shown.next_after()

        def kept(found: tuple[Told, VisitList | None]) -> None:
            told, view = found
            self._told, self._is_recording = told, False
            desk.changed()
            self._went_on(view, one, following)
            words = visit_words.outcome_word(outcome, desk.language)
            said = f"{visit_words.home_name(one.home, None, desk.language)}: {words}"
            Toast(self, said, self.tr("Undo"), partial(self._take_back, told))

        def work() -> tuple[Told, VisitList | None]:
            told = record_visit(desk.machine, list_id, one.home.id, outcome, note=note, done=done)
            return told, visit_list(desk.machine, list_id)

        def failed(wrong: BaseException) -> None:
            self._is_recording = False
            tell(self.content, wrong)

        desk.work.run(work, owner=self).then(kept).on_trouble(failed)

    def _went_on(self, view: VisitList | None, before: HomeToVisit, following: str) -> None:
        """Stay where there is something left to be done in the same home; else go on to the next one."""
        self._has_asked, self._asked = True, view
        self._shown.view = view
        now = self._shown.chosen
        has_more = now is not None and now.home.id == before.home.id and self.panel.has_needs(now)
        if has_more and now is not None:
            self._shown.tab = now.standing if now.standing is Standing.MET else self._shown.tab
        else:
            self._shown.home = following
        self._draw()
        if has_more:
            self.panel.offer_next()
        else:
            self.homes.setFocus()

    def _need(self, need: Reason, note: str | None) -> None:
        """Something that was to be done there is done: the home was met."""
        self._outcome(Outcome.MET, note, (need,))

    def _undo(self) -> None:
        if self._told is not None:
            self._take_back(self._told)

    def _take_back(self, told: Told) -> None:
        """Undo this outcome, and not whichever came after it."""
        desk = self._desk
        if self._told == told:
            self._told = None

        def back(_none: None) -> None:
            desk.changed()
            self._shown.home = told.visit.home
            self._has_asked = False
            self._shown.view = None  # its tab comes along
            self.refresh()

        desk.work.run(lambda: undo_visit(desk.machine, told), owner=self).then(back).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _begin(self) -> None:
        """Find what this home needs; a dossier begun on that way is this home's."""
        navigator = self._desk.navigator
        navigator.replace(Visits(self._list_id or "", self._shown.home))
        navigator.go(FindProcedure())

    def _fetch_again(self) -> None:
        desk = self._desk
        desk.work.run(desk.runner.read_anew, owner=self).on_trouble(lambda wrong: tell(self.content, wrong))

    def _print(self) -> None:
        view = self._shown.view
        if view is not None:
            print_document(self, visits_html(view, self._desk.language))

    # --- a home nobody had listed ----------------------------------------------------------------------------

    def _open_add(self) -> None:
        chosen = self._shown.chosen
        self._add.begin(self._desk, self._list_id, lane=chosen.home.lane if chosen is not None else "")
        self.panel.hide()
        self._add.show()
        self._draw()
        self._add.first.setFocus()

    def _close_add(self) -> None:
        if not self._add.isHidden():
            self._add.hide()
            self._draw()

    def _added(self, list_id: str, home: str) -> None:
        self._add.hide()
        self._desk.changed()
        self._list_id = list_id
        self._shown = VisitsShown(home=home)
        self._has_asked = False
        self.refresh()
        self.homes.setFocus()


def make(desk: Desk, route: Visits) -> VisitsScreen:
    return VisitsScreen(desk, route)
