"""One round of the runner after another, against a scripted province: how long it waits, and whom it leaves alone."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.record_visit import record_visit
from bnhelper.actions.unlock_machine import OpenMachine, Province
from bnhelper.clock import to_text
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.sending import LinkState
from bnhelper.domain.visits import Outcome
from bnhelper.ids import DossierId, PaperId, Sha256
from bnhelper.queries.dossier_list import dossier
from bnhelper.queries.dossier_status import dossier_status
from bnhelper.queries.sync_centre import sync_centre
from bnhelper.store import outbox
from bnhelper.store import tables as t
from bnhelper.vault.canonical import sha256_of
from bnhelper.vault.signatures import SigningKey
from sync.engine.blame import ALONE_AFTER
from sync.engine.orders import Send
from sync.engine.reports import Answered, NotTheProvince, Report, Silent
from sync.engine.verdicts import Stop, Why
from sync.keeper import Keeper
from sync.news import News
from sync.runner import Pace, Runner
from sync.wire.changes import HeldByDevice
from sync.wire.receipts import Receipt
from tests import factories, states
from tests.fakes.clock import FixedClock
from tests.sync.engine.playbook import PORTAL, SILENCE, answers, refuses
from tests.visits import home_id, listed
from ui.words.held_words import held_words


class ScriptedProvince:
    """Answers by the path's beginning; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.says: dict[str, Callable[[Send], Report]] = {}
        self.bytes_sent: dict[str, int] = {}

    def perform(self, order: Send, *, within_s: float | None = None) -> Report:
        self.asked.append(f"{order.method} {order.path}")
        for start, say in sorted(self.says.items(), reverse=True):  # the longest first
            if order.path.startswith(start):
                return say(order)
        usual: dict[str, Answered] = {
            "/v1/ping": answers(204),
            "/v1/reconcile": answers(200, {"lacking": []}),
            "/v1/changes": answers(304),
        }
        return next((said for start, said in usual.items() if order.path.startswith(start)), answers(500))

    def renew(self) -> None:
        pass

    def abort(self) -> None:
        pass

    def close(self) -> None:
        pass


class Scene:
    """A device with one sealed dossier, and a runner that is stepped by hand."""

    def __init__(self, machine: OpenMachine, clock: FixedClock) -> None:
        self.machine, self.clock, self.province = machine, clock, ScriptedProvince()
        self.signing = SigningKey.generate()
        self.enrol("bn")
        self.dossier = factories.birth_dossier(machine)
        lock_dossier(machine, self.dossier)
        self.keeper = Keeper(machine)
        self.runner = Runner(self.keeper, Pace(), connect=lambda _number: self.province)

    def enrol(self, server_id: str) -> None:
        self.machine.remember_province(
            Province("http://127.0.0.1:9", server_id, "t", (self.signing.public(),), None, "")
        )

    def takes_texts(self, order: Send) -> Report:
        """Answer a text without photos as the province does: received, with its receipt."""
        _v1, _dossiers, dossier, _revisions, number = order.path.strip("/").split("/")
        with self.machine.store.read() as db:
            item = outbox.of_revision(db, DossierId(dossier), int(number))
        assert item is not None
        receipt = Receipt(
            iss="bn", dossier=dossier, revision=item.revision, envelope=item.envelope_sha256,
            received_at=self.clock.now(), office_number="H05.27-1",
        )  # fmt: skip
        said = {
            "id": dossier,
            "rev": item.revision,
            "state": "delivered",
            "receipt": self.signing.sign(receipt.write()),
        }
        return answers(201, said)

    def round(self) -> tuple[str, float]:
        """Do one round; return how it ended and the seconds until the next."""
        outcome = self.runner._round()
        return outcome, self.runner._pause_s()

    def fail_once(self) -> None:
        """Let the item fail once, and its wait be over."""
        self.province.says["/v1/dossiers"] = lambda _order: answers(500)
        assert self.round()[0] == "later"
        assert self.item() == (OutboxState.QUEUED, 1)
        self.clock.move(minutes=6)
        self.runner.sync_now()
        self.province.asked.clear()

    def another(self, *photos: bytes) -> DossierId:
        """Seal one more dossier."""
        dossier = factories.birth_dossier(self.machine)
        for photo in photos:
            attach_photo(self.machine, dossier, PaperId("birth_evidence"), photo)
        lock_dossier(self.machine, dossier)
        return dossier

    def refuses_only(self, dossier: DossierId, report: Report) -> None:
        """Let the province receive every text but one."""
        self.province.says[f"/v1/dossiers/{dossier}"] = lambda _order: report
        self.province.says["/v1/dossiers"] = self.takes_texts

    def tried(self, tries: int) -> None:
        """Let every item have failed so often, and be due again."""
        with self.machine.store.write() as db:
            db.execute(update(t.outbox).values(attempts=tries, not_before=to_text(self.clock.now())))

    def ids(self) -> dict[DossierId, int]:
        """Return the numbers of all that was sealed, by dossier."""
        with self.machine.store.read() as db:
            return {DossierId(row["dossier"]): row["id"] for row in outbox.every(db)}

    def name(self, number: int) -> DossierId:
        return next(name for name, known in self.ids().items() if known == number)

    def item(self, number: int = 1) -> tuple[OutboxState, int]:
        with self.machine.store.read() as db:
            one = outbox.get(db, number)
        return one.state, one.attempts


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    clock = FixedClock()
    opened = factories.machine(tmp_path, clock)
    yield Scene(opened, clock)
    opened.close()


