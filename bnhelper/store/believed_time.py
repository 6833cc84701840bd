"""What time it is as far as this machine may believe its clock: nothing is erased by date on the clock's word alone.

A clock that jumps ahead, after a dead battery or by a slip in the settings, must not make everything due at once. It is
believed while it goes on as clocks do; further than a week at once only when the province or a person says so too.
"""

import datetime as dt
from typing import Final

from sqlalchemy import Connection

from bnhelper.clock import from_text, to_text
from bnhelper.store import audit, installation

#: so far the clock may have gone on since it was last believed: a machine that is used at weekends keeps within it
MOST_UNSEEN: Final = dt.timedelta(days=7)
_KEY: Final = "believed_at"
_NOT_WORTH_KEEPING: Final = dt.timedelta(minutes=10)


def believed(db: Connection, now: dt.datetime) -> dt.datetime:
    """Return the moment by which may be judged what is due: `now`, or one before it that was believed last."""
    last = _last(db)
    return now if last is None or now - last <= MOST_UNSEEN else last


def never_before(db: Connection, now: dt.datetime) -> dt.datetime:
    """Return `now`, or what was believed already when the clock was set back: from here a time to be kept begins."""
    last = _last(db)
    return now if last is None else max(now, last)


def went_on(db: Connection, now: dt.datetime) -> None:
    """Somebody opened the machine at `now`: the clock is believed if it went on as clocks do."""
    last = _last(db)
    if last is None or dt.timedelta() < now - last <= MOST_UNSEEN:
        installation.put(db, _KEY, to_text(now))
    else:
        installation.put(db, _KEY, to_text(last))  # a store older than this judgement keeps what its log said


def confirm(db: Connection, now: dt.datetime) -> None:
    """A person looked at a calendar and says that the clock is right."""
    installation.put(db, _KEY, to_text(now))


def heard(db: Connection, said: dt.datetime) -> None:
    """The province says now, over its own line, that it is `said`: that holds, also when we believed more."""
    last = _last(db)
    if last is None or abs(said - last) > _NOT_WORTH_KEEPING:
        installation.put(db, _KEY, to_text(said))


def heard_earlier(db: Connection, said: dt.datetime) -> None:
    """The province signed something at `said`, which may have been on its way for weeks: it is that late at least."""
    last = _last(db)
    if last is None or said - last > _NOT_WORTH_KEEPING:
        installation.put(db, _KEY, to_text(said))


def _last(db: Connection) -> dt.datetime | None:
    """Return what was believed last; in a store older than this judgement the last entry of its log."""
    said = installation.get(db, _KEY)
    if said is not None:
        return from_text(said)
    newest = audit.newest(db, 1)
    return from_text(newest[0].body["at"]) if newest else None
