"""Moments that nobody meets in a normal week: what comes late, twice, by the wrong name, or while it is being erased."""

import datetime as dt
import errno
import hashlib
import json
import os
import struct
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import Connection, delete, insert, select, update

from bnhelper.clock import SystemClock
from sync.intake import (
    admin,
    arrivals,
    audit,
    deeds,
    erasure,
    feed,
    finishing,
    identity,
    ledger,
    receipt_keys,
    retention,
    roles,
    upload_body,
    upload_rows,
)
from sync.intake.deliver import Deliverer
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer, Role
from sync.intake.refusals import Refused
from sync.intake.spool import Spool
from sync.intake.station import open_site
from tests.sync.conftest import RunningIntake
from tests.sync.intake import test_contract
from tests.sync.intake.engines import Postgres
from tests.sync.intake.test_contract import (
    _PATCH,
    Client,
    _code,
    _login,
    _meta,
    client,
)
from tests.sync.intake.test_exports import Lgsp

__all__ = ["client"]

_BOSS = Officer("canbo", "Bà Hạnh", "", Role.PROVINCE, PROVINCE_OFFICE)
#: What depends on no engine.
_ONCE = pytest.mark.parametrize("intake", ["embedded"], indirect=True)
_delivered = test_contract.test_an_upload_by_tus_ends_in_a_signed_receipt


def _row(intake: RunningIntake) -> Any:
    with intake.site.engine.connect() as db:
        return db.execute(select(ledger.dossiers)).one()


def _does(intake: RunningIntake, kind: str, **more: Any) -> None:
    intake.clock.move(minutes=1)
    row = _row(intake)
    deeds.do(intake.site, _BOSS, row.id, row.version, deeds.Deed(kind, "ghi chú", **more))


def _second(client: Client, intake: RunningIntake, photo: bytes, fields: tuple[str, ...] = ()) -> bytes:
    """Ask for the paper again, and for these fields; and return the revision that answers with another photo."""
    said = json.loads(client.item.envelope)
    # A paper may have any name, also one that stands in the ledger's own words.
    _does(intake, "supplement", fields=fields, papers=("file", *(one["paper"] for one in said["papers"])))
    request = json.loads(_row(intake).request)["id"]
    (paper,) = (one for one in said["papers"] if one.get("files"))
    file = paper["files"][0] | {"sha256": _hash(photo), "size": len(photo)}
    papers = [one | {"files": [file]} if one is paper else one for one in said["papers"]]
    return json.dumps(said | {"revision": 2, "papers": papers, "answers_request": request}).encode()


def _other(photo: bytes) -> bytes:
    """Return another photo: the same with a remark (a tEXt chunk of PNG behind its head)."""
    chunk = b"tEXtComment\x00new"
    return photo[:33] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + photo[33:]


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _bring(client: Client, photo: bytes) -> requests.Response:
    size = {"Upload-Length": str(len(photo))}
    where = client.call("POST", "/v1/blobs", **_meta(_hash(photo)), **size).headers["Location"]
    return client.call("PATCH", where, photo, **_PATCH, **{"Upload-Offset": "0"})


def _is_revoked(intake: RunningIntake, *, now: bool) -> None:
    """Shut the device out, or let it in, as another process does: nothing in this one hears of it."""
    with intake.site.engine.begin() as db:
        db.execute(update(ledger.devices).values(revoked_at=intake.site.now() if now else None))


