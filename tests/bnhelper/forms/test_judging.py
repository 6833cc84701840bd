"""The quick road of a server gives the very judgement that the form gives while it is filled."""

import datetime as dt
import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import resources
from bnhelper.catalogue.library import Library
from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.judging import Judge
from bnhelper.forms.problems import Problem
from bnhelper.forms.reader import parse_form
from bnhelper.forms.submission import read_xml, to_xml
from bnhelper.ids import FieldPath
from tests.bnhelper.forms import night
from tests.bnhelper.forms.test_against_naive import Made, _forms
from tests.bnhelper.forms.xforms import TODAY, bind, xform

_WORDS = ("", "yes", "no", "unknown", "proxy", "NGUYỄN THỊ HOÀ", "027201012003", "1", "0", "-3", "51", "1987-06-05")
_MORE = ("1987", "2031-01-01", "0912 345 678", "+84912345678", "a<b>", "x" * 130, "không", "12.5", "2026-02-30", "true")


def _said(problems: list[Problem]) -> list[tuple[str, str, dict[str, str]]]:
    return [(one.path, one.kind, dict(one.words)) for one in problems]


def _today() -> dt.date:
    return TODAY


def _value(form: FormDefinition, path: FieldPath, die: random.Random) -> str:
    control = form.controls.get(path)
    if control is not None and control.choices and die.random() < 0.85:
        return die.choice(control.choices).value
    return die.choice(_WORDS + _MORE)


def _judged_alike(form: FormDefinition, judge: Judge, die: random.Random) -> int:
    """Fill a form step by step and judge what it submits both ways; return how many problems there are."""
    instance = FormInstance(form, today=_today)
    leaves = list(form.leaves)
    for path in die.sample(leaves, k=int(len(leaves) * die.choice((0.1, 0.5, 1.0)))):
        instance.answer(path, _value(form, path, die))
    answers = read_xml(to_xml(instance, instance_id="1"), form)[2]
    quick = _said(judge.problems(answers, today=_today))
    assert quick == _said(FormInstance(form, today=_today, answers=answers).problems())
    assert quick == _said(instance.problems())
    # A client that lies sends what no form would: values where nothing is relevant, and nodes that are not there.
    wild = {path: _value(form, path, die) for path in die.sample(leaves, k=len(leaves) // 2)}
    wild |= {FieldPath("/data/nowhere"): "1", FieldPath(f"{leaves[0]}[1]"): "x", form.inner[-1]: "y"}
    assert _said(judge.problems(wild, today=_today)) == _said(FormInstance(form, today=_today, answers=wild).problems())
    return len(quick)


def _ours() -> list[str]:
    """Return the procedures whose forms we wrote."""
    folder = resources.resource("procedures")
    return sorted(path.stem for path in folder.glob("[0-9]*.yaml"))


@cache
def _library() -> Library:
    return Library.shipped()


@pytest.mark.long
@pytest.mark.timeout(60 + 4 * night.NIGHT_S)
def test_forms_of_the_shipped_pack_are_judged_as_they_are_filled() -> None:
    """Others each night, as many as the time allows; those that we wrote are all tried in the usual run, below."""
    pack = _library().newest
    codes = [one.code for one in pack.procedures() if not one.is_stub]
    random.SystemRandom().shuffle(codes)
    for _, code in zip(night.rounds(), codes, strict=False):
        form, judge = pack.form(code), pack.judge(code)
        assert judge.is_quick, code
        for seed in range(6):
            _judged_alike(form, judge, random.Random(f"{code} {seed}"))


@pytest.mark.crash  # not in the quick run: it reads 55 forms
def test_the_forms_we_wrote_are_judged_as_they_are_filled() -> None:
    pack = _library().newest
    codes = _ours()
    assert len(codes) >= 55
    found = 0
    for code in codes:
        form, judge = pack.form(code), pack.judge(code)
        assert judge.is_quick, code
        found += sum(_judged_alike(form, judge, random.Random(f"{code} {seed}")) for seed in range(8))
    assert found > 1_000


def test_the_birth_registration_is_judged_as_it_is_filled() -> None:
    pack = _library().newest
    form, judge = pack.form("1.001193"), pack.judge("1.001193")
    assert sum(_judged_alike(form, judge, random.Random(seed)) for seed in range(60)) > 100


@settings(max_examples=120, deadline=None)
@given(_forms(), st.lists(st.tuples(st.integers(0, 20), st.sampled_from(("", "0", "1", "2", "7", "x"))), max_size=8))
def test_any_form_is_judged_as_it_loads(made: Made, steps: list[tuple[int, str]]) -> None:
    """Forms with repeats among them: those take the common road, and nothing of one submission reaches the next."""
    form = parse_form(made.xml)
    judge = Judge(form)
    leaves = list(form.leaves)
    answers: dict[FieldPath, str] = {}
    for number, value in steps:
        answers[leaves[number % len(leaves)]] = value
        assert _said(judge.problems(answers, today=_today)) == _said(
            FormInstance(form, today=_today, answers=answers).problems()
        )


def test_what_is_calculated_once_is_not_kept_for_the_next_submission() -> None:
    said = xform(
        "<a/><b/>",
        bind("b", calculate="once(/data/a)", constraint=". != 'first'"),
        '<input ref="/data/a"/>',
    )
    judge = Judge(parse_form(said))
    assert judge.is_quick
    first = judge.problems({FieldPath("/data/a"): "first"}, today=_today)
    assert [one.kind for one in first] == ["constraint"]
    assert judge.problems({FieldPath("/data/a"): "second"}, today=_today) == []


def test_a_form_that_fills_itself_takes_the_common_road() -> None:
    preload = '<bind nodeset="/data/a" jr:preload="date" jr:preloadParams="today" constraint=". = today()"/>'
    judge = Judge(parse_form(xform("<a/>", preload, '<input ref="/data/a"/>')))
    assert not judge.is_quick
    assert judge.problems({}, today=_today) == []


def test_another_day_is_another_judgement() -> None:
    judge = Judge(
        parse_form(xform("<a/>", bind("a", type="date", constraint=". <= today()"), '<input ref="/data/a"/>'))
    )
    answers = {FieldPath("/data/a"): TODAY.isoformat()}
    assert judge.problems(answers, today=_today) == []
    assert judge.problems(answers, today=lambda: TODAY - dt.timedelta(days=1)) != []
    assert judge.problems(answers, today=_today) == []
