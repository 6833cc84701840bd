"""People sign in by OIDC: their keys rotate, their tokens are for us, bound to a key, and are shut out at once."""

import base64
import hashlib
import http.client
import http.server
import json
import random
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from bnhelper.vault.signatures import SigningKey
from sync.intake import identity, ledger
from sync.intake.app import make_app
from sync.intake.identity import Asking
from sync.intake.oidc import Issuer, IssuerAway, TokenRefused
from sync.intake.refusals import Refused
from sync.intake.roles import Role
from sync.intake.station import Site, open_site
from sync.wire.dossiers import content_digest
from sync.wire.enrolment import DeviceRegistration
from tests.fakes.clock import FixedClock
from tests.sync.conftest import served
from tests.sync.intake.load import Device, photo, sealed, template

AUDIENCE = "urn:bnhelper:intake"


class Idp:
    """A small issuer: discovery, JWKS, and keys that rotate."""

    def __init__(self) -> None:
        self.keys = [ECKey.generate_key("P-256", auto_kid=True)]
        self.reads = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.endswith("openid-configuration"):
                    said: Any = {"issuer": outer.url, "jwks_uri": f"{outer.url}/keys"}
                else:
                    outer.reads += 1
                    said = KeySet(list(outer.keys)).as_dict(private=False)
                body = json.dumps(said).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def token(self, *, bound_to: ECKey | None = None, **other: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": "u1",
            "aud": AUDIENCE,
            "scope": "openid intake",
            "exp": now + 900,
            "iat": now,
            "name": "Vũ Đức Đạt",
            "bn_role": "volunteer",
            "bn_unit": "09208",
            **other,
        }
        if bound_to is not None:
            claims["cnf"] = {"jkt": bound_to.thumbprint()}
        key = self.keys[-1]
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key, algorithms=["ES256"])

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def idp() -> Iterator[Idp]:
    made = Idp()
    yield made
    made.close()


def _proof(key: ECKey, token: str, **other: Any) -> str:
    claims = {
        "jti": uuid.uuid4().hex,
        "htm": "GET",
        "htu": "https://intake.example/v1/me",
        "iat": int(time.time()),
        "ath": base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode(),
        **other,
    }
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key, algorithms=["ES256"])


def _ask(issuer: Issuer, token: str, proof: str = "") -> str:
    try:
        return issuer.person(token, proof=proof, method="GET", url="http://127.0.0.1:8750/v1/me?x=1").subject
    except TokenRefused as no:
        return no.why


def test_a_token_must_be_for_us_and_whole(idp: Idp) -> None:
    issuer = Issuer(idp.url, AUDIENCE)
    assert _ask(issuer, idp.token()) == f"{idp.url}#u1"
    assert _ask(issuer, idp.token(aud="urn:else")) == "audience"
    assert _ask(issuer, idp.token(aud=[AUDIENCE, "urn:else"])) == f"{idp.url}#u1"
    assert _ask(issuer, idp.token(iss="http://evil")) == "issuer"
    assert _ask(issuer, idp.token(scope="openid")) == "scope"
    assert _ask(issuer, idp.token(bn_role="king")) == "role"
    assert _ask(issuer, idp.token(exp=int(time.time()) - 3600)) == "ExpiredTokenError"
    forged = idp.token()
    head, body, _ = forged.split(".")
    assert _ask(issuer, f"{head}.{body}.{'A' * 86}") == "BadSignatureError"
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert _ask(issuer, f"{none}.{body}.") != f"{idp.url}#u1"


def test_keys_rotate_without_a_restart_and_a_stranger_cannot_make_us_ask(idp: Idp) -> None:
    issuer = Issuer(idp.url, AUDIENCE)
    _ask(issuer, idp.token())
    idp.keys.append(ECKey.generate_key("P-256", auto_kid=True))
    assert _ask(issuer, idp.token()) != f"{idp.url}#u1", "read a moment ago: not yet again"
    assert idp.reads == 1
    issuer._read_at -= 60
    assert _ask(issuer, idp.token()) == f"{idp.url}#u1"
    assert idp.reads == 2
    issuer._key_set(must_read=True)
    assert idp.reads == 2, "whoever waited behind the one that read them finds them"


def test_an_issuer_that_was_away_a_moment_ago_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def away(url: str, **_more: Any) -> Any:
        asked.append(url)
        raise requests.ConnectionError

    monkeypatch.setattr(requests, "get", away)
    issuer = Issuer("https://away.example", AUDIENCE)
    for _ in range(3):
        with pytest.raises(IssuerAway):
            issuer._key_set(must_read=False)
    assert len(asked) == 1


