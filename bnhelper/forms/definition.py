"""An XForm parsed once: nodes, binds, body, texts in every language, actions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeTree
from defusedxml import DefusedXmlException

from bnhelper.forms.expressions import Compiler, Expression
from bnhelper.forms.trouble import FormRefused
from bnhelper.ids import FieldPath

BN: Final = "https://bnhelper.vn/xforms"  #: our namespace for bind attributes; a name, not an address
_XF: Final = "{http://www.w3.org/2002/xforms}"
_JR: Final = "{http://openrosa.org/javarosa}"
_HTML: Final = "{http://www.w3.org/1999/xhtml}"
_BN: Final = f"{{{BN}}}"

_MAX_BYTES: Final = 4_000_000
_MAX_DEPTH: Final = 24
_MAX_NODES: Final = 20_000
_CONTROLS: Final = {
    "input": "text",
    "select1": "select_one",
    "select": "select_multiple",
    "upload": "upload",
    "trigger": "acknowledge",
}
#: those of our own bind attributes that are expressions
_RULES: Final = ("certain", "certified", "certified_possible", "exempt", "exempt_possible")
_TYPE_KINDS: Final = {"int": "integer", "integer": "integer", "decimal": "decimal", "date": "date"}


@dataclass(frozen=True, slots=True)
class Text:
    """One text in every language of the form: language -> words."""

    by_language: Mapping[str, str]

    def in_language(self, language: str) -> str:
        """Return the words in `language`, else in the form's first language, else nothing."""
        return self.by_language.get(language) or next(iter(self.by_language.values()), "")


NO_TEXT: Final = Text({})


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a select."""

    value: str
    label: Text


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


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the body, with the controls and groups right inside it, in order."""

    path: FieldPath
    label: Text
    appearance: str
    children: "tuple[Control | Group, ...]"


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
    calculates_once: bool = False
    #: our own attributes by local name (kind, certain, originals ...), as written
    marks: Mapping[str, str] = field(default_factory=dict)
    #: those of them that are expressions, compiled
    rules: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetValue:
    """Put a value into `target` when `event` happens (at `source`, for value changes)."""

    event: str
    target: FieldPath
    value: Expression | None
    source: FieldPath | None


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """A form as it can be filled. Immutable: one definition serves any number of instances and threads."""

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

    def bind(self, path: FieldPath) -> Bind:
        """Return the rules of a node; a node without a bind has none."""
        return self.binds.get(path) or Bind(path)

    def mark(self, path: FieldPath, name: str, default: str = "") -> str:
        """Return one of our own bind attributes by local name."""
        return self.bind(path).marks.get(name, default)

    def under(self, path: str) -> list[FieldPath]:
        """Return the leaves below `path` in document order."""
        return [leaf for leaf in self.leaves if leaf.startswith(path + "/")]


