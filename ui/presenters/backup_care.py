"""The machine's backups while it is open: when one is due, making one, and stopping for whatever a person wants."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bnhelper.actions.keep_backups import BackupState, Proved
    from bnhelper.actions.unlock_machine import OpenMachine


class BackupCare:
    """Called off the GUI thread. One backup at a time; `stop` lets a running one leave nothing behind."""

    def __init__(self, machine: "OpenMachine") -> None:
        self._machine = machine
        self._one = threading.Lock()
        self._is_stopped = False

    def state(self) -> "BackupState":
        from bnhelper.actions.keep_backups import backup_state

        return backup_state(self._machine)

    def choose(self, folder: Path | None) -> "BackupState":
        """Keep the next backups in a folder; return what is known then."""
        from bnhelper.actions.keep_backups import backup_state, choose_backup_folder

        choose_backup_folder(self._machine, folder)
        return backup_state(self._machine)

    def make(self) -> "Proved":
        """Make one now; waits for one that is under way. Raises what `back_up_machine` raises."""
        from bnhelper.actions.keep_backups import back_up_machine

        with self._one:
            return back_up_machine(self._machine, goes_on=lambda: not self._is_stopped)

    def in_a_quiet_minute(self) -> "Proved | None":
        """Keep the reserve for a full disk, and make a backup if one is due; None when none was."""
        from bnhelper.actions.keep_backups import backup_is_due

        if self._is_stopped:
            return None
        self._machine.store.ground.keep_reserve()
        return self.make() if backup_is_due(self._machine) else None

    def stop(self) -> None:
        """The machine is locked: what runs ends at its next block, and nothing new begins."""
        self._is_stopped = True
