"""The one table of where a dossier is, against its drawing and the wire's own words."""

import re

import pytest

from bnhelper.domain import custody
from bnhelper.domain.custody import MOVES, OutboxState, StatusKey, may_move, national_codes, status_key
from sync.wire.dossiers import WireState


def test_the_drawing_in_the_docstring_has_exactly_the_moves_of_the_table() -> None:
    drawn = re.findall(r"^\s+(\w+) --> (\w+):", custody.__doc__ or "", flags=re.MULTILINE)
    assert {(OutboxState(a), OutboxState(b)) for a, b in drawn} == MOVES
    assert len(drawn) == len(MOVES)


def test_every_state_of_the_wire_has_a_word_on_the_screen_and_no_other_has() -> None:
    assert {state.value for state in WireState} == custody.WIRE_STATES


@pytest.mark.parametrize("wire_state", [None, *sorted(custody.WIRE_STATES)])
@pytest.mark.parametrize("outbox", [state for state in OutboxState if state is not OutboxState.PROVED])
def test_without_a_verified_receipt_the_province_is_never_quoted(outbox: OutboxState, wire_state: str | None) -> None:
    assert status_key(outbox, wire_state) in {
        StatusKey.DRAFT,
        StatusKey.READY,
        StatusKey.SENDING,
        StatusKey.SENDFAIL,
    }


def test_a_proved_revision_without_a_later_word_is_delivered() -> None:
    assert status_key(OutboxState.PROVED, None) is StatusKey.DELIVERED
    assert status_key(OutboxState.PROVED, "receiving") is StatusKey.DELIVERED


@pytest.mark.parametrize(
    ("wire_state", "key"),
    [
        ("delivered", StatusKey.DELIVERED),
        ("accepted", StatusKey.RECEIVED),
        ("in_review", StatusKey.PROCESSING),
        ("needs_info", StatusKey.SUPPLEMENT),
        ("approved", StatusKey.RESULT),
        ("returned", StatusKey.RETURNED),
        ("rejected", StatusKey.REFUSED),
        ("withdrawn", StatusKey.WITHDRAWN),
    ],
)
def test_a_proved_revision_shows_the_provinces_word(wire_state: str, key: StatusKey) -> None:
    assert status_key(OutboxState.PROVED, wire_state) is key


def test_the_ten_national_codes_are_each_used_once() -> None:
    codes = [code for state in custody.WIRE_STATES for code in national_codes(state)]
    assert sorted(codes) == list(range(1, 11))


def test_proof_is_reached_only_from_an_attempt() -> None:
    before = {state for state in OutboxState if may_move(state, OutboxState.PROVED)}
    assert before == {OutboxState.SENDING, OutboxState.CONFIRMING}


def test_what_left_the_machine_is_not_turned_back_into_a_draft() -> None:
    assert not may_move(OutboxState.SENDING, OutboxState.DRAFT)
    assert not may_move(OutboxState.CONFIRMING, OutboxState.DRAFT)
    assert not may_move(OutboxState.PROVED, OutboxState.DRAFT)