def parse_form(xml: str) -> FormDefinition:
    """Return the form in an XForm document.

    Raises FormRefused: not XML, entities or external references (defusedxml), over 4 MB, deeper than 24,
    more than 20,000 nodes, an expression that is none, or a construct the runtime does not know.
    """
    if len(xml) > _MAX_BYTES:
        raise FormRefused("too-large")
    try:
        document = SafeTree.fromstring(xml.encode("utf-8"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as wrong:
        raise FormRefused("not-xml") from wrong
    _bound(document)
    model = document.find(f"{_HTML}head/{_XF}model")
    body = document.find(f"{_HTML}body")
    primary = None if model is None else model.find(f"{_XF}instance")
    if model is None or body is None or primary is None or len(primary) != 1:
        raise FormRefused("not-an-xform")
    return _Reader(document, model, body, primary[0]).read()


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

    def __init__(self, document: Element, model: Element, body: Element, root: Element) -> None:
        self._document = document
        self._model = model
        self._body = body
        self._root = root
        self._root_path = FieldPath("/" + _local(root))
        self._compiler = Compiler()
        self._texts, self._languages = self._read_texts()
        self._leaves: dict[FieldPath, str] = {}
        self._inner: list[FieldPath] = []
        self._controls: dict[FieldPath, Control] = {}

    def read(self) -> FormDefinition:
        self._read_instance(self._root, self._root_path)
        binds = dict(self._read_binds())
        body = tuple(self._read_body(self._body, self._root_path, binds))
        title = self._document.findtext(f"{_HTML}head/{_HTML}title") or ""
        return FormDefinition(
            form_id=self._root.get("id", ""),
            version=self._root.get("version", ""),
            title=title,
            root=self._root_path,
            languages=self._languages,
            leaves=self._leaves,
            inner=tuple(self._inner),
            binds=binds,
            controls=self._controls,
            body=body,
            set_values=tuple(self._read_set_values()),
        )

    def _read_texts(self) -> tuple[dict[str, Text], tuple[str, ...]]:
        found: dict[str, dict[str, str]] = {}
        languages: list[str] = []
        for translation in self._model.iterfind(f"{_XF}itext/{_XF}translation"):
            language = translation.get("lang", "")
            languages.append(language)
            for text in translation.iterfind(f"{_XF}text"):
                value = text.find(f"{_XF}value")
                if value is not None:
                    found.setdefault(text.get("id", ""), {})[language] = "".join(value.itertext())
        return {key: Text(words) for key, words in found.items()}, tuple(languages)

    def _read_instance(self, element: Element, path: FieldPath) -> None:
        if len(element) == 0:
            self._leaves[path] = element.text or ""
            return
        self._inner.append(path)
        for child in element:
            inner = FieldPath(f"{path}/{_local(child)}")
            if inner in self._leaves or inner in self._inner:
                raise FormRefused("repeats-come-later", inner)
            self._read_instance(child, inner)

    def _known(self, path: str, place: str) -> FieldPath:
        known = FieldPath(path)
        if known not in self._leaves and known not in self._inner:
            raise FormRefused("no-such-node", f"{place}: {path}"[:120])
        return known

    def _compile(self, source: str | None, at: FieldPath) -> Expression | None:
        if source is None:
            return None
        expression = self._compiler.compile(source, at)
        for path in expression.reads:
            self._known(path, at)
        return expression

    def _read_binds(self) -> Iterator[tuple[FieldPath, Bind]]:
        for bind in self._model.iterfind(f"{_XF}bind"):
            path = self._known(bind.get("nodeset", ""), "bind")
            marks = {name.removeprefix(_BN): value for name, value in bind.attrib.items() if name.startswith(_BN)}
            calculate = bind.get("calculate")
            rules = {name: self._compile(marks[name], path) for name in _RULES if name in marks}
            yield (
                path,
                Bind(
                    path=path,
                    type=(bind.get("type") or "string").removeprefix("xsd:"),
                    relevant=self._compile(bind.get("relevant"), path),
                    required=self._compile(bind.get("required"), path),
                    readonly=self._compile(bind.get("readonly"), path),
                    constraint=self._compile(bind.get("constraint"), path),
                    constraint_text=self._text_of(bind.get(f"{_JR}constraintMsg")),
                    required_text=self._text_of(bind.get(f"{_JR}requiredMsg")),
                    calculate=self._compile(calculate, path),
                    calculates_once=calculate is not None and calculate.strip().startswith("once("),
                    marks=marks,
                    rules={name: rule for name, rule in rules.items() if rule is not None},
                ),
            )

    def _text_of(self, said: str | None) -> Text:
        """Return the text an attribute names by jr:itext('id'), or says outright."""
        if said is None:
            return NO_TEXT
        if said.startswith("jr:itext(") and said.endswith(")"):
            return self._texts.get(said[9:-1].strip("'\""), NO_TEXT)
        return Text({"": said})

    def _words(self, element: Element | None) -> Text:
        if element is None:
            return NO_TEXT
        return self._text_of(element.get("ref") or "".join(element.itertext()))

    def _read_body(
        self, parent: Element, group: FieldPath, binds: Mapping[FieldPath, Bind]
    ) -> Iterator[Group | Control]:
        for element in parent:
            name = _local(element)
            if name in {"label", "hint", "setvalue"}:
                continue
            path = self._known(element.get("ref") or element.get("nodeset") or "", name)
            if name == "group":
                yield Group(
                    path,
                    self._words(element.find(f"{_XF}label")),
                    element.get("appearance", ""),
                    tuple(self._read_body(element, path, binds)),
                )
            elif name in _CONTROLS:
                control = self._control(element, name, path, group, binds)
                self._controls[path] = control
                yield control
            else:
                raise FormRefused("unknown-control", name)

    def _control(
        self, element: Element, name: str, path: FieldPath, group: FieldPath, binds: Mapping[FieldPath, Bind]
    ) -> Control:
        bind = binds.get(path)
        kind = _CONTROLS[name]
        if kind == "text" and bind is not None:
            if bind.marks.get("kind") == "note" or (bind.readonly is not None and bind.readonly.source == "true()"):
                kind = "note"
            else:
                kind = _TYPE_KINDS.get(bind.type, "text")
        choices = tuple(
            Choice(item.findtext(f"{_XF}value") or "", self._words(item.find(f"{_XF}label")))
            for item in element.iterfind(f"{_XF}item")
        )
        return Control(
            path=path,
            kind=kind,
            label=self._words(element.find(f"{_XF}label")),
            hint=self._words(element.find(f"{_XF}hint")),
            choices=choices,
            appearance=element.get("appearance", ""),
            group=group,
        )

    def _read_set_values(self) -> Iterator[SetValue]:
        for action in self._model.iterfind(f"{_XF}setvalue"):
            target = self._known(action.get("ref", ""), "setvalue")
            yield SetValue(action.get("event", ""), target, self._compile(action.get("value"), target), None)
        for control in self._body.iter():
            for action in control.iterfind(f"{_XF}setvalue"):
                target = self._known(action.get("ref", ""), "setvalue")
                source = self._known(control.get("ref", ""), "setvalue")
                value = self._compile(action.get("value"), target)
                yield SetValue(action.get("event", ""), target, value, source)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
