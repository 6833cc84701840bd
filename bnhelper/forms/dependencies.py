"""Which nodes must be recomputed after which answer; refuses cycles with the nodes named."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.trouble import FormRefused
from bnhelper.ids import FieldPath


class Dependencies:
    """The order in which nodes settle, and who listens to whom.

    A node settles from its calculation, its own relevance, and its parent (relevance is inherited).
    Constraint, required, readonly and our own rules feed nothing back, so they take no part here.
    """

    def __init__(self, form: FormDefinition) -> None:
        reads = {path: _reads(form, path) for path in (*form.inner, *form.leaves)}
        self.order = _settling_order(reads)
        self._listeners: dict[FieldPath, list[FieldPath]] = {}
        for path in self.order:
            for read in reads.get(path, ()):
                self._listeners.setdefault(read, []).append(path)
        self._place = {path: index for index, path in enumerate(self.order)}

    def after(self, changed: Iterable[FieldPath]) -> list[FieldPath]:
        """Return everything that depends on `changed`, in settling order, `changed` itself left out."""
        seen: set[FieldPath] = set()
        waiting = list(changed)
        while waiting:
            for listener in self._listeners.get(waiting.pop(), ()):
                if listener not in seen:
                    seen.add(listener)
                    waiting.append(listener)
        return sorted(seen, key=self._place.__getitem__)


def _reads(form: FormDefinition, path: FieldPath) -> frozenset[FieldPath]:
    bind = form.bind(path)
    parent = FieldPath(path.rpartition("/")[0])
    reads: set[FieldPath] = {parent} if parent else set()
    if bind.relevant is not None:
        reads |= bind.relevant.reads
    if bind.calculate is not None:
        # once(...) may look at its own node: that is how it knows it has been computed.
        reads |= bind.calculate.reads - ({path} if bind.calculates_once else set())
    return frozenset(reads)


def _settling_order(reads: Mapping[FieldPath, frozenset[FieldPath]]) -> list[FieldPath]:
    try:
        return list(TopologicalSorter(reads).static_order())
    except CycleError as cycle:
        raise FormRefused("cycle", " > ".join(cycle.args[1])[:400]) from None
