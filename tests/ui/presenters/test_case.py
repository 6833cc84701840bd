"""The family's case: which question comes next, how certain the count is, and what each answer did to the list."""

import datetime as dt
from collections.abc import Mapping

import pytest

from bnhelper.catalogue.pack import Pack
from bnhelper.ids import FieldPath
from tests import factories
from tests.factories import SHIPPED
from ui.presenters.case import Case


def _path(name: str) -> FieldPath:
    return FieldPath(f"/data/case/{name}")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return SHIPPED.newest


def _case(pack: Pack, answers: Mapping[str, str] | None = None, language: str = "vi") -> Case:
    given = {_path(name): value for name, value in (answers or {}).items()}
    return Case(pack, factories.BIRTH, given, language, today=lambda: dt.date(2026, 11, 23))


def test_it_begins_with_the_first_question_and_claims_no_count(pack: Pack) -> None:
    step = _case(pack).step(None)
    assert step is not None
    assert (step.question.path, step.number, step.total) == (_path("channel"), 1, 0)


def test_the_count_is_told_once_nothing_can_be_added(pack: Pack) -> None:
    open_end = {name: value for name, value in factories.CASE.items() if name != "has_medical_birth_cert"}
    step = _case(pack, open_end).step(None)
    assert step is not None
    assert (step.question.path, step.number, step.total) == (_path("has_medical_birth_cert"), 6, 0), "one more may come"
    step = _case(pack, factories.CASE | {"has_medical_birth_cert": "no"}).step(None)
    assert step is not None
    assert (step.question.path, step.number, step.total) == (_path("has_birth_witness"), 7, 7)


def test_when_everything_is_answered_nothing_is_asked(pack: Pack) -> None:
    case = _case(pack, factories.CASE)
    assert case.step(None) is None
    assert case.open_questions() == 0
    assert case.answers() == {_path(name): value for name, value in factories.CASE.items()}


def test_one_can_go_back_to_an_answered_question_and_a_strange_one_leads_to_the_next(pack: Pack) -> None:
    case = _case(pack, {"channel": "online"})
    back, strange = case.step(_path("channel")), case.step(_path("nowhere"))
    assert back is not None
    assert strange is not None
    assert (back.question.value, back.number) == ("online", 1)
    assert strange.question.path == _path("by_proxy")


def test_after_and_before_walk_along_what_is_asked(pack: Pack) -> None:
    case = _case(pack, {"channel": "online", "by_proxy": "no"})
    assert case.after(_path("channel")) == _path("birth_edata_available"), "answered ones are passed over"
    assert case.before(_path("birth_edata_available")) == _path("by_proxy"), "going back passes nothing over"
    assert case.before(_path("channel")) is None
    assert case.before(_path("nowhere")) is None
    assert case.after(_path("nowhere")) == _path("birth_edata_available")
    assert _case(pack, factories.CASE).after(_path("channel")) is None


def test_an_answer_tells_what_it_did_to_the_list(pack: Pack) -> None:
    case = _case(pack)
    before = {item.paper for item in case.checklist().items}
    did = case.answer(_path("channel"), "online")
    after = {item.paper for item in case.checklist().items}
    assert {paper for paper, mark in did.items() if mark == "-"} == before - after
    assert {paper for paper, mark in did.items() if mark == "+"} == after - before
    assert {"form_paper", "id_paper"} <= before - after
    assert case.answer(_path("channel"), "online") == {}
    undone = case.answer(_path("channel"), "direct")
    assert undone["form_paper"] == "+" == undone["id_paper"]  # type: ignore[index]


def test_a_question_that_an_answer_made_pointless_is_not_handed_on(pack: Pack) -> None:
    case = _case(pack, {"channel": "direct", "by_proxy": "yes", "proxy_is_close_relative": "yes"})
    assert _path("proxy_is_close_relative") in case.answers()
    case.answer(_path("by_proxy"), "no")
    assert _path("proxy_is_close_relative") not in case.answers()
    assert _path("proxy_is_close_relative") not in {one.path for one in case.questions()}


def test_open_questions_fall_by_each_answer(pack: Pack) -> None:
    case = _case(pack)
    left = [case.open_questions()]
    for name, value in factories.CASE.items():
        case.answer(_path(name), value)
        left.append(case.open_questions())
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0


def test_an_unknown_answer_keeps_the_paper_on_the_list(pack: Pack) -> None:
    """Rather one paper too many in the hand than one too few at the desk."""
    case = _case(pack, factories.CASE | {"child_abandoned": "unknown"})
    sure = {item.paper for item in _case(pack, factories.CASE).checklist().items}
    assert sure < {item.paper for item in case.checklist().items}


def test_the_same_case_in_the_other_language_asks_the_same(pack: Pack) -> None:
    ours, english = _case(pack).questions(), _case(pack, language="en").questions()
    assert [one.path for one in ours] == [one.path for one in english]
    assert ours[0].label != english[0].label
