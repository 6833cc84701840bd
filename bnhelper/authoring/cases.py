"""Tries every case of an author's form, to find the papers that none of them needs."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from typing import Final

from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.expressions import Expression
from bnhelper.forms.instance import FormInstance
from bnhelper.ids import FieldPath

_MOST_CASES: Final = 7_000  #: eight questions of yes, no and blank, six where "not sure" is a choice
_MOST_MARKED: Final = 5  #: choices of a question that takes several
#: What no answer decides: the day, the device, chance, lists beside the form.
_OUTSIDE: Final = re.compile(r"\b(?:today|now|random|property|pulldata|instance|once|uuid|position|count)\s*\(")


def never_needed(form: FormDefinition) -> tuple[list[FieldPath], list[FieldPath]]:
    """Return the papers that are relevant in no case, and those that hang on more than can be tried.

    Every answer of the questions a paper hangs on, directly or through others, is given with every other, blank
    ones too; at most 7,000 cases a paper. Raises FormRefused for a form that no dossier can begin with.
    """
    never: list[FieldPath] = []
    untried: list[FieldPath] = []
    instance = FormInstance(form, today=lambda: dt.date(2026, 1, 1), seed=1)
    for paper in form.under("/data/documents"):
        if instance.is_relevant(paper):
            continue
        asked = questions(instance, paper)
        if asked is None:
            untried.append(paper)
        elif not any(instance.is_relevant(paper) for _ in cases(instance, asked)):
            (never if _count(asked) <= _MOST_CASES else untried).append(paper)
        for path in asked or ():
            instance.answer(path, form.leaves[path])
    return never, untried


def cases(instance: FormInstance, asked: dict[FieldPath, list[str]]) -> Iterator[None]:
    """Give every answer with every other, the first cases of them: each step changes as little as can be."""
    for case in itertools.islice(itertools.product(*asked.values()), _MOST_CASES):
        for path, value in zip(asked, case, strict=True):
            instance.answer(path, value)
        yield


def _count(asked: dict[FieldPath, list[str]]) -> int:
    count = 1
    for values in asked.values():
        count *= len(values)
    return count


def questions(
    instance: FormInstance, paper: FieldPath, *, with_certain: bool = False
) -> dict[FieldPath, list[str]] | None:
    """Return the answers of each question that decides about a paper; None where not all of them can be listed.

    With `with_certain`, also those that decide whether it is surely needed.
    """
    form = instance.form
    set_later = {one.target for one in form.set_values}
    found: dict[FieldPath, list[str]] = {}
    waiting, seen = [paper], {paper}
    while waiting:
        path = waiting.pop()
        values = [] if path == paper else _answers(instance, path)
        if values is None or path in set_later or path in form.repeats:
            return None
        if values:
            found[path] = values
        certain = form.bind(path).rules.get("certain") if with_certain and path == paper else None
        for rule in (*_rules(form, path), *(() if certain is None else (certain,))):
            if _OUTSIDE.search(rule.source) or rule.positions:
                return None
            waiting.extend(one for one in rule.reads if one not in seen)
            seen.update(rule.reads)
    return {path: found[path] for path in form.leaves if path in found}


def _answers(instance: FormInstance, path: FieldPath) -> list[str] | None:
    """Return what may be answered at a leaf, nothing for one that nobody answers, None for what has no end."""
    form = instance.form
    control = form.controls.get(path)
    if control is None or form.bind(path).calculate is not None or control.kind == "note":
        return []
    if control.kind == "acknowledge":
        return ["", "OK"]
    is_filtered = control.itemset is not None and (control.itemset.nodes.shared or control.itemset.nodes.positions)
    if is_filtered or control.kind not in {"select_one", "select_multiple"}:
        return None
    values = [one.value for one in instance.choices(path)]
    if control.kind == "select_one":
        return ["", *values]
    if len(values) > _MOST_MARKED:
        return None
    sets = (chosen for size in range(len(values) + 1) for chosen in itertools.combinations(values, size))
    return [" ".join(chosen) for chosen in sets]


def _rules(form: FormDefinition, path: FieldPath) -> Iterator[Expression]:
    """Yield what decides about a node's value and relevance: its own rules, and those of the groups around it."""
    bind = form.bind(path)
    if bind.calculate is not None:
        yield bind.calculate
    above = path
    while above:
        relevant = form.bind(above).relevant
        if relevant is not None:
            yield relevant
        above = FieldPath(above.rpartition("/")[0])