def test_a_bound_token_is_worth_nothing_without_its_key(idp: Idp) -> None:
    issuer, key = Issuer(idp.url, AUDIENCE, must_prove=True), ECKey.generate_key("P-256")
    token, me = idp.token(bound_to=key), f"{idp.url}#u1"
    assert _ask(issuer, idp.token()) == "unbound"
    assert _ask(issuer, token) == "proof"
    good = _proof(key, token)
    assert _ask(issuer, token, good) == me
    assert _ask(issuer, token, good) == "proof-again"
    assert _ask(issuer, token, _proof(ECKey.generate_key("P-256"), token)) == "proof-of-another-key"
    assert _ask(issuer, token, _proof(key, token, htm="PUT")) == "proof-of-another-request"
    assert _ask(issuer, token, _proof(key, token, htu="https://x/v1/changes")) == "proof-of-another-request"
    assert _ask(issuer, token, _proof(key, "another token")) == "proof-of-another-request"
    assert _ask(issuer, token, _proof(key, token, iat=int(time.time()) - 900)) == "proof-is-old"


def test_a_person_registers_a_device_and_is_shut_out_at_once(idp: Idp, tmp_path: Any) -> None:
    site, _ = open_site(tmp_path, FixedClock(), issuer=Issuer(idp.url, AUDIENCE))
    device = "01936f00-0000-7000-8000-000000000001"
    asking = Asking(f"Bearer {idp.token()}", device=device)
    who = identity.caller(site, asking)
    assert (who.role, who.unit, who.device) == (Role.VOLUNTEER, "09208", f"{idp.url}#u1")
    asked = DeviceRegistration(public_key=SigningKey.generate().public(), name="Máy 1")
    assert identity.register(site, who, device, asked)[0] == 201
    assert identity.register(site, who, device, asked)[0] == 200
    assert identity.caller(site, asking).device == device
    other = Asking(f"Bearer {idp.token(sub='u2')}", device=device)
    assert identity.caller(site, other).device == f"{idp.url}#u2", "a device is its own person's alone"
    with pytest.raises(Refused) as changed:
        identity.register(
            site, who, device, DeviceRegistration(public_key=SigningKey.generate().public(), name="Máy 1")
        )
    assert changed.value.problem.code == "id-conflict"
    moved = Asking(f"Bearer {idp.token(bn_unit='09209')}", device=device)
    assert identity.caller(site, moved).unit == "09209"
    with site.engine.connect() as db:
        unit = db.execute(ledger.devices.select().where(ledger.devices.c.id == device)).one().unit
    assert unit == "09209", "its new leader looks after it, the old one no more"
    trains = Asking(f"Bearer {idp.token(bn_role='trainer')}", device=device)
    assert (identity.caller(site, trains).role, identity.caller(site, trains).device) == (Role.TRAINER, device)
    with site.engine.connect() as db:
        row = db.execute(ledger.devices.select().where(ledger.devices.c.id == device)).one()
    assert identity.of_device(row).role is Role.TRAINER, "what the machine brings by stick is judged by the same role"
    identity.revoke_subject(site, f"{idp.url}#u1")
    with pytest.raises(Refused) as shut:
        identity.caller(site, asking)
    assert shut.value.problem.code == "revoked"
    idp.close()
    site.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def two_workers(request: pytest.FixtureRequest, tmp_path: Path, idp: Idp) -> Iterator[list[Site]]:
    """Two workers of one site, each with an issuer of its own; one alone where the ledger is a file."""
    is_file = request.param == "sqlite"
    url = "" if is_file else request.getfixturevalue("postgres").fresh_database()
    made = [
        open_site(tmp_path, FixedClock(), postgres=url, issuer=Issuer(idp.url, AUDIENCE, must_prove=True))[0]
        for _ in range(1 if is_file else 2)
    ]
    yield made
    for site in made:
        site.close()


def test_a_proof_is_good_once_whichever_worker_it_comes_to(idp: Idp, two_workers: list[Site]) -> None:
    key = ECKey.generate_key("P-256")
    token = idp.token(bound_to=key)
    for first, second in ((two_workers[0], two_workers[-1]), (two_workers[-1], two_workers[0])):
        asking = Asking(f"DPoP {token}", "GET", "https://intake.example/v1/me", _proof(key, token))
        assert identity.caller(first, asking).name == "Vũ Đức Đạt"
        with pytest.raises(Refused) as again:
            identity.caller(second, asking)
        assert again.value.problem.code == "unknown-device"


