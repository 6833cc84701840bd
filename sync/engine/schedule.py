"""Which job next: text before photos, then what is nearest to whole, fair to what waits long."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """One waiting revision: its place in the queue, whether its envelope is known, bytes still to send."""

    outbox: int
    is_known: bool
    bytes_left: int
    age_s: float


#: After this long a heavy dossier goes before lighter ones.
_FAIR_AFTER_S = 15 * 60


def in_order(jobs: Iterable[Job]) -> list[Job]:
    """Return the jobs in the order they are worked on.

    All envelopes go first, oldest first: they are small and the province sees the queue at once. Then the
    dossiers with the fewest bytes left, so that whole ones arrive early; one that has waited 15 minutes goes
    before them.
    """
    waiting = list(jobs)
    texts = sorted((job for job in waiting if not job.is_known), key=lambda job: job.outbox)
    files = sorted(
        (job for job in waiting if job.is_known),
        key=lambda job: (
            job.age_s < _FAIR_AFTER_S,
            job.bytes_left if job.age_s < _FAIR_AFTER_S else job.outbox,
            job.outbox,
        ),
    )
    return texts + files
