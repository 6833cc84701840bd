"""The one sentence about sending, counted from the tables at draw time."""

import datetime as dt

from bnhelper.clock import PROVINCE_TIME
from bnhelper.domain.sending import LinkState, SendingStatus
from bnhelper.domain.sending import sending_status as judged
from bnhelper.store import outbox
from bnhelper.store.open_machine import OpenMachine


def sending_status(machine: OpenMachine, link: LinkState) -> SendingStatus:
    """Return what the badge, Today and the sync centre say; all of them print this one result."""
    now = machine.clock.now()
    with machine.store.read() as db:
        counted = outbox.counts(db, day_begins(now))
    return judged(
        link,
        waiting=counted.waiting,
        failed=counted.failed,
        done_today=counted.done_today,
        oldest_at=counted.oldest_at,
        acknowledged_at=counted.acknowledged_at,
        is_enrolled=machine.profile.province is not None,
        now=now,
        visits=counted.visits,
    )


def day_begins(now: dt.datetime) -> dt.datetime:
    """Return the first instant of the province's day in which `now` lies."""
    local = now.astimezone(PROVINCE_TIME)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
