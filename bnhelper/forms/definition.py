"""A form as it can be filled: nodes, binds, body, repeats, lists, actions. What `parse_form` makes of an XForm."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from bnhelper.forms.expressions import Expression
from bnhelper.forms.nodes import Node
from bnhelper.forms.tags import Tag
from bnhelper.forms.texts import NO_TEXT, Text
from bnhelper.ids import FieldPath

BN: Final = "https://bnhelper.vn/xforms"  #: our namespace for bind attributes; a name, not an address


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a select."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices read from nodes: which nodes, and where each one's value and label stand below it."""

    nodes: Expression
    value: tuple[str, ...]
    label: tuple[str, ...]
    #: the label's node holds the id of a text rather than words
    is_itext: bool


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers of a range question, as written."""

    start: str
    end: str
    step: str


@dataclass(frozen=True, slots=True)
class Control:
    """How a node is asked: kind, words, choices. `kind` is what screens switch on."""

    path: FieldPath
    kind: str
    label: Text
    hint: Text
    choices: tuple[Choice, ...]
    appearance: str
    group: FieldPath
    itemset: Itemset | None = None
    media_type: str = ""  #: of an upload, such as image/*
    range: Range | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the body, with the controls and groups right inside it, in order.

    `path` of a group that only arranges is that of the group around it. A repeat is a group too.
    """

    path: FieldPath
    label: Text
    appearance: str
    children: "tuple[Control | Group, ...]"
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """A node that may stand several times. `template` is what a new instance begins as."""

    path: FieldPath
    template: Node
    count: Expression | None
    label: Text
    may_add_remove: bool


@dataclass(frozen=True, slots=True)
class Bind:
    """The rules of one node."""

    path: FieldPath
    type: str = "string"
    relevant: Expression | None = None
    required: Expression | None = None
    readonly: Expression | None = None
    constraint: Expression | None = None
    constraint_text: Text = NO_TEXT
    required_text: Text = NO_TEXT
    calculate: Expression | None = None
    #: jr:preload and jr:preloadParams
    preload: tuple[str, str] = ("", "")
    #: our own attributes by local name (kind, certain, originals ...), as written
    marks: Mapping[str, str] = field(default_factory=dict)
    #: the property of an entity that the value becomes
    save_to: str = ""
    #: those of our own attributes that are expressions, compiled
    rules: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entity:
    """An ODK entity that a submission declares: kept for who acts on it, as we do not.

    `properties` says which answers become which property (the binds' `saveto`).
    """

    path: FieldPath
    dataset: str
    properties: Mapping[str, FieldPath]


@dataclass(frozen=True, slots=True)
class SetValue:
    """Put a value into `target` when `event` happens (at `source`, for value changes and new repeats)."""

    event: str
    target: FieldPath
    value: Expression | None
    source: FieldPath | None
    #: which instances of `target`, where the form says so by predicates
    nodes: Expression | None = None


@dataclass(frozen=True)
class FormDefinition:
    """A form as it can be filled. Immutable: one definition serves any number of instances and threads.

    Paths are generic: a repeat's nodes stand here once.
    """

    form_id: str
    version: str
    title: str
    root: FieldPath
    languages: tuple[str, ...]
    #: every leaf of the instance in document order, with its default value
    leaves: Mapping[FieldPath, str]
    #: every element of the instance that has children, in document order
    inner: tuple[FieldPath, ...]
    binds: Mapping[FieldPath, Bind]
    controls: Mapping[FieldPath, Control]
    body: tuple[Group | Control, ...]
    set_values: tuple[SetValue, ...]
    #: the primary instance as the form gives it; copied for every filling
    template: Node
    #: path -> the names of its children in document order, each once
    children: Mapping[FieldPath, tuple[str, ...]] = field(default_factory=dict)
    repeats: Mapping[FieldPath, Repeat] = field(default_factory=dict)
    #: name -> a holder with the list's root element
    secondary: Mapping[str, Node] = field(default_factory=dict)
    #: texts that choices name, by id
    texts: Mapping[str, Text] = field(default_factory=dict)
    default_language: str = ""
    entities: tuple[Entity, ...] = ()
    #: what the form asks of a device and we only keep: setgeopoint, recordaudio ... with their paths
    kept_actions: tuple[tuple[str, FieldPath], ...] = ()
    #: how elements are written in a submission, where their name alone does not say it
    tags: Mapping[FieldPath, Tag] = field(default_factory=dict)

    def bind(self, path: FieldPath) -> Bind:
        """Return the rules of a node; a node without a bind has none."""
        return self.binds.get(path) or Bind(path)

    def mark(self, path: FieldPath, name: str, default: str = "") -> str:
        """Return one of our own bind attributes by local name."""
        return self.bind(path).marks.get(name, default)

    def happens(self, event: str) -> bool:
        """Tell whether the form gives values when something happens."""
        return any(one.event == event for one in self.set_values)

    def under(self, path: str) -> list[FieldPath]:
        """Return the leaves below `path` in document order, without attributes."""
        return [leaf for leaf in self.leaves if leaf.startswith(path + "/") and "/@" not in leaf]

    @cached_property
    def groups(self) -> Mapping[FieldPath, Group]:
        """Return every group and repeat by its path; of those that only arrange, the outermost."""
        found: dict[FieldPath, Group] = {}
        waiting = list(reversed(self.body))
        while waiting:
            one = waiting.pop()
            if isinstance(one, Group):
                found.setdefault(one.path, one)
                waiting.extend(reversed(one.children))
        return found

    @cached_property
    def readonly_above(self) -> Mapping[FieldPath, tuple[Expression, ...]]:
        """Return for each node the rules that may make it read-only: its own and those of the groups around it."""
        found: dict[FieldPath, tuple[Expression, ...]] = {}
        for path in (*self.inner, *self.leaves):
            own = self.bind(path).readonly
            above = found.get(FieldPath(path.rpartition("/")[0]), ())
            found[path] = above if own is None else (*above, own)
        return found
