"""One answer evaluates what depends on it, and nothing else: counted, on the form the benchmark measures."""

from collections import Counter

import pytest

from bnhelper.forms.expressions import Expression, Scope
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.nodes import Node
from bnhelper.forms.values import Value
from bnhelper.ids import FieldPath
from tests.bench.forms import large_form, opened, towns


@pytest.fixture(scope="module")
def large() -> FormInstance:
    return opened(large_form(), towns())


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count what is evaluated, by node."""
    counted: Counter[str] = Counter()
    evaluate = Expression.evaluate

    def counting(self: Expression, node: Node, scope: Scope) -> Value:
        counted[node.path] += 1
        return evaluate(self, node, scope)

    monkeypatch.setattr(Expression, "evaluate", counting)
    return counted


def test_an_answer_outside_repeats_settles_its_few_listeners(large: FormInstance, asked: Counter[str]) -> None:
    large.answer(FieldPath("/data/g5/q1"), "7")
    assert asked == {"/data/g5/q2": 1, "/data/g5/q3": 1, "/data/g6/q3": 1}
    asked.clear()
    large.answer(FieldPath("/data/g5/q7"), "nobody reads this")
    assert not asked


def test_an_answer_in_one_of_fifty_instances_leaves_the_others_alone(large: FormInstance, asked: Counter[str]) -> None:
    large.answer(FieldPath("/data/child[7]/age"), "9")
    assert asked == {"/data/child/sum": 1, "/data/total": 1}
    asked.clear()
    large.answer(FieldPath("/data/child[7]/province"), "p3")
    assert not asked, "a list is filtered when it is shown, not when an answer is given"


def test_one_instance_more_settles_itself_and_what_counts_it(large: FormInstance, asked: Counter[str]) -> None:
    large.answer(FieldPath("/data/count"), "51")
    assert asked["/data/child"] == 1
    assert asked["/data/total"] == 1
    assert asked["/data/child/sum"] <= 51, "position(..) of those before it is asked once at most"
    assert sum(asked.values()) <= 60
    asked.clear()
    large.answer(FieldPath("/data/child[51]/age"), "1")
    assert asked == {"/data/child/sum": 1, "/data/total": 1}


def test_an_answer_said_again_evaluates_nothing(large: FormInstance, asked: Counter[str]) -> None:
    large.answer(FieldPath("/data/g9/q1"), "4")
    asked.clear()
    assert large.answer(FieldPath("/data/g9/q1"), " 4 ") == set()
    assert not asked
