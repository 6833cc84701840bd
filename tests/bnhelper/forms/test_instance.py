"""The form runtime: relevance, calculation, constraints, cycles, hostile forms, submissions."""

import datetime as dt

import pytest

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.reader import parse_form
from bnhelper.forms.submission import read_xml, to_xml
from bnhelper.forms.trouble import FormRefused, NoSuchNode
from bnhelper.ids import FieldPath

_TODAY = dt.date(2026, 11, 24)


def _form(nodes: str, binds: str, body: str = "", extra: str = "") -> FormDefinition:
    return parse_form(
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
        ' xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>'
        f'<instance><data xmlns="" id="t" version="1">{nodes}</data></instance>{binds}{extra}</model></h:head>'
        f"<h:body>{body}</h:body></h:html>"
    )


def _p(name: str) -> FieldPath:
    return FieldPath(f"/data/{name}")


def _instance(form: FormDefinition) -> FormInstance:
    return FormInstance(form, today=lambda: _TODAY)


def test_a_node_that_is_not_relevant_counts_as_blank_and_keeps_its_value() -> None:
    form = _form(
        "<a/><b/><c/>",
        '<bind nodeset="/data/b" relevant="/data/a = \'yes\'"/><bind nodeset="/data/c" calculate="concat(/data/b, \'!\')"/>',
    )
    filled = _instance(form)
    filled.answer(_p("a"), "yes")
    filled.answer(_p("b"), "x")
    assert filled.value(_p("c")) == "x!"
    changed = filled.answer(_p("a"), "no")
    assert filled.value(_p("c")) == "!"
    assert {_p("a"), _p("b"), _p("c")} == changed
    filled.answer(_p("a"), "yes")
    assert filled.value(_p("c")) == "x!"


def test_relevance_is_inherited() -> None:
    form = _form("<a/><g><h><x/></h></g>", '<bind nodeset="/data/g" relevant="/data/a = \'1\'"/>')
    filled = _instance(form)
    assert not filled.is_relevant(_p("g/h/x"))
    filled.answer(_p("a"), "1")
    assert filled.is_relevant(_p("g/h/x"))


def test_a_cycle_is_refused_with_its_nodes_named() -> None:
    form = _form(
        "<a/><b/>",
        '<bind nodeset="/data/a" calculate="/data/b + 1"/><bind nodeset="/data/b" calculate="/data/a + 1"/>',
    )
    with pytest.raises(FormRefused) as told:
        _instance(form)
    assert told.value.values["reason"] == "cycle"
    assert "/data/a" in str(told.value.values["place"])


def test_constraints_dates_and_required() -> None:
    form = _form(
        "<d/><n/>",
        '<bind nodeset="/data/d" type="date" constraint=". &lt;= today()" required="true()"/>'
        '<bind nodeset="/data/n" type="int" constraint=". &gt;= 1 and . &lt;= 5"/>',
    )
    filled = _instance(form)
    assert [problem.kind for problem in filled.problems()] == ["required"]
    filled.answer(_p("d"), "2026-11-25")
    assert [problem.kind for problem in filled.problems()] == ["constraint"]
    filled.answer(_p("d"), "2026-13-01")
    assert [problem.kind for problem in filled.problems()] == ["type"]
    filled.answer(_p("d"), "2026-11-24")
    filled.answer(_p("n"), "9")
    assert [(problem.path, problem.kind) for problem in filled.problems()] == [(_p("n"), "constraint")]


def test_answers_are_normalised_and_unknown_nodes_refused() -> None:
    filled = _instance(_form("<a/>", ""))
    filled.answer(_p("a"), "  Nguye\u0302\u0303n ")
    assert filled.value(_p("a")) == "Nguyễn"
    with pytest.raises(NoSuchNode):
        filled.answer(_p("zzz"), "x")


def test_a_value_change_sets_other_nodes() -> None:
    body = (
        '<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/b"'
        " value=\"if(/data/a = 'x', 'yes', 'no')\"/></input>"
    )
    filled = _instance(_form("<a/><b/>", "", body))
    filled.answer(_p("a"), "x")
    assert filled.value(_p("b")) == "yes"
    filled.answer(_p("a"), "y")
    assert filled.value(_p("b")) == "no"


def test_once_is_computed_once() -> None:
    filled = _instance(_form("<a>1</a><b/>", '<bind nodeset="/data/b" calculate="once(/data/a)"/>'))
    filled.answer(_p("a"), "2")
    assert filled.value(_p("b")) == "1"


def test_a_submission_is_stable_leaves_out_the_irrelevant_and_reads_back() -> None:
    form = _form("<a/><b/><meta><instanceID/></meta>", '<bind nodeset="/data/b" relevant="/data/a = \'yes\'"/>')
    filled = _instance(form)
    filled.answer(_p("a"), "<&> Hoà")
    filled.answer(_p("b"), "hidden")
    xml = to_xml(filled, instance_id="1")
    assert xml == to_xml(filled, instance_id="1")
    assert "hidden" not in xml
    form_id, version, answers = read_xml(xml)
    assert (form_id, version, answers[_p("a")]) == ("t", "1", "<&> Hoà")
    assert answers[_p("meta/instanceID")] == "uuid:1"


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "not xml",
        "<a/>",
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        "<a>" * 60 + "</a>" * 60,
        "<a>" + "<b/>" * 30_000 + "</a>",
    ],
    ids=["empty", "text", "stranger", "entity", "deep", "wide"],
)
def test_a_hostile_form_is_refused(xml: str) -> None:
    with pytest.raises(FormRefused):
        parse_form(xml)


@pytest.mark.parametrize("expression", ["/data/a +", "nonsense(", "/data/zzz = 1", "'" + "x" * 40_000 + "'"])
def test_a_broken_expression_is_refused_at_parsing(expression: str) -> None:
    with pytest.raises(FormRefused):
        _form("<a/>", f'<bind nodeset="/data/a" relevant="{expression}"/>')


def test_a_pattern_that_could_run_away_ends_at_once() -> None:
    filled = _instance(_form("<a/>", '<bind nodeset="/data/a" constraint="regex(., \'^(a+)+$\')"/>'))
    filled.answer(_p("a"), "a" * 40 + "!")
    assert filled.problems()[0].kind == "constraint"
    filled.answer(_p("a"), "a" * 40)
    assert not filled.problems()


def test_a_word_without_quotes_is_blank_as_in_javarosa() -> None:
    filled = _instance(_form("<a/><b/>", '<bind nodeset="/data/b" calculate="if(/data/a = yes, 1, 2)"/>'))
    assert filled.value(_p("b")) == "1"
    filled.answer(_p("a"), "yes")
    assert filled.value(_p("b")) == "2"
