"""XPath 1.0 proper: random expressions on random trees give what elementpath gives."""

import math
from decimal import Decimal
from xml.etree.ElementTree import fromstring

import elementpath
from hypothesis import given, settings
from hypothesis import strategies as st

from bnhelper.forms.values import Value
from tests.bnhelper.forms.xforms import on_list

_TEXTS = st.sampled_from(["a", "b", "1", "2", "3", "10", "x y", "2.5"])
_LEAF = st.builds(lambda tag, text: f"<{tag}>{text}</{tag}>", st.sampled_from("pqr"), _TEXTS)
_ITEM = st.lists(_LEAF, min_size=1, max_size=4).map(lambda inside: f"<item>{''.join(inside)}</item>")
_TREE = st.lists(_ITEM, min_size=1, max_size=6).map(lambda items: f"<root>{''.join(items)}</root>")

_TEST = st.one_of(
    st.integers(1, 4).map(str),
    st.builds(lambda tag, sign, value: f"{tag} {sign} {value}", st.sampled_from("pqr"), st.sampled_from(["<", ">="]), st.sampled_from(["1", "2", "3"])),
    st.builds(lambda tag, text: f"{tag} = '{text}'", st.sampled_from("pqr"), _TEXTS),
    st.builds(lambda tag, sign: f"count({tag}) {sign} 1", st.sampled_from("pqr"), st.sampled_from(["<", ">", "="])),
    st.sampled_from(["position() = last()", "position() mod 2 = 1", "count(preceding-sibling::item) > 1", "not(count(p) = 0)"]),
)  # fmt: skip
_STEPS = st.one_of(
    st.builds(lambda tests, tag: "/item" + "".join(f"[{one}]" for one in tests) + f"/{tag}", st.lists(_TEST, max_size=2), st.sampled_from("pqr*")),
    st.builds(lambda tag: f"//{tag}", st.sampled_from("pqr*")),
    st.builds(lambda tag, test: f"/item/{tag}[{test}]", st.sampled_from("pqr"), st.sampled_from([". = 'a'", "number(.) > 1", "contains(., ' ')"])),
    st.builds(lambda test: f"/item[{test}]/following-sibling::item", _TEST),
    st.builds(lambda test: f"/item/p/../self::item[{test}]", _TEST),
)  # fmt: skip
_NUMBER = st.recursive(
    st.one_of(st.integers(0, 9).map(str), _STEPS.map(lambda path: f"count(@{path})"), _STEPS.map(lambda path: f"string-length(@{path})")),
    lambda inner: st.builds(lambda one, sign, other: f"({one} {sign} {other})", inner, st.sampled_from(["+", "-", "*", "mod", "div"]), inner)
    | inner.map(lambda one: f"- {one}") | inner.map(lambda one: f"floor({one})"),
    max_leaves=6,
)  # fmt: skip
_TRUTH = st.builds(
    lambda one, sign, other: f"{one} {sign} {other}",
    _NUMBER,
    st.sampled_from(["<", ">", "<=", ">=", "=", "!="]),
    _NUMBER,
)
_WORDS = st.one_of(
    _STEPS.map(lambda path: f"concat(string(@{path}), '|')"),
    st.builds(lambda path, start: f"substring(string(@{path}), {start}, 2)", _STEPS, st.integers(-1, 3)),
    st.builds(lambda path: f"translate(@{path}, 'ab', 'xy')", _STEPS),
    st.builds(lambda path: f"substring-after(@{path}, ' ')", _STEPS),
)
_ANY = st.one_of(
    _NUMBER,
    _TRUTH,
    _WORDS,
    st.builds(lambda one, word, other: f"{one} {word} {other}", _TRUTH, st.sampled_from(["and", "or"]), _TRUTH),
)


def _same(one: Value, other: object) -> bool:
    if isinstance(other, Decimal):  # how they divide whole numbers
        other = float(other)
    if isinstance(one, float) and not isinstance(one, bool) and isinstance(other, (int, float)):
        return (math.isnan(one) and math.isnan(other)) or one == other
    return one == other


@settings(max_examples=100, deadline=None)
@given(_TREE, _ANY)
def test_two_engines_agree(tree: str, expression: str) -> None:
    ours = on_list(expression.replace("@", "instance('x')/root"), tree)
    try:
        theirs = elementpath.select(fromstring(tree), expression.replace("@", "/root"), parser=elementpath.XPath1Parser)
    except (elementpath.ElementPathError, ZeroDivisionError, OverflowError):
        return  # XPath 1.0 divides by nothing and gives NaN or Infinity; they refuse
    if isinstance(theirs, list) and len(theirs) == 1:
        theirs = theirs[0]
    assert _same(ours, theirs), (ours, theirs)
