"""How the gate closes and opens."""

import datetime as dt

import pytest

from sync.engine.gate import GateState
from sync.engine.verdicts import Stop, Why

_NOW = dt.datetime(2026, 11, 23, 3, 5, tzinfo=dt.UTC)
_OPEN = GateState("open")


def _seconds(gate: GateState) -> float:
    assert gate.until is not None
    return (gate.until - _NOW).total_seconds()


@pytest.mark.parametrize(
    ("stop", "name", "seconds"),
    [
        (Stop.offline("timeout"), "offline", 3),
        (Stop.captive(), "captive", 3),
        (Stop(Why.BUSY, "busy", after_s=40), "busy", 40),
        (Stop(Why.LOGIN, "unknown-device"), "login", 300),
    ],
)
def test_what_concerns_everybody_closes_it(stop: Stop, name: str, seconds: int) -> None:
    gate = _OPEN.after(stop, _NOW)
    assert gate.name == name
    assert _seconds(gate) == seconds
    assert not gate.may_try(_NOW + dt.timedelta(seconds=seconds - 1))
    assert gate.may_try(_NOW + dt.timedelta(seconds=seconds))


@pytest.mark.parametrize("why", [Why.LATER, Why.HELD])
def test_trouble_of_one_item_leaves_it_open(why: Why) -> None:
    assert _OPEN.after(Stop(why, "invalid"), _NOW) == _OPEN


def test_probes_come_quickly_at_first_and_then_every_fifteen_minutes() -> None:
    gate, waits = _OPEN, []
    for _ in range(12):
        gate = gate.after(Stop.offline("timeout"), _NOW)
        waits.append(_seconds(gate))
    assert waits == [3, 5, 8, 13, 20, 60, 60, 120, 300, 900, 900, 900]


def test_a_quicker_pace_is_quicker_all_along() -> None:
    gate, waits = _OPEN, []
    for _ in range(3):
        gate = gate.after(Stop.offline("timeout"), _NOW, quickest_s=0.3)
        waits.append(round(_seconds(gate), 3))
    assert waits == [0.3, 0.5, 0.8]


def test_a_captive_portal_after_silence_goes_on_counting_and_an_answer_begins_anew() -> None:
    gate = _OPEN.after(Stop.offline("timeout"), _NOW).after(Stop.captive(), _NOW)
    assert (gate.name, gate.probes) == ("captive", 2)
    assert gate.after(Stop(Why.BUSY, "busy", after_s=1), _NOW).probes == 0
    assert gate.opened() == _OPEN
    assert gate.opened().may_try(_NOW)


def test_thirty_thousand_machines_told_to_wait_do_not_come_back_in_the_same_second() -> None:
    stop = Stop(Why.BUSY, "busy", after_s=100)
    assert _seconds(_OPEN.after(stop, _NOW, die=0.0)) == 100
    assert _seconds(_OPEN.after(stop, _NOW, die=0.5)) == 110
    assert _seconds(_OPEN.after(stop, _NOW, die=1.0)) == 120
