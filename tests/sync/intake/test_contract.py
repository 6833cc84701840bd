"""Every row of the contract from outside, over HTTP, with a plain client."""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests
import zstandard

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.clock import SystemClock
from bnhelper.domain.attachments import MOST_BYTES, MOST_FILES
from bnhelper.domain.sealed import OutboxItem
from bnhelper.forms.judging import Judge
from bnhelper.forms.problems import Problem
from bnhelper.forms.trouble import FormRefused
from bnhelper.ids import DossierId, PaperId, uuid7
from bnhelper.store import outbox
from bnhelper.vault.canonical import canonical_bytes
from bnhelper.vault.signatures import SigningKey, verified_payload
from sync.intake import admin, ledger
from sync.transport.enrolment import enrol
from sync.wire.dossiers import content_digest
from sync.wire.version import MAX_BLOB_BYTES, MAX_BLOBS_PER_DOSSIER
from tests import factories
from tests.sync.conftest import RunningIntake

_PATCH = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


@dataclass
class Client:
    """One enrolled device and its sealed dossier."""

    url: str
    headers: dict[str, str]
    machine: OpenMachine
    item: OutboxItem
    photo: bytes

    def put(self, body: bytes | None = None, revision: int = 1, /, **headers: str) -> requests.Response:
        content = self.item.envelope if body is None else body
        said = {
            **self.headers,
            "Content-Type": "application/json",
            "Content-Digest": content_digest(content),
            "BN-Signature": self.item.signature if body is None else self.machine.signing.sign_detached(content),
            "BN-Schema": "1",
            **headers,
        }
        return requests.put(
            f"{self.url}/v1/dossiers/{self.item.dossier}/revisions/{revision}", content, headers=said, timeout=60
        )

    def call(self, method: str, path: str, body: bytes | None = None, /, **headers: str) -> requests.Response:
        url = path if path.startswith("http") else self.url + path
        return requests.request(method, url, data=body, headers={**self.headers, **headers}, timeout=60)


@pytest.fixture
def client(tmp_path: Path, intake: RunningIntake) -> Iterator[Client]:
    machine = factories.machine(tmp_path / "device", intake.clock)
    _, answer = enrol(
        intake.invitation(), device=machine.profile.device, public_key=machine.signing.public(), name="Đạt"
    )
    dossier = factories.birth_dossier(machine)
    photo = factories.png(extra=b"z" * 5000)
    attach_photo(machine, dossier, PaperId("birth_evidence"), photo)
    lock_dossier(machine, dossier)
    with machine.store.read() as db:
        (item,) = outbox.waiting(db, intake.clock.now())
    yield Client(intake.url, {"Authorization": f"Bearer {answer.token}"}, machine, item, photo)
    machine.close()


def _code(answer: requests.Response) -> tuple[int, str]:
    assert answer.headers["BN-Server"] == "intake/1"
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def _meta(sha256: str) -> dict[str, str]:
    return {"Tus-Resumable": "1.0.0", "Upload-Metadata": f"sha256 {base64.b64encode(sha256.encode()).decode()}"}


def test_new_replay_and_conflict(client: Client) -> None:
    first = client.put()
    assert first.status_code == 201
    assert first.json()["missing"] == [hashlib.sha256(client.photo).hexdigest()]
    again = client.put()
    assert (again.status_code, again.json()) == (200, first.json())
    other = client.item.envelope.replace(b"TR\xe1\xba\xa6N MINH AN", b"L\xc3\x8a A")
    assert _code(client.put(other)) == (409, "id-conflict")


def test_what_is_refused_and_why(client: Client) -> None:
    assert _code(client.put(**{"Content-Digest": "sha-256=:AAAA:"})) == (400, "digest-mismatch")
    stranger = SigningKey.generate().sign_detached(client.item.envelope)
    assert _code(client.put(**{"BN-Signature": stranger})) == (403, "bad-signature")
    assert _code(client.put(**{"BN-Schema": "99"})) == (426, "client-too-old")
    assert _code(client.put(b"{}")) == (422, "invalid")
    assert _code(client.put(b"x" * 300_000)) == (413, "too-large")
    assert _code(client.put(Authorization="Bearer nobody-knows-this-token")) == (401, "unknown-device")
    assert _code(client.put(**{"Content-Encoding": "br"})) == (415, "unsupported-media")
    wrong = client.item.envelope.replace(b"<sex>nam</sex>", b"<sex>x</sex>")
    assert wrong != client.item.envelope
    refused = client.put(wrong)
    assert _code(refused) == (422, "invalid")
    assert {"pointer": "/data/declaration/child/sex", "code": "choice"} in refused.json()["errors"]
    assert client.put().status_code == 201


