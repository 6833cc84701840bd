"""New procedures from the province: when to ask for them, and bringing them here."""

import datetime as dt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bnhelper.actions.unlock_machine import OpenMachine
    from bnhelper.catalogue.pack_update import Updated
    from bnhelper.clock import Clock

_EVERY: Final = dt.timedelta(hours=12)
_LINE_IS_OPEN: Final = frozenset({"sent", "nothing"})  #: what the runner says after a round the province answered


class PackNews:
    """Asks the province for newer packs while the line is open anyway; drafts keep the pack they were begun with."""

    def __init__(self, machine: "OpenMachine", clock: "Clock") -> None:
        self._machine = machine
        self._clock = clock
        self._asked_at: dt.datetime | None = None

    def is_due(self, outcome: str, *, is_paid: bool) -> bool:
        """Tell whether to ask now, after a round of sending that ended so.

        Not while the line is paid by the byte: a pack is as large as the photos that wait there too.
        """
        if outcome not in _LINE_IS_OPEN or is_paid or self._machine.profile.province is None:
            return False
        return self._asked_at is None or self._clock.now() - self._asked_at >= _EVERY

    def bring(self) -> "Updated":
        """Bring the newest pack here, off the GUI thread.

        Raises UpdateNotThere (also when not enrolled), UpdateRefused, UpdateTooOld, ClockAbsurd.
        """
        from bnhelper.catalogue.pack_update import UpdateNotThere
        from sync.transport.pack_source import update_from_province

        machine = self._machine
        self._asked_at = self._clock.now()
        province = machine.profile.province
        if province is None:
            raise UpdateNotThere
        places = machine.places
        done = update_from_province(
            province.url,
            province.certificate_sha256,
            places.packs,
            places.packs_root,
            self._clock.now(),
            machine.library.newest,
        )
        if done.is_new:
            machine.library.again()
            machine.library.newest  # noqa: B018 - opened here, not on the GUI thread
        return done
