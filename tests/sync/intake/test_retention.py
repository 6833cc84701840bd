"""Personal data leaves when its time is over, what is held stays, and what somebody else still needs stays too."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, update

from bnhelper.clock import province_date, to_text
from sync.intake import admin, deeds, erasure, exports, ledger, officers_accounts, retention, visits
from sync.intake.deliver import Deliverer
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer, Role
from sync.intake.station import Site, invite, open_site
from sync.intake.visit_csv import EXAMPLE, homes_of
from tests.fakes.clock import FixedClock
from tests.sync.conftest import RunningIntake
from tests.sync.intake.engines import Postgres
from tests.sync.intake.test_contract import (
    _PATCH,
    Client,
    _meta,
    client,
    test_an_upload_by_tus_ends_in_a_signed_receipt,
)

__all__ = ["client"]

_BOSS = Officer("canbo", "Bà Hạnh", "", Role.PROVINCE, PROVINCE_OFFICE)
_PDF = b"%PDF-1.4 ket qua\n%%EOF"
_RESULT = hashlib.sha256(_PDF).hexdigest()


def _does(intake: RunningIntake, dossier: str, *kinds: str) -> None:
    """Let an officer do deeds as the pages do them, each a minute after the last."""
    for kind in kinds:
        intake.clock.move(minutes=1)
        with intake.site.engine.connect() as db:
            version = db.execute(select(ledger.dossiers.c.version).where(ledger.dossiers.c.id == dossier)).scalar_one()
        result = ("ket-qua.pdf", "application/pdf", _PDF) if kind == "result" else None
        deeds.do(intake.site, _BOSS, dossier, version, deeds.Deed(kind, "ghi chú", result=result))


def _closed(client: Client, intake: RunningIntake) -> str:
    """A dossier with a photo whose result was given and handed over."""
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    _does(intake, str(client.item.dossier), "accept", "result", "returned")
    return str(client.item.dossier)


def _everything(site: Site) -> str:
    with site.engine.connect() as db:
        return "".join(
            str(tuple(one)) for table in ledger.metadata.tables.values() for one in db.execute(select(table))
        )


def _count(site: Site, table: Any) -> int:
    with site.engine.connect() as db:
        return db.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_site_that_nobody_is_told_by_erases_what_it_closed(client: Client, intake: RunningIntake) -> None:
    site, dossier = intake.site, _closed(client, intake)
    photo = hashlib.sha256(client.photo).hexdigest()
    assert site.blobs.has(_RESULT)
    intake.clock.move(days=360)
    assert retention.run(site, 365)["erased"] == 0, "not yet"
    intake.clock.move(days=40)
    retention.hold(site, dossier, "vụ án 12/2026", "officer:x")
    assert retention.run(site, 365)["erased"] == 0
    assert retention.release(site, dossier, "officer:x")
    assert not retention.release(site, dossier, "officer:x"), "there is none any more"
    done = retention.run(site, 365)
    assert (done["erased"], done["erased_untold"], done["deleted_files"]) == (1, 0, 2)
    assert not site.blobs.has(photo)
    assert not site.blobs.has(_RESULT), "the decision is as personal as the dossier"
    with site.engine.connect() as db:
        row = db.execute(select(ledger.dossiers)).one()
        assert (row.applicant, row.erased_at is not None, bool(row.office_number)) == ("", True, True)
        assert db.execute(select(ledger.revisions.c.body)).scalar_one() == b""
    everything = _everything(site)
    assert "TRẦN MINH AN" not in everything
    assert "027190000002" not in everything
    with site.engine.connect() as db:
        left = [str(tuple(one)) for one in db.execute(select(ledger.dossiers)).all()]
    assert "Bà Hạnh" not in str(left), "a tombstone names nobody, the officer neither"
    assert _count(site, ledger.outbox) == _count(site, ledger.blobs) == _count(site, ledger.deeds) == 0
    assert sum(value for name, value in retention.run(site, 365).items() if name.startswith("erased")) == 0
    replay = client.put()
    assert (replay.status_code, "receipt" in replay.json()) == (200, True), "it was received, and stays so"
    with pytest.raises(retention.NotHere):
        retention.hold(site, dossier, "too late", "officer:x")


def test_what_a_receiver_is_still_to_be_told_waits_but_not_for_ever(client: Client, intake: RunningIntake) -> None:
    site = intake.site
    _closed(client, intake)
    Deliverer(site, "http://127.0.0.1:9/nobody-listens")
    with site.engine.connect() as db:
        assert exports.has_receiver(db)
    intake.clock.move(days=400)
    assert retention.run(site, 365)["erased"] == 0
    intake.clock.move(days=erasure.UNTOLD_DAYS)
    done = retention.run(site, 365)
    assert (done["erased"], done["erased_untold"]) == (0, 1)
    assert Deliverer(site, "http://127.0.0.1:9/nobody-listens").once() == 0, "nothing is left to tell"


def test_bytes_that_come_again_while_they_are_doomed_are_kept(client: Client, intake: RunningIntake) -> None:
    _closed(client, intake)
    site, sha256 = intake.site, hashlib.sha256(client.photo).hexdigest()
    intake.clock.move(days=400)
    erasure.erase_old(site, 365)
    made = client.call("POST", "/v1/blobs", **_meta(sha256), **{"Upload-Length": str(len(client.photo))})
    client.call("PATCH", made.headers["Location"], client.photo, **_PATCH, **{"Upload-Offset": "0"})
    assert erasure.delete_doomed(site) == 1, "the result alone"
    assert site.blobs.read(sha256) == client.photo


def test_a_result_that_another_dossier_has_too_stays_for_it(client: Client, intake: RunningIntake) -> None:
    site, first = intake.site, _closed(client, intake)
    with site.engine.begin() as db:  # the same machine's other dossier got the same paper, a year later
        row = dict(db.execute(select(ledger.dossiers)).one()._mapping)
        other = "01936f00-0000-7000-8000-00000000000a"
        at = to_text(intake.clock.now().replace(year=intake.clock.now().year + 1))
        db.execute(insert(ledger.dossiers).values(**row | {"id": other, "look_up_hash": other, "changed_at": at}))
    intake.clock.move(days=366)
    done = retention.run(site, 365)
    assert (done["erased"], done["deleted_files"]) == (1, 1)
    assert first
    assert site.blobs.has(_RESULT)


def test_a_deed_that_was_not_done_leaves_no_file(client: Client, intake: RunningIntake) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    deed = deeds.Deed("result", result=("ket-qua.pdf", "application/pdf", _PDF))
    with pytest.raises(deeds.NotNow):
        deeds.do(intake.site, _BOSS, str(client.item.dossier), 99, deed)
    assert intake.site.blobs.has(_RESULT)
    assert retention.run(intake.site, 365)["deleted_files"] == 1
    assert not intake.site.blobs.has(_RESULT)


def test_bytes_that_no_dossier_names_end_and_can_be_brought_anew(client: Client, intake: RunningIntake) -> None:
    site, sha256 = intake.site, hashlib.sha256(client.photo).hexdigest()

    def bring() -> None:
        made = client.call("POST", "/v1/blobs", **_meta(sha256), **{"Upload-Length": str(len(client.photo))})
        assert made.headers.get("Upload-Offset", "0") == "0", "it is not said to be here"
        client.call("PATCH", made.headers["Location"], client.photo, **_PATCH, **{"Upload-Offset": "0"})

    bring()
    intake.clock.move(days=erasure.ORPHAN_DAYS - 1)
    assert retention.run(site, 365)["orphans"] == 0
    intake.clock.move(days=2)
    assert retention.run(site, 365)["orphans"] == 1
    assert site.blobs.has(sha256), "not in the moment when somebody may count on it"
    intake.clock.move(days=1)
    assert retention.run(site, 365)["deleted_files"] == 1
    assert not site.blobs.has(sha256)
    assert client.put().json()["missing"] == [sha256]
    bring()
    assert client.put().json()["state"] == "delivered"
    intake.clock.move(days=400)
    assert retention.run(site, 900)["orphans"] == 0, "a dossier names it"
    assert site.blobs.has(sha256)


def test_bytes_that_were_receipted_in_the_moment_they_were_let_go_stay(client: Client, intake: RunningIntake) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    site, sha256 = intake.site, hashlib.sha256(client.photo).hexdigest()
    with site.engine.begin() as db:  # what the other transaction did not see: the bytes had no name then
        db.execute(ledger.blobs.delete())
        db.execute(insert(ledger.doomed_blobs).values(sha256=sha256, at=site.now()))
    assert erasure.delete_doomed(site) == 0
    assert site.blobs.read(sha256) == client.photo
    assert client.call("GET", f"/v1/blobs/{sha256}").content == client.photo


def test_what_never_arrived_whole_ends_and_can_be_sent_anew(client: Client, intake: RunningIntake) -> None:
    site = intake.site
    assert client.put().json()["state"] == "receiving"
    intake.clock.move(days=366)
    assert retention.run(site, 365)["never_whole"] == 1
    assert _count(site, ledger.dossiers) == _count(site, ledger.revisions) == _count(site, ledger.files) == 0
    assert "TRẦN MINH AN" not in _everything(site)
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)


def test_a_hold_keeps_rows_bytes_feed_and_audit(client: Client, intake: RunningIntake) -> None:
    site, dossier = intake.site, _closed(client, intake)
    with site.engine.begin() as db:  # somebody else's line, which nobody holds
        ledger.note(db, at=site.now(), who="officer:x", what="read", dossier="another")
    before = {table.name: _count(site, table) for table in (ledger.changes, ledger.outbox, ledger.deeds)}
    with site.engine.connect() as db:
        lines = db.execute(select(ledger.audit.c.id).where(ledger.audit.c.dossier == dossier)).scalars().all()
    retention.hold(site, dossier, "vụ án 12/2026", "officer:x")
    intake.clock.move(days=6 * 365)
    retention.run(site, 365)
    assert before == {table.name: _count(site, table) for table in (ledger.changes, ledger.outbox, ledger.deeds)}
    assert "TRẦN MINH AN" in str(client.item.envelope, "utf-8")
    with site.engine.connect() as db:
        assert db.execute(select(ledger.revisions.c.body)).scalar_one() == client.item.envelope
        kept = set(db.execute(select(ledger.audit.c.id).where(ledger.audit.c.dossier == dossier)).scalars())
        other = db.execute(select(ledger.audit.c.id).where(ledger.audit.c.dossier == "another")).first()
    assert set(lines) <= kept
    assert other is None
    assert all(site.blobs.has(one) for one in (_RESULT, hashlib.sha256(client.photo).hexdigest()))
    states = [one["state"] for one in client.call("GET", "/v1/changes?cursor=0").json()["items"]]
    assert states == ["delivered", "accepted", "approved", "returned"], "a feed without a gap"
    retention.release(site, dossier, "officer:x")
    retention.run(site, 365)
    assert _count(site, ledger.changes) == _count(site, ledger.outbox) == 0
    assert not site.blobs.has(_RESULT)


def test_the_site_s_own_commands_hold_release_and_erase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site, _ = open_site(tmp_path / "site", FixedClock())
    long_ago = dict.fromkeys(("changed_at", "received_at"), "2024-01-01T00:00:00.000Z")
    about = {"device": "d", "procedure": "1.001193", "pack_version": "1", "readable_code": "BN-222-222"}
    with site.engine.begin() as db:
        db.execute(
            insert(ledger.dossiers).values(
                **about, **long_ago, id="one", look_up_hash="one", revision=1, version=1, state="returned"
            )
        )
        db.execute(update(ledger.dossiers).values(office_number="H05.27-240101-0001", applicant="TRẦN MINH AN"))
    site.close()
    monkeypatch.setenv("BN_INTAKE_FOLDER", str(tmp_path / "site"))

    def admin_says(*said: str) -> tuple[int, dict[str, Any]]:
        code = admin.main(list(said))
        return code, json.loads(capsys.readouterr().out)

    assert admin_says("hold", "nothing", "x", "--by", "officer:x")[1]["failed"]
    assert admin_says("release", "one", "--by", "officer:x")[0] == 1
    assert admin_says("hold", "H05.27-240101-0001", "vụ án", "--by", "officer:x") == (0, {"held": "one"})
    assert admin_says("retention", "--days", "365")[1]["erased"] == 0
    assert admin_says("release", "one", "--by", "officer:x") == (0, {"released": "one"})
    assert admin_says("retention", "--days", "365")[1]["erased"] == 1
    assert admin_says("hold", "one", "x", "--by", "officer:x")[0] == 1


def test_every_table_has_a_rule_and_the_rule_is_kept(client: Client, intake: RunningIntake) -> None:
    site = intake.site
    assert set(retention.ENDS) == set(ledger.metadata.tables)
    _closed(client, intake)
    invite(site, intake.url)
    homes = homes_of(EXAMPLE, province_date(intake.clock.now()))
    visits.make(site, unit="09208", hamlet="Thôn Đông", device=None, homes=homes, by="officer:x")
    officers_accounts.invite_officer(site, _BOSS, user="hanh", name="Hạnh", role=Role.OFFICER, office="09208")
    with site.engine.begin() as db:
        old = site.now()
        rows: dict[Any, dict[str, Any]] = {
            ledger.bundles: {"sha256": "0" * 64, "brought_by": "x", "at": old, "state": "done"},
            ledger.inbox: {"source": "x", "event": "1", "at": old},
            ledger.sessions: {"token_hash": "0", "user": "canbo", "csrf": "", "ends_at": old},
            ledger.wrong_tries: {"name_hash": "0", "tries": 1, "latest_at": old},
            ledger.throttles: {"name": "0", "free_at": intake.clock.now().timestamp()},
            ledger.revoked_subjects: {"subject": "x", "at": old},
            ledger.bearers: {"token_hash": "0", "name": "lgsp", "role": "system", "made_at": old},
            ledger.records: {"id": "x", "revision": 1, "kind": "visit", "device": "x", "list": "gone", "body": b"{}"}
            | {"sha256": "0", "signature": "", "arrived_at": old, "receipt": ""},
        }
        for table, values in rows.items():
            db.execute(insert(table).values(**values))
    filled = {name for name, table in ledger.metadata.tables.items() if _count(site, table)}
    assert filled | {"legal_holds", "doomed_blobs"} == set(ledger.metadata.tables), "every table has something to lose"
    for _ in range(12):
        intake.clock.move(days=366)
        retention.run(site, 365)
    intake.clock.move(days=6 * 365)
    retention.run(site, 365)
    left = {name for name, table in ledger.metadata.tables.items() if _count(site, table)}
    assert left == {name for name, rule in retention.ENDS.items() if rule.startswith("stays")}


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_what_ends_goes_in_slices_and_a_feed_never_has_a_hole(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each slice is a transaction of its own; what a device reads between two of them is all, or an end it is told of."""
    monkeypatch.setattr(retention, "_SLICE", 2)
    monkeypatch.setattr(retention, "_OWNERS_AT_ONCE", 2)
    url = "" if kind == "sqlite" else request.getfixturevalue("postgres").fresh_database()
    site, _ = open_site(tmp_path / "site", FixedClock(), postgres=url)
    old, new = "2020-01-01T00:00:00.000Z", to_text(site.clock.now())
    with site.engine.begin() as db:
        for owner in ("a", "b", "c"):
            for seq in range(1, 6):
                at = old if seq < 4 else new
                db.execute(insert(ledger.changes).values(owner=owner, seq=seq, body="{}", at=at))
        for number in range(5):
            ledger.note(db, at=old, who=f"x{number}", what="read")
            db.execute(insert(ledger.inbox).values(source="s", event=str(number), at=old))
    commits: list[list[tuple[int, int]]] = []

    @event.listens_for(site.engine, "commit")
    def looked(_connection: Any) -> None:
        with site.engine.connect() as other:
            rows = select(ledger.changes.c.owner, func.min(ledger.changes.c.seq), func.count())
            commits.append([(row[1], row[2]) for row in other.execute(rows.group_by(ledger.changes.c.owner))])

    if kind == "sqlite":  # one writes at a time: a look beside it would wait for it
        event.remove(site.engine, "commit", looked)
    done = retention.run(site, 365)
    assert (done["old_changes"], done["old_statuses"], done["old_audit_lines"]) == (9, 5, 5)
    if kind == "postgresql":
        event.remove(site.engine, "commit", looked)
        assert {one for commit in commits for one in commit} == {(1, 5), (4, 2)}, "an owner's old lines go at once"
        assert any(len(set(commit)) == 2 for commit in commits), "and not all owners' in one transaction"
    with site.engine.connect() as db:
        assert db.execute(select(func.count()).select_from(ledger.changes)).scalar() == 6
    site.close()


@pytest.mark.slow
def test_what_is_to_be_erased_is_found_by_an_index_over_nothing_else(tmp_path: Path, postgres: Postgres) -> None:
    site, _ = open_site(tmp_path / "site", FixedClock(), postgres=postgres.fresh_database())
    asked: list[tuple[str, Any]] = []

    @event.listens_for(site.engine, "before_cursor_execute")
    def heard(_db: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    retention.run(site, 365)
    event.remove(site.engine, "before_cursor_execute", heard)
    for words, index in (("FOR UPDATE SKIP LOCKED", "ix_dossiers_to_erase"), ("erased_at <", "ix_dossiers_erased")):
        statement, parameters = next(one for one in asked if words in one[0] and "dossiers" in one[0])
        with site.engine.connect() as db:
            db.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = "\n".join(db.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
        assert index in plan, plan
    site.close()
