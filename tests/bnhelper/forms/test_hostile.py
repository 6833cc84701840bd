"""Everything a form may contain is data: hostile ones are refused or bounded, mutated ones never crash."""

import contextlib
import random
import re
import time
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from bnhelper.authoring.xlsform import to_xform
from bnhelper.command_line.form import media_in
from bnhelper.errors import KnownTrouble
from bnhelper.forms import expressions, settling
from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.judging import Judge
from bnhelper.forms.nodes import Node
from bnhelper.forms.questions import sections
from bnhelper.forms.reader import parse_form
from bnhelper.forms.state import repeats, state
from bnhelper.forms.submission import read_xml, to_xml
from bnhelper.forms.trouble import FormRefused
from bnhelper.forms.values import to_text
from tests.bnhelper.forms import night
from tests.bnhelper.forms.xforms import TODAY, bind, evaluate, filled, form, p, xform

_FORMS = sorted((Path(__file__).parent / "xlsforms").glob("*.md"))


def _refused(xml: str) -> str:
    with pytest.raises(FormRefused) as told:
        filled(parse_form(xml))
    return str(told.value.values["reason"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ('<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a>&z;</a>', "not-xml"),
        (xform("<a>" * 60 + "</a>" * 60), "too-deep"),
        (xform("".join(f"<a{number}/>" for number in range(30_000))), "too-many-nodes"),
        (xform("<a/>", bind("a", relevant="1" + " + 1" * 20_000)), "expression-too-long"),
        (xform("<a/>", bind("a", relevant="not(" * 500 + "1" + ")" * 500)), "expression-too-deep"),
        (xform("<a/>", extra='<instance id="x" src="jr://file/../../etc/passwd"/>'), "outside-the-form"),
        (xform("<a/>", extra='<instance id="x" src="file:///etc/passwd"/>'), "outside-the-form"),
        (xform("<a/>", extra='<instance id="x" src="https://example.org/x.xml"/>'), "outside-the-form"),
        (xform("<a/>", extra='<instance id="x" src="jr://file-csv/.hidden"/>'), "outside-the-form"),
        (xform("<a/>", extra=f'<instance id="x"><root xmlns="">{"<i/>" * 250_000}</root></instance>'), "too-many-choices"),
        (xform("<a/><a/>"), "same-name-twice"),
        (xform("<a/>", body="<script ref='/data/a'/>"), "unknown-control"),
        (xform("<a/>", bind("a", calculate="/data/a + 1")), "cycle"),
        (xform("<r><a/></r>", bind("r/a", calculate="../a + 1"), '<repeat nodeset="/data/r"/>'), "cycle"),
        (xform("<r><a/></r>", "", '<repeat nodeset="/data/r" jr:count="count(/data/r) + 1"/>'), "cycle"),
    ],
)  # fmt: skip
def test_a_hostile_form_is_refused_by_name(xml: str, reason: str) -> None:
    assert _refused(xml) == reason


def test_a_count_without_end_is_bounded_and_said() -> None:
    filling = filled(
        form(
            "<n/><r><s><a/></s></r>",
            bind("n", type="int"),
            '<repeat nodeset="/data/r" jr:count="/data/n"><repeat nodeset="/data/r/s" jr:count="/data/n"/></repeat>',
        )
    )
    filling.answer(p("n"), "1000000000")
    assert len(filling.repeats(p("r"))) <= 1_000
    assert {problem.kind for problem in filling.problems()} == {"too-many"}
    filling.answer(p("n"), "2")
    assert not filling.problems()
    assert len(filling.paths()) == 5


def test_a_filter_over_a_filter_over_a_filter_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "MOST_VISITS", 200_000)
    items = "".join("<i><a>1</a></i>" for _ in range(1_000))
    nested = "count(instance('x')/root/i[count(instance('x')/root/i[count(instance('x')/root/i[a > 0]) > 0]) > 0])"
    with pytest.raises(FormRefused) as told:
        evaluate(nested, lists={"x": f'<root xmlns="">{items}</root>'})
    assert told.value.values["reason"] == "expression-too-slow"


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*", "(a?){30}a{30}", "(.*)*x", "([a-z]+)*[0-9]", "a*a*a*a*a*a*b"])
def test_no_pattern_runs_away(pattern: str) -> None:
    """One that did would hold this test until the run ends: no clock is asked, since a busy machine has a slow one."""
    assert evaluate(f"regex('{'a' * 1_500}!', '{pattern}')") is False


