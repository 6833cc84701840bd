"""The frame: rail, top bar, one screen at a time."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QClipboard, QFont, QFontMetrics, QKeySequence, QPixmapCache, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui import shortcuts
from ui.frame.badge import Badge
from ui.frame.bottom_bar import BottomBar
from ui.presenters.routes import (
    DossierList,
    FindProcedure,
    FirstRun,
    Help,
    LeaderCounts,
    Place,
    Recover,
    Restore,
    Route,
    SettingsPage,
    SyncCentre,
    Today,
    Unlock,
    Visits,
)
from ui.theme.fonts import sizes
from ui.theme.look import look
from ui.widgets.page import Page
from ui.widgets.parts import button
from ui.widgets.two_line_list import forget_words

_NARROW = 1100  #: below this the rail shows icons and short words
_RAIL_EDGES = 72  #: icon, gap, paddings and margins beside a word of the rail
_SMALL = 960  #: below this it is a bar at the bottom (settled.md)
_UNFRAMED = (Unlock, FirstRun, Recover, Restore, LeaderCounts)  #: what stands in the window alone
Make = Callable[[Route], Page]


class Window(QMainWindow):
    """Takes one function that makes the screen of a route; is the navigator of every presenter."""

    def __init__(self, make: Make, lock: Callable[[], object]) -> None:
        super().__init__()
        self.setWindowTitle("bnhelper")
        self.setMinimumSize(QSize(900, 430))
        self.resize(1366, 689)
        self._make = make
        self._lock = lock
        self._trail: list[Route] = []
        self._page: Page | None = None
        self.on_text_size: Callable[[int], object] = lambda _step: None
        whole = QWidget()
        self.setCentralWidget(whole)
        outer = QVBoxLayout(whole)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._top = self._make_top()
        outer.addWidget(self._top)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        self._rail_buttons, self._lock_button = self._make_places("rail")
        self._rail = self._make_rail()
        middle.addWidget(self._rail)
        self.stack = QStackedWidget()
        middle.addWidget(self.stack, 1)
        outer.addLayout(middle, 1)
        self._bottom_buttons, self._lock_small = self._make_places("bottomBar")
        self._bottom = BottomBar([*self._bottom_buttons.values(), self._lock_small])
        outer.addWidget(self._bottom)
        self._curtain = QFrame(self)
        self._curtain.setObjectName("curtain")
        self._curtain.setAutoFillBackground(True)
        self._curtain.hide()
        self._bind_keys()
        self.show_frame(is_shown=False)

    # --- navigator -----------------------------------------------------------------------------------------

    def go(self, route: Route) -> None:
        """Show a screen; the present one goes on the way back."""
        if self._trail and self._trail[-1] == route:
            self._trail.pop()
        self._trail.append(route)
        self._show()

    def replace(self, route: Route) -> None:
        """Show a screen in the place of the present one."""
        if self._trail:
            self._trail.pop()
        self.go(route)

    def back(self) -> None:
        """Return to the screen before; home is the last of them."""
        if len(self._trail) > 1:
            self._trail.pop()
            self._show()
        elif self._trail and not isinstance(self._trail[-1], (Today, *_UNFRAMED)):
            self.home(Today())

    def came_by(self, kind: type[Place]) -> Place | None:
        """Return the nearest place of a kind on the way here."""
        return next((one for one in reversed(self._trail) if isinstance(one, kind)), None)

    def home(self, route: Route) -> None:
        """Begin a new trail."""
        self._trail = [route]
        self._show()

    def close_curtain(self) -> tuple[Route, ...]:
        """Hide everything at once, before anything is asked or kept; return the way here, for `take_up`."""
        self._curtain.setGeometry(self.rect())
        self._curtain.show()
        self._curtain.raise_()
        self._curtain.repaint()  # now, not when the event loop comes to it
        self.setWindowTitle("bnhelper")
        for other in QApplication.topLevelWidgets():
            if other is not self and other.isVisible():
                other.close()  # a file or print dialog, whose names nobody should read either
        if self.owns_clipboard():
            QApplication.clipboard().clear()
        if QApplication.clipboard().ownsSelection():
            QApplication.clipboard().clear(QClipboard.Mode.Selection)
        self.search.setText("")  # clear() could be undone
        return tuple(self._trail)

    def owns_clipboard(self) -> bool:
        """Tell whether what the clipboard holds came from here; what another program put there is not ours to clear."""
        return QApplication.clipboard().ownsClipboard()

    def open_curtain(self) -> None:
        """Show the window again, with nothing kept of the pictures and words it had."""
        QPixmapCache.clear()
        forget_words()
        self._curtain.hide()

    def take_up(self, trail: tuple[Route, ...]) -> None:
        """Go on where the way `trail` ended."""
        self._trail = list(trail)
        self._show()

    def _home_of(self, kind: type[Route]) -> None:
        self.home(kind())

    @property
    def route(self) -> Route | None:
        return self._trail[-1] if self._trail else None

    @property
    def page(self) -> Page | None:
        return self._page

    def again(self) -> None:
        """Make the present screen anew: another language, theme or text size."""
        self._words()
        if self._trail:
            self._show()

    def _show(self) -> None:
        route = self._trail[-1]
        old = self._page
        if old is not None:
            old.may_leave()
        page = self._make(route)
        self._page = page
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        if old is not None:
            self.stack.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.show_frame(is_shown=not isinstance(route, _UNFRAMED))
        for kind, one in (*self._rail_buttons.items(), *self._bottom_buttons.items()):
            one.setChecked(isinstance(route, kind))
        QTimer.singleShot(0, page, self._focus_page)

    def _focus_page(self) -> None:
        page = self._page
        if page is None:
            return
        self.setWindowTitle(f"{page.windowTitle()} · bnhelper" if page.windowTitle() else "bnhelper")
        target = page.first_focus()
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- parts ---------------------------------------------------------------------------------------------

    def _make_top(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("topBar")
        inside = QHBoxLayout(bar)
        inside.setContentsMargins(16, 8, 16, 8)
        inside.setSpacing(12)
        self.search = QLineEdit()
        self.search.setObjectName("topSearch")
        self.search.setMaximumWidth(560)
        self.search.returnPressed.connect(self._search)
        inside.addWidget(self.search, 1)
        inside.addStretch(1)
        self.badge = Badge()
        self.badge.clicked.connect(lambda _checked=False: self.home(SyncCentre()))
        inside.addWidget(self.badge)
        self._text_size = button("Aa", lambda: self.on_text_size(0), name="textSize")
        inside.addWidget(self._text_size)
        return bar

    def _search(self) -> None:
        self.home(FindProcedure(self.search.text()))

    def _places(self) -> list[tuple[type[Route], str, str, str]]:
        return [
            (Today, "home", self.tr("Today"), "1"),
            (FindProcedure, "search", self.tr("Procedures"), "2"),
            (DossierList, "description", self.tr("Dossiers"), "3"),
            (Visits, "location_on", self.tr("Home visits"), "4"),
            (SyncCentre, "sync", self.tr("Send and receive"), "5"),
            (SettingsPage, "settings", self.tr("Settings"), "6"),
            (Help, "help", self.tr("Help"), "F1"),
        ]

    def _make_places(self, name: str) -> tuple[dict[type[Route], QPushButton], QPushButton]:
        """Return a button for every place, and the one that locks."""
        found: dict[type[Route], QPushButton] = {}
        for kind, _icon, _words, _key in self._places():
            one = button("", partial(self._home_of, kind), kind="rail", name=f"{name}_{kind.__name__}")
            one.setCheckable(True)
            one.setIconSize(QSize(20, 20))
            found[kind] = one
        return found, button("", self._lock, kind="rail", name=f"{name}_lock")

    def _make_rail(self) -> QFrame:
        rail = QFrame()
        rail.setObjectName("rail")
        inside = QVBoxLayout(rail)
        inside.setContentsMargins(8, 8, 8, 8)
        inside.setSpacing(4)
        for one in self._rail_buttons.values():
            inside.addWidget(one)
        inside.addStretch(1)
        inside.addWidget(self._lock_button)
        return rail

    def _words(self) -> None:
        """Put the words and icons of the present language, theme and width on rail and top bar."""
        is_narrow = self.width() < _NARROW
        for (kind, icon, words, key), (_, one), (_, small) in zip(
            self._places(), self._rail_buttons.items(), self._bottom_buttons.items(), strict=True
        ):
            assert one is self._rail_buttons[kind]
            for target in (one, small):
                target.setIcon(look.icon(icon))
                target.setAccessibleName(words)
                target.setToolTip(f"{words} ({'Ctrl+' if key.isdigit() else ''}{key})")
            one.setText(f" {words}" if is_narrow else f" {key}  {words}")
            small.setText(words)
        for lock in (self._lock_button, self._lock_small):
            lock.setText(" " + self.tr("Lock"))
            lock.setAccessibleName(self.tr("Lock"))
            lock.setIcon(look.icon("lock"))
        self._bottom.arrange(self.width())
        self._rail.setFixedWidth(max(184 if is_narrow else 224, self._widest_word() + _RAIL_EDGES))
        for is_there in (False, True):  # made anew: its icon is taken from the style sheet once
            self.search.setClearButtonEnabled(is_there)
        self.search.setPlaceholderText(self.tr("Find a procedure  (Ctrl+K)"))
        self.search.setAccessibleName(self.tr("Find a procedure  (Ctrl+K)"))
        self._text_size.setAccessibleName(self.tr("Text size"))
        self._text_size.setToolTip(self.tr("Text size"))

    def _widest_word(self) -> int:
        """Return the pixels of the rail's longest word in bold, which the chosen place is written in."""
        bold = QFont(self.font())
        bold.setPixelSize(sizes(look.text_percent)["body"])
        bold.setBold(True)
        metrics = QFontMetrics(bold)
        return max(metrics.horizontalAdvance(one.text()) for one in (*self._rail_buttons.values(), self._lock_button))

    def show_frame(self, *, is_shown: bool) -> None:
        """Show rail and top bar, or the screen alone (locked, first run)."""
        is_small = self.width() < _SMALL
        self._top.setVisible(is_shown)
        self._rail.setVisible(is_shown and not is_small)
        self._bottom.setVisible(is_shown and is_small)
        self._is_framed = is_shown
        if is_shown:  # behind the lock nothing of the frame is seen, so nothing of it is painted
            self._words()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_frame(is_shown=self._is_framed)

    def _bind_keys(self) -> None:
        def bind(keys: str, do: Callable[[], object]) -> None:
            QShortcut(QKeySequence(keys), self).activated.connect(do)

        bind(shortcuts.SEARCH, lambda: self._if_framed(self.search.setFocus))
        bind(shortcuts.BACK, self.back)
        bind(shortcuts.HELP, lambda: self._if_framed(lambda: self.go(Help())))
        bind(shortcuts.LOCK, self._lock)
        bind(shortcuts.NEW_DOSSIER, lambda: self._if_framed(lambda: self.home(FindProcedure())))
        bind(shortcuts.LARGER, lambda: self.on_text_size(1))
        bind(shortcuts.SMALLER, lambda: self.on_text_size(-1))
        bind(shortcuts.NORMAL_SIZE, lambda: self.on_text_size(-100))
        bind(shortcuts.NEXT_REGION, self._next_region)
        for keys, (kind, *_rest) in zip(shortcuts.PLACES, self._places(), strict=False):
            bind(keys, partial(self._if_framed, partial(self._home_of, kind)))

    def _if_framed(self, do: Callable[[], object]) -> None:
        if self._is_framed:
            do()

    def _next_region(self) -> None:
        """Rail, content, action bar, top bar, and round again."""
        regions: list[QWidget] = [self._bottom if self.width() < _SMALL else self._rail]
        if self._page is not None:
            regions.append(self._page.scroller)
            bar = self._page.findChild(QFrame, "actionBar")
            regions.extend([bar] if bar is not None else [])
        regions.append(self._top)
        focus = self.focusWidget()
        place = next((n for n, one in enumerate(regions) if focus is not None and one.isAncestorOf(focus)), -1)
        for step in range(1, len(regions) + 1):
            region = regions[(place + step) % len(regions)]
            target = next((one for one in region.findChildren(QWidget) if _takes_focus(one)), None)
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return


def _takes_focus(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
