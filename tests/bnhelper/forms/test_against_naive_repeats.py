"""Repeats inside repeats, actions and filtered lists: the graph gives what computing everything again gives."""

from dataclasses import dataclass, field
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnhelper.forms.instance import FormInstance
from bnhelper.forms.reader import parse_form
from bnhelper.forms.submission import read_submission, to_xml
from bnhelper.forms.trouble import NotARepeat
from bnhelper.ids import FieldPath
from tests.bnhelper.forms import night
from tests.bnhelper.forms.naive import naive
from tests.bnhelper.forms.xforms import TODAY, bind, filled, xform

#: what a node of the inner repeat may be worked out from; each reads only what settles before it
_INNER = (
    "position(..)",
    "position(../..) * 10 + position(..)",
    "../c0 + ../../b0",
    "sum(../preceding-sibling::s/c0)",
    "coalesce(indexed-repeat(/data/r/s/c0, /data/r, position(../..), /data/r/s, position(..) - 1), 'x')",
    "count(/data/r/s)",
    "count(../../s[c0 > 1])",
    "/data/k + current()/../c0",
    "concat(/data/r[1]/b0, '|', ../../b1)",
    "if(position(..) = last(), 'l', 'n')",
    "once(../c0)",
)
_OUTER = (
    "count(s)",
    "count(/data/r)",
    "sum(s/c0)",
    "position(.)",
    "sum(/data/r/s/c0) + b0",
    "/data/r[position() = /data/k]/b0",
    "count(preceding-sibling::r) + 1",
    "string-length(join('', s/c0))",
)
_OUTSIDE = (
    "count(/data/r)",
    "count(/data/r/s)",
    "sum(/data/r/s/c0)",
    "join(',', /data/r/b0)",
    "indexed-repeat(/data/r/s/c1, /data/r, 1, /data/r/s, /data/k)",
    "string(/data/r[b0 = /data/k][1]/s[1]/c0)",
    "max(/data/r/b0)",
    "count-non-empty(/data/r/b1)",
    "jr:choice-name(/data/r[1]/pick, '/data/r/pick')",
)
_RELEVANT = {
    "r": ("position(.) < 3", "position(.) != /data/k", "/data/k > 0"),
    "s": ("../b0 > 1", "position(.) < 3", "position(..) <= /data/k", "count(../../r) > 1"),
    "s/c0": ("position(..) != 2", "../../b0 != 2", "/data/k < 4"),
}
_LIST = "".join(
    f"<item><name>n{number}</name><label>L{number}</label><of>{number % 3}</of></item>" for number in range(9)
)


@dataclass(frozen=True)
class Made:
    """A random form and what a person may do with it."""

    xml: str
    counts: frozenset[str]
    inputs: tuple[str, ...] = field(default=("n", "k", "a", "b0", "b1", "c0", "pick", "whom"))


