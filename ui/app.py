"""Builds everything once and hands it down: the only place that knows all.

The window is painted before the database, the keyring and the network are imported: SQLAlchemy alone costs
350 ms (measured). What is heavy is imported inside functions here, on the worker's thread.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from bnhelper.clock import Clock, SystemClock
from bnhelper.paths import Places
from bnhelper.settings import Settings, read_settings, write_settings
from ui.background import Background
from ui.doorway import Doorway
from ui.frame.behind_the_lock import BehindTheLock, count_behind
from ui.frame.garbage import Garbage
from ui.frame.presence import Watch
from ui.frame.window import Window
from ui.presenters import routes
from ui.theme.fonts import load_fonts
from ui.theme.look import look
from ui.widgets.page import Page
from ui.widgets.single_press import SinglePress
from ui.words.language import language
from ui.words.trouble_words import words_for

if TYPE_CHECKING:
    from bnhelper.actions.unlock_machine import OpenMachine
    from bnhelper.domain.sending import SendingStatus
    from bnhelper.domain.team_counts import TeamCounts
    from sync.engine.carried import CourierState
    from sync.runner import Pace, Runner, Snapshot
    from sync.taking_in import TakingIn
    from ui.devices.link_cost import LinkCost
    from ui.frame.classes_beforehand import ClassesBeforehand
    from ui.frame.pack_arrivals import PackArrivals
    from ui.frame.quiet_minutes import QuietMinutes
    from ui.presenters.desk import Desk
    from ui.presenters.unsaved import Unsaved

_log = logging.getLogger(__name__)
_NEWS_EVERY_MS = 1000
#: How long a thread may keep Python's lock while another waits. The window comes back for it hundreds of times in one
#: drawing, and each time four streams may stand before it.
_SWITCH_S = 0.001
_SIZES = (100, 125, 150, 200)


class App(Doorway):
    """One running program: window, worker, and, while unlocked, the desk."""

    #: the runner's plain calls arrive here from its own thread
    _told = Signal(object)

    def __init__(
        self,
        places: Places,
        *,
        clock: Clock | None = None,
        pace: "Pace | None" = None,
        settings: Settings | None = None,
        cheap_keys: bool = False,
    ) -> None:
        super().__init__()
        self._garbage = Garbage()
        self._single_press = SinglePress(self)
        self.places = places
        self.clock = clock or SystemClock()
        self.settings = settings or read_settings(places.settings)
        self._pace = pace
        self._cheap_keys = cheap_keys
        self.background = Background(self._last_resort)
        self.long_work = Background(self._last_resort)
        self.waiting_work = Background(self._last_resort)
        self.serving_work = Background(self._last_resort)
        #: outlives a lock: what neighbours bring is sealed
        self._taking_in: TakingIn | None = None
        #: what the machine does for itself: nobody ever waits for it
        self.quiet_work = Background(self._last_resort)
        self._quiet: QuietMinutes | None = None
        self._classes: ClassesBeforehand | None = None
        self.desk: Desk | None = None
        self.runner: Runner | None = None
        self._link: LinkCost | None = None
        self._packs: PackArrivals | None = None
        self._told.connect(self._news)
        self._told_lately = QTimer(self)
        self._told_lately.setSingleShot(True)
        self._told_lately.setInterval(_NEWS_EVERY_MS)
        self._told_lately.timeout.connect(self._show_news)
        language.use(self.settings.language)
        look.apply(_qt(), self.settings.theme, self.settings.text_percent)
        #: where somebody was when the screen was locked: routes hold ids, never a name
        self._left: tuple[str, tuple[routes.Route, ...]] | None = None
        self.behind = BehindTheLock()
        #: what a disk refused, by person; kept over the lock, since nothing that was typed may be lost
        self._unsaved: dict[str, Unsaved] = {}
        self.window = Window(self._make, self.lock)
        self.window.on_text_size = self._text_size
        #: makes a kiosk of this machine; set by whoever started the program as one that can
        self.begin_kiosk: Callable[[], object] | None = None
        self.watch = Watch()
        self.watch.alone.connect(self.lock)
        self._first_screen()

    def set_language(self, code: str) -> None:
        self.change_settings(replace(self.settings, language=code))

    def _first_screen(self) -> None:
        self.window.home(routes.Unlock() if self.places.has_keys else routes.FirstRun())

    def _opened_without(self, machine: "OpenMachine", wrong: BaseException) -> None:
        self.opened(machine)
        self._say(*words_for(wrong, language.code))

    # --- open and locked -----------------------------------------------------------------------------------

    def opened(self, machine: "OpenMachine") -> None:
        """The machine is open: start sending, show home."""
        from sync.courier import Courier
        from sync.courier_keeper import CourierKeeper
        from sync.keeper import Keeper
        from sync.runner import USUAL, Runner
        from sync.session import Session
        from sync.taking_in import TakingIn
        from sync.ward import Ward
        from ui.frame.classes_beforehand import ClassesBeforehand
        from ui.frame.pack_arrivals import PackArrivals
        from ui.frame.quiet_minutes import QuietMinutes
        from ui.presenters.backup_care import BackupCare
        from ui.presenters.desk import Desk
        from ui.presenters.overdue_care import OverdueCare
        from ui.presenters.pack_news import PackNews
        from ui.presenters.unsaved import Unsaved
        from ui.presenters.ward_relay import WardRelay

        keeper = Keeper(machine)
        session = Session(keeper)
        courier = Courier(CourierKeeper(machine), told=self._told.emit, session=session)
        ward = Ward(courier)
        if self._taking_in is None:
            self._taking_in = TakingIn(ward)
        self._taking_in.unlocked(ward)
        self._packs = PackArrivals(PackNews(machine, self.clock), self.long_work, self._say)
        self.runner = Runner(keeper, self._pace or USUAL, session=session)
        self.runner.subscribe(self._told.emit)
        self._judge_link()
        self.desk = Desk(
            machine=machine,
            work=self.background,
            long_work=self.long_work,
            waiting_work=self.waiting_work,
            serving_work=self.serving_work,
            courier=courier,
            ward=ward,
            relay=WardRelay(self._taking_in, self.long_work),
            backups=BackupCare(machine),
            overdue=OverdueCare(machine),
            unsaved=self._unsaved.setdefault(machine.person.id, Unsaved()),
            navigator=self.window,
            runner=self.runner,
            session=session,
            clock=self.clock,
            language=language.code,
            changed=self._changed,
            erase_overdue=self._erase_overdue,
            tell=self._last_resort,
        )
        self.runner.start()
        self._quiet = QuietMinutes(self.desk.backups, self.desk.overdue, self.quiet_work)
        self._quiet.erase_overdue()
        self._quiet.told.connect(self._refresh)
        self.watch.touched.connect(self._quiet.touched)
        self.watch.begin(self.window.windowHandle())
        self.behind.know(None, None)
        left, self._left = self._left, None
        if left is not None and left[0] == machine.person.id:
            self.window.take_up(left[1])
        else:
            self.window.home(routes.Today())
        self._garbage.set_aside()
        self._classes = self._classes or ClassesBeforehand(self, self._garbage.set_aside)
        self._count()

    def entered(self, counts: "TeamCounts") -> None:
        """A team leader came in: numbers, and the store stays shut."""
        self._left = None
        self.window.home(routes.LeaderCounts(counts))
        self.watch.begin(self.window.windowHandle())

    def recover(self) -> None:
        """Both officers come: what they open holds the key, so it does not stand there for long either."""
        super().recover()
        self.watch.begin(self.window.windowHandle())

    def leave(self) -> None:
        """Go to the lock; whoever looked at the counts is no longer waited for."""
        self.watch.end()
        super().leave()

    def lock(self) -> None:
        """Blank the screen, then close everything and drop the keys; who comes back goes on where they were."""
        desk, runner = self.desk, self.runner
        if desk is None or runner is None:
            if isinstance(self.window.route, (routes.LeaderCounts, routes.Recover)):
                self.leave()
            return
        self._left = (desk.machine.person.id, tuple(one.over_lock() for one in self.window.close_curtain()))
        self.window.home(routes.Unlock())  # the page that goes hands what was being typed to the worker
        self.desk, self.runner, self._packs = None, None, None
        self.window.open_curtain()
        self.watch.end()

        desk.courier.stop()
        if self._taking_in is not None:
            self._taking_in.locked()
        self._end_quiet()

        def close() -> "SendingStatus | None":
            from bnhelper.actions.team_counts import close_machine

            try:
                self.waiting_work.finish()
                self.long_work.finish()
                self.quiet_work.finish()
                runner.stop()
                return count_behind(desk.machine)
            finally:
                close_machine(desk.machine)

        self.background.run(close).then(self._locked)

    def _locked(self, waits: "SendingStatus | None") -> None:
        self._garbage.sweep()
        self.behind.know(waits, self.window.page)

    def close(self) -> None:
        """End the program: what is typed is kept, what runs is finished."""
        if self.window.page is not None:
            self.window.page.may_leave()
        if self.desk is not None:
            self.desk.courier.stop()
        if self._taking_in is not None:
            self._taking_in.stop(for_good=True)
        self.serving_work.finish()
        self.waiting_work.finish()
        self._end_quiet()
        self.quiet_work.finish()
        self.long_work.finish()
        self.background.finish()
        if self.runner is not None:
            self.runner.stop()
        if self.desk is not None:
            from bnhelper.actions.team_counts import close_machine

            close_machine(self.desk.machine)
        self.desk, self.runner = None, None
        self.watch.end()
        if self._classes is not None:
            self._classes.stop()
        self._garbage.stop()

    def _make(self, route: routes.Route) -> Page:
        """Return the screen of a route."""
        if isinstance(route, routes.Unlock):
            from ui.screens.unlock import make as make_unlock

            made = make_unlock(self)
            self.behind.say_on(made)
            return made
        if isinstance(route, routes.FirstRun):
            from ui.screens.first_run import make as make_first_run

            return make_first_run(self)
        if isinstance(route, routes.Recover):
            from ui.screens.recover import make as make_recover

            return make_recover(self)
        if isinstance(route, routes.Restore):
            from ui.screens.restore import make as make_restore

            return make_restore(self, route)
        if isinstance(route, routes.LeaderCounts):
            from ui.screens.leader_counts import make as make_counts

            return make_counts(self, route)
        desk = self.desk
        assert desk is not None
        desk.language = language.code
        if isinstance(route, routes.SettingsPage):
            from ui.screens.settings_page import SettingsScreen

            return SettingsScreen(desk, self.settings, self.change_settings, self.begin_kiosk)
        from ui.screens.makers import makers

        return makers()[type(route)](desk, route)

    # --- news ----------------------------------------------------------------------------------------------

    def _news(self, snapshot: "Snapshot | CourierState") -> None:
        """Somebody told something. What is shown is asked anew once a second: sending tells hundreds of times."""
        if not self._told_lately.isActive():
            self._told_lately.start()
        if self._packs is not None:
            is_paid = self.runner is None or not self.runner.has_files_allowed
            self._packs.after_round(getattr(snapshot, "outcome", ""), is_paid=is_paid)
        if self.desk is not None and self._taking_in is not None and self._taking_in.is_running:
            self.desk.relay.after_round(getattr(snapshot, "outcome", ""))

    def _show_news(self) -> None:
        """Count the badge anew, and let the screen ask again if it shows such things."""
        self._count()
        self._refresh()

    def _refresh(self) -> None:
        refresh = getattr(self.window.page, "refresh", None)
        if refresh is not None:
            refresh()

    def _end_quiet(self) -> None:
        quiet, self._quiet = self._quiet, None
        if quiet is not None:
            quiet.stop()

    def _erase_overdue(self) -> None:
        if self._quiet is not None:
            self._quiet.erase_overdue()

    def _changed(self) -> None:
        if self.runner is not None:
            self.runner.wake()
        self._count()

    def _count(self) -> None:
        desk = self.desk
        if desk is None:
            return
        from bnhelper.queries.sending_status import sending_status

        self.background.run(lambda: sending_status(desk.machine, desk.link), owner=self.window.badge).then(
            lambda status: self.window.badge.show_status(status, self.clock.now())
        )

    def _judge_link(self) -> None:
        """Let photos wait where the network is paid by the byte, unless they are wanted there too."""
        from ui.devices.link_cost import LinkCost

        self._link = self._link or LinkCost(
            self, told=self._judge_link, beside=lambda read, then: self.background.run(read, owner=self).then(then)
        )
        if self.runner is not None:
            self.runner.allow_files(self.settings.photos_over_metered or not self._link.is_metered)
            self._refresh()

    # --- settings ------------------------------------------------------------------------------------------

    def change_settings(self, settings: Settings) -> None:
        """Apply at once and keep."""
        self.settings = settings.checked()
        kept = self.settings
        self.background.run(lambda: write_settings(self.places.settings, kept))
        self._judge_link()
        language.use(kept.language)
        look.apply(_qt(), kept.theme, kept.text_percent)
        self.window.again()
        self._count()

    def _text_size(self, step: int) -> None:
        """Larger, smaller, back to normal; 0 goes round."""
        place = _SIZES.index(self.settings.text_percent) if self.settings.text_percent in _SIZES else 0
        place = (place + 1) % len(_SIZES) if step == 0 else max(0, min(len(_SIZES) - 1, place + step))
        self.change_settings(replace(self.settings, text_percent=_SIZES[place]))

    # --- trouble -------------------------------------------------------------------------------------------

    def _last_resort(self, trouble: BaseException) -> None:
        """Nobody asked for this trouble: say it on the screen, and keep it in the log without any value."""
        _log.error("nobody asked for: %s", trouble, exc_info=trouble)
        self._say(*words_for(trouble, language.code))

    def _say(self, what: str, then: str) -> None:
        page = self.window.page
        if page is not None:
            from ui.widgets.parts import banner

            page.content.insertWidget(0, banner("trouble", what, then, name="trouble"))


def _qt() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def make_qt(argv: Sequence[str]) -> QApplication:
    """Make Qt's application: Fusion, our fonts, no surprises from the desktop's own theme."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    sys.setswitchinterval(_SWITCH_S)
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    # setStyle() gives back a QStyle, whose Python class with all its enumerations costs the first paint 14 ms
    qt = QApplication([*argv, "-style", "Fusion"])
    qt.setApplicationName("bnhelper")
    load_fonts()
    return qt
