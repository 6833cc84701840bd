"""The kiosk's own start, the turn from one resident to the next, and the officer's way out.

Behind a kiosk the machine is locked: no key and no store is in the program's memory, and nothing is sent. What it can
tell of this machine's dossiers is a board of statuses that was taken down before locking.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtGui import QClipboard, QPixmapCache
from PySide6.QtWidgets import QApplication

from bnhelper.catalogue.library import Library
from ui.app import App
from ui.frame.garbage import Garbage
from ui.frame.kiosk_window import KioskWindow
from ui.frame.presence import Presence
from ui.presenters.door import Key
from ui.presenters.kiosk import Misses, Patience, Phase, Place, Resident
from ui.presenters.kiosk_desk import AskProvince, KioskDesk, Printing, SlipBoard
from ui.screens.kiosk_page import KioskPage
from ui.widgets.two_line_list import forget_words
from ui.words.language import language

if TYPE_CHECKING:
    from bnhelper.actions.unlock_machine import OpenMachine

_TICK_MS: Final = 500
_LOOK_FOR_NETWORK_EVERY: Final = 60  #: ticks


def seconds() -> float:
    """Return seconds that only grow, also while the machine sleeps: who wakes it finds nobody else's page."""
    asleep_too = getattr(time, "CLOCK_BOOTTIME", None)  # elsewhere the monotonic clock counts sleep by itself
    return time.monotonic() if asleep_too is None else time.clock_gettime(asleep_too)


