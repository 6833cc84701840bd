"""One filled form as ODK submission XML, byte for byte stable, and back."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

import defusedxml.ElementTree as SafeTree
from defusedxml import DefusedXmlException

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.nodes import Node
from bnhelper.forms.secondary import read_file
from bnhelper.forms.tags import ORX, Tag
from bnhelper.forms.trouble import FormRefused
from bnhelper.forms.values import in_xml
from bnhelper.ids import FieldPath

_MAX_BYTES: Final = 4_000_000
_POSITION: Final = re.compile(r"\[\d+\]")


def to_xml(instance: FormInstance, *, instance_id: str) -> str:
    """Return the submission: relevant nodes in document order, its id in `meta/instanceID` (OpenRosa).

    That is the instance's own where it has one, so that what the form works out from it agrees; else `instance_id`.
    Elements keep the namespaces and attributes that the form gives them. The same answers give the same bytes:
    attributes in a fixed order, no white space between elements.
    """
    return _Writer(instance, instance_id).write()


class _Writer:
    """Writes one submission. Prefixes are part of the names, and their namespaces attributes of the root."""

    def __init__(self, instance: FormInstance, instance_id: str) -> None:
        self._instance = instance
        self._form = form = instance.form
        meta = form.tags.get(FieldPath(f"{form.root}/meta"))
        self._prefix_of_meta = "" if meta is None else "".join(meta.name.rpartition(":")[:2])
        self._id_path = FieldPath(f"{form.root}/meta/instanceID")
        self._id = instance.seen(self._id_path) or f"uuid:{instance_id}"
        tag = form.tags.get(form.root)
        kept = dict(() if tag is None else tag.attributes)
        own = {"id": form.form_id} if "orx:version" in kept else {"id": form.form_id, "version": form.version}
        spaces = {name: space for name, space in kept.items() if name.startswith("xmlns")}
        name = form.root.removeprefix("/") if tag is None else tag.name
        self._root = Element(name, spaces | own | {key: said for key, said in kept.items() if key not in own})
        self._made: dict[str, Element] = {form.root: self._root}

    def write(self) -> str:
        instance, form, made = self._instance, self._form, self._made
        for path in instance.paths(inner=True):
            generic = instance.generic(path)
            if generic == self._id_path:
                self._new(path, generic).text = self._id
            elif not instance.is_relevant(path):
                continue
            elif "/@" in generic:
                self._element(path.rpartition("/")[0]).set(path.rpartition("@")[2], in_xml(instance.value(path)))
            elif generic in form.leaves:
                self._new(path, generic).text = in_xml(instance.value(path))
            elif generic in form.repeats:
                self._element(path)
        if self._id_path not in made:
            self._new(self._id_path, self._id_path).text = self._id  # last, and as its parent is written
        return tostring(self._root, encoding="unicode", short_empty_elements=False)

    def _element(self, path: str) -> Element:
        known = self._made.get(path)
        return known if known is not None else self._new(path, _POSITION.sub("", path))

    def _new(self, path: str, generic: str) -> Element:
        name = generic.rpartition("/")[2]
        tag = self._form.tags.get(FieldPath(generic))
        if tag is None:
            tag = Tag(f"{self._prefix_of_meta}{name}" if generic == self._id_path else name)
        made = SubElement(self._element(path.rpartition("/")[0]), tag.name, dict(tag.attributes))
        self._made[path] = made
        return made


def _parsed(xml: str) -> Element:
    if len(xml) > _MAX_BYTES:
        raise FormRefused("too-large")
    try:
        # Without "<!" there is no document type and no entity, which is all defusedxml looks for; it parses with
        # Python's own tree builder, which takes ten times as long.
        parse = SafeTree.fromstring if "<!" in xml else fromstring
        root: Element = parse(xml.encode("utf-8"))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as wrong:
        raise FormRefused("not-xml") from wrong
    return root


def read_xml(xml: str, form: FormDefinition | None = None) -> tuple[str, str, dict[FieldPath, str]]:
    """Return form id, form version and the answers of a submission. Raises FormRefused for anything else.

    Elements of one name side by side are instances of a repeat: /data/child[2]/name. With the form at hand a
    repeat that stands once is known too, and so is one that stands nowhere.
    """
    root = _parsed(xml)
    repeats = {} if form is None else form.repeats
    answers: dict[FieldPath, str] = {}
    top = "/" + root.tag.rpartition("}")[2]
    waiting: list[tuple[Element, str, str, int]] = [(root, top, top, 0)]
    while waiting:
        element, path, generic, depth = waiting.pop()
        if depth > 32:
            raise FormRefused("too-deep")
        if depth > 0 and element.attrib:
            answers.update(
                (FieldPath(f"{path}/@{name}"), said) for name, said in element.attrib.items() if "}" not in name
            )
        if len(element) == 0:
            answers[FieldPath(path)] = element.text or ""
            if not repeats:
                continue
        names = [child.tag.rpartition("}")[2] for child in element]
        if not repeats and len(set(names)) == len(names):
            for child, name in zip(element, names, strict=True):
                if len(child) == 0 and not child.attrib:  # most are: what a turn of the loop would say of them
                    answers[FieldPath(f"{path}/{name}")] = child.text or ""
                else:
                    waiting.append((child, f"{path}/{name}", "", depth + 1))
            continue
        total: dict[str, int] = {}
        for name in names:
            total[name] = total.get(name, 0) + 1
        for one in repeats:
            above, _, name = one.rpartition("/")
            if above == generic and repeats[one].count is None:
                answers[FieldPath(f"{path}/{name}/@count")] = str(total.get(name, 0))
        seen: dict[str, int] = {}
        for child in element:
            name = child.tag.rpartition("}")[2]
            seen[name] = seen.get(name, 0) + 1
            inner = f"{generic}/{name}"
            step = f"{name}[{seen[name]}]" if total[name] > 1 or inner in repeats else name
            waiting.append((child, f"{path}/{step}", inner, depth + 1))
    return root.get("id", ""), root.get("version") or root.get(f"{{{ORX}}}version") or "", answers


def read_submission(
    form: FormDefinition, xml: str, *, today: Callable[[], dt.date], now: Callable[[], dt.datetime] | None = None
) -> FormInstance:
    """Return the filled form that `to_xml` wrote, opened again: `odk-instance-load` happens.

    What was not sent was not relevant and is as the form gives it; what is relevant all the same is blank.

    Raises FormRefused for what is no submission, or one of another form.
    """
    form_id, _version, answers = read_xml(xml, form)
    if form_id != form.form_id:
        raise FormRefused("another-form", form_id[:80])
    unsent = FormInstance(form, today=today, now=now, answers=answers, is_resumed=True)
    blank = {
        path: ""
        for path in unsent.paths()
        if path not in answers and unsent.is_relevant(path) and not path.endswith("/meta/instanceID")
    }
    return FormInstance(form, today=today, now=now, answers=answers | blank)


def last_saved(xml: str) -> Node:
    """Return a submission as the tree that `instance('__last-saved')` reads. Raises FormRefused."""
    return read_file("last-saved.xml", xml.encode("utf-8"))
