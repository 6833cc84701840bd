"""Whose fault a failure is: an item's, or the province's that fails for everybody."""

from collections import Counter
from typing import Final

from sync.engine.backoff import POISON_AFTER
from sync.engine.schedule import Kind

#: An item that fails while nothing of its kind passes, because it waits alone or because the province takes nothing,
#: needs a person only after so many tries: some four hours over an open line.
ALONE_AFTER: Final = 100
#: In so many runs an item was what the line broke over before it is the item that is suspected.
_RUNS: Final = 4


class Blame:
    """Counts what passed, kind by kind: that news can be read does not prove that anything can be written.

    A province on a database that only reads refuses every text and every photo; while it takes none of a kind, no item
    is a suspect for not being taken.
    """

    def __init__(self) -> None:
        self._passes: Counter[Kind] = Counter()
        self._failing_since: dict[tuple[int, Kind], int] = {}
        self._broke: dict[int, tuple[int, int]] = {}

    def passed(self, outbox: int, kind: Kind) -> None:
        """Something of this kind went as it should, for this item."""
        self._passes[_like(kind)] += 1
        self._failing_since.pop((outbox, _like(kind)), None)
        self._broke.pop(outbox, None)

    def is_poison(self, outbox: int, kind: Kind, tries: int, *, is_sure: bool = True) -> bool:
        """Tell whether an item that failed `tries` times, this one included, has to wait for a person.

        It is not sure where the line or the front door failed: where much is lost, the same one may fail often.
        """
        others_passed = self._others_passed(outbox, kind)
        return tries >= ALONE_AFTER or (is_sure and others_passed and tries >= POISON_AFTER)

    def broke(self, outbox: int, run: int) -> None:
        """The line, or whoever stands before the province, failed over this item; told once in each run."""
        runs, last = self._broke.get(outbox, (0, -1))
        if run != last:
            self._broke[outbox] = runs + 1, run

    def doubts(self, outbox: int) -> int:
        """Return how doubtful an item is: what failed in two runs goes after everything that did not."""
        return max(0, self._broke.get(outbox, (0, 0))[0] - 1)

    def is_its_own(self, outbox: int, kind: Kind) -> bool:
        """Tell whether it is this item that the line breaks over, since others of its kind go through."""
        return self._broke.get(outbox, (0, 0))[0] >= _RUNS and self._others_passed(outbox, kind)

    def _others_passed(self, outbox: int, kind: Kind) -> bool:
        passes = self._passes[_like(kind)]
        return passes > self._failing_since.setdefault((outbox, _like(kind)), passes)


def _like(kind: Kind) -> Kind:
    """A proof is asked for with the text."""
    return Kind.FILE if kind is Kind.FILE else Kind.TEXT
