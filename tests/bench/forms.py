"""`bn.py bench forms`: opening a large form, and the time from an answer to a settled form.

The form: 300 questions in 30 groups, 5 languages, 50 instances of a repeat, and a list of 10,000 towns that one
question filters by province. Load is parsing the document and its list and making an instance with the repeats;
beside it, Python's own ElementTree only parses the same XML. An answer settles what depends on it and asks the
questions of its page what they offer and what is wrong; beside it, everything is computed again. Reopen is what the app
does for every screen of a draft: an instance of the form in memory with all its answers put back.
"""

import datetime as dt
import statistics
import time
from collections.abc import Callable
from xml.etree.ElementTree import fromstring

from bnhelper.forms.instance import FormInstance
from bnhelper.forms.reader import parse_form
from bnhelper.ids import FieldPath
from tests.bench.bench_run import Row, show

_LANGUAGES = ("Tiếng Việt (vi)", "English (en)", "Français (fr)", "中文 (zh)", "한국어 (ko)")
_GROUPS, _EACH, _INSTANCES, _TOWNS = 30, 10, 50, 10_000


def towns() -> bytes:
    """Return the list as CSV: name, label, province."""
    rows = "".join(f"t{number},Xã {number},p{number % 100}\n" for number in range(_TOWNS))
    return f"name,label,province\n{rows}".encode()


def large_form() -> str:
    """Return the XForm."""
    nodes, binds, body = [], [], []
    texts: dict[str, str] = {}
    for group in range(_GROUPS):
        inside, asked = [], []
        for number in range(_EACH):
            path = f"/data/g{group}/q{number}"
            texts[f"{path}:label"] = f"Question {group}.{number}"
            texts[f"{path}:hint"] = f"What to answer to {group}.{number}"
            inside.append(f"<q{number}/>")
            rules = {
                1: f"""type="int" constraint=". &gt;= 0 and . &lt; 1000" required="/data/g{group}/q0 = 'yes'\"""",
                2: f"""relevant="/data/g{group}/q1 &gt; 3\"""",
                3: f"""calculate="concat(/data/g{group}/q1, ' ', /data/g{max(0, group - 1)}/q1)\"""",
                4: f"""type="date" constraint=". &lt;= today()" relevant="selected(/data/g{group}/q0, 'yes')\"""",
            }.get(number, "")
            binds.append(f'<bind nodeset="{path}" {rules}/>')
            words = f"<label ref=\"jr:itext('{path}:label')\"/><hint ref=\"jr:itext('{path}:hint')\"/>"
            if number in {0, 5, 6}:
                items = "".join(
                    f"<item><label>{one}</label><value>{one}</value></item>" for one in ("yes", "no", "other")
                )
                asked.append(f'<select1 ref="{path}">{words}{items}</select1>')
            else:
                asked.append(f'<input ref="{path}">{words}</input>')
        nodes.append(f"<g{group}>{''.join(inside)}</g{group}>")
        body.append(f'<group ref="/data/g{group}">{"".join(asked)}</group>')
    nodes.append("<count>50</count><total/><child jr:template=''><age/><province/><town/><sum/></child>")
    binds.append(
        '<bind nodeset="/data/total" calculate="sum(/data/child/age)"/>'
        '<bind nodeset="/data/child/age" type="int" constraint=". &lt; 120"/>'
        '<bind nodeset="/data/child/sum" calculate="../age + position(..)"/>'
    )
    body.append(
        '<group ref="/data/child"><label>Child</label><repeat nodeset="/data/child" jr:count="/data/count">'
        '<input ref="/data/child/age"/><input ref="/data/child/province"/><select1 ref="/data/child/town">'
        "<itemset nodeset=\"instance('towns')/root/item[province = current()/../province]\">"
        '<value ref="name"/><label ref="label"/></itemset></select1></repeat></group>'
    )
    translations = "".join(
        f'<translation lang="{language}">'
        + "".join(f'<text id="{key}"><value>{said} {language}</value></text>' for key, said in texts.items())
        + "</translation>"
        for language in _LANGUAGES
    )
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
        ' xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>large</h:title><model>'
        f"<itext>{translations}</itext>"
        f'<instance><data xmlns="" id="large" version="1">{"".join(nodes)}</data></instance>'
        '<instance id="towns" src="jr://file-csv/towns.csv"/>'
        f"{''.join(binds)}</model></h:head><h:body>{''.join(body)}</h:body></h:html>"
    )


