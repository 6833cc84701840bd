"""How long to wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.engine.backoff import wait_s


@pytest.mark.parametrize(
    ("tries", "longest_s"),
    [(0, 2), (1, 2), (2, 4), (3, 8), (4, 16), (5, 32), (8, 256), (9, 300), (1000, 300)],
)
def test_the_wait_doubles_up_to_five_minutes(tries: int, longest_s: float) -> None:
    assert wait_s(tries, 1.0) == longest_s
    assert wait_s(tries, 0.5) == longest_s / 2
    assert wait_s(tries, 0.0) == 0.0


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_it_is_never_negative_and_never_beyond(tries: int, die: float) -> None:
    assert 0 <= wait_s(tries, die) <= 300
