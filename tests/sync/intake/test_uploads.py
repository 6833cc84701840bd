"""Uploads over their whole life: shared by workers, bounded for each owner, ended by their owner or by their time."""

import hashlib

import pytest
import requests

from sync.intake import ledger, quota, uploads
from sync.intake.app import make_app
from sync.wire.version import UPLOAD_KEPT_DAYS
from tests import factories
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
    monkeypatch.setattr(quota, "MOST_BYTES", 10_000)
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


@pytest.mark.parametrize("is_shared", [False, True])
def test_what_an_owner_brought_for_no_dossier_is_bounded_too(
    client: Client, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch, is_shared: bool
) -> None:
    """Also where a file comes whole with its creation; whoever works with dossiers never meets the bound."""
    monkeypatch.setattr(quota, "MOST_BYTES", 10_000)
    monkeypatch.setattr(quota, "_LOOK_EVERY", 0)

    def bring(content: bytes) -> requests.Response:
        said = {**_meta(hashlib.sha256(content).hexdigest()), "Upload-Length": str(len(content))}
        if is_shared:
            return client.call("POST", "/v1/blobs", content, **{**said, **_PATCH})
        made = client.call("POST", "/v1/blobs", **said)
        if made.status_code != 201 or made.headers["Upload-Offset"] == str(len(content)):
            return made
        return client.call("PATCH", made.headers["Location"], content, **_PATCH, **{"Upload-Offset": "0"})

    photos = [factories.png(extra=bytes([number]) * 6_000) for number in range(2)]
    assert bring(photos[0]).status_code in {201, 204}
    refused = bring(photos[1])
    assert _code(refused) == (507, "storage-full")
    assert (refused.json()["retry"], int(refused.headers["Retry-After"]) > 0) == ("later", True)
    assert _code(bring(photos[1])) == (507, "storage-full"), "not at every other time"
    assert bring(photos[0]).status_code == 201, "what is here already is no more than it was"
    assert client.put().json()["missing"]
    assert _code(bring(client.photo)) == (507, "storage-full"), "nor for the photo of a dossier"
    intake.clock.move(days=UPLOAD_KEPT_DAYS, minutes=1)
    assert uploads.sweep(intake.site) >= 1
    assert bring(client.photo).status_code in {201, 204}
    assert client.put().json()["state"] == "delivered"
    assert bring(photos[1]).status_code in {201, 204}, "what a dossier names is not counted"


def test_asking_for_what_is_known_puts_off_no_look(
    client: Client, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "MOST_BYTES", 10_000)
    monkeypatch.setattr(quota, "_LOOK_EVERY", 7_000)
    first, second = (factories.png(extra=bytes([number]) * 6_000) for number in range(2))
    where = _begun(client, first)
    assert client.call("PATCH", where, first, **_PATCH, **{"Upload-Offset": "0"}).status_code == 204
    assert _begun(client, first) == where, "and it is asked for again"
    said = {**_meta(hashlib.sha256(second).hexdigest()), "Upload-Length": str(len(second))}
    assert _code(client.call("POST", "/v1/blobs", **said)) == (507, "storage-full")


def test_a_carrier_has_so_much_of_bundles_on_the_way_and_no_more(
    client: Client, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "MOST_BYTES", 10_000)

    def put(name: str, begin: int, content: bytes, total: int) -> requests.Response:
        placed = f"bytes {begin}-{begin + len(content) - 1}/{total}"
        return client.call("PUT", f"/v1/bundles/{name * 64}", content, **{"Content-Range": placed})

    assert put("a", 0, b"x" * 6_000, 7_000).status_code == 202
    refused = put("b", 0, b"x" * 100, 5_000)
    assert _code(refused) == (507, "storage-full")
    assert (refused.json()["retry"], int(refused.headers["Retry-After"]) > 0) == ("later", True)
    assert put("b", 0, b"x" * 100, 4_000).status_code == 202
    assert put("a", 6_000, b"x" * 500, 7_000).status_code == 202, "one that is under way goes on"
    assert client.call("GET", f"/v1/bundles/{'a' * 64}").json()["offset"] == 6_500, "and nothing of it was lost"
