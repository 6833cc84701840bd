"""Thousands of overdue dossiers hold nobody up: the screen says how far it is, and the lock ends it until next time."""

import datetime as dt
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QProgressBar
from sqlalchemy import text

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.clock import SystemClock
from bnhelper.domain.data_rights import KEPT_AFTER_END_DAYS, ended_at
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.store.erasure import ended_long_ago
from tests import factories
from tests.bench.many_dossiers import fill
from tests.ui.door import At
from ui.presenters import routes
from ui.presenters.overdue_care import OverdueCare

pytestmark = pytest.mark.slow


def _left(machine: OpenMachine) -> int:
    with machine.store.read() as db:
        return int(db.execute(text("SELECT count(*) FROM dossiers")).scalar_one())


def _overdue_in_sight(machine: OpenMachine) -> int:
    limit = machine.clock.now() - dt.timedelta(days=KEPT_AFTER_END_DAYS)
    rows = dossier_list(machine, status_filter="done", size=1_000).rows
    assert rows
    return sum((end := ended_at(row)) is not None and end <= limit for row in rows)


def test_who_unlocks_works_at_once_and_what_is_overdue_goes_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = factories.machine(tmp_path, SystemClock())
    fill(machine, 900, days=52)
    machine.close()
    may_go = threading.Event()

    def held_up(care: OverdueCare) -> bool:
        assert care.gone_through == 0 or may_go.wait(120)
        return not care._is_stopped.is_set()

    monkeypatch.setattr(OverdueCare, "_goes_on", held_up)
    at = At(tmp_path)
    try:
        at.enter()
        assert at.app.desk is not None
        care = at.app.desk.overdue
        at.hands.wait(lambda: care.gone_through > 0, "the first piece")
        assert care.is_long
        at.app.window.home(routes.Today())
        at.hands.screen("TodayScreen")
        bar = at.hands.find("overdueBar", QProgressBar)
        assert (bar.value(), bar.maximum()) == (care.gone_through, care.total)
        assert f"{care.total} dossiers whose time on this machine is over" in bar.accessibleName()
        held = _left(at.app.desk.machine)
        assert held > 800, "they lie there still"
        assert _overdue_in_sight(at.app.desk.machine) == 0

        at.app.lock()
        may_go.set()
        at.enter()
        assert at.app.desk is not None
        at.hands.wait(lambda: not at.app.quiet_work.is_busy, "the rest")
        assert _left(at.app.desk.machine) < held - 100
        assert _overdue_in_sight(at.app.desk.machine) == 0
        with at.app.desk.machine.store.read() as db:
            assert ended_long_ago(db, at.app.desk.clock.now()) == []
        at.app.window.home(routes.Today())
        at.hands.screen("TodayScreen")
        assert not at.hands.has("overdueBar")
    finally:
        may_go.set()
        at.close()
