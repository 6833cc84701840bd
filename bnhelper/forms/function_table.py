"""The table of XPath functions: each says how many arguments it takes, and is entered where it is written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bnhelper.forms.values import Value

FUNCTIONS: Final[dict[str, "Function"]] = {}
ANY: Final = 200  #: as many arguments as a form may reasonably pass


@dataclass(frozen=True, slots=True)
class Function:
    """`run` takes the context, then the values; a lazy one takes its arguments unevaluated.

    One that goes by the letter costs what its arguments are long.
    """

    fewest: int
    most: int
    run: Callable[..., Value]
    is_lazy: bool = False
    is_by_letter: bool = False


def function(
    name: str, fewest: int, most: int | None = None, *, is_lazy: bool = False, is_by_letter: bool = False
) -> Callable[[Any], Any]:
    """Enter a function under its XPath name."""

    def enter(run: Callable[..., Value]) -> Callable[..., Value]:
        FUNCTIONS[name] = Function(fewest, fewest if most is None else most, run, is_lazy, is_by_letter)
        return run

    return enter
