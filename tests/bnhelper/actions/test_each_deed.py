"""Each deed alone: what it does, what it refuses, and that a refusal changes nothing."""

import errno
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bnhelper.actions.answer_question import (
    FieldNotOpen,
    answer_question,
    answer_questions,
    redo_answer,
    set_position,
    undo_answer,
)
from bnhelper.actions.answer_supplement import NothingAsked, answer_supplement
from bnhelper.actions.attach_photo import (
    PhotoAlreadyThere,
    TooManyPhotos,
    attach_photo,
    detach_photo,
    restore_photo,
    show_paper,
)
from bnhelper.actions.bin_dossier import bin_dossier, erase_dossier, take_from_bin
from bnhelper.actions.erase_overdue import erase_overdue
from bnhelper.actions.lock_dossier import (
    AlreadyLeft,
    DossierIncomplete,
    PhotosLost,
    lock_dossier,
    send_again,
    unlock_dossier,
)
from bnhelper.actions.record_consent import record_consent, withdraw_consent
from bnhelper.actions.start_dossier import start_dossier
from bnhelper.actions.unlock_machine import OpenMachine, create_machine, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.catalogue.pack import UnknownProcedure
from bnhelper.domain.custody import OutboxState, StatusKey
from bnhelper.domain.data_rights import KEPT_IN_BIN_DAYS
from bnhelper.errors import KnownTrouble
from bnhelper.forms.trouble import NoSuchNode
from bnhelper.ids import DossierId, FieldPath, PaperId, PhotoId, ProcedureCode
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier as one_dossier
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.queries.dossier_tasks import dossier_tasks, photo_bytes, photos_of_paper
from bnhelper.queries.today import today
from bnhelper.store import dossiers, outbox, photos
from bnhelper.store.dossiers import NoSuchDossier
from bnhelper.store.open_machine import Province
from bnhelper.store.open_store import StoreDamaged, StoreInUse
from bnhelper.store.photos import NoSuchPhoto
from bnhelper.vault.disk import DiskFull, DiskReadOnly
from bnhelper.vault.key_copies import KeysDamaged
from bnhelper.vault.keys import KeyFile, Passphrase, SecretTooWeak
from tests import factories, states
from tests.fakes.clock import FixedClock

_EVIDENCE = PaperId("birth_evidence")
_NAME = FieldPath("/data/applicant/full_name")
_RESIDENCE = FieldPath("/data/declaration/mother/residence")
_STRANGER = DossierId("0199a3f0-0000-7abc-8def-0123456789ab")


def _everything(machine: OpenMachine) -> dict[str, list[Any]]:
    """Every row of every table and every file among the photos."""
    with machine.store.read() as db:
        names = db.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        found: dict[str, list[Any]] = {
            name: [tuple(row) for row in db.execute(text(f"SELECT * FROM {name}"))] for name in names
        }
    found["files"] = sorted(path.name for path in machine.places.photos.iterdir())
    return found


def _refused(machine: OpenMachine, trouble: type[KnownTrouble], deed: Callable[[], object]) -> KnownTrouble:
    before = _everything(machine)
    with pytest.raises(trouble) as told:
        deed()
    assert _everything(machine) == before, "a refusal changes nothing"
    return told.value


# --- start ----------------------------------------------------------------------------------------------------


def test_starting_keeps_the_case_the_pack_and_the_papers_at_hand(machine: OpenMachine) -> None:
    case = {FieldPath("/data/case/channel"): "online"}
    dossier = start_dossier(machine, factories.BIRTH, case, frozenset({_EVIDENCE}))
    row = one_dossier(machine, dossier)
    pack = machine.library.newest
    assert (row.pack_version, row.pack_sha256, row.revision) == (pack.version, pack.sha256, 1)
    assert row.status is StatusKey.DRAFT
    tasks = dossier_tasks(machine, dossier, "vi")
    assert [one.item.paper for one in tasks.papers if one.is_at_hand] == [_EVIDENCE]