def test_answers_that_cost_more_than_a_form_may_are_refused_and_break_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(*_: object, **__: object) -> list[Problem]:
        raise FormRefused("too many steps")

    with monkeypatch.context() as broken:
        broken.setattr(Judge, "problems", too_much)
        refused = client.put()
    assert _code(refused) == (422, "invalid")
    assert refused.json()["errors"] == [{"pointer": "/instance", "code": "too-complex"}]
    assert client.put().status_code == 201


def test_a_compressed_envelope_is_taken_and_a_bomb_is_not(client: Client) -> None:
    squeezed = zstandard.ZstdCompressor().compress(client.item.envelope)
    url = f"{client.url}/v1/dossiers/{client.item.dossier}/revisions/1"
    said = {
        **client.headers,
        "Content-Encoding": "zstd",
        "BN-Signature": client.item.signature,
        "BN-Schema": "1",
    }

    def put(content: bytes, digest_of: bytes) -> requests.Response:
        headers = {**said, "Content-Digest": content_digest(digest_of)}
        return requests.put(url, content, headers=headers, timeout=60)

    assert _code(put(squeezed, client.item.envelope)) == (400, "digest-mismatch"), "RFC 9530: over what is sent"
    assert put(squeezed, squeezed).status_code == 201
    bomb = zstandard.ZstdCompressor().compress(bytes(50_000_000))
    assert _code(put(bomb, bomb)) == (413, "too-large")


def test_a_later_revision_needs_the_one_before_and_a_request(client: Client) -> None:
    second = client.item.envelope.replace(b'"revision":1', b'"revision":2')
    assert _code(client.put(second, 2)) == (409, "revision-gap")
    client.put()
    assert _code(client.put(second, 2)) == (409, "not-asked")


def test_an_upload_by_tus_ends_in_a_signed_receipt(client: Client, intake: RunningIntake) -> None:
    client.put()
    sha256 = hashlib.sha256(client.photo).hexdigest()
    made = client.call("POST", "/v1/blobs", **_meta(sha256), **{"Upload-Length": str(len(client.photo))})
    assert made.status_code == 201
    where = made.headers["Location"]
    same = client.call("POST", "/v1/blobs", **_meta(sha256), **{"Upload-Length": str(len(client.photo))})
    assert same.headers["Location"] == where
    half = len(client.photo) // 2
    assert client.call("PATCH", where, client.photo[:half], **_PATCH, **{"Upload-Offset": "0"}).status_code == 204
    wrong = client.call("PATCH", where, b"x", **_PATCH, **{"Upload-Offset": "7"})
    assert _code(wrong) == (409, "offset")
    assert wrong.headers["Upload-Offset"] == str(half)
    there = client.call("HEAD", where)
    assert (there.headers["Upload-Offset"], there.headers["Upload-Length"]) == (str(half), str(len(client.photo)))
    end = client.call("PATCH", where, client.photo[half:], **_PATCH, **{"Upload-Offset": str(half)})
    assert end.headers["Upload-Offset"] == str(len(client.photo))
    empty = client.call("PATCH", where, b"", **_PATCH, **{"Upload-Offset": str(len(client.photo))})
    assert empty.status_code == 204
    verdict = client.put().json()
    assert verdict["state"] == "delivered"
    keys = requests.get(f"{client.url}/.well-known/jwks.json", timeout=60).json()["keys"]
    assert client.item.envelope_sha256.encode() in verified_payload(verdict["receipt"], keys)
    known = client.call("POST", "/v1/blobs", **_meta(sha256), **{"Upload-Length": str(len(client.photo))})
    assert known.headers["Upload-Offset"] == str(len(client.photo))
    assert intake.site.blobs.read(sha256) == client.photo