@st.composite
def _forms(draw: st.DrawFn) -> Made:
    def maybe(options: tuple[str, ...], chance: int = 2) -> str | None:
        return draw(st.sampled_from(options)) if draw(st.integers(0, chance)) == 0 else None

    def rules(relevant: str | None = None, calculate: str | None = None) -> dict[str, str]:
        return {name: said for name, said in (("relevant", relevant), ("calculate", calculate)) if said is not None}

    binds = [bind(name, type="int") for name in ("n", "k")]
    # A relevance that counts what lies in the repeat would lean on itself: those stand in the calculations.
    binds.append(bind("r", **rules(maybe(_RELEVANT["r"], 3))))
    binds.append(bind("r/s", **rules(maybe(_RELEVANT["s"], 3))))
    binds.append(bind("r/s/c0", type="int", **rules(maybe(_RELEVANT["s/c0"], 3))))
    binds.append(bind("r/s/c1", **rules(None, draw(st.sampled_from(_INNER)))))
    said = draw(st.sampled_from(_OUTER))
    binds.append(
        bind(
            "r/t",
            **rules(
                None,
                said.replace("s/", "../s/")
                .replace("count(s)", "count(../s)")
                .replace("position(.)", "position(..)")
                .replace("+ b0", "+ ../b0")
                .replace("/data/r/../s", "/data/r/s")
                .replace("preceding-sibling::r", "../preceding-sibling::r"),
            ),
        )
    )
    binds += [bind(f"t{number}", **rules(None, draw(st.sampled_from(_OUTSIDE)))) for number in range(2)]
    counts: set[str] = set()
    outer = inner = ""
    if draw(st.booleans()):
        counts.add("r")
        outer = ' jr:count="/data/n"'
    kind = draw(st.integers(0, 3))
    if kind:
        counts.add("s")
        inner = f' jr:count="{("", "../b0", "/data/n", "position(..)")[kind]}"'
    actions = {
        "a": draw(st.sampled_from(["/data/r/b1", "/data/r[position() = /data/k]/b1", "/data/r[2]/s/c0", "/data/z"])),
        "b0": draw(st.sampled_from(["/data/r/b1", "/data/r/s/c0", "/data/z"])),
        "c0": draw(st.sampled_from(["/data/r/b1", "/data/z"])),
    }
    on = {
        source: f'<setvalue event="xforms-value-changed" ref="{target}" value="{draw(st.sampled_from(["7", "/data/k + 1", "/data/k", "concat(., 1)"]))}"/>'
        if draw(st.booleans()) else ""
        for source, target in actions.items()
    }  # fmt: skip
    new = (
        '<setvalue event="odk-new-repeat" ref="/data/r/b1" value="concat(\'new\', position(..))"/>'
        if draw(st.booleans())
        else ""
    )
    # It reads its place alone: at which moment of settling an instance comes is not said, only what there is in the end.
    new_inner = (
        '<setvalue event="odk-new-repeat" ref="/data/r/s/c2" value="position(..) * 3"/>' if draw(st.booleans()) else ""
    )
    filters = draw(
        st.sampled_from(
            ["", "[of = current()/../b0]", "[of = /data/k or name = 'n1']", "[position() <= current()/../b0]"]
        )
    )
    people = draw(st.sampled_from(["/data/r", "/data/r[b0 > 0]", "/data/r[./b0 != '']", "/data/r/s[c0 > 1]/.."]))
    listed = escape(f"instance('l')/root/item{filters}", quote=True)
    body = (
        f'<input ref="/data/n"/><input ref="/data/k"/><input ref="/data/a">{on["a"]}</input>'
        f'<repeat nodeset="/data/r"{outer}>{new}<input ref="/data/r/b0">{on["b0"]}</input><input ref="/data/r/b1"/>'
        f'<select1 ref="/data/r/pick"><itemset nodeset="{listed}"><value ref="name"/><label ref="label"/></itemset></select1>'
        f'<group ref="/data/r/s"><repeat nodeset="/data/r/s"{inner}>{new_inner}<input ref="/data/r/s/c0">{on["c0"]}</input></repeat></group>'
        "</repeat>"
        f'<select1 ref="/data/whom"><itemset nodeset="{escape(people, quote=True)}"><value ref="b0"/><label ref="b1"/></itemset></select1>'
    )
    nodes = "<n>1</n><k>2</k><a/><r><b0/><b1/><pick/><t/><s><c0/><c1/><c2/></s></r><t0/><t1/><whom/><z/>"
    extra = f'<instance id="l"><root xmlns="">{_LIST}</root></instance>'
    return Made(xform(nodes, "".join(binds), body, extra), frozenset(counts))


_VALUES = st.sampled_from(["", "0", "1", "2", "3", "n1", "n4", "new1"])
_STEPS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30), _VALUES), max_size=10)


