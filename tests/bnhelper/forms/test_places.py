"""A predicate that asks for one place is a look-up, and finds what asking every node would find."""

import pytest

from bnhelper.forms import expressions, paths
from bnhelper.forms.values import to_text
from tests.bnhelper.forms.xforms import bind, evaluate, filled, form, p

_ROWS = "".join(f"<i><a>{number}</a><b>{number % 3}</b></i>" for number in range(1, 9))
_PREDICATES = (
    *("[3]", "[0]", "[1.5]", "[9]", "[-1]", "['3']", "[b = 1][2]", "[2][1]", "[position() = 3]", "[3 = position()]"),
    *("[position() = true()]", "[position() = '5']", "[position() = /data/z]", "[position() = /data/n + 1]"),
    *(
        "[position() = position()]",
        "[position() = a]",
        "[position() = last()]",
        "[position() = instance('x')/root/i/a]",
    ),
    *("[position() = position(/data/n) + 1]", "[position() = count(../i)]", "[position() = 1 div 0]"),
)


@pytest.mark.parametrize("predicate", _PREDICATES)
def test_one_place_is_what_asking_every_node_finds(predicate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = f"join(' ', instance('x')/root/i{predicate}/a)"
    lists = {"x": f'<root xmlns="">{_ROWS}</root>'}
    quick = to_text(evaluate(said, "<a/><n>4</n><z/>", lists=lists))
    monkeypatch.setattr(paths, "place_asked", lambda _tree: None)
    assert quick == to_text(evaluate(said, "<a/><n>4</n><z/>", lists=lists))


def test_a_running_total_over_many_instances_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each instance reads the one before it, as registers of a household do."""
    before = "/data/r[position() = position(current()/..) - 1]/t"
    filling = filled(
        form(
            "<r><a>2</a><t/></r>",
            bind("r/t", type="int", calculate=f"coalesce({before}, 0) + ../a"),
            '<repeat nodeset="/data/r" jr:count="200"/>',
        )
    )
    assert filling.value(p("r[200]/t")) == "400"
    monkeypatch.setattr(expressions, "MOST_IN_ALL", 40_000)  # asking every node would take fifteen times that
    filling.answer(p("r[1]/a"), "5")
    assert filling.value(p("r[200]/t")) == "403"
