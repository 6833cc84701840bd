"""Promise dates run from the office's reception, in working days of Việt Nam's calendar."""

import datetime as dt

import pytest

from bnhelper.catalogue.library import Library
from bnhelper.catalogue.procedure import TimeLimit
from bnhelper.catalogue.working_days import is_working_day, promise
from bnhelper.clock import PROVINCE_TIME


def at(said: str) -> dt.datetime:
    return dt.datetime.fromisoformat(said).replace(tzinfo=PROVINCE_TIME)


def limit(value: int | None, unit: str = "working_day", cutoff: str = "", part: str = "") -> TimeLimit:
    return TimeLimit(value=value, unit=unit, note_vi="", part=part, cutoff_time=cutoff)


@pytest.mark.parametrize(
    ("received", "value", "cutoff", "due"),
    [
        ("2026-11-23 14:59", 0, "15:00", "2026-11-23"),
        ("2026-11-23 15:00", 0, "15:00", "2026-11-23"),  # "after 15 o'clock" begins after it
        ("2026-11-23 15:01", 0, "15:00", "2026-11-25"),  # 24 November is a holiday
        ("2026-11-25 15:00", 3, "15:00", "2026-11-30"),
        ("2026-11-25 15:30", 3, "15:00", "2026-12-01"),  # counted from the next day
        ("2026-11-27 15:30", 1, "15:00", "2026-12-01"),  # late on a Friday: received on Monday
        ("2026-11-28 09:00", 0, "15:00", "2026-11-30"),  # on a Saturday: received on Monday
        ("2026-11-28 16:00", 3, "15:00", "2026-12-03"),  # the hour of a day off says nothing
        ("2026-08-22 15:30", 1, "15:00", "2026-08-25"),  # a Saturday that is worked has its 15 o'clock
        ("2026-11-20 09:00", 3, "", "2026-11-26"),
        ("2026-11-16 09:00", 10, "", "2026-12-01"),
        ("2026-08-20 09:00", 3, "", "2026-08-24"),  # Saturday 22 August is worked
        ("2027-01-20 09:00", 25, "", "2027-03-03"),  # over Tết
        ("2026-11-24 23:14", 0, "15:00", "2026-11-25"),  # received on a holiday
    ],
)
def test_working_days(received: str, value: int, cutoff: str, due: str) -> None:
    found = promise(at(received), [limit(value, cutoff=cutoff)])
    assert found is not None
    assert found.date().isoformat() == due


def test_hours_skip_no_holiday() -> None:
    assert promise(at("2026-11-23 16:20"), [limit(24, "hour")]) == at("2026-11-24 16:20")


def test_plain_days_end_on_a_working_day() -> None:
    found = promise(at("2026-11-20 09:00"), [limit(1, "day")])  # ends on a Saturday
    assert found is not None
    assert found.date() == dt.date(2026, 11, 23)


def test_a_saturday_counts_only_where_it_is_said() -> None:
    saturday = dt.date(2026, 11, 21)
    assert not is_working_day(saturday)
    assert is_working_day(saturday, saturday_counts=True)
    found = promise(
        at("2026-11-20 09:00"), [limit(3)], is_working=lambda day: is_working_day(day, saturday_counts=True)
    )
    assert found is not None
    assert found.date() == dt.date(2026, 11, 25)


def test_the_machines_time_zone_changes_nothing() -> None:
    in_utc = at("2026-11-23 15:01").astimezone(dt.UTC)
    assert promise(in_utc, [limit(0, cutoff="15:00")]) == promise(at("2026-11-23 15:01"), [limit(0, cutoff="15:00")])


@pytest.mark.parametrize(
    "limits",
    [[], [limit(None)], [limit(3, "")], [limit(3, part="BHXH")], [limit(3), limit(5)], [limit(99_999)]],
)
def test_without_one_plain_rule_nothing_is_promised(limits: list[TimeLimit]) -> None:
    assert promise(at("2026-11-23 09:00"), limits) is None


def test_the_15_oclock_rule_is_data_of_the_procedure() -> None:
    found = Library.shipped().newest.procedure("1.001193").time_limits
    assert [(one.value, one.unit, one.cutoff_time) for one in found] == [(0, "working_day", "15:00")]