def _do(instance: FormInstance, made: Made, step: tuple[int, int, str]) -> None:
    kind, number, value = step
    try:
        if kind <= 2:
            wanted = made.inputs[number % len(made.inputs)]
            found = [path for path in instance.paths() if path.rpartition("/")[2] == wanted]
            if found:
                instance.answer(found[number // len(made.inputs) % len(found)], value)
            return
        places = [path for path in instance.repeat_paths() if path.rpartition("/")[2] not in made.counts]
        if not places:
            return
        place = places[number % len(places)]
        if kind == 3:
            instance.remove_repeat(place, number % max(1, len(instance.repeats(place))) + 1)
        elif len(instance.repeats(place)) < 4:
            instance.add_repeat(place)
    except NotARepeat:
        return  # a form that counts them itself


def _all(instance: FormInstance) -> dict[str, tuple[str, bool]]:
    return {path: (node.text, node.is_relevant) for path, node in instance._tree.every()}


def _asked(instance: FormInstance) -> dict[str, object]:
    """Return what screens ask: every offer, and everything that is wrong."""
    offers: dict[str, object] = {
        path: [(one.value, one.label) for one in instance.choices(path)]
        for path in instance.paths()
        if path.rpartition("/")[2] in {"pick", "whom"}
    }
    return offers | {"problems": [(one.path, one.kind) for one in instance.problems()]}


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(_forms(), _STEPS)
def test_repeats_actions_and_lists_settle_as_computing_everything_would(
    made: Made, steps: list[tuple[int, int, str]]
) -> None:
    form = parse_form(made.xml)
    quick, slow = filled(form), naive(form)
    assert _all(quick) == _all(slow)
    for step in steps:
        before = _all(quick)
        _do(quick, made, step)
        _do(slow, made, step)
        assert _all(quick) == _all(slow), (step, before)
        assert _asked(quick) == _asked(slow), (step, before)


def _leaves_gap(instance: FormInstance) -> bool:
    """Tell whether an instance that is not sent stands before one that is.

    Those behind it move up as the submission is read, in any ODK engine: a rule that asks for the position of its own
    instance then hears another number, so such a form cannot come back as it was.
    """
    for place in instance.repeat_paths():
        sent = [instance.is_relevant(one) for one in instance.repeats(place)]
        if sent != sorted(sent, reverse=True):
            return True
    return False


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(_forms(), _STEPS)
def test_a_draft_of_repeats_survives_and_its_bytes_stay(made: Made, steps: list[tuple[int, int, str]]) -> None:
    form = parse_form(made.xml)
    instance = filled(form)
    for step in steps:
        _do(instance, made, step)
    again = filled(parse_form(made.xml))
    again.restore(instance.answers())
    assert _all(again) == _all(instance)
    assert _asked(again) == _asked(instance)
    xml = to_xml(instance, instance_id="1")
    assert to_xml(again, instance_id="1") == xml
    if not _leaves_gap(instance):
        assert to_xml(read_submission(form, xml, today=lambda: TODAY), instance_id="1") == xml


@settings(max_examples=80, deadline=None)
@given(_forms(), _STEPS)
def test_what_is_said_to_have_changed_is_what_changed(made: Made, steps: list[tuple[int, int, str]]) -> None:
    instance = filled(parse_form(made.xml))
    for kind, number, value in steps:
        names = [path for path in instance.paths() if path.rpartition("/")[2] in made.inputs]
        before = _all(instance)
        said = instance.answer(names[number % len(names)], value) if kind <= 2 and names else set()
        after = _all(instance)
        moved = {path for path in before.keys() & after.keys() if before[path] != after[path]}
        if kind <= 2:
            assert {FieldPath(path) for path in moved} <= said, (kind, number, value)


@pytest.mark.long
@pytest.mark.timeout(60 + 4 * night.NIGHT_S)
def test_the_same_at_length() -> None:
    for _ in night.rounds():
        _alike_again()


@settings(max_examples=100, deadline=None, database=None)
@given(_forms(), _STEPS)
def _alike_again(made: Made, steps: list[tuple[int, int, str]]) -> None:
    form = parse_form(made.xml)
    quick, slow = filled(form), naive(form)
    for step in steps:
        _do(quick, made, step)
        _do(slow, made, step)
        assert _all(quick) == _all(slow), (made.xml, steps, step)
