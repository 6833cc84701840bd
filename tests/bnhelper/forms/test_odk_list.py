"""Nothing of ODK's lists is missing: every function of the XForms specification, every kind of question, all metadata.

The lists are those of the ODK XForms specification (getodk.github.io/xforms-spec: XPath functions, body elements, data
types, metadata) and of XLSForm's types; each line has a value to be had, so that what is only known by name fails too.
"""

import json
from pathlib import Path

import pytest

from bnhelper.authoring.xlsform import to_xform
from bnhelper.forms.function_table import FUNCTIONS
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.questions import question
from bnhelper.forms.reader import parse_form
from bnhelper.forms.secondary import read_file
from bnhelper.forms.submission import read_submission, to_xml
from bnhelper.forms.values import to_text
from bnhelper.ids import FieldPath
from tests.bnhelper.forms.xforms import NOW, TODAY, bind, evaluate, filled, p, xform

_NODES = "<a>5</a><b>x y z</b><e/><day>2026-11-24</day>"
_SQUARE = "'0 0 0 0; 0 1 0 0; 1 1 0 0; 1 0 0 0; 0 0 0 0'"

#: name -> an expression and what the specification says it gives, worked out by hand
_FUNCTIONS = {
    "string": ("string(1 div 2)", "0.5"),
    "concat": ("concat(/data/a | /data/b, '!')", "5x y z!"),
    "join": ("join(', ', /data/a, 'q')", "5, q"),
    "substr": ("substr('hello', 1, 3)", "el"),
    "substring-before": ("substring-before('a=b', '=')", "a"),
    "substring-after": ("substring-after('a=b', '=')", "b"),
    "translate": ("translate('bar', 'abc', 'AB')", "BAr"),
    "string-length": ("string-length('Nguyễn')", "6"),
    "normalize-space": ("normalize-space('  a   b ')", "a b"),
    "contains": ("contains('banana', 'nan')", "true"),
    "starts-with": ("starts-with('banana', 'an')", "false"),
    "ends-with": ("ends-with('banana', 'na')", "true"),
    "uuid": ("string-length(uuid(12))", "12"),
    "digest": ("digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"),
    "pulldata": ("pulldata('towns', 'label', 'name', 'n2')", "L2"),
    "if": ("if(/data/a > 3, 'big', 'small')", "big"),
    "coalesce": ("coalesce(/data/e, 'none')", "none"),
    "once": ("once('other')", "5"),
    "true": ("true()", "true"),
    "false": ("false()", "false"),
    "boolean": ("boolean(/data/b)", "true"),
    "boolean-from-string": ("boolean-from-string('false')", "false"),
    "not": ("not(/data/e = '')", "false"),
    "regex": ("regex('0912345678', '0[0-9]{9}')", "true"),
    "checklist": ("checklist(2, -1, 1, 0, 1)", "true"),
    "weighted-checklist": ("weighted-checklist(3, 5, 1, 2, 0, 9)", "false"),
    "number": ("number('2026-11-24') > 20000", "true"),
    "random": ("random() >= 0 and random() < 1", "true"),
    "int": ("int(-7.9)", "-7"),
    "sum": ("sum(/data/a | /data/e)", "5"),
    "max": ("max(3, 7)", "7"),
    "min": ("min(3, 7)", "3"),
    "round": ("round(1234.567, 2)", "1234.57"),
    "pow": ("pow(2, 10)", "1024"),
    "log": ("log(1)", "0"),
    "log10": ("log10(1000)", "3"),
    "abs": ("abs(-3)", "3"),
    "sin": ("sin(0)", "0"),
    "cos": ("cos(0)", "1"),
    "tan": ("tan(0)", "0"),
    "asin": ("asin(0)", "0"),
    "acos": ("acos(1)", "0"),
    "atan": ("atan(0)", "0"),
    "atan2": ("atan2(0, 1)", "0"),
    "sqrt": ("sqrt(81)", "9"),
    "exp": ("exp(0)", "1"),
    "exp10": ("exp10(2)", "100"),
    "pi": ("round(pi(), 4)", "3.1416"),
    "count": ("count(/data/*)", "4"),
    "count-non-empty": ("count-non-empty(/data/*)", "3"),
    "position": ("position(..)", "1"),
    "instance": ("count(instance('towns')/root/item)", "3"),
    "current": ("instance('towns')/root/item[name = concat('n', current()/../a - 4)]/label", "L1"),
    "randomize": ("count(randomize(instance('towns')/root/item, 7))", "3"),
    "today": ("today()", "2026-11-24"),
    "now": ("now()", "2026-11-24T09:30:00.000+07:00"),
    "format-date": ("format-date(/data/day, '%e/%n/%y')", "24/11/26"),
    "format-date-time": ("format-date-time('2026-11-24T07:05:09.250+07:00', '%H:%M:%S.%3')", "07:05:09.250"),
    "date": ("date(20781)", "2026-11-24"),
    "decimal-date-time": ("decimal-date-time('1970-01-02')", "1"),
    "decimal-time": ("decimal-time('18:00')", "0.75"),
    "selected": ("selected(/data/b, 'y')", "true"),
    "selected-at": ("selected-at(/data/b, 2)", "z"),
    "count-selected": ("count-selected(/data/b)", "3"),
    "area": (f"round(area({_SQUARE}) div 1000000)", "12391"),
    "distance": ("round(distance('0 0 0 0; 0 1 0 0'))", "111319"),
    # beyond the specification's table, in ODK's own list (docs.getodk.org/form-operators-functions)
    "substring": ("substring('12345', 2, 3)", "234"),
    "floor": ("floor(-1.5)", "-2"),
    "ceiling": ("ceiling(1.2)", "2"),
    "version": ("version()", "1"),
    "date-time": ("date-time('2026-11-24T07:05:09.000+07:00') > /data/day", "true"),
    "property": ("property('nothing-known')", ""),
    "base64-decode": ("base64-decode('QuG6r2M=')", "Bắc"),
    "geofence": (f"geofence('0.5 0.5 0 0', {_SQUARE})", "true"),
    "intersects": ("intersects('0 0 0 0; 0 1 0 0')", "false"),
    "depend": ("depend(/data/a)", "5"),
    "thousands": ("thousands(1234567)", "1,234,567"),
    "local-name": ("local-name(/data/b)", "b"),
    "name": ("name(/data/b)", "b"),
    "last": ("/data/*[position() = last()]", "2026-11-24"),
    "is-selected": ("is-selected(/data/b, 'q')", "false"),  # what older forms call it
    "enclosed-area": (f"round(enclosed-area({_SQUARE}) div 1000000)", "12391"),
}
#: need a form about them, or keys, and stand in a test of their own
_ELSEWHERE = {"jr:choice-name", "jr:itext", "indexed-repeat", "extract-signed"}


