"""XPath functions on geopoints and lines of them: area, distance, geofence.

The earth is a sphere of 6,378,100 m, as in JavaRosa, so that figures agree with Collect's.
"""

import itertools
import math
import re
from itertools import takewhile
from typing import Final

from bnhelper.forms.expressions import Context, visited
from bnhelper.forms.function_table import ANY, FUNCTIONS, function
from bnhelper.forms.values import Value, to_text

_LETTERS: Final = 2  #: of a line cost a visit: a point takes some microseconds to read and to compare
_PAIR: Final = 5  #: visits that two segments cost
_MOST_POINTS: Final = 2_000  #: of a line that is looked through for crossings
_RADIUS: Final = 6_378_100.0  #: metres
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)  #: devices write 1.0E-4
_Point = tuple[float, float]


def point(text: str) -> _Point:
    """Return latitude and longitude of a geopoint in degrees. Raises ValueError."""
    parts = text.replace(",", " ").split()
    if not 2 <= len(parts) <= 4:
        raise ValueError("a geopoint has two to four numbers")
    if not all(_NUMBER.fullmatch(part) for part in parts):
        raise ValueError("a geopoint has numbers")
    latitude, longitude, *_ = (float(part) for part in parts)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("no place on earth")
    return latitude, longitude


def line(text: str) -> list[_Point]:
    """Return the points of a geotrace or geoshape. Raises ValueError."""
    return [point(part) for part in text.split(";") if part.strip()]


def _points(c: Context, values: tuple[Value, ...]) -> list[_Point]:
    """Return the points of all lines, each of which costs some visits. Raises ValueError."""
    if len(values) == 1 and isinstance(values[0], list):
        texts = [node.value() for node in values[0]]
    else:
        texts = [to_text(value) for value in values]
    visited(c, sum(len(text) for text in texts) // _LETTERS)
    return [one for text in texts for one in line(text)]


@function("distance", 1, ANY)
def distance(c: Context, *values: Value) -> float:
    try:
        points = _points(c, values)
    except ValueError:
        return math.nan
    return float(sum(_between(one, other) for one, other in itertools.pairwise(points)))


def _between(one: _Point, other: _Point) -> float:
    (lat1, lon1), (lat2, lon2) = ((math.radians(part) for part in two) for two in (one, other))
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(lon2 - lon1)
    return 0.0 if one == other else math.acos(max(-1.0, min(1.0, cosine))) * _RADIUS


@function("area", 1)
def area(c: Context, value: Value) -> float:
    """Return square metres inside a closed line, on the sphere."""
    try:
        points = _points(c, (value,))
    except ValueError:
        return math.nan
    if len(points) < 3:
        return 0.0
    total = 0.0
    for (lat1, lon1), (lat2, lon2) in zip(points, [*points[1:], points[0]], strict=True):
        total += math.radians(lon2 - lon1) * (2 + math.sin(math.radians(lat1)) + math.sin(math.radians(lat2)))
    return abs(total * _RADIUS * _RADIUS / 2)


FUNCTIONS["enclosed-area"] = FUNCTIONS["area"]


@function("intersects", 1)
def intersects(c: Context, value: Value) -> bool:
    """Tell whether a line crosses or touches itself; neighbouring segments may share their common point only.

    Latitude and longitude are taken as a plane, as for `geofence`. A closed line may close.
    """
    try:
        points = _points(c, (value,))
    except ValueError:
        return False
    if len(points) > _MOST_POINTS:
        raise ValueError("a line too long to look for crossings")
    segments = [(one, other) for one, other in itertools.pairwise(points) if one != other]
    last = len(segments) - 1
    # From south to north, so that only segments that share some latitude with one another are looked at.
    order = sorted(range(len(segments)), key=lambda number: min(segments[number])[0])
    for place, one in enumerate(order):
        beside = _as_far_as(max(segments[one])[0], segments, order[place + 1 :])
        visited(c, _PAIR * len(beside) + 1)
        if any(_meet(segments, min(one, other), max(one, other), last) for other in beside):
            return True
    return False


def _as_far_as(reach: float, segments: list[tuple[_Point, _Point]], order: list[int]) -> list[int]:
    return list(takewhile(lambda other: min(segments[other])[0] <= reach, order))


def _meet(segments: list[tuple[_Point, _Point]], first: int, second: int, last: int) -> bool:
    """Tell whether two segments of a line meet where they must not."""
    (a, b), (c, d) = segments[first], segments[second]
    if second == first + 1:
        turns_back = _is_on(a, c, d) or _is_on(d, a, b)
        return turns_back and not (last == 1 and a == d)
    if first == 0 and second == last and a == d:
        return _is_on(b, c, d) or _is_on(c, a, b)
    return _cross(a, b, c, d)


def _turn(a: _Point, b: _Point, c: _Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _is_on(point_: _Point, a: _Point, b: _Point) -> bool:
    return _turn(a, b, point_) == 0 and all(min(x, y) <= p <= max(x, y) for p, x, y in zip(point_, a, b, strict=True))


def _cross(a: _Point, b: _Point, c: _Point, d: _Point) -> bool:
    one, other, three, four = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if one * other < 0 and three * four < 0:
        return True
    return _is_on(c, a, b) or _is_on(d, a, b) or _is_on(a, c, d) or _is_on(b, c, d)


@function("geofence", 2)
def geofence(c: Context, where: Value, fence: Value) -> bool:
    """Tell whether a point lies inside a closed line (even-odd rule on latitude and longitude)."""
    try:
        (y, x), corners = point(to_text(where)), _points(c, (fence,))
    except ValueError:
        return False
    is_inside = False
    for (y1, x1), (y2, x2) in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            is_inside = not is_inside
    return is_inside
