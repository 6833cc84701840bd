"""Fees, time limits and legal bases hold from a day to a day; what has run out is neither asked for nor promised."""

import datetime as dt
from dataclasses import replace

import pytest

from bnhelper.catalogue.checklist import checklist
from bnhelper.catalogue.library import Library
from bnhelper.catalogue.procedure import Procedure
from bnhelper.catalogue.validity import LegalBasis, holds, in_force, not_ended
from bnhelper.forms.instance import FormInstance

_HALVED = dt.date(2026, 12, 31)


def _fees(code: str, day: dt.date, procedure: Procedure | None = None) -> list[int | None]:
    pack = Library.shipped().newest
    instance = FormInstance(pack.form(code), today=lambda: day)
    return [line.fee.amount_vnd for line in checklist(instance, procedure or pack.procedure(code), "vi").fees]


@pytest.mark.parametrize(
    ("day", "amount"), [(_HALVED, 25_000), (_HALVED + dt.timedelta(1), 50_000), (dt.date(2025, 7, 1), 25_000)]
)
def test_changing_the_id_card_costs_half_until_the_end_of_2026(day: dt.date, amount: int) -> None:
    assert _fees("1.014063", day) == [amount]  # circular 64/2025/TT-BTC


def test_a_fee_that_has_run_out_is_not_known_and_never_the_old_amount() -> None:
    shipped = Library.shipped().newest.procedure("1.014063")
    ended = replace(shipped, fees=tuple(replace(one, valid_from="", valid_to="2025-12-31") for one in shipped.fees))
    assert _fees("1.014063", dt.date(2026, 11, 25), ended) == [None]


def test_the_new_civil_status_law_is_named_before_it_comes_and_the_day_decides() -> None:
    bases = Library.shipped().newest.procedure("1.001193").legal_basis
    new = LegalBasis("03/2026/QH16", "2027-03-01")
    assert new in not_ended(bases, dt.date(2026, 11, 25))
    assert new not in in_force(bases, dt.date(2027, 2, 28))
    assert new in in_force(bases, dt.date(2027, 3, 1))


def test_both_bounds_belong_to_the_time() -> None:
    one = LegalBasis("x", "2026-01-01", "2026-01-31")
    days = [dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 1, 31), dt.date(2026, 2, 1)]
    assert [holds(one, day) for day in days] == [False, True, True, False]
    assert all(holds(LegalBasis("y"), day) for day in days)


def test_every_authored_fee_of_the_pack_says_when_it_was_so() -> None:
    pack = Library.shipped().newest
    ours = [pack.procedure(one.code) for one in pack.procedures(55)]
    assert all(one.as_of for one in ours)
    assert {one.code for one in ours if any(fee.valid_to for fee in one.fees)} == {"1.014063", "1.014064"}
