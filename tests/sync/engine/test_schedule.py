"""Which task goes next."""

import pytest

from sync.engine.schedule import Kind, Missing, Task, Waiting, all_on_their_way, next_task

_OLD = 15 * 60.0


def _new(outbox: int) -> Waiting:
    return Waiting(outbox, None, 0.0)


def _known(outbox: int, *left: int, age: float = 0.0) -> Waiting:
    return Waiting(outbox, [Missing(f"{outbox}-{one}", one) for one in left], age)


def _text(outbox: int) -> Task:
    return Task(Kind.TEXT, outbox)


def _proof(outbox: int) -> Task:
    return Task(Kind.PROOF, outbox)


def _file(outbox: int, left: int) -> Task:
    return Task(Kind.FILE, outbox, f"{outbox}-{left}")


@pytest.mark.parametrize(
    ("waiting", "running", "expected"),
    [
        ([], [], None),
        ([_new(2), _new(1)], [], _text(1)),
        ([_known(1, 10), _new(2)], [], _text(2)),
        ([_new(1), _new(2)], [_text(1)], None),
        ([_new(1), _new(2), _known(4, 7)], [_text(1)], _file(4, 7)),
        ([_known(1, 10), _known(2)], [], _proof(2)),
        ([_known(2)], [_proof(2)], None),
        ([_known(2)], [_file(2, 5)], None),
        ([_known(1, 900), _known(2, 10), _known(3, 50)], [], _file(2, 10)),
        ([_known(1, 900, 5), _known(2, 10, 20)], [], _file(2, 10)),
        ([_known(1, 30, 5)], [_file(1, 5)], _file(1, 30)),
        ([_known(2, 10), Waiting(1, [Missing("1-10", 10)], 0.0)], [], _file(1, 10)),
        ([_known(1, 10), _known(2, 900, age=_OLD)], [], _file(2, 900)),
        ([_known(1, 10), _known(2, 900, age=_OLD - 1)], [], _file(1, 10)),
        ([_known(1, 10), _known(2, 900, 800, age=_OLD)], [_file(2, 800)], _file(1, 10)),
        ([_known(3, 10, age=_OLD), _known(2, 900, age=_OLD)], [], _file(2, 900)),
        ([Waiting(1, None, _OLD, doubts=1), _new(2)], [], _text(2)),
        ([Waiting(1, None, _OLD, doubts=1)], [], _text(1)),
        ([Waiting(1, [Missing("1-10", 10)], _OLD, doubts=1), _known(2, 900)], [], _file(2, 900)),
    ],
    ids=[
        "nothing waits",
        "texts, the oldest first",
        "a text before any photo",
        "texts one after the other, so that their order holds",
        "the other streams fill the link meanwhile",
        "a proof finishes a dossier",
        "one proof at a time",
        "no proof before the last file is over",
        "the dossier that is nearest to whole",
        "counted over all its files, and its smallest first",
        "two files of one dossier at once",
        "the older of two equals",
        "a stream for whoever waited a quarter of an hour",
        "a second less is not yet",
        "but only one of them",
        "among those the oldest, however heavy",
        "one over which the line breaks goes after the others",
        "and still goes",
        "with its photos too, however long it waited",
    ],
)
def test_order(waiting: list[Waiting], running: list[Task], expected: Task | None) -> None:
    assert next_task(waiting, running) == expected


def test_a_file_that_two_dossiers_share_goes_once() -> None:
    shared = [Missing("same", 10)]
    waiting = [Waiting(1, shared, 0.0), Waiting(2, shared, 0.0)]
    first = next_task(waiting, [])
    assert first == Task(Kind.FILE, 1, "same")
    assert next_task(waiting, [first]) is None


def test_where_bytes_cost_money_texts_go_and_photos_wait() -> None:
    assert next_task([_new(1), _known(2, 10)], [], has_files=False) == _text(1)
    assert next_task([_known(2, 10)], [], has_files=False) is None
    assert next_task([_known(2)], [], has_files=False) == _proof(2)


def test_the_end_is_near_when_every_missing_file_is_being_sent() -> None:
    waiting = [_known(1, 10, 20), _known(2)]
    assert not all_on_their_way(waiting, [_file(1, 10)])
    assert all_on_their_way(waiting, [_file(1, 10), _file(1, 20)])
    assert not all_on_their_way([*waiting, _new(3)], [_file(1, 10), _file(1, 20), _text(3)]), "it may bring files"
