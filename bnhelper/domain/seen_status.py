"""What somebody who asks about one dossier is told: a status and its date, nothing else."""

import datetime as dt
from dataclasses import dataclass

from bnhelper.domain.custody import WIRE_STATES, OutboxState, StatusKey, status_key


@dataclass(frozen=True, slots=True)
class SeenStatus:
    """The result of the one status function (`custody.status_key`) with its instant, and who said so."""

    status: StatusKey
    at: dt.datetime
    is_from_province: bool


def told_by_province(state: str, at: dt.datetime) -> SeenStatus | None:
    """Return what the province's public word comes to; None for a word this program does not know.

    A dossier of which the province still lacks files is on its way, whatever this machine believes.
    """
    if state not in WIRE_STATES:
        return None
    outbox = OutboxState.SENDING if state == "receiving" else OutboxState.PROVED
    return SeenStatus(status_key(outbox, state), at, is_from_province=True)


def newest(*seen: SeenStatus | None) -> SeenStatus | None:
    """Return the latest of what is known; the province's word before this machine's where both are of one instant."""
    known = [one for one in seen if one is not None]
    return max(known, key=lambda one: (one.at, one.is_from_province)) if known else None
