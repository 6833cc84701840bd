"""Secondary instances: lists inside the form, and CSV, XML and GeoJSON files beside it."""

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeTree
from defusedxml import DefusedXmlException

from bnhelper.forms.nodes import Node, Row
from bnhelper.forms.trouble import FormRefused

_NOT_SHAPED: Final = (ValueError, LookupError, TypeError, AttributeError)  #: JSON of another shape than GeoJSON's
LAST_SAVED: Final = "__last-saved"
_MOST_ROWS: Final = 200_000
_MOST_CELLS: Final = 1_500_000
_MOST_BYTES: Final = 40_000_000
_FILE: Final = re.compile(r"jr://(?:file|file-csv|file-xml|images)/([^/\\:]+)\Z")
#: What gives the bytes of a file that lies beside the form, by its plain name; None when there is none.
Media = Callable[[str], bytes | None]


def file_name(source: str) -> str:
    """Return the plain name of the file an instance is read from.

    Raises FormRefused for an address outside the form's own folder.
    """
    found = _FILE.match(source)
    if found is None or found.group(1).startswith("."):
        raise FormRefused("outside-the-form", source[:80])
    return found.group(1)


def read_inside(instance: Element) -> Node:
    """Return an instance that stands in the form itself."""
    holder = Node("instance")
    for element in instance:
        holder.add(_node_of(element))
    return _bounded(holder)


def read_file(name: str, content: bytes) -> Node:
    """Return an instance from a file beside the form. Raises FormRefused for one that is damaged or too large."""
    if len(content) > _MOST_BYTES:
        raise FormRefused("too-large", name)
    try:
        text = content.decode("utf-8-sig")
        if name.lower().endswith((".geojson", ".json")):
            return _bounded(_from_geojson(json.loads(text)))
        if name.lower().endswith(".csv"):
            return _from_csv(text, name)
        holder = Node("instance")
        holder.add(_node_of(SafeTree.fromstring(content, forbid_dtd=True)))
        return _bounded(holder)
    except (ParseError, DefusedXmlException, csv.Error, RecursionError, *_NOT_SHAPED) as wrong:
        raise FormRefused("file-damaged", name) from wrong


def _node_of(top: Element) -> Node:
    made = Node(top.tag.rpartition("}")[2], (top.text or "").strip() if len(top) == 0 else "")
    waiting = [(top, made, 0)]
    while waiting:
        element, node, depth = waiting.pop()
        if depth > 24:
            raise FormRefused("too-deep", node.name)
        for name, value in element.attrib.items():
            node.add(Node("@" + name.rpartition("}")[2], value))
        for child in element:
            inner = Node(child.tag.rpartition("}")[2], (child.text or "").strip() if len(child) == 0 else "")
            node.add(inner)
            if len(child) or child.attrib:
                waiting.append((child, inner, depth + 1))
    return made


def _bounded(holder: Node) -> Node:
    count = 0
    waiting = [holder]
    while waiting:
        node = waiting.pop()
        if len(node.children) > _MOST_ROWS:
            raise FormRefused("too-many-choices", node.name)
        count += len(node.children)
        waiting.extend(child for child in node.children if child.children)
    if count > _MOST_CELLS:
        raise FormRefused("too-many-choices", holder.name)
    return holder


def _list() -> tuple[Node, Node]:
    holder, root = Node("instance"), Node("root")
    holder.add(root)
    return holder, root


def _from_csv(text: str, name: str) -> Node:
    """Read a table: the first row names the columns; comma, semicolon or tab between them."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = [re.sub(r"[^\w.\-]+", "_", column.strip()) for column in next(rows, [])]
    holder, root = _list()
    if len(columns) > 200:
        raise FormRefused("too-many-choices", name)
    items = root.children
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS or number * len(columns) > _MOST_CELLS:
            raise FormRefused("too-many-choices", name)
        if not row:
            continue
        items.append(Row(root, columns, row))
    return holder


def _from_geojson(said: Any) -> Node:
    """Read a FeatureCollection as ODK does: properties become columns, `geometry` an ODK geopoint, trace or shape."""
    if not isinstance(said, dict) or said.get("type") != "FeatureCollection" or not isinstance(said["features"], list):
        raise ValueError("a FeatureCollection is expected")
    holder, root = _list()
    for feature in said["features"]:
        item = Node("item")
        properties = dict(feature.get("properties") or {})
        if "id" in feature:
            properties["id"] = feature["id"]  # the feature's own goes before a property called so, as in JavaRosa
        item.add(Node("geometry", _geometry(feature.get("geometry") or {})))
        for name, value in properties.items():
            item.add(Node(str(name), _property(value)))
        root.add(item)
    return holder


def _property(value: Any) -> str:
    """Return a property as its file has it: `true`, and objects as JSON; what is null is blank."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _geometry(said: dict[str, Any]) -> str:
    places = said.get("coordinates") or []
    if said.get("type") == "Point":
        places = [places]
    elif said.get("type") == "Polygon":
        places = places[0]
    elif said.get("type") != "LineString":
        raise ValueError("a point, line or polygon is expected")
    return "; ".join(f"{float(one[1])} {float(one[0])} 0 0" for one in places)
