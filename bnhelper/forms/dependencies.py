"""Which nodes must be recomputed after which answer; refuses cycles with the nodes named."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.expressions import Expression
from bnhelper.forms.trouble import FormRefused
from bnhelper.ids import FieldPath


@dataclass(frozen=True, slots=True)
class Listener:
    """A node that must settle again when another changed.

    Both lie in the same instance of the node `shared` ("": anywhere). `is_count`: the number of instances of the
    repeat `path` settles, rather than its instances.
    """

    path: FieldPath
    shared: FieldPath
    is_count: bool = False


class Dependencies:
    """The order in which nodes settle, and who listens to whom. Paths are generic.

    A node settles from its calculation, its own relevance, its parent (relevance is inherited) and, for a repeat,
    from its count. Constraint, required, readonly and our own rules feed nothing back, so they take no part here.
    A node of a repeat may read the same node of other instances: those that come later settle after it.
    A count may lean on what leans on its repeat, as forms in the field do (a count of instances that decides how
    many there are): then it is left out of the order, and the settler bounds how often it changes its mind.
    The same holds for what a question offers whose choices are named (jr:choice-name), should that lean on the name.
    """

    def __init__(self, form: FormDefinition) -> None:
        paths = (*form.inner, *form.leaves)
        reads = {path: _reads(form, path) for path in paths}
        named = {path: _offered(form, path) for path in paths}
        moves = {path: _positions(form, path) for path in paths}
        before = {
            path: frozenset(found) - {path} | {one for one in moves[path] if not f"{path}/".startswith(f"{one}/")}
            for path, found in reads.items()
        }
        counted = {path: before[path] | _counted(form, path) for path in paths}
        self.order = _first_that_goes(
            {path: counted[path] | named[path] - {path} for path in paths},
            {path: before[path] | named[path] - {path} for path in paths},
            counted,
            before,
        )
        self.place = {path: index for index, path in enumerate(self.order)}
        self.listeners: dict[FieldPath, list[Listener]] = {}
        for path in self.order:
            for read, shared in reads[path].items():
                self.listeners.setdefault(read, []).append(Listener(path, shared))
            for read in named[path] - {path}:
                self.listeners.setdefault(read, []).append(Listener(path, FieldPath("")))
            for moved in moves[path]:
                self.listeners.setdefault(moved, []).append(Listener(path, FieldPath("")))
            repeat = form.repeats.get(path)
            if repeat is not None and repeat.count is not None:
                for read, shared in repeat.count.shared.items():
                    self.listeners.setdefault(read, []).append(Listener(path, shared, is_count=True))
                for moved in repeat.count.positions & form.repeats.keys():
                    self.listeners.setdefault(moved, []).append(Listener(path, FieldPath(""), is_count=True))


def _reads(form: FormDefinition, path: FieldPath) -> dict[FieldPath, FieldPath]:
    """Return what a node settles from, each with the node whose instance both share."""
    bind = form.bind(path)
    parent = FieldPath(path.rpartition("/")[0])
    reads: dict[FieldPath, FieldPath] = {parent: parent} if parent else {}
    if path in _counted(form, path):
        raise FormRefused("cycle", f"{path} > {path}")
    for expression in (bind.relevant, bind.calculate):
        for read, shared in _shared(expression).items():
            if read == path and (path not in form.leaves or shared == _own_repeat(form, path)):
                raise FormRefused("cycle", f"{path} > {path}")
            reads[read] = min(reads.get(read, shared), shared, key=len)
    return reads


def _offered(form: FormDefinition, path: FieldPath) -> frozenset[FieldPath]:
    """Return what the choices are read from that a node names: where they stand, and the words of each."""
    bind = form.bind(path)
    asked = {one for said in (bind.relevant, bind.calculate) if said is not None for one in said.choices_of}
    itemsets = [control.itemset for one in asked if (control := form.controls.get(one)) and control.itemset]
    found: set[FieldPath] = set()
    for itemset in itemsets:
        found |= itemset.nodes.reads
        for node in itemset.nodes.reads:
            below = {FieldPath("/".join((node, *names))) for names in (itemset.value, itemset.label)}
            found |= below & form.leaves.keys()
    return frozenset(found)


def _positions(form: FormDefinition, path: FieldPath) -> frozenset[FieldPath]:
    """Return the repeats whose order of instances a node settles from."""
    bind = form.bind(path)
    asked = {one for said in (bind.relevant, bind.calculate) if said is not None for one in said.positions}
    return frozenset(one for one in asked if one in form.repeats)


def _counted(form: FormDefinition, path: FieldPath) -> frozenset[FieldPath]:
    """Return what the number of instances of a repeat is read from."""
    repeat = form.repeats.get(path)
    return frozenset() if repeat is None or repeat.count is None else repeat.count.reads


def _shared(expression: Expression | None) -> Mapping[FieldPath, FieldPath]:
    return {} if expression is None else expression.shared


def _own_repeat(form: FormDefinition, path: str) -> str:
    while path and path not in form.repeats:
        path = path.rpartition("/")[0]
    return path


def _first_that_goes(*tried: Mapping[FieldPath, frozenset[FieldPath]]) -> list[FieldPath]:
    """Return the first order that there is, the strictest tried first. Raises FormRefused where the last has none."""
    for reads in tried[:-1]:
        with contextlib.suppress(FormRefused):
            return _settling_order(reads)
    return _settling_order(tried[-1])


def _settling_order(reads: Mapping[FieldPath, frozenset[FieldPath]]) -> list[FieldPath]:
    try:
        return list(TopologicalSorter(reads).static_order())
    except CycleError as cycle:
        raise FormRefused("cycle", " > ".join(cycle.args[1])[:400]) from None


_known_dependencies: dict[int, tuple[FormDefinition, Dependencies]] = {}


def dependencies_of(form: FormDefinition) -> Dependencies:
    """Return the form's graph, made once per definition (a definition is immutable and long-lived)."""
    known = _known_dependencies.get(id(form))
    if known is None or known[0] is not form:
        if len(_known_dependencies) > 64:  # a few forms are open at a time; forget the rest
            _known_dependencies.clear()
        known = (form, Dependencies(form))
        _known_dependencies[id(form)] = known
    return known[1]