def test_a_text_does_not_grow_without_end() -> None:
    with pytest.raises(FormRefused):
        evaluate(f"concat({', '.join(['/data/a'] * 150)})", f"<a>{'y' * 2_000}</a>")


_BAD = [
    "",
    "(",
    "'",
    "/data",
    "..",
    "1 div 0",
    "instance('x')",
    "&#0;",
    "9" * 40,
    "jr:itext(",
    "randomize(.)",
    "true()",
    "//*",
    "once(.)",
]


def _mutated(xml: str, chance: random.Random) -> str:
    stays_xml = chance.random() < 0.7
    for _ in range(chance.randint(1, 4)):
        kind = chance.choice((2, 2, 4)) if stays_xml else chance.randint(0, 4)
        at = chance.randrange(len(xml))
        if kind == 0:
            xml = xml[:at] + xml[at + chance.randint(1, 60) :]
        elif kind == 1:
            xml = xml[:at] + chance.choice("<>&\"'/=[](),.*$@ ") + xml[at:]
        elif kind == 2:
            quotes = [place for place, letter in enumerate(xml) if letter == '"']
            first = chance.randrange(len(quotes) // 2) * 2  # an attribute opens with every second one
            xml = xml[: quotes[first] + 1] + chance.choice(_BAD) + xml[quotes[first + 1] :]
        elif kind == 3:
            end = min(len(xml), at + chance.randint(1, 200))
            xml = xml[:end] + xml[at:end] + xml[end:]
        else:
            names = [
                "/data",
                "ref",
                "nodeset",
                "value",
                "repeat",
                "group",
                "input",
                "item",
                "bind",
                "instance",
                "calculate",
            ]
            one, other = chance.choice(names), chance.choice(names)
            xml = xml.replace(one, other, chance.randint(1, 3))
        if not xml:
            return "<a/>"
    return xml


def _fuzzed(path: Path, chance: random.Random, rounds: Iterable[int]) -> int:
    """Mutate a form and fill what is still read as one; return how many were. Anything but trouble is a crash."""
    whole, _ = to_xform(path)
    ran = 0
    for _ in rounds:
        xml = _mutated(whole, chance)
        try:
            filling = filled(parse_form(xml, media_in(path.parent)))
            ran += 1
            for one in filling.paths()[:12]:
                filling.answer(one, chance.choice(["1", "a", "", "2026-01-01", "99999999999", "-1", "0 0;1 1"]))
            for place in filling.repeat_paths()[:6]:
                if filling.may_add(place):
                    filling.remove_repeat(filling.add_repeat(place))
            state(filling, "")
            repeats(filling, "")
            filling.problems()
            kept, written = filling.answers(), to_xml(filling, instance_id="1")
            again = filled(filling.form)
            again.restore(kept)
            assert again.repeat_paths() == filling.repeat_paths()
            read_xml(written, filling.form)
        except KnownTrouble:
            continue
    return ran


@pytest.mark.parametrize("path", _FORMS, ids=lambda path: path.stem)
def test_a_mutated_form_is_refused_or_runs(path: Path) -> None:
    assert _fuzzed(path, random.Random(path.stem), range(60)) > 0


@pytest.mark.long
@pytest.mark.timeout(60 + 2 * night.NIGHT_S)
@pytest.mark.parametrize("path", _FORMS, ids=lambda path: path.stem)
def test_a_form_mutated_for_a_night_is_refused_or_runs(path: Path) -> None:
    """Each night tries other mutations; a seed that finds something is printed, to be played again."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    assert _fuzzed(path, random.Random(seed), night.rounds()) > 0


_WORDS = (
    *("1", "'a'", ".", "..", "/data/a", "../b", "current()", "instance('x')/root/item", "true()", "position()", "last()", "-"),
    *("count(", "sum(", "concat(", "regex(., '", "if(", "selected(", "once(", "substr(", "round(", "date(", "join(' ', ", "coalesce("),
    *("randomize(", "indexed-repeat(", "jr:choice-name(", "pulldata('x', 'a', 'b', ", "format-date(", "uuid(", "area(", "intersects("),
    *(")", ")", ")", "]", "[", ",", "+", "*", "div", "mod", "and", "or", "=", "!=", "<", "|", "//", "/", "@", "$", "'", "(a+)+'", "::"),
    *("999999999999999999999", "1e9", "ancestor::*", "following-sibling::*", "preceding-sibling::a", "self::node()", "*"),
)  # fmt: skip


def _expressions(chance: random.Random, rounds: Iterable[int]) -> int:
    """Evaluate random strings of tokens; return how many gave a value."""
    gave = 0
    items = "".join(f"<item><a>{number}</a><b>{number % 3}</b></item>" for number in range(40))
    lists = {"x": f'<root xmlns="">{items}</root>'}
    for _ in rounds:
        said = " ".join(chance.choice(_WORDS) for _ in range(chance.randint(1, 9)))
        said += ")" * max(0, said.count("(") - said.count(")")) + "]" * max(0, said.count("[") - said.count("]"))
        try:
            to_text(evaluate(said, "<a>3</a><b>x y</b>", lists=lists))
            gave += 1
        except KnownTrouble:
            continue
    return gave


def test_a_random_expression_is_refused_or_gives_a_value() -> None:
    assert _expressions(random.Random(7), range(500)) > 20


@pytest.mark.long
@pytest.mark.timeout(60 + 2 * night.NIGHT_S)
def test_random_expressions_of_a_night() -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    assert _expressions(random.Random(seed), night.rounds()) > 0


def _memory_of(run: Callable[[], object]) -> float:
    """Return the most MB that Python held at once while `run` ran, refused or not."""
    tracemalloc.start()
    try:
        run()
    except KnownTrouble:
        pass
    finally:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return most / 1e6


@pytest.mark.slow
def test_a_million_choices_are_refused_before_they_fill_the_memory() -> None:
    items = "<item><label>L</label><value>v</value></item>" * 300_000
    body = f'<select1 ref="/data/a">{items}</select1>'
    assert _refused(xform("<a/>", "", body)) in {"too-many-choices", "too-many-nodes", "too-large"}
    csv = b"name,label\n" + b"n,l\n" * 250_000
    assert (
        _memory_of(lambda: form("<a/>", extra='<instance id="x" src="jr://file-csv/x.csv"/>', media={"x.csv": csv}))
        < 300
    )


@pytest.mark.parametrize(
    "said",
    [
        "1" + " + 1" * 7_000,
        "/data/a" + "[1]" * 9_000,
        "(" * 90 + "1" + ")" * 90,
        "concat(" + ", ".join(["'x'"] * 190) + ")",
        "- " * 15_000 + "1",
        "/data/a" + "/.." * 9_000,
        "/data/a" + "//*" * 6,
        "'" + "x" * 31_000 + "'",
    ],
    ids=lambda said: f"{said[:12]} {len(said)}",
)
def test_a_long_path_or_expression_is_bounded(said: str) -> None:
    began = time.process_time()
    with contextlib.suppress(KnownTrouble):
        evaluate(said)
    assert time.process_time() - began < 5


def test_a_hostile_submission_makes_no_room_without_end() -> None:
    definition = form("<r><a/></r>", body='<repeat nodeset="/data/r"/>')
    filling = filled(definition)
    filling.restore(
        {
            p("r[999999999]/a"): "x",
            p("r/@count"): "9" * 5_000,
            p("r[" + "9" * 5_000 + "]/a"): "y",
            p("zzz[7]/@count"): "3",
        }
    )
    assert len(filling.repeats(p("r"))) <= 1_000


def test_a_count_that_leans_on_itself_finds_rest_or_is_stopped() -> None:
    for rule in ("count(/data/r) + 1", "1 - count(/data/r)"):
        nodes, count = "<n/><r><a/></r>", '<repeat nodeset="/data/r" jr:count="/data/n"/>'
        filling = filled(form(nodes, bind("n", calculate=rule), count))
        assert len(filling.repeats(p("r"))) <= 40


def _reason(run: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(FormRefused) as told:
        run()
    return str(told.value.values["reason"]), str(told.value.values["place"])


def _filters(count: int, rows: int) -> FormDefinition:
    """Return a form each of whose calculations is allowed by itself."""
    rule = "count(instance('x')/root/i[a != position()])"
    return form(
        "".join(f"<a{number}/>" for number in range(count)),
        "".join(bind(f"a{number}", calculate=rule) for number in range(count)),
        extra=f'<instance id="x"><root xmlns="">{"<i><a>1</a></i>" * rows}</root></instance>',
    )


def test_what_opening_a_form_costs_is_bounded_for_all_its_expressions(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = _filters(40, 300)
    assert filled(definition).value(p("a39")) == "299"
    monkeypatch.setattr(expressions, "MOST_IN_ALL", 30_000)
    reason, place = _reason(lambda: filled(definition))
    assert reason == "expression-too-slow"
    assert re.fullmatch(r"/data/a\d+: count\(instance\('x'\)/root/i\[a != position\(\)\]\)", place)


@pytest.mark.long
def test_a_form_of_forty_filters_over_a_hundred_thousand_rows_is_refused() -> None:
    assert _reason(lambda: filled(_filters(40, 100_000)))[0] == "expression-too-slow"


def test_what_one_answer_or_one_look_costs_is_bounded_and_counts_anew_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = '<output value="count(/data/*)"/>' * 20
    asked = "".join(f'<input ref="/data/b{number}"><label>{words}</label></input>' for number in range(40))
    nodes = "<a/>" + "".join(f"<b{number}/>" for number in range(40))
    rules = "".join(bind(f"b{number}", calculate="count(//a[. = /data/a])") for number in range(40))
    filling = filled(form(nodes, rules, asked))
    state(filling, "")
    monkeypatch.setattr(expressions, "MOST_IN_ALL", 20_000)
    for number in range(8):  # each is allowed, and they are not added up
        filling.answer(p("a"), str(number))
        filling.label(p("b0"), "")
    for look in (lambda: state(filling, ""), lambda: sections(filling, "")):
        reason, place = _reason(look)
        assert reason == "expression-too-slow"
        assert place.startswith("/data/b")
    monkeypatch.setattr(expressions, "MOST_IN_ALL", 200)
    assert _reason(lambda: filling.answer(p("a"), "x"))[0] == "expression-too-slow"


def test_a_judge_of_submissions_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = _filters(40, 300)
    judge = Judge(definition)
    assert judge.is_quick
    assert judge.problems({}, today=lambda: TODAY) == []
    monkeypatch.setattr(expressions, "MOST_IN_ALL", 30_000)
    assert _reason(lambda: judge.problems({}, today=lambda: TODAY))[0] == "expression-too-slow"


def test_a_long_predicate_costs_what_it_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "MOST_VISITS", 100_000)
    items = {"x": f'<root xmlns="">{"<i/>" * 500}</root>'}
    assert evaluate("count(instance('x')/root/i[1 + 1 = 2])", lists=items) == 500.0
    long = "count(instance('x')/root/i[" + "1 + " * 200 + "1 = 201])"
    assert _reason(lambda: evaluate(long, lists=items)) == ("expression-too-slow", f"/data/a: {long[:80]}")


@pytest.mark.parametrize("sign", ["!=", "<", "<=", ">", ">=", "="])
def test_two_long_lists_are_compared_without_every_pair(sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Node] = []
    value = Node.value

    def noted(node: Node) -> str:
        asked.append(node)
        return value(node)

    monkeypatch.setattr(Node, "value", noted)
    rows = {"x": f'<root xmlns="">{"<i><a>1</a><b>1</b></i>" * 300}</root>'}
    said = evaluate(f"instance('x')/root/i/a {sign} instance('x')/root/i/b", lists=rows)
    assert said is (sign in {"=", "<=", ">="})
    assert 0 < len(asked) < 1_000


def test_forms_whose_every_label_reads_every_node_are_refused_when_they_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def labelled(count: int) -> FormDefinition:
        words = '<output value="count(//*)"/>'
        body = "".join(f'<input ref="/data/b{number}"><label>{words}</label></input>' for number in range(count))
        return form("".join(f"<b{number}/>" for number in range(100)), "", body)

    monkeypatch.setattr(expressions, "MOST_PLACES", 20_000)
    assert filled(labelled(5)).label(p("b3"), "") == "100"
    reason, place = _reason(lambda: labelled(100))
    assert (reason, place.endswith(": count(//*)")) == ("expression-too-slow", True)


def test_the_text_of_a_filled_form_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOST_LETTERS", 100_000)
    nodes = f"<t>{'ấ' * 9_000}</t><n/>" + "".join(f"<a{number}/>" for number in range(20))
    rules = "".join(bind(f"a{number}", calculate=f"concat(/data/t, {number})") for number in range(20))
    assert _reason(lambda: filled(form(nodes, rules)))[0] == "too-much-text"
    counted = '<repeat nodeset="/data/r" jr:count="/data/n"/>'
    filling = filled(form(f"<n/><r><t>{'ấ' * 9_000}</t><u/></r>", bind("r/u", calculate="concat(../t, 1)"), counted))
    filling.answer(p("n"), "2")
    assert len(filling.value(p("r[2]/u"))) == 9_001
    assert _reason(lambda: filling.answer(p("n"), "9"))[0] == "too-much-text"


def test_one_label_is_bounded_with_what_stands_in_it() -> None:
    words = '<output value="/data/t"/>' * 12
    definition = form(f"<t>{'ấ' * 9_000}</t><a/>", "", f'<input ref="/data/a"><label>{words}</label></input>')
    assert _reason(lambda: filled(definition).label(p("a"), "")) == ("too-much-text", "/data/a")


_LONG = "abcdefghi" * 1_000
_ROUND = ";".join(f"{number % 80} {number % 170}" for number in range(900))


@pytest.mark.parametrize(
    ("nodes", "rule"),
    [
        (
            f"<g>{''.join(f'<b{number}>x</b{number}>' for number in range(2_000))}</g>",
            "string-length(string(/data/g)) + K",
        ),
        (f"<t>{'a' * 1_900}</t>", "regex(/data/t, '([a-z]+)*[0-9]K')"),
        (f"<t>{'a' * 1_900}</t>", "regex(/data/t, '[a-z]*[0-9]K')"),
        (f"<t>{_LONG}</t>", "digest(concat(/data/t, K), 'SHA-512')"),
        (f"<t>{_LONG}</t>", "string-length(translate(/data/t, 'abc', 'dK'))"),
        (f"<t>{_LONG}</t>", "selected(/data/t, 'K')"),
        (f"<t>{_ROUND}</t>", "geofence('5 K', /data/t)"),
        (f"<t>{_ROUND}</t>", "intersects(/data/t)"),
        ("", "extract-signed('AAAAK', 'AAAA')"),
        ("", "count(instance('x')/root/i[position(.) > K])"),
        ("", "count(instance('x')/root/i[cK = 'z'])"),
        ("", "pulldata('x', 'a', 'cK', 'z')"),
        ("", "count(randomize(instance('x')/root/i, K))"),
    ],
    ids=lambda said: str(said)[:40],
)
def test_what_costs_much_is_counted_for_much(nodes: str, rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four hundred of each are refused before their work is done: counted, so the same on a quick and a busy machine."""
    names = [f"a{number}" for number in range(400)]
    rules = "".join(bind(name, calculate=rule.replace("K", name[1:])) for name in names)
    rows = f'<instance id="x"><root xmlns="">{"<i><a>1</a></i>" * 400}</root></instance>'
    definition = form(nodes + "".join(f"<{name}/>" for name in names), rules, extra=rows)
    monkeypatch.setattr(expressions, "MOST_IN_ALL", 60_000)
    reason, place = _reason(lambda: filled(definition))
    assert reason == "expression-too-slow"
    assert int(re.findall(r"/data/a(\d+):", place)[0]) < 300


def test_all_the_terms_of_a_form_are_counted_when_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "MOST_TERMS", 5_000)
    names = [f"a{number}" for number in range(60)]
    for rule in ("K + " * 100 + "1", "1 + " * 100 + "1"):  # each another, or all the same
        rules = "".join(bind(name, calculate=rule.replace("K", name[1:])) for name in names)
        nodes = "".join(f"<{name}/>" for name in names)
        assert _reason(lambda rules=rules, nodes=nodes: form(nodes, rules))[0] == "expression-too-slow"  # type: ignore[misc]
        assert form("<a1/>", bind("a1", calculate=rule.replace("K", "1")))


def test_telling_everybody_who_listens_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = "<n/>" + "<r>" + "".join(f"<a{number}/><b{number}/>" for number in range(8)) + "</r>"
    rules = "".join(
        bind(f"r/a{number}", calculate="/data/n + position(..)") + bind(f"r/b{number}", calculate="/data/r[1]/a0")
        for number in range(8)
    )
    definition = form(nodes, rules, '<repeat nodeset="/data/r" jr:count="/data/n"/>')
    filling = filled(definition)
    filling.answer(p("n"), "20")
    monkeypatch.setattr(expressions, "MOST_IN_ALL", 20_000)
    filling = filled(definition)
    assert _reason(lambda: filling.answer(p("n"), "200"))[0] == "expression-too-slow"