def opened(xml: str, list_of_towns: bytes) -> FormInstance:
    """Return the form, parsed and ready for the first answer."""
    form = parse_form(xml, {"towns.csv": list_of_towns}.get)
    return FormInstance(form, today=lambda: dt.date(2026, 11, 24))


def _answers() -> list[tuple[FieldPath, str]]:
    steps: list[tuple[FieldPath, str]] = []
    for number in range(1, _INSTANCES + 1):
        steps += [
            (FieldPath(f"/data/child[{number}]/age"), str(number)),
            (FieldPath(f"/data/child[{number}]/province"), f"p{number}"),
            (FieldPath(f"/data/child[{number}]/town"), f"t{number}"),
        ]
    for group in range(_GROUPS):
        steps += [(FieldPath(f"/data/g{group}/q0"), "yes"), (FieldPath(f"/data/g{group}/q1"), str(group))]
    return steps


def _page_of(instance: FormInstance, path: FieldPath) -> list[FieldPath]:
    above = path.rpartition("/")[0]
    return [one for one in instance.paths() if one.startswith(f"{above}/")]


def _settled(xml: str, csv: bytes, *, is_naive: bool) -> list[float]:
    """Return for each answer the milliseconds until the form is settled and its page asked anew."""
    instance = opened(xml, csv)
    steps = _answers()
    pages = {path: _page_of(instance, path) for path, _ in steps}
    if is_naive:
        steps = steps[::10]
    took = []
    for path, value in steps:
        began = time.perf_counter()
        instance.answer(path, value)
        if is_naive:
            instance.recompute()
            instance.problems()
        for one in pages[path]:
            instance.problem(one)
            instance.choices(one, _LANGUAGES[1])
        took.append((time.perf_counter() - began) * 1000)
    return took


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def _p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


def _row(what: str, ours: float, words: str, theirs: float, target: float | None = None) -> Row:
    return Row(what, ours, "ms", words, theirs, ours / theirs, target)


def main() -> int:
    xml, csv = large_form(), towns()
    filled = opened(xml, csv)
    for path, value in _answers():
        filled.answer(path, value)
    kept = filled.answers()

    def reopen() -> None:
        FormInstance(filled.form, today=filled._scope.today).restore(kept)

    reopen()  # everything is warm now
    loads = [(_timed(lambda: opened(xml, csv)), _timed(lambda: fromstring(xml)), _timed(reopen)) for _ in range(21)]
    load, parse, again = (list(one) for one in zip(*loads, strict=True))
    runs = [(_settled(xml, csv, is_naive=False), _settled(xml, csv, is_naive=True)) for _ in range(5)]
    ours, naive = ([list(one) for one in each] for each in zip(*runs, strict=True))
    middle = statistics.median
    parsing, everything = "ElementTree parses the XML", "everything computed again"
    return show(
        "forms",
        [
            _row("load_300", middle(load), parsing, middle(parse), 300.0),
            _row("load_300_p95", _p95(load), parsing, _p95(parse)),
            _row("reopen_300", middle(again), parsing, middle(parse)),
            _row("answer_300_p50", middle(map(middle, ours)), everything, middle(map(middle, naive))),
            _row("answer_300_p95", middle(map(_p95, ours)), everything, middle(map(_p95, naive)), 16.0),
        ],
    )


if __name__ == "__main__":
    raise SystemExit(main())