def test_a_person_whose_dossier_is_refused_is_told_why_and_not_to_sign_in(idp: Idp, tmp_path: Path) -> None:
    """The refusal was looked up as whoever asked, and asking a second time found the proof used."""
    site, _ = open_site(tmp_path, FixedClock(), issuer=Issuer(idp.url, AUDIENCE, must_prove=True))
    key, device = ECKey.generate_key("P-256"), "01936f00-0000-7000-8000-000000000001"
    token = idp.token(bound_to=key)
    path = "/v1/dossiers/01936f00-0000-7000-8000-000000000002/revisions/1"
    with served(make_app(site)) as url:

        def ask(method: str, path: str, **said: Any) -> requests.Response:
            proof = _proof(key, token, htm=method, htu=f"{url}{path}")
            headers = {"Authorization": f"DPoP {token}", "DPoP": proof, "BN-Device": device, **said.pop("headers", {})}
            return requests.request(method, f"{url}{path}", headers=headers, timeout=60, **said)

        assert ask("GET", "/v1/changes").status_code in {200, 304}, "a person without a machine has no news, and no bug"
        public = {"public_key": SigningKey.generate().public(), "name": "Máy 1"}
        assert ask("PUT", f"/v1/devices/{device}", json=public).status_code == 201
        headers = {"Content-Digest": content_digest(b"{}"), "BN-Signature": "x..y", "BN-Schema": "1"}
        refused = ask("PUT", path, data=b"{}", headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "bad-signature")
    site.close()


@pytest.mark.parametrize("what", ["text", "photo", "whole photo"])
def test_a_person_who_is_shut_out_while_a_body_is_on_its_way_is_refused(
    idp: Idp, two_workers: list[Site], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    site, key, die = two_workers[0], ECKey.generate_key("P-256"), random.Random(7)
    device = Device("01936f00-0000-7000-8000-000000000001", "", SigningKey.generate())
    one = sealed(template(), device, die, [photo(die, 2_000)])
    ((sha256, content),) = one.photos.items()
    known, came = identity.caller, threading.Event()

    def caller(*asked: Any) -> identity.Caller:
        found = known(*asked)
        came.set()
        return found

    monkeypatch.setattr(identity, "caller", caller)
    with served(make_app(site)) as url:

        def begin(method: str, path: str, size: int, **said: str) -> http.client.HTTPConnection:
            token = idp.token(bound_to=key)
            proof = _proof(key, token, htm=method, htu=f"{url}{path}")
            line = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
            line.putrequest(method, path)
            headers = {"Authorization": f"DPoP {token}", "DPoP": proof, "BN-Device": device.id, **said}
            for name, value in {**headers, "Content-Length": str(size)}.items():
                line.putheader(name.replace("_", "-"), value)
            came.clear()
            line.endheaders()
            return line

        def ask(method: str, path: str, body: bytes = b"", **said: str) -> http.client.HTTPResponse:
            line = begin(method, path, len(body), **said)
            line.send(body)
            answer = line.getresponse()
            answer.read()
            line.close()
            return answer

        public = json.dumps({"public_key": device.key.public(), "name": "Máy 1"}).encode()
        assert ask("PUT", f"/v1/devices/{device.id}", public).status == 201
        text = {"Content_Digest": content_digest(one.body), "BN_Signature": one.signature, "BN_Schema": "1"}
        place = f"/v1/dossiers/{one.id}/revisions/1"
        meta = base64.b64encode(sha256.encode()).decode()
        file = {"Tus_Resumable": "1.0.0", "Content_Type": "application/offset+octet-stream"}
        made: dict[str, Any] = {
            "Upload_Length": str(len(content)),
            "Upload_Metadata": f"sha256 {meta}",
            "Tus_Resumable": "1.0.0",
        }
        if what == "text":
            method, path, body, said = "PUT", place, one.body, text
        elif what == "whole photo":
            method, path, body, said = "POST", "/v1/blobs", content, {**made, **file}
        else:
            path = str(ask("POST", "/v1/blobs", **made).headers["Location"])
            method, body, said = "PATCH", content, {**file, "Upload_Offset": "0"}
        slow = begin(method, path, len(body), **said)
        slow.send(body[:100])
        assert came.wait(60), "and was let in"
        identity.revoke_subject(site, f"{idp.url}#u1")
        slow.send(body[100:])
        answer = slow.getresponse()
        heard = answer.status, json.loads(answer.read())["code"]
        slow.close()
        assert heard == (401, "revoked")
    with site.engine.connect() as db:
        assert db.execute(ledger.dossiers.select()).all() == db.execute(ledger.blobs.select()).all() == []