def test_what_has_a_receipt_is_not_given_up_even_where_its_bytes_were_lost_since(
    client: Client, intake: RunningIntake
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    intake.site.blobs.delete(hashlib.sha256(client.photo).hexdigest())
    admin.check(intake.site, mends=True, even_all=True)
    assert client.put().json()["missing"], "it is asked for again"
    other = canonical_bytes(json.loads(client.item.envelope) | {"revision": 2, "gives_up": 1})
    assert _code(client.put(other, 2)) == (409, "not-asked")


def test_tus_for_plain_peers_and_bad_manners(client: Client) -> None:
    can = client.call("OPTIONS", "/v1/blobs")
    assert can.status_code == 204
    assert "creation-with-upload" in can.headers["Tus-Extension"]
    plain = client.call("POST", "/v1/blobs", **{"Upload-Length": "5", "Upload-Metadata": ""})
    assert plain.status_code == 201
    where = plain.headers["Location"]
    checked = {"Upload-Offset": "0", "Upload-Checksum": "sha1 " + base64.b64encode(b"x" * 20).decode()}
    assert _code(client.call("PATCH", where, b"hello", **_PATCH, **checked)) == (460, "sha256-mismatch")
    assert client.call("HEAD", where).headers["Upload-Offset"] == "0"
    assert client.call("PATCH", where, b"hello", **_PATCH, **{"Upload-Offset": "0"}).status_code == 204
    lie = client.call("POST", "/v1/blobs", **_meta("0" * 64), **{"Upload-Length": "5"}).headers["Location"]
    refused = client.call("PATCH", lie, b"hello", **_PATCH, **{"Upload-Offset": "0"})
    assert _code(refused) == (460, "sha256-mismatch")
    assert refused.headers["Upload-Offset"] == "0"
    assert _code(client.call("POST", "/v1/blobs", **{"Upload-Length": str(1 << 40)})) == (413, "too-large")
    assert _code(client.call("POST", "/v1/blobs", **{"Upload-Length": "-1"}))[0] == 400
    assert _code(client.call("PATCH", where, b"x", **{"Upload-Offset": "5"})) == (415, "unsupported-media")
    assert client.call("HEAD", "/v1/blobs/nothing").status_code == 404
    assert client.call("DELETE", lie).status_code == 204


def _another(client: Client, content: bytes, **said: Any) -> tuple[Client, bytes]:
    """Return another dossier of this device, with one file that is said to be `content`, or what `said` claims."""
    envelope = json.loads(client.item.envelope)
    envelope |= {"dossier": uuid7(SystemClock().now()), "look_up_token": secrets.token_urlsafe(16)}
    (paper,) = [one for one in envelope["papers"] if one["files"]]
    about = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "media_type": "image/png"}
    paper["files"] = [about | said]
    item = replace(client.item, dossier=DossierId(envelope["dossier"]))
    return replace(client, item=item), json.dumps(envelope).encode()


def _bring(client: Client, content: bytes, **said: str) -> requests.Response:
    made = client.call("POST", "/v1/blobs", **said, **{"Upload-Length": str(len(content))})
    if made.status_code != 201 or made.headers["Upload-Offset"] != "0":
        return made
    return client.call("PATCH", made.headers["Location"], content, **_PATCH, **{"Upload-Offset": "0"})


_NO_PHOTOS = (
    (b"MZ\x90\x00 a program", "image/png"),
    (b"\xff\xd8\xff\xe0" + b"half a photo" * 200, "image/jpeg"),
    (b"%PDF-1.7 no end" + b" " * 4_000, "application/pdf"),
    (b"<svg onload='x()'/>", "image/webp"),
)


def test_a_file_is_what_its_own_bytes_say(client: Client, intake: RunningIntake) -> None:
    for content, media_type in _NO_PHOTOS:
        one, body = _another(client, content, media_type=media_type)
        sha256 = hashlib.sha256(content).hexdigest()
        assert one.put(body).json()["missing"] == [sha256]
        assert _code(_bring(one, content, **_meta(sha256))) == (415, "unsupported-media")
        assert not intake.site.blobs.has(sha256)
        plain = _bring(one, content, **{"Tus-Resumable": "1.0.0"})
        assert plain.status_code == 204, "a plain tus peer may bring anything"
        assert _code(one.put(body)) == (422, "invalid"), "but no dossier is settled by it"
        assert one.call("GET", f"/v1/dossiers/{one.item.dossier}").json()["state"] == "receiving"


