"""What waits, what was sent, what came back: drawn from the same rows as the badge."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from bnhelper.actions.lock_dossier import send_again
from bnhelper.actions.record_visit import send_record_again
from bnhelper.domain.custody import MENDED_BY_EDITING
from bnhelper.domain.sending import Gate
from bnhelper.ids import DossierId
from bnhelper.queries.named_places import AskedField, AskedPaper, held_places
from bnhelper.queries.sync_centre import HeldVisit, SyncRow, sync_centre
from bnhelper.queries.sync_centre import SyncCentre as SyncView
from sync.session import SignedIn
from ui.presenters.desk import Desk
from ui.presenters.mending import first_place, names_of, open_to_mend
from ui.presenters.routes import (
    CarryByUsb,
    DossierList,
    ReadChain,
    Route,
    SendToWard,
    ShowChain,
    SignInPage,
    SupplementPage,
    SyncCentre,
    TakeIn,
)
from ui.screens.trouble import tell
from ui.widgets.kept_rows import KeptRows
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, clear, heading, label, row
from ui.widgets.short_list import ShortList, Words
from ui.words import formats
from ui.words.held_words import held_words

_SHOWN = 8  #: rows of a group
_Places = tuple[tuple[AskedField, ...], tuple[AskedPaper, ...]]
_PlaceKey = tuple[DossierId, str, str]
_Seen = tuple[SyncView, SignedIn | None, dict[_PlaceKey, _Places]]
_NOWHERE: _Places = ((), ())


def _place_key(one: SyncRow, language: str) -> _PlaceKey:
    return one.dossier, one.held_detail, language


class SyncCentreScreen(Page):
    """Counts, the queue with confirmed bytes, what needs a person, what is done; a manual send always answers."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._asked: int | None = None  #: which of our presses is still to be answered
        self._answer = self._ended = ""
        self._signed_in: SignedIn | None = None
        self._places: dict[_PlaceKey, _Places] = {}  # what a refusal names, since finding that reads a form
        self.set_title(self.tr("Send and receive"))
        self.set_actions(
            others=(
                button(self.tr("Pause"), self._pause, name="pause"),
                button(self.tr("Carry by USB"), partial(desk.navigator.go, CarryByUsb()), name="carry"),
            ),
            primary=(self.tr("Send now"), self._send_now),
        )
        self._said: tuple[object, ...] = ()  # what the banners and the held ones were drawn from
        self._build()
        self.refresh()

    def refresh(self) -> None:
        """Ask the store again; called whenever the runner tells something."""
        desk = self._desk
        snapshot = desk.runner.snapshot()
        if self._asked is not None and snapshot.asked >= self._asked:
            self._ended, self._answer = snapshot.answer, self._outcome(snapshot.answer)
            self._asked = None

        known, language = self._places, desk.language

        def work() -> _Seen:
            view = sync_centre(desk.machine, snapshot.link)
            keys = {_place_key(one, language): one for one in view.held if one.is_mine}
            places = {
                key: known[key] if key in known else held_places(desk.machine, one.dossier, one.held_detail, language)
                for key, one in keys.items()
            }
            return view, desk.session.state(), places

        desk.work.run(work, owner=self).then(self._seen).on_trouble(lambda wrong: tell(self.content, wrong))

    def _seen(self, found: _Seen) -> None:
        view, self._signed_in, self._places = found
        if self._ended == "nothing" and view.status.waiting:
            self._answer = self._outcome("waits")
        self._draw(view)

    def _build(self) -> None:
        """Make everything once: while it sends the page is asked anew every second, and making widgets is what costs."""
        self._banners = QVBoxLayout()
        self.content.addLayout(self._banners)
        heading(self.content, self.tr("On this machine, not yet at the province"))
        self._count = label("", "strong")
        self.content.addWidget(self._count)
        self._queue_frame, inside = card(margin=12)
        self._queue = KeptRows(inside, lambda: _Waiting(self._show))
        self._more_waiting = self._more(inside, "ready")
        self.content.addWidget(self._queue_frame)
        self._held = QVBoxLayout()
        self.content.addLayout(self._held)
        self.content.addSpacing(8)
        self._done_title = label("", "h2")
        self.content.addWidget(self._done_title)
        self._done = ShortList()
        self._done.setObjectName("doneToday")
        self._done.opened.connect(self._open)
        self.content.addWidget(self._done)
        self._more_done = self._more(self.content, "delivered")
        self._news = label("", "small")
        self.content.addWidget(self._news)
        self._other_roads()

    def _draw(self, view: SyncView) -> None:
        language, now = self._desk.language, self._desk.clock.now()
        last = view.status.acknowledged_at
        said = formats.when(last, now, language) if last is not None else self.tr("not yet")
        self.set_title(self.tr("Send and receive"), self.tr("Last confirmed by the province: %1").replace("%1", said))
        # Whoever knows no province sends nothing over any network: that it is paid by the byte is not why.
        is_enrolled = self._desk.machine.profile.province is not None
        photos_wait = bool(view.files_waiting) and is_enrolled and not self._desk.runner.has_files_allowed
        answer = self._answer
        if not answer and self._desk.runner.is_paused:  # it was asked for on this page, which was left since
            answer = self.tr("Paused. Press “Send now” to go on.")
        drawn = (
            view.status.gate,
            view.status.waiting,
            view.held,
            view.held_visits,
            answer,
            photos_wait,
            self._signed_in,
        )
        if drawn != self._said:
            self._said = drawn
            clear(self._banners)
            if answer:
                self._banners.addWidget(banner("note", answer, name="answer"))
            self._line(view)
            if photos_wait and view.status.gate not in {Gate.OFFLINE, Gate.CAPTIVE, Gate.CERTIFICATE}:
                self._metered()  # where there is no network, what it costs is not why they wait
            clear(self._held)
            self._draw_held(view)
        count = [
            formats.counted(len(view.waiting), self.tr("1 dossier"), self.tr("%1 dossiers")),
            formats.counted(view.files_waiting, self.tr("1 file"), self.tr("%1 files")),
            formats.megabytes(view.bytes_waiting, language),
        ]
        if view.status.visits:
            told = self.tr("1 outcome of a visit"), self.tr("%1 outcomes of visits")
            count.append(formats.counted(view.status.visits, *told))
        self._count.setText(" · ".join(count))
        self._queue.show(view.waiting[:_SHOWN], lambda line, one: line.set_row(one, language, now))
        self._queue_frame.setVisible(bool(view.waiting))
        self._say_more(self._more_waiting, len(view.waiting))
        reached = self.tr("Reached the province today: %1").replace("%1", str(len(view.done_today)))
        self._done_title.setText(reached)
        self._done.setAccessibleName(reached)
        self._done.show_rows([(_done_words(one, language), one) for one in view.done_today[:_SHOWN]])
        self._done.setVisible(bool(view.done_today))
        self._say_more(self._more_done, len(view.done_today))
        news = self.tr("News from the province today: %1").replace("%1", str(view.news_today))
        asked = self.tr("dossiers that need a supplement now: %1").replace("%1", str(view.supplements))
        self._news.setText(f"{news} · {asked}")

    def _draw_held(self, view: SyncView) -> None:
        """What needs a person: why, and what can be done."""
        desk, language = self._desk, self._desk.language
        if view.held or view.held_visits:
            heading(self._held, self.tr("Needs your attention"))
        for one in view.held:
            frame, inside = card("trouble")
            self._held.addWidget(frame)
            inside.addWidget(label(" · ".join(part for part in (one.applicant, one.title(language)) if part), "strong"))
            for words in held_words(one.held_code, language):
                inside.addWidget(label(words))
            fields, papers = self._places.get(_place_key(one, language), _NOWHERE)
            names = names_of(fields, papers)
            if names:
                inside.addWidget(label(self.tr("To be mended: %1").replace("%1", "; ".join(names)), "strong"))
            code = " ".join(part for part in (one.held_code, one.held_detail) if part)
            inside.addWidget(label(self.tr("For the help desk: %1").replace("%1", code), "small"))
            if not one.is_mine:
                inside.addWidget(label(self.tr("It belongs to another person of this machine."), "small"))
                continue
            again, rescue = f"again_{one.readable_code}", f"rescue_{one.readable_code}"
            if one.held_code in MENDED_BY_EDITING:
                mend = partial(self._open_to_mend, one.dossier, first_place(one.dossier, fields, papers))
                first = button(self.tr("Open to mend"), mend, kind="primary", name=f"mend_{one.readable_code}")
            else:
                first = button(self.tr("Open"), partial(desk.navigator.go, SupplementPage(one.dossier)))
            inside.addLayout(
                row(
                    first,
                    button(self.tr("Send again"), partial(self._send_again, one.dossier), name=again),
                    button(
                        self.tr("Save to USB for the help desk"),
                        partial(desk.navigator.go, CarryByUsb(one.dossier)),
                        name=rescue,
                    ),
                    None,
                )
            )

        for visit in view.held_visits:
            self._draw_held_visit(visit)

    def _draw_held_visit(self, visit: HeldVisit) -> None:
        """The outcome of a visit that the province refused: it is sent again, or the help desk looks at its code."""
        frame, inside = card("trouble")
        self._held.addWidget(frame)
        inside.addWidget(label(self.tr("Outcome of a visit · %1").replace("%1", visit.where), "strong"))
        for words in held_words(visit.held_code, self._desk.language):
            inside.addWidget(label(words))
        code = " ".join(part for part in (visit.held_code, visit.held_detail) if part)
        inside.addWidget(label(self.tr("For the help desk: %1").replace("%1", code), "small"))
        again = button(self.tr("Send again"), partial(self._tell_again, visit.number), name=f"tellAgain_{visit.number}")
        inside.addLayout(row(again, None))

    def _more(self, inside: QVBoxLayout, status_filter: str) -> QPushButton:
        """Return the way to the list for what does not stand here."""
        go = partial(self._desk.navigator.go, DossierList(status_filter))
        made = button("", go, kind="link", name=f"more_{status_filter}")
        inside.addWidget(made)
        return made

    def _say_more(self, more: QPushButton, count: int) -> None:
        words = self.tr("and %1 more: show all").replace("%1", str(count - _SHOWN))
        more.setText(words)
        more.setAccessibleName(words)
        more.setVisible(count > _SHOWN)

    def _line(self, view: SyncView) -> None:
        """Say how the line is, in a sentence with the next step."""
        gate = view.status.gate
        if self._desk.machine.profile.province is None:
            words = (
                self.tr("This machine knows no province yet."),
                self.tr("Paste an invitation in Settings. Everything is kept here until then."),
            )
        elif gate is Gate.OFFLINE:
            safe = formats.counted(
                view.status.waiting - view.status.visits,
                self.tr("1 dossier is safe on this machine and will be sent by itself."),
                self.tr("%1 dossiers are safe on this machine and will be sent by themselves."),
            )
            if view.status.visits:
                safe = self.tr("Everything is safe on this machine and will be sent by itself.")
            words = self.tr("No network."), safe
        elif gate is Gate.CAPTIVE:
            words = (
                self.tr("This Wi-Fi asks to be signed in to in a browser."),
                self.tr("Nothing was sent. Sign in there, or set this machine's date right, then press “Send now”."),
            )
        elif gate is Gate.CERTIFICATE:
            words = (
                self.tr("The certificate of the province's server is not valid on this machine's date."),
                self.tr("Nothing was sent. If this machine's date is right, tell the help desk: it must be renewed."),
            )
        elif gate is Gate.BUSY:
            words = self.tr("The province asked to wait."), self.tr("It is tried again by itself. Nothing is lost.")
        elif self._must_sign_in():
            self._ask_to_sign_in()
            return
        elif gate is Gate.LOGIN:
            words = (
                self.tr("The province no longer knows this machine."),
                self.tr("You can keep working. Ask your team leader for a new invitation."),
            )
        else:
            return
        self._banners.addWidget(banner("warn", words[0], words[1], name="line"))

    def _other_roads(self) -> None:
        """What there is where no network is."""
        go = self._desk.navigator.go
        heading(self.content, self.tr("Without a network"))
        self.content.addLayout(
            row(
                button(self.tr("To the ward's machine"), partial(go, SendToWard()), name="toWard"),
                button(self.tr("Read QR chain"), partial(go, ReadChain()), name="readChain"),
                button(self.tr("Take in from neighbours"), partial(go, TakeIn()), name="takeIn"),
                None,
            )
        )

    def _must_sign_in(self) -> bool:
        province = self._desk.machine.profile.province
        is_person = province is not None and province.sign_in is not None
        return is_person and (self._signed_in is None or self._signed_in.has_ended)

    def _ask_to_sign_in(self) -> None:
        """Say that only sending waits, and offer the one press that mends it."""
        frame = banner(
            "warn",
            self.tr("Your sign-in has ended. Every dossier is still on this machine."),
            self.tr("You can keep working; you cannot send until you sign in again."),
            name="line",
        )
        again = button(
            self.tr("Sign in again"),
            partial(self._desk.navigator.go, SignInPage(begins=True)),
            kind="primary",
            name="signInAgain",
        )
        inside = frame.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.addLayout(row(again, None))
        self._banners.addWidget(frame)

    def _metered(self) -> None:
        """Photos wait where the network is paid by the byte; one press lets them go all the same."""
        said = self.tr("This network is paid by the byte: what people wrote is sent, photos wait.")
        more = self.tr("They go by themselves over another network.")
        self._banners.addWidget(banner("note", said, more, name="metered"))
        self._banners.addLayout(row(button(self.tr("Send photos too"), self._send_photos, name="sendPhotos"), None))

    def _send_photos(self) -> None:
        self._desk.runner.allow_files(True)
        self._send_now()

    def _show(self, one: SyncRow) -> None:
        self._desk.navigator.go(ShowChain(one.dossier))

    def _open(self, one: SyncRow) -> None:
        if one.is_mine:
            self._desk.navigator.go(SupplementPage(one.dossier))

    def _send_now(self) -> None:
        self._ended, self._answer = "", self.tr("Trying now…")
        self._asked = self._desk.runner.sync_now()
        self.refresh()

    def _pause(self) -> None:
        self._desk.runner.pause()
        self._ended, self._answer = "", self.tr("Paused. Press “Send now” to go on.")
        self.refresh()

    def _send_again(self, dossier: DossierId) -> None:
        desk = self._desk

        def queued(_none: None) -> None:
            desk.changed()
            self.refresh()

        desk.work.run(lambda: send_again(desk.machine, dossier), owner=self).then(queued).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _tell_again(self, number: int) -> None:
        desk = self._desk

        def queued(_none: None) -> None:
            desk.changed()
            self.refresh()

        desk.work.run(lambda: send_record_again(desk.machine, number), owner=self).then(queued).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _open_to_mend(self, dossier: DossierId, target: Route) -> None:
        open_to_mend(self._desk, dossier, target, owner=self, failed=lambda wrong: tell(self.content, wrong))

    def _outcome(self, outcome: str) -> str:
        return {
            "sent": self.tr("Done: everything that could be sent was sent, and the province confirmed it."),
            "news": self.tr("Done: there is news from the province."),
            "nothing": self.tr("Done: there was nothing new to send or receive."),
            "waits": self.tr("Done: nothing more could be sent now. What waits is sent by itself."),
            "later": self.tr("Not everything could be sent yet. It is tried again by itself; nothing is lost."),
            "held": self.tr("Not everything could be sent: see below what needs you."),
            "offline": self.tr("No network now. It will be sent by itself as soon as there is one."),
            "captive": self.tr("This Wi-Fi asks to be signed in to in a browser. Nothing was sent."),
            "certificate": self.tr("The server's certificate is not valid on this machine's date. Nothing was sent."),
            "busy": self.tr("The province asked to wait. It is tried again by itself."),
            "login": self.tr("You are not signed in, or the province no longer knows this machine. Nothing was sent."),
            "not-enrolled": self.tr("This machine knows no province yet. Nothing was sent."),
        }.get(outcome, self.tr("Paused. Press “Send now” to go on."))


