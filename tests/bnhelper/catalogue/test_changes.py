"""What a newer form changes for one family: answers in repeats, ranks and lists keep their place or are listed."""

import datetime as dt
from functools import cache

from bnhelper.catalogue.changes import Changes, carried, changes
from bnhelper.catalogue.library import Library
from bnhelper.catalogue.procedure import Procedure
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.reader import parse_form
from bnhelper.ids import ProcedureCode
from tests.bnhelper.forms.xforms import NOW, TODAY, bind, p, xform

_NODES = (
    "<town/><ward/><child><name/><age/><toy><what/></toy></child><wish/><language/><count>2</count><row><cell/></row>"
)
_BINDS = bind("wish", type="odk:rank") + bind("child/name", required="true()") + bind("child/age", type="int")
_LISTS = (
    '<instance id="wards"><root xmlns=""><item><name>w1</name><label>Phường Một</label><town>a</town></item>'
    "<item><name>w2</name><label>Phường Hai</label><town>b</town></item></root></instance>"
)
_NAME = '<input ref="/data/child/name"><label>Tên cháu</label></input>'
_X = "<item><label>Ích</label><value>x</value></item>"
_Y = "<item><label>I dài</label><value>y</value></item>"


def _body(name: str = _NAME, y: str = _Y) -> str:
    return (
        '<select1 ref="/data/town"><label>Tỉnh</label><item><label>A</label><value>a</value></item>'
        "<item><label>B</label><value>b</value></item></select1>"
        '<select1 ref="/data/ward"><label>Phường</label><itemset nodeset="instance(\'wards\')/root/item[town = /data/town]">'
        '<value ref="name"/><label ref="label"/></itemset></select1>'
        f'<group ref="/data/child"><label>Cháu</label><repeat nodeset="/data/child">{name}'
        '<input ref="/data/child/age"><label>Tuổi</label></input>'
        '<repeat nodeset="/data/child/toy"><input ref="/data/child/toy/what"><label>Đồ chơi</label></input></repeat>'
        f'</repeat></group><odk:rank ref="/data/wish"><label>Ước</label>{_X}{y}</odk:rank>'
        f'<select ref="/data/language"><label>Tiếng</label>{_X}{y}</select>'
        '<repeat nodeset="/data/row" jr:count="/data/count"><input ref="/data/row/cell"/></repeat>'
    )


def _today() -> dt.date:
    return TODAY


def _family(nodes: str = _NODES, binds: str = _BINDS, body: str | None = None) -> FormInstance:
    form = parse_form(xform(nodes, binds, _body() if body is None else body, _LISTS))
    said = FormInstance(form, today=_today, now=lambda: NOW)
    for path, value in (("town", "b"), ("ward", "w2"), ("wish", "y x"), ("language", "x y"), ("row[2]/cell", "ô")):
        said.answer(p(path), value)
    said.answer(p("child[1]/name"), "Lan")
    said.add_repeat(p("child"))
    said.answer(p("child[2]/name"), "Mai")
    said.answer(p("child[2]/age"), "7")
    said.add_repeat(p("child[2]/toy"))
    said.answer(p("child[2]/toy[2]/what"), "diều")
    return said


@cache
def _procedure() -> Procedure:
    return Library.shipped().newest.procedure(ProcedureCode("1.001193"))


def _told(
    old: FormInstance, nodes: str = _NODES, binds: str = _BINDS, body: str | None = None, lists: str = _LISTS
) -> tuple[FormInstance, Changes]:
    form = parse_form(xform(nodes, binds, _body() if body is None else body, lists))
    new = carried(old, form, _today, lambda: NOW)
    return new, changes(_procedure(), old, _procedure(), new, "vi")


def test_a_form_that_did_not_change_keeps_every_answer_of_repeats_ranks_and_lists() -> None:
    old = _family()
    new, told = _told(old)
    assert new.answers() == old.answers()
    assert new.value(p("child[2]/toy[2]/what")) == "diều"
    assert told.is_empty, told


def test_a_question_that_is_gone_from_a_repeat_is_listed_for_each_instance() -> None:
    _, told = _told(_family(), _NODES.replace("<name/>", ""), "", _body(name=""))
    assert [(one.path, one.label, one.value) for one in told.lost] == [
        (p("child[1]/name"), "Tên cháu", "Lan"),
        (p("child[2]/name"), "Tên cháu", "Mai"),
    ]


def test_answers_of_a_repeat_that_became_a_group_are_listed_and_never_mixed() -> None:
    body = _body().replace('<repeat nodeset="/data/child">', "<group>", 1)
    body = body.replace("</repeat></group>", "</group></group>", 1)
    new, told = _told(_family(), body=body)
    assert new.value(p("child/name")) == ""
    assert [one.path.rpartition("/data/")[2] for one in told.lost] == [
        "child[1]/name",
        "child[2]/name",
        "child[2]/age",
        "child[2]/toy[2]/what",
    ]


def test_a_choice_that_is_not_offered_any_more_is_listed_in_words() -> None:
    new, told = _told(_family(), body=_body(y=""), lists=_LISTS.replace("w2", "w3"))
    assert [(one.path, one.value) for one in told.lost] == [
        (p("ward"), "Phường Hai"),
        (p("wish"), "I dài, Ích"),
        (p("language"), "Ích, I dài"),
    ]
    assert [new.value(p(one)) for one in ("ward", "wish", "language")] == ["", "", ""]
    assert new.value(p("town")) == "b"


def test_what_is_newly_asked_in_a_repeat_is_said_once() -> None:
    nodes = _NODES.replace("<age/>", "<age/><school/>")
    body = _body(name=_NAME + '<input ref="/data/child/school"><label>Trường</label></input>')
    _, told = _told(_family(), nodes, _BINDS + bind("child/school", required="true()"), body)
    assert told.asked_now == ("Trường",)
    assert not told.lost