def test_a_dossier_has_so_many_files_over_all_its_papers(client: Client) -> None:
    said = json.loads(client.item.envelope)
    (paper,) = (one for one in said["papers"] if one.get("files"))
    file = paper["files"][0]

    def with_files(*counts: int) -> bytes:
        names = iter(range(1_000))
        papers = [
            {**paper, "paper": name, "files": [file | {"sha256": f"{next(names):064x}"} for _ in range(count)]}
            for name, count in zip(("birth_evidence", "residence_proof"), counts, strict=True)
        ]
        return canonical_bytes(said | {"papers": papers})

    assert (MAX_BLOBS_PER_DOSSIER, MAX_BLOB_BYTES) == (MOST_FILES, MOST_BYTES), "as the device counts"
    refused = client.put(with_files(MAX_BLOBS_PER_DOSSIER - 10, 11))
    assert _code(refused) == (422, "invalid")
    assert refused.json()["retry"] == "after_edit"
    assert refused.json()["errors"] == [{"pointer": "/papers/residence_proof", "code": "too-many"}]
    assert len(client.put(with_files(MAX_BLOBS_PER_DOSSIER - 10, 10)).json()["missing"]) == MAX_BLOBS_PER_DOSSIER


def test_no_receipt_is_signed_over_a_file_of_another_size_or_kind(client: Client, intake: RunningIntake) -> None:
    photo, sha256 = client.photo, hashlib.sha256(client.photo).hexdigest()
    lies: list[dict[str, Any]] = [{"size": 999}, {"media_type": "application/pdf"}]
    told = [_another(client, photo, **lie) for lie in lies]
    assert [one.put(body).json()["missing"] for one, body in told] == [[sha256]] * 2
    assert _bring(client, photo, **_meta(sha256)).status_code == 204
    for one, body in [
        *told,
        *(_another(client, photo, **lie) for lie in lies),
    ]:  # whether the file comes after or before
        if one.call("GET", f"/v1/dossiers/{one.item.dossier}").status_code == 404:
            assert one.put(body).json()["missing"] == [sha256]
        refused = one.put(body)
        assert _code(refused) == (422, "invalid")
        assert refused.json()["errors"] == [{"pointer": f"/files/{sha256}", "code": "differs"}]
        now = one.call("GET", f"/v1/dossiers/{one.item.dossier}").json()
        assert (now["state"], now.get("receipt")) == ("receiving", None)
    with intake.site.engine.connect() as db:
        assert {row.receipt for row in db.execute(ledger.revisions.select())} == {None}
    # a kind nobody takes, and one file that is said to be two, are refused before anything is kept
    for media_type in ("application/octet-stream", "text/html", "image/svg+xml"):
        one, body = _another(client, photo, media_type=media_type)
        refused = one.put(body)
        assert _code(refused) == (422, "invalid")
        assert refused.json()["errors"] == [{"pointer": "/papers/birth_evidence", "code": "media-type"}]
    one, body = _another(client, photo)
    envelope = json.loads(body)
    (paper,) = [two for two in envelope["papers"] if two["files"]]
    paper["files"].append(paper["files"][0] | {"size": 5})
    refused = one.put(json.dumps(envelope).encode())
    assert refused.json()["errors"] == [{"pointer": "/papers/birth_evidence", "code": "differs"}]


def test_the_feed_moves_by_cursor_and_refuses_one_it_never_gave(client: Client) -> None:
    assert client.call("GET", "/v1/changes?cursor=0").status_code == 304
    for cursor in ("999999", "abc", "-1", "%F0%9F%98%80"):
        assert _code(client.call("GET", f"/v1/changes?cursor={cursor}")) == (410, "cursor-expired")


def test_another_device_sees_and_touches_nothing_of_this_one(
    client: Client, intake: RunningIntake, tmp_path: Path
) -> None:
    client.put()
    sha256 = hashlib.sha256(client.photo).hexdigest()
    where = client.call("POST", "/v1/blobs", **_meta(sha256), **{"Upload-Length": str(len(client.photo))}).headers[
        "Location"
    ]
    other = factories.machine(tmp_path / "other", intake.clock)
    _, answer = enrol(intake.invitation(), device=other.profile.device, public_key=other.signing.public(), name="Khác")
    stranger = replace(client, headers={"Authorization": f"Bearer {answer.token}"})
    assert stranger.call("HEAD", where).status_code == 404
    assert _code(stranger.call("GET", f"/v1/dossiers/{client.item.dossier}")) == (404, "not-found")
    assert _code(stranger.call("GET", f"/v1/blobs/{sha256}")) == (404, "not-found")
    assert _code(stranger.put()) == (409, "id-conflict")
    other.close()