def test_a_procedure_without_a_form_starts_nothing(machine: OpenMachine) -> None:
    _refused(machine, UnknownProcedure, lambda: start_dossier(machine, ProcedureCode("9.999999"), {}))
    case = {FieldPath("/data/case/nothing"): "yes"}
    _refused(machine, NoSuchNode, lambda: start_dossier(machine, factories.BIRTH, case))


# --- answers --------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_with_its_time_and_named_in_the_list(machine: OpenMachine, clock: FixedClock) -> None:
    dossier = states.draft(machine)
    clock.move(minutes=3)
    assert answer_question(machine, dossier, _NAME, "LÊ THỊ SÁU") == clock.now()
    row = one_dossier(machine, dossier)
    assert (row.applicant, row.changed_at) == ("LÊ THỊ SÁU", clock.now())
    assert dossier_list(machine, text="le sau").total == 1


def test_answering_the_same_again_is_no_step_to_undo(machine: OpenMachine) -> None:
    dossier = states.draft(machine)
    answer_question(machine, dossier, _NAME, "LÊ A")
    answer_question(machine, dossier, _NAME, "LÊ A")
    assert undo_answer(machine, dossier)[_NAME] == ""
    assert one_dossier(machine, dossier).applicant == ""


def test_several_answers_are_all_kept_or_none(machine: OpenMachine) -> None:
    dossier = states.asked(machine)
    answer_supplement(machine, dossier)
    both = {_RESIDENCE: "Thôn Phúc Long", _NAME: "LÊ A"}
    assert _refused(machine, FieldNotOpen, lambda: answer_questions(machine, dossier, both)).values["path"] == _NAME
    draft = states.draft(machine)
    wrong = {_NAME: "LÊ A", FieldPath("/data/nowhere"): "x"}
    _refused(machine, KnownTrouble, lambda: answer_questions(machine, draft, wrong))


def test_undo_does_not_reach_into_what_was_sent(machine: OpenMachine) -> None:
    """The last steps of revision 1 touch fields the officer did not ask for."""
    dossier = states.asked(machine)
    answer_supplement(machine, dossier)
    _refused(machine, FieldNotOpen, lambda: undo_answer(machine, dossier))


def test_nothing_to_undo_or_redo_is_no_trouble(machine: OpenMachine) -> None:
    dossier = states.draft(machine)
    while undo_answer(machine, dossier):
        pass
    assert undo_answer(machine, dossier) == {}
    answer_question(machine, dossier, _NAME, "LÊ A")
    assert redo_answer(machine, dossier) == {}


def test_where_the_work_stands_is_kept(machine: OpenMachine) -> None:
    dossier = states.draft(machine)
    set_position(machine, dossier, "question", '{"page": 1}')
    row = one_dossier(machine, dossier)
    assert (row.screen, row.place) == ("question", '{"page": 1}')


# --- photos ---------------------------------------------------------------------------------------------------


