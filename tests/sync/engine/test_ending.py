"""The last files of a queue end together, and nobody waits before that."""

from collections import deque

import pytest

from sync.engine.ending import Ending

_RATE = 120_000.0  #: bytes a second of a 3G link
_BLOCK = 16_384


def _ending(**left: int) -> Ending:
    made = Ending()
    made.nothing_else_waits(True)
    for name, count in left.items():
        made.stands(name, count + _BLOCK)
        made.sent(name, _BLOCK, 0.0)
    return made


def _play(made: Ending, left: dict[str, int], rate: float, *, measured: bool = False) -> dict[str, float]:
    """Let the files share a link of `rate`, as TCP does: next is who sent least of those who do not wait.

    Returns when each is over. With `measured` the rate that is told is what went over in the last ten seconds.
    """
    now, over, sent = 0.0, {}, dict.fromkeys(left, 0)
    went = deque([(0.0, int(10 * rate))])
    while left:
        while measured and went and went[0][0] < now - 10:
            went.popleft()
        told = max(1.0, sum(count for _, count in went) / 10) if measured else rate
        going = [name for name in left if made.wait_s(name, now, told) <= 0]
        now += _BLOCK / rate
        if not going:
            continue
        name = min(going, key=lambda one: sent[one])
        made.sent(name, _BLOCK, now)
        went.append((now, _BLOCK))
        sent[name] += _BLOCK
        left[name] -= _BLOCK
        if left[name] <= 0:
            del left[name]
            over[name] = now
            made.over(name)
    return over


def test_the_one_with_least_left_waits_for_its_share_and_the_one_with_most_never_does() -> None:
    made = _ending(a=100_000, b=400_000, c=700_000)
    wait = {name: made.wait_s(name, 0.0, _RATE) for name in "abc"}
    assert wait["a"] == pytest.approx(_BLOCK / (1.5 * _RATE / 12))
    assert wait["a"] > wait["b"] > wait["c"] == 0
    assert made.wait_s("a", 1.0, _RATE) == pytest.approx(wait["a"] - 1.0, abs=0.02)
    assert made.wait_s("a", 60.0, _RATE) == 0


def test_a_share_grows_when_the_others_are_nearer_to_their_end() -> None:
    made = _ending(a=100_000, b=400_000, c=700_000)
    before = made.wait_s("a", 0.0, _RATE)
    made.stands("c", 410_000)
    assert made.wait_s("a", 0.0, _RATE) < before


@pytest.mark.parametrize(
    ("left", "rate"),
    [
        ({"a": 100_000, "b": 900_000}, _RATE),
        ({"a": 5_000, "b": 10_000, "c": 20_000}, _RATE),
        ({"a": 9_000_000, "b": 9_100_000, "c": 9_200_000}, _RATE),
        ({"a": 100_000, "b": 200_000, "c": 300_000}, 2_400_000.0),
        ({"a": 100_000, "b": 400_000, "c": 700_000}, None),
    ],
    ids=["two fill no link", "nearly over", "the end is far away", "a quick link", "nothing is measured yet"],
)
def test_nobody_waits_where_it_does_not_matter(left: dict[str, int], rate: float | None) -> None:
    made = _ending(**left)
    assert [made.wait_s(name, 0.0, rate) for name in left] == [0.0] * len(left)


def test_nobody_waits_while_something_else_could_be_sent() -> None:
    made = _ending(a=100_000, b=400_000, c=700_000)
    made.nothing_else_waits(False)
    assert made.wait_s("a", 0.0, _RATE) == 0
    made.nothing_else_waits(True)
    assert made.wait_s("a", 0.0, _RATE) > 0
    made.over("b")  # two are left: neither waits
    assert made.wait_s("a", 0.0, _RATE) == 0


def test_files_of_very_different_sizes_end_together() -> None:
    sizes = {"a": 250_000, "b": 500_000, "c": 750_000, "d": 1_000_000}
    over = _play(_ending(**sizes), dict(sizes), _RATE)
    assert max(over.values()) - min(over.values()) < 3.5
    assert max(over.values()) == pytest.approx(sum(sizes.values()) / _RATE, rel=0.05), "the link was never left empty"


def test_nobody_waits_for_a_stream_that_died_and_a_rate_that_fell_holds_nobody_back_more() -> None:
    made = _ending(a=100_000, b=150_000, c=200_000, dead=900_000)
    before = made.wait_s("a", 0.0, _RATE)
    for name in "abc":
        made.sent(name, _BLOCK, 3.0)
    assert 0 < made.wait_s("a", 3.0, _RATE) < before / 2, "the dead one has no share any more"
    held = made.wait_s("a", 3.0, _RATE)
    assert made.wait_s("a", 3.0, _RATE / 4) == pytest.approx(held), "the line can carry what it carried a moment ago"
    made.sent("a", _BLOCK, 6.0)
    assert made.wait_s("a", 6.0, _RATE) == 0, "where fewer than three move nobody waits"


def test_the_line_is_not_left_empty_while_the_fullest_stream_is_dead() -> None:
    sizes = {"a": 250_000, "b": 300_000, "c": 350_000}
    made = _ending(**sizes, dead=1_000_000)
    over = _play(made, dict(sizes), _RATE, measured=True)
    assert max(over.values()) < 1.3 * sum(sizes.values()) / _RATE
