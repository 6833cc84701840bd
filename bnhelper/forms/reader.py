"""Reads an XForm document into a form definition; everything in it is data and bounded."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeTree
from defusedxml import DefusedXmlException

from bnhelper.forms.body import BodyReader, local, node_path
from bnhelper.forms.compiler import Compiler
from bnhelper.forms.definition import BN, Bind, Control, Entity, FormDefinition, Repeat, SetValue
from bnhelper.forms.expressions import Expression, Shape
from bnhelper.forms.nodes import Node
from bnhelper.forms.secondary import LAST_SAVED, Media, file_name, read_file, read_inside
from bnhelper.forms.tags import ORX, tags_of
from bnhelper.forms.texts import Text, TextReader
from bnhelper.forms.trouble import FormRefused
from bnhelper.ids import FieldPath

_XF: Final = "{http://www.w3.org/2002/xforms}"
_JR: Final = "{http://openrosa.org/javarosa}"
_HTML: Final = "{http://www.w3.org/1999/xhtml}"
_ORX: Final = f"{{{ORX}}}"
_ENTITIES: Final = "{http://www.opendatakit.org/xforms/entities}"
_BN: Final = f"{{{BN}}}"

_MAX_BYTES: Final = 16_000_000
_MAX_DEPTH: Final = 32
_MAX_NODES: Final = 600_000  #: of the document
_MAX_FIELDS: Final = 20_000  #: of the primary instance
#: those of our own bind attributes that are expressions
_RULES: Final = ("certain", "certified", "certified_possible", "exempt", "exempt_possible")
_EVENTS: Final = frozenset(
    {"odk-instance-first-load", "odk-instance-load", "odk-new-repeat", "xforms-value-changed", "xforms-ready"}
)


def parse_form(xml: str, media: Media | None = None, faults: list[FormRefused] | None = None) -> FormDefinition:
    """Return the form in an XForm document; `media` gives the files that lie beside it.

    With `faults`, what is wrong with expressions is gathered there instead of refusing the form: for its author.

    Raises FormRefused: not XML, entities or external references (defusedxml), too large or too deep, an expression
    that is none, a cycle, or a construct the runtime does not know.
    """
    if len(xml) > _MAX_BYTES:
        raise FormRefused("too-large")
    try:
        document = SafeTree.fromstring(xml.encode("utf-8"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as wrong:
        place = f"line {wrong.position[0]}, column {wrong.position[1] + 1}" if isinstance(wrong, ParseError) else ""
        raise FormRefused("not-xml", place) from wrong
    _bound(document)
    if document.find(f"{_HTML}head/{_XF}model") is None:
        _name_xforms(document)
    model = document.find(f"{_HTML}head/{_XF}model")
    body = document.find(f"{_HTML}body")
    primary = None if model is None else model.find(f"{_XF}instance")
    if model is None or body is None or primary is None or len(primary) != 1:
        raise FormRefused("not-an-xform")
    return _Reader(document, model, body, primary[0], media or (lambda _name: None), faults).read()


def _name_xforms(document: Element) -> None:
    """Take elements without a namespace as XForms, as JavaRosa does: old forms forget to declare it."""
    for element in document.iter():
        if isinstance(element.tag, str) and not element.tag.startswith("{"):
            element.tag = f"{_XF}{element.tag}"


def _bound(document: Element) -> None:
    count = 0
    level = [document]
    for _depth in range(_MAX_DEPTH):
        count += len(level)
        if count > _MAX_NODES:
            raise FormRefused("too-many-nodes")
        level = [child for element in level for child in element]
        if not level:
            return
    raise FormRefused("too-deep")


class _Reader:
    """Reads the parts of one document in the order in which they build on each other."""

    def __init__(
        self,
        document: Element,
        model: Element,
        body: Element,
        root: Element,
        media: Media,
        faults: list[FormRefused] | None,
    ) -> None:
        self._document = document
        self._model = model
        self._body = body
        self._root = root
        self._media = media
        self._faults = faults
        self._kinds: dict[FieldPath, str] = {}
        self._leaves: dict[FieldPath, str] = {}
        self._inner: dict[FieldPath, str] = {}
        self._templates: dict[FieldPath, Node] = {}
        self._children: dict[FieldPath, dict[str, None]] = {}

    def read(self) -> FormDefinition:
        self._repeats = frozenset(
            node_path(element.get("nodeset") or element.get("ref") or "", "")
            for element in self._body.iter()
            if local(element) == "repeat"
        )
        for bind in self._model.iterfind(f"{_XF}bind"):
            kind = (bind.get("type") or "string").rpartition(":")[2]
            self._kinds[node_path(bind.get("nodeset") or bind.get("ref") or "", "")] = kind
        root_path = FieldPath("/" + local(self._root))
        template = self._read_instance(self._root, root_path)
        nodes = {path: self._kinds.get(path, "string") for path in (*self._inner, *self._leaves)}
        for path in self._repeats:
            if path not in nodes:
                raise FormRefused("no-such-node", path[:120])
        self._ids = {
            bind.get("id", ""): path
            for bind in self._model.iterfind(f"{_XF}bind")
            if (path := node_path(bind.get("nodeset") or "", "")) in nodes
        }
        lists = frozenset(self._secondary_names())
        self._shape = Shape(root_path, nodes, self._repeats, lists, frozenset(self._leaves))
        self._compiler = Compiler(self._shape, self._faults)
        self._texts = TextReader(self._model, self._compiler)
        binds = dict(self._read_binds())
        body = BodyReader(self._shape, self._compiler, self._texts, binds, self._ids)
        arranged = tuple(body.read(self._body, root_path))
        secondary = dict(self._read_secondary())
        title = self._document.findtext(f"{_HTML}head/{_HTML}title") or ""
        return FormDefinition(
            form_id=self._root.get("id", ""),
            version=self._root.get("version") or self._root.get(f"{_ORX}version") or "",
            title=title,
            root=root_path,
            languages=self._texts.languages,
            leaves=self._leaves,
            inner=tuple(self._inner),
            binds=binds,
            controls=body.controls,
            body=arranged,
            set_values=tuple(self._read_set_values(body)),
            template=template,
            children={path: tuple(names) for path, names in self._children.items()},
            repeats=self._read_repeats(body),
            secondary=secondary,
            texts=self._choice_texts(secondary.values(), body.controls.values(), root_path),
            default_language=self._texts.default,
            entities=tuple(self._entities(binds)),
            kept_actions=tuple(self._kept_actions()),
            tags=tags_of(self._root),
        )

    def _entities(self, binds: Mapping[FieldPath, Bind]) -> Iterator[Entity]:
        """Return the entities declared; a property belongs to the nearest entity whose group encloses it."""
        declared = {path: said for path, said in self._leaves.items() if path.endswith("/meta/entity/@dataset")}
        scopes = {path.removesuffix("/meta/entity/@dataset"): path for path in declared}
        found: dict[str, dict[str, FieldPath]] = {path: {} for path in declared}
        for path, bind in binds.items():
            around = [scope for scope in scopes if path.startswith(f"{scope}/")]
            if bind.save_to and around:
                found[scopes[max(around, key=len)]][bind.save_to] = path
        for path, dataset in declared.items():
            yield Entity(FieldPath(path.removesuffix("/@dataset")), dataset, found[path])

    # --- the primary instance --------------------------------------------------------------------------------

    def _read_instance(self, element: Element, path: FieldPath) -> Node:
        attributes = (
            {} if path.count("/") == 1 else {key: said for key, said in element.attrib.items() if "}" not in key}
        )
        is_leaf = len(element) == 0 and path not in self._repeats
        text = (element.text or "").strip() if is_leaf else ""
        node = Node(local(element), text, path, self._kinds.get(path, "string"))
        if len(self._leaves) + len(self._inner) > _MAX_FIELDS:
            raise FormRefused("too-many-nodes")
        (self._leaves if is_leaf else self._inner).setdefault(path, node.text)
        for name, value in attributes.items():
            inner = FieldPath(f"{path}/@{name}")
            node.add(Node(f"@{name}", value, inner, self._kinds.get(inner, "string")))
            self._leaves.setdefault(inner, value)
        if is_leaf:
            return node
        seen: set[str] = set()
        order = self._children.setdefault(path, {})
        order.update((child.name, None) for child in node.children)
        for child in element:
            inner = FieldPath(f"{path}/{local(child)}")
            if inner in seen and inner not in self._repeats:
                raise FormRefused("same-name-twice", inner)
            seen.add(inner)
            order.setdefault(local(child))
            made = self._read_instance(child, inner)
            if inner in self._repeats and inner not in self._templates:
                self._templates[inner] = copied(made)
            if f"{_JR}template" not in child.attrib:
                node.add(made)
        return node

    def _known(self, path: FieldPath, place: str) -> FieldPath:
        if path not in self._shape.kinds:
            raise FormRefused("no-such-node", f"{place}: {path}"[:120])
        return path

    def _compile(self, source: str | None, at: FieldPath) -> Expression | None:
        return None if source is None or not source.strip() else self._compiler.compile(source, at)

    # --- binds -----------------------------------------------------------------------------------------------

    def _read_binds(self) -> Iterator[tuple[FieldPath, Bind]]:
        for bind in self._model.iterfind(f"{_XF}bind"):
            path = node_path(bind.get("nodeset") or bind.get("ref") or "", "")
            if path not in self._shape.kinds:  # binds to nothing do nothing, as in JavaRosa; authors are told
                if self._faults is not None:
                    self._faults.append(FormRefused("no-such-node", path[:120]))
                continue
            marks = {name.removeprefix(_BN): value for name, value in bind.attrib.items() if name.startswith(_BN)}
            rules = {name: self._compile(marks[name], path) for name in _RULES if name in marks}
            yield (
                path,
                Bind(
                    path=path,
                    type=self._kinds[path],
                    relevant=self._compile(bind.get("relevant"), path),
                    required=self._compile(bind.get("required"), path),
                    readonly=self._compile(bind.get("readonly"), path),
                    constraint=self._compile(bind.get("constraint"), path),
                    constraint_text=self._texts.named(bind.get(f"{_JR}constraintMsg"), path),
                    required_text=self._texts.named(bind.get(f"{_JR}requiredMsg"), path),
                    calculate=self._compile(bind.get("calculate"), path),
                    preload=(
                        bind.get(f"{_JR}preload") or bind.get("preload") or "",
                        bind.get(f"{_JR}preloadParams") or bind.get("preloadParams") or "",
                    ),
                    marks=marks,
                    save_to=bind.get(f"{_ENTITIES}saveto") or "",
                    rules={name: rule for name, rule in rules.items() if rule is not None},
                ),
            )

    def _read_repeats(self, body: BodyReader) -> Mapping[FieldPath, Repeat]:
        for path in body.repeats:
            if path not in self._templates:  # the root, or an attribute
                raise FormRefused("cannot-repeat", path)
        return {
            path: Repeat(path, self._templates[path], count, label, may_add_remove)
            for path, (count, label, may_add_remove) in body.repeats.items()
        }

    # --- secondary instances -----------------------------------------------------------------------------------

    def _secondary_names(self) -> Iterator[str]:
        for instance in self._model.findall(f"{_XF}instance")[1:]:
            yield instance.get("id") or ""

    def _read_secondary(self) -> Iterator[tuple[str, Node]]:
        for instance in self._model.findall(f"{_XF}instance")[1:]:
            name, source = instance.get("id") or "", instance.get("src")
            if source is None:
                yield name, read_inside(instance)
            elif name != LAST_SAVED and source != "jr://instance/last-saved":
                file = file_name(source)
                content = self._media(file)
                yield name, Node("instance") if content is None else read_file(file, content)

    def _choice_texts(self, holders: Iterable[Node], controls: Iterable[Control], at: FieldPath) -> Mapping[str, Text]:
        """Return the texts that lists and expressions name by id."""
        known = self._texts.keys()
        wanted = known if self._compiler.asks_any_text else known & self._compiler.asked_texts
        if known != wanted and any(one.itemset is not None and one.itemset.is_itext for one in controls):
            items = (item for holder in holders for root in holder.children for item in root.children)
            wanted |= {text for item in items for text in item.texts() if text in known}
        return {key: self._texts.itext(key, at) for key in sorted(wanted)}

    # --- actions -----------------------------------------------------------------------------------------------

    def _read_set_values(self, body: BodyReader) -> Iterator[SetValue]:
        for action in self._model.iterfind(f"{_XF}setvalue"):
            yield from self._set_value(action, None, body)
        for control in self._body.iter():
            for action in control.iterfind(f"{_XF}setvalue"):
                yield from self._set_value(action, body.places.get(control, self._shape.root), body)

    def _set_value(self, action: Element, source: FieldPath | None, body: BodyReader) -> Iterator[SetValue]:
        base = source or self._shape.root
        said_target: str = action.get("ref") or self._ids.get(action.get("bind", ""), FieldPath(""))
        target = self._known(node_path(_without_predicates(said_target), base), "setvalue")
        nodes = self._compiler.compile(said_target, base) if "[" in said_target else None
        said = action.get("value")
        text = "".join(action.itertext())
        value = self._compile(said, target)
        if said is None and text:
            value = Expression(text, {}, lambda _c: text)
        for event in (action.get("event") or "").split():
            if event not in _EVENTS:
                raise FormRefused("unknown-event", event[:80])
            if event == "odk-new-repeat" and source not in body.repeats and self._faults is not None:
                self._faults.append(FormRefused("new-repeat-outside", target[:120]))
            event = "odk-instance-first-load" if event == "xforms-ready" else event  # noqa: PLW2901 - its old name
            yield SetValue(event, target, value, source, nodes)

    def _kept_actions(self) -> Iterator[tuple[str, FieldPath]]:
        for element in (*self._model.iter(), *self._body.iter()):
            if local(element) in {"setgeopoint", "recordaudio"}:
                yield local(element), node_path(element.get("ref") or "", self._shape.root)


def _without_predicates(said: str) -> str:
    while "[" in said:
        said, before = re.sub(r"\[[^\[\]]*\]", "", said), said
        if said == before:
            raise FormRefused("expression-not-understood", said[:80])
    return said


def copied(node: Node) -> Node:
    """Return a copy of a node with everything below it."""
    made = Node(node.name, node.text, node.path, node.kind)
    for child in node.children:
        made.add(copied(child))
    return made
