"""XPath functions on geopoints and lines of them: area, distance, geofence.

The earth is a sphere of 6,378,100 m, as in JavaRosa, so that figures agree with Collect's.
"""

import itertools
import math
from typing import Final

from bnhelper.forms.expressions import Context
from bnhelper.forms.function_table import ANY, FUNCTIONS, function
from bnhelper.forms.values import Value, to_text

_RADIUS: Final = 6_378_100.0  #: metres
_Point = tuple[float, float]


def point(text: str) -> _Point:
    """Return latitude and longitude of a geopoint in degrees. Raises ValueError."""
    parts = text.replace(",", " ").split()
    if not 2 <= len(parts) <= 4:
        raise ValueError("a geopoint has two to four numbers")
    latitude, longitude, *_ = (float(part) for part in parts)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("no place on earth")
    return latitude, longitude


def line(text: str) -> list[_Point]:
    """Return the points of a geotrace or geoshape. Raises ValueError."""
    return [point(part) for part in text.split(";") if part.strip()]


def _points(values: tuple[Value, ...]) -> list[_Point]:
    if len(values) == 1 and isinstance(values[0], list):
        texts = [node.value() for node in values[0]]
    else:
        texts = [to_text(value) for value in values]
    return [one for text in texts for one in line(text)]


@function("distance", 1, ANY)
def distance(_c: Context, *values: Value) -> float:
    try:
        points = _points(values)
    except ValueError:
        return math.nan
    return sum(_between(one, other) for one, other in itertools.pairwise(points))


def _between(one: _Point, other: _Point) -> float:
    (lat1, lon1), (lat2, lon2) = ((math.radians(part) for part in two) for two in (one, other))
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(lon2 - lon1)
    return 0.0 if one == other else math.acos(max(-1.0, min(1.0, cosine))) * _RADIUS


@function("area", 1)
def area(_c: Context, value: Value) -> float:
    """Return square metres inside a closed line, on the sphere."""
    try:
        points = _points((value,))
    except ValueError:
        return math.nan
    if len(points) < 3:
        return 0.0
    total = 0.0
    for (lat1, lon1), (lat2, lon2) in zip(points, [*points[1:], points[0]], strict=True):
        total += math.radians(lon2 - lon1) * (2 + math.sin(math.radians(lat1)) + math.sin(math.radians(lat2)))
    return abs(total * _RADIUS * _RADIUS / 2)


FUNCTIONS["enclosed-area"] = FUNCTIONS["area"]


@function("geofence", 2)
def geofence(_c: Context, where: Value, fence: Value) -> bool:
    """Tell whether a point lies inside a closed line (even-odd rule on latitude and longitude)."""
    try:
        (y, x), corners = point(to_text(where)), _points((fence,))
    except ValueError:
        return False
    is_inside = False
    for (y1, x1), (y2, x2) in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            is_inside = not is_inside
    return is_inside
