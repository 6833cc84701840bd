"""Small XForms for tests, and expressions evaluated on them."""

import datetime as dt
from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import fromstring

from bnhelper.forms.compiler import Compiler
from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.expressions import Shape
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.nodes import Node
from bnhelper.forms.reader import parse_form
from bnhelper.forms.scope import InstanceScope
from bnhelper.forms.secondary import Media, read_inside
from bnhelper.forms.values import Value
from bnhelper.ids import FieldPath

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def xform(nodes: str, binds: str = "", body: str = "", extra: str = "") -> str:
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
        ' xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms">'
        "<h:head><h:title>t</h:title><model>"
        f'<instance><data xmlns="" id="t" version="1">{nodes}</data></instance>{extra}{binds}</model></h:head>'
        f"<h:body>{body}</h:body></h:html>"
    )


def bind(name: str, **rules: str) -> str:
    said = "".join(f' {key.replace("__", ":")}="{escape(value)}"' for key, value in rules.items())
    return f'<bind nodeset="/data/{name}"{said}/>'


def form(
    nodes: str, binds: str = "", body: str = "", extra: str = "", media: Mapping[str, bytes] | None = None
) -> FormDefinition:
    give: Media = (media or {}).get
    return parse_form(xform(nodes, binds, body, extra), give)


def filled(definition: FormDefinition) -> FormInstance:
    return FormInstance(definition, today=lambda: TODAY, now=lambda: NOW, seed=1)


def p(name: str) -> FieldPath:
    return FieldPath(f"/data/{name}")


def evaluate(
    expression: str, nodes: str = "<a/>", at: str = "/data/a", lists: Mapping[str, str] | None = None
) -> Value:
    """Return what an expression gives, standing on `at` of a form with these nodes and secondary instances."""
    extra = "".join(f'<instance id="{name}">{said}</instance>' for name, said in (lists or {}).items())
    definition = form(nodes, extra=extra)
    shape = Shape(
        definition.root,
        dict.fromkeys((*definition.inner, *definition.leaves), "string"),
        frozenset(),
        frozenset(lists or {}),
    )
    instance = filled(definition)
    node = instance._tree.get(at)
    return Compiler(shape).compile(expression, FieldPath(at)).evaluate(node, instance._scope)


def on_list(expression: str, xml: str) -> Value:
    """Return what an expression gives on one secondary instance called `x`."""
    definition = form("<a/>")
    holder = Node("holder")
    holder.children = read_inside(fromstring(f"<instance>{xml}</instance>")).children
    for child in holder.children:
        child.parent = holder
    shape = Shape(
        FieldPath("/data"), dict.fromkeys((p("a"), FieldPath("/data")), "string"), frozenset(), frozenset({"x"})
    )
    instance = filled(definition)
    scope = InstanceScope(
        definition, instance._tree.root, instance._tree.single, lambda: TODAY, lambda: NOW, None, {}, None
    )
    scope.secondary = lambda name: holder  # type: ignore[method-assign]
    return Compiler(shape).compile(expression, p("a")).evaluate(instance._tree.get("/data/a"), scope)
