"""One procedure source -> its ODK XForm: case questions, documents, applicant, declaration."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from bnhelper.authoring.conditions import any_of, certain, facts_of, matters, possible
from bnhelper.authoring.field_kinds import FieldKind, field_kind
from bnhelper.authoring.sources import CHANNELS, FactSource, Sources, conditions_of
from bnhelper.forms.definition import BN

_XF = "http://www.w3.org/2002/xforms"
_H = "http://www.w3.org/1999/xhtml"
_JR = "http://openrosa.org/javarosa"
for _prefix, _name in (("", _XF), ("h", _H), ("jr", _JR), ("bn", BN)):
    register_namespace(_prefix, _name)

_CASE = "/data/case"
_YES_NO = (("yes", "Có", "Yes"), ("no", "Không", "No"), ("unknown", "Không rõ", "Not sure"))
_CHANNEL_WORDS = {
    "online": ("Nộp trực tuyến", "Online"),
    "direct": ("Nộp trực tiếp", "In person"),
    "postal": ("Gửi qua bưu chính công ích", "By post"),
}


class SharedFields:
    """The applicant's fields, the same in every form: written once, because they are nine tenths of a plain one."""

    def __init__(self, sources: Sources) -> None:
        self.section: Mapping[str, Any] = sources.lists["applicant"]
        alone = {"code": "0", "name_vi": "", "documents": (), "fees": (), "online": {"channels": ()}}
        writer = XFormWriter(alone, replace(sources, declarations={}), "", self)
        self._parts = writer.shared_parts()

    def put_into(self, xml: str) -> str:
        """Return the form with the marks that stand for these fields replaced by them."""
        for part, content in self._parts.items():
            xml = xml.replace(f'<jr:applicant part="{part}" />', content, 1)
        return xml


