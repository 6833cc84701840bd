"""Signs a person in at the province: in this machine's browser, or with a code typed in on another device."""

import datetime as dt
from functools import partial

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from bnhelper.codes.code_image import modules_of
from sync.session import SignedIn
from sync.sign_in import SignIn, SignInStopped
from sync.transport.identity_provider import DeviceCode
from sync.transport.loopback import ClosingPage
from ui.presenters.desk import Desk
from ui.presenters.routes import SignInPage
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, clear, label
from ui.widgets.qr_view import QrView
from ui.words import formats


class SignInScreen(Page):
    """Who is signed in, two ways to sign in, and what is being waited for; leaving the screen ends the waiting."""

    MOST_WIDTH = 840

    #: told from the thread that waits
    _wants_browser = Signal(str)
    _wants_code = Signal(object)

    def __init__(self, desk: Desk, route: SignInPage) -> None:
        super().__init__()
        self._desk = desk
        self._address = route.address
        self._begins = route.begins
        self._url = ""
        self._trying: SignIn | None = None
        self._trouble: BaseException | None = None
        self._state: SignedIn | None = None
        self._field: QLineEdit | None = None
        self._wants_browser.connect(self._open_browser)
        self._wants_code.connect(self._draw_code)
        self.set_title(self.tr("Sign in"), self.tr("Send and receive"))
        self._look()

    # --- who is signed in ----------------------------------------------------------------------------------

    def _look(self) -> None:
        desk = self._desk
        desk.work.run(desk.session.state, owner=self).then(self._seen).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _seen(self, state: SignedIn | None) -> None:
        self._state = state
        if self._begins:
            self._begins = False
            self._in_browser()
            return
        self._draw()

    def _draw(self) -> None:
        clear(self.content)
        self._trying, self._field = None, None
        desk, state = self._desk, self._state
        if state is not None and not state.has_ended:
            since = formats.when(state.since, desk.clock.now(), desk.language)
            said = self.tr("Signed in as %1 since %2.").replace("%1", state.name or "?").replace("%2", since)
            self.content.addWidget(
                banner("good", said, self.tr("It renews itself while there is a network."), name="answer")
            )
        elif state is not None:
            self.content.addWidget(
                banner(
                    "warn",
                    self.tr("Your sign-in has ended. Every dossier is still on this machine."),
                    self.tr("You can keep working; you cannot send until you sign in again."),
                    name="answer",
                )
            )
        else:
            self.content.addWidget(
                label(self.tr("You can work without signing in. Sending and receiving begins once you have."))
            )
        if desk.machine.profile.province is None and not self._address:
            self.content.addWidget(label(self.tr("The address of the province, from your team leader"), "strong"))
            self._field = QLineEdit()
            self._field.setObjectName("address")
            self._field.setAccessibleName(self.tr("The address of the province, from your team leader"))
            self.content.addWidget(self._field)
        frame, inside = card()
        inside.addWidget(label(self.tr("Is this machine yours?"), "strong"))
        inside.addWidget(label(self.tr("Press “Sign in in the browser”: your account's own page opens here.")))
        inside.addWidget(label(self.tr("Is it borrowed, or has it no browser?"), "strong"))
        inside.addWidget(
            label(self.tr("Press “Sign in on a phone”: you type a short code there, and no password on this machine."))
        )
        self.content.addWidget(frame)
        if self._trouble is not None:
            trouble, self._trouble = self._trouble, None
            tell(self.content, trouble)
        others = [button(self.tr("Sign in on a phone"), self._with_code, name="withCode")]
        if state is not None and not state.has_ended:
            others.insert(0, button(self.tr("Sign out"), self._sign_out, kind="danger", name="signOut"))
        self.set_actions(
            back=(self.tr("Back"), desk.navigator.back),
            others=tuple(others),
            primary=(self.tr("Sign in in the browser"), self._in_browser),
        )

    # --- waiting -------------------------------------------------------------------------------------------

    def _begin(self) -> SignIn:
        if self._field is not None:
            self._address = self._field.text().strip()
        self._trouble, self._url = None, ""
        self._trying = SignIn(self._desk.courier.keeper.keeper, self._desk.session, self._address)
        return self._trying

    def _in_browser(self) -> None:
        trying = self._begin()
        page = ClosingPage(
            self._desk.language, self.tr("You are signed in"), self.tr("Close this page and go back to bnhelper.")
        )
        self._draw_waiting(self.tr("Opening the browser…"), "")
        self._run(trying, partial(trying.in_browser, self._wants_browser.emit, page))

    def _with_code(self) -> None:
        trying = self._begin()
        self._draw_waiting(self.tr("Asking for a code…"), "")
        self._run(trying, partial(trying.with_code, self._wants_code.emit))

    def _run(self, trying: SignIn, work: partial[None]) -> None:
        def ended(_none: None) -> None:
            self._desk.runner.sync_now()
            self._desk.changed()
            self._look()

        def failed(wrong: BaseException) -> None:
            if self._trying is trying:
                self._trouble = None if isinstance(wrong, SignInStopped) else wrong
                self._look()
            elif not isinstance(wrong, SignInStopped):
                tell(self.content, wrong)

        self._desk.waiting_work.run(work, owner=self).then(ended).on_trouble(failed)

    def _open_browser(self, url: str) -> None:
        self._url = url
        if QDesktopServices.openUrl(QUrl(url)):
            self._draw_waiting(
                self.tr("Your browser is open. Sign in there, then come back here."),
                self.tr("This page goes on by itself. You can keep working in the browser as long as you need."),
            )
        else:
            self._draw_waiting(
                self.tr("No browser could be opened on this machine."),
                self.tr("Press “Stop”, then “Sign in on a phone”."),
            )

    def _draw_waiting(self, what: str, then: str) -> None:
        clear(self.content)
        self.content.addWidget(banner("note", what, then, name="waiting"))
        others = [button(self.tr("Stop"), self._stop, name="stop")]
        if self._url:
            others.insert(
                0, button(self.tr("Open the browser again"), partial(self._open_browser, self._url), name="openAgain")
            )
        self.set_actions(back=(self.tr("Back"), self._desk.navigator.back), others=tuple(others))

    def _draw_code(self, code: DeviceCode) -> None:
        clear(self.content)
        until = self._desk.clock.now() + dt.timedelta(seconds=code.lasts_s)
        shown = QWidget()
        columns = QHBoxLayout(shown)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(24)
        columns.addWidget(
            QrView(modules_of(code.whole_url), 220, self.tr("QR code of the page to sign in at")),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        words = QVBoxLayout()
        words.addWidget(label(self.tr("Scan the code with a phone, or open this page on any device:"), "strong"))
        words.addWidget(label(code.url, "code", is_selectable=True))
        words.addWidget(label(self.tr("and type in:"), "strong"))
        words.addWidget(label(code.user_code, "h1", name="userCode", is_selectable=True))
        words.addWidget(
            label(
                self.tr("Good until %1. This page goes on by itself.").replace("%1", formats.clock_time(until)), "small"
            )
        )
        words.addWidget(label(self.tr("Check that the page shows the same code before you agree."), "small"))
        words.addStretch(1)
        columns.addLayout(words, 1)
        self.content.addWidget(shown)
        self.set_actions(
            back=(self.tr("Back"), self._desk.navigator.back),
            others=(button(self.tr("Stop"), self._stop, name="stop"),),
        )

    def _stop(self) -> None:
        if self._trying is not None:
            self._trying.stop()

    def may_leave(self) -> None:
        self._stop()

    # --- out -----------------------------------------------------------------------------------------------

    def _sign_out(self) -> None:
        desk = self._desk
        province = desk.machine.profile.province
        where = province.sign_in if province is not None else None
        if where is None:
            return
        desk.waiting_work.run(lambda: desk.session.end(where), owner=self).then(lambda _none: self._look()).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )


def make(desk: Desk, route: SignInPage) -> SignInScreen:
    return SignInScreen(desk, route)
