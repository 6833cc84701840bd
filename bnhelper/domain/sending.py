"""What can be said about sending, in one record: counted from the outbox, never from a flag."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Gate(StrEnum):
    """Whether the province can be reached; one for everybody."""

    UNKNOWN = "unknown"
    OPEN = "open"
    OFFLINE = "offline"
    CAPTIVE = "captive"  #: something answers, but it is not the province
    CERTIFICATE = "certificate"  #: the province's certificate is not valid on this machine's date
    BUSY = "busy"  #: the province asked to wait
    LOGIN = "login"  #: the province no longer knows this device


@dataclass(frozen=True, slots=True)
class LinkState:
    """What the runner knows of the line at this moment."""

    gate: Gate = Gate.UNKNOWN
    is_moving: bool = False  #: bytes of a dossier are on their way
    is_checking: bool = False  #: asking the province for news
    retry_at: dt.datetime | None = None


class SendingKind(StrEnum):
    """The rows of the badge's table, by precedence (ux.md 2.0)."""

    NOT_ENROLLED = "not_enrolled"
    REFUSED = "refused"
    SENDING = "sending"
    OLD = "old"
    OFFLINE_WAITING = "offline_waiting"
    OFFLINE_CLEAR = "offline_clear"
    WAITING = "waiting"
    CHECKING = "checking"
    ALL_SENT = "all_sent"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class SendingStatus:
    """The one sentence about sending, as numbers. Times are aware instants in UTC."""

    kind: SendingKind
    waiting: int
    failed: int
    done_today: int
    oldest_at: dt.datetime | None
    acknowledged_at: dt.datetime | None
    is_sending: bool
    gate: Gate
    visits: int = 0  #: of those that wait, outcomes of visits


def sending_status(
    link: LinkState,
    *,
    waiting: int,
    failed: int,
    done_today: int,
    oldest_at: dt.datetime | None,
    acknowledged_at: dt.datetime | None,
    is_enrolled: bool,
    now: dt.datetime,
    visits: int = 0,
) -> SendingStatus:
    """Return the status by the precedence of ux.md 2.0: failures first, and green only with a time of proof."""
    is_online = link.gate in {Gate.OPEN, Gate.BUSY, Gate.LOGIN}
    is_sending = link.is_moving and waiting > 0
    if failed:
        kind = SendingKind.REFUSED
    elif not is_enrolled:
        kind = SendingKind.NOT_ENROLLED
    elif is_sending:
        kind = SendingKind.SENDING
    elif not is_online and waiting:
        is_old = oldest_at is not None and now - oldest_at > dt.timedelta(hours=24)
        kind = SendingKind.OLD if is_old else SendingKind.OFFLINE_WAITING
    elif waiting:
        kind = SendingKind.WAITING
    elif link.is_checking or link.gate is Gate.UNKNOWN or (is_online and acknowledged_at is None):
        kind = SendingKind.CHECKING
    elif not is_online:
        kind = SendingKind.OFFLINE_CLEAR
    else:
        kind = SendingKind.ALL_SENT
    return SendingStatus(kind, waiting, failed, done_today, oldest_at, acknowledged_at, is_sending, link.gate, visits)
