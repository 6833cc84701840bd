"""Language, theme, text size, province; changes apply at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QLineEdit

from bnhelper.actions.unlock_machine import Province
from bnhelper.settings import Settings
from sync.sign_in import signs_in
from sync.transport.enrolment import enrol
from ui.presenters.desk import Desk
from ui.presenters.pack_news import PackNews
from ui.presenters.routes import PeoplePage, SettingsPage, SignInPage
from ui.screens.backup_card import BackupCard
from ui.screens.kiosk_card import KioskCard
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, heading, label, row

if TYPE_CHECKING:
    from bnhelper.catalogue.pack_update import Updated


class SettingsScreen(Page):
    """Rows built from what there is to choose; no Save button."""

    MOST_WIDTH = 840  # lines of at most some 75 letters

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        change: Callable[[Settings], object],
        begin_kiosk: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._settings = settings
        self._change = change
        self.set_title(self.tr("Settings"), self.tr("Changes apply at once, no Save"))
        self._choices(self.tr("Language"), "language", [("vi", "Tiếng Việt"), ("en", "English")])
        self._choices(
            self.tr("Theme"),
            "theme",
            [("light", self.tr("Light")), ("dark", self.tr("Dark")), ("outdoor", self.tr("Outdoor"))],
        )
        self._choices(self.tr("Text size"), "text_percent", [(one, f"{one} %") for one in (100, 125, 150, 200)])
        self._choices(
            self.tr("Photos and large files over networks that are paid by the byte"),
            "photos_over_metered",
            [(False, self.tr("Wait for another network")), (True, self.tr("Send them too"))],
        )
        self._province()
        profile = desk.machine.profile
        heading(self.content, self.tr("This machine"))
        said = [
            profile.person,
            profile.device,
            self.tr("Procedure pack %1").replace("%1", desk.machine.library.newest.version),
        ]
        self.content.addWidget(label(" · ".join(part for part in said if part), "small"))
        self._updates()
        heading(self.content, self.tr("Backups"))
        self.backups = BackupCard(desk)
        self.content.addWidget(self.backups)
        if begin_kiosk is not None and desk.machine.person.role.manages_people:
            heading(self.content, self.tr("Kiosk for residents"))
            self.content.addWidget(KioskCard(desk, settings, change, begin_kiosk))
        heading(self.content, self.tr("People, keys and log"))
        self.content.addWidget(
            label(
                self.tr("Who works with this machine, the ward's recovery key, the log, a file for support."), "small"
            )
        )
        self.add_row(
            button(
                self.tr("People, keys and log"),
                lambda: desk.navigator.go(PeoplePage()),
                name="openPeople",
                icon="person",
            ),
            None,
        )
        back = button(
            self.tr("Restore defaults for this page"), lambda: self._change(Settings()), name="restoreDefaults"
        )
        self.set_actions(back=(self.tr("Done"), desk.navigator.back), others=(back,))

    def refresh(self) -> None:
        """A round of sending has ended, or a backup was made."""
        self.backups.refresh()

    def _updates(self) -> None:
        """New procedures: from the province by itself and when asked, or by hand from a stick or a shared folder."""
        ways = [
            button(
                self.tr("Update the procedures from a stick or a folder"),
                self._choose_update,
                name="updatePack",
                icon="folder_open",
            )
        ]
        if self._desk.machine.profile.province is not None:
            ask = button(self.tr("Check for new procedures"), self.check_updates, name="checkPack", icon="sync")
            ways.insert(0, ask)
            said = self.tr("New procedures also come by themselves while this machine is on line.")
            self.content.addWidget(label(said, "small"))
        self.add_row(*ways, None)

    def _choices(self, title: str, field: str, offered: Sequence[tuple[object, str]]) -> None:
        heading(self.content, title)
        buttons = []
        for value, words in offered:
            one = button(words, partial(self._set, field, value), kind="tab", name=f"{field}_{value}")
            one.setCheckable(True)
            one.setChecked(getattr(self._settings, field) == value)
            one.setAccessibleName(f"{title}: {words}")
            buttons.append(one)
        self.content.addLayout(row(*buttons, None))

    def _set(self, field: str, value: object) -> None:
        self._change(replace(self._settings, **{field: value}))  # type: ignore[arg-type]

    def _province(self) -> None:
        heading(self.content, self.tr("Province"))
        province = self._desk.machine.profile.province
        if province is not None:
            said = self.tr("Enrolled at: %1").replace("%1", f"{province.office} ({province.url})")
            self.content.addWidget(label(said))
            if province.sign_in is not None:
                self.add_row(button(self.tr("Sign in or out"), self._sign_in, name="signIn"), None)
        frame, inside = card()
        if province is None:
            inside.addWidget(label(self.tr("Paste your team's invitation. You can work without it and send later.")))
        else:
            what = self.tr("A new invitation, when the province no longer knows this machine or your team has moved.")
            inside.addWidget(label(what, "small"))
        self._text = QLineEdit()
        self._text.setObjectName("invitation")
        self._text.setAccessibleName(self.tr("Invitation"))
        inside.addWidget(self._text)
        enrol_it = button(self.tr("Enrol"), self._enrol, name="enrol")
        sign_in = [button(self.tr("Sign in"), self._sign_in, name="signIn")] if province is None else []
        inside.addLayout(row(enrol_it, *sign_in, None))
        self.content.addWidget(frame)

    def _choose_update(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("The folder with the procedure pack"))
        if folder:
            self.update_from(Path(folder))

    def update_from(self, folder: Path) -> None:
        """Bring the newest pack of a folder here; drafts keep theirs until they are moved over."""
        desk, machine = self._desk, self._desk.machine

        def work() -> "Updated":
            from bnhelper.catalogue.pack_update import FolderSource, UpdateRefused, update

            trusted = machine.places.packs_root
            if not trusted.exists():
                raise UpdateRefused(reason="no-trusted-root")
            done = update(
                FolderSource(folder),
                machine.places.packs,
                trusted.read_bytes(),
                desk.clock.now(),
                machine.library.newest,
            )
            machine.library.again()
            machine.library.newest  # noqa: B018 - opened here, not on the GUI thread
            return done

        desk.work.run(work, owner=self).then(self._updated).on_trouble(lambda wrong: tell(self.content, wrong))

    def check_updates(self) -> None:
        """Ask the province for newer procedures now."""
        desk = self._desk
        desk.long_work.run(PackNews(desk.machine, desk.clock).bring, owner=self).then(self._updated).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _updated(self, found: "Updated") -> None:
        said = self.tr("The newest procedures are here: %1") if not found.is_new else self.tr("New procedures: %1")
        self.content.insertWidget(0, banner("good", said.replace("%1", found.version), name="updated"))
        self.scroller.verticalScrollBar().setValue(0)

    def _sign_in(self) -> None:
        self._desk.navigator.go(SignInPage())

    def _enrol(self) -> None:
        desk, text = self._desk, self._text.text()
        machine = desk.machine
        if signs_in(text):
            desk.navigator.go(SignInPage(text))
            return

        def work() -> None:
            invitation, answer = enrol(
                text,
                device=machine.profile.device,
                public_key=machine.signing.public(),
                name=machine.profile.person,
            )
            machine.remember_province(
                Province(
                    invitation.url,
                    answer.server_id,
                    answer.token,
                    tuple(answer.receipt_keys),
                    invitation.certificate_sha256,
                    answer.office,
                    answer.courier or "",
                )
            )

        def done(_none: None) -> None:
            desk.runner.sync_now()  # whoever waited for this invitation waits no longer
            desk.changed()
            self.content.insertWidget(0, banner("good", self.tr("This machine is enrolled.")))

        desk.work.run(work, owner=self).then(done).on_trouble(lambda wrong: tell(self.content, wrong))


Make = Callable[[Desk, SettingsPage], SettingsScreen]
