"""XPath functions on numbers; what has no value is NaN, as in ODK, never an error."""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

from bnhelper.forms.expressions import Context, visited
from bnhelper.forms.function_table import ANY, FUNCTIONS, Function, function
from bnhelper.forms.values import Value, to_number


def _quiet(run: Callable[..., float]) -> Callable[..., float]:
    def safely(_c: Context, *values: Value) -> float:
        try:
            return float(run(*(to_number(value) for value in values)))
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError, TypeError):
            return math.nan

    return safely


def _logarithm(run: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: -math.inf if x == 0 else run(x)


_SIMPLE: Final[dict[str, tuple[int, Callable[..., float]]]] = {
    "abs": (1, abs),
    "acos": (1, math.acos),
    "asin": (1, math.asin),
    "atan": (1, math.atan),
    "atan2": (2, math.atan2),
    "ceiling": (1, lambda x: x if math.isnan(x) or math.isinf(x) else math.ceil(x)),
    "cos": (1, math.cos),
    "exp": (1, math.exp),
    "exp10": (1, lambda x: 10.0**x),
    "floor": (1, lambda x: x if math.isnan(x) or math.isinf(x) else math.floor(x)),
    "int": (1, lambda x: x if math.isnan(x) or math.isinf(x) else math.trunc(x)),
    "log": (1, _logarithm(math.log)),
    "log10": (1, _logarithm(math.log10)),
    "pi": (0, lambda: math.pi),
    "pow": (2, math.pow),
    "sin": (1, math.sin),
    "sqrt": (1, math.sqrt),
    "tan": (1, math.tan),
}
FUNCTIONS.update({name: Function(count, count, _quiet(run)) for name, (count, run) in _SIMPLE.items()})


def half_up(number: float) -> float:
    """Round to the nearest whole number, halves upwards (XPath 1.0, `round`)."""
    return number if math.isnan(number) or math.isinf(number) else float(math.floor(number + 0.5))


@function("number", 0, 1)
def number(c: Context, value: Value | None = None) -> float:
    return float(to_number([c.node] if value is None else value))


@function("round", 1, 2)
def round_to(_c: Context, value: Value, places: Value = 0.0) -> float:
    """Round to decimal places, which may be negative, as spreadsheets do; halves towards plus infinity."""
    said, digits = to_number(value), to_number(places)
    if math.isnan(said) or math.isinf(said):
        return said
    if math.isnan(digits) or not -30 <= digits <= 30:
        return math.nan
    step = Decimal(1).scaleb(-int(digits))
    direction = ROUND_HALF_UP if said >= 0 else ROUND_HALF_DOWN
    return float((Decimal(repr(said)) / step).quantize(Decimal(1), direction) * step) if abs(said) < 1e20 else said


def _numbers(c: Context, values: tuple[Value, ...]) -> list[float]:
    """Return the numbers among arguments; a node set stands for all its nodes."""
    visited(c, sum(len(value) for value in values if isinstance(value, list)))
    found: list[float] = []
    for value in values:
        found.extend([to_number([node]) for node in value] if isinstance(value, list) else [to_number(value)])
    return [one for one in found if not math.isnan(one)]


@function("sum", 1)
def total(c: Context, nodes: Value) -> float:
    """Add up a node set; nodes that are no numbers are passed over (ODK)."""
    if not isinstance(nodes, list):
        raise ValueError("not a node set")  # noqa: TRY004 - one family for what authors do wrong
    return math.fsum(_numbers(c, (nodes,)))


@function("max", 1, ANY)
def largest(c: Context, *values: Value) -> float:
    return float(max(_numbers(c, values), default=math.nan))


@function("min", 1, ANY)
def smallest(c: Context, *values: Value) -> float:
    return float(min(_numbers(c, values), default=math.nan))