def test_a_dossier_that_ends_while_its_photo_is_on_the_way_wakes_nobody_and_is_erased(
    client: Client, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    _delivered(client, intake)
    site, photo = intake.site, _other(client.photo)
    second = _second(client, intake, photo)
    assert client.call("GET", f"/v1/dossiers/{client.item.dossier}").status_code == 200, "it is remembered"
    _is_revoked(intake, now=True)
    assert _code(client.put(second, 2)) == (401, "revoked"), "also where nothing but the ledger says so"
    _is_revoked(intake, now=False)
    assert client.put(second, 2).json()["state"] == "receiving"
    assert Lgsp(intake).step(7).json() == {"outcome": "taken"}
    assert _bring(client, photo).status_code == 204
    row = _row(intake)
    assert (row.state, row.due_at, row.revision) == ("withdrawn", None, 2)
    verdict = client.call("GET", f"/v1/dossiers/{row.id}").json()
    assert (verdict["state"], "receipt" in verdict) == ("withdrawn", True), "it is here, and nobody works on it"
    intake.clock.move(days=400)
    looked = erasure._due

    def look(db: Connection, *asked: Any) -> Any:
        """Look, and meanwhile somebody holds what was found: the rows were not locked yet."""
        found = looked(db, *asked)
        for one in found:
            about = {"reason": "vụ án", "by": "officer:x", "at": site.now()}
            db.execute(ledger.insert_once(db, ledger.legal_holds, dossier=one.id, **about))
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(erasure, "_due", look)
        assert retention.run(site, 365)["erased"] == 0
    assert site.blobs.has(_hash(photo))
    assert retention.release(site, row.id, "officer:x")
    assert retention.run(site, 365)["erased"] == 1
    assert not site.blobs.has(_hash(photo))
    browser, _ = _login(intake, intake.officer.password)
    url = f"{intake.url}/officer/dossiers/{row.id}"
    pages = ("", "/print", "/envelope", "/photos/1", "/slips/01")
    assert {page: browser.get(url + page, timeout=20).status_code for page in pages} == dict.fromkeys(pages, 404)
    assert row.id not in browser.get(f"{intake.url}/officer/queue?state=withdrawn", timeout=20).text
    with pytest.raises(deeds.NotTheirs):
        _does(intake, "handover", to_office="24")


@_ONCE
def test_statuses_that_waited_for_the_line_all_count_in_their_order(client: Client, intake: RunningIntake) -> None:
    """The province's systems were cut off for an hour and tell their steps in one minute."""
    _delivered(client, intake)
    lgsp, began = Lgsp(intake), intake.clock.now()
    intake.clock.move(minutes=60)
    for minute, code, outcome in ((10, 4, "taken"), (20, 9, "taken"), (15, 6, "late"), (30, 10, "taken")):
        said = {
            "specversion": "1.0",
            "id": f"e{code}",
            "source": "urn:lgsp",
            "type": "vn.lgsp.status",
            "time": (began + dt.timedelta(minutes=minute)).isoformat(),
            "data": {"MaHoSo": lgsp.number, "TrangThai": code},
        }
        intake.clock.move(seconds=1)
        told = requests.post(f"{intake.url}/v1/statuses", json.dumps(said), headers=lgsp._headers, timeout=20)
        assert told.json() == {"outcome": outcome}, code
    assert _row(intake).state == "returned"


@_ONCE
def test_bytes_that_are_lost_let_go_or_others_are_what_they_are(
    client: Client, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    _delivered(client, intake)
    site, device, photo, other = intake.site, _row(intake).device, client.photo, _other(client.photo)
    # The store lost a file whose upload had ended: it is brought again, and not said to be there.
    site.blobs.delete(_hash(photo))
    assert admin.check(site, mends=True, even_all=True)["lost"] == [_hash(photo)]
    assert client.put().json()["missing"] == [_hash(photo)]
    assert _bring(client, photo).status_code == 204
    assert site.blobs.read(_hash(photo)) == photo
    assert not client.put().json()["missing"]
    # A machine that knows the hash of somebody's photo names it in a dossier of its own: no officer sees it there.
    about = {"sha256": _hash(other), "size": len(other), "media_type": "image/png"}
    with site.engine.begin() as db:
        db.execute(insert(ledger.files).values(dossier=str(client.item.dossier), revision=1, **about))
        db.execute(insert(ledger.blobs).values(owner="somebody", stored_at=site.now(), **about))
    site.blobs.put(_hash(other), site.spool.place(other))
    browser, _ = _login(intake, intake.officer.password)
    files = f"{intake.url}/officer/dossiers/{client.item.dossier}/files"
    assert browser.get(f"{files}/{_hash(other)}", timeout=20).status_code == 404
    assert browser.get(f"{files}/{_hash(photo)}", timeout=20).content == photo
    # What came for a revision that is given up later is looked at again by retention.
    intake.clock.move(days=40)
    with site.engine.begin() as db:
        arrivals.give_up(site, db, device, str(client.item.dossier), 1)
        mine = select(ledger.blobs.c.stored_at).where(ledger.blobs.c.owner == device)
        assert db.execute(mine).scalar() == site.now()
    # A body that ends after its machine was shut out leaves nothing.
    row = upload_rows.make_whole(site, "0" * 32, device, _hash(photo + b"x"), len(photo) + 1)
    site.spool.path("0" * 32).write_bytes(photo + b"x")
    identity.revoke(site, device)
    monkeypatch.setattr(finishing, "_media_type", lambda _path: "image/png")
    with pytest.raises(Refused):
        finishing.finish(site, row, None)
    assert not site.blobs.has(_hash(photo + b"x"))


def test_what_is_still_being_written_down_is_waited_for(tmp_path: Path, postgres: Postgres) -> None:
    """A file and a line of the audit, in transactions that have not ended while somebody looks."""
    site, _ = open_site(tmp_path, SystemClock(), postgres=postgres.fresh_database())
    sha256 = _hash(b"photo")
    site.blobs.put(sha256, site.spool.place(b"photo"))
    about = {"sha256": sha256, "size": 5, "media_type": "image/jpeg", "stored_at": site.now()}
    with site.engine.begin() as db:
        db.execute(insert(ledger.blobs).values(owner="somebody", **about))
        with site.engine.begin() as other:
            other.execute(insert(ledger.doomed_blobs).values(sha256=sha256, at=site.now()))
        assert erasure.delete_doomed(site, patience_s=0) == 0
    assert erasure.delete_doomed(site) == 0
    assert site.blobs.has(sha256)
    with site.engine.begin() as db:
        ledger.note(db, at=site.now(), who="first", what="read")
        with site.engine.begin() as other:
            ledger.note(other, at=site.now(), who="second", what="read")
        seen = audit.page(site, "auditor", 0, 500, "").lines
        assert "second" not in {one.who for one in seen}, "whoever goes on behind it would never see the first"
    seen += audit.page(site, "auditor", max((one.id for one in seen), default=0), 500, "").lines
    assert [one.who for one in seen if one.what == "read"] == ["first", "second"]
    site.close()


def test_names_outlive_a_new_receipt_key(tmp_path: Path) -> None:
    """Homes on visit lists and searches in the audit are known again by keyed hashes."""
    site, _ = open_site(tmp_path, SystemClock())
    before = site.secret()
    receipt_keys.rotate(site)
    site.close()
    site, _ = open_site(tmp_path, SystemClock())
    assert site.secret() == before
    site.close()


def test_rubbish_is_refused_and_is_no_bug(
    client: Client, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_name_reaches_the_disk(client, intake)
    _a_token_of_no_machine_is_shut_out(intake, monkeypatch)
    assert client.put(None, "0" * 9 + "9" * 5000).status_code == 404  # type: ignore[arg-type]
    assert client.call("GET", "/v1/changes?cursor=0&limit=%C2%B2").status_code == 304
    assert client.call("GET", "/v1/changes?cursor=0&limit=" + "9" * 5000).status_code == 304
    assert client.call("GET", "/v1/dossiers/%00").status_code == 404
    _delivered(client, intake)
    _the_pages_read_no_number_that_is_none(client, intake)
    with monkeypatch.context() as full:
        full.setattr(upload_body, "_write_all", _no_room)
        assert _code(_bring(client, _other(client.photo))) == (507, "storage-full")
    # Another dossier has this one's look-up code.
    with intake.site.engine.begin() as db:
        db.execute(update(ledger.dossiers).values(id="01936f00-0000-7000-8000-00000000000b"))
        db.execute(delete(ledger.revisions))
    assert _code(client.put()) == (409, "id-conflict")


def _no_room(*_said: Any) -> None:
    raise OSError(errno.ENOSPC, "full")


def _no_name_reaches_the_disk(client: Client, intake: RunningIntake) -> None:
    before = sorted(one.name for one in intake.site.spool.path(".").iterdir())
    for name in ("x" * 300, "%00", "..%5C..%5Cx", "0" * 31):
        for method, more in (("PATCH", _PATCH | {"Upload-Offset": "0"}), ("HEAD", {}), ("DELETE", {})):
            answer = client.call(method, f"/v1/blobs/{name}", b"x" if method == "PATCH" else None, **more)
            assert answer.status_code == 404, (method, name)
    assert sorted(one.name for one in intake.site.spool.path(".").iterdir()) == before


def _a_token_of_no_machine_is_shut_out(intake: RunningIntake, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the next request, however well it is remembered, and while it waits."""
    token = identity.make_bearer(intake.site, "phường/kiosk", roles.Role.VOLUNTEER, "09208")
    said = {"Authorization": f"Bearer {token}"}
    url = f"{intake.url}/v1/dossiers/01936f00-0000-7000-8000-00000000000b"
    assert requests.get(url, headers=said, timeout=20).status_code == 404
    part = f"{intake.url}/v1/bundles/{'0' * 64}"
    assert requests.put(part, b"x", headers=said, timeout=20).json()["code"] == "digest-mismatch", "no file of its name"

    def news(*_asked: Any, **_more: Any) -> bool:
        identity.revoke_bearer(intake.site, "phường/kiosk")
        return True

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(feed, "has_more_than", news)
        waits = {**said, "Prefer": "wait=20"}
        told = requests.get(f"{intake.url}/v1/changes?cursor=0&visits=1", headers=waits, timeout=40)
    assert (told.status_code, told.json()["code"]) == (401, "revoked")
    assert requests.get(url, headers=said, timeout=20).status_code == 401


def _the_pages_read_no_number_that_is_none(client: Client, intake: RunningIntake) -> None:
    browser, _ = _login(intake, intake.officer.password)
    url = f"{intake.url}/officer/dossiers/{client.item.dossier}"
    assert browser.get(f"{url}/photos/%C2%B2", timeout=20).status_code == 404
    assert browser.get(f"{intake.url}/officer/audit?before=%C2%B2", timeout=20).status_code == 200
    csrf = browser.get(url, timeout=20).text.partition('name="csrf" value="')[2].partition('"')[0]
    for version in ("²", "9" * 5000):
        said = {"csrf": csrf, "version": version, "revision": version}
        assert browser.post(f"{url}/accept", said, timeout=20).status_code == 409
        said = {"csrf": csrf, "item": f"{client.item.dossier}:{version}"}
        assert browser.post(f"{intake.url}/officer/queue/accept", said, timeout=20).status_code == 200
    stranger = requests.Session()
    hidden = stranger.get(f"{intake.url}/officer/login", timeout=20).text.partition('name="csrf" value="')[2]
    form = {"csrf": hidden.partition('"')[0], "user": "x\x00", "password": "x"}
    assert stranger.post(f"{intake.url}/officer/login", form, timeout=20).status_code == 403


@_ONCE
def test_an_event_that_cannot_be_made_holds_up_its_own_dossier_alone(
    client: Client, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    _delivered(client, intake)
    _does(intake, "accept")
    deliverer = Deliverer(intake.site, "http://127.0.0.1:9/nobody-listens")
    monkeypatch.setattr(deliverer, "event", json.loads)
    assert deliverer.once() == 0
    with intake.site.engine.connect() as db:
        (why,) = db.execute(select(ledger.outbox.c.last_error)).scalars()
    assert why == "bug TypeError"


def test_what_a_dead_process_left_in_the_spool_goes_and_what_is_under_way_stays(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    old, week = time.time() - 2 * 86_400, time.time() - 8 * 86_400
    for name, at in (
        ("opened-1", old),
        ("whole-1", old),
        ("opened-2", None),
        ("bundle-1", old),
        ("bundle-2", week),
        ("0" * 32, week),
        ("0" * 32 + ".wanted", week),
        ("locks", week),
        ("somebody-else.txt", week),
    ):
        (tmp_path / name).write_bytes(b"x")
        if at is not None:
            os.utime(tmp_path / name, (at, at))
    assert spool.drop_left_over(24, 7) == 4
    assert {one.name for one in tmp_path.iterdir()} == {
        "opened-2",
        "bundle-1",
        "0" * 32,
        "locks",
        "somebody-else.txt",
    }
