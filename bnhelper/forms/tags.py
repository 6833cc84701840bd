"""How the elements of a form's instance are written: with their namespaces, and what else the form puts on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from bnhelper.ids import FieldPath

ORX: Final = "http://openrosa.org/xforms"
_JR: Final = "http://openrosa.org/javarosa"
#: What JavaRosa leaves out of a submission: the namespaces of the document around the instance.
_AROUND: Final = frozenset({"", "http://www.w3.org/2002/xforms", "http://www.w3.org/1999/xhtml"})
_PREFIXES: Final = {
    ORX: "orx",
    _JR: "jr",
    "http://www.opendatakit.org/xforms": "odk",
    "http://www.opendatakit.org/xforms/entities": "entities",
    "http://www.w3.org/XML/1998/namespace": "xml",
}


@dataclass(frozen=True, slots=True)
class Tag:
    """An element's name with its prefix, and the attributes that no expression reads."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()


def tags_of(root: Element) -> Mapping[FieldPath, Tag]:
    """Return how elements are written, by generic path: the root, and those whose name alone does not say it.

    A namespace that is the root's own is written as the default one; every other has a prefix, declared on the root.
    """
    prefixes: dict[str, str] = {}
    found: dict[FieldPath, Tag] = {}
    waiting = [(root, f"/{_split(root.tag)[1]}", "")]
    while waiting:
        element, path, default = waiting.pop()
        said, name = _split(element.tag)
        space = "" if said in _AROUND else said
        declared: list[tuple[str, str]] = []
        if space != default and (space == "" or element is root):
            declared, default = [("xmlns", space)], space
        written = name if space == default else f"{_prefix(space, prefixes)}:{name}"
        names = [key for key in element.attrib if _is_kept(key, is_root=element is root)]
        kept = (_attribute(key, element.attrib[key], prefixes) for key in names)
        attributes = (*declared, *kept)
        if attributes or written != name or element is root:
            found.setdefault(FieldPath(path), Tag(written, attributes))
        waiting.extend((child, f"{path}/{_split(child.tag)[1]}", default) for child in reversed(element))
    top = FieldPath(f"/{_split(root.tag)[1]}")
    spaces = tuple((f"xmlns:{prefix}", space) for space, prefix in prefixes.items() if prefix != "xml")
    found[top] = Tag(found[top].name, (*spaces, *found[top].attributes))
    return found


def _split(tag: str) -> tuple[str, str]:
    space, _, name = tag.rpartition("}")
    return space.removeprefix("{"), name


def _prefix(space: str, prefixes: dict[str, str]) -> str:
    return prefixes.setdefault(space, _PREFIXES.get(space) or f"ns{len(prefixes) + 1}")


def _is_kept(key: str, *, is_root: bool) -> bool:
    """Tell whether an attribute is sent as it stands; below the root one without a namespace is a node of its own."""
    return is_root if "}" not in key else key != f"{{{_JR}}}template"


def _attribute(key: str, value: str, prefixes: dict[str, str]) -> tuple[str, str]:
    space, name = _split(key)
    return (f"{_prefix(space, prefixes)}:{name}" if space else name, value)
