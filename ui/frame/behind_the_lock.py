"""How much waits to be sent behind the lock: counted as the store is shut, said by the lock's screen until it opens."""

import contextlib
from typing import TYPE_CHECKING

from bnhelper.errors import KnownTrouble
from ui.widgets.page import Page

if TYPE_CHECKING:
    from bnhelper.actions.unlock_machine import OpenMachine
    from bnhelper.domain.sending import SendingStatus


def count_behind(machine: "OpenMachine") -> "SendingStatus | None":
    """Count on a worker, once nothing is sent any more; None where the disk is gone."""
    from bnhelper.domain.sending import LinkState
    from bnhelper.queries.sending_status import sending_status

    with contextlib.suppress(KnownTrouble):
        return sending_status(machine, LinkState())
    return None


class BehindTheLock:
    """Numbers alone, while the machine is locked."""

    def __init__(self) -> None:
        self._known: SendingStatus | None = None

    @property
    def known(self) -> "SendingStatus | None":
        """Return the status counted as the machine was locked, if it was while this program ran."""
        return self._known

    def know(self, status: "SendingStatus | None", page: Page | None) -> None:
        """Say a status on the screen that stands there, and on every later one; None is nothing to say."""
        self._known = status
        self.say_on(page)

    def say_on(self, page: Page | None) -> None:
        """Say what is known, if this is the lock's screen."""
        from ui.screens.unlock import UnlockScreen

        if isinstance(page, UnlockScreen) and self._known is not None:
            page.show_status(self._known)