def test_a_file_is_refused_twice_on_one_paper_and_taken_on_another(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    photo = attach_photo(machine, dossier, _EVIDENCE, factories.png())
    _refused(machine, PhotoAlreadyThere, lambda: attach_photo(machine, dossier, _EVIDENCE, factories.png()))
    attach_photo(machine, dossier, PaperId("residence_proof"), factories.png())
    detach_photo(machine, photo)
    attach_photo(machine, dossier, _EVIDENCE, factories.png())
    assert len(photos_of_paper(machine, dossier, _EVIDENCE)) == 1


def test_forty_files_are_the_most(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    for number in range(40):
        attach_photo(machine, dossier, _EVIDENCE, factories.png(number))
    told = _refused(machine, TooManyPhotos, lambda: attach_photo(machine, dossier, _EVIDENCE, factories.png(99)))
    assert told.values["most"] == 40
    with machine.store.read() as db:
        (first, *_) = photos.of_dossier(db, dossier)
    detach_photo(machine, first.id)
    attach_photo(machine, dossier, _EVIDENCE, factories.png(99))
    _refused(machine, TooManyPhotos, lambda: restore_photo(machine, first.id))


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_a_photo_this_machine_lost_is_not_sealed_and_may_be_given_again(machine: OpenMachine, how: str) -> None:
    dossier = factories.birth_dossier(machine)
    content = factories.png(60)
    lost = attach_photo(machine, dossier, PaperId("birth_evidence"), content)
    with pytest.raises(PhotoAlreadyThere):
        attach_photo(machine, dossier, PaperId("birth_evidence"), content)
    with machine.store.read() as db:
        file = machine.places.photos / photos.sealed_row(db, lost)["file"]
    if how == "gone":
        file.unlink()
        with pytest.raises(PhotosLost) as said:
            lock_dossier(machine, dossier)
        assert said.value.values == {"count": 1}
    else:
        file.write_bytes(file.read_bytes()[:-1])
    again = attach_photo(machine, dossier, PaperId("birth_evidence"), content)
    with machine.store.read() as db:
        assert [photo.id for photo in photos.of_dossier(db, dossier)] == [again]
    assert photo_bytes(machine, again) == content
    lock_dossier(machine, dossier)


def test_another_photo_takes_the_place_of_one_this_machine_lost_and_of_one_only(machine: OpenMachine) -> None:
    dossier, paper = factories.birth_dossier(machine), PaperId("birth_evidence")
    kept, *lost = (attach_photo(machine, dossier, paper, factories.png(shade)) for shade in (61, 62, 63))
    with machine.store.read() as db:
        for photo in lost:
            (machine.places.photos / photos.sealed_row(db, photo)["file"]).unlink()
    first = attach_photo(machine, dossier, paper, factories.png(64))
    left = {photo.id for photo in photos_of_paper(machine, dossier, paper)}
    assert left >= {kept, first}
    assert len(left & {*lost}) == 1
    more = {attach_photo(machine, dossier, paper, factories.png(shade)) for shade in (65, 66)}
    assert {photo.id for photo in photos_of_paper(machine, dossier, paper)} == {kept, first, *more}


def test_a_full_disk_keeps_neither_file_nor_row(machine: OpenMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = factories.birth_dossier(machine)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    _refused(machine, DiskFull, lambda: attach_photo(machine, dossier, _EVIDENCE, factories.png()))


def test_photos_of_a_sealed_dossier_stay_as_they_are(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    photo = attach_photo(machine, dossier, _EVIDENCE, factories.png())
    gone = attach_photo(machine, dossier, _EVIDENCE, factories.png(9))
    detach_photo(machine, gone)
    lock_dossier(machine, dossier)
    _refused(machine, FieldNotOpen, lambda: detach_photo(machine, photo))
    _refused(machine, FieldNotOpen, lambda: restore_photo(machine, gone))
    _refused(machine, FieldNotOpen, lambda: attach_photo(machine, dossier, _EVIDENCE, factories.png(7)))
    _refused(machine, FieldNotOpen, lambda: show_paper(machine, dossier, _EVIDENCE, is_shown=True))


def test_a_photo_or_dossier_that_is_not_here_is_told(machine: OpenMachine) -> None:
    _refused(machine, NoSuchPhoto, lambda: detach_photo(machine, PhotoId(_STRANGER)))
    for deed in (
        lambda: attach_photo(machine, _STRANGER, _EVIDENCE, factories.png()),
        lambda: show_paper(machine, _STRANGER, _EVIDENCE, is_shown=True),
        lambda: answer_question(machine, _STRANGER, _NAME, "LÊ A"),
        lambda: undo_answer(machine, _STRANGER),
        lambda: answer_supplement(machine, _STRANGER),
        lambda: lock_dossier(machine, _STRANGER),
        lambda: unlock_dossier(machine, _STRANGER, ""),
        lambda: send_again(machine, _STRANGER),
        lambda: bin_dossier(machine, _STRANGER),
        lambda: take_from_bin(machine, _STRANGER),
        lambda: erase_dossier(machine, _STRANGER),
        lambda: set_position(machine, _STRANGER, "tasks", ""),
        lambda: withdraw_consent(machine, _STRANGER, "file_dossier"),
        lambda: record_consent(machine, _STRANGER, purpose="file_dossier", text_version="1", text="x", given_by="self"),
    ):
        _refused(machine, NoSuchDossier, deed)


# --- consent --------------------------------------------------------------------------------------------------


def test_a_second_consent_replaces_the_first_and_both_stay_on_record(machine: OpenMachine, clock: FixedClock) -> None:
    dossier = factories.birth_dossier(machine)
    clock.move(minutes=1)
    record_consent(
        machine,
        dossier,
        purpose="file_dossier",
        text_version="2",
        text="Đồng ý",
        given_by="representative",
        representative="Bà Tư",
    )
    with machine.store.read() as db:
        rows = db.execute(
            text("SELECT text_version, given_by, representative, withdrawn_at IS NULL FROM consents ORDER BY id")
        ).all()
    assert [tuple(row) for row in rows] == [("1", "self", None, 0), ("2", "representative", "Bà Tư", 1)]


def test_withdrawing_one_purpose_leaves_another(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    record_consent(machine, dossier, purpose="keep_contact", text_version="1", text="x", given_by="self")
    withdraw_consent(machine, dossier, "keep_contact")
    assert dossier_tasks(machine, dossier, "vi").has_consent
    withdraw_consent(machine, dossier, "file_dossier")
    told = _refused(machine, DossierIncomplete, lambda: lock_dossier(machine, dossier))
    assert told.values == {"problems": 0, "consents": 1}


# --- lock, unlock, send again ---------------------------------------------------------------------------------


def test_locking_twice_gives_the_same_bytes_and_one_place_in_the_queue(machine: OpenMachine, clock: FixedClock) -> None:
    dossier = factories.birth_dossier(machine)
    first = lock_dossier(machine, dossier)
    clock.move(hours=1)
    assert lock_dossier(machine, dossier) == first
    with machine.store.read() as db:
        assert len(outbox.waiting(db, clock.now())) == 1


def test_unlocking_a_draft_is_no_trouble_and_a_locked_one_is_a_draft_again(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    unlock_dossier(machine, dossier, "")
    lock_dossier(machine, dossier)
    unlock_dossier(machine, dossier, "sửa tên")
    row = one_dossier(machine, dossier)
    assert (row.status, row.outbox_id) == (StatusKey.DRAFT, None)


@pytest.mark.parametrize(
    "states_on_the_way",
    [
        (OutboxState.SENDING,),
        (OutboxState.SENDING, OutboxState.CONFIRMING),
        (OutboxState.SENDING, OutboxState.QUEUED),
        (OutboxState.SENDING, OutboxState.HELD),
        (OutboxState.SENDING, OutboxState.PROVED),
    ],
)
def test_once_a_byte_has_left_nothing_is_unlocked(
    machine: OpenMachine, states_on_the_way: tuple[OutboxState, ...]
) -> None:
    dossier = states.sealed(machine)
    states.move(machine, dossier, *states_on_the_way, **({"has_left": True} if len(states_on_the_way) == 1 else {}))
    _refused(machine, AlreadyLeft, lambda: unlock_dossier(machine, dossier, ""))


def test_what_the_province_refused_for_its_answers_is_opened_though_it_has_left(machine: OpenMachine) -> None:
    dossier = states.held(machine, "invalid", "/data/declaration/mother/residence constraint")
    unlock_dossier(machine, dossier, "refused")
    row = one_dossier(machine, dossier)
    assert (row.status, row.outbox_id) == (StatusKey.DRAFT, None)
    for code in ("id-conflict", "poison", "file-refused"):
        other = states.held(machine, code)
        _refused(machine, AlreadyLeft, lambda other=other: unlock_dossier(machine, other, ""))  # type: ignore[misc]


def test_sending_again_takes_what_is_held_and_nothing_else(machine: OpenMachine) -> None:
    held, waiting, done = states.held(machine), states.sealed(machine), states.proved(machine)
    send_again(machine, held)
    row = one_dossier(machine, held)
    assert (row.outbox_state, row.held_code, row.held_detail) == (OutboxState.QUEUED, None, None)
    before = _everything(machine)
    send_again(machine, waiting)
    send_again(machine, done)
    assert _everything(machine) == before


# --- supplement -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [states.draft, states.sealed, states.proved, states.held])
def test_a_supplement_is_refused_where_nothing_is_asked(
    machine: OpenMachine, make: Callable[[OpenMachine], DossierId]
) -> None:
    dossier = make(machine)
    _refused(machine, NothingAsked, lambda: answer_supplement(machine, dossier))


def test_a_supplement_is_opened_once_and_its_revision_can_be_sealed(machine: OpenMachine) -> None:
    dossier = states.asked(machine)
    assert (answer_supplement(machine, dossier), answer_supplement(machine, dossier)) == (2, 2)
    answer_question(machine, dossier, _RESIDENCE, "Thôn Phúc Long")
    assert lock_dossier(machine, dossier).revision == 2
    with machine.store.read() as db:
        assert dossiers.get(db, dossier).request_id == states.REQUEST["id"]


# --- the bin --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [states.sealed, states.proved, states.held])
def test_what_was_sealed_goes_into_no_bin(machine: OpenMachine, make: Callable[[OpenMachine], DossierId]) -> None:
    dossier = make(machine)
    _refused(machine, FieldNotOpen, lambda: bin_dossier(machine, dossier))
    _refused(machine, FieldNotOpen, lambda: erase_dossier(machine, dossier))


def test_a_supplement_under_way_goes_into_no_bin(machine: OpenMachine) -> None:
    dossier = states.asked(machine)
    answer_supplement(machine, dossier)
    _refused(machine, FieldNotOpen, lambda: bin_dossier(machine, dossier))
    _refused(machine, FieldNotOpen, lambda: erase_dossier(machine, dossier))


def test_the_bin_is_emptied_after_thirty_days_to_the_second(machine: OpenMachine, clock: FixedClock) -> None:
    dossier, other = factories.birth_dossier(machine), factories.birth_dossier(machine)
    attach_photo(machine, dossier, _EVIDENCE, factories.png())
    attach_photo(machine, other, _EVIDENCE, factories.png())
    bin_dossier(machine, dossier)
    states.days_pass(machine, clock, KEPT_IN_BIN_DAYS)
    assert erase_overdue(machine) == 0
    clock.move(seconds=1)
    assert erase_overdue(machine) == 1
    assert [row.id for row in dossier_list(machine).rows] == [other]
    kept = _everything(machine)
    assert len(kept["files"]) == 1
    for name in ("answers", "answer_changes", "photos", "paper_marks", "consents", "events"):
        assert not [row for row in kept[name] if dossier in row], name


# --- the machine ----------------------------------------------------------------------------------------------


def test_a_weak_secret_makes_no_keys_and_a_machine_is_not_made_twice(tmp_path: Path, machine: OpenMachine) -> None:
    from bnhelper.paths import Places

    def make(places: Places, words: str) -> OpenMachine:
        return create_machine(
            places,
            Passphrase(words),
            person="A",
            unit=None,
            library=Library.shipped(),
            clock=FixedClock(),
            cost=factories.CHEAP,
        )

    places = Places(tmp_path / "weak")
    with pytest.raises(SecretTooWeak):
        make(places, "chỉ ba từ")
    assert not places.keys.exists()
    before = machine.places.keys.read_bytes()
    with pytest.raises(FileExistsError):
        make(machine.places, "tre xanh lúa chín")
    assert machine.places.keys.read_bytes() == before


def test_opening_asks_nobody_outside_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = factories.machine(tmp_path)
    made.remember_province(Province("https://127.0.0.1:9", "here", "token", ()))
    made.close()

    def reached(*_where: object) -> None:
        raise AssertionError("opening reached for a network")

    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, reached)
    again = unlock_machine(
        Places(tmp_path / "data"), KeyFile(tmp_path / "key"), library=Library.shipped(), clock=FixedClock()
    )
    assert again.profile.province is not None
    again.close()


def test_a_machine_that_is_open_opens_in_no_second_window(tmp_path: Path, machine: OpenMachine) -> None:
    from bnhelper.vault.keys import KeyFile

    with pytest.raises(StoreInUse):
        unlock_machine(machine.places, KeyFile(tmp_path / "key"), library=Library.shipped(), clock=FixedClock())
    assert not machine.places.tries.exists(), "no wrong key, so no try"


def test_an_opening_that_fails_gives_the_store_back(
    tmp_path: Path, machine: OpenMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.close()

    def read_only(_places: Places) -> None:
        raise OSError(errno.EROFS, "read-only")

    def enter() -> OpenMachine:
        return unlock_machine(machine.places, KeyFile(tmp_path / "key"), library=Library.shipped(), clock=FixedClock())

    with monkeypatch.context() as until:
        until.setattr(Places, "make", read_only)
        with pytest.raises(DiskReadOnly):
            enter()
    enter().close()


def test_a_full_disk_that_takes_no_writing_is_told(machine: OpenMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(_path: Path, **_more: object) -> None:
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(type(machine.store.ground), "_free", lambda _ground: 0)
    monkeypatch.setattr(Path, "unlink", read_only)
    with pytest.raises(DiskReadOnly), machine.store.write():
        pass


def test_a_photo_that_broke_is_found_before_it_is_sealed_and_taken_again(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    attach_photo(machine, dossier, _EVIDENCE, factories.png(3))
    (file,) = machine.places.photos.iterdir()
    broken = bytearray(file.read_bytes())
    broken[-20] ^= 1
    file.write_bytes(broken)
    with pytest.raises(PhotosLost):
        lock_dossier(machine, dossier)  # sent, its text would be there for good and the photo never
    attach_photo(machine, dossier, _EVIDENCE, factories.png(3))
    assert len(photos_of_paper(machine, dossier, _EVIDENCE)) == 1
    lock_dossier(machine, dossier)


def test_home_opens_though_a_dossier_with_a_lost_photo_was_erased_meanwhile(
    tmp_path: Path, machine: OpenMachine
) -> None:
    dossier = factories.birth_dossier(machine)
    attach_photo(machine, dossier, PaperId("birth_evidence"), factories.png(3))
    machine.close()
    for one in machine.places.photos.iterdir():
        one.unlink()
    again = unlock_machine(machine.places, KeyFile(tmp_path / "key"), library=Library.shipped(), clock=FixedClock())
    try:
        assert len(today(again).missing) == 1
        erase_dossier(again, dossier)
        assert today(again).missing == ()
    finally:
        again.close()


@pytest.mark.parametrize(("name", "trouble"), [("keys.json", KeysDamaged), ("store.db", StoreDamaged)])
def test_damaged_files_are_told_apart_and_left_as_they_are(
    tmp_path: Path, machine: OpenMachine, name: str, trouble: type[KnownTrouble]
) -> None:
    from bnhelper.vault.keys import KeyFile

    machine.close()
    path = machine.places.root / name
    path.write_bytes(b"rubbish")
    if path == machine.places.keys:
        machine.places.keys_copy.write_bytes(b"rubbish")
    with pytest.raises(trouble):
        unlock_machine(machine.places, KeyFile(tmp_path / "key"), library=Library.shipped(), clock=FixedClock())
    assert path.read_bytes() == b"rubbish"


def test_keys_that_broke_open_from_their_copy_and_are_mended(tmp_path: Path, machine: OpenMachine) -> None:
    machine.close()
    good = machine.places.keys.read_bytes()
    machine.places.keys.write_bytes(bytes(len(good)))  # what some disks leave of a file after a power cut
    unlock_machine(machine.places, KeyFile(tmp_path / "key"), library=Library.shipped(), clock=FixedClock()).close()
    assert machine.places.keys.read_bytes() == good


def test_a_photo_file_without_a_row_is_cleared_and_a_row_without_its_file_is_told(
    tmp_path: Path, machine: OpenMachine
) -> None:
    from bnhelper.vault.keys import KeyFile

    dossier = factories.birth_dossier(machine)
    photo = attach_photo(machine, dossier, _EVIDENCE, factories.png())
    machine.close()
    (real,) = machine.places.photos.glob("*.sealed")
    real.unlink()
    (machine.places.photos / "ffff.sealed").write_bytes(b"left by a crash")
    (machine.places.photos / "eeee.part").write_bytes(b"half written")
    again = unlock_machine(machine.places, KeyFile(tmp_path / "key"), library=Library.shipped(), clock=FixedClock())
    assert again.found.missing == (photo,)
    assert again.found.orphans == ("ffff.sealed",)
    assert not list(again.places.photos.iterdir())
    again.close()
