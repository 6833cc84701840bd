"""From an empty machine to a sealed dossier, and everything that must hold on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.actions.answer_question import FieldNotOpen, answer_question, redo_answer, undo_answer
from bnhelper.actions.answer_supplement import NothingAsked, answer_supplement
from bnhelper.actions.attach_photo import PhotoAlreadyThere, attach_photo, detach_photo, restore_photo, show_paper
from bnhelper.actions.bin_dossier import bin_dossier, erase_dossier, take_from_bin
from bnhelper.actions.erase_overdue import erase_overdue
from bnhelper.actions.lock_dossier import AlreadyLeft, DossierIncomplete, lock_dossier, send_again, unlock_dossier
from bnhelper.actions.unlock_machine import OpenMachine, Province, machine_exists, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.domain.attachments import PhotoIsNoImage
from bnhelper.domain.custody import OutboxState, StatusKey
from bnhelper.domain.sending import Gate, LinkState, SendingKind
from bnhelper.ids import DossierId, FieldPath, PaperId
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier_list, same_person
from bnhelper.queries.dossier_status import dossier_status
from bnhelper.queries.dossier_tasks import DONE, EMPTY, PaperTask, dossier_tasks, photo_bytes, question_page
from bnhelper.queries.home_receipt import home_receipt
from bnhelper.queries.sending_status import sending_status
from bnhelper.queries.sync_centre import sync_centre
from bnhelper.queries.today import today
from bnhelper.store import outbox, server_truth
from bnhelper.store.dossiers import NoSuchDossier
from bnhelper.vault.canonical import sha256_of
from bnhelper.vault.keys import KeyFile, WrongKey, make_key_file
from bnhelper.vault.pin import MustWait
from bnhelper.vault.signatures import verify_detached
from sync.wire.dossiers import Envelope
from tests import factories, states
from tests.fakes.clock import FixedClock

_EVIDENCE = PaperId("birth_evidence")
_NAME = FieldPath("/data/applicant/full_name")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def opened(tmp_path: Path, clock: FixedClock) -> Iterator[OpenMachine]:
    machine = factories.machine(tmp_path, clock)
    yield machine
    machine.close()


def test_a_locked_dossier_is_canonical_signed_and_queued(opened: OpenMachine) -> None:
    dossier = factories.birth_dossier(opened)
    photo = factories.png(extra=b"x" * 100_000)
    attach_photo(opened, dossier, _EVIDENCE, photo)
    locked = lock_dossier(opened, dossier)
    with opened.store.read() as db:
        (item,) = outbox.waiting(db, opened.clock.now())
    read = Envelope.read(item.envelope)
    verify_detached(item.signature, item.envelope, [opened.signing.public()])
    assert item.envelope_sha256 == sha256_of(item.envelope) == locked.envelope_sha256
    assert read.blobs() == {sha256_of(photo): len(photo)}
    assert "<full_name>TRẦN MINH AN</full_name>" in read.instance
    assert "<proxy_name>" not in read.instance
    assert read.receiving_unit == "09208"
    assert item.bytes_total == len(item.envelope) + len(photo)


def test_locking_says_what_is_missing_and_seals_nothing(opened: OpenMachine) -> None:
    dossier = factories.birth_dossier(opened, is_filled=False, has_consent=False)
    with pytest.raises(DossierIncomplete) as told:
        lock_dossier(opened, dossier)
    assert told.value.values["consents"] == 1
    assert int(told.value.values["problems"]) > 5
    assert dossier_list(opened).rows[0].status is StatusKey.DRAFT


def test_a_sealed_dossier_changes_no_more_until_it_is_unlocked(opened: OpenMachine) -> None:
    dossier = factories.birth_dossier(opened)
    lock_dossier(opened, dossier)
    with pytest.raises(FieldNotOpen):
        answer_question(opened, dossier, _NAME, "LÊ A")
    with pytest.raises(FieldNotOpen):
        attach_photo(opened, dossier, _EVIDENCE, factories.png())
    unlock_dossier(opened, dossier, "sửa tên")
    answer_question(opened, dossier, _NAME, "LÊ A")
    assert dossier_list(opened).rows[0].applicant == "LÊ A"


def test_what_has_left_the_machine_cannot_be_unlocked(opened: OpenMachine) -> None:
    dossier = factories.birth_dossier(opened)
    lock_dossier(opened, dossier)
    with opened.store.write() as db:
        outbox.move(db, 1, OutboxState.SENDING, has_left=True)
        outbox.move(db, 1, OutboxState.QUEUED)
    with pytest.raises(AlreadyLeft):
        unlock_dossier(opened, dossier, "")


def test_undo_and_redo_walk_the_journal_over_a_restart(tmp_path: Path, clock: FixedClock) -> None:
    opened = factories.machine(tmp_path, clock)
    dossier = factories.birth_dossier(opened, is_filled=False)
    answer_question(opened, dossier, _NAME, "LÊ A")
    answer_question(opened, dossier, _NAME, "LÊ B")
    opened.close()
    again = unlock_machine(Places(tmp_path / "data"), KeyFile(tmp_path / "key"), library=Library.shipped(), clock=clock)
    assert undo_answer(again, dossier) == {_NAME: "LÊ A"}
    assert undo_answer(again, dossier) == {_NAME: ""}
    assert redo_answer(again, dossier) == {_NAME: "LÊ A"}
    answer_question(again, dossier, _NAME, "LÊ C")
    assert redo_answer(again, dossier) == {}
    page = question_page(again, dossier, "applicant", 0, "vi")
    assert next(question.value for question in page.questions if question.path == _NAME) == "LÊ C"
    again.close()


def test_a_photo_comes_back_byte_for_byte_and_is_never_readable_on_the_disk(opened: OpenMachine) -> None:
    dossier = factories.birth_dossier(opened)
    content = factories.png(extra=b"planted secret " * 20_000)
    photo = attach_photo(opened, dossier, _EVIDENCE, content)
    assert photo_bytes(opened, photo) == content
    for file in opened.places.root.rglob("*"):
        if file.is_file():
            assert b"planted secret" not in file.read_bytes()
            assert "NGUYỄN THỊ HOÀ".encode() not in file.read_bytes()


def test_the_same_file_twice_on_one_paper_is_told_and_no_image_is_refused(opened: OpenMachine) -> None:
    dossier = factories.birth_dossier(opened)
    attach_photo(opened, dossier, _EVIDENCE, factories.png())
    with pytest.raises(PhotoAlreadyThere):
        attach_photo(opened, dossier, _EVIDENCE, factories.png())
    for bad in (b"", b"MZ\x90", factories.png()[:-20], b"\xff\xd8\xff cut"):
        with pytest.raises(PhotoIsNoImage):
            attach_photo(opened, dossier, _EVIDENCE, bad)


def test_a_removed_photo_can_be_put_back(opened: OpenMachine) -> None:
    dossier = factories.birth_dossier(opened)
    photo = attach_photo(opened, dossier, _EVIDENCE, factories.png())
    detach_photo(opened, photo)
    assert not _evidence(opened, dossier).photos
    restore_photo(opened, photo)
    assert [one.id for one in _evidence(opened, dossier).photos] == [photo]


def _evidence(opened: OpenMachine, dossier: DossierId) -> PaperTask:
    tasks = dossier_tasks(opened, dossier, "vi")
    return next(paper for paper in tasks.papers if paper.item.paper == _EVIDENCE)


def test_the_task_list_tells_what_is_left(opened: OpenMachine) -> None:
    dossier = factories.birth_dossier(opened, is_filled=False, has_consent=False)
    tasks = dossier_tasks(opened, dossier, "vi")
    assert {section.state for section in tasks.sections if section.id in {"child", "applicant"}} == {EMPTY}
    assert not tasks.is_ready
    filled = factories.birth_dossier(opened)
    tasks = dossier_tasks(opened, filled, "vi")
    assert {section.state for section in tasks.sections} == {DONE}
    assert tasks.is_ready
    assert [paper.item.paper for paper in tasks.papers if paper.item.need == "needed"] == [
        "form_online",
        "birth_evidence",
    ]


def test_the_badge_counts_the_outbox_and_never_claims(opened: OpenMachine) -> None:
    online, offline = LinkState(Gate.OPEN), LinkState(Gate.OFFLINE)
    assert sending_status(opened, online).kind is SendingKind.NOT_ENROLLED
    opened.remember_province(Province("http://127.0.0.1:1", "tinh", "t", ({"kty": "OKP"},)))
    assert sending_status(opened, online).kind is SendingKind.CHECKING
    lock_dossier(opened, factories.birth_dossier(opened))
    assert sending_status(opened, offline).kind is SendingKind.OFFLINE_WAITING
    assert sending_status(opened, LinkState(Gate.OPEN, is_moving=True)).kind is SendingKind.SENDING
    assert sending_status(opened, online).waiting == 1
    with opened.store.write() as db:
        outbox.move(db, 1, OutboxState.HELD, held_code="invalid")
    assert sending_status(opened, online).kind is SendingKind.REFUSED
    assert sync_centre(opened, online).held[0].held_code == "invalid"
    send_again(opened, dossier_list(opened).rows[0].id)
    with opened.store.write() as db:
        outbox.move(db, 1, OutboxState.SENDING)
        outbox.move(db, 1, OutboxState.PROVED, proved_at="2026-11-23T03:10:00.000Z")
    status = sending_status(opened, online)
    assert status.kind is SendingKind.ALL_SENT
    assert status.acknowledged_at is not None


def _proved_with_request(opened: OpenMachine) -> DossierId:
    dossier = factories.birth_dossier(opened)
    attach_photo(opened, dossier, _EVIDENCE, factories.png())
    lock_dossier(opened, dossier)
    with opened.store.write() as db:
        outbox.move(db, 1, OutboxState.SENDING, has_left=True)
        outbox.move(db, 1, OutboxState.PROVED, proved_at="2026-11-23T03:10:00.000Z")
        change = {
            "seq": 7,
            "dossier": dossier,
            "rev": 1,
            "state": "needs_info",
            "at": "2026-11-23T04:00:00.000Z",
            "officer": "Bà Hạnh",
            "request": {
                "id": "0199a3f0-1111-7abc-8def-0123456789ab",
                "deadline": "2026-11-30T10:00:00.000Z",
                "fields": ["/data/declaration/mother/residence"],
                "papers": ["birth_evidence"],
                "note": "Ghi rõ thôn.",
            },
        }
        assert server_truth.apply(db, change)
        assert not server_truth.apply(db, change)
    return dossier


def test_a_supplement_opens_exactly_what_was_asked(opened: OpenMachine) -> None:
    dossier = _proved_with_request(opened)
    status = dossier_status(opened, dossier, "vi")
    assert status.row.status is StatusKey.SUPPLEMENT
    assert [field.label for field in status.fields] == ["Nơi cư trú của mẹ"]
    assert status.note == "Ghi rõ thôn."
    assert answer_supplement(opened, dossier) == 2
    assert answer_supplement(opened, dossier) == 2
    with pytest.raises(FieldNotOpen):
        answer_question(opened, dossier, _NAME, "LÊ A")
    answer_question(opened, dossier, FieldPath("/data/declaration/mother/residence"), "Thôn Phúc Long, xã Tam Đa")
    attach_photo(opened, dossier, _EVIDENCE, factories.png(shade=9))
    assert dossier_status(opened, dossier, "vi").fields[0].is_changed
    lock_dossier(opened, dossier)
    with opened.store.read() as db:
        (item,) = outbox.waiting(db, opened.clock.now())
    read = Envelope.read(item.envelope)
    assert (read.revision, read.answers_request) == (2, "0199a3f0-1111-7abc-8def-0123456789ab")
    assert len(read.blobs()) == 2
    assert dossier_list(opened).rows[0].status is StatusKey.READY


def test_nobody_can_answer_what_was_not_asked(opened: OpenMachine) -> None:
    dossier = factories.birth_dossier(opened)
    with pytest.raises(NothingAsked):
        answer_supplement(opened, dossier)


def test_today_resumes_the_work_in_hand_and_lists_what_came_back(opened: OpenMachine, clock: FixedClock) -> None:
    asked = _proved_with_request(opened)
    clock.move(minutes=5)
    draft = factories.birth_dossier(opened, is_filled=False)
    shown = today(opened)
    assert shown.resume is not None
    assert shown.resume.id == draft
    assert [row.id for row in shown.attention] == [asked]
    assert shown.often[0].code == "1.001193"


def test_the_bin_gives_back_and_forgets_after_thirty_days(opened: OpenMachine, clock: FixedClock) -> None:
    dossier = factories.birth_dossier(opened)
    attach_photo(opened, dossier, _EVIDENCE, factories.png())
    bin_dossier(opened, dossier)
    assert not dossier_list(opened).rows
    take_from_bin(opened, dossier)
    assert dossier_list(opened).total == 1
    bin_dossier(opened, dossier)
    states.days_pass(opened, clock, 31)
    assert erase_overdue(opened) == 1
    assert not list(opened.places.photos.iterdir())


def test_declining_consent_keeps_nothing(opened: OpenMachine) -> None:
    dossier = factories.birth_dossier(opened, has_consent=False)
    attach_photo(opened, dossier, _EVIDENCE, factories.png())
    erase_dossier(opened, dossier)
    with pytest.raises(NoSuchDossier):
        dossier_tasks(opened, dossier, "vi")
    assert not list(opened.places.photos.iterdir())


def test_the_receipt_masks_the_name_and_names_no_number(opened: OpenMachine) -> None:
    dossier = factories.birth_dossier(opened)
    show_paper(opened, dossier, PaperId("id_paper"), is_shown=True)
    lock_dossier(opened, dossier)
    slip = home_receipt(opened, dossier, "vi")
    assert slip.applicant_masked == "NGUYỄN THỊ H***"
    assert slip.qr_text == slip.readable_code
    opened.remember_province(Province("https://tinh.example", "tinh", "t", ({"kty": "OKP"},)))
    slip = home_receipt(opened, dossier, "vi")
    assert slip.qr_text.startswith("https://tinh.example/t/")
    assert "027190000002" not in repr(slip)


def test_the_list_filters_searches_without_accents_and_finds_the_same_person(opened: OpenMachine) -> None:
    dossier = factories.birth_dossier(opened)
    assert dossier_list(opened, text="nguyen hoa").total == 1
    assert dossier_list(opened, text="khong co").total == 0
    assert dossier_list(opened, status_filter="ready").total == 0
    other = factories.birth_dossier(opened)
    assert [row.id for row in same_person(opened, factories.BIRTH, "027190000002", dossier)] == [other]


def test_a_wrong_key_is_counted_and_the_wait_grows_but_nothing_is_lost(tmp_path: Path, clock: FixedClock) -> None:
    factories.machine(tmp_path, clock).close()
    places, wrong = Places(tmp_path / "data"), make_key_file(tmp_path / "wrong")
    assert machine_exists(places)
    for tries in range(1, 6):
        with pytest.raises(WrongKey) as told:
            unlock_machine(places, wrong, library=Library.shipped(), clock=clock)
        assert told.value.values["tries"] == tries
    with pytest.raises(MustWait) as waiting:
        unlock_machine(places, KeyFile(tmp_path / "key"), library=Library.shipped(), clock=clock)
    assert waiting.value.values["wait_s"] == 30
    clock.move(seconds=31)
    unlock_machine(places, KeyFile(tmp_path / "key"), library=Library.shipped(), clock=clock).close()