class Kiosk(QObject):
    """One machine as a kiosk, from `begin` until an officer leaves it."""

    def __init__(self, app: App, now: Callable[[], float] = seconds) -> None:
        """`now` gives seconds that only grow; tests move it."""
        super().__init__()
        self._app = app
        self._now = now
        self.patience = Patience(now)
        self._misses = Misses(now)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._ticks = 0
        self.window: KioskWindow | None = None
        self.desk: KioskDesk | None = None
        self._presence: Presence | None = None
        self._board: SlipBoard | None = None
        self._province: AskProvince | None = None
        self.printing: Printing | None = None
        self._library = Library.of_machine(app.places.packs)
        self._is_ready = False
        self._is_resting = False
        self._has_network = True

    # --- begin and end -------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Become a kiosk. An open machine takes the board of its statuses down, and is locked before a page shows."""
        desk = self._app.desk
        if desk is None:
            self._show(None)
            return
        machine = desk.machine

        def take_down() -> SlipBoard:
            from bnhelper.queries.status_board import status_board

            return status_board(machine)

        self._app.background.run(take_down, owner=self).then(self._lock_and_show)

    def _lock_and_show(self, board: SlipBoard) -> None:
        self._app.lock()
        self._show(board)

    def _show(self, board: SlipBoard | None) -> None:
        settings = self._app.settings
        self._board = board
        if settings.kiosk_look_up:
            from sync.transport.look_up import LookUp

            self._province = LookUp(settings.kiosk_look_up, settings.kiosk_certificate or None)
        if self.printing is None:
            self._app.waiting_work.run(_default_printer, owner=self).then(self._found_printer)
        self.window = KioskWindow(self)
        self._next_resident(is_cleared=False)
        self._fill_the_screen(self.window)
        self._app.window.hide()  # after the other is there: the last window that goes ends the program
        self._presence = Presence()
        self._presence.touched.connect(self._felt)
        self._presence.watch(self.window.windowHandle())
        self._timer.start()
        self._app.waiting_work.run(self._open_catalogue, owner=self).then(self._opened_catalogue).on_trouble(self._rest)

    def _fill_the_screen(self, window: KioskWindow) -> None:
        if QApplication.platformName() == "offscreen":
            window.resize(1366, 768)
            window.show()
        else:
            window.showFullScreen()

    def _open_catalogue(self) -> None:
        from bnhelper.catalogue.search_index import prepare

        prepare(self._library.newest)

    def _found_printer(self, found: Printing | None) -> None:
        self.printing = found
        if self.desk is not None:
            self.desk.printing = found

    def _opened_catalogue(self, _none: None) -> None:
        self._is_ready = True
        self._refresh()

    def _rest(self, wrong: BaseException) -> None:
        """The catalogue cannot be opened: say so to residents, and keep for the log what it was."""
        from bnhelper.errors import KnownTrouble

        self._is_resting = True
        self._refresh()
        if not isinstance(wrong, KnownTrouble):
            raise wrong

    def _leave(self, key: Key, on_trouble: Callable[[BaseException], object]) -> None:
        """End the kiosk for whoever's key opens the machine's store; a leader's opens counts and no more."""
        self._app.background.run(lambda: self._app.open_store_with(key), owner=self).then(self._left).on_trouble(
            on_trouble
        )

    def _left(self, machine: "OpenMachine") -> None:
        self._app.window.show()
        self.end()
        self._app.opened(machine)

    def end(self) -> None:
        """Clear, close and stop; the app's own window is the app's."""
        window, desk = self.window, self.desk
        if window is None or desk is None:
            return
        self._timer.stop()
        if self._presence is not None:
            self._presence.stop()
        window.cover()
        self._clear()
        language.use(self._app.settings.language)
        self.window, self.desk, self._board, self._province = None, None, None, None
        window.may_close = True
        window.close()
        window.deleteLater()

    # --- one resident after the other ----------------------------------------------------------------------

    def _next_resident(self, *, is_cleared: bool) -> None:
        app = self._app
        resident = Resident(app.settings.language)
        self.desk = KioskDesk(
            resident=resident,
            work=app.background,
            line=app.long_work,
            library=self._library,
            clock=app.clock,
            name=app.settings.kiosk_name,
            board=self._board,
            province=self._province,
            printing=self.printing,
            misses=self._misses,
            go=self.go,
            replace=self._replace,
            back=self.back,
            kinds=app.kinds,
            leave=self._leave,
            behind=lambda: app.behind.known,
            is_cleared=is_cleared,
            is_ready=self._is_ready,
            is_resting=self._is_resting,
            has_network=self._has_network,
        )
        language.use(resident.language)
        self._show_place()

    def reset(self) -> None:
        """Make everything as if nobody had been here: a blank cover first, then what was there is destroyed."""
        window = self.window
        if window is None:
            return
        window.cover()
        self._clear()
        self._next_resident(is_cleared=True)
        window.uncover()

    def _clear(self) -> None:
        """Destroy the session, take its page away, and let go of what Qt and search still know of it."""
        window, desk = self.window, self.desk
        assert window is not None
        assert desk is not None
        self.patience.rest()
        if desk.province is not None:
            desk.province.stop()
        window.drop_page()
        desk.resident.clear()
        clipboard = QApplication.clipboard()
        for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
            if mode is QClipboard.Mode.Clipboard or clipboard.supportsSelection():
                clipboard.clear(mode)
        forget_words()
        QPixmapCache.clear()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        Garbage.sweep()

    # --- hands of the frame --------------------------------------------------------------------------------

    def go(self, place: Place) -> None:
        self._there(lambda resident: resident.go(place))

    def _replace(self, place: Place) -> None:
        self._there(lambda resident: resident.replace(place))

    def back(self) -> None:
        page = self.window.page if self.window is not None else None
        if page is not None and not page.goes_back() and self._resident.place is not Place.ATTRACT:
            self._there(lambda resident: resident.back())

    def set_language(self, code: str) -> None:
        def change(resident: Resident) -> None:
            resident.language, resident.has_touched = code, True
            language.use(code)

        self._there(change)

    def set_large(self, is_large: bool) -> None:
        def change(resident: Resident) -> None:
            resident.is_large, resident.has_touched = is_large, True

        self._there(change)

    def touched(self) -> None:
        """Somebody is there."""
        self.patience.touched()
        if self.window is not None:
            self.window.warning.end()

    def _felt(self) -> None:
        """Something touched the window. While it warns the layer answers itself, so that nothing beneath is pressed."""
        if self.window is not None and not self.window.warning.isVisible():
            self.patience.touched()

    @property
    def _resident(self) -> Resident:
        assert self.desk is not None
        return self.desk.resident

    def _there(self, change: Callable[[Resident], object]) -> None:
        if self.desk is not None:
            change(self._resident)
            self._show_place()

    def _show_place(self) -> None:
        window, resident = self.window, self._resident
        assert window is not None
        window.show_page(self._make(resident.place), resident)
        if resident.has_touched:
            self.patience.begin(resident.wait_s)
        else:
            self.patience.rest()

    def _make(self, place: Place) -> KioskPage:
        from ui.screens.kiosk_places import makers

        assert self.desk is not None
        return makers()[place](self.desk)

    # --- time ----------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Look at the time that nobody touched anything: warn, or clear."""
        window = self.window
        if window is None:
            return
        phase, left = self.patience.look()
        if phase is Phase.OVER:
            self.reset()
        elif phase is Phase.WARNING:
            window.warning.show_left(left)
        else:
            window.warning.end()
        if self._ticks % _LOOK_FOR_NETWORK_EVERY == 0:
            self._look_for_network()
        self._ticks += 1
        self._refresh()

    def _look_for_network(self) -> None:
        url = self._app.settings.kiosk_look_up
        if not url:
            return

        def look_for() -> bool:
            from sync.transport.probe import route_to

            return bool(route_to(url))

        def told(has_network: bool) -> None:
            self._has_network = has_network

        self._app.waiting_work.run(look_for, owner=self).then(told)

    def _refresh(self) -> None:
        if self.desk is None or self.window is None:
            return
        self.desk.is_ready, self.desk.is_resting = self._is_ready, self._is_resting
        self.desk.has_network = self._has_network
        refresh: Any = getattr(self.window.page, "refresh", None)
        if refresh is not None:
            refresh()


def _default_printer() -> Printing | None:
    """Return what this machine prints with; the system may ask a print server about it."""
    from ui.devices.printer import DefaultPrinter

    return DefaultPrinter.found()