class _Waiting(QWidget):
    """One dossier of the queue: where it stands, how much of it the province has confirmed."""

    def __init__(self, show: Callable[[SyncRow], object]) -> None:
        super().__init__()
        self._row: SyncRow | None = None
        self._name, self._state, self._amount = label(""), label("", "muted"), label("", "small")
        self._bar = QProgressBar()
        self._bar.setFixedWidth(160)
        self._bar.setTextVisible(False)
        words = self.tr("Show as QR chain")
        self._qr = button(
            self.tr("QR"), lambda: show(self._row) if self._row is not None else None, icon="qr_code_2", tip=words
        )
        self._qr.setAccessibleName(words)
        inside = row(self._name, self._state, self._bar, self._amount, self._qr)
        inside.setStretch(0, 3)
        inside.setStretch(1, 1)
        inside.setContentsMargins(0, 4, 0, 4)
        self.setLayout(inside)

    def set_row(self, one: SyncRow, language: str, now: dt.datetime) -> None:
        self._row = one
        name = " · ".join(part for part in (one.applicant, one.title(language)) if part)
        is_moving = one.state.value in {"sending", "confirming"}
        state = self.tr("sending")
        if not is_moving:
            state = self.tr("number %1 in the queue").replace("%1", str(one.place))
            if one.exported_at is not None:
                when = formats.when(one.exported_at, now, language)
                state = self.tr("on a stick since %1, still waiting").replace("%1", when)
        self._name.setText(name)
        self._state.setText(state)
        self._bar.setUpdatesEnabled(False)  # a bar paints itself at once, whenever it is told something
        self._bar.setRange(0, max(1, one.bytes_total // 1000))
        self._bar.setValue(one.bytes_acked // 1000)
        self._bar.setUpdatesEnabled(True)
        self._bar.setAccessibleName(name)
        self._amount.setText(
            f"{formats.megabytes(one.bytes_acked, language)} / {formats.megabytes(one.bytes_total, language)}"
        )
        self._qr.setObjectName(f"show_{one.readable_code}")


def _done_words(one: SyncRow, language: str) -> Words:
    """Return the two lines of a dossier that the province has proved today."""
    proved = formats.clock_time(one.proved_at) if one.proved_at is not None else ""
    name = " · ".join(part for part in (one.applicant, one.title(language)) if part)
    return name, f"{proved} · {one.office_number}"


def make(desk: Desk, _route: SyncCentre) -> SyncCentreScreen:
    return SyncCentreScreen(desk)
