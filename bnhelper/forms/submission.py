"""One filled form as ODK submission XML, byte for byte stable, and back."""

import datetime as dt
from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

import defusedxml.ElementTree as SafeTree
from defusedxml import DefusedXmlException

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.nodes import Node
from bnhelper.forms.secondary import read_file
from bnhelper.forms.trouble import FormRefused
from bnhelper.ids import FieldPath

_MAX_BYTES: Final = 4_000_000


def to_xml(instance: FormInstance, *, instance_id: str) -> str:
    """Return the submission: relevant nodes in document order, its id in `meta/instanceID` (OpenRosa).

    That is the instance's own where it has one, so that what the form works out from it agrees; else `instance_id`.
    The same answers give the same bytes: attributes in a fixed order, no white space between elements.
    """
    form = instance.form
    root = Element(form.root.removeprefix("/"), {"id": form.form_id, "version": form.version})
    made: dict[str, Element] = {form.root: root}
    for path in instance.paths(inner=True):
        name = path.rpartition("/")[2]
        generic = instance.generic(path)
        if not instance.is_relevant(path) or generic == f"{form.root}/meta/instanceID":
            continue
        if name.startswith("@"):
            _inner(made, path.rpartition("/")[0]).set(name[1:], instance.value(path))
        elif generic in form.leaves:
            made[path] = SubElement(_inner(made, path.rpartition("/")[0]), name)
            made[path].text = instance.value(path)
        elif generic in form.repeats:
            _inner(made, path)
    meta = made.get(f"{form.root}/meta")
    own = instance.seen(FieldPath(f"{form.root}/meta/instanceID")) or f"uuid:{instance_id}"
    SubElement(meta if meta is not None else SubElement(root, "meta"), "instanceID").text = own
    return tostring(root, encoding="unicode", short_empty_elements=False)


def _inner(made: dict[str, Element], path: str) -> Element:
    known = made.get(path)
    if known is None:
        parent, _, name = path.rpartition("/")
        known = made[path] = SubElement(_inner(made, parent), name.partition("[")[0])
    return known


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
    return root.get("id", ""), root.get("version", ""), answers


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