@pytest.mark.parametrize("name", sorted(_FUNCTIONS))
def test_every_function_of_the_list_gives_what_it_should(name: str) -> None:
    items = "".join(f"<item><name>n{i}</name><label>L{i}</label></item>" for i in range(3))
    expression, expected = _FUNCTIONS[name]
    assert f"{name}(" in expression
    assert to_text(evaluate(expression, _NODES, lists={"towns": f'<root xmlns="">{items}</root>'})) == expected


def test_no_function_is_known_that_no_line_asks_for() -> None:
    assert set(FUNCTIONS) <= set(_FUNCTIONS) | _ELSEWHERE


def test_names_of_choices_texts_by_id_and_values_of_repeats_are_had() -> None:
    itext = (
        '<itext><translation lang="vi" default="true()"><text id="hi"><value>Chào</value></text></translation></itext>'
    )
    nodes = "<one>k</one><name/><said/><child><age>3</age></child><child><age>9</age></child><second/>"
    binds = (
        '<bind nodeset="/data/name" calculate="jr:choice-name(/data/one, \'/data/one\')"/>'
        '<bind nodeset="/data/said" calculate="jr:itext(\'hi\')"/>'
        '<bind nodeset="/data/second" calculate="indexed-repeat(/data/child/age, /data/child, 2)"/>'
    )
    body = (
        '<select1 ref="/data/one"><label>q</label><item><label>Có</label><value>k</value></item></select1>'
        '<group ref="/data/child"><label>c</label><repeat nodeset="/data/child"><input ref="/data/child/age">'
        "<label>t</label></input></repeat></group>"
    )
    instance = filled(parse_form(xform(nodes, itext + binds, body)))
    assert instance.value(p("name")) == "Có"
    assert instance.value(p("said")) == "Chào"
    assert instance.value(p("second")) == "9"


