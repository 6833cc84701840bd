"""Safe where? Every vocabulary for where a dossier is, in one table, and the only moves between states.

```mermaid
stateDiagram-v2
    draft --> queued: sealed
    queued --> draft: unlocked before any byte left
    queued --> sending: the attempt is written before it is made
    sending --> confirming: the province has the envelope and every file
    sending --> queued: the attempt ended without a word
    confirming --> queued: the province says something is missing
    confirming --> proved: signed receipt verified
    sending --> proved: signed receipt verified
    sending --> held: refused for good
    confirming --> held: refused for good
    queued --> held: refused for good
    held --> queued: sent again by a person
    held --> draft: opened to be mended
    proved --> queued: the province says it lacks it, or a new revision was sealed
```

`exported` (carried on a stick) is a mark on `queued`, never a step towards proved.
"""

from enum import StrEnum
from typing import Final


class OutboxState(StrEnum):
    """Where a sealed revision stands on this machine. Written before each attempt, cleared by proof."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    CONFIRMING = "confirming"
    HELD = "held"
    PROVED = "proved"


class StatusKey(StrEnum):
    """The keys screens use for a dossier's status (ux.md 3.7)."""

    DRAFT = "draft"
    READY = "ready"
    SENDING = "sending"
    SENDFAIL = "sendfail"
    DELIVERED = "delivered"
    RECEIVED = "received"
    SUPPLEMENT = "supplement"
    PROCESSING = "processing"
    RESULT = "result"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


MOVES: Final[frozenset[tuple[OutboxState, OutboxState]]] = frozenset(
    {
        (OutboxState.DRAFT, OutboxState.QUEUED),
        (OutboxState.QUEUED, OutboxState.DRAFT),
        (OutboxState.QUEUED, OutboxState.SENDING),
        (OutboxState.SENDING, OutboxState.CONFIRMING),
        (OutboxState.SENDING, OutboxState.QUEUED),
        (OutboxState.CONFIRMING, OutboxState.QUEUED),
        (OutboxState.CONFIRMING, OutboxState.PROVED),
        (OutboxState.SENDING, OutboxState.PROVED),
        (OutboxState.SENDING, OutboxState.HELD),
        (OutboxState.CONFIRMING, OutboxState.HELD),
        (OutboxState.QUEUED, OutboxState.HELD),
        (OutboxState.HELD, OutboxState.QUEUED),
        (OutboxState.HELD, OutboxState.DRAFT),
        (OutboxState.PROVED, OutboxState.QUEUED),
    }
)

_ON_THE_DEVICE: Final = {
    OutboxState.DRAFT: StatusKey.DRAFT,
    OutboxState.QUEUED: StatusKey.READY,
    OutboxState.SENDING: StatusKey.SENDING,
    OutboxState.CONFIRMING: StatusKey.SENDING,
    OutboxState.HELD: StatusKey.SENDFAIL,
}

#: wire state -> (key of the screens, national codes of the procedure-settlement systems)
_AT_THE_PROVINCE: Final = {
    "receiving": (StatusKey.SENDING, ()),
    "delivered": (StatusKey.DELIVERED, (1,)),
    "accepted": (StatusKey.RECEIVED, (2,)),
    "in_review": (StatusKey.PROCESSING, (4,)),
    "needs_info": (StatusKey.SUPPLEMENT, (5, 6)),
    "approved": (StatusKey.RESULT, (9,)),
    "returned": (StatusKey.RETURNED, (10,)),
    "rejected": (StatusKey.REFUSED, (3, 8)),
    "withdrawn": (StatusKey.WITHDRAWN, (7,)),
}

WIRE_STATES: Final = frozenset(_AT_THE_PROVINCE)


#: A photo of the sealed revision cannot be read on this machine any more: no copy of it here can ever become whole.
FILE_DAMAGED: Final = "file-damaged"
#: It waited when the machine was enrolled at another province.
OTHER_PROVINCE: Final = "other-province"
#: Refusals that name what is wrong with the answers: the province kept nothing of that revision and would refuse any
#: copy of it, so it may be opened and mended though its bytes have left. So may one whose photo is lost: the province
#: may have its text, so what is sealed then is the revision after it (`actions/lock_dossier.py`).
MENDED_BY_EDITING: Final = frozenset({"invalid", FILE_DAMAGED})


def may_move(before: OutboxState, after: OutboxState) -> bool:
    """Tell whether a revision may go from one state to the other."""
    return (before, after) in MOVES


def status_key(outbox: OutboxState, wire_state: str | None) -> StatusKey:
    """Return what a screen may say, from the device's state and the province's last word.

    The province's word counts only once the signed receipt is verified (`PROVED`); before that the
    device's own state is shown, so that nothing is ever claimed that is not known. A proved revision
    without a later word is delivered.
    """
    if outbox is not OutboxState.PROVED:
        return _ON_THE_DEVICE[outbox]
    if wire_state in (None, "receiving"):
        return StatusKey.DELIVERED
    return _AT_THE_PROVINCE[str(wire_state)][0]


def national_codes(wire_state: str) -> tuple[int, ...]:
    """Return the national status codes (one-stop systems) that a wire state stands for."""
    return _AT_THE_PROVINCE[wire_state][1]
