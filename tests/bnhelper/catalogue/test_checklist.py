"""The checklist of every procedure against direct three-valued judgement of its sources."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import resources
from bnhelper.authoring.conditions import Every, judge
from bnhelper.authoring.sources import Sources, conditions_of, read_sources
from bnhelper.catalogue.checklist import MAYBE, NEEDED, changed, checklist, take_away_text
from bnhelper.catalogue.pack import Pack
from bnhelper.command_line.checklist import answered_case
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.questions import case_questions
from bnhelper.ids import FieldPath
from tests.factories import SHIPPED

_TODAY = dt.date(2026, 11, 24)


@pytest.fixture(scope="module")
def sources() -> Sources:
    return read_sources(resources.resource("procedures").parent)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return SHIPPED.newest


def _codes() -> list[str]:
    return sorted(
        name.removesuffix(".yaml") for name in resources.names_under("procedures", ".yaml") if name[0].isdigit()
    )


@pytest.mark.parametrize("code", _codes())
@settings(max_examples=40, deadline=None)
@given(draw=st.data())
def test_papers_follow_from_the_sources_for_every_case(
    sources: Sources, pack: Pack, code: str, draw: st.DataObject
) -> None:
    procedure = next(one for one in sources.procedures if one["code"] == code)
    conditions = conditions_of(procedure)
    facts = conditions.facts_in_order(sources.facts)
    known = {name: draw.draw(st.sampled_from([True, False, None]), label=name) for name in facts}
    instance = FormInstance(pack.form(code), today=lambda: _TODAY)
    words = {True: "yes", False: "no", None: "unknown"}
    instance.restore({FieldPath(f"/data/case/{name}"): words[value] for name, value in known.items()})
    shown: dict[str, str] = {item.paper: item.need for item in checklist(instance, pack.procedure(code), "vi").items}
    for paper, condition in conditions.documents.items():
        verdict = judge(condition, known)
        if verdict is not None:
            assert shown.get(paper) == (NEEDED if verdict else None), paper
        else:
            assert shown.get(paper) == MAYBE, paper


@pytest.mark.parametrize("code", _codes())
@settings(max_examples=25, deadline=None)
@given(draw=st.data())
def test_named_facts_give_exactly_the_papers_of_plain_logic(
    sources: Sources, pack: Pack, code: str, draw: st.DataObject
) -> None:
    procedure = next(one for one in sources.procedures if one["code"] == code)
    conditions = conditions_of(procedure)
    facts = conditions.facts_in_order(sources.facts)
    true = draw.draw(st.lists(st.sampled_from(facts), unique=True)) if facts else []
    instance = answered_case(pack, code, true, today=_TODAY)
    found = checklist(instance, pack.procedure(code), "vi")
    known: dict[str, bool | None] = {name: name in true for name in facts}
    assert [item.paper for item in found.items] == [
        paper for paper, condition in conditions.documents.items() if judge(condition, known)
    ]
    assert all(item.need == NEEDED for item in found.items)


@pytest.mark.parametrize("code", _codes())
@settings(max_examples=15, deadline=None)
@given(draw=st.data())
def test_what_is_not_asked_any_more_could_not_have_changed_the_papers(
    sources: Sources, pack: Pack, code: str, draw: st.DataObject
) -> None:
    """Answer along the questions; the facts that were never asked are then tried both ways."""
    conditions = conditions_of(next(one for one in sources.procedures if one["code"] == code))
    instance = FormInstance(pack.form(code), today=lambda: _TODAY)
    answered: dict[str, bool | None] = {}
    for question in case_questions(instance, "vi"):
        if question.path not in {one.path for one in case_questions(instance, "vi")}:
            continue
        value = draw.draw(st.sampled_from([choice.value for choice in question.choices if choice.value != "unknown"]))
        instance.answer(question.path, value)
        if question.path.endswith("/channel"):
            answered |= {f"channel_{one}": one == value for one in ("online", "direct", "postal")}
        else:
            answered[question.path.rpartition("/")[2]] = value == "yes"
    if len(pack.procedure(code).channels) == 1:
        answered |= {
            f"channel_{one}": one == pack.procedure(code).channels[0] for one in ("online", "direct", "postal")
        }
    asked = {name for name, fact in sources.facts.items() if fact.kind in {"question", "sensitive"}}
    unasked = [name for name in conditions.facts_in_order(sources.facts) if name in asked - set(answered)]
    for condition in conditions.documents.values():
        first = judge(condition, answered | dict.fromkeys(unasked, True))
        assert first == judge(condition, answered | dict.fromkeys(unasked, False))


def test_a_grandparent_needs_no_authorisation(pack: Pack) -> None:
    true = ["channel_direct", "by_proxy", "applicant_is_grandparent_or_relative"]
    papers = [
        item.paper
        for item in checklist(
            answered_case(pack, "1.001193", true, today=_TODAY), pack.procedure("1.001193"), "vi"
        ).items
    ]
    assert papers == ["form_paper", "birth_evidence", "id_paper", "residence_proof"]


def test_no_birth_slip_brings_the_witness_statement_as_an_alternative(pack: Pack) -> None:
    instance = answered_case(pack, "1.001193", ["channel_online", "has_birth_witness"], today=_TODAY)
    evidence = next(
        item for item in checklist(instance, pack.procedure("1.001193"), "vi").items if item.paper == "birth_evidence"
    )
    assert [one.name for one in evidence.alternatives] == ["Văn bản của người làm chứng xác nhận về việc sinh"]


def test_an_unpublished_fee_is_not_free_and_the_exempt_are_told(pack: Pack) -> None:
    instance = answered_case(pack, "1.000656", ["poor_household"], today=_TODAY)
    (fee,) = checklist(instance, pack.procedure("1.000656"), "vi").fees
    assert fee.fee.amount_vnd is None
    assert fee.exempt == "yes"


def test_the_pension_rule_says_who_is_eligible(pack: Pack) -> None:
    procedure = pack.procedure("1.014027")
    for true, eligible in (
        (["age_75_plus", "no_monthly_pension"], "yes"),
        (["age_70_to_74", "no_monthly_pension"], "no"),
        (["age_70_to_74", "no_monthly_pension", "poor_or_near_poor"], "yes"),
    ):
        assert checklist(answered_case(pack, "1.014027", true, today=_TODAY), procedure, "vi").eligible == eligible
    fresh = FormInstance(pack.form("1.014027"), today=lambda: _TODAY)
    assert checklist(fresh, procedure, "vi").eligible == "maybe"


def test_what_an_answer_did_to_the_list_is_told(pack: Pack) -> None:
    procedure = pack.procedure("1.001193")
    instance = FormInstance(pack.form("1.001193"), today=lambda: _TODAY)
    before = checklist(instance, procedure, "vi")
    instance.answer(FieldPath("/data/case/child_abandoned"), "yes")
    did = changed(before, checklist(instance, procedure, "vi"))
    assert did["birth_evidence"] == "-"  # type: ignore[index]
    assert did["abandoned_minutes"] == "="  # type: ignore[index]


def test_the_take_away_text_fits_a_code_and_names_nobody(pack: Pack) -> None:
    known = [one for one in pack.procedures() if not one.is_stub]
    longest = sorted(known, key=lambda one: -len(one.name("vi")))[:20]  # the portal's run over a thousand letters
    for summary in [*known[::25], *longest]:
        procedure = pack.procedure(summary.code)
        instance = FormInstance(pack.form(summary.code), today=lambda: _TODAY)
        found = checklist(instance, procedure, "vi")
        text = take_away_text(procedure, found, "vi")
        assert len(text.encode()) <= 900
        assert procedure.code in text
        listed = text.count("\n- ")
        assert listed == len(found.items) or f"còn {len(found.items) - listed} giấy tờ nữa" in text


def test_a_paper_without_a_condition_is_always_needed(sources: Sources) -> None:
    assert judge(Every(()), {}) is True
    assert sources.facts
