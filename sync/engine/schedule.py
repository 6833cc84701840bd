"""Which task next: text before photos, then what is nearest to whole, fair to what waits long."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What one task is."""

    TEXT = "text"  #: send the envelope and learn what is missing
    FILE = "file"  #: send one file from its confirmed byte
    PROOF = "proof"  #: ask for the signed receipt, all files being over


@dataclass(frozen=True, slots=True)
class Task:
    """One thing a stream can do."""

    kind: Kind
    outbox: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """One file the province lacks, and how many bytes of it are not confirmed."""

    sha256: str
    bytes_left: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One waiting revision. `missing` is None until the province has said what it lacks."""

    outbox: int
    missing: Sequence[Missing] | None
    age_s: float
    doubts: int = 0  #: the line broke over it again and again: it goes after the others


#: After this long a heavy dossier gets a stream of its own.
_FAIR_AFTER_S: Final = 15 * 60


def all_on_their_way(waiting: Collection[Waiting], running: Collection[Task]) -> bool:
    """Tell whether no text and no file waits for a stream any more."""
    sent = {task.sha256 for task in running if task.kind is Kind.FILE}
    return all(one.missing is not None and all(file.sha256 in sent for file in one.missing) for one in waiting)


def next_task(waiting: Collection[Waiting], running: Collection[Task], *, has_files: bool = True) -> Task | None:
    """Return the next task that no stream works on yet, or None.

    Texts first, oldest first and one at a time, so that they arrive in the order they were sealed; a text is a round
    trip and no bandwidth, the other streams fill the link meanwhile. Then proofs: they finish dossiers. Then files,
    from the dossier with the fewest bytes left, its smallest file first, so that whole dossiers arrive early; but one
    that has waited 15 minutes is given a stream before them. A file that two dossiers share goes once. One over which
    the line broke again and again goes after all others of its kind. `has_files` is False where a link is paid by the
    byte: photos then wait.
    """
    texts = {task.outbox for task in running if task.kind is not Kind.FILE}
    has_room = not any(task.kind is Kind.TEXT for task in running)
    in_turn = sorted(waiting, key=lambda one: (one.doubts, one.outbox))
    for one in in_turn:
        if has_room and one.missing is None and one.outbox not in texts:
            return Task(Kind.TEXT, one.outbox)
    with_files = {task.outbox for task in running if task.kind is Kind.FILE}
    for one in in_turn:
        if one.missing is not None and not one.missing and one.outbox not in texts | with_files:
            return Task(Kind.PROOF, one.outbox)
    if not has_files:
        return None
    on_their_way = {task.sha256 for task in running}
    served = any(one.age_s >= _FAIR_AFTER_S for one in waiting if one.outbox in with_files)

    def place(one: Waiting) -> tuple[int, bool, int, int]:
        is_due = one.age_s >= _FAIR_AFTER_S and not served
        return (one.doubts, not is_due, 0 if is_due else sum(file.bytes_left for file in one.missing or ()), one.outbox)

    for one in sorted((one for one in waiting if one.missing), key=place):
        for file in sorted(one.missing or (), key=lambda file: (file.bytes_left, file.sha256)):
            if file.sha256 not in on_their_way:
                return Task(Kind.FILE, one.outbox, file.sha256)
    return None
