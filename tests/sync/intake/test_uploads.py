"""Uploads over their whole life: shared by workers, bounded for each owner, ended by their owner or by their time."""

import hashlib

import pytest
import requests

from sync.intake import ledger, upload_rows, uploads
from sync.intake.app import make_app
from sync.wire.version import UPLOAD_KEPT_DAYS
from tests.sync.conftest import RunningIntake, served
from tests.sync.intake.test_contract import _PATCH, Client, _code, _meta, client

__all__ = ["client"]


def _begun(client: Client, content: bytes, so_far: bytes = b"") -> str:
    """Announce a file and send its beginning; return where it is."""
    said = {**_meta(hashlib.sha256(content).hexdigest()), "Upload-Length": str(len(content))}
    where = client.call("POST", "/v1/blobs", **said).headers["Location"]
    if so_far:
        assert client.call("PATCH", where, so_far, **_PATCH, **{"Upload-Offset": "0"}).status_code == 204
    return where


def _spooled(intake: RunningIntake) -> list[str]:
    return sorted(path.name for path in intake.site.spool.path(".").iterdir() if path.name != "locks")


def test_any_worker_goes_on_with_an_upload(client: Client, intake: RunningIntake) -> None:
    client.put()
    photo, half = client.photo, len(client.photo) // 2
    where = _begun(client, photo, photo[:half])
    with served(make_app(intake.site)) as url:  # another worker: same ledger, same spool, nothing in its memory
        ask = {**client.headers, **_PATCH}
        there = requests.head(url + where, headers=ask, timeout=20)
        assert there.headers["Upload-Offset"] == str(half)
        rest = requests.patch(url + where, photo[half:], headers={**ask, "Upload-Offset": str(half)}, timeout=20)
        assert (rest.status_code, rest.headers["Upload-Offset"]) == (204, str(len(photo)))
    assert client.put().json()["state"] == "delivered"
    assert intake.site.blobs.read(hashlib.sha256(photo).hexdigest()) == photo
    assert _spooled(intake) == []


def test_an_upload_that_its_owner_ends_is_gone(client: Client, intake: RunningIntake) -> None:
    where = _begun(client, client.photo, client.photo[:1_000])
    assert _spooled(intake) == [where.rpartition("/")[2]]
    assert client.call("DELETE", where).status_code == 204
    assert client.call("HEAD", where).status_code == 404
    assert _code(client.call("DELETE", where)) == (404, "not-found")
    assert _code(client.call("PATCH", where, b"x", **_PATCH, **{"Upload-Offset": "1000"})) == (404, "not-found")
    assert _spooled(intake) == []
    assert _begun(client, client.photo, client.photo) != where, "and may be begun anew"


def test_what_an_owner_has_open_is_bounded_and_ends(
    client: Client, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_rows, "_MOST_OPEN_BYTES", 10_000)
    first = _begun(client, b"a" * 6_000, b"a" * 100)
    too_much = {**_meta("b" * 64), "Upload-Length": "4001"}
    refused = client.call("POST", "/v1/blobs", **too_much)
    assert _code(refused) == (507, "storage-full")
    assert int(refused.headers["Retry-After"]) > 0
    assert client.call("POST", "/v1/blobs", **{**too_much, "Upload-Length": "4000"}).status_code == 201
    intake.clock.move(days=UPLOAD_KEPT_DAYS, minutes=1)
    assert client.call("HEAD", first).status_code == 404
    assert _code(client.call("PATCH", first, b"a", **_PATCH, **{"Upload-Offset": "100"})) == (404, "not-found")
    assert uploads.sweep(intake.site) == 2
    assert _spooled(intake) == []
    with intake.site.engine.connect() as db:
        assert db.execute(ledger.uploads.select()).all() == []
    assert client.call("POST", "/v1/blobs", **too_much).status_code == 201, "the room is free again"
