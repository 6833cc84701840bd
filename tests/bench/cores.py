"""What processes spent of the cores: on a machine that client, server and database share, a rate says only half."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.sync.intake.engines import Postgres

_TICKS: Final = os.sysconf("SC_CLK_TCK")


def spent(workers: Sequence[int], postgres: Postgres) -> dict[str, float]:
    """Return the seconds of a core, in user space and kernel, that each side has spent up to now."""
    own = os.times()
    assert postgres.process is not None
    master = postgres.process.pid
    return {
        "driver": own.user + own.system,
        "workers": sum(_of(one) for one in workers),
        "postgres": sum(_of(one) for one in (master, *_children(master))),
    }


def since(before: Mapping[str, float], now: Mapping[str, float], count: int) -> dict[str, float]:
    """Return the milliseconds of a core that each of `count` dossiers took of each side."""
    return {name: 1000 * (now[name] - before[name]) / count for name in now}


def _of(process: int) -> float:
    try:
        said = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    fields = said.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(one) for one in found.read_text(encoding="ascii").split()]
