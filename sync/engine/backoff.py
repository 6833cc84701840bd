"""When to try again: a pure function of tries and a die."""

from typing import Final

_FIRST_S: Final = 2.0
_LONGEST_S: Final = 300.0
POISON_AFTER: Final = 6  #: unexplained failures of one item before a person must look


def wait_s(tries: int, die: float) -> float:
    """Return the seconds to wait after `tries` failures; `die` in [0, 1) spreads them (full jitter).

    The spread keeps thirty thousand machines from coming back in the same second after an outage.
    """
    return min(_LONGEST_S, _FIRST_S * 2.0 ** min(20, max(0, tries - 1))) * die
