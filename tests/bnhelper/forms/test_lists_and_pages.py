"""Look-ups are only a quicker filter; repeats are pages; labels are looks only."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnhelper.forms import paths
from bnhelper.forms.questions import sections
from bnhelper.forms.reader import parse_form
from bnhelper.forms.rich_text import plain_text, rich_text
from bnhelper.forms.secondary import read_file
from bnhelper.forms.submission import read_submission, to_xml
from bnhelper.forms.trouble import FormRefused, NotARepeat
from tests.bnhelper.forms.xforms import TODAY, bind, evaluate, filled, form, p

_ROW = st.tuples(st.sampled_from(["", "a", "b", "1", "01", "1.0", None]), st.sampled_from(["", "x", "1", None]))
_PREDICATE = st.sampled_from(
    [
        "[p = /data/a]",
        "[/data/a = p]",
        "[p = 'a']",
        "[p = '']",
        "[p = 1]",
        "[p = /data/a and q = 'x']",
        "[q = 'x' and p = /data/a][1]",
        "[p = /data/a][position() = 2]",
        "[p = current()]",
        "[p = 'a' or q = 'x']",
        "[p = q]",
        "[./p = string(/data/a)]",
        "[p = /data/none]",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_ROW, max_size=12), _PREDICATE, st.sampled_from(["", "a", "1", "zz"]))
def test_a_look_up_finds_what_a_filter_finds(
    rows: list[tuple[str | None, str | None]], predicate: str, answer: str
) -> None:
    items = "".join(
        "<item>" + (f"<p>{one}</p>" if one is not None else "") + (f"<q>{other}</q>" if other is not None else "")
        + f"<n>{number}</n></item>"
        for number, (one, other) in enumerate(rows)
    )  # fmt: skip
    lists = {"x": f'<root xmlns="">{items}</root>'}
    said = []
    before = paths._INDEX_FROM
    for least in (0, 10_000):
        paths._INDEX_FROM = least  # type: ignore[misc]
        found = evaluate(f"instance('x')/root/item{predicate}/n", f"<a>{answer}</a><none/>", lists=lists)
        assert isinstance(found, list)
        said.append([node.value() for node in found])
    paths._INDEX_FROM = before  # type: ignore[misc]
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", b"\xff\xfe"),
        ("x.xml", b"<a>"),
        ("x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("x.geojson", b"{}"),
        ("x.geojson", b"[" * 100_000),
        ("x.geojson", b'{"type":"FeatureCollection","features":[7]}'),
        ("x.geojson", b'{"type":"FeatureCollection","features":[{"properties":[7],"geometry":{"type":"Point"}}]}'),
        ("x.geojson", b'{"type":"FeatureCollection","features":[{"geometry":[]}]}'),
        ("x.geojson", b'{"type":"FeatureCollection","features":[{"geometry":{"type":"Polygon","coordinates":7}}]}'),
        (
            "x.geojson",
            b'{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[[1],[2]]}}]}',
        ),
        ("x.geojson", b'{"type":"FeatureCollection","features":[{"geometry":{"type":"Star"}}]}'),
    ],
)
def test_a_damaged_file_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(FormRefused):
        read_file(name, content)


def test_a_table_may_have_semicolons_quotes_and_a_mark_of_order() -> None:
    holder = read_file("x.csv", '\ufeffname;label\na;"Một; hai"\n\nb;Ba\n'.encode())
    rows = holder.children[0].children
    assert [(row.children[0].text, row.children[1].text) for row in rows] == [("a", "Một; hai"), ("b", "Ba")]


_REPEATS = form(
    "<who/><child><name/><age/><toy><what/></toy></child>",
    bind("child/age", type="int", relevant="../name != ''"),
    '<input ref="/data/who"><label>Who</label></input>'
    '<group ref="/data/child"><label>Con</label><repeat nodeset="/data/child">'
    '<group ref="/data/child" appearance="field-list"><input ref="/data/child/name"><label>Name</label></input>'
    '<input ref="/data/child/age"><label>Age</label></input></group>'
    '<group ref="/data/child/toy"><label>Toy</label><repeat nodeset="/data/child/toy">'
    '<input ref="/data/child/toy/what"/></repeat></group></repeat></group>',
)


def test_every_instance_is_a_page_of_its_own() -> None:
    filling = filled(_REPEATS)
    filling.answer(p("child[1]/name"), "Lan")
    filling.add_repeat(p("child"))
    shown = sections(filling, "")
    assert [section.title for section in shown] == ["t", "Con"]
    pages = [(page.title, [question.path for question in page.questions]) for page in shown[1].pages]
    assert pages == [
        ("Con 1", ["/data/child[1]/name", "/data/child[1]/age"]),
        ("Toy 1", ["/data/child[1]/toy[1]/what"]),
        ("Con 2", ["/data/child[2]/name"]),
        ("Toy 1", ["/data/child[2]/toy[1]/what"]),
    ]


def test_titles_say_the_values_that_stand_in_them_and_no_marks() -> None:
    filling = filled(
        form(
            "<who>Lan</who><g><a/></g><r><b/></r>",
            "",
            '<group ref="/data/g"><label>Của **<output value="/data/who"/>**</label><input ref="/data/g/a"/></group>'
            '<group ref="/data/r"><label>Con của <output value="/data/who"/></label><repeat nodeset="/data/r">'
            '<select1 ref="/data/r/b"><item><label>*Một*</label><value>1</value></item></select1></repeat></group>',
        )
    )
    shown = sections(filling, "")
    assert [section.title for section in shown] == ["Của Lan", "Con của Lan"]
    assert [page.title for page in shown[1].pages] == ["Con của Lan 1"]
    assert shown[1].pages[0].questions[0].choices[0].label == "Một"


def test_an_empty_repeat_is_a_page_so_that_a_first_one_can_be_added() -> None:
    empty = filled(
        form('<r jr:template=""><b/></r>', "", '<repeat nodeset="/data/r"><input ref="/data/r/b"/></repeat>')
    )
    (section,) = sections(empty, "")
    (page,) = section.pages
    assert page.repeat is not None
    assert (page.questions, page.repeat.path, page.repeat.position, page.repeat.may_add) == ((), p("r"), 0, True)
    fixed = form('<r jr:template=""><b/></r>', "", '<repeat nodeset="/data/r" jr:noAddRemove="true()"/>')
    assert sections(filled(fixed), "") == []


def test_instances_are_kept_even_when_blank_or_gone() -> None:
    filling = filled(_REPEATS)
    filling.add_repeat(p("child"))
    filling.add_repeat(p("child"))
    filling.remove_repeat(p("child[2]/toy"), 1)
    kept = filling.answers()
    assert kept == {p("child/@count"): "3", p("child[2]/toy/@count"): "0", p("child[3]/toy/@count"): "1"}
    again = filled(_REPEATS)
    again.restore(kept)
    assert again.paths(inner=True) == filling.paths(inner=True)
    filling.remove_repeat(p("child"), 1)
    filling.remove_repeat(p("child"), 1)
    filling.remove_repeat(p("child"), 1)
    again.restore(filling.answers())
    assert again.repeats(p("child")) == []
    xml = to_xml(filling, instance_id="1")
    assert "child" not in xml
    assert read_submission(_REPEATS, xml, today=lambda: TODAY).repeats(p("child")) == []


def test_nothing_is_added_where_nothing_repeats() -> None:
    filling = filled(_REPEATS)
    for path in ("who", "child[9]/toy", "zzz"):
        with pytest.raises(NotARepeat):
            filling.add_repeat(p(path))
    fixed = filled(
        form("<r><a/></r>", body='<repeat nodeset="/data/r" jr:noAddRemove="true()"><input ref="/data/r/a"/></repeat>')
    )
    with pytest.raises(NotARepeat):
        fixed.add_repeat(p("r"))
    with pytest.raises(NotARepeat):
        fixed.remove_repeat(p("r"), 1)


def test_a_row_of_a_table_is_walked_like_any_node() -> None:
    media = {"t.csv": b"name,label,name\na,A,a2\nb,B\n"}
    calculations = {
        "one": "count(instance('t')/root/item/*)",
        "two": "string(instance('t')/root/item[name = 'a2']/label)",
        "three": "pulldata('t', 'label', 'name', 'b')",
        "four": "string(instance('t')/root/item[label = 'B']/preceding-sibling::item/name)",
        "five": "count(instance('t')/root/item/label/../..)",
    }
    nodes = "".join(f"<{name}/>" for name in calculations)
    binds = "".join(bind(name, calculate=said) for name, said in calculations.items())
    filling = filled(form(nodes, binds, extra='<instance id="t" src="jr://file-csv/t.csv"/>', media=media))
    assert [filling.value(p(name)) for name in calculations] == ["5", "A", "B", "a", "1"]


def test_texts_are_asked_by_id_and_by_an_id_worked_out() -> None:
    texts = "".join(f'<text id="t{one}"><value>text {one}</value></text>' for one in (1, 2, 3))
    extra = f'<itext><translation lang="en">{texts}</translation></itext>'
    by_name = filled(form("<a/>", bind("a", calculate="jr:itext('t2')"), extra=extra))
    assert by_name.value(p("a")) == "text 2"
    worked_out = filled(form("<a/><n>3</n>", bind("a", calculate="jr:itext(concat('t', /data/n))"), extra=extra))
    assert worked_out.value(p("a")) == "text 3"


def test_a_submission_of_another_form_is_refused() -> None:
    with pytest.raises(FormRefused):
        read_submission(_REPEATS, "<data id='other'/>", today=lambda: TODAY)
    with pytest.raises(FormRefused):
        parse_form("<h/>")


@pytest.mark.parametrize(
    ("words", "shown", "plain"),
    [
        ("a *b* **c** _d_", "a <i>b</i> <b>c</b> <i>d</i>", "a b c d"),
        ("# Big", "<b>Big</b>", "Big"),
        ("- one\n- two", "• one<br>• two", "• one\n• two"),
        ("[here](http://example.org)", "here", "here"),
        (
            "<script>x</script> & <b onclick='y'>z</b>",
            "&lt;script&gt;x&lt;/script&gt; &amp; z",
            "<script>x</script> & z",
        ),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        (r"\*not\*", "*not*", "*not*"),
        ("<span style='color:red'>red</span>", "red", "red"),
    ],
)
def test_labels_are_looks_only(words: str, shown: str, plain: str) -> None:
    assert rich_text(words) == shown
    assert plain_text(words) == plain


def test_what_waits_to_come_back_is_not_lost_while_the_form_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    body = '<input ref="/data/n"/><repeat nodeset="/data/r" jr:count="/data/n"><input ref="/data/r/x"/></repeat>'
    filling = filled(form("<n>3</n><r><x/></r>", bind("n", type="int"), body))
    filling.answer(p("r[2]/x"), "Hai")
    filling.answer(p("r[3]/x"), "Ba")
    filling.answer(p("n"), "1")
    with monkeypatch.context() as full:
        full.setattr("bnhelper.forms.settling.MOST_NODES", 0)
        filling.answer(p("n"), "3")
        assert len(filling.repeats(p("r"))) == 1
    filling.answer(p("n"), "2")
    filling.answer(p("n"), "3")
    assert [filling.value(p(f"r[{one}]/x")) for one in (2, 3)] == ["Hai", "Ba"]
