"""The machine's backups in Settings: the last proved one, one now, where they go, and how they are put back."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout

from bnhelper.actions.keep_backups import BackupState
from bnhelper.errors import KnownTrouble
from ui.presenters.desk import Desk
from ui.widgets.parts import banner, button, card, clear, label, row
from ui.words import formats
from ui.words.trouble_words import words_for, words_of


class BackupCard(QFrame):
    """Asks for itself; a backup runs beside everything else and says so."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("backupCard")
        self._desk = desk
        self._state: BackupState | None = None
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._ask(desk.backups.state)

    def refresh(self) -> None:
        """A backup was made, or failed, meanwhile; the same again is not drawn anew under a person's hands."""

        def draw(state: BackupState) -> None:
            if state != self._state:
                self._draw(state)

        self._desk.work.run(self._desk.backups.state, owner=self).then(draw).on_trouble(self._tell)

    def _ask(self, work: Callable[[], BackupState]) -> None:
        self._desk.work.run(work, owner=self).then(self._draw).on_trouble(self._tell)

    def _draw(self, state: BackupState) -> None:
        self._state = state
        clear(self._inside)
        frame, inside = card()
        inside.addWidget(label(self._proved(state), "strong", name="backupProved"))
        inside.addWidget(label(self._where(state)))
        if state.failed_code:
            inside.addWidget(self._failed(state))
        inside.addWidget(
            label(
                self.tr(
                    "Made by itself once a day, in a minute in which nobody works. Each copy is encrypted, and counts only after it was opened again and every photo compared. The last three stay, and the last of each of the two weeks before."
                ),
                "small",
            )
        )
        if not state.opens_elsewhere:
            inside.addWidget(
                banner(
                    "warn",
                    self.tr("These copies open on this machine only."),
                    self.tr("Set the ward's recovery key under “People, keys and log”, so that they open on another."),
                    name="opensHereOnly",
                )
            )
        self._now = button(self.tr("Back up now"), self._make, name="backUpNow", icon="inventory")
        choose = button(self.tr("Choose a folder or a stick"), self._choose, name="backupFolder", icon="folder_open")
        ways = [self._now, choose]
        if state.folder:
            ways.append(button(self.tr("This machine's own folder"), self._own, kind="link", name="backupOwn"))
        inside.addLayout(row(*ways, None))
        inside.addWidget(
            label(
                self.tr(
                    "To put a copy back: on a new machine press “Put a backup back” on the first page, or at the lock when the data cannot be read. What is there is set aside, never overwritten."
                ),
                "small",
            )
        )
        self._inside.addWidget(frame)

    def _proved(self, state: BackupState) -> str:
        if state.proved is None:
            return self.tr("No backup yet.")
        desk = self._desk
        said = self.tr("Last proved backup: %1, %2").replace("%2", formats.megabytes(state.proved.size, desk.language))
        return said.replace("%1", formats.when(state.proved.at, desk.clock.now(), desk.language))

    def _where(self, state: BackupState) -> str:
        own = self.tr("this machine's own folder, which is lost with it")
        said = self.tr("Copies go to: %1").replace("%1", state.folder or own)
        if state.proved is not None and state.folder and state.proved.folder != state.folder:
            said += " " + self.tr("(the last one went elsewhere)")
        return said

    def _failed(self, state: BackupState) -> QFrame:
        """Say why the last try failed, in the words of its trouble."""
        what, then = words_of(state.failed_code, state.failed_values, self._desk.language)
        when = formats.when(state.failed_at, self._desk.clock.now(), self._desk.language) if state.failed_at else ""
        said = self.tr("Not backed up %1.").replace("%1", when) + " " + what
        return banner("warn", said, then, name="backupFailed")

    def _make(self) -> None:
        self._now.setEnabled(False)
        self._now.setText(" " + self.tr("Backing up…"))
        self._desk.long_work.run(self._desk.backups.make, owner=self).then(
            lambda _made: self._ask(self._desk.backups.state)
        ).on_trouble(self._tell)

    def _tell(self, wrong: BaseException) -> None:
        """Draw anew with what is known, and say this trouble with its own numbers on top."""
        if not isinstance(wrong, KnownTrouble):
            raise wrong
        if wrong.code == "backup-stopped":
            return
        what, then = words_for(wrong, self._desk.language)

        def draw(state: BackupState) -> None:
            self._draw(state)
            for old in self.findChildren(QFrame, "backupFailed"):
                old.hide()
            self._inside.insertWidget(0, banner("trouble", what, then, name="trouble"))

        self._desk.work.run(self._desk.backups.state, owner=self).then(draw)

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder or a stick"))
        if folder:
            self._ask(lambda: self._desk.backups.choose(Path(folder)))

    def _own(self) -> None:
        self._ask(lambda: self._desk.backups.choose(None))
