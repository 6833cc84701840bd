"""Reads the body of a form: groups, repeats, controls, choices."""

from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from bnhelper.forms.compiler import Compiler
from bnhelper.forms.definition import Bind, Choice, Control, Group, Itemset, Range
from bnhelper.forms.expressions import Expression, Shape
from bnhelper.forms.texts import NO_TEXT, Text, TextReader
from bnhelper.forms.trouble import FormRefused
from bnhelper.ids import FieldPath

_XF: Final = "{http://www.w3.org/2002/xforms}"
_JR: Final = "{http://openrosa.org/javarosa}"
_CONTROLS: Final = {
    "input": "text",
    "secret": "text",
    "textarea": "text",
    "select1": "select_one",
    "select": "select_multiple",
    "rank": "rank",
    "range": "range",
    "upload": "upload",
    "trigger": "acknowledge",
}
_TYPE_KINDS: Final = {
    "int": "integer",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    "dateTime": "datetime",
    "geopoint": "geopoint",
    "geotrace": "geotrace",
    "geoshape": "geoshape",
    "barcode": "barcode",
}
#: parts of a control or group that are no question of their own
_ASIDE: Final = frozenset(
    {
        "label",
        "hint",
        "help",
        "alert",
        "setvalue",
        "setgeopoint",
        "recordaudio",
        "item",
        "itemset",
        "value",
        "extension",
    }
)
_MOST_CHOICES: Final = 50_000


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def node_path(said: str, base: str) -> FieldPath:
    """Return a path of a document as a generic one: absolute, without prefixes, seen from `base`."""
    said = said.strip().removeprefix("current()/")
    if not said.startswith("/"):
        said = f"{base}/{said}"
    steps: list[str] = []
    for step in said.split("/")[1:]:
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(("@" if step.startswith("@") else "") + step.lstrip("@").rpartition(":")[2])
    return FieldPath("/" + "/".join(steps))


class BodyReader:
    """Reads the body, and keeps the controls and repeats it found."""

    def __init__(
        self,
        shape: Shape,
        compiler: Compiler,
        texts: TextReader,
        binds: Mapping[FieldPath, Bind],
        ids: Mapping[str, FieldPath],
    ) -> None:
        self._shape = shape
        self._compiler = compiler
        self._texts = texts
        self._binds = binds
        self._ids = ids
        self.controls: dict[FieldPath, Control] = {}
        #: which node each element of the body is about
        self.places: dict[Element, FieldPath] = {}
        #: path -> how many (None: as many as the person adds), label, may instances be added and removed
        self.repeats: dict[FieldPath, tuple[Expression | None, Text, bool]] = {}

    def read(self, parent: Element, around: FieldPath, label: Text = NO_TEXT) -> Iterator[Group | Control]:
        """Return what stands in `parent`, in order; `label` is the parent's own, for a repeat inside it."""
        for element in parent:
            name = local(element)
            if name in _ASIDE:
                continue
            if name not in {"group", "repeat"} and name not in _CONTROLS:
                raise FormRefused("unknown-control", name[:80])
            said = element.get("nodeset") or element.get("ref") or self._ids.get(element.get("bind", ""))
            if said is None and name != "group":
                raise FormRefused("no-such-node", f"{name} without a node")
            path = around if said is None else node_path(said, around)
            if path not in self._shape.kinds:
                raise FormRefused("no-such-node", f"{name}: {path}"[:120])
            self.places[element] = path
            if name == "repeat":
                yield self._repeat(element, path, label, around)
            elif name == "group":
                own = self._texts.of_element(element.find(f"{_XF}label"), path)
                children = tuple(self.read(element, path, own))
                only = children[0] if len(children) == 1 else None
                if isinstance(only, Group) and only.is_repeat and only.path == path:
                    yield only  # the group is there to give the repeat its label
                else:
                    yield Group(path, own, element.get("appearance", ""), children)
            else:
                control = self._control(element, name, path, around)
                self.controls[path] = control
                yield control

    def _repeat(self, element: Element, path: FieldPath, label: Text, around: FieldPath) -> Group:
        said = element.get(f"{_JR}count")
        # A relative count is seen from the element around, as in JavaRosa; mostly that is a group of the same node.
        if said is not None and around != path and self._compiler.holds(said, around):
            count: Expression | None = self._compiler.compile(said, around).seen_from(around)
        else:
            count = None if said is None else self._compiler.compile(said, path)
        fixed = (element.get(f"{_JR}noAddRemove") or "").strip().lower() in {"true()", "true"}
        self.repeats[path] = (count, label, not fixed and count is None)
        return Group(path, label, element.get("appearance", ""), tuple(self.read(element, path)), is_repeat=True)

    def _control(self, element: Element, name: str, path: FieldPath, group: FieldPath) -> Control:
        bind = self._binds.get(path)
        kind = _CONTROLS[name]
        if kind == "text" and bind is not None:
            is_readonly = bind.readonly is not None and bind.readonly.source.strip() == "true()"
            is_note = is_readonly or bind.marks.get("kind") == "note"
            kind = "note" if is_note else _TYPE_KINDS.get(bind.type, "text")
        hints = element.findall(f"{_XF}hint")
        choices = tuple(
            Choice((item.findtext(f"{_XF}value") or "").strip(), self._texts.of_element(item.find(f"{_XF}label"), path))
            for item in element.iterfind(f"{_XF}item")
        )
        if len(choices) > _MOST_CHOICES:
            raise FormRefused("too-many-choices", path)
        itemset = element.find(f"{_XF}itemset")
        return Control(
            path=path,
            kind=kind,
            label=self._texts.of_element(element.find(f"{_XF}label"), path),
            hint=self._texts.of_element(hints[0] if hints else None, path),
            choices=choices,
            appearance=element.get("appearance", "multiline" if name == "textarea" or element.get("rows") else ""),
            group=group,
            itemset=None if itemset is None else self._itemset(itemset, path),
            media_type=element.get("accept") or element.get("mediatype") or "",
            range=Range(element.get("start", ""), element.get("end", ""), element.get("step", "1"))
            if name == "range"
            else None,
        )

    def _itemset(self, itemset: Element, path: FieldPath) -> Itemset:
        value, label = itemset.find(f"{_XF}value"), itemset.find(f"{_XF}label")
        said = "" if label is None else (label.get("ref") or "").strip()
        is_itext = said.startswith("jr:itext(") and said.endswith(")")
        return Itemset(
            nodes=self._compiler.compile(itemset.get("nodeset") or "", path),
            value=_below("name" if value is None else value.get("ref") or "name"),
            label=_below(said[9:-1] if is_itext else said),
            is_itext=is_itext,
        )


def _below(said: str) -> tuple[str, ...]:
    steps = tuple(step.strip() for step in said.split("/") if step.strip() not in {"", "."})
    return tuple(("@" if step.startswith("@") else "") + step.lstrip("@").rpartition(":")[2] for step in steps)
