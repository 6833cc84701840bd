"""The same answers played on ODK Web Forms' own engine: every node says the same after each of them.

What the engines differ in is told by `test_as_javarosa.py`, with who is right. By night; without Node 20 or npm it is
skipped, saying so.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bnhelper.command_line.form import play
from bnhelper.forms.reader import parse_form
from tests.bnhelper.forms.xforms import NOW, bind, xform

pytestmark = pytest.mark.long
_FOLDER = Path(__file__).parent / "odk_engine"
_NOW = NOW.isoformat()
_SAME = ("relevant", "readonly", "label", "hint")
Steps = list[dict[str, Any]]


def _asked(*names: str) -> str:
    return "".join(f'<input ref="/data/{one}"><label>{one}</label></input>' for one in names)


def _repeat(path: str, inside: str, attributes: str = "") -> str:
    ref = f"/data/{path}"
    return f'<group ref="{ref}"><label>R</label><repeat nodeset="{ref}" {attributes}>{inside}</repeat></group>'


def _offers(control: str, name: str, nodes: str) -> str:
    return (
        f'<{control} ref="/data/{name}"><label>{name}</label><itemset nodeset="{nodes}">'
        f'<value ref="name"/><label ref="label"/></itemset></{control}>'
    )


def _said(name: str, value: str) -> dict[str, str]:
    return {"answer": f"/data/{name}", "value": value}


def _more(name: str) -> dict[str, str]:
    return {"add_repeat": f"/data/{name}"}


def _less(name: str, position: int) -> dict[str, Any]:
    return {"remove_repeat": f"/data/{name}", "position": position}


_ITEMS = (("a", "Á", 1), ("b", "B", 1), ("c", "C", 2), ("d", "Đ", 2))
_LIST = (
    '<instance id="c"><root>'
    + "".join(f"<item><name>{name}</name><label>{label}</label><of>{of}</of></item>" for name, label, of in _ITEMS)
    + "</root></instance>"
)
_WORDS = (
    '<itext><translation lang="en"><text id="q"><value>Hello <output value="/data/n"/></value></text>'
    '<text id="h"><value>hint</value></text></translation><translation lang="vi" default="true()"><text id="q">'
    '<value>Chào <output value="/data/n"/></value></text><text id="h"><value>gợi ý</value></text></translation></itext>'
)

#: name -> nodes, binds, body, what else stands in the model, steps
_FORMS: dict[str, tuple[str, str, str, str, Steps]] = {
    "relevance": (
        "<a/><g><b>x</b><h><c/></h></g><d/>",
        bind("g", relevant="/data/a = '1'")
        + bind("g/h", readonly="/data/g/b = 'r'")
        + bind("g/h/c", required="true()", relevant="/data/g/b != ''")
        + bind("d", calculate="concat(/data/g/b, '|', /data/g/h/c)"),
        _asked("a") + f'<group ref="/data/g"><label>G</label>{_asked("g/b", "g/h/c")}</group>',
        "",
        [_said("a", "1"), _said("g/h/c", "y"), _said("g/b", "r"), _said("g/b", ""), _said("a", "2"), _said("a", "1")],
    ),
    "actions": (
        "<a/><b/><c/><d>old</d><r><n/><m/></r>",
        bind("a", type="int"),
        '<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/b" value="/data/a * 2"/>'
        '<setvalue event="xforms-value-changed" ref="/data/d"/>'
        '<setvalue event="xforms-value-changed" ref="/data/c">lit</setvalue></input>'
        + _repeat(
            "r",
            _asked("r/n")
            + '<setvalue event="odk-new-repeat odk-instance-first-load" ref="/data/r/m" value="position(..)"/>'
            '<setvalue event="odk-new-repeat" ref="/data/r/n" value="concat(\'n\', /data/a)"/>',
        ),
        ('<setvalue event="odk-instance-first-load" ref="/data/c" value="concat(\'a\', \'b\')"/>'
        '<setvalue event="odk-instance-load" ref="/data/b" value="\'loaded\'"/>'),
        [_said("a", "4"), _more("r"), _said("a", "5"), _more("r"), _said("a", ""), _less("r", 1)],
    ),
    "an action where nobody sees it": (
        "<a/><g><b>k</b></g>",
        bind("g", relevant="/data/a = '1'"),
        '<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/g/b" value="\'set\'"/></input>'
        + _asked("g/b"),
        "",
        [_said("a", "1"), _said("a", "2"), _said("a", "1")],
    ),
    "one action after another": (
        "<a/><b/><c/>",
        bind("b", calculate="/data/a + 1", type="int"),
        _asked("a")
        + '<input ref="/data/b"><setvalue event="xforms-value-changed" ref="/data/c" value="/data/b"/></input>',
        "",
        [_said("a", "1"), _said("a", "7")],
    ),
    "a template": (
        '<r jr:template=""><x>d</x><y/></r><c/>',
        bind("r/y", calculate="concat(../x, position(..))") + bind("c", calculate="count(/data/r)"),
        _repeat("r", _asked("r/x")),
        "",
        [_more("r"), _more("r"), _said("r[1]/x", "q"), _less("r", 1)],
    ),
    "a counted repeat": (
        "<n>2</n><r><x/><p/></r>",
        bind("n", type="int") + bind("r/p", calculate="position(..)"),
        _asked("n") + _repeat("r", _asked("r/x"), 'jr:count="/data/n" jr:noAddRemove="true()"'),
        "",
        [_said("n", "3"), _said("n", "1"), _said("n", "0")],
    ),
    "instances that go": (
        "<r><x/><p/></r><l/>",
        bind("r/p", calculate="concat(position(..), '/', count(/data/r))")
        + bind("l", calculate="/data/r[last()]/x"),
        _repeat("r", _asked("r/x")),
        "",
        [_said("r[1]/x", "1"), _more("r"), _said("r[2]/x", "2"), _more("r"), _said("r[3]/x", "3"), _less("r", 2)],
    ),
    "indexed-repeat": (
        "<r><x/><before/></r><w>2</w><o/>",
        bind("r/before", calculate="indexed-repeat(/data/r/x, /data/r, position(..) - 1)")
        + bind("o", calculate="indexed-repeat(/data/r/x, /data/r, /data/w)"),
        _repeat("r", _asked("r/x")) + _asked("w"),
        "",
        [_said("r[1]/x", "a"), _more("r"), _said("r[2]/x", "b"), _said("w", "1"), _said("w", "9"), _said("w", "")],
    ),
    "choices that are filtered": (
        "<r><f/><s/></r><n/>",
        bind("n", calculate="jr:choice-name(/data/r[1]/s, '/data/r[1]/s')"),
        _repeat("r", _asked("r/f") + _offers("select1", "r/s", "instance('c')/root/item[of = current()/../f]")),
        _LIST,
        [_said("r[1]/f", "1"), _more("r"), _said("r[2]/f", "2"), _said("r[2]/s", "c")],
    ),
    "choices that are shuffled": (
        "<f>1</f><s/><t/>",
        "",
        _asked("f")
        + _offers("select1", "s", "randomize(instance('c')/root/item, 42)")
        + _offers("select1", "t", "randomize(instance('c')/root/item[of = /data/f], 7)"),
        _LIST,
        [_said("f", "2")],
    ),
    "choices from a repeat": (
        "<r><name/><label/></r><s/>",
        "",
        _repeat("r", _asked("r/name", "r/label")) + _offers("select1", "s", "/data/r[./name != '']"),
        "",
        [_said("r[1]/name", "1"), _said("r[1]/label", "Một"), _more("r"), _said("r[2]/name", "2"), _said("s", "2")],
    ),
    "several choices": (
        "<m/><c/><f/>",
        bind("c", calculate="count-selected(/data/m)")
        + bind("f", calculate="concat(selected(/data/m, 'b'), selected-at(/data/m, 1))"),
        _offers("select", "m", "instance('c')/root/item"),
        _LIST,
        [_said("m", "a b"), _said("m", "c"), _said("m", "")],
    ),
    "constraints": (
        "<a/><b/><d/><t/>",
        bind("a", type="int", constraint=". > 3 and . < 10")
        + bind("b", required="/data/a > 5")
        + bind("d", type="date", constraint=". <= today()")
        + bind("t", constraint="regex(., '[0-9]{3}') or . = 'x'"),
        _asked("a", "b", "d", "t"),
        "",
        [
            *(_said("a", said) for said in ("2", "7")),
            *(_said("d", said) for said in ("2027-01-01", "2026-01-01")),
            *(_said("t", said) for said in ("12", "123", "")),
            *(_said("b", said) for said in ("v", "")),
            _said("a", ""),
        ],
    ),
    "languages": (
        "<n>Lan</n><x/>",
        "",
        _asked("n") + '<input ref="/data/x"><label ref="jr:itext(\'q\')"/><hint ref="jr:itext(\'h\')"/></input>',
        _WORDS,
        [_said("n", "Bé"), {"language": "en"}],
    ),
    "chains": (
        "<a/><b/><c/><d/>",
        bind("b", calculate="/data/a + 1")
        + bind("c", relevant="/data/b > 2", calculate="/data/b * 2")
        + bind("d", calculate="if(/data/c = '', 'none', /data/c)"),
        _asked("a"),
        "",
        [_said("a", said) for said in ("1", "2", "0", "")],
    ),
    "a calculation that is asked too": (
        "<a/><b/>",
        bind("b", calculate="concat('x', /data/a)"),
        _asked("a", "b"),
        "",
        [_said("a", "1"), _said("b", "own"), _said("a", "2")],
    ),
    "a press": ("<a/><b/>", bind("b", relevant="/data/a = 'OK'"), '<trigger ref="/data/a"/>' + _asked("b"), "", [_said("a", "OK"), _said("a", "")]),
    "types": (
        "<i/><d/><da/><ti/><dt/>",
        "".join(bind(name, type=kind) for name, kind in [("i", "int"), ("d", "decimal"), ("da", "date"), ("ti", "time"), ("dt", "dateTime")]),
        _asked("i", "d", "da", "ti", "dt"),
        "",
        [
            _said("i", "5"),
            _said("d", "5.25"),
            _said("da", "2026-11-24"),
            _said("ti", "10:20:00.000+07:00"),
            _said("dt", "2026-11-24T10:20:00.000+07:00"),
        ],
    ),
}  # fmt: skip

_NODES = "<e/><n>7</n><m>a b c</m><s>Nguyễn Thị Lan</s><d>2026-02-28</d><r><k>5</k></r><r><k>9</k></r>"
#: expressions on these nodes that both engines give the same for
_EXPRESSIONS = """
0 div 0 | 5 mod 3 | -5 mod 3 | 5 mod -3 | 5.5 mod 2 | 5 mod 0 | /data/n div 2 | /data/e + 1 | /data/e = 0 | /data/e = ''
/data/e != 1 | /data/e < 1 | number('') | number(' 12 ') | number('abc') | number('1,5') | int('3.9') | int(-3.9) | int('abc')
round(2.5) | round(3.14159, 2) | round(1234.5, -2) | round('') | floor(-2.5) | ceiling(-2.5) | abs(-3) | abs('x')
pow(2, 10) | pow(2, -1) | pow(-8, 1 div 3) | pow(0, 0) | sqrt(-1) | log(-1) | log10(1000) | exp(1) | asin(2) | atan2(-1, -1)
sum(/data/r/k) | min(/data/r/k) | max(/data/r/k) | count(/data/r/k) | count-non-empty(/data/r/k) | string(0.1 + 0.2)
string(1 div 3) | string(1000000 * 1000000) | string(-0) | string(true()) | string-length('Nguyễn') | substr('Nguyễn', -3)
substr('Nguyễn', -3, -1) | substr('Nguyễn', 3, 1) | substr('Nguyễn', 10) | substring('12345', 1.5, 2.6) | substring('12345', 0, 3)
substring('12345', 0 div 0, 3) | substring('12345', -42, 1 div 0) | substring-before('1999/04/01', '/') | substring-after('abc', 'z')
substring-after('abc', '') | contains('abc', '') | starts-with('', 'a') | ends-with('abc', 'bc') | normalize-space('  a   b  ')
translate('--aaa--', 'abc-', 'ABC') | translate('aaa', 'aa', 'xy') | concat(/data/r/k, '!') | join(',', 'a', /data/r/k, 1)
coalesce('', 'b') | coalesce(/data/e, /data/n) | if('false', 'a', 'b') | if(0, 'a', 'b') | boolean('0') | true() = 'x' | '01' = 1
'a' < 'b' | 3 > 2 > 1 | selected(/data/m, 'a') | selected('', '') | selected('abc', 'b') | selected(/data/m, ' a ')
selected-at(/data/m, 0) | selected-at(/data/m, 3) | selected-at(/data/m, -1) | count-selected('  a   b ') | regex('abc', '[a-c]+')
regex('012345678901', '[0-9]{12}') | checklist(1, 2, 'yes', '', true(), 0) | weighted-checklist(1, 5, true(), 2, false(), 4)
digest('some text', 'MD5') | digest('Nguyễn', 'SHA-512', 'hex') | base64-decode('TmfguYA=') | position(/data/r[2]) | /data/r[2]/k
/data/r[last()]/k | sum(/data/r[k > 5]/k) | indexed-repeat(/data/r/k, /data/r, 4) | date('2026-02-28') | date('') | date('2026-2-8')
date(/data/d + 30) | today() > /data/d | /data/d = '2026-02-28' | /data/d < '2026-03-01' | /data/d > today() | now() >= today()
string(today()) | string(now()) | format-date('2026-02-28', '%Y/%m/%d') | format-date('2026-02-08', '%e %n %y %b') | format-date('', '%Y')
format-date-time('2026-02-28T01:05:09', '%h:%M:%S') | join(' ', randomize(instance('c')/root/item/name, 42))
join(' ', randomize(instance('c')/root/item/name, -7)) | join(' ', randomize(instance('c')/root/item/name, 1.9))
instance('c')/root/item[name = 'b']/label | count(instance('c')/root/item) | sum(instance('c')/root/item/of)
"""


def _jobs() -> list[dict[str, Any]]:
    jobs = [
        {"name": name, "xml": xform(nodes, binds, body, extra), "steps": steps, "media": {}}
        for name, (nodes, binds, body, extra, steps) in _FORMS.items()
    ]
    typed = bind("n", type="int") + bind("d", type="date") + bind("e", type="int") + bind("r/k", type="int")
    for line in _EXPRESSIONS.strip().splitlines():
        for expression in line.split(" | "):
            binds = typed + bind("out", calculate=expression)
            xml = xform(f"{_NODES}<out/>", binds, _repeat("r", _asked("r/k")) + _asked("n", "d", "e", "m", "s"), _LIST)
            jobs.append({"name": expression, "xml": xml, "steps": [], "media": {}})
    return jobs


def _ours(job: dict[str, Any]) -> list[dict[str, dict[str, Any]]]:
    shown = play(parse_form(job["xml"]), [{"now": _NOW}, *job["steps"]])["steps"]
    assert not any(one["error"] for one in shown), job["name"]
    return [
        {node["path"].replace("[1]", ""): node for node in one["nodes"]}
        for place, one in enumerate(shown)
        if place != 1
    ]


def _near(one: str, other: str) -> bool:
    try:
        return one == other or abs(float(one) - float(other)) <= 1e-9 * max(1.0, abs(float(one)))
    except ValueError:
        return False


def _differences(job: dict[str, Any], theirs: list[list[dict[str, Any]]]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for place, (nodes, ours) in enumerate(zip(theirs, _ours(job), strict=True)):
        known = {node["path"]: node for node in nodes if "/meta" not in node["path"]}
        if known.keys() != ours.keys():
            found.append((job["name"], place, sorted(known.keys() ^ ours.keys())))
            continue
        for path, node in known.items():
            own = ours[path]
            wrong = [key for key in _SAME if node[key] != own[key]]
            if own["relevant"]:
                wrong += ["value"] * (not _near(node["value"], own["value"])) + ["required"] * (
                    node["required"] != own["required"]
                )
                wrong += ["problem"] * (node["problem"] != (own["problem"] and own["problem"]["kind"]))
                offered = [[one["value"], one["label"]] for one in own.get("choices", [])]
                wrong += ["choices"] * ((node["choices"] or []) != offered)
            found += [(job["name"], place, path, key, node[key], own[key]) for key in wrong]
    return found


@pytest.fixture(scope="module")
def engine() -> Path:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("no Node.js here: ODK Web Forms' engine is not played beside ours")
    if not (_FOLDER / "node_modules" / "jsdom").exists():
        call = [npm, "ci", "--no-audit", "--no-fund", "--silent", "--ignore-scripts"]
        if subprocess.run(call, cwd=_FOLDER, capture_output=True, timeout=600, check=False).returncode:
            pytest.skip("ODK Web Forms' engine could not be fetched from npm")
    return _FOLDER / "play.mjs"


def test_every_node_says_what_it_says_in_odk_web_forms(engine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    monkeypatch.setenv("NOW", _NOW)
    jobs = _jobs()
    done = subprocess.run(
        ["node", str(engine)],
        input=json.dumps(jobs).encode(),
        capture_output=True,
        timeout=600,
        check=True,
        cwd=_FOLDER,
    )
    theirs = {one["name"]: one for one in map(json.loads, done.stdout.decode().splitlines())}
    assert [one for one in theirs.values() if "refused" in one] == []
    assert [said for job in jobs for said in _differences(job, theirs[job["name"]]["steps"])] == []
