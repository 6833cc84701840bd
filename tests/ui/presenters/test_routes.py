"""A route is a frozen record although nothing is compiled for each kind of it."""

import pytest

from bnhelper.ids import DossierId, FieldPath, ProcedureCode
from ui.presenters.routes import CaseQuestion, DossierTasks, FindProcedure, Question, Route, Today

_DOSSIER = DossierId("d")


def test_it_is_filled_by_place_and_by_name_and_defaults_fill_the_rest() -> None:
    route = Question(_DOSSIER, "applicant", field=FieldPath("/data/name"))
    assert (route.dossier, route.section, route.page, route.field, route.back_to_check) == (
        _DOSSIER, "applicant", 0, "/data/name", False,
    )  # fmt: skip
    assert CaseQuestion(ProcedureCode("1.001193")).answers == {}


def test_two_equal_ones_are_the_same_place() -> None:
    assert FindProcedure() == FindProcedure("") != FindProcedure("khai sinh")
    assert Today() != FindProcedure()
    assert len({FindProcedure("a"), FindProcedure(text="a"), FindProcedure("b")}) == 2


@pytest.mark.parametrize(
    ("kind", "values", "named"),
    [
        (Today, (1,), {}),
        (Question, (_DOSSIER,), {}),
        (Question, (_DOSSIER, "a"), {"section": "b"}),
        (Today, (), {"of": 1}),
    ],
)
def test_a_wrong_filling_is_told(kind: type[Route], values: tuple[object, ...], named: dict[str, object]) -> None:
    with pytest.raises(TypeError, match=kind.__name__):
        kind(*values, **named)


def test_it_does_not_change() -> None:
    with pytest.raises(AttributeError, match="focus"):
        DossierTasks(_DOSSIER).focus = "papers"  # type: ignore[misc]
