"""The base of presenters: a view that screens draw, and one way to say that it changed."""

from collections.abc import Callable
from typing import Generic, TypeVar

View = TypeVar("View")


class Presenter(Generic[View]):
    """Holds the view of one screen; the screen sets `on_change` and draws `view` whenever it is called.

    A presenter holds no widget and knows no Qt. Slow work goes through `desk.work`, whose callbacks arrive
    on the GUI thread; after `close` a late callback must change nothing.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._closed = False
        self.on_change: Callable[[View], None] | None = None

    @property
    def view(self) -> View:
        """What the screen draws."""
        return self._view

    def show(self, view: View) -> None:
        """Put a new view in the place of the present one and tell the screen."""
        self._view = view
        if self.on_change is not None and not self._closed:
            self.on_change(view)

    def open(self) -> None:
        """Load what the screen shows; called once when the screen is put up."""

    def close(self) -> None:
        """The screen is gone."""
        self._closed = True

    @property
    def is_closed(self) -> bool:
        return self._closed
