"""The board of statuses a kiosk holds: found by the slip alone, and nothing personal in it."""

from pathlib import Path

from bnhelper.domain.custody import StatusKey
from bnhelper.domain.seen_status import SeenStatus, newest, told_by_province
from bnhelper.queries.dossier_list import dossier
from bnhelper.queries.status_board import status_board
from tests import factories, states
from tests.fakes.clock import FixedClock


def test_a_slip_finds_what_the_one_status_function_says_and_a_draft_has_none(tmp_path: Path) -> None:
    clock = FixedClock()
    machine = factories.machine(tmp_path, clock)
    try:
        draft = dossier(machine, states.draft(machine))
        waiting = dossier(machine, states.sealed(machine))
        known = states.proved(machine)
        clock.move(hours=2)
        states.tell(machine, known, "in_review")
        answered = dossier(machine, known)
        board = status_board(machine)
    finally:
        machine.close()
    phone = factories._PERSON["phone"][-4:]
    assert board.by_token(draft.look_up_token) is None
    assert board.by_token(waiting.look_up_token) == SeenStatus(
        waiting.status, waiting.sealed_at or waiting.changed_at, is_from_province=False
    )
    found = board.by_code(answered.readable_code, phone)
    assert found is not None
    assert (found.status, found.at, found.is_from_province) == (StatusKey.PROCESSING, clock.now(), True)
    assert board.by_code(answered.readable_code, "0000") is None, "the short code alone can be tried through"
    held = repr(board._seen)
    for personal in ("HOÀ", phone, answered.readable_code, answered.look_up_token, answered.id):
        assert personal not in held


def test_what_the_province_still_lacks_is_never_shown_as_arrived() -> None:
    at = FixedClock().now()
    receiving = told_by_province("receiving", at)
    assert receiving is not None
    assert receiving.status is StatusKey.SENDING
    assert told_by_province("something-new", at) is None
    local = SeenStatus(StatusKey.READY, at, is_from_province=False)
    assert newest(local, receiving) == receiving
    assert newest(local, None) == local
    assert newest(None) is None