_LINE = [
    (SILENCE, "offline", 2),
    (PORTAL, "captive", 1.5),
    (refuses(503, "busy", retry_after=40), "busy", 40),
    (refuses(401, "unknown-device", retry="after_login"), "login", 300),
]
_SICK = [(refuses(500, "internal"), "busy", 60), (refuses(426, "client-too-old"), "busy", 60)]


@pytest.mark.parametrize(("report", "gate", "least_s"), [*_LINE, *_SICK])
def test_a_line_that_cannot_be_used_stops_the_round_and_costs_no_item_a_try(
    scene: Scene, report: Report, gate: str, least_s: float
) -> None:
    scene.fail_once()
    scene.province.says["/v1/ping"] = lambda _order: report
    outcome, pause = scene.round()
    assert (outcome, scene.runner._gate.name) == (gate, gate)
    assert pause >= least_s
    assert scene.item() == (OutboxState.QUEUED, 1)
    assert scene.province.asked == ["HEAD /v1/ping"]
    assert scene.round()[0] == gate
    assert scene.province.asked == ["HEAD /v1/ping"], "the gate is closed"


@pytest.mark.parametrize(("report", "gate", "_least_s"), _LINE)
def test_a_line_that_breaks_over_an_item_costs_it_no_try(
    scene: Scene, report: Report, gate: str, _least_s: float
) -> None:
    scene.province.says["/v1/dossiers"] = lambda _order: report
    assert scene.round()[0] == gate
    assert scene.item() == (OutboxState.QUEUED, 0)


