"""What the machine does for itself: it erases what is overdue; in a quiet minute it keeps the reserve and backups."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from ui.background import Background
from ui.presenters.backup_care import BackupCare
from ui.presenters.overdue_care import OverdueCare

_QUIET_MS: Final = 60 * 1000  #: nobody pressed anything for so long; well before the machine locks itself
_AGAIN_MS: Final = 10 * 60 * 1000


class QuietMinutes(QObject):
    """Has a worker of its own, so that nobody waits for a backup. `told` says that something was done or failed."""

    told = Signal()

    def __init__(self, care: BackupCare, overdue: OverdueCare, background: Background) -> None:
        super().__init__()
        self._care = care
        self._overdue = overdue
        self._background = background
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.now)
        self._timer.start(_QUIET_MS)

    def touched(self) -> None:
        """Somebody works: the quiet minute begins anew."""
        if self._timer.isActive() and self._timer.remainingTime() < _QUIET_MS // 2:
            self._timer.start(_QUIET_MS)

    def now(self) -> None:
        """It was quiet for a minute."""
        self._background.run(self._care.in_a_quiet_minute, owner=self).then(self._done).on_trouble(self._failed)

    def erase_overdue(self) -> None:
        """Erase what was put out of sight when the machine was opened, or a date was confirmed; a full disk is told."""
        self._background.run(self._overdue.erase, owner=self).then(self._erased)

    def stop(self) -> None:
        """The machine is being locked."""
        self._timer.stop()
        self._overdue.stop()
        self._care.stop()

    def _erased(self, count: int) -> None:
        if count:
            self.told.emit()

    def _done(self, made: object) -> None:
        self._timer.start(_AGAIN_MS)
        if made is not None:
            self.told.emit()

    def _failed(self, wrong: BaseException) -> None:
        """The state keeps why, and Home and Settings tell it; a bug is told at once."""
        self._timer.start(_AGAIN_MS)
        if getattr(wrong, "code", "bug") == "bug":
            self._background.last_resort(wrong)
        self.told.emit()
