"""A pattern gives the same answer whether Python matches it or our state machine, and none runs away."""

import re._parser as syntax  # type: ignore[import-not-found]

import pytest

from bnhelper.forms import patterns

_DATE = r"^([0-9]{4})(-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$"
_PHONE = r"^(0|[+]?84)(2[0-9]{9}|[35789][0-9]{8}|1[2689][0-9]{8})$"
_FEW_WAYS = (_DATE, _PHONE, "(ab?|c){0,3}", "(a|b|c)(d|e)?", "[a-c]{2,4}(x|y)")
_TEXTS = (
    "1987", "1987-06-05", "1987-13-05", "1987-06-5", "19870605", "0912345678", "+84912345678", "84212345678", "091234567",
    "", "ab", "aba", "abcab", "ccc", "cccc", "ad", "b", "be", "aax", "abcay", "abcabx", "d", "1987-06-05\n",
)  # fmt: skip
_MANY_WAYS = ("(a|a)*b", "(a+)+b", "(a|ab|abc|b|c){9}", "(a?){30}a{30}", "((aa|bc){3}(cd|dc){3}){3}", "(a{0,90}){2}b")


@pytest.mark.parametrize("pattern", _FEW_WAYS)
def test_python_and_the_machine_agree(pattern: str) -> None:
    tree = syntax.parse(pattern)
    machine = patterns._Machine(tree)
    assert patterns._ways(tree) <= 200
    said = [patterns.matches(pattern, text) for text in _TEXTS]
    assert said == [machine.matches(text) for text in _TEXTS]
    assert True in said
    assert False in said


@pytest.mark.parametrize("pattern", _MANY_WAYS)
def test_what_backtracking_could_follow_for_ever_is_run_by_the_machine(pattern: str) -> None:
    assert patterns._ways(syntax.parse(pattern)) > 200
    assert not patterns.matches(pattern, "a" * 1_999 + "!")


def test_ways_are_counted() -> None:
    assert patterns._ways(syntax.parse(_DATE)) == 7
    assert patterns._ways(syntax.parse("[0-9]{12}")) == 1
    assert patterns._ways(syntax.parse("[0-9]{1,12}")) == 12
    assert patterns._ways(syntax.parse("(ab|cd|ef){2}")) == 9
