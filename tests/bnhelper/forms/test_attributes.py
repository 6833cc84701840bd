"""A question whose element carries attributes (XLSForm's `instance::x`) is a question like any other."""

from pathlib import Path

from bnhelper.authoring.xlsform import to_xform
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.judging import Judge
from bnhelper.forms.reader import parse_form
from bnhelper.forms.submission import read_submission, read_xml, to_xml
from tests.bnhelper.forms.xforms import TODAY, bind, evaluate, filled, form, p

_FORM = form(
    '<a tag="v">5</a><s/><t/><g kind="k"><b/></g><r mark="m"><c unit="kg"/></r>',
    bind("a", type="int", constraint=". > 3", required="true()")
    + bind("s", calculate="concat(/data/a, /data/a/@tag)")
    + bind("t", calculate="concat(/data/g/@kind, count(/data/g/*))"),
    '<input ref="/data/a"><label>A</label></input><input ref="/data/g/b"/>'
    '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/c"/></repeat></group>',
)


def test_a_question_with_an_attribute_is_answered_judged_sent_and_read_back() -> None:
    filling = filled(_FORM)
    assert (filling.value(p("a")), filling.value(p("a/@tag"))) == ("5", "v")
    assert (filling.value(p("s")), filling.value(p("t"))) == ("5v", "k1")
    for wrong in ("x", "2", ""):
        filling.answer(p("a"), wrong)
        assert filling.problem(p("a")) is not None
        assert [one.kind for one in Judge(_FORM).problems(filling.values(), today=lambda: TODAY)] == [
            one.kind for one in filling.problems()
        ]
    filling.answer(p("a"), "7")
    filling.add_repeat(p("r"))
    filling.answer(p("r[2]/c"), "12")
    assert filling.value(p("s")) == "7v"
    assert filling.problems() == []
    sent = to_xml(filling, instance_id="1")
    assert '<a tag="v">7</a><s>7v</s><t>k1</t><g kind="k"><b></b></g>' in sent
    assert '<r mark="m"><c unit="kg"></c></r><r mark="m"><c unit="kg">12</c></r>' in sent
    assert read_xml(sent, _FORM)[2][p("r[2]/c")] == "12"
    read = read_submission(_FORM, sent, today=lambda: TODAY)
    assert read.values() == filling.values()
    assert to_xml(read, instance_id="1") == sent
    again = filled(_FORM)
    again.restore(filling.answers())
    assert again.values() == filling.values()


def test_what_a_workbook_says_of_the_instance_leaves_the_question_a_question(tmp_path: Path) -> None:
    path = tmp_path / "form.md"
    path.write_text(
        "| survey |\n| | type | name | label | instance::x | constraint |\n| | integer | a | A | v1 | . > 3 |\n",
        encoding="utf-8",
    )
    filling = filled(parse_form(to_xform(path)[0]))
    filling.answer(p("a"), "2")
    assert filling.problem(p("a")) is not None
    filling.answer(p("a"), "5")
    assert filling.problem(p("a")) is None
    assert '<a x="v1">5</a>' in to_xml(filling, instance_id="1")


def test_a_row_of_a_list_has_its_text_beside_its_attributes() -> None:
    rows = {"x": '<root xmlns=""><i code="1">Một</i><i code="2">Hai</i></root>'}
    assert evaluate("string(instance('x')/root/i[@code = '2'])", lists=rows) == "Hai"
    assert evaluate("string(instance('x')/root)", lists=rows) == "MộtHai"


def test_papers_are_questions_and_never_their_attributes() -> None:
    assert _FORM.under(p("g")) == [p("g/b")]
    assert _FORM.under("/data/a") == []


def test_a_submission_carries_the_entity_it_declares_and_the_id_its_form_sees() -> None:
    entity = '<meta><instanceID/><entity dataset="people" create="1" id=""><label/></entity></meta>'
    declared = form(
        f"<name/><copy/>{entity}",
        bind("meta/entity/label", calculate="/data/name")
        + bind("copy", calculate="/data/meta/instanceID")
        + bind("meta/instanceID", jr__preload="uid"),
        '<input ref="/data/name"/>',
        '<setvalue event="odk-instance-first-load" ref="/data/meta/entity/@id" value="uuid()"/>',
    )
    ids = iter(("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"))
    filling = FormInstance(declared, today=lambda: TODAY, new_id=lambda: next(ids))
    filling.answer(p("name"), "Lan")
    sent = to_xml(filling, instance_id="3")
    assert "<copy>uuid:11111111-1111-4111-8111-111111111111</copy>" in sent
    assert "<instanceID>uuid:11111111-1111-4111-8111-111111111111</instanceID>" in sent
    carried = (
        '<entity dataset="people" create="1" id="22222222-2222-4222-8222-222222222222"><label>Lan</label></entity>'
    )
    assert carried in sent
    assert to_xml(read_submission(declared, sent, today=lambda: TODAY), instance_id="3") == sent
    assert "<instanceID>uuid:3</instanceID>" in to_xml(filled(declared), instance_id="3"), (
        "none of its own: the dossier's"
    )
