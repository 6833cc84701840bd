"""Compiles paths: walks over nodes, the repeat instances they share, and what the expression thereby reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bnhelper.forms.axes import Walk, walk_along
from bnhelper.forms.expressions import Compiled, Context, Effort, Predicate, Shape, filtered, visited
from bnhelper.forms.nodes import Node
from bnhelper.forms.predicates import SELF, equality, place_asked, weight
from bnhelper.forms.trouble import FormRefused
from bnhelper.forms.values import Value, to_text
from bnhelper.forms.xpath_parser import Call, Literal, Path, Step, Tree
from bnhelper.ids import FieldPath

_QUICKLY: Final = 4  #: a node that only its relevance is asked of costs a sixteenth of a visit
_INDEX_FROM: Final = 32  #: so many children make an index worth its while


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a context node when the form is read.

    Its generic path ("" outside the primary instance) and the deepest repeat instance it is known to share with
    the node the expression stands on.
    """

    path: FieldPath
    shared: FieldPath


_ELSEWHERE: Final = Place(FieldPath(""), FieldPath(""))


class PathCompiler:
    """Compiles the paths of one expression and gathers what it reads."""

    def __init__(
        self,
        shape: Shape,
        at: FieldPath,
        source: str,
        compile_tree: Callable[[Tree, Place], Compiled],
        *,
        effort: Effort,
        is_strict: bool,
    ) -> None:
        self._effort = effort
        self._is_strict = is_strict
        self._shape = shape
        self._at = at
        self._source = source
        self._compile = compile_tree
        self.shared: dict[FieldPath, FieldPath] = {}
        self.positions: set[FieldPath] = set()
        self.choices_of: set[FieldPath] = set()

    def reads(self, path: FieldPath, shared: FieldPath) -> None:
        """Note that the expression reads `path`; of two readings the one that shares less counts."""
        self._effort.spend(1)
        known = self.shared.get(path)
        if known is None or len(shared) < len(known):
            self.shared[path] = shared

    def reads_position(self, tree: Tree, place: Place) -> bool:
        """Note that a position is asked for, which changes with every instance of that repeat.

        Return whether that is all the path is asked for: not where it has predicates or lies outside the form.
        """
        try:
            self.positions.add(self.generic(tree, place))
        except FormRefused:
            return False
        return isinstance(tree, Path) and not any(step.predicates for step in tree.steps)

    def generic(self, tree: Tree, place: Place) -> FieldPath:
        """Return the generic path a plain path names. Raises FormRefused for anything else."""
        if not isinstance(tree, Path):
            raise FormRefused("not-a-path", f"{self._at}: {self._source[:80]}")
        here = place.path
        if tree.start == "/":
            here = FieldPath("")
        elif isinstance(tree.start, Call) and tree.start.name == "current":
            here = self._at
        elif tree.start != "":
            raise FormRefused("not-a-path", f"{self._at}: {self._source[:80]}")
        for step in tree.steps:
            here = self._next(here, step)
        return self._known(here)

    def _next(self, here: str, step: Step) -> FieldPath:
        if step.axis == "parent":
            return FieldPath(here.rpartition("/")[0])
        return FieldPath(here) if step.axis == "self" else FieldPath(f"{here}/{step.name}")

    def _known(self, path: FieldPath) -> FieldPath:
        if path not in self._shape.kinds:
            raise FormRefused("no-such-node", f"{self._at}: {path}"[:160])
        return path

    def compiled(self, tree: Path, place: Place) -> Compiled:
        """Return the closure of a path."""
        single = self.single(tree, place)
        if single is not None:
            self.reads(single, FieldPath(""))
            return lambda c: _if_relevant(c.scope.single[single])
        if tree.start == "/":
            return self._absolute(tree)
        if tree.start == "":
            if len(tree.steps) == 1 and tree.steps[0] == SELF:
                self._note(place)
                return lambda c: [c.node]
            if self._is_bare_word(tree.steps[0], place):
                return lambda _c: []
            return self._walk_from(lambda c: [c.node], tree.steps, place)
        assert not isinstance(tree.start, str)
        start, place = self._start(tree.start, place)
        if tree.predicates:
            ready = [self._predicate(predicate, place) for predicate in tree.predicates]
            unfiltered = start
            start = lambda c: filtered(c, unfiltered(c), ready)  # noqa: E731 - as short as it gets
        return self._walk_from(start, tree.steps, place)

    def single(self, tree: Tree, place: Place) -> FieldPath | None:
        """Return the one node that a plain path always means: it leads through no repeat and asks nothing."""
        if not isinstance(tree, Path) or tree.predicates or (tree.start == "" and tree.steps[0] == SELF):
            return None
        here: str = place.path
        if tree.start == "/":
            here = ""
        elif isinstance(tree.start, Call) and tree.start.name == "current" and not tree.start.arguments:
            here = self._at
        elif tree.start != "":
            return None
        if tree.start != "/" and here not in self._shape.kinds:
            return None
        for step in tree.steps:
            if step.predicates or step.axis not in {"child", "parent", "self"}:
                return None
            if step.axis == "child" and step.name in {"*", "node()"}:
                return None
            here = self._next(here, step)
            if here not in self._shape.kinds:
                return None
        return FieldPath(here) if tree.steps and not self._shape.repeat_of(here) else None

    def _is_bare_word(self, step: Step, place: Place) -> bool:
        """Tell whether a step leads below a question: a word without its quotes, blank as in JavaRosa.

        Forms in the field have such words, so only their authors are told.
        """
        is_named = step.axis == "child" and step.name not in {"*", "node()"} and not step.name.startswith("@")
        is_word = is_named and place.path in self._shape.leaves
        if is_word and self._is_strict:
            raise FormRefused("word-without-quotes", f"{self._at}: {step.name}"[:160])
        return is_word

    def _note(self, place: Place) -> None:
        if place.path:
            self.reads(self._known(place.path), place.shared)

    def _start(self, tree: Tree, place: Place) -> tuple[Callable[[Context], list[Node]], Place]:
        if isinstance(tree, Call) and tree.name == "current" and not tree.arguments:
            return lambda c: [c.current], Place(self._at, self._shape.repeat_of(self._at))
        after = _ELSEWHERE
        if isinstance(tree, Path):
            after = self._place_after(tree, place)
        elif isinstance(tree, Call) and tree.name == "instance" and tree.arguments:
            name = tree.arguments[0]
            if isinstance(name, Literal) and str(name.value) not in self._shape.secondary:
                raise FormRefused("no-such-instance", f"{self._at}: {name.value}"[:160])
        return self._nodes(tree, place), after

    def _nodes(self, tree: Tree, place: Place) -> Callable[[Context], list[Node]]:
        inner = self._compile(tree, place)

        def run(c: Context) -> list[Node]:
            found = inner(c)
            if not isinstance(found, list):
                raise ValueError("a path begins with nodes")  # noqa: TRY004 - one family for what authors do wrong
            return found

        return run

    def _place_after(self, tree: Path, place: Place) -> Place:
        try:
            path = self.generic(tree, place)
        except FormRefused:
            return _ELSEWHERE
        return Place(path, FieldPath(""))

    # --- absolute paths --------------------------------------------------------------------------------------

    def _absolute(self, tree: Path) -> Compiled:
        """Compile a path from the root: the part it has in common with our own node keeps our own instances."""
        root = self._shape.root
        steps = tree.steps
        if not steps:
            return lambda c: [c.scope.root]
        if steps[0] == _ANYWHERE:
            return self._walk_from(lambda c: [c.scope.root], steps, Place(root, FieldPath("")))
        if steps[0].axis != "child" or f"/{steps[0].name}" != root:
            raise FormRefused("no-such-node", f"{self._at}: /{steps[0].name}"[:160])
        common: str = root
        count = 1
        for step in steps[1:]:
            inner = f"{common}/{step.name}"
            is_last = count + 1 == len(steps)
            is_own = step.axis == "child" and not step.predicates and f"{self._at}/".startswith(f"{inner}/")
            if not is_own or (is_last and inner in self._shape.repeats):
                break
            common, count = inner, count + 1
        anchor = FieldPath(common)
        if anchor == root:
            start: Callable[[Context], list[Node]] = lambda c: [c.scope.root]  # noqa: E731 - as short as it gets
        else:

            def start(c: Context) -> list[Node]:
                own = c.current.ancestor(anchor)
                return [] if own is None else [own]

        return self._walk_from(start, steps[count:], Place(anchor, self._shape.repeat_of(anchor)))

    # --- steps -----------------------------------------------------------------------------------------------

    def _walk_from(self, start: Callable[[Context], list[Node]], steps: Sequence[Step], place: Place) -> Compiled:
        if place.path and all(step.axis == "child" and not step.predicates and step.name != "*" for step in steps):
            for step in steps:
                place = self._after(place, step)
            self._note(place)
            names = [step.name for step in steps]
            return lambda c: _plain(c, start(c), names)
        places = [place]
        walks = [self._step(step, places) for step in steps]
        for one in places:
            self._note(one)

        def run(c: Context) -> Value:
            nodes = start(c)
            for walk in walks:
                nodes = walk(c, nodes)
            visited(c, len(nodes) >> _QUICKLY)
            return [node for node in nodes if node.is_relevant]

        return run

    def _after(self, place: Place, step: Step) -> Place:
        path = self._known(self._next(place.path, step))
        return Place(path, place.shared)

    def _step(self, step: Step, places: list[Place]) -> Walk:
        """Compile one step; `places` holds where it may stand and is moved on to where it may lead."""
        if places and places[0].path:
            places[:] = [after for place in places for after in self._leads(place, step)]
            if not places and step.name not in {"*", "node()"}:
                raise FormRefused("no-such-node", f"{self._at}: {self._source[:120]}")
        inside = places[0] if places else _ELSEWHERE
        walk = walk_along(step.axis, step.name)
        if not step.predicates:
            return walk
        filters = [self._predicate(predicate, inside) for predicate in step.predicates]
        for other in places[1:]:
            for predicate in step.predicates:
                self._compile(predicate, other)
        index = None if inside.path else self._indexed(step, filters)
        return index or (lambda c, nodes: [kept for node in nodes for kept in filtered(c, walk(c, [node]), filters)])

    def _predicate(self, tree: Tree, place: Place) -> Predicate:
        wanted = place_asked(tree)
        return Predicate(
            self._compile(tree, place), weight(tree), None if wanted is None else self._compile(wanted, place)
        )

    def _leads(self, place: Place, step: Step) -> list[Place]:
        """Return where a step from `place` may lead, as far as the form's shape knows."""
        known, here = self._shape.kinds, place.path
        if step.axis == "self":
            return [place]
        if step.axis == "parent":
            up = FieldPath(here.rpartition("/")[0])
            shared = place.shared if f"{up}/".startswith(f"{place.shared}/") else self._shape.repeat_of(up)
            return [Place(up, shared)] if up in known else []
        if step.axis == "child" and step.name not in {"*", "node()"}:
            after = FieldPath(f"{here}/{step.name}")
            return [Place(after, place.shared)] if after in known else []
        if step.axis.endswith("sibling"):
            base, shared = FieldPath(here.rpartition("/")[0]), self._shape.repeat_of(here.rpartition("/")[0])
        elif step.axis.startswith("ancestor"):
            base, shared = self._shape.root, FieldPath("")
        else:
            base, shared = here, place.shared
        inside = self._shape.children.get(base, ()) if step.axis == "child" else self._shape.from_(base)
        if step.name not in {"*", "node()"}:
            inside = [path for path in inside if path.rpartition("/")[2] == step.name]
        self._effort.spend(len(inside) + 1)
        return [Place(path, shared) for path in inside]

    def _indexed(self, step: Step, filters: Sequence[Predicate]) -> Walk | None:
        """Compile `item[column = value ...]` over a secondary instance to a look-up, where that is the same."""
        found = equality(step.predicates[0]) if step.axis == "child" and step.name != "*" else None
        if found is None:
            return None
        column, key_tree, has_more = found
        key = self._compile(key_tree, _ELSEWHERE)
        name = step.name
        # With further terms the whole predicate is asked again, of the few that the look-up leaves.
        rest = list(filters if has_more else filters[1:])
        everything = list(filters)

        def walk(c: Context, nodes: Sequence[Node]) -> list[Node]:
            result: list[Node] = []
            for node in nodes:
                value = key(c)
                children = node.named(name)
                if len(children) < _INDEX_FROM or node.path or isinstance(value, (bool, float)):
                    result.extend(filtered(c, children, everything))
                    continue
                wanted = [one.value() for one in value] if isinstance(value, list) and value else [to_text(value)]
                index = node.index(name, column) if len(wanted) == 1 else None
                if index is None:
                    result.extend(filtered(c, children, everything))
                    continue
                result.extend(filtered(c, index.get(wanted[0], ()), rest))
            return result

        return walk


_ANYWHERE: Final = Step("descendant-or-self", "node()")


def _if_relevant(node: Node) -> list[Node]:
    return [node] if node.is_relevant else []


def _plain(c: Context, nodes: list[Node], names: Sequence[str]) -> list[Node]:
    for name in names:
        if len(nodes) == 1:
            nodes = list(nodes[0].named(name))
        else:
            visited(c, len(nodes))
            nodes = [child for node in nodes for child in node.named(name)]
    if len(nodes) == 1:
        return nodes if nodes[0].is_relevant else []
    visited(c, len(nodes))
    return [node for node in nodes if node.is_relevant]
