"""Tries whether an author's form keeps a paper on the list as "perhaps" while answers are missing."""

import datetime as dt
from collections.abc import Iterator

from bnhelper.authoring.cases import cases, questions
from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.instance import FormInstance
from bnhelper.ids import FieldPath

_CASE = "/data/case"


def doubts(form: FormDefinition) -> Iterator[str]:
    """Yield what the author should look at, one sentence each. Papers that hang on too much to try are passed over."""
    for path in form.under(_CASE):
        control = form.controls.get(path)
        if control is not None and control.kind == "select_one" and "unknown" not in _values(form, path):
            yield f"question {_name(path)} has no choice unknown; who does not know cannot go on"
    instance = FormInstance(form, today=lambda: dt.date(2026, 1, 1), seed=1)
    for paper in form.under("/data/documents"):
        asked = questions(instance, paper, with_certain=True)
        if not asked:
            continue
        is_first, is_first_sure = instance.is_relevant(paper), instance.is_certain(paper)
        seen = {(instance.is_relevant(paper), instance.is_certain(paper)) for _ in cases(instance, asked)}
        for path in asked:
            instance.answer(path, form.leaves[path])
        name, is_sometimes_in = _name(paper), any(is_in for is_in, _ in seen)
        if is_first_sure and len(seen) > 1:
            yield f"paper {name} is surely needed before anything is answered: write bind::bn:certain with = 'yes'"
        if not is_first and is_sometimes_in:
            yield f"paper {name} is left out while nothing is answered: write relevant with != 'no'"
        rule = form.bind(paper).rules.get("certain")
        if is_sometimes_in and not any(sure for _, sure in seen) and rule is not None and rule.source != "false()":
            yield f"paper {name} is surely needed in no case: bind::bn:certain holds nowhere where relevant does"


def needed_in_some_cases_only(form: FormDefinition) -> set[str]:
    """Return the papers that are not needed in every case, as far as the questions they hang on can be tried."""
    instance = FormInstance(form, today=lambda: dt.date(2026, 1, 1), seed=1)
    found: set[str] = set()
    for paper in form.under("/data/documents"):
        asked = questions(instance, paper)
        if asked and not all(instance.is_relevant(paper) for _ in cases(instance, asked)):
            found.add(_name(paper))
        for path in asked or ():
            instance.answer(path, form.leaves[path])
    return found


def _values(form: FormDefinition, path: FieldPath) -> list[str]:
    return [one.value for one in FormInstance(form, today=lambda: dt.date(2026, 1, 1), seed=1).choices(path)]


def _name(path: FieldPath) -> str:
    return path.rpartition("/")[2]