def test_a_failing_look_back_does_not_keep_new_work_from_going(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    believed = [HeldByDevice(dossier=scene.dossier, rev=1, envelope=Sha256("e" * 64))]
    monkeypatch.setattr(scene.keeper, "believed", lambda _page: iter([believed]))
    scene.province.says["/v1/reconcile"] = lambda _order: answers(500)
    scene.round()
    assert any(one.startswith("PUT") for one in scene.province.asked)


def test_a_result_that_cannot_be_fetched_leaves_the_others_alone(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    wanted = [(scene.dossier, sha, 1, "application/pdf") for sha in ("a" * 64, "b" * 64)]
    monkeypatch.setattr(scene.keeper, "results_wanted", lambda: wanted)

    def keep(_dossier: str, sha256: str, *_rest: object) -> bool:
        kept.append(sha256)
        return True

    monkeypatch.setattr(scene.keeper, "keep_result", keep)
    scene.province.says["/v1/blobs/a"] = lambda _order: refuses(404, "not-found")
    scene.province.says["/v1/blobs/b"] = lambda _order: answers(200, b"%PDF-")
    scene.round()
    assert kept == ["b" * 64]


def test_an_item_that_fails_six_times_while_another_is_received_waits_for_a_person(scene: Scene) -> None:
    scene.refuses_only(scene.dossier, answers(500))
    scene.another()
    tries = []
    for _ in range(7):
        scene.round()
        tries.append(scene.item())
        scene.clock.move(minutes=6)
    assert tries[4] == (OutboxState.QUEUED, 5)
    assert tries[5][0] is OutboxState.HELD
    assert tries[6] == tries[5]


def test_where_nothing_can_be_written_and_everything_read_nobody_is_a_suspect(scene: Scene) -> None:
    """A database that only reads, a full disk: the outage is the province's, and ends without anybody's help."""
    scene.another()
    scene.province.says["/v1/dossiers"] = lambda _order: refuses(507, "storage-full", retry="later", retry_after=300)
    for _ in range(20):
        scene.round()
        scene.clock.move(minutes=9)
    assert [scene.item(number)[0] for number in (1, 2)] == [OutboxState.QUEUED] * 2
    scene.province.says["/v1/dossiers"] = scene.takes_texts
    scene.round()
    assert [scene.item(number)[0] for number in (1, 2)] == [OutboxState.PROVED] * 2


def test_an_item_alone_that_fails_over_and_over_waits_for_a_person_in_the_end(scene: Scene) -> None:
    scene.province.says["/v1/dossiers"] = lambda _order: answers(500)
    scene.tried(ALONE_AFTER - 2)
    scene.round()
    assert scene.item() == (OutboxState.QUEUED, ALONE_AFTER - 1)
    scene.clock.move(minutes=9)
    scene.round()
    assert scene.item()[0] is OutboxState.HELD


def test_the_wait_that_a_refusal_names_is_kept(scene: Scene) -> None:
    scene.province.says["/v1/dossiers"] = lambda _order: refuses(507, "storage-full", retry="later", retry_after=300)
    scene.round()
    scene.clock.move(seconds=299)
    scene.round()
    assert scene.item()[1] == 1
    scene.clock.move(seconds=32)
    scene.round()
    assert scene.item()[1] == 2


@pytest.mark.parametrize("report", [NotTheProvince(502), Silent("ConnectionError")])
def test_one_that_the_line_breaks_over_again_and_again_keeps_no_other_from_going(scene: Scene, report: Report) -> None:
    """A worker that dies of it, a guard that shows a page for it: pings pass, and it is always the oldest."""
    scene.refuses_only(scene.dossier, report)
    scene.another()
    scene.round()
    scene.clock.move(minutes=20)
    assert scene.item(2)[0] is OutboxState.QUEUED
    scene.round()
    scene.clock.move(minutes=20)
    scene.round()
    assert scene.item(2)[0] is OutboxState.PROVED
    for number in range(12):
        if number == 3:
            scene.another()
        scene.clock.move(minutes=20)
        scene.round()
    assert scene.item()[0] is OutboxState.QUEUED
    assert scene.item(3)[0] is OutboxState.PROVED
    assert (scene.round()[0], scene.runner._gate.name) == ("nothing", "open"), "nobody else hears of it any more"
    scene.tried(ALONE_AFTER - 1)
    scene.clock.move(seconds=1)
    scene.round()
    assert scene.item()[0] is OutboxState.HELD


def test_where_photos_wait_for_a_free_network_the_paid_one_is_not_asked_all_the_time(scene: Scene) -> None:
    scene.fail_once()
    scene.runner.allow_files(False)
    photographed = scene.another(factories.png())
    with scene.machine.store.read() as db:
        item = outbox.of_revision(db, photographed, 1)
    assert item is not None
    scene.tried(1)
    said = {"id": photographed, "rev": 1, "state": "receiving", "missing": [file.sha256 for file in item.files]}
    scene.province.says[f"/v1/dossiers/{photographed}"] = lambda _order: answers(201, said)
    scene.province.says["/v1/dossiers"] = scene.takes_texts
    assert scene.round()[1] == 60
    assert scene.item(2)[0] is OutboxState.QUEUED


def test_a_number_that_no_column_holds_is_no_news_and_stops_nothing(scene: Scene) -> None:
    scene.province.says["/v1/dossiers"] = scene.takes_texts
    one = {"seq": 2**70, "dossier": scene.dossier, "rev": 1, "state": "accepted", "at": "2026-11-26T00:00:00Z"}
    scene.province.says["/v1/changes"] = lambda _order: answers(200, {"items": [one], "cursor": "1"})
    assert scene.round()[0] == "later"
    assert scene.item()[0] is OutboxState.PROVED
    assert scene.runner._gate.name == "open"


def test_a_pause_asked_for_by_a_person_does_not_spin(scene: Scene) -> None:
    scene.fail_once()
    scene.runner.pause()
    assert scene.runner._pause_s() >= 60


def test_a_province_that_fails_for_everybody_makes_nobody_a_suspect(scene: Scene) -> None:
    for path in ("/v1/dossiers", "/v1/changes", "/v1/reconcile"):
        scene.province.says[path] = lambda _order: answers(500)
    for _ in range(20):
        scene.round()
        scene.clock.move(minutes=6)
        scene.runner.sync_now()
    state, attempts = scene.item()
    assert state is OutboxState.QUEUED
    assert attempts >= 6


def test_a_result_that_is_not_the_announced_one_is_not_fetched_every_round(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [(scene.dossier, "a" * 64, 3, "application/pdf")]
    monkeypatch.setattr(scene.keeper, "results_wanted", lambda: wanted)
    scene.province.says["/v1/blobs"] = lambda _order: answers(200, b"other")
    asked = "GET /v1/blobs/" + "a" * 64
    for _ in range(5):
        scene.round()
    assert scene.province.asked.count(asked) == 1
    scene.clock.move(minutes=6)
    scene.round()
    assert scene.province.asked.count(asked) == 2


def test_a_result_that_is_not_the_announced_one_is_said_once_on_the_timeline(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [(scene.dossier, "a" * 64, 3, "application/pdf")]
    monkeypatch.setattr(scene.keeper, "results_wanted", lambda: wanted)
    scene.province.says["/v1/blobs"] = lambda _order: Answered(200, {}, b"abc")
    for _ in range(3):
        scene.round()
        scene.clock.move(hours=1)
        scene.runner.sync_now()
    said = [row.kind for row in dossier_status(scene.machine, scene.dossier, "vi").timeline]
    assert said.count("result_wrong") == 1


def test_an_item_for_which_there_is_no_room_for_days_is_named_so(scene: Scene) -> None:
    scene.province.says["/v1/dossiers"] = lambda _order: refuses(507, "storage-full", retry="later", retry_after=3600)
    assert scene.round()[0] == "later", "which has its sentence"
    assert scene.item() == (OutboxState.QUEUED, 1)
    scene.tried(ALONE_AFTER - 1)
    scene.clock.move(minutes=20)
    scene.round()
    row = dossier(scene.machine, scene.dossier)
    assert (row.outbox_state, row.held_code, row.held_detail) == (OutboxState.HELD, "storage-full", "")
    assert held_words("storage-full", "vi") != held_words("poison", "vi")


def test_an_item_that_the_province_sends_elsewhere_ends_with_a_person_and_is_named(scene: Scene) -> None:
    def elsewhere(_order: Send) -> Report:
        raise Stop(Why.LATER, "elsewhere")

    scene.province.says[f"/v1/dossiers/{scene.dossier}"] = elsewhere
    scene.province.says["/v1/dossiers"] = scene.takes_texts
    scene.another()
    for _ in range(8):
        scene.round()
        scene.clock.move(minutes=6)
        scene.runner.sync_now()
    row = dossier(scene.machine, scene.dossier)
    assert (row.outbox_state, row.held_code, row.held_detail) == (OutboxState.HELD, "elsewhere", "")
    assert held_words("elsewhere", "vi") != held_words("poison", "vi")


def test_what_another_province_signed_for_stays_there_when_the_machine_is_enrolled_elsewhere(scene: Scene) -> None:
    """A machine that was in a class must bring none of its practice to the province."""
    scene.province.says["/v1/dossiers"] = scene.takes_texts
    scene.round()
    assert scene.item()[0] is OutboxState.PROVED
    states.tell(scene.machine, scene.dossier, "accepted", seq=900)
    scene.another()
    record_visit(scene.machine, listed(scene.machine), home_id(0), Outcome.MET)
    scene.enrol("another")
    asked: list[Send] = []

    def lacks_everything(order: Send) -> Report:
        asked.append(order)
        return answers(200, {"lacking": [{"dossier": scene.dossier, "rev": 1, "envelope": "e" * 64}]})

    scene.province.says["/v1/reconcile"] = lacks_everything
    scene.province.asked.clear()
    Runner(scene.keeper, Pace(), connect=lambda _number: scene.province)._round()
    assert not asked
    assert [one.partition("?")[0] for one in scene.province.asked] == ["GET /v1/changes"]
    assert scene.item()[0] is OutboxState.PROVED
    assert scene.item(2)[0] is OutboxState.HELD, "what was locked for the last one goes only when somebody says so"
    assert held_words("other-province", "vi") != held_words("unheard of", "vi")
    view = sync_centre(scene.machine, LinkState())
    (kept,) = view.held
    said = [(row.kind, row.note) for row in dossier_status(scene.machine, kept.dossier, "vi").timeline]
    assert ("held", "other-province") in said
    assert [one.held_code for one in view.held_visits] == ["other-province"], "what was told of homes stays too"
    assert states.tell(scene.machine, scene.dossier, "in_review", seq=1), "its first word is news, however it counts"


def test_whoever_presses_send_now_has_tried_at_once_what_failed_a_moment_ago(scene: Scene) -> None:
    scene.province.says["/v1/dossiers"] = lambda _order: refuses(507, "storage-full", retry="later", retry_after=300)
    scene.round()
    scene.province.says["/v1/dossiers"] = scene.takes_texts
    scene.round()
    assert scene.item()[0] is OutboxState.QUEUED
    scene.runner.sync_now()
    scene.round()
    assert scene.item()[0] is OutboxState.PROVED


_RESULT = bytes(range(256)) * 1_600  #: four pieces


def _piece(order: Send) -> Report:
    begin, last = (int(one) for one in order.headers["Range"].removeprefix("bytes=").split("-"))
    where = f"bytes {begin}-{last}/{len(_RESULT)}"
    return answers(206, _RESULT[begin : last + 1], content_range=where)


def test_a_result_gives_way_to_what_is_sealed_goes_on_after_a_cut_and_costs_nothing_on_a_paid_link(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = sha256_of(_RESULT)
    kept: list[bytes] = []
    monkeypatch.setattr(
        scene.keeper,
        "results_wanted",
        lambda: [] if kept else [(scene.dossier, sha256, len(_RESULT), "application/pdf")],
    )
    monkeypatch.setattr(scene.keeper, "keep_result", lambda *said: not kept.append(said[-1]))  # type: ignore[func-returns-value]
    scene.province.says["/v1/dossiers"] = scene.takes_texts

    def a_dossier_is_sealed_meanwhile(order: Send) -> Report:
        scene.another()
        scene.runner.wake()
        return _piece(order)

    scene.runner.allow_files(False)
    scene.runner._wake.clear()
    scene.round()
    assert not any("/v1/blobs" in one for one in scene.province.asked), "half a megabyte waits for a free network"
    scene.runner.allow_files(True)
    scene.runner._wake.clear()
    scene.province.says["/v1/blobs"] = a_dossier_is_sealed_meanwhile
    scene.round()
    scene.runner._wake.clear()  # as the loop does before each round
    scene.province.says["/v1/blobs"] = lambda order: (
        SILENCE if "bytes=262144-" in order.headers["Range"] else _piece(order)
    )
    assert scene.round()[0] == "offline"
    assert scene.item(2)[0] is OutboxState.PROVED, "it went before the rest of the file"
    scene.province.says["/v1/blobs"] = _piece
    scene.clock.move(minutes=1)
    scene.round()
    assert kept == [_RESULT]
    assert sum("/v1/blobs" in one for one in scene.province.asked) == 5, "of four pieces only the cut one came twice"


def test_a_province_that_gives_half_a_result_over_and_over_is_left_in_peace(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [(scene.dossier, sha256_of(_RESULT), len(_RESULT), "application/pdf")]
    monkeypatch.setattr(scene.keeper, "results_wanted", lambda: wanted)
    scene.province.says["/v1/dossiers"] = scene.takes_texts
    scene.province.says["/v1/blobs"] = lambda _order: Answered(200, {}, _RESULT[: len(_RESULT) // 2])
    scene.runner.allow_files(True)
    scene.runner._wake.clear()
    scene.round()
    assert sum("/v1/blobs" in one for one in scene.province.asked) == 2, "twice the same beginning is no progress"


def test_where_texts_pass_and_photos_never_do_news_are_heard_all_the_same(scene: Scene) -> None:
    """A proxy, or a way that loses large packets: every round ends with a line that is lost."""
    with_photo = scene.another(factories.png(extra=b"n" * 2_000))
    scene.province.says["/v1/dossiers"] = scene.takes_texts
    lacks = {"id": with_photo, "rev": 1, "state": "receiving"}
    missing = [file.sha256 for file in scene.keeper.item(2).files]
    scene.province.says[f"/v1/dossiers/{with_photo}"] = lambda _order: answers(201, {**lacks, "missing": missing})
    scene.province.says["/v1/blobs"] = lambda _order: SILENCE
    for number in range(4):
        assert scene.round()[0] == "offline"
        heard = [one for one in scene.province.asked if one.startswith("GET /v1/changes")]
        assert bool(heard) == (number >= 2), number
        scene.province.asked.clear()
        scene.clock.move(minutes=16)
    assert scene.item(2)[0] is OutboxState.QUEUED, "and no photo is to blame for its line"


def test_an_opening_names_the_newest_alone_and_all_twice_a_day_or_where_one_of_them_is_lacking(scene: Scene) -> None:
    scene.province.says["/v1/dossiers"] = scene.takes_texts
    for _ in range(3):
        scene.another()
    scene.round()
    said: list[list[int]] = []
    lacking: list[dict[str, object]] = []

    def compared(order: Send) -> Report:
        assert isinstance(order.body, bytes)
        items = json.loads(order.body)["items"]
        said.append([scene.ids()[one["dossier"]] for one in items])
        return answers(200, {"lacking": [one for one in items if one in lacking]})

    scene.province.says["/v1/reconcile"] = compared

    def opened() -> list[list[int]]:
        said.clear()
        news = News(scene.keeper, is_over=lambda: False, arrived=lambda: None)
        for _ in range(2):
            news.reconcile(scene.province)
        return said

    with pytest.MonkeyPatch.context() as few:
        few.setattr("sync.news._NEWEST", 2)
        assert opened() == [[3, 4]], "all of it was compared in the first round"
        scene.clock.move(hours=12)
        assert opened() == [[1, 2, 3, 4]]
        assert opened() == [[3, 4]]
        lacking.append({"dossier": scene.name(4), "rev": 1, "envelope": scene.keeper.item(4).envelope_sha256})
        assert opened() == [[3, 4], [1, 2, 3]]
        assert scene.item(4)[0] is OutboxState.QUEUED


def test_a_feed_without_end_gives_way_to_what_was_sealed_meanwhile(scene: Scene) -> None:
    """A month of news over 2G, or a province whose cursors go in a circle."""
    asked: list[str] = []

    def more(order: Send) -> Report:
        asked.append(order.path)
        return answers(200, {"items": [], "cursor": f"place-{len(asked) % 2}", "more": True})

    scene.province.says["/v1/changes"] = more
    news = News(scene.keeper, is_over=lambda: False, arrived=lambda: None, has_time=lambda: len(asked) % 5 > 0)
    news.pull(scene.province)
    assert len(asked) == 5
    news.pull(scene.province)
    assert len(asked) == 10
    assert "cursor=place-1" in asked[5], "it goes on where it was"
