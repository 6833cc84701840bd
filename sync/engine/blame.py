"""Whose fault a failure is: an item's, or the province's that fails for everybody."""

from sync.engine.backoff import POISON_AFTER


class Blame:
    """Counts how often the province did what it should: while it does nothing for anybody, no item is a suspect."""

    def __init__(self) -> None:
        self._passes = 0
        self._failing_since: dict[int, int] = {}

    def passed(self, outbox: int | None = None) -> None:
        """Something went as it should, for this item or for nobody in particular."""
        self._passes += 1
        if outbox is not None:
            self._failing_since.pop(outbox, None)

    def is_poison(self, outbox: int, tries: int) -> bool:
        """Tell whether an item that failed `tries` times, this one included, has to wait for a person."""
        first = self._failing_since.setdefault(outbox, self._passes)
        return tries >= POISON_AFTER and self._passes > first
