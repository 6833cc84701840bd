"""XPath with the ODK functions on `elementpath`; compiled once, evaluated on the values of the nodes it names.

A form's expressions name nodes by simple paths. Each path is replaced by a variable before parsing, so that
evaluating needs no document tree: it costs about 20 microseconds, and the paths are the dependencies.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import Element

from elementpath import ElementPathError, XPathContext
from elementpath.xpath_tokens import XPathToken

from bnhelper.forms.functions import Parser, running_on
from bnhelper.forms.trouble import FormRefused
from bnhelper.ids import FieldPath

_MAX_LENGTH: Final = 8_000
_TOKEN = re.compile(
    r"""
    (?P<string>'[^']*'|"[^"]*")
    | (?P<number>\d+(?:\.\d+)?|\.\d+)
    | (?P<path>
          (?:current\(\)/)? (?:\.\./)+ [A-Za-z_][\w.-]* (?:/[A-Za-z_][\w.-]*)*   # relative
        | (?:/[A-Za-z_][\w.-]*)+                                                # absolute
        | (?:\./) [A-Za-z_][\w.-]* (?:/[A-Za-z_][\w.-]*)*
        | \.(?![\w./])                                                          # the node itself
      )
    | (?P<other>[A-Za-z_][\w.:-]*|\s+|.)
    """,
    re.VERBOSE | re.DOTALL,
)

#: Types whose blank value is "not a number" when it is compared with one.
NUMBER_TYPES: Final = frozenset({"int", "integer", "decimal", "date"})
_EPOCH: Final = dt.date(1970, 1, 1)
_ROOT = Element("form")


@dataclass(frozen=True, slots=True)
class Expression:
    """One compiled expression and the nodes it reads."""

    source: str
    reads: frozenset[FieldPath]
    _token: XPathToken
    _variables: tuple[tuple[str, FieldPath], ...]

    def evaluate(self, read: Callable[[FieldPath], str], types: Mapping[FieldPath, str], today: dt.date) -> Any:
        """Return the XPath value: str, float or bool. `read` gives a node's value, blank if not relevant.

        Raises FormRefused when the expression fails on these values for a reason of the author's.
        """
        values: dict[str, Any] = {name: _typed(read(path), types.get(path, "string")) for name, path in self._variables}
        with running_on(today):
            try:
                return self._token.evaluate(XPathContext(_ROOT, variables=values))
            except (ElementPathError, ValueError, OverflowError, ZeroDivisionError):
                blank: dict[str, Any] = {
                    name: math.nan if values[name] == "" and types.get(path) in NUMBER_TYPES else values[name]
                    for name, path in self._variables
                }
                try:
                    return self._token.evaluate(XPathContext(_ROOT, variables=blank))
                except (ElementPathError, ValueError, OverflowError, ZeroDivisionError) as wrong:
                    raise FormRefused("expression-fails", self.source[:80]) from wrong


def _typed(value: str, kind: str) -> str | float:
    """Dates count as days since 1970 (ODK), everything else is text that XPath turns into numbers by itself."""
    if kind == "date" and value:
        try:
            return float((dt.date.fromisoformat(value[:10]) - _EPOCH).days)
        except ValueError:
            return value
    return value


def as_bool(value: Any) -> bool:
    """Return XPath's boolean of a value."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0.0
    return bool(value)


def as_text(value: Any, kind: str) -> str:
    """Return a value as it is written into a node of type `kind`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        if math.isnan(value) or math.isinf(value):
            return ""
        if kind == "date":
            return (_EPOCH + dt.timedelta(days=int(value))).isoformat()
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    return str(value)


class Compiler:
    """Compiles the expressions of one form; equal expressions at equal places are compiled once."""

    def __init__(self) -> None:
        self._parser = Parser()
        self._known: dict[tuple[str, FieldPath], Expression] = {}

    def compile(self, source: str, at: FieldPath) -> Expression:
        """Return `source`, standing on the node `at`, compiled.

        Raises FormRefused when it is too long or no XPath.
        """
        known = self._known.get((source, at))
        if known is not None:
            return known
        if len(source) > _MAX_LENGTH:
            raise FormRefused("expression-too-long", at)
        names: dict[FieldPath, str] = {}
        parts: list[str] = []
        for found in _TOKEN.finditer(source):
            path = found.group("path")
            if path is None:
                parts.append(found.group())
            else:
                absolute = resolve(path, at)
                parts.append("$" + names.setdefault(absolute, f"n{len(names)}"))
        try:
            token = self._parser.parse("".join(parts))
        except (ElementPathError, ValueError, RecursionError) as wrong:
            raise FormRefused("expression-not-understood", f"{at}: {source[:80]}") from wrong
        expression = Expression(source, frozenset(names), token, tuple((name, path) for path, name in names.items()))
        self._known[(source, at)] = expression
        return expression


def resolve(path: str, at: FieldPath) -> FieldPath:
    """Return a path of an expression as an absolute one, seen from the node `at`."""
    path = path.removeprefix("current()/")
    if path.startswith("/"):
        return FieldPath(path)
    steps = at.split("/")
    for step in path.split("/"):
        if step == "..":
            steps.pop()
        elif step != ".":
            steps.append(step)
    return FieldPath("/".join(steps))
