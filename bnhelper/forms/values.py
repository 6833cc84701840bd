"""What an expression gives (text, number, truth, nodes) and how XPath 1.0 turns one into another.

A moment (date, time, date and time) is a number of days since 1970 that remembers how it is written, so that
`today()` is a number in arithmetic and `2026-11-24` in a text (ODK XForms, "Data types and conversion").
"""

import datetime as dt
import math
import re
from typing import Final, Self, TypeAlias

from bnhelper.clock import PROVINCE_TIME
from bnhelper.forms.nodes import Node

EPOCH: Final = dt.date(1970, 1, 1)
_NUMBER: Final = re.compile(r"\s*-?(\d+(\.\d*)?|\.\d+)\s*\Z", re.ASCII)
_DATE: Final = re.compile(r"\s*\d{4}-\d\d?-\d\d?(T|\s*\Z)", re.ASCII)
_LOOSE: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)", re.ASCII)
_CLOSE: Final = 1e-12  #: numbers nearer than this are equal, as in JavaRosa: 6.1 - 7.8 = -1.7
#: Control characters, halves of a pair and non-characters (XML 1.0, "Char"), and a bare carriage return, which a
#: reader of XML makes a line feed.
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_DATE_KINDS: Final = frozenset({"date", "dateTime", "time"})
_NUMBER_KINDS: Final = frozenset({"int", "integer", "decimal"})
_EARLIEST: Final = (dt.date.min - EPOCH).days
_LATEST: Final = (dt.date.max - EPOCH).days


class Moment(float):
    """Days since 1970-01-01 on the wall clock, with the text they came from."""

    __slots__ = ("text",)

    def __new__(cls, days: float, text: str) -> Self:
        made = super().__new__(cls, days)
        made.text = text
        return made

    text: str


Value: TypeAlias = str | float | bool | list[Node]
_BLANK: Final = Node("")  #: what an empty node set is compared as


def to_number(value: Value) -> float:
    """Return XPath's number; what is no number is NaN. Dates count as days since 1970 (ODK XForms, `number`)."""
    if isinstance(value, (bool, float)):
        return float(value)
    if isinstance(value, list):
        if not value:
            return math.nan
        node = value[0]
        text = node.value()
        if node.kind in _DATE_KINDS and text:
            return moment(text)
    else:
        text = value
    if _NUMBER.match(text):
        return float(text)
    if text[:1] == "+" and isinstance(value, list) and value[0].kind in _NUMBER_KINDS and _NUMBER.match(text[1:]):
        return float(text)  # a number of XML Schema may have its sign
    return moment(text) if _DATE.match(text) else math.nan


def to_text(value: Value) -> str:
    """Return XPath's string of a value: the first node's, whole numbers without a point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Moment):
        return value.text
    if isinstance(value, float):
        return number_text(value)
    return value[0].value() if value else ""


def number_text(value: float) -> str:
    """Return a number as XPath writes it: no exponent, no needless point."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value.is_integer():
        return str(int(value))
    said = repr(float(value))
    return said if "e" not in said else f"{value:.20f}".rstrip("0").rstrip(".")


def to_bool(value: Value) -> bool:
    """Return the boolean of a value: texts that are not empty, numbers that are neither 0 nor NaN.

    A node counts as its value (ODK), not as its mere existence (XPath 1.0): `relevant="/data/agreed"`.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value != 0.0 and not math.isnan(value)
    if isinstance(value, str):
        return bool(value)
    text = value[0].value() if value else ""
    if text and value[0].kind in _NUMBER_KINDS:
        return to_bool(to_number(value))
    return text not in {"", "false"} if value and value[0].kind == "boolean" else bool(text)


def equal(left: Value, right: Value) -> bool:
    """Return XPath's `=`: node sets if any pair is equal; an empty one counts as a blank text (ODK)."""
    if isinstance(left, float) and isinstance(right, float):
        return _is_same(left, right)
    if isinstance(left, list) and isinstance(right, list):
        if len(left) == 1 and len(right) == 1:
            return left[0].value() == right[0].value()
        return not {node.value() for node in left or [_BLANK]}.isdisjoint(node.value() for node in right or [_BLANK])
    if isinstance(right, list):
        left, right = right, left
    if isinstance(left, list):
        if isinstance(right, bool):
            return to_bool(left) == right
        if isinstance(right, float):
            return any(_is_same(_near(node, right), right) for node in left)
        return any(node.value() == right for node in left or [_BLANK])
    if isinstance(left, bool) or isinstance(right, bool):
        return to_bool(left) == to_bool(right)
    if isinstance(left, float) or isinstance(right, float):
        return _is_same(_beside(left, right), _beside(right, left))
    return left == right


def _is_same(one: float, other: float) -> bool:
    return one == other or abs(one - other) < _CLOSE


def unequal(left: Value, right: Value) -> bool:
    """Return XPath's `!=`: node sets if any pair differs; an empty one counts as a blank text (ODK)."""
    if isinstance(left, list) and isinstance(right, list):
        first = (left or [_BLANK])[0].value()  # no pair differs where all of both are one and the same
        return any(one.value() != first for nodes in (left, right or [_BLANK]) for one in nodes)
    if isinstance(right, list):
        left, right = right, left
    if isinstance(left, list) and not isinstance(right, bool):
        if isinstance(right, float):
            return any(not _is_same(_near(node, right), right) for node in left or [_BLANK])
        return any(node.value() != right for node in left or [_BLANK])
    return not equal(left, right)