def test_the_name_of_a_choice_follows_what_the_question_offers() -> None:
    """The list is filtered, and its words are answers themselves: both move without the answer being touched."""
    nodes = "<most/><one/><name/><child><age/><called/></child>"
    binds = '<bind nodeset="/data/name" calculate="jr:choice-name(/data/one, \'/data/one\')"/>'
    body = (
        '<input ref="/data/most"><label>m</label></input>'
        '<select1 ref="/data/one"><label>q</label><itemset nodeset="/data/child[age &lt; /data/most]">'
        '<value ref="age"/><label ref="called"/></itemset></select1>'
        '<group ref="/data/child"><label>c</label><repeat nodeset="/data/child"><input ref="/data/child/age">'
        '<label>t</label></input><input ref="/data/child/called"><label>n</label></input></repeat></group>'
    )
    instance = filled(parse_form(xform(nodes, binds, body)))
    for path, value in (("child[1]/age", "3"), ("child[1]/called", "Hoà"), ("most", "5"), ("one", "3")):
        instance.answer(p(path), value)
    assert instance.value(p("name")) == "Hoà"
    instance.answer(p("child[1]/called"), "Hoà bé")
    assert instance.value(p("name")) == "Hoà bé"
    instance.answer(p("most"), "2")
    assert instance.value(p("name")) == "", "it is not offered any more"


def test_a_list_that_leans_on_the_name_of_its_own_choice_is_no_cycle() -> None:
    nodes = "<one>3</one><name/><child><age>3</age><called>Hoà</called></child>"
    binds = '<bind nodeset="/data/name" calculate="jr:choice-name(/data/one, \'/data/one\')"/>'
    body = (
        '<select1 ref="/data/one"><label>q</label><itemset nodeset="/data/child[called != /data/name or age = 3]">'
        '<value ref="age"/><label ref="called"/></itemset></select1>'
    )
    assert filled(parse_form(xform(nodes, binds, body))).value(p("name")) == "Hoà"


#: type as XLSForm writes it -> what more the row says, the kind a screen draws, a good answer, some that are none
_TYPES: dict[str, tuple[str, str, str, str]] = {
    "text": ("", "text", "Nguyễn Thị Hoà", ""),
    "integer": ("", "integer", "4", "bốn|1.5|٤|4_0|1e3"),
    "decimal": ("", "decimal", "82.5", "x|1e5|١٢|1_0|nan|1,5|."),
    "select_one yn": ("", "select_one", "y", "z|y n|Có"),
    "select_multiple yn": ("", "select_multiple", "y n", "y z|y y|y n y"),
    "select_one_from_file towns.csv": ("", "select_one", "a", "c"),
    "select_one_from_file towns.xml": ("", "select_one", "a", "c"),
    "select_one_from_file towns.geojson": ("", "select_one", "a", "c"),
    "rank yn": ("", "rank", "n y", "n n|n y n|z"),
    "range": ("start=0 end=10 step=0.5", "range", "7.5", "x|7.3|11|7.5e0|٧"),
    "date": ("", "date", "2026-03-27", "27/3|2026-W01-1|20260101|2026-02-30|2026-3-27|２０２６-03-27"),
    "time": ("", "time", "08:30:00.000+07:00", "tám giờ|0830|T08|08|25:00|08:30:00,5"),
    "dateTime": ("", "datetime", "2026-12-01T14:05:00.000+07:00", "mai|2026-12-01T1405|2026-12-01 14:05|2026-12-01"),
    "geopoint": ("", "geopoint", "21.1861 106.0763 0 0", "ở nhà|21|٢١ 106|91 0|2_1 106"),
    "geotrace": ("", "geotrace", "21.1 106.1 0 0; 21.2 106.2 0 0", "x"),
    "geoshape": ("", "geoshape", "21.1 106.1 0 0; 21.2 106.2 0 0; 21.3 106.1 0 0; 21.1 106.1 0 0", "x"),
    "image": ("", "upload", "a.jpg", ""),
    "audio": ("", "upload", "a.mp3", ""),
    "video": ("", "upload", "a.mp4", ""),
    "file": ("", "upload", "a.pdf", ""),
    "barcode": ("", "barcode", "893123456", ""),
    "acknowledge": ("", "acknowledge", "OK", ""),
    "trigger": ("", "acknowledge", "OK", ""),
    "note": ("", "note", "", ""),
}
_FILES = {
    "towns.csv": b"name,label\na,A\nb,B\n",
    "towns.xml": b"<root><item><name>a</name><label>A</label></item></root>",
    "towns.geojson": b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point",'
    b'"coordinates":[106.1,21.1]},"properties":{"id":"a","title":"A"}}]}',
}


