"""News: a month of it in bounded memory, a pull that breaks off and goes on, and news that comes as it happens."""

import contextlib
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import insert, update

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.custody import StatusKey
from bnhelper.ids import DossierId
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.store import dossiers, server_truth
from sync.delivery import Transport
from sync.engine.orders import Send
from sync.engine.reports import Report, Silent
from sync.engine.verdicts import Stop
from sync.intake import deeds, desk, ledger
from sync.intake.deeds import Deed
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer, Role
from sync.keeper import Keeper
from sync.news import News
from sync.runner import Pace, Runner
from sync.transport.authority import Bearer
from sync.transport.https import HttpsTransport
from sync.wire.changes import Change
from sync.wire.dossiers import WireState
from tests import factories
from tests.sync.conftest import RunningIntake
from tests.sync.test_runner import enrolled, locked, wait_for

_OFFICER = Officer("canbo", "Bà Hạnh", "", Role.PROVINCE, PROVINCE_OFFICE)
_MONTH = 3_000
_NOTE = "Ghi rõ thôn, xóm, số nhà như trong giấy xác nhận cư trú. " * 8


@pytest.fixture
def machine(tmp_path: Path, intake: RunningIntake) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path / "device", intake.clock)
    enrolled(opened, intake)
    yield opened
    opened.close()


class Counting:
    """The real transport, that notes what it is asked and may lose the line after so many answers."""

    def __init__(self, machine: OpenMachine, *, lost_after: int = 10**9) -> None:
        province = machine.profile.province
        assert province is not None
        self._real = HttpsTransport(province.url, device=machine.profile.device, authority=Bearer(province.token))
        self.bytes_sent: dict[str, int] = {}
        self.asked: list[str] = []
        self.lost_after = lost_after

    def perform(self, order: Send, *, within_s: float | None = None) -> Report:
        if len(self.asked) >= self.lost_after:
            return Silent("timeout")
        self.asked.append(order.path)
        return self._real.perform(order, within_s=within_s)

    def renew(self) -> None:
        self._real.renew()

    def abort(self) -> None:
        self._real.abort()

    def close(self) -> None:
        self._real.close()


def _news(machine: OpenMachine) -> News:
    return News(Keeper(machine), is_over=lambda: False, arrived=lambda: None)


def _happened(intake: RunningIntake, machine: OpenMachine, dossier: DossierId, count: int) -> None:
    """Let so much happen at the province while the machine is away, a change every few minutes."""
    changes = []
    for seq in range(1, count + 1):
        intake.clock.move(minutes=8)
        state = WireState.NEEDS_INFO if seq % 2 else WireState.IN_REVIEW
        one = Change(seq=seq, dossier=dossier, rev=1, state=state, at=intake.clock.now(), note=f"{seq} {_NOTE}")
        changes.append({"owner": machine.profile.device, "seq": seq, "body": one.write().decode()})
    with intake.site.engine.begin() as db:
        db.execute(insert(ledger.changes), changes)
        db.execute(update(ledger.devices).where(ledger.devices.c.id == machine.profile.device).values(last_seq=count))


def _peak_of(news: News, line: Counting) -> int:
    """Pull until it is over or breaks off; return the most memory that was held meanwhile, in bytes."""
    tracemalloc.start()
    try:
        with contextlib.suppress(Stop):
            news.pull(line)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_month_off_line_is_caught_up_in_bounded_memory(machine: OpenMachine, intake: RunningIntake) -> None:
    dossier = locked(machine)
    _happened(intake, machine, dossier, _MONTH)
    news, line = _news(machine), Counting(machine, lost_after=2)
    with pytest.raises(Stop):
        news.pull(line)  # what is imported and cached on the way is not counted
    line.lost_after = 4
    two_pages = _peak_of(news, line)
    line.lost_after = 10**9
    all_others = _peak_of(news, line)
    assert len(line.asked) == _MONTH // 200
    assert all_others < 1.5 * two_pages, f"{two_pages / 1e6:.1f} MB for two pages, {all_others / 1e6:.1f} MB for all"
    with machine.store.read() as db:
        told = [one for one in dossiers.events_of(db, dossier) if one["server_seq"] is not None]
        truth = server_truth.of_dossier(db, dossier)
    assert [one["server_seq"] for one in told] == list(range(1, _MONTH + 1)), "each once, in order"
    assert truth is not None
    assert (truth["seq"], truth["state"]) == (_MONTH, "in_review")
    line.close()


def test_a_pull_that_broke_off_asks_from_the_last_page_that_was_kept(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    _happened(intake, machine, locked(machine), 700)
    broken = Counting(machine, lost_after=2)
    with pytest.raises(Stop):
        _news(machine).pull(broken)
    line = Counting(machine)
    assert _news(machine).pull(line) == 300
    assert line.asked[0].startswith("/v1/changes?cursor=400-")
    broken.close()
    line.close()


def _do(intake: RunningIntake, dossier: str, kind: str) -> None:
    row = desk.dossier(intake.site, _OFFICER, dossier)
    assert row is not None
    deeds.do(intake.site, _OFFICER, dossier, row.version, Deed(kind))


@pytest.mark.net
def test_news_comes_as_it_happens_while_the_rounds_are_far_apart(
    machine: OpenMachine, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_held = threading.Event()
    genuine = News.pull

    def pull(self: News, transport: Transport, *, wait_s: int = 0) -> int:
        if wait_s:
            is_held.set()
        return genuine(self, transport, wait_s=wait_s)

    monkeypatch.setattr(News, "pull", pull)
    dossier = locked(machine)
    runner = Runner(Keeper(machine), Pace(idle_s=3600, waits_for_news_s=25))
    runner.start()
    wait_for(lambda: dossier_list(machine).rows[0].status is StatusKey.DELIVERED)
    wait_for(lambda: runner.snapshot().outcome == "sent")
    assert is_held.wait(60)
    _do(intake, dossier, "accept")
    wait_for(lambda: dossier_list(machine).rows[0].status is StatusKey.RECEIVED)
    runner.stop(timeout_s=20)  # the province holds it for 25 s
    assert not [one for one in threading.enumerate() if one.name.startswith("sync")]


@pytest.mark.net
def test_the_province_holds_a_request_for_news_no_longer_than_asked(
    machine: OpenMachine, intake: RunningIntake
) -> None:
    province = machine.profile.province
    assert province is not None

    def ask(wait: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {province.token}", "Prefer": wait}
        return requests.get(f"{intake.url}/v1/changes?cursor=0&limit=5", headers=headers, timeout=30)

    assert ask("respond-async").status_code == 304
    assert ask("wait=1").status_code == 304
    threading.Timer(0.5, _happened, (intake, machine, locked(machine), 1)).start()
    heard = ask("respond-async, wait=25")
    assert heard.status_code == 200
    assert [one["seq"] for one in heard.json()["items"]] == [1]