def below(left: Value, right: Value) -> bool:
    """Return `left < right` as numbers, for any pair of node sets."""
    if isinstance(left, float) and isinstance(right, float):
        return left < right
    return min(_numbers(left, right), default=math.inf) < max(_numbers(right, left), default=-math.inf)


def at_most(left: Value, right: Value) -> bool:
    """Return `left <= right` as numbers, for any pair of node sets."""
    if isinstance(left, float) and isinstance(right, float):
        return left <= right
    return min(_numbers(left, right), default=math.inf) <= max(_numbers(right, left), default=-math.inf)


def _numbers(value: Value, beside: Value) -> list[float]:
    """Return the numbers of a value: of some pair of two sides one is smaller if the least is than the greatest."""
    other = beside if isinstance(beside, float) else math.nan
    found = [_near(node, other) for node in value] if isinstance(value, list) else [_beside(value, beside)]
    return [one for one in found if not math.isnan(one)]


def _near(node: Node, beside: float) -> float:
    """Return a node as a number; beside a moment a time in an untyped node is one too."""
    said = to_number([node])
    return moment(node.value()) if math.isnan(said) and isinstance(beside, Moment) else said


def _beside(value: Value, beside: Value) -> float:
    said = to_number(value)
    if math.isnan(said) and isinstance(value, str) and (isinstance(beside, Moment) or _is_date(beside)):
        return moment(value)
    return said


def _is_date(value: Value) -> bool:
    return isinstance(value, list) and bool(value) and value[0].kind in _DATE_KINDS


# --- moments -----------------------------------------------------------------------------------------------


def moment(text: str) -> float:
    """Return an ISO date, time or date and time as a Moment, or NaN when it is none of them."""
    text = text.strip()
    try:
        if len(text) == 10 and text[4] == text[7] == "-":
            return of_date(dt.date.fromisoformat(text))
        if "T" in text:
            said = dt.datetime.fromisoformat(text)
            return of_datetime(said, text)
        if ":" in text:
            return Moment(_fraction(dt.time.fromisoformat(text)), text)
        loose = _LOOSE.fullmatch(text)
        return of_date(dt.date(*(int(part) for part in loose.groups())) if loose else dt.date.fromisoformat(text))
    except (ValueError, OverflowError):
        return math.nan


def of_date(day: dt.date) -> Moment:
    """Return a date as a Moment."""
    return Moment((day - EPOCH).days, day.isoformat())


def of_datetime(said: dt.datetime, text: str = "") -> Moment:
    """Return a date and time as a Moment on the province's wall clock."""
    local = said.astimezone(PROVINCE_TIME) if said.tzinfo is not None else said.replace(tzinfo=PROVINCE_TIME)
    written = text or local.isoformat(timespec="milliseconds")
    return Moment((local.date() - EPOCH).days + _fraction(local.time()), written)


def _fraction(time: dt.time) -> float:
    return (time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6) / 86_400


def as_datetime(value: Value) -> dt.datetime | None:
    """Return any value as a date and time on the wall clock, or None for what is no moment."""
    if isinstance(value, bool):
        return None
    days = to_number(value)
    if math.isnan(days) and not isinstance(value, float):
        days = moment(to_text(value))
    if math.isnan(days) or not _EARLIEST <= days < _LATEST:
        return None
    whole = math.floor(days)
    seconds = round((days - whole) * 86_400, 3)
    return dt.datetime.combine(EPOCH, dt.time(), PROVINCE_TIME) + dt.timedelta(days=whole, seconds=seconds)


def in_xml(text: str) -> str:
    """Return a text as XML can carry it and gives it back: what no XML may hold becomes a space."""
    return _NOT_IN_XML.sub(" ", text.replace("\r\n", "\n"))


def written(value: Value, kind: str) -> str:
    """Return a value as it is written into a node of type `kind`; what is no number is written as a blank."""
    if isinstance(value, float) and (math.isnan(value) or math.isinf(value)):
        return ""
    if kind in _NUMBER_KINDS:
        if isinstance(value, float):
            return number_text(value) if kind == "decimal" else str(math.trunc(value))
        return to_text(value).strip()
    return _written_moment(value, kind) if kind in _DATE_KINDS else to_text(value)


def _written_moment(value: Value, kind: str) -> str:
    """Return a value as a date, time or both: what is a moment of another of these kinds becomes one of `kind`."""
    text = to_text(value)
    has_day, has_hour, is_number = text[4:5] == "-", "T" in text, isinstance(value, float)
    if kind == "date":
        said = as_datetime(value) if is_number or (has_day and has_hour) else None
    elif kind == "time":
        said = as_datetime(value) if has_day and has_hour else None
    else:
        said = as_datetime(value) if (is_number or has_day) and not has_hour else None
    if said is None:
        return "" if is_number and kind != "time" and not has_hour else text
    written = said.date().isoformat() if kind == "date" else said.isoformat(timespec="milliseconds")
    return written[11:] if kind == "time" else written
