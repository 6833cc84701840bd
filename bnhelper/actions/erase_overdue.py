"""Erases what came to its end long enough ago, or lay in the bin too long: out of sight at once, then piece by piece.

A machine that was not opened for months may have thousands. Nobody waits for them: opening only puts them out of sight,
and each piece is a commit of its own, so that answers are kept in between and a kill costs nothing.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Final

from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId
from bnhelper.store import believed_time, visits
from bnhelper.store.erasure import ended_long_ago, erase_rows, in_bin_too_long, put_aside
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed

_log = logging.getLogger(__name__)
#: dossiers of one commit: an answer that is kept meanwhile waits for one piece at most
PIECE: Final = 20


def set_aside_overdue(machine: OpenMachine) -> tuple[DossierId, ...]:
    """Take what is due out of every list, count and search, everybody's; return all that is to be erased.

    Lists of homes whose time is over are some rows without a file: they are erased here and now.
    Judged by the clock as far as it is believed. What was set aside and is due no longer comes back: the clock was put
    right. Raises DiskFull, DiskReadOnly, DiskFailed.
    """
    with machine.store.write() as db:
        now = machine.clock.now()
        believed = believed_time.believed(db, now)
        ended = ended_long_ago(db, believed)
        put_aside(db, ended, now)
        for one in visits.erase_over(db, believed):
            machine.note(db, Deed.VISITS_ERASED, one, reason="schedule")
        return (*in_bin_too_long(db, believed), *ended)


def set_aside_if_the_disk_lets_us(machine: OpenMachine) -> None:
    """Do so while a machine is being opened: a disk that takes nothing more locks nobody out."""
    try:
        set_aside_overdue(machine)
    except KnownTrouble as trouble:
        _log.warning("overdue dossiers stay in sight: %s", trouble)
    except BaseException:
        machine.close()
        raise


def erase_overdue(
    machine: OpenMachine,
    due: Sequence[DossierId] | None = None,
    *,
    goes_on: Callable[[], bool] = lambda: True,
    told: Callable[[int], object] = lambda _gone_through: None,
) -> int:
    """Erase what `set_aside_overdue` returned; return how many dossiers were erased.

    `goes_on` is asked before every piece, `told` after it with how many of `due` were gone through. What is no longer
    due by then stays. Raises DiskFull, DiskReadOnly, DiskFailed; what was erased by then is.
    """
    due = set_aside_overdue(machine) if due is None else due
    erased = 0
    try:
        for begin in range(0, len(due), PIECE):
            if not goes_on():
                break
            erased += _erase_piece(machine, due[begin : begin + PIECE])
            told(min(begin + PIECE, len(due)))
    finally:
        if erased:
            machine.store.forget_what_was_deleted()
    return erased


def _erase_piece(machine: OpenMachine, some: Sequence[DossierId]) -> int:
    with machine.store.write() as db:
        believed = believed_time.believed(db, machine.clock.now())
        reasons = dict.fromkeys(in_bin_too_long(db, believed, some), "bin")
        reasons |= dict.fromkeys(ended_long_ago(db, believed, some), "schedule")
        files = erase_rows(db, list(reasons))
        for dossier, reason in reasons.items():
            machine.note(db, Deed.DOSSIER_ERASED, dossier, reason=reason)
    for name in files:
        machine.photos.forget(name)
    return len(reasons)
