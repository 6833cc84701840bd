"""The status page promises a date only on the office's word, counted by the office's clock."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.receipts import received_at
from bnhelper.ids import DossierId
from bnhelper.queries.dossier_status import dossier_status
from bnhelper.store import outbox, server_truth
from tests import factories


def _receipt(received: str) -> str:
    """A receipt as it is kept: only its payload is read here, its signature was checked before."""
    payload = base64.urlsafe_b64encode(json.dumps({"received_at": received}).encode()).decode().rstrip("=")
    return f"e30.{payload}.c2ln"


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path)
    yield opened
    opened.close()


def _sent(machine: OpenMachine, received: str) -> DossierId:
    dossier = factories.birth_dossier(machine)
    lock_dossier(machine, dossier)
    with machine.store.write() as db:
        outbox.move(db, 1, OutboxState.SENDING, has_left=True)
        # the device's own clock is a day and a half wrong
        outbox.move(db, 1, OutboxState.PROVED, proved_at="2026-11-21T20:00:00.000Z", receipt=_receipt(received))
    return dossier


def _truth(machine: OpenMachine, dossier: DossierId, state: str, at: str, **more: Any) -> None:
    with machine.store.write() as db:
        server_truth.apply(
            db, {"seq": more.pop("seq", 1), "dossier": dossier, "rev": 1, "state": state, "at": at, "officer": "Bà Hạnh"} | more
        )  # fmt: skip


def test_before_the_receipt_nothing_is_promised(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    lock_dossier(machine, dossier)
    status = dossier_status(machine, dossier, "vi")
    assert status.promised_at is None
    assert status.counted_from is None


def test_captured_before_15_oclock_and_received_after_it_counts_from_the_reception(machine: OpenMachine) -> None:
    dossier = _sent(machine, "2026-11-23T08:20:00.000Z")  # 15:20 in the province
    status = dossier_status(machine, dossier, "vi")
    assert status.promised_at is not None
    assert status.promised_at.date().isoformat() == "2026-11-25"


def test_the_officers_acceptance_moves_the_beginning(machine: OpenMachine) -> None:
    dossier = _sent(machine, "2026-11-20T08:20:00.000Z")
    _truth(machine, dossier, "accepted", "2026-11-23T02:00:00.000Z")
    status = dossier_status(machine, dossier, "vi")
    assert status.promised_at is not None
    assert status.promised_at.date().isoformat() == "2026-11-23"


def test_a_dossier_that_waits_for_a_supplement_has_no_promise(machine: OpenMachine) -> None:
    dossier = _sent(machine, "2026-11-23T02:00:00.000Z")
    request = {"id": "0199a3f0-1111-7abc-8def-0123456789ab", "fields": [], "papers": ["birth_evidence"], "note": "x"}
    _truth(machine, dossier, "needs_info", "2026-11-23T03:00:00.000Z", request=request)
    assert dossier_status(machine, dossier, "vi").promised_at is None


@pytest.mark.parametrize("kept", ["", "x", "a.b.c", "e30.e30.e30", "e30.bm90IGpzb24.e30"])
def test_what_is_no_receipt_gives_no_time(kept: str) -> None:
    assert received_at(kept) is None
