"""Whether a text is what a bind's type says it must be."""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from typing import Final

from bnhelper.forms.definition import Range
from bnhelper.forms.functions_of_place import line, point

_DATETIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def _decimal(text: str) -> None:
    if not math.isfinite(float(text)) or "_" in text:
        raise ValueError("no number")


def _integer(text: str) -> None:
    if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        raise ValueError("no whole number")


def _datetime(text: str) -> None:
    if not _DATETIME.match(text):
        raise ValueError("no date and time")
    dt.datetime.fromisoformat(text)


def _trace(text: str) -> None:
    if len(line(text)) < 2:
        raise ValueError("a line has two points")


def _shape(text: str) -> None:
    points = line(text)
    if len(points) < 4 or points[0] != points[-1]:
        raise ValueError("a shape is closed")


_CHECKS: Final[Mapping[str, Callable[[str], object]]] = {
    "int": _integer,
    "integer": _integer,
    "decimal": _decimal,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "dateTime": _datetime,
    "geopoint": point,
    "geotrace": _trace,
    "geoshape": _shape,
}


def has_check(kind: str) -> bool:
    """Tell whether not every text is of a type."""
    return kind in _CHECKS


def fits(text: str, kind: str) -> bool:
    """Tell whether a text that is not blank is of a type; every text is of a type we do not know."""
    check = _CHECKS.get(kind)
    if check is None:
        return True
    try:
        check(text)
    except ValueError:
        return False
    return True


def in_range(text: str, offered: Range) -> bool:
    """Tell whether a number is one a range question offers; a range whose bounds are no numbers offers all."""
    try:
        said, start, end, step = (float(one) for one in (text, offered.start, offered.end, offered.step))
    except ValueError:
        return True
    if not min(start, end) <= said <= max(start, end) or step == 0:
        return step == 0
    steps = (said - start) / step
    return abs(steps - round(steps)) < 1e-6