@pytest.mark.parametrize("written", sorted(_TYPES))
def test_every_type_of_question_is_asked_answered_sent_and_read_back(tmp_path: Path, written: str) -> None:
    more, kind, good, bad = _TYPES[written]
    instance = _of(tmp_path, f"| | {written} | thing | Câu hỏi | {more} | |\n")
    path = FieldPath("/data/thing")
    asked = question(instance, instance.form.controls[path], "")
    assert (asked.kind, asked.label) == (kind, "Câu hỏi")
    for wrong in filter(None, bad.split("|")):
        instance.answer(path, wrong)
        assert instance.problem(path) is not None, f"{wrong} is no answer of this type"
    if good:
        instance.answer(path, good)
        assert instance.problem(path) is None
    sent = to_xml(instance, instance_id="uuid:1")
    assert to_xml(instance, instance_id="uuid:1") == sent
    assert read_submission(instance.form, sent, today=lambda: TODAY).value(path) == good


def test_a_number_with_its_sign_is_the_number_that_expressions_see() -> None:
    said = filled(parse_form(xform("<a/><b/>", bind("a", type="int") + bind("b", calculate="/data/a + 1"))))
    said.answer(p("a"), "+4")
    assert (said.problem(p("a")), said.value(p("b"))) == (None, "5")


def test_properties_of_a_map_are_what_their_file_says() -> None:
    told = {"yes": True, "no": False, "none": None, "many": 1234567, "part": 0.5, "inside": {"Số": [1, True]}}
    features = [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [106, 21]}, "properties": told}]
    file = read_file("x.geojson", json.dumps({"type": "FeatureCollection", "features": features}).encode())
    (item,) = file.children[0].children
    assert {one.name: one.value() for one in item.children} == {
        "geometry": "21.0 106.0 0 0",
        "yes": "true",
        "no": "false",
        "none": "",
        "many": "1234567",
        "part": "0.5",
        "inside": '{"Số": [1, true]}',
    }


def test_a_signature_is_an_upload_that_says_so(tmp_path: Path) -> None:
    instance = _of(tmp_path, "| | image | thing | Ký | | signature |\n")
    asked = question(instance, instance.form.controls[FieldPath("/data/thing")], "")
    assert (asked.kind, asked.appearance, asked.media_type) == ("upload", "signature", "image/*")


def test_what_is_worked_out_or_hidden_is_kept_and_never_asked(tmp_path: Path) -> None:
    instance = _of(
        tmp_path,
        "| | integer | a | A | | |\n| | calculate | twice | | | | ${a} * 2 |\n| | hidden | told | | | | |\n",
        " calculation |",
    )
    instance.answer(FieldPath("/data/a"), "4")
    assert instance.value(FieldPath("/data/twice")) == "8"
    assert FieldPath("/data/told") in instance.form.leaves
    assert [one for one in instance.form.controls if not one.endswith("/a")] == []


@pytest.mark.parametrize(
    ("written", "begins"),
    [
        ("start", "2026-11-24T09:30"),
        ("end", "2026-11-24T09:30"),
        ("today", "2026-11-24"),
        ("deviceid", ""),
        ("username", ""),
        ("email", ""),
        ("phonenumber", ""),
        ("simserial", ""),
        ("subscriberid", ""),
        ("audit", ""),
    ],
)
def test_all_metadata_are_read_filled_where_known_and_never_asked(tmp_path: Path, written: str, begins: str) -> None:
    instance = _of(tmp_path, f"| | {written} | {written} | | | |\n| | text | a | A | | |\n")
    (path,) = [one for one in instance.form.leaves if one.rpartition("/")[2] == written]
    instance.finish()
    assert instance.value(path).startswith(begins)
    assert path not in instance.form.controls


def _of(folder: Path, rows: str, columns: str = "") -> FormInstance:
    """Return a filled form of these rows, written as an author would."""
    for name, content in _FILES.items():
        (folder / name).write_bytes(content)
    path = folder / "form.md"
    path.write_text(
        f"| survey |\n| | type | name | label | parameters | appearance |{columns}\n{rows}"
        "| choices |\n| | list_name | name | label |\n| | yn | y | Có |\n| | yn | n | Không |\n",
        encoding="utf-8",
    )
    return FormInstance(parse_form(to_xform(path)[0], _FILES.get), today=lambda: TODAY, now=lambda: NOW)
