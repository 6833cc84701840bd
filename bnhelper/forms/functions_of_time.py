"""XPath functions on dates and times, on the province's wall clock."""

import datetime as dt
import math
import re
from functools import lru_cache
from typing import Final

from bnhelper.forms.expressions import Context
from bnhelper.forms.function_table import function
from bnhelper.forms.values import Moment, Value, as_datetime, moment, of_date, of_datetime, to_number, to_text

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY: Final = re.compile(r"[0-8]\d{3}-\d\d-\d\d", re.ASCII)
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: short names in the language of a form, where that is known (Unicode CLDR, abbreviated, format)
_MONTHS_VI: Final = tuple(f"thg {number}" for number in range(1, 13))
_DAYS_VI: Final = ("Th 2", "Th 3", "Th 4", "Th 5", "Th 6", "Th 7", "CN")


@function("today", 0)
def today(c: Context) -> Moment:
    return _day(c.scope.today())


_day = lru_cache(maxsize=4)(of_date)  # a form asks for the same day all day; what somebody wrote is never kept


@function("now", 0)
def now(c: Context) -> Moment:
    return of_datetime(c.scope.now())


@function("date", 1)
def date(_c: Context, value: Value) -> Value:
    if isinstance(value, list) and len(value) == 1 and _DAY.fullmatch(value[0].text):
        day = moment(value[0].text)  # mostly it is one day already
        if not math.isnan(day):
            return day
    said = as_datetime(value)
    return "" if said is None else of_date(said.date())


@function("date-time", 1)
def date_time(_c: Context, value: Value) -> Value:
    said = as_datetime(value)
    if said is None:
        return ""
    text = to_text(value)
    return of_datetime(said, text if "T" in text else "")


@function("decimal-date-time", 1)
def decimal_date_time(_c: Context, value: Value) -> float:
    return _days(value)


def _days(value: Value) -> float:
    days = to_number(value)
    return float(moment(to_text(value)) if math.isnan(days) else days)


@function("decimal-time", 1)
def decimal_time(_c: Context, value: Value) -> float:
    days = _days(value)
    return days if math.isnan(days) else days - math.floor(days)


@function("format-date", 2)
def format_date(c: Context, value: Value, pattern: Value) -> str:
    said = as_datetime(value)
    return "" if said is None else _formatted(said, to_text(pattern), c.scope.language)


@function("format-date-time", 2)
def format_date_time(c: Context, value: Value, pattern: Value) -> str:
    said = as_datetime(value)
    return "" if said is None else _formatted(said, to_text(pattern), c.scope.language)


def _formatted(said: dt.datetime, pattern: str, language: str) -> str:
    is_vietnamese = language in {"vi", "Tiếng Việt"} or language.endswith("(vi)")
    months, days = (_MONTHS_VI, _DAYS_VI) if is_vietnamese else (_MONTHS, _DAYS)
    parts = {
        "%": "%",
        "Y": f"{said.year:04}",
        "y": f"{said.year % 100:02}",
        "m": f"{said.month:02}",
        "n": str(said.month),
        "b": months[said.month - 1],
        "d": f"{said.day:02}",
        "e": str(said.day),
        "H": f"{said.hour:02}",
        "h": str(said.hour),
        "M": f"{said.minute:02}",
        "S": f"{said.second:02}",
        "3": f"{said.microsecond // 1000:03}",
        "a": days[said.weekday()],
        "W": str(said.isocalendar().week),
    }
    return re.sub(r"%([%YymnbdeHhMS3aW])", lambda found: parts[found.group(1)], pattern)
