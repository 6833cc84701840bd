"""Whether a text is what a bind's type says it must be.

The forms are XML Schema's (ODK XForms, "Data types"), in ASCII digits. Python's own readers take far more, weeks for
a date and exponents for a number, of which expressions would see something else or nothing. A time may lack its
seconds, as it is typed.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from typing import Final

from bnhelper.forms.definition import Range
from bnhelper.forms.functions_of_place import line, point

_DAY: Final = r"\d{4}-\d\d-\d\d"
_HOUR: Final = r"\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?"
_DATE: Final = re.compile(_DAY, re.ASCII)
_TIME: Final = re.compile(_HOUR, re.ASCII)
_DATETIME: Final = re.compile(f"{_DAY}T{_HOUR}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?\d{1,18}", re.ASCII)


def _written_as(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError("not written as its type is")
    return text


def _decimal(text: str) -> None:
    if not math.isfinite(float(_written_as(_DECIMAL, text))):
        raise ValueError("no number")


def _integer(text: str) -> None:
    _written_as(_INTEGER, text)


def _date(text: str) -> None:
    dt.date.fromisoformat(_written_as(_DATE, text))


def _time(text: str) -> None:
    dt.time.fromisoformat(_written_as(_TIME, text))


def _datetime(text: str) -> None:
    dt.datetime.fromisoformat(_written_as(_DATETIME, text))


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
    "date": _date,
    "time": _time,
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
    """Tell whether a text is a number that a range question offers; a range whose bounds are no numbers offers all."""
    try:
        start, end, step = (float(one) for one in (offered.start, offered.end, offered.step))
    except ValueError:
        return True
    if not fits(text, "decimal"):
        return False
    said = float(text)
    if not min(start, end) <= said <= max(start, end) or step == 0:
        return step == 0
    steps = (said - start) / step
    return abs(steps - round(steps)) < 1e-6
