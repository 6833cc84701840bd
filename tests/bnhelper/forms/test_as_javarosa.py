"""What ODK's own engine does where the specification is silent or leaves a choice, and what the engines differ in."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bnhelper.forms.instance import FormInstance
from bnhelper.forms.reader import parse_form
from bnhelper.forms.trouble import FormRefused
from bnhelper.forms.values import to_text
from tests.bnhelper.forms.xforms import NOW, TODAY, bind, evaluate, filled, form, p, xform

_DATES = "<a>2021-05-05</a><b>7</b><e/>"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'2018-01-01' + 1", "17533"),
        ("'2021-11-30' - '2021-11-29'", "1"),
        ("'2018-01-01' < '2018-02-01'", "true"),
        ("/data/a > '2020-01-01'", "true"),
        ("number('1970-01-02T12:00:00+07:00')", "1.5"),
        ("max(/data/a, /data/b)", "18752"),
        ("date('1970-1-2')", "1970-01-02"),
        ("date('1970-1-32')", ""),
        ("date(true())", ""),
        ("6.1 - 7.8 = -1.7", "true"),
        ("0.1 + 0.2 = 0.3", "true"),
        ("0.1 + 0.2 != 0.3", "false"),
        ("1 = 1.000001", "false"),
        ("selected('', '')", "true"),
        ("selected('a b', '')", "false"),
        ("selected('a b', '  b  ')", "true"),
        ("concat(/data/*, '!')", "2021-05-057!"),
        ("join('-', /data/*, 'x')", "2021-05-05-7--x"),
        ("min(/data/b, 9, '3')", "3"),
        ("weighted-checklist(-1, 2, 2 > 1, 3)", "false"),
        ("weighted-checklist(2, -1, true(), 999)", "true"),
        ("checklist(-1, 2, 2 > 1)", "true"),
        ("distance('0 0 0 0')", "0"),
        ("distance('')", "0"),
        ("intersects('0 0;0 1;1 1;1 0;0 0')", "false"),
        ("intersects('0 0;1 1;0 1;1 0;0 0')", "true"),
        ("intersects('0 0;1 1')", "false"),
        ("intersects('0 0;2 2;0 0')", "false"),
        ("intersects('0 0;0 2;0 1')", "true"),
        ("intersects('0 0;0 2;1 1;0 1')", "true"),
        ("intersects('0 0;0 0;0 1;1 1')", "false"),
        ("intersects('nowhere')", "false"),
        ("format-date('2026-11-22', '%a %e %b %Y')", "Sun 22 Nov 2026"),
        ("today() + 7", "20788"),
        ("today() - date('2026-11-20')", "4"),
        ("base64-decode('SGVsbG8')", "Hello"),
        ("last()", "1"),
        ("round(-2.5)", "-2"),
        ("number('+5')", "NaN"),
        ("sum(/data/e)", "0"),
        ("max('', 3)", "3"),
        ("boolean(/data/e)", "false"),
        ("boolean-from-string('TRUE')", "true"),
        ("regex('abc', 'b')", "false"),
    ],
)
def test_an_expression_gives(expression: str, expected: str) -> None:
    assert to_text(evaluate(expression, _DATES)) == expected


def test_days_are_counted_on_the_wall_clock() -> None:
    # JavaRosa and Web Forms count decimal-date-time from midnight in Greenwich; east of it whole days then are no
    # whole numbers, and int() of a difference over many years may lack a day.
    between = "decimal-date-time('2026-11-24') - decimal-date-time('2000-02-28')"
    assert to_text(evaluate(between)) == "9766"
    assert to_text(evaluate("decimal-date-time('1970-01-02')")) == "1"
    assert to_text(evaluate("format-date-time(now() + 0.5, '%d %H:%M')")) == "24 21:30"
    assert to_text(evaluate("date-time(decimal-date-time(now()) + 0.5)")) == "2026-11-24T21:30:00.000+07:00"


@pytest.mark.parametrize(
    ("calculate", "kind", "written"),
    [
        ("today()", "dateTime", "2026-11-24T00:00:00.000+07:00"),
        ("/data/d", "dateTime", "2026-02-28T00:00:00.000+07:00"),
        ("'2026-02-28'", "dateTime", "2026-02-28T00:00:00.000+07:00"),
        ("now()", "date", "2026-11-24"),
        ("/data/t", "date", "2026-03-01"),
        ("'2026-02-28T23:20:30Z'", "date", "2026-03-01"),
        ("today() + 7", "date", "2026-12-01"),
        ("now() + 1", "dateTime", "2026-11-25T09:30:00.000+07:00"),
        ("now()", "time", "09:30:00.000+07:00"),
        ("/data/t", "time", "06:20:30.000+07:00"),
        ("now()", "dateTime", "2026-11-24T09:30:00.000+07:00"),
        ("'  5 '", "int", "5"),
        ("today()", "decimal", "20781"),
        ("''", "dateTime", ""),
        ("'10:00'", "time", "10:00"),
    ],
)
def test_a_moment_is_written_as_the_node_it_goes_to_has_it(calculate: str, kind: str, written: str) -> None:
    binds = bind("d", type="date") + bind("t", type="dateTime") + bind("out", type=kind, calculate=calculate)
    filling = filled(form("<d>2026-02-28</d><t>2026-02-28T23:20:30Z</t><out/>", binds))
    assert filling.value(p("out")) == written
    assert filling.problem(p("out")) is None


def test_a_signed_text_gives_its_message_only_when_the_signature_holds() -> None:
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    message = "Nguyễn Thị Lan;012345678901".encode()
    signed = base64.b64encode(key.sign(message) + message).decode()
    forged = base64.b64encode(key.sign(message) + message.replace(b"Lan", b"Mai")).decode()
    assert evaluate(f"extract-signed('{signed}', '{public}')") == message.decode()
    for content, by in ((forged, public), (signed, "YmxhaA=="), ("blah", public), ("not base64!", public), ("", "")):
        assert not evaluate(f"extract-signed('{content}', '{by}')")


def test_months_and_days_have_the_names_of_the_forms_language() -> None:
    definition = form("<d>2026-11-22</d><t/>", bind("t", calculate="format-date(/data/d, '%a %b')"))
    filling = filled(definition)
    assert filling.value(p("t")) == "Sun Nov"
    filling.set_language("Tiếng Việt (vi)")
    assert filling.value(p("t")) == "CN thg 11"


def test_a_calculation_goes_on_where_nobody_sees_it_but_is_not_seen() -> None:
    # JavaRosa: what a form holds follows from its answers alone, not from the way they were given.
    binds = bind("g", relevant="/data/go = '1'") + bind("g/x2", calculate="/data/n * 2")
    binds += bind("g/x4", calculate="/data/g/x2 * 2")
    filling = filled(form("<n/><go/><g><x2/><x4/></g>", binds))
    filling.answer(p("n"), "2")
    assert (filling.value(p("g/x2")), filling.seen(p("g/x2")), filling.value(p("g/x4"))) == ("4", "", "")
    assert filling.answer(p("go"), "1") == {p("go"), p("g"), p("g/x2"), p("g/x4")}
    assert filling.value(p("g/x4")) == "8"


def _translated(attribute: str) -> str:
    return (
        f'<itext><translation lang="fr"><text id="a"><value>un</value></text></translation>'
        f'<translation lang="vi" {attribute}><text id="a"><value>một</value></text></translation></itext>'
    )


@pytest.mark.parametrize(
    ("attribute", "language"),
    [("", "fr"), ('default=""', "vi"), ('default="true()"', "vi"), ('default="false()"', "fr")],
)
def test_the_default_language_is_the_one_marked_or_the_first(attribute: str, language: str) -> None:
    assert form("<a/>", extra=_translated(attribute)).default_language == language


def test_a_relative_count_is_seen_from_the_element_around() -> None:
    nodes = "<outer><want>2</want><inner><q/></inner></outer>"
    inner = '<repeat nodeset="/data/outer/inner" jr:count="{}"><input ref="/data/outer/inner/q"/></repeat>'
    plain = f'<repeat nodeset="/data/outer">{inner.format("want")}</repeat>'
    grouped = f'<repeat nodeset="/data/outer"><group ref="/data/outer/inner">{inner.format("../want")}</group></repeat>'
    own = f'<repeat nodeset="/data/outer">{inner.format("../want")}</repeat>'
    for body in (plain, grouped, own):
        filling = filled(form(nodes, bind("outer/want", type="int"), body))
        assert len(filling.repeats(p("outer/inner"))) == 2
        filling.answer(p("outer/want"), "3")
        filling.add_repeat(p("outer"))
        assert [len(filling.repeats(p(f"outer[{one}]/inner"))) for one in (1, 2)] == [3, 2]


def test_an_action_may_choose_its_instance_by_a_predicate() -> None:
    body = (
        '<input ref="/data/a"><setvalue event="xforms-value-changed"'
        ' ref="/data/r[position() = /data/which]/b" value="/data/a"/></input>'
        '<repeat nodeset="/data/r"><input ref="/data/r/b"/></repeat>'
    )
    filling = filled(form("<a/><which>2</which><r><b/></r><r><b/></r>", bind("which", type="int"), body))
    filling.answer(p("a"), "x")
    assert [filling.value(p(f"r[{one}]/b")) for one in (1, 2)] == ["", "x"]


def test_a_form_that_forgot_to_name_its_namespace_is_read_as_one() -> None:
    plain = xform("<a> \n 5 \n</a><b/>", bind("b", calculate="/data/a + 1")).replace(
        'xmlns="http://www.w3.org/2002/xforms" ', ""
    )
    filling = filled(parse_form(plain))
    assert (filling.value(p("a")), filling.value(p("b"))) == ("5", "6")


def test_the_version_may_stand_in_openrosas_namespace() -> None:
    said = xform("<a/>").replace('version="1"', 'xmlns:orx="http://openrosa.org/xforms" orx:version="2026"')
    assert parse_form(said).version == "2026"


def test_what_fires_when_an_instance_is_new_must_stand_in_the_repeat() -> None:
    faults: list[FormRefused] = []
    said = '<setvalue event="odk-new-repeat" ref="/data/r/a" value="1"/>'
    parse_form(xform("<r><a/></r>", "", '<repeat nodeset="/data/r"/>', said), faults=faults)
    assert [one.values["reason"] for one in faults] == ["new-repeat-outside"]


def test_entities_are_read_and_kept() -> None:
    entity = '<meta><entity dataset="people" create="1" id=""><label/></entity></meta>'
    said = xform(f"<name/><age/>{entity}", bind("name", entities__saveto="full_name") + bind("age"))
    said = said.replace("<h:html ", '<h:html xmlns:entities="http://www.opendatakit.org/xforms/entities" ')
    definition = parse_form(said)
    (declared,) = definition.entities
    assert (declared.dataset, declared.path, dict(declared.properties)) == (
        "people",
        p("meta/entity"),
        {"full_name": p("name")},
    )


def test_an_answer_that_is_no_longer_offered_is_kept_and_told() -> None:
    # JavaRosa empties it; here nothing a person said is lost without a word.
    items = "".join(f"<item><name>{name}</name><of>{of}</of></item>" for name, of in (("x", "1"), ("y", "2")))
    body = (
        "<select1 ref='/data/b'><itemset nodeset=\"instance('l')/root/item[of = /data/a]\">"
        "<value ref='name'/><label ref='name'/></itemset></select1>"
    )
    definition = form("<a>1</a><b/>", "", body, f'<instance id="l"><root xmlns="">{items}</root></instance>')
    filling = FormInstance(definition, today=lambda: TODAY, now=lambda: NOW)
    filling.answer(p("b"), "x")
    assert filling.problem(p("b")) is None
    filling.answer(p("a"), "2")
    found = filling.problem(p("b"))
    assert found is not None
    assert (found.kind, filling.value(p("b"))) == ("choice", "x")


def test_an_instance_is_offered_only_where_it_could_be_seen() -> None:
    repeat = '<repeat nodeset="/data/r"><input ref="/data/r/a"/></repeat>'
    template = '<r jr:template=""><a/></r>'
    filling = filled(form(f"<go/>{template}", bind("r", relevant="/data/go = 'yes' and position(.) < 3"), repeat))
    assert filling.repeat_paths() == [p("r")]
    assert not filling.may_add(p("r"))
    filling.answer(p("go"), "yes")
    assert filling.may_add(p("r"))
