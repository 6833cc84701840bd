"""How slow work leaves the thread that draws: a protocol, so that presenters and tests need no Qt."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

Result = TypeVar("Result")


class Task(Protocol, Generic[Result]):
    """One piece of work under way; callbacks arrive on the thread that draws."""

    def then(self, callback: Callable[[Result], object]) -> "Task[Result]":
        """Call with the result."""
        ...

    def on_trouble(self, callback: Callable[[BaseException], object]) -> "Task[Result]":
        """Call with what went wrong; without one it goes to the program's last resort."""
        ...


class Work(Protocol):
    """Runs work in the order given, one piece at a time."""

    def run(self, work: Callable[[], Result], *, owner: object = None) -> Task[Result]:
        """Start; when `owner` (a widget) is gone by then, the result is dropped."""
        ...
