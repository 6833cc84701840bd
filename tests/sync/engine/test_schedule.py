"""Which job goes next."""

import pytest

from sync.engine.schedule import Job, in_order

_OLD = 15 * 60.0


def _job(outbox: int, *, text: bool = False, left: int = 0, age: float = 0.0) -> Job:
    return Job(outbox, is_known=not text, bytes_left=left, age_s=age)


@pytest.mark.parametrize(
    ("jobs", "order"),
    [
        ([], []),
        ([_job(2, text=True), _job(1, text=True)], [1, 2]),
        ([_job(1, left=10), _job(2, text=True, left=900)], [2, 1]),
        ([_job(1, left=900), _job(2, left=10), _job(3, left=50)], [2, 3, 1]),
        ([_job(2, left=10), _job(1, left=10)], [1, 2]),
        ([_job(1, left=10), _job(2, left=900, age=_OLD)], [2, 1]),
        ([_job(1, left=10), _job(2, left=900, age=_OLD - 1)], [1, 2]),
        ([_job(3, left=10, age=_OLD), _job(2, left=900, age=_OLD)], [2, 3]),
        ([_job(1, left=900, age=_OLD), _job(2, text=True)], [2, 1]),
    ],
    ids=[
        "nothing waits",
        "texts, oldest first",
        "every text before any photo",
        "what is nearest to whole first",
        "the older of two equals",
        "whoever waited a quarter of an hour first",
        "a second less is not yet",
        "among those, the oldest, however heavy",
        "texts even before those",
    ],
)
def test_order(jobs: list[Job], order: list[int]) -> None:
    assert [job.outbox for job in in_order(jobs)] == order
