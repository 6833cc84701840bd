"""What a resident asks about their data is noted, due by the law's clocks, and done; what is erased is gone."""

import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.bin_dossier import bin_dossier, erase_dossier
from bnhelper.actions.data_rights import (
    NotExtendable,
    StillOnItsWay,
    answer_request,
    ask_about_data,
    carry_out,
    extend_request,
    release_hold,
    set_hold,
)
from bnhelper.actions.erase_overdue import erase_overdue
from bnhelper.actions.lock_dossier import DossierIncomplete, lock_dossier
from bnhelper.actions.record_consent import RepresentativeMissing, record_consent
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.domain.data_rights import Due, HoldReason, RequestKind
from bnhelper.ids import DossierId, PaperId
from bnhelper.queries.data_rights import data_rights
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.store import photos
from bnhelper.store.data_requests import HeldByLaw, NoSuchRequest
from bnhelper.store.dossiers import NoSuchDossier
from bnhelper.vault.sealed_file import SealedFileDamaged
from tests import factories, states
from tests.fakes.clock import FixedClock


def _rows(machine: OpenMachine, dossier: DossierId) -> dict[str, int]:
    """Count what still speaks of a dossier, table by table, whatever tables there are."""
    found = {}
    with machine.store.read() as db:
        names = db.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        for name in names:
            columns = [row[1] for row in db.execute(text(f"PRAGMA table_info({name})"))]
            column = "dossier" if "dossier" in columns else "id" if name == "dossiers" else None
            if column is not None:
                count = db.execute(
                    text(f"SELECT count(*) FROM {name} WHERE {column} = :one"), {"one": dossier}
                ).scalar()
                if count:
                    found[name] = int(count)
    return found


@pytest.mark.parametrize(
    ("kind", "sent", "extended", "term"),
    [
        (RequestKind.WITHDRAW, False, False, Due(dt.date(2026, 11, 26), dt.date(2026, 12, 8))),
        (RequestKind.WITHDRAW, True, False, Due(dt.date(2026, 11, 26), dt.date(2026, 12, 13))),
        (RequestKind.WITHDRAW, True, True, Due(dt.date(2026, 11, 26), dt.date(2026, 12, 28))),
        (RequestKind.VIEW, False, False, Due(None, dt.date(2026, 12, 3))),
        (RequestKind.CORRECT, True, False, Due(None, dt.date(2026, 12, 8))),
        (RequestKind.ERASE, False, False, Due(None, dt.date(2026, 12, 13))),
        (RequestKind.ERASE, True, True, Due(None, dt.date(2027, 1, 12))),
    ],
)
def test_the_clocks_of_the_law_are_shown_as_dates(
    machine: OpenMachine, kind: RequestKind, sent: bool, extended: bool, term: Due
) -> None:
    """Asked on Monday, 23 November 2026; the 24th, the Day of Culture, is a day off from this year on."""
    dossier = states.proved(machine) if sent else states.draft(machine)
    request = ask_about_data(machine, dossier, kind)
    if extended:
        extend_request(machine, request)
    (row,) = data_rights(machine, dossier).requests
    assert (row.kind, row.due, row.is_late) == (kind, term, False)


def test_two_working_days_pass_over_a_weekend_and_a_late_answer_shows(machine: OpenMachine, clock: FixedClock) -> None:
    clock.at = dt.datetime(2026, 11, 27, 3, tzinfo=dt.UTC)  # a Friday
    dossier = states.draft(machine)
    request = ask_about_data(machine, dossier, RequestKind.WITHDRAW)
    (row,) = data_rights(machine, dossier).requests
    assert row.due.answer_by == dt.date(2026, 12, 1)
    clock.move(days=5)
    assert data_rights(machine, dossier).requests[0].is_late
    answer_request(machine, request)
    assert not data_rights(machine, dossier).requests[0].is_late
    clock.move(days=20)
    assert data_rights(machine, dossier).requests[0].is_late


def test_an_extension_is_taken_once_and_only_where_the_law_has_one(machine: OpenMachine) -> None:
    dossier = states.draft(machine)
    request = ask_about_data(machine, dossier, RequestKind.ERASE)
    extend_request(machine, request)
    with pytest.raises(NotExtendable):
        extend_request(machine, request)
    with pytest.raises(NotExtendable):
        extend_request(machine, ask_about_data(machine, dossier, RequestKind.VIEW))