@pytest.mark.parametrize("body", [b"", b"\x00" * 100, b"[" * 5000, b'{"schema":1}', b"\xff\xfe"])
def test_rubbish_is_refused_and_never_a_fault_of_ours(client: Client, body: bytes) -> None:
    assert client.put(body).status_code in {400, 422}


# --- officer's pages -------------------------------------------------------------------------------------------


def _login(intake: RunningIntake, password: str) -> tuple[requests.Session, requests.Response]:
    browser = requests.Session()
    page = browser.get(f"{intake.url}/officer/login", timeout=60).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf is not None
    form: dict[str, Any] = {"csrf": csrf[1], "user": intake.officer.user, "password": password}
    return browser, browser.post(f"{intake.url}/officer/login", form, timeout=60)


def test_pages_need_a_login_and_wrong_passwords_wait(intake: RunningIntake) -> None:
    assert "/officer/login" in requests.get(f"{intake.url}/officer/queue", timeout=60).url
    for _ in range(5):
        assert _login(intake, "wrong")[1].status_code == 403
    assert _login(intake, intake.officer.password)[1].status_code == 403
    intake.clock.move(minutes=2)
    assert _login(intake, intake.officer.password)[1].status_code == 200


def test_a_deed_needs_the_pages_token_and_the_state_the_officer_saw(client: Client, intake: RunningIntake) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    browser, _ = _login(intake, intake.officer.password)
    url = f"{intake.url}/officer/dossiers/{client.item.dossier}"
    page = browser.get(url, timeout=60).text
    assert "TRẦN MINH AN" in page
    hidden = dict(re.findall(r'name="(csrf|version)" value="([^"]*)"', page))
    assert browser.post(f"{url}/accept", {"version": hidden["version"], "csrf": "x"}, timeout=60).status_code == 403
    assert browser.post(f"{url}/accept", hidden, timeout=60).status_code == 200
    conflict = browser.post(f"{url}/review", hidden, timeout=60)
    assert conflict.status_code == 409
    assert "người khác thay đổi" in conflict.text
    assert "Somebody else" in browser.post(f"{url}/review?lang=en", hidden, timeout=60).text
    image = browser.get(f"{url}/files/{hashlib.sha256(client.photo).hexdigest()}", timeout=60)
    assert image.content == client.photo
    assert image.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.get(f"{url}/files/{'0' * 64}", timeout=60).status_code == 404


def test_reconciling_tells_what_is_lacking_and_nothing_of_what_is_somebody_else_s(
    client: Client, intake: RunningIntake, tmp_path: Path
) -> None:
    """A dossier of another machine, and the same id over other bytes, are lacking like one that never came."""
    mine = {"dossier": str(client.item.dossier), "rev": 1, "envelope": client.item.envelope_sha256}

    def lacking(headers: dict[str, str], *items: dict[str, Any]) -> list[dict[str, Any]]:
        answer = requests.post(f"{client.url}/v1/reconcile", json={"items": items}, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["lacking"]
        return found

    client.put()
    assert lacking(client.headers, mine) == [mine], "its photo has not come: nothing was receipted"
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    other_bytes, next_one = mine | {"envelope": "0" * 64}, mine | {"rev": 2}
    never_came = mine | {"dossier": uuid7(SystemClock().now())}
    asked = (mine, other_bytes, next_one, never_came)
    assert lacking(client.headers, *asked) == [other_bytes, next_one, never_came]
    stranger = factories.machine(tmp_path / "stranger", intake.clock)
    _, answer = enrol(
        intake.invitation(), device=stranger.profile.device, public_key=stranger.signing.public(), name="Hà"
    )
    theirs = {"Authorization": f"Bearer {answer.token}"}
    assert lacking(theirs, mine) == [mine], "as if it were nobody's"
    stranger.close()
