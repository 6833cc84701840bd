"""How long a fuzz run of the nightly sizes goes on: by time, so that a slow machine tries less and not longer.

`BNHELPER_NIGHT_S` gives each run another number of seconds: an hour before a release, some seconds to try the run itself.
"""

import os
import time
from collections.abc import Iterator
from typing import Final

NIGHT_S: Final = float(os.environ.get("BNHELPER_NIGHT_S", "30"))


def rounds() -> Iterator[int]:
    """Number the rounds from 0 until the time is over; there is at least one."""
    ends, number = time.monotonic() + NIGHT_S, 0
    while number == 0 or time.monotonic() < ends:
        yield number
        number += 1