def test_a_withdrawn_consent_stops_the_sealing_and_is_done_once(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    request = ask_about_data(machine, dossier, RequestKind.WITHDRAW, "phone")
    carry_out(machine, request)
    with pytest.raises(DossierIncomplete):
        lock_dossier(machine, dossier)
    (given,) = data_rights(machine, dossier).consents
    assert given.withdrawn_at is not None
    with pytest.raises(NoSuchRequest):
        carry_out(machine, request)


def test_an_erased_dossier_leaves_no_row_no_file_and_the_proof_that_it_was_done(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    attach_photo(machine, dossier, PaperId("birth_evidence"), factories.png())
    other = factories.birth_dossier(machine)
    kept = attach_photo(machine, other, PaperId("birth_evidence"), factories.png())
    lock_dossier(machine, dossier)
    from bnhelper.domain.custody import OutboxState

    states.move(machine, dossier, OutboxState.SENDING, OutboxState.PROVED, proved_at="2026-11-23T03:06:00.000Z")
    states.tell(machine, dossier, "approved")
    carry_out(machine, ask_about_data(machine, dossier, RequestKind.ERASE))
    assert _rows(machine, dossier) == {"data_requests": 1}
    with machine.store.read() as db:
        names = [photos.sealed_row(db, kept)["file"]]
        deeds = [json.loads(one) for one in db.execute(text("SELECT body FROM audit ORDER BY seq")).scalars()]
        assert db.execute(text("PRAGMA foreign_key_check")).all() == []
    assert machine.photos.files() == names
    assert [one["deed"] for one in deeds if one.get("about") == dossier][-2:] == ["dossier-erased", "request-done"]
    assert [row.id for row in dossier_list(machine).rows] == [other]
    journal = machine.places.store.with_name("store.db-wal")
    assert not journal.exists() or journal.stat().st_size == 0, "what was deleted does not live on in the journal"


def test_a_copy_of_the_file_is_worth_nothing_once_its_key_is_destroyed(machine: OpenMachine, tmp_path: Path) -> None:
    """Crypto-erasure: somebody kept the sealed file and later gets the whole open machine."""
    dossier = factories.birth_dossier(machine)
    photo = attach_photo(machine, dossier, PaperId("birth_evidence"), factories.png())
    with machine.store.read() as db:
        row = dict(photos.sealed_row(db, photo))
    copy = tmp_path / "copy.sealed"
    copy.write_bytes((machine.places.photos / row["file"]).read_bytes())
    carry_out(machine, ask_about_data(machine, dossier, RequestKind.ERASE))
    assert not (machine.places.photos / row["file"]).exists()
    (machine.places.photos / row["file"]).write_bytes(copy.read_bytes())
    other = factories.birth_dossier(machine)
    attach_photo(machine, other, PaperId("birth_evidence"), factories.png(5))
    with machine.store.read() as db:
        keys = db.execute(text("SELECT wrapped_key FROM photos")).scalars().all()
    assert keys
    for wrapped in keys:
        with pytest.raises(SealedFileDamaged), machine.photos.open(row | {"wrapped_key": wrapped}) as file:
            file.read_at(0, 10)


def test_a_hold_stops_every_erasure_until_it_is_released(machine: OpenMachine, clock: FixedClock) -> None:
    dossier = states.proved(machine)
    states.tell(machine, dossier, "approved")
    set_hold(machine, dossier, HoldReason.INSPECTION)
    request = ask_about_data(machine, dossier, RequestKind.ERASE)
    with pytest.raises(HeldByLaw):
        carry_out(machine, request)
    states.days_pass(machine, clock, 400)
    assert erase_overdue(machine) == 0
    assert data_rights(machine, dossier).holds == (HoldReason.INSPECTION,)
    release_hold(machine, dossier)
    carry_out(machine, request)
    with pytest.raises(NoSuchDossier):
        data_rights(machine, dossier)


def test_a_draft_that_is_held_or_asked_about_is_not_erased_out_of_the_bin_nor_at_once(
    machine: OpenMachine, clock: FixedClock
) -> None:
    held, asked, plain = (states.draft(machine) for _ in range(3))
    set_hold(machine, held, HoldReason.COURT)
    ask_about_data(machine, asked, RequestKind.VIEW)
    with pytest.raises(HeldByLaw):
        erase_dossier(machine, held)
    for one in (held, asked, plain):
        bin_dossier(machine, one)
    states.days_pass(machine, clock, 40)
    assert erase_overdue(machine) == 1
    assert (_rows(machine, held) != {}, _rows(machine, asked) != {}, _rows(machine, plain)) == (True, True, {})
    release_hold(machine, held)
    assert erase_overdue(machine) == 1


def test_what_waits_to_be_sent_is_never_erased(machine: OpenMachine, clock: FixedClock) -> None:
    dossier = states.sealed(machine)
    with pytest.raises(StillOnItsWay):
        carry_out(machine, ask_about_data(machine, dossier, RequestKind.ERASE))
    states.days_pass(machine, clock, 400)
    assert erase_overdue(machine) == 0
    assert len(dossier_list(machine).rows) == 1


def test_the_schedule_erases_what_came_to_its_end_thirty_days_ago_and_nothing_else(
    machine: OpenMachine, clock: FixedClock
) -> None:
    ended, running, draft = states.proved(machine), states.proved(machine), states.draft(machine)
    states.tell(machine, ended, "approved")
    states.tell(machine, running, "in_review", seq=2)
    assert data_rights(machine, ended).erased_on == dt.date(2026, 12, 23)
    assert data_rights(machine, running).erased_on is None
    states.days_pass(machine, clock, 29)
    clock.move(hours=23)
    assert erase_overdue(machine) == 0
    clock.move(hours=2)
    assert erase_overdue(machine) == 1
    assert {row.id for row in dossier_list(machine).rows} == {running, draft}


def test_for_a_minor_a_representative_agrees_by_name_and_relation(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine, has_consent=False)
    with pytest.raises(RepresentativeMissing):
        record_consent(
            machine, dossier, purpose="file_dossier", text_version="2026-11", text="Đồng ý",
            given_by="representative", representative="Trần Văn A", is_for_minor=True,
        )  # fmt: skip
    record_consent(
        machine, dossier, purpose="file_dossier", text_version="2026-11", text="Đồng ý", given_by="representative",
        representative="Trần Văn A", relation="cha", is_for_minor=True,
        categories=("identity", "family"), is_sensitive=True,
    )  # fmt: skip
    (given,) = data_rights(machine, dossier).consents
    assert (given.representative, given.relation, given.is_for_minor) == ("Trần Văn A", "cha", True)
    with machine.store.read() as db:
        row = db.execute(text("SELECT * FROM consents")).mappings().one()
    assert (row["collector"], row["device"]) == (machine.person.id, machine.profile.device)
    assert (row["categories"], row["is_sensitive"], len(row["text_sha256"])) == ("identity,family", 1, 64)
