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
        (Stop.offline("timeout"), "offline", 2),
        (Stop.captive(), "captive", 1.5),
        (Stop(Why.BUSY, "busy", after_s=40), "busy", 40),
        (Stop(Why.LOGIN, "unknown-device"), "login", 300),
    ],
)
def test_what_concerns_everybody_closes_it(stop: Stop, name: str, seconds: float) -> None:
    gate = GateState("open", probes=1).after(stop, _NOW)
    assert gate.name == name
    assert _seconds(gate) == seconds
    assert not gate.may_try(_NOW + dt.timedelta(seconds=seconds - 1))
    assert gate.may_try(_NOW + dt.timedelta(seconds=seconds))


@pytest.mark.parametrize("why", [Why.LATER, Why.HELD])
def test_trouble_of_one_item_leaves_it_open(why: Why) -> None:
    assert _OPEN.after(Stop(why, "invalid"), _NOW) == _OPEN


def test_a_line_that_was_there_a_moment_ago_is_looked_for_at_once() -> None:
    assert _seconds(_OPEN.after(Stop.offline("timeout"), _NOW)) == 0


def test_probes_come_back_to_back_at_first_and_then_every_fifteen_minutes() -> None:
    gate, waits = _OPEN.after(Stop.offline("timeout"), _NOW), []
    for _ in range(15):
        gate = gate.after(Stop.offline("timeout"), _NOW)
        waits.append(_seconds(gate))
    assert waits == [2, 2, 3, 3, 5, 5, 8, 13, 20, 60, 60, 120, 300, 900, 900]


def test_the_time_a_probe_took_counts_as_waiting() -> None:
    gate = GateState("offline", _NOW, probes=5)
    began = _NOW - dt.timedelta(seconds=4)
    assert _seconds(gate.after(Stop.offline("timeout"), _NOW, began=began)) == 1
    began = _NOW - dt.timedelta(seconds=20)
    assert _seconds(gate.after(Stop.offline("timeout"), _NOW, began=began)) == 0


def test_a_probe_takes_its_turn_but_several_round_trips() -> None:
    assert GateState("offline", probes=1).probe_s(0.1) == 2
    assert GateState("offline", probes=1).probe_s(3.0) == 12
    assert GateState("offline", probes=14).probe_s(0.1) == 20


def test_a_quicker_pace_is_quicker_all_along() -> None:
    gate, waits = GateState("offline", probes=1), []
    for _ in range(4):
        gate = gate.after(Stop.offline("timeout"), _NOW, quickest_s=0.2)
        waits.append(round(_seconds(gate), 3))
    assert waits == [0.2, 0.2, 0.3, 0.3]


def test_pings_that_pass_do_not_make_it_forget_that_nothing_moves() -> None:
    gate = _OPEN
    for _ in range(8):
        gate = gate.after(Stop.offline("ConnectionError"), _NOW).opened()
    assert _seconds(gate.after(Stop.offline("ConnectionError"), _NOW)) == 13
    assert gate.moved().probes == 0


def test_behind_a_portal_it_is_looked_at_often_for_a_minute_and_then_more_and_more_rarely() -> None:
    gate, waits = _OPEN.after(Stop.captive(), _NOW), []
    for _ in range(48):
        gate = gate.after(Stop.captive(), _NOW)
        waits.append(_seconds(gate))
    assert waits[:39] == [1.5] * 39
    assert waits[39:] == [2, 2, 2, 3, 3, 5, 5, 8, 13]


def test_a_captive_portal_after_silence_goes_on_counting_and_an_answer_begins_anew() -> None:
    gate = _OPEN.after(Stop.offline("timeout"), _NOW).after(Stop.captive(), _NOW)
    assert (gate.name, gate.probes, gate.pages) == ("captive", 1, 1)
    assert gate.after(Stop(Why.BUSY, "busy", after_s=1), _NOW).probes == 0
    assert gate.opened().moved() == _OPEN
    assert gate.opened().may_try(_NOW)


@pytest.mark.parametrize("stop", [Stop.offline("timeout"), Stop(Why.BUSY, "busy", after_s=40), Stop(Why.LOGIN, "x")])
def test_a_clock_that_is_set_back_keeps_it_shut_no_longer_than_was_meant(stop: Stop) -> None:
    gate = GateState("offline", probes=5).after(stop, _NOW)
    assert not gate.may_try(_NOW)
    assert 0 < gate.left_s(_NOW) <= 300
    for back in (dt.timedelta(minutes=2), dt.timedelta(hours=1), dt.timedelta(days=400)):
        assert gate.may_try(_NOW - back)
        assert gate.left_s(_NOW - back) == 0


def test_thirty_thousand_machines_told_to_wait_do_not_come_back_in_the_same_second() -> None:
    stop = Stop(Why.BUSY, "busy", after_s=100)
    assert _seconds(_OPEN.after(stop, _NOW, die=0.0)) == 100
    assert _seconds(_OPEN.after(stop, _NOW, die=0.5)) == 105
    assert _seconds(_OPEN.after(stop, _NOW, die=1.0)) == 110
