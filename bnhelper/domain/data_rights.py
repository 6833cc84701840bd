"""What a resident may ask about their data, and by when it is due; why a dossier may not be erased yet.

The clocks are those of Law 91/2025/QH15 and NĐ 356/2025/NĐ-CP: taking a consent back is answered within 2 working days
and carried out within 15 days (20 where a processor, here the province's system, has the data too), one extension of at
most 15; seeing, correcting and being given a copy 10 days (15); erasing 20 (30), one extension of at most 20.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bnhelper.domain.custody import WIRE_STATES, OutboxState, StatusKey, status_key
from bnhelper.domain.dossier import DossierRow


class RequestKind(StrEnum):
    """What is asked."""

    WITHDRAW = "withdraw"
    VIEW = "view"
    CORRECT = "correct"
    ERASE = "erase"


class HoldReason(StrEnum):
    """Why a dossier must be kept although erasing was asked for or is due."""

    INSPECTION = "inspection"
    COMPLAINT = "complaint"
    COURT = "court"


@dataclass(frozen=True, slots=True)
class Term:
    """How long a request may take, in days."""

    answer_working_days: int | None
    days: int
    days_with_processor: int
    extension: int


TERMS: Final = {
    RequestKind.WITHDRAW: Term(2, 15, 20, 15),
    RequestKind.VIEW: Term(None, 10, 15, 0),
    RequestKind.CORRECT: Term(None, 10, 15, 0),
    RequestKind.ERASE: Term(None, 20, 30, 20),
}
#: A dossier that has come to its end is erased from this machine so many days later; the province keeps its own.
KEPT_AFTER_END_DAYS: Final = 30
#: A draft that was put into the bin can be taken out again for so long.
KEPT_IN_BIN_DAYS: Final = 30


_ENDED: Final = frozenset({StatusKey.RESULT, StatusKey.RETURNED, StatusKey.REFUSED, StatusKey.WITHDRAWN})
#: the province's words after which it has nothing more to do with a dossier that it holds
ENDING_WORDS: Final = frozenset(word for word in WIRE_STATES if status_key(OutboxState.PROVED, word) in _ENDED)


def ended_at(row: DossierRow) -> dt.datetime | None:
    """Return since when the province has nothing more to do with a dossier and this machine knows; None before.

    A machine that was away for months has its people see what was decided before it counts the days of keeping it.
    """
    if row.status not in _ENDED or row.outbox_state is not OutboxState.PROVED or row.wire_at is None:
        return None
    return max(row.wire_at, row.wire_heard_at or row.wire_at)


@dataclass(frozen=True, slots=True)
class Due:
    """By when a request is answered and carried out; dates in the province."""

    answer_by: dt.date | None
    done_by: dt.date


def due(
    kind: RequestKind,
    asked_on: dt.date,
    *,
    has_left: bool,
    is_extended: bool,
    is_working: Callable[[dt.date], bool],
) -> Due:
    """Return the due dates of a request asked on `asked_on`; that day itself is not counted (Civil Code 2015, 147)."""
    term = TERMS[kind]
    days = (term.days_with_processor if has_left else term.days) + (term.extension if is_extended else 0)
    answer_by = None
    if term.answer_working_days is not None:
        answer_by, left = asked_on, term.answer_working_days
        while left:
            answer_by += dt.timedelta(days=1)
            left -= is_working(answer_by)
    return Due(answer_by, asked_on + dt.timedelta(days=days))
