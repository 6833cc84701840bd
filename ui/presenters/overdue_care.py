"""Erasing what is overdue while the machine is open: how far it is, and stopping for the lock."""

import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bnhelper.actions.unlock_machine import OpenMachine

_PAUSE_S: Final = 0.02  #: between two pieces, so that whoever keeps an answer has the store first
_LONG: Final = 200  #: fewer are gone before anybody has read that they are going


class OverdueCare:
    """`erase` is called off the GUI thread; `stop` lets it end after the piece in hand, and the next start goes on."""

    def __init__(self, machine: "OpenMachine") -> None:
        self._machine = machine
        self._is_stopped = threading.Event()
        self.total = 0
        self.gone_through = 0

    @property
    def left(self) -> int:
        """Return how many are still to be gone through."""
        return self.total - self.gone_through

    @property
    def is_long(self) -> bool:
        """Tell whether so many are left that a person should be told."""
        return self.left > _LONG

    def erase(self) -> int:
        """Erase what is due; return how many dossiers that were. Raises DiskFull, DiskReadOnly, DiskFailed."""
        from bnhelper.actions.erase_overdue import erase_overdue, set_aside_overdue

        if self._is_stopped.is_set():
            return 0
        due = set_aside_overdue(self._machine)
        self.total, self.gone_through = len(due), 0
        try:
            return erase_overdue(self._machine, due, goes_on=self._goes_on, told=self._told)
        finally:
            self.total = self.gone_through = 0

    def stop(self) -> None:
        """The machine is locked."""
        self._is_stopped.set()

    def _goes_on(self) -> bool:
        return not self._is_stopped.wait(_PAUSE_S)

    def _told(self, gone_through: int) -> None:
        self.gone_through = gone_through
