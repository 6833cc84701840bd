"""The functions of the ODK XForms list that forms use beyond XPath 1.0, one each.

Source of names and meanings: ODK XForms specification, "XPath functions".
"""

import contextlib
import datetime as dt
import math
import re
import threading
from collections.abc import Iterator
from typing import Any, Final

from elementpath.xpath1 import XPath1Parser
from elementpath.xpath_context import XPathContext
from elementpath.xpath_tokens import XPathToken

_EPOCH: Final = dt.date(1970, 1, 1)
_MAX_PATTERN: Final = 200
_MAX_SUBJECT: Final = 2_000
#: A repeated group that holds a repetition itself: the shape whose matching can take exponential time.
_RUNAWAY: Final = re.compile(r"\([^()]*[+*}][^()]*\)\s*[+*{]")

_local = threading.local()


@contextlib.contextmanager
def running_on(today: dt.date) -> Iterator[None]:
    """Say which day it is for the expressions evaluated inside; one per thread."""
    _local.today = today
    try:
        yield
    finally:
        del _local.today


class Parser(XPath1Parser):
    """XPath 1.0 and the functions below."""


def _text(token: XPathToken, context: XPathContext | None, index: int) -> str:
    value = token[index].evaluate(context)
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _number(token: XPathToken, context: XPathContext | None, index: int) -> float:
    text = _text(token, context, index)
    try:
        return float(text)
    except ValueError:
        return math.nan


def _days(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        try:
            return float((dt.date.fromisoformat(text[:10]) - _EPOCH).days)
        except ValueError:
            return math.nan


def _is_true(value: Any) -> bool:
    return not math.isnan(value) and value != 0 if isinstance(value, float) else bool(value)


def checked_pattern(pattern: str) -> re.Pattern[str]:
    """Return a compiled regular expression of a form; raises ValueError for one that could run away."""
    if len(pattern) > _MAX_PATTERN or _RUNAWAY.search(pattern):
        raise ValueError("a pattern that could run away")
    try:
        return re.compile(pattern)
    except re.error as wrong:
        raise ValueError("no regular expression") from wrong


@Parser.method(Parser.function("selected", nargs=2))
def evaluate_selected(self: XPathToken, context: XPathContext | None = None) -> bool:
    return _text(self, context, 1) in _text(self, context, 0).split()


@Parser.method(Parser.function("count-selected", nargs=1))
def evaluate_count_selected(self: XPathToken, context: XPathContext | None = None) -> float:
    return float(len(_text(self, context, 0).split()))


@Parser.method(Parser.function("if", nargs=3))
def evaluate_if(self: XPathToken, context: XPathContext | None = None) -> Any:
    return self[1 if _is_true(self[0].evaluate(context)) else 2].evaluate(context)


@Parser.method(Parser.function("coalesce", nargs=2))
def evaluate_coalesce(self: XPathToken, context: XPathContext | None = None) -> str:
    return _text(self, context, 0) or _text(self, context, 1)


@Parser.method(Parser.function("once", nargs=1))
def evaluate_once(self: XPathToken, context: XPathContext | None = None) -> Any:
    # The instance evaluates a calculation with once() only while its own node is blank.
    return self[0].evaluate(context)


@Parser.method(Parser.function("regex", nargs=2))
def evaluate_regex(self: XPathToken, context: XPathContext | None = None) -> bool:
    subject = _text(self, context, 0)
    return len(subject) <= _MAX_SUBJECT and checked_pattern(_text(self, context, 1)).search(subject) is not None


@Parser.method(Parser.function("int", nargs=1))
def evaluate_int(self: XPathToken, context: XPathContext | None = None) -> float:
    number = _number(self, context, 0)
    return number if math.isnan(number) else float(math.trunc(number))


@Parser.method(Parser.function("today", nargs=0))
def evaluate_today(self: XPathToken, context: XPathContext | None = None) -> float:  # noqa: ARG001 - elementpath's shape
    return float((_local.today - _EPOCH).days)


@Parser.method(Parser.function("date", nargs=1))
def evaluate_date(self: XPathToken, context: XPathContext | None = None) -> float:
    return _days(_text(self, context, 0))


@Parser.method(Parser.function("decimal-date-time", nargs=1))
def evaluate_decimal_date_time(self: XPathToken, context: XPathContext | None = None) -> float:
    return _days(_text(self, context, 0))


@Parser.method(Parser.function("format-date", nargs=2))
def evaluate_format_date(self: XPathToken, context: XPathContext | None = None) -> str:
    days = _days(_text(self, context, 0))
    if math.isnan(days):
        return ""
    day = _EPOCH + dt.timedelta(days=int(days))
    said = {
        "%Y": f"{day.year:04}",
        "%y": f"{day.year % 100:02}",
        "%m": f"{day.month:02}",
        "%n": str(day.month),
    }
    said |= {"%d": f"{day.day:02}", "%e": str(day.day)}
    return re.sub(r"%[YymnDde]", lambda found: said.get(found.group(), found.group()), _text(self, context, 1))


Parser.build()
