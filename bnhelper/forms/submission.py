"""One filled form as ODK submission XML, byte for byte stable, and back."""

from typing import Final
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

import defusedxml.ElementTree as SafeTree
from defusedxml import DefusedXmlException

from bnhelper.forms.instance import FormInstance
from bnhelper.forms.trouble import FormRefused
from bnhelper.ids import FieldPath

_MAX_BYTES: Final = 400_000


def to_xml(instance: FormInstance, *, instance_id: str) -> str:
    """Return the submission: relevant nodes in document order, ids in `meta/instanceID` (OpenRosa).

    The same answers give the same bytes: attributes in a fixed order, no white space between elements.
    """
    form = instance.form
    root = Element(form.root.removeprefix("/"), {"id": form.form_id, "version": form.version})
    made: dict[str, Element] = {form.root: root}
    for path in form.leaves:
        if not instance.is_relevant(path) or path.endswith("/meta/instanceID"):
            continue
        SubElement(_inner(made, path.rpartition("/")[0]), path.rpartition("/")[2]).text = instance.value(path)
    meta = made.get(f"{form.root}/meta")
    SubElement(meta if meta is not None else SubElement(root, "meta"), "instanceID").text = f"uuid:{instance_id}"
    return tostring(root, encoding="unicode", short_empty_elements=False)


def _inner(made: dict[str, Element], path: str) -> Element:
    known = made.get(path)
    if known is None:
        parent, _, name = path.rpartition("/")
        known = made[path] = SubElement(_inner(made, parent), name)
    return known


def read_xml(xml: str) -> tuple[str, str, dict[FieldPath, str]]:
    """Return form id, form version and the answers of a submission. Raises FormRefused for anything else."""
    if len(xml) > _MAX_BYTES:
        raise FormRefused("too-large")
    try:
        root = SafeTree.fromstring(xml.encode("utf-8"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as wrong:
        raise FormRefused("not-xml") from wrong
    answers: dict[FieldPath, str] = {}
    waiting: list[tuple[Element, str, int]] = [(root, "/" + root.tag.rpartition("}")[2], 0)]
    while waiting:
        element, path, depth = waiting.pop()
        if depth > 24:
            raise FormRefused("too-deep")
        if len(element) == 0:
            answers[FieldPath(path)] = element.text or ""
        waiting.extend((child, f"{path}/{child.tag.rpartition('}')[2]}", depth + 1) for child in element)
    return root.get("id", ""), root.get("version", ""), answers