class XFormWriter:
    """Writes one form; the element order is the source's order, so equal sources give equal bytes."""

    def __init__(self, procedure: Mapping[str, Any], sources: Sources, version: str, shared: SharedFields) -> None:
        self._shared = shared
        self._procedure = procedure
        self._sources = sources
        self._conditions = conditions_of(procedure)
        self._html = Element(f"{{{_H}}}html")
        head = SubElement(self._html, f"{{{_H}}}head")
        SubElement(head, f"{{{_H}}}title").text = procedure["name_vi"]
        self._model = SubElement(head, f"{{{_XF}}}model")
        itext = SubElement(self._model, f"{{{_XF}}}itext")
        self._vi = SubElement(itext, f"{{{_XF}}}translation", {"lang": "vi", "default": "true()"})
        self._en = SubElement(itext, f"{{{_XF}}}translation", {"lang": "en"})
        instance = SubElement(self._model, f"{{{_XF}}}instance")
        self._root = SubElement(instance, "data", {"id": procedure["code"], "version": version})
        self._body = SubElement(self._html, f"{{{_H}}}body")
        self._nodes: dict[str, Element] = {"/data": self._root}

    def write(self) -> str:
        """Return the XForm document."""
        self._case()
        self._documents()
        self._fees()
        self._rule()
        self._applicant()
        declaration = self._sources.declarations.get(self._procedure["code"])
        if declaration is not None:
            self._declaration(declaration)
        self._node("/data/meta/instanceID")
        xml = '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(self._html, encoding="unicode")
        return self._shared.put_into(xml)

    def shared_parts(self) -> dict[str, str]:
        """Return the applicant's fields as text, by the part of the form they stand in."""
        self._fields("applicant", self._shared.section, self._body)
        parts = {"vi": self._vi, "en": self._en, "body": self._body, "binds": self._model}
        found = {}
        for name, parent in parts.items():
            inside = Element(
                f"{{{_XF}}}model", {f"{{{_JR}}}declared": "", f"{{{BN}}}declared": "", f"{{{_H}}}declared": ""}
            )
            inside.extend(one for one in parent if name != "binds" or one.tag == f"{{{_XF}}}bind")
            said = tostring(inside, encoding="unicode")
            found[name] = said[said.index(">") + 1 : said.rindex("<")]
        return found

    # --- parts ---------------------------------------------------------------------------------------------

    def _case(self) -> None:
        group = self._group(self._body, _CASE, "Trường hợp của ông/bà", "Your case")
        facts = self._conditions.facts_in_order(self._sources.facts)
        channels = [CHANNELS[one] for one in self._procedure["online"]["channels"]]
        if any(self._sources.facts[name].kind == "derived" for name in facts):
            self._channel(group, channels)
        known: list[str] = []
        for name in facts:
            fact = self._sources.facts[name]
            path = f"{_CASE}/{name}"
            if fact.kind == "derived":
                self._node(path)
                known.append(name)
            elif fact.kind == "system":
                self._node(path)
                self._bind(path, marks={"fact": "system"})
            else:
                self._fact(group, fact, path, self._asked_while(name, known))
                known.append(name)

    def _asked_while(self, name: str, known: Sequence[str]) -> str:
        ways = [
            matters(condition, name, _CASE, known)
            for condition in self._conditions.deciding()
            if name in facts_of(condition)
        ]
        return any_of(ways)

    def _channel(self, group: Element, channels: Sequence[str]) -> None:
        path = f"{_CASE}/channel"
        self._node(path, channels[0] if len(channels) == 1 else "")
        for channel in CHANNELS.values():
            is_only = [channel] == list(channels)
            self._node(f"{_CASE}/channel_{channel}", ("yes" if is_only else "no") if len(channels) == 1 else "")
        if len(channels) < 2:
            return
        choices = [(channel, *_CHANNEL_WORDS[channel]) for channel in channels]
        control = self._select(group, path, choices)
        self._words(control, path, "Hồ sơ này nộp bằng cách nào?", "How will this dossier be filed?")
        self._words(
            control,
            path,
            "Có cách phải mang tờ khai giấy, có cách chỉ điền trên mạng.",
            "Some ways need the paper form, some only the form on line.",
            kind="hint",
        )
        self._bind(path, marks={"fact": "channel"})
        for channel in CHANNELS.values():
            SubElement(
                control,
                f"{{{_XF}}}setvalue",
                {
                    "event": "xforms-value-changed",
                    "ref": f"{_CASE}/channel_{channel}",
                    "value": f"if({path} = '', '', if({path} = '{channel}', 'yes', 'no'))",
                },
            )

    def _fact(self, group: Element, fact: FactSource, path: str, asked_while: str) -> None:
        self._node(path)
        control = self._select(group, path, _YES_NO)
        self._words(control, path, fact.ask_vi, fact.ask_en)
        if fact.hint_vi:
            self._words(control, path, fact.hint_vi, fact.hint_en, kind="hint")
        relevant = {} if asked_while == "true()" else {"relevant": asked_while}
        self._bind(path, relevant, marks={"fact": fact.kind})

    def _documents(self) -> None:
        group = self._group(self._body, "/data/documents", "Thành phần hồ sơ", "Dossier components")
        has_declaration = self._procedure["code"] in self._sources.declarations
        for paper in self._procedure["documents"]:
            path = f"/data/documents/{paper['id']}"
            self._node(path)
            condition = self._conditions.documents[paper["id"]]
            marks = {
                "kind": paper["kind"],
                "originals": str(paper["originals"]),
                "copies": str(paper["copies"]),
                "certain": certain(condition, _CASE),
            }
            marks |= {"when_vi": paper["when_vi"]} if paper.get("when_vi") else {}
            marks |= {"code": paper["component_code"]} if paper.get("component_code") else {}
            marks |= {"paper_form": "true"} if paper["kind"] == "form" and not has_declaration else {}
            certified = self._conditions.certified.get(paper["id"])
            if certified is not None:
                marks["certified"] = certain(certified, _CASE)
                marks["certified_possible"] = possible(certified, _CASE)
            rules = {"relevant": possible(condition, _CASE)}
            if paper["kind"] in {"submit", "form"}:
                control = SubElement(group, f"{{{_XF}}}upload", {"ref": path, "mediatype": "application/*"})
                rules["type"] = "binary"
            elif paper["kind"] == "present":
                control = SubElement(group, f"{{{_XF}}}trigger", {"ref": path})
            else:
                control = SubElement(group, f"{{{_XF}}}input", {"ref": path})
                rules["readonly"] = "true()"
            self._words(control, path, paper["name_vi"], paper["name_en"])
            self._bind(path, rules, marks)
            self._alternatives(paper)

    def _alternatives(self, paper: Mapping[str, Any]) -> None:
        for number, one in enumerate(paper.get("alternatives", ()), start=1):
            name = f"{paper['id']}_{number}"
            path = f"/data/alternatives/{name}"
            self._node(path)
            condition = self._conditions.alternatives[name]
            marks = {"of": paper["id"], "certain": certain(condition, _CASE), "name_vi": one["name_vi"]}
            marks["name_en"] = one.get("name_en", "")
            self._bind(path, {"relevant": possible(condition, _CASE)}, marks)

    def _fees(self) -> None:
        for index, condition in enumerate(self._conditions.fees):
            path = f"/data/fees/fee_{index + 1}"
            self._node(path)
            marks = {"certain": certain(condition, _CASE)}
            exempt = self._conditions.exemptions.get(index)
            if exempt is not None:
                marks |= {"exempt": certain(exempt, _CASE), "exempt_possible": possible(exempt, _CASE)}
            self._bind(path, {"relevant": possible(condition, _CASE)}, marks)

    def _rule(self) -> None:
        rule = self._conditions.rule
        if rule is not None:
            path = "/data/eligibility/rule"
            self._node(path)
            self._bind(path, {"relevant": possible(rule, _CASE)}, {"certain": certain(rule, _CASE)})

    def _applicant(self) -> None:
        for one in self._shared.section["fields"]:
            self._node(f"/data/applicant/{one['id']}", str(one.get("default", "")))
        for part, parent in (("vi", self._vi), ("en", self._en), ("body", self._body), ("binds", self._model)):
            SubElement(parent, f"{{{_JR}}}applicant", {"part": part})

    def _declaration(self, declaration: Mapping[str, Any]) -> None:
        path = "/data/declaration"
        title = declaration["template"]
        group = self._group(self._body, path, title["name_vi"], title["name_en"])
        self._bind(path, marks={"template": title["source"]})
        for section in declaration["sections"]:
            self._fields(f"declaration/{section['id']}", section, group)

    def _fields(self, name: str, section: Mapping[str, Any], parent: Element) -> None:
        base = f"/data/{name}"
        group = self._group(parent, base, section["vi"], section["en"])
        if "relevant" in section:
            self._bind(base, {"relevant": section["relevant"]})
        for one in section["fields"]:
            self._field(group, f"{base}/{one['id']}", one)

    def _field(self, group: Element, path: str, one: Mapping[str, Any]) -> None:
        kind: FieldKind = field_kind(one["kind"])
        self._node(path, str(one.get("default", "")))
        choices = one.get("choices", kind.choices)
        if choices:
            words = self._sources.lists[choices] if isinstance(choices, str) else choices
            control = self._select(group, path, [(str(value), vi, en) for value, vi, en in words], kind.appearance)
        else:
            control = SubElement(group, f"{{{_XF}}}input", {"ref": path})
            if kind.appearance:
                control.set("appearance", kind.appearance)
        self._words(control, path, one["vi"], one["en"])
        if one.get("hint_vi"):
            self._words(control, path, one["hint_vi"], one["hint_en"], kind="hint")
        rules = {"type": kind.type} if kind.type != "string" else {}
        rules |= {"required": "true()"} if one.get("required") else {}
        rules |= {"relevant": one["relevant"]} if "relevant" in one else {}
        constraint = one.get("constraint", kind.constraint)
        if constraint:
            rules["constraint"] = constraint
            said = (one.get("wrong_vi", kind.wrong_vi), one.get("wrong_en", kind.wrong_en))
            rules[f"{{{_JR}}}constraintMsg"] = self._text(f"{path}:wrong", *said)
        if one.get("required"):
            asks_vi = one.get("missing_vi") or f"{'Chọn' if choices else 'Nhập'}: {_lower(one['vi'])}"
            asks_en = one.get("missing_en") or f"{'Choose' if choices else 'Enter'}: {_lower(one['en'])}"
            rules[f"{{{_JR}}}requiredMsg"] = self._text(f"{path}:missing", asks_vi, asks_en)
        self._bind(path, rules)

    # --- pieces --------------------------------------------------------------------------------------------

    def _node(self, path: str, value: str = "") -> Element:
        known = self._nodes.get(path)
        if known is None:
            parent, _, name = path.rpartition("/")
            known = self._nodes[path] = SubElement(self._node(parent), name)
            known.text = value or None
        return known

    def _bind(self, path: str, rules: Mapping[str, str] | None = None, marks: Mapping[str, str] | None = None) -> None:
        said = {"nodeset": path, **(rules or {})}
        said |= {f"{{{BN}}}{name}": value for name, value in (marks or {}).items()}
        if len(said) > 1:
            SubElement(self._model, f"{{{_XF}}}bind", said)

    def _text(self, key: str, vi: str, en: str) -> str:
        for translation, words in ((self._vi, vi), (self._en, en)):
            text = SubElement(translation, f"{{{_XF}}}text", {"id": key})
            SubElement(text, f"{{{_XF}}}value").text = words
        return f"jr:itext('{key}')"

    def _words(self, control: Element, path: str, vi: str, en: str, *, kind: str = "label") -> None:
        SubElement(control, f"{{{_XF}}}{kind}", {"ref": self._text(f"{path}:{kind}", vi, en)})

    def _group(self, parent: Element, path: str, vi: str, en: str, *, appearance: str = "") -> Element:
        self._node(path)
        group = SubElement(parent, f"{{{_XF}}}group", {"ref": path})
        if appearance:
            group.set("appearance", appearance)
        self._words(group, path, vi, en)
        return group

    def _select(
        self, group: Element, path: str, choices: Sequence[tuple[str, str, str]], appearance: str = ""
    ) -> Element:
        control = SubElement(group, f"{{{_XF}}}select1", {"ref": path})
        if appearance:
            control.set("appearance", appearance)
        for value, vi, en in choices:
            item = SubElement(control, f"{{{_XF}}}item")
            SubElement(item, f"{{{_XF}}}label", {"ref": self._text(f"{path}:{value}", vi, en)})
            SubElement(item, f"{{{_XF}}}value").text = value
        return control


def write_xform(procedure: Mapping[str, Any], sources: Sources, version: str, shared: SharedFields) -> str:
    """Return the XForm of one procedure source."""
    return XFormWriter(procedure, sources, version, shared).write()


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
