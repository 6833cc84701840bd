"""Visit lists on a device: pulled with the one cursor, cut anywhere, told back in the one line, erased in time."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from bnhelper.actions.erase_overdue import set_aside_overdue
from bnhelper.actions.record_visit import add_home, record_visit, send_record_again, undo_visit
from bnhelper.actions.start_dossier import start_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.catalogue.units import units
from bnhelper.clock import province_date, to_text
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.sending import Gate, LinkState, SendingKind
from bnhelper.domain.visits import KEPT_DAYS, Outcome, Reason, Standing
from bnhelper.queries.sending_status import sending_status
from bnhelper.queries.sync_centre import sync_centre
from bnhelper.queries.visit_list import VisitList, todays_visits, visit_list
from bnhelper.store import outbox
from bnhelper.store import tables as t
from bnhelper.store.open_machine import Province
from sync.engine.verdicts import Stop
from sync.intake import ledger, visits
from sync.intake.station import invite
from sync.intake.visit_csv import EXAMPLE, homes_of
from sync.keeper import Keeper
from sync.runner import Pace, Runner
from sync.transport.enrolment import enrol
from sync.wire.changes import Change, HeldByDevice
from sync.wire.dossiers import WireState
from tests import factories, states
from tests.sync.conftest import RunningIntake, running
from tests.sync.courier_world import courier
from tests.sync.test_news import Counting, _news, _peak_of

_ONLINE = LinkState(gate=Gate.OPEN)


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningIntake]:
    """One server for all: every test has a commune of its own."""
    with running(tmp_path_factory.mktemp("visits") / "intake") as found:
        yield found


@pytest.fixture(scope="module")
def communes() -> Iterator[str]:
    return iter([one.code for one in units()])


@pytest.fixture
def unit(communes: Iterator[str]) -> str:
    return next(communes)


def _enrolled(machine: OpenMachine, intake: RunningIntake, name: str, unit: str) -> None:
    code = invite(intake.site, intake.url, unit=unit).to_text()
    known, answer = enrol(code, device=machine.profile.device, public_key=machine.signing.public(), name=name)
    machine.remember_province(Province(known.url, answer.server_id, answer.token, tuple(answer.receipt_keys)))


@pytest.fixture
def machine(tmp_path: Path, intake: RunningIntake, unit: str) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path / "device", intake.clock)
    _enrolled(opened, intake, "Mai", unit)
    yield opened
    opened.close()


def _made(intake: RunningIntake, unit: str, hamlet: str = "Thôn Đông", table: str = EXAMPLE) -> str:
    homes = homes_of(table, province_date(intake.clock.now()))
    return visits.make(intake.site, unit=unit, hamlet=hamlet, device=None, homes=homes, by="officer:x")


def _table(count: int) -> str:
    return "Ngõ;Số nhà;Họ tên\n" + "".join(f"Ngõ {n // 9};{n};Nhà {n}\n" for n in range(count))


def _pulled(machine: OpenMachine) -> None:
    line = Counting(machine)
    _news(machine).pull(line)
    line.close()


def _seen(machine: OpenMachine, list_id: str | None = None) -> VisitList:
    found = visit_list(machine, list_id)
    assert found is not None
    return found


def _sent(machine: OpenMachine) -> str:
    """Let the runner do one round, on this thread."""
    runner = Runner(Keeper(machine), Pace())
    outcome = runner._round()
    runner._drop_connections()
    return outcome


def test_a_list_comes_with_the_news_in_the_order_of_the_way(
    machine: OpenMachine, intake: RunningIntake, unit: str
) -> None:
    assert visit_list(machine) is None
    assert todays_visits(machine) is None
    _made(intake, unit)
    _pulled(machine)
    seen = _seen(machine)
    assert (seen.about.hamlet, seen.missing, seen.counts[Standing.TODO]) == ("Thôn Đông", 0, 3)
    first = seen.homes[0]
    assert (first.home.lane, first.home.number, first.home.who, first.age) == ("Ngõ 3", "12", "Nguyễn Thị Hoa", 74)
    assert [one.needs for one in seen.homes] == [(), (Reason.RESULT, Reason.SUPPLEMENT), ()]
    today = todays_visits(machine)
    assert today is not None
    assert (today.hamlet, today.count, len(today.first)) == ("Thôn Đông", 3, 3)


def test_a_pull_cut_at_any_page_ends_with_the_same_list(
    machine: OpenMachine, intake: RunningIntake, unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.engine import pull_changes

    monkeypatch.setattr(pull_changes, "PAGE", 4)
    _made(intake, unit, table=_table(22))
    pages = 0
    while True:
        line = Counting(machine, lost_after=1)
        try:
            _news(machine).pull(line)
            break
        except Stop:
            pages += 1
            found = visit_list(machine)
            assert found is None or found.missing == 22 - len(found.homes), "what is missing meanwhile is said"
        finally:
            line.close()
    assert pages == 5
    seen = _seen(machine)
    assert ([one.home.number for one in seen.homes], seen.missing) == ([str(n) for n in range(22)], 0)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_month_of_visits_is_caught_up_in_bounded_memory(
    machine: OpenMachine, intake: RunningIntake, unit: str
) -> None:
    """Thirty lists of a hundred homes, and a line that breaks after the second page and after the fourth."""
    for day in range(30):
        _made(intake, unit, f"Thôn {day}", _table(100))
    news, line = _news(machine), Counting(machine, lost_after=2)
    with pytest.raises(Stop):
        news.pull(line)
    line.lost_after = 4
    two_pages = _peak_of(news, line)
    line.lost_after = 10**9
    all_others = _peak_of(news, line)
    assert all_others < 1.5 * two_pages, f"{two_pages / 1e6:.1f} MB for two pages, {all_others / 1e6:.1f} MB for all"
    with machine.store.read() as db:
        assert db.execute(text("SELECT count(*) FROM visit_homes")).scalar() == 3_000
    line.close()


def test_dossiers_and_visits_share_pages_and_one_cursor(machine: OpenMachine, intake: RunningIntake, unit: str) -> None:
    dossier = states.proved(machine)
    _made(intake, unit, table=_table(5))
    device = machine.profile.device
    told = []
    for seq in range(1, 4):
        change = Change(seq=seq, dossier=dossier, rev=1, state=WireState.IN_REVIEW, at=intake.clock.now())
        told.append({"owner": device, "seq": seq, "body": change.write().decode(), "at": to_text(change.at)})
    with intake.site.engine.begin() as db:
        db.execute(insert(ledger.changes), told)
        db.execute(ledger.devices.update().where(ledger.devices.c.id == device).values(last_seq=3))
    line = Counting(machine)
    assert _news(machine).pull(line) == 3 + 1 + 5
    assert len(line.asked) == 1
    assert _news(machine).pull(line) == 0
    line.close()


def test_an_outcome_waits_is_counted_goes_in_the_one_line_and_is_told_to_the_others(
    machine: OpenMachine, intake: RunningIntake, unit: str, tmp_path: Path
) -> None:
    tuan = factories.machine(tmp_path / "tuan", intake.clock)
    _enrolled(tuan, intake, "Tuấn", unit)
    made = _made(intake, unit)
    _pulled(machine)
    _pulled(tuan)
    home = _seen(machine).homes[0].home.id
    told = record_visit(machine, made, home, Outcome.AWAY, note="chó dữ")
    intake.clock.move(minutes=5)
    record_visit(tuan, made, home, Outcome.MET, done=(Reason.RESULT,))
    status = sending_status(machine, _ONLINE)
    assert (status.kind, status.waiting, status.visits) == (SendingKind.WAITING, 1, 1)
    assert sync_centre(machine, _ONLINE).status == status
    assert (_sent(machine), _sent(tuan)) == ("sent", "sent")
    status = sending_status(machine, _ONLINE)
    assert (status.kind, status.waiting, status.done_today) == (SendingKind.ALL_SENT, 0, 1)
    _pulled(machine)
    _pulled(tuan)
    for one in (machine, tuan):
        said = [(visit.by, visit.outcome, visit.is_mine) for visit in _seen(one).homes[0].visits]
        assert len(said) == 2, "both are kept"
        assert {is_mine for _by, _outcome, is_mine in said} == {True, False}
    assert _seen(machine).homes[0].visits[0].note == "chó dữ"
    assert told.before is None
    tuan.close()


def test_a_replay_of_what_the_province_lost_the_answer_to_is_harmless(
    machine: OpenMachine, intake: RunningIntake, unit: str
) -> None:
    made = _made(intake, unit)
    _pulled(machine)
    record_visit(machine, made, _seen(machine).homes[0].home.id, Outcome.MET)
    intake.faults.late = 2
    assert _sent(machine) == "offline", "no receipt, not told"
    assert sending_status(machine, _ONLINE).waiting == 1
    assert _sent(machine) == "sent"
    with intake.site.engine.connect() as db:
        assert len(db.execute(select(ledger.records.c.id).where(ledger.records.c.list == made)).all()) == 1
        log = ledger.visit_entries.c
        assert len(db.execute(select(log.seq).where(log.list == made, log.visited.is_not(None))).all()) == 1


def test_undo_takes_it_out_of_the_line_or_says_so(machine: OpenMachine, intake: RunningIntake, unit: str) -> None:
    made = _made(intake, unit)
    _pulled(machine)
    home = _seen(machine).homes[0].home.id
    first = record_visit(machine, made, home, Outcome.AWAY)
    second = record_visit(machine, made, home, Outcome.MET)
    assert second.visit.record == first.visit.record, "the same day and person: said anew"
    undo_visit(machine, second)
    assert _seen(machine).homes[0].standing is Standing.AWAY
    undo_visit(machine, first)
    assert _seen(machine).homes[0].standing is Standing.TODO
    assert sending_status(machine, _ONLINE).waiting == 0
    gone = record_visit(machine, made, home, Outcome.NO_NEED)
    assert _sent(machine) == "sent"
    undo_visit(machine, gone)
    assert _seen(machine).homes[0].standing is Standing.TODO
    assert sending_status(machine, _ONLINE).waiting == 1, "whoever has heard of it hears of this too"
    assert _sent(machine) == "sent"
    undo_visit(machine, gone)  # twice does nothing
    assert sending_status(machine, _ONLINE).waiting == 0


def test_a_home_is_added_at_the_door_and_a_list_where_there_is_none(
    machine: OpenMachine, intake: RunningIntake, unit: str
) -> None:
    begun, home = add_home(machine, None, hamlet="Xóm Trại", lane="Ngõ 7", number="2", who="Lê Thị Tư")
    seen = _seen(machine)
    assert (seen.about.id, seen.about.hamlet, seen.missing) == (begun, "Xóm Trại", 0)
    assert seen.homes[0].home.is_new
    record_visit(machine, begun, home, Outcome.LATER)
    assert _sent(machine) == "sent"
    (listed,) = visits.lists(intake.site, unit)
    assert (listed.hamlet, listed.visited, listed.device) == ("Xóm Trại", 1, machine.profile.device)
    _pulled(machine)
    assert _seen(machine).homes[0].standing is Standing.LATER


def test_who_needs_nothing_is_not_asked_again_this_month(
    machine: OpenMachine, intake: RunningIntake, unit: str
) -> None:
    made = _made(intake, unit)
    _pulled(machine)
    home = _seen(machine).homes[1].home.id
    record_visit(machine, made, home, Outcome.NO_NEED)
    again = _made(intake, unit, "Thôn Đông")
    _pulled(machine)
    assert _seen(machine, again).homes[1].home.id == home, "the same home, whatever list"
    assert _seen(machine, again).homes[1].standing is Standing.NO_NEED
    intake.clock.move(days=31)
    assert _seen(machine, again).homes[1].standing is Standing.TODO, "the month after, it is"


def test_a_dossier_begun_at_a_home_stands_there(machine: OpenMachine, intake: RunningIntake, unit: str) -> None:
    made = _made(intake, unit)
    _pulled(machine)
    home = _seen(machine).homes[0].home.id
    dossier = start_dossier(machine, factories.BIRTH, {}, visited=(made, home))
    assert [one.id for one in _seen(machine).homes[0].dossiers] == [dossier]


def test_a_list_is_erased_when_it_is_taken_back_and_when_its_time_is_over(
    machine: OpenMachine, intake: RunningIntake, unit: str
) -> None:
    first, second = _made(intake, unit), _made(intake, unit, "Thôn Tây")
    _pulled(machine)
    record_visit(machine, first, _seen(machine, first).homes[0].home.id, Outcome.MET)
    visits.withdraw(intake.site, unit, first, "officer:x")
    _pulled(machine)
    assert [one.id for one in _seen(machine).others] == [second]
    assert sending_status(machine, _ONLINE).waiting == 1, "what was said is still told"
    assert _sent(machine) == "sent"
    record_visit(machine, second, _seen(machine).homes[0].home.id, Outcome.MET)
    assert _sent(machine) == "sent"
    states.days_pass(machine, intake.clock, KEPT_DAYS + 1)
    set_aside_overdue(machine)
    with machine.store.read() as db:
        for table in (t.visit_lists, t.visit_homes, t.visits, t.records):
            assert db.execute(select(table)).all() == [], table.name
    _pulled(machine)
    assert visit_list(machine) is None, "and what is over does not come again"


def test_a_refused_outcome_is_held_with_its_reason_and_sent_again(
    machine: OpenMachine, intake: RunningIntake, unit: str
) -> None:
    made = _made(intake, unit)
    _pulled(machine)
    record_visit(machine, made, _seen(machine).homes[0].home.id, Outcome.MET)
    with machine.store.read() as db:
        record = db.execute(select(t.records.c.record)).scalar_one()
    other = {"kind": "visit", "device": "another", "list": made, "body": b"{}", "sha256": "0", "signature": ""}
    with intake.site.engine.begin() as db:  # another machine's, under the same name
        at = {"arrived_at": intake.site.now(), "receipt": ""}
        db.execute(insert(ledger.records).values(id=record, revision=1, **other, **at))
    assert _sent(machine) == "held"
    view = sync_centre(machine, _ONLINE)
    assert view.status.kind is SendingKind.REFUSED
    (held,) = view.held_visits
    assert (held.held_code, held.where) == ("id-conflict", "Ngõ 3, 12")
    send_record_again(machine, held.number)
    assert sync_centre(machine, _ONLINE).held_visits == ()
    assert sending_status(machine, _ONLINE).waiting == 1


def test_an_outcome_goes_by_stick_and_its_receipt_comes_back(
    machine: OpenMachine, intake: RunningIntake, unit: str, tmp_path: Path
) -> None:
    made = _made(intake, unit)
    _pulled(machine)
    told = record_visit(machine, made, _seen(machine).homes[0].home.id, Outcome.MET)
    (tmp_path / "stick").mkdir()
    out = courier(machine).carry_out(tmp_path / "stick")
    assert (out.dossiers, out.visits) == (0, 1)
    undo_visit(machine, told)
    assert sending_status(machine, _ONLINE).visits == 2, "it may be there already: that it is taken back is told too"
    for _ in range(2):  # the same stick twice
        handed = courier(machine).hand_over(tmp_path / "stick")
        assert (handed.proved, handed.waiting, handed.refused, handed.codes) == (0, 0, 0, {})
    with intake.site.engine.connect() as db:
        assert len(db.execute(select(ledger.records.c.id).where(ledger.records.c.list == made)).all()) == 1
    back = courier(machine).bring_back(tmp_path / "stick")
    assert (back.proved, back.visits, back.waiting) == (0, 1, 0)
    assert sending_status(machine, _ONLINE).visits == 1
    assert not any((tmp_path / "stick").rglob("*.age")), "what is proved is taken off"


def test_what_a_restored_province_lacks_of_visits_is_told_again(
    machine: OpenMachine, intake: RunningIntake, unit: str
) -> None:
    made = _made(intake, unit)
    _pulled(machine)
    told = record_visit(machine, made, _seen(machine).homes[0].home.id, Outcome.MET)
    assert _sent(machine) == "sent"
    keeper = Keeper(machine)
    ((believed,),) = keeper.believed(10)
    assert believed.dossier == told.visit.record
    with intake.site.engine.begin() as db:
        db.execute(ledger.records.delete().where(ledger.records.c.list == made))
    assert keeper.lacking([HeldByDevice(**believed.model_dump())]) == 1
    with machine.store.read() as db:
        again = outbox.of_revision(db, told.visit.record, 1)  # type: ignore[arg-type]
    assert again is not None
    assert again.state is OutboxState.QUEUED
    assert _sent(machine) == "sent"


def test_a_word_of_a_newer_province_is_passed_over(machine: OpenMachine, intake: RunningIntake, unit: str) -> None:
    made = _made(intake, unit)
    with intake.site.engine.begin() as db:
        log = ledger.visit_entries.c
        row = db.execute(select(log.seq, log.body).where(log.list == made, log.body.contains("Bảy"))).one()
        said = json.loads(row.body)
        said["home"]["reasons"] = ["dog", "result"]
        db.execute(ledger.visit_entries.update().where(log.seq == row.seq).values(body=json.dumps(said)))
    _pulled(machine)
    assert _seen(machine, made).homes[1].home.reasons == (Reason.RESULT,)
