"""Takes measured and reference in turn and prints rows as a table or as one JSON object."""

import json
import platform
import statistics
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its reference, taken in the same run."""

    what: str
    value: float
    unit: str
    reference: str
    reference_value: float
    ratio: float
    target: float | None


def in_turn(measured: Callable[[], float], reference: Callable[[], float], runs: int = 7) -> tuple[float, float]:
    """Return the medians of both after one warm-up, taken A B A B."""
    measured()
    reference()
    pairs = [(measured(), reference()) for _ in range(runs)]
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


def show(name: str, rows: list[Row]) -> int:
    """Print the rows; --json for one object."""
    if "--json" in sys.argv:
        machine = f"{platform.system()} {platform.machine()} Python {platform.python_version()}"
        print(json.dumps({"name": name, "machine": machine, "rows": [asdict(row) for row in rows]}))
    else:
        for row in rows:
            aim = f"  target {row.target}" if row.target is not None else ""
            print(
                f"{row.what:<24}{row.value:10.2f} {row.unit:<6}{row.reference:<28}{row.reference_value:10.2f}  x{row.ratio:.2f}{aim}"
            )
    return 0
