"""A submission keeps the namespaces, the order and the attributes that its form gives, as JavaRosa writes them."""

from xml.etree.ElementTree import fromstring

import pytest

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.judging import Judge
from bnhelper.forms.reader import parse_form
from bnhelper.forms.submission import read_submission, read_xml, to_xml
from tests.bnhelper.forms.xforms import TODAY, bind, filled, form, p

_ORX = "http://openrosa.org/xforms"


def _form(instance: str) -> FormDefinition:
    return parse_form(
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
        f' xmlns:orx="{_ORX}" xmlns:jr="http://openrosa.org/javarosa" xmlns:c="http://client.vn/c">'
        f"<h:head><h:title>t</h:title><model><instance>{instance}</instance>"
        '<bind nodeset="/data/copy" calculate="/data/a"/></model></h:head>'
        '<h:body><input ref="/data/a"/></h:body></h:html>'
    )


def test_the_openrosa_meta_keeps_its_namespace_and_the_order_of_what_is_in_it() -> None:
    meta = "<orx:meta><orx:deprecatedID/><orx:instanceID/><orx:instanceName>Lan</orx:instanceName></orx:meta>"
    definition = _form(f'<data xmlns="http://x.vn/f" id="t" orx:version="3" delimiter="#"><a/><copy/>{meta}</data>')
    assert definition.version == "3"
    filling = filled(definition)
    filling.answer(p("a"), "1")
    sent = to_xml(filling, instance_id="9")
    assert sent == (
        f'<data xmlns:orx="{_ORX}" xmlns="http://x.vn/f" id="t" orx:version="3" delimiter="#"><a>1</a><copy>1</copy>'
        "<orx:meta><orx:deprecatedID></orx:deprecatedID><orx:instanceID>uuid:9</orx:instanceID>"
        "<orx:instanceName>Lan</orx:instanceName></orx:meta></data>"
    )
    assert [one.tag for one in fromstring(sent)[2]] == [
        f"{{{_ORX}}}{name}" for name in ("deprecatedID", "instanceID", "instanceName")
    ]
    form_id, version, answers = read_xml(sent, definition)
    assert (form_id, version, answers[p("meta/instanceID")]) == ("t", "3", "uuid:9")
    assert Judge(definition).problems(answers, today=lambda: TODAY) == []
    assert to_xml(read_submission(definition, sent, today=lambda: TODAY), instance_id="1") == sent, "its own id stays"


def test_elements_and_attributes_of_others_keep_their_namespaces() -> None:
    inner = '<c:b c:k="1" q="2"/><g><z xmlns=""/></g><orx:meta/>'
    sent = to_xml(filled(_form(f'<data id="t" version="1" c:mark="m"><a/><copy/>{inner}</data>')), instance_id="9")
    root = fromstring(sent)
    assert root.attrib == {"id": "t", "version": "1", "{http://client.vn/c}mark": "m"}
    assert [one.tag for one in root] == ["a", "copy", "{http://client.vn/c}b", "g", f"{{{_ORX}}}meta"]
    assert root[2].attrib == {"{http://client.vn/c}k": "1", "q": "2"}
    assert root[4][0].tag == f"{{{_ORX}}}instanceID", "as its parent is written"


@pytest.mark.parametrize(
    ("nodes", "sent"),
    [
        ("<a/>", "<a></a><meta><instanceID>uuid:9</instanceID></meta>"),
        ("<meta><x/></meta><a/>", "<meta><x></x><instanceID>uuid:9</instanceID></meta><a></a>"),
        ("<meta><instanceID/><x/></meta><a/>", "<meta><instanceID>uuid:9</instanceID><x></x></meta><a></a>"),
    ],
)
def test_the_id_stands_where_the_form_has_it_and_else_last(nodes: str, sent: str) -> None:
    assert to_xml(filled(form(nodes)), instance_id="9") == f'<data id="t" version="1">{sent}</data>'


@pytest.mark.parametrize("said", ["a\x0bb", "a\x1db", "a\x00b", "a\ud800b", "a\uffffb", "a\rb"])
def test_what_a_scanner_or_a_word_processor_slips_in_never_makes_a_dossier_unreadable(said: str) -> None:
    filling = filled(form("<a/><b/>", bind("b", calculate="concat(/data/a, '!')")))
    filling.answer(p("a"), said)
    filling.restore(filling.answers() | {p("b"): said})
    assert filling.value(p("a")) == "a b"
    assert read_xml(to_xml(filling, instance_id="9"))[2][p("b")] == "a b!"
    kept = filled(form("<a/>"))
    kept.restore({p("a"): said})  # a draft of an older program
    assert read_xml(to_xml(kept, instance_id="9"))[2][p("a")] == "a b"
    lines = filled(form("<a/>"))
    lines.answer(p("a"), "một\r\nhai")
    assert read_xml(to_xml(lines, instance_id="9"))[2][p("a")] == lines.value(p("a")) == "một\nhai"
