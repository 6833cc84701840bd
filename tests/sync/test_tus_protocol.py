"""tus 1.0.0 as it is written, extension by extension, asked over the wire with nothing of our own client."""

import base64
import hashlib
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from sync.intake import uploads
from tests import factories
from tests.sync.conftest import RunningIntake
from tests.sync.test_runner import enrolled

_WHOLE = factories.png(extra=b"t" * 3_000)
_BODY = {"Content-Type": "application/offset+octet-stream"}
_DAY = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT")


class Peer:
    """Somebody who has read the protocol and knows nothing of us but a token."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, body: bytes = b"", version: str = "1.0.0", **said: str) -> requests.Response:
        """Header names are given with underscores."""
        headers = {"Tus-Resumable": version, **{name.replace("_", "-"): value for name, value in said.items()}}
        headers |= _BODY if body else {}
        return self._session.request(method, urljoin(self._url, path), data=body, headers=headers, timeout=60)

    def begin(self, body: bytes = b"", **said: str) -> requests.Response:
        return self.ask("POST", "/v1/blobs", body, Upload_Length=str(len(_WHOLE)), **said)

    def append(self, place: str, at: int, body: bytes, **said: str) -> requests.Response:
        return self.ask("PATCH", place, body, Upload_Offset=str(at), **said)

    def offset(self, place: str) -> int:
        answer = self.ask("HEAD", place)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert answer.headers["Upload-Length"] == str(len(_WHOLE))
        return int(answer.headers["Upload-Offset"])

    def close(self) -> None:
        self._session.close()


@pytest.fixture
def peer(tmp_path: Path, intake: RunningIntake) -> Iterator[Peer]:
    machine = factories.machine(tmp_path / "device", intake.clock)
    enrolled(machine, intake)
    assert machine.profile.province is not None
    made = Peer(intake.url, machine.profile.province.token)
    yield made
    made.close()
    machine.close()


def test_what_the_server_can_is_said_and_another_version_is_refused_before_anything_is_done(peer: Peer) -> None:
    said = peer.ask("OPTIONS", "/v1/blobs")
    assert said.status_code == 204
    assert said.headers["Tus-Version"] == "1.0.0"
    can = {"creation", "creation-with-upload", "checksum", "expiration", "termination"}
    assert set(said.headers["Tus-Extension"].split(",")) == can
    assert {"sha1", "sha256"} <= set(said.headers["Tus-Checksum-Algorithm"].split(","))
    assert int(said.headers["Tus-Max-Size"]) >= 16_000_000
    place = peer.begin().headers["Location"]
    for method, path, body in (("POST", "/v1/blobs", b""), ("PATCH", place, _WHOLE), ("DELETE", place, b"")):
        refused = peer.ask(method, path, body, version="0.2.2", Upload_Length="5", Upload_Offset="0")
        assert (refused.status_code, refused.headers["Tus-Version"]) == (412, "1.0.0"), method
    assert peer.offset(place) == 0


def test_core_and_creation(peer: Peer) -> None:
    begun = peer.begin()
    assert (begun.status_code, begun.headers["Tus-Resumable"]) == (201, "1.0.0")
    place = begun.headers["Location"]
    assert peer.offset(place) == 0
    half = peer.append(place, 0, _WHOLE[:1000])
    assert (half.status_code, half.headers["Upload-Offset"]) == (204, "1000")
    assert peer.append(place, 999, b"x").status_code == 409
    assert peer.append(place, 1001, b"x").status_code == 409
    wrong_kind = peer.ask("PATCH", place, Upload_Offset="1000", Content_Type="image/png")
    assert wrong_kind.status_code == 415
    assert peer.offset(place) == 1000
    assert peer.append(place, 1000, _WHOLE[1000:]).headers["Upload-Offset"] == str(len(_WHOLE))
    assert peer.offset(place) == len(_WHOLE)


def test_creation_with_upload(peer: Peer) -> None:
    begun = peer.begin(_WHOLE[:1000])
    assert (begun.status_code, begun.headers["Upload-Offset"]) == (201, "1000")
    whole = peer.begin(_WHOLE)
    assert (whole.status_code, whole.headers["Upload-Offset"]) == (201, str(len(_WHOLE)))
    assert peer.offset(begun.headers["Location"]) == 1000


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_checksum(peer: Peer, name: str) -> None:
    place = peer.begin().headers["Location"]

    def check(content: bytes) -> str:
        return f"{name} {base64.b64encode(hashlib.new(name, content).digest()).decode()}"

    mismatch = peer.append(place, 0, _WHOLE[:1000], Upload_Checksum=check(b"something else"))
    assert mismatch.status_code == 460
    assert peer.offset(place) == 0, "nothing of it is kept"
    assert peer.append(place, 0, _WHOLE[:1000], Upload_Checksum="crc9 AAAA").status_code == 400
    assert peer.append(place, 0, _WHOLE[:1000], Upload_Checksum=check(_WHOLE[:1000])).status_code == 204
    assert peer.offset(place) == 1000


def test_expiration(peer: Peer, intake: RunningIntake) -> None:
    begun = peer.begin()
    place = begun.headers["Location"]
    half = peer.append(place, 0, _WHOLE[:1000])
    for answer in (begun, half):
        assert _DAY.fullmatch(answer.headers["Upload-Expires"])
        left = parsedate_to_datetime(answer.headers["Upload-Expires"]) - intake.clock.now()
        assert 6 < left.total_seconds() / 86_400 <= 7, "a week without coverage is survived"
    intake.clock.move(days=6)
    assert peer.offset(place) == 1000
    more = peer.append(place, 1000, _WHOLE[1000:1500])
    left = parsedate_to_datetime(more.headers["Upload-Expires"]) - intake.clock.now()
    assert 6 < left.total_seconds() / 86_400 <= 7, "a week after the last byte, not after the first"
    intake.clock.move(days=6)
    assert peer.append(place, 1500, _WHOLE[1500:1600]).headers["Upload-Offset"] == "1600"
    assert peer.ask("PATCH", place, b"x", Upload_Offset="\xb2").status_code == 409, "a digit to Python, and no number"
    intake.clock.move(days=8)
    assert peer.ask("HEAD", place).status_code in {404, 410}
    assert peer.append(place, 1600, _WHOLE[1600:]).status_code in {404, 410}
    assert uploads.sweep(intake.site) == 1
    assert not [one for one in (intake.site.spool.path("x").parent).iterdir() if one.stat().st_size > 500]


def test_termination(peer: Peer) -> None:
    place = peer.begin(_WHOLE[:1000]).headers["Location"]
    assert peer.ask("DELETE", place).status_code == 204
    assert peer.ask("HEAD", place).status_code in {404, 410}
    assert peer.append(place, 1000, _WHOLE[1000:]).status_code in {404, 410}
    assert peer.ask("DELETE", place).status_code in {404, 410}
