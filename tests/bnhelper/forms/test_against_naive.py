"""The dependency graph gives what computing everything again gives: random forms, random answers."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnhelper.forms.instance import FormInstance
from bnhelper.forms.reader import parse_form
from bnhelper.forms.submission import read_submission, to_xml
from bnhelper.ids import FieldPath
from tests.bnhelper.forms.naive import naive
from tests.bnhelper.forms.xforms import TODAY, bind, filled, xform

_OUTSIDE, _INSIDE = 6, 4


@dataclass(frozen=True)
class Made:
    """A random form and the inputs a person may answer."""

    xml: str
    inputs: list[str]
    inner_inputs: list[str]
    is_counted: bool


@st.composite
def _forms(draw: st.DrawFn) -> Made:
    outside = [f"a{number}" for number in draw(st.permutations(range(_OUTSIDE)))]
    inside = [f"b{number}" for number in draw(st.permutations(range(_INSIDE)))]
    place = draw(st.integers(0, _OUTSIDE))  # where in the order of dependence the repeat stands
    binds: list[str] = []
    inputs, inner_inputs, actions = [], [], []
    is_counted = place > 0 and draw(st.booleans())
    known: list[str] = []

    def term(names: list[str], *, is_sum: bool = False) -> str:
        pool = [*names, "'3'", "2"] + (
            [
                "sum(/data/r/b0)",
                "count(/data/r)",
                "/data/r[1]/b1",
                "count(/data/r[b0 > 2])",
                "indexed-repeat(/data/r/b1, /data/r, 2)",
            ]
            if is_sum
            else []
        )
        return draw(st.sampled_from(pool))

    def value(names: list[str], *, is_sum: bool = False) -> str:
        one, other, third = (term(names, is_sum=is_sum) for _ in range(3))
        shape = draw(st.integers(0, 4))
        return [
            f"{one} + {other}",
            f"if({one} > {other}, {third}, '')",
            f"substr(concat({one}, {other}), 0, 3)",
            f"(coalesce({one}, 0) * 2) mod 7",
            f"count-selected({one}) + {other}",
        ][shape]

    def rules(names: list[str], *, is_sum: bool = False) -> dict[str, str]:
        said: dict[str, str] = {}
        if draw(st.booleans()):
            said["calculate"] = value(names, is_sum=is_sum)
        if draw(st.integers(0, 3)) == 0:
            said["relevant"] = f"{term(names, is_sum=is_sum)} {draw(st.sampled_from(['>', '=', '<=']))} 2"
        return said

    group_at = draw(st.integers(0, _OUTSIDE - 1))
    for index, name in enumerate(outside):
        path = f"/data/g/{name}" if index == group_at else f"/data/{name}"
        said = rules(known, is_sum=index >= place)
        if "calculate" not in said:
            inputs.append(path)
        if index == group_at and known and draw(st.booleans()):
            binds.append(bind("g", relevant=f"{draw(st.sampled_from(known))} > 1"))
        binds.append(bind(path.removeprefix("/data/"), **said))
        known.append(path)
    before = [f"/data/g/{name}" if at == group_at else f"/data/{name}" for at, name in enumerate(outside[:place])]
    inner_known: list[str] = []
    for name in inside:
        said = rules([*before, *inner_known, "position(..)"])
        if inner_known and draw(st.integers(0, 3)) == 0:
            said["calculate"] = (
                f"coalesce(indexed-repeat(/data/r/{name}, /data/r, position(..) - 1), 0) + {draw(st.sampled_from(inner_known))}"
            )
        if "calculate" not in said:
            inner_inputs.append(name)
        binds.append(bind(f"r/{name}", **said))
        inner_known.append(draw(st.sampled_from([f"/data/r/{name}", f"../{name}"])))
    if inputs:
        source = draw(st.sampled_from(inputs))
        actions.append(
            f'<input ref="{source}"><setvalue event="xforms-value-changed" ref="/data/z" value="{source} + 1"/></input>'
        )
    nodes = "".join(
        f"<{name}/>" if at != group_at else f"<g><{name}/></g>"
        for at, name in sorted(enumerate(outside), key=lambda one: one[1])
    )
    repeat = "<r>" + "".join(f"<b{number}/>" for number in range(_INSIDE)) + "</r>"
    count = f' jr:count="{draw(st.sampled_from(before))}"' if is_counted else ""
    new = (
        f'<setvalue event="odk-new-repeat" ref="/data/r/{inner_inputs[0]}" value="position(..)"/>'
        if inner_inputs
        else ""
    )
    body = "".join(actions) + f'<repeat nodeset="/data/r"{count}>{new}</repeat>'
    parts = [nodes, repeat] if draw(st.booleans()) else [repeat, nodes]
    return Made(xform("".join(parts) + "<z/>", "".join(binds), body), inputs, inner_inputs, is_counted)


_STEPS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 20), st.sampled_from(["", "0", "1", "2", "3", "5"])), max_size=8
)


def _do(instance: FormInstance, made: Made, step: tuple[int, int, str]) -> None:
    kind, number, value = step
    present = len(instance._tree.at(FieldPath("/data/r")))
    if kind == 0 and made.inputs:
        instance.answer(FieldPath(made.inputs[number % len(made.inputs)]), value)
    elif kind == 1 and made.inner_inputs and present:
        name = made.inner_inputs[number % len(made.inner_inputs)]
        instance.answer(FieldPath(f"/data/r[{number % present + 1}]/{name}"), value)
    elif kind == 2 and not made.is_counted:
        instance.add_repeat(FieldPath("/data/r"))
    elif kind == 3 and not made.is_counted and present:
        instance.remove_repeat(FieldPath("/data/r"), number % present + 1)


def _all(instance: FormInstance) -> dict[str, tuple[str, bool]]:
    return {path: (node.text, node.is_relevant) for path, node in instance._tree.every()}


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(_forms(), _STEPS)
def test_what_is_settled_is_what_computing_everything_gives(made: Made, steps: list[tuple[int, int, str]]) -> None:
    form = parse_form(made.xml)
    quick, slow = filled(form), naive(form)
    assert _all(quick) == _all(slow)
    for step in steps:
        before = _all(quick)
        _do(quick, made, step)
        _do(slow, made, step)
        assert _all(quick) == _all(slow), (step, before)


@settings(max_examples=100, deadline=None)
@given(_forms(), _STEPS)
def test_what_is_kept_comes_back(made: Made, steps: list[tuple[int, int, str]]) -> None:
    form = parse_form(made.xml)
    instance = filled(form)
    for step in steps:
        _do(instance, made, step)
    again = filled(form)
    again.restore(instance.answers())
    assert _all(again) == _all(instance)
    xml = to_xml(instance, instance_id="1")
    assert to_xml(read_submission(form, xml, today=lambda: TODAY), instance_id="1") == xml
