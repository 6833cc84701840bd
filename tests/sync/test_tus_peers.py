"""tus with released peers, both ways: our client against the official server, official clients against ours."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.vault.canonical import sha256_of
from sync.engine.upload_blob import Confirmed, upload_blob
from sync.transport.https import HttpsTransport
from sync.wire.version import CONTRACT, SERVER_HEADER
from tests import factories, peers
from tests.sync.conftest import RunningIntake
from tests.sync.test_runner import enrolled

pytestmark = pytest.mark.net

_PHOTO = factories.png(extra=bytes(range(256)) * 2_500)


@pytest.fixture
def official(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The official Node server at /v1/blobs; whoever embeds it may put a header on its answers, as we do here."""
    if peers.node_peers():
        pytest.skip(peers.node_peers())
    folder = tmp_path / "tus"
    folder.mkdir()
    process = subprocess.Popen(
        peers.node("tus_server.mjs", "0", str(folder), SERVER_HEADER, CONTRACT),
        stdout=subprocess.PIPE,
        text=True,
        env={"TUS_PATH": "/v1/blobs", "PATH": "/usr/bin:/usr/local/bin:/bin"},
    )
    assert process.stdout is not None
    ready, port = process.stdout.readline().split()
    assert ready == "READY"
    yield f"http://127.0.0.1:{port}", folder
    process.kill()
    process.wait()
    process.stdout.close()


def _send(url: str, *, start: str | None, stop_at: int | None = None, folded_in: int = 0) -> tuple[str, int]:
    """Send the photo with our engine and transport; return where it lives and how far it went."""
    sha256 = sha256_of(_PHOTO)
    transport = HttpsTransport(url, device="d", read_at=lambda _sha, at, size: _PHOTO[at : at + size])
    exchange = upload_blob(
        sha256=sha256,
        size=len(_PHOTO),
        media_type="image/png",
        dossier="0199a3f0-6a00-7abc-8def-0123456789ab",
        url=start,
        base=url,
        folded_in=folded_in,
    )
    place, offset = start or "", 0
    try:
        step = next(exchange)
        while True:
            if isinstance(step, Confirmed):
                place, offset = step.url, step.offset
                if stop_at is not None and offset >= stop_at:
                    break
            step = exchange.send(transport.perform(step) if not isinstance(step, Confirmed) else None)  # type: ignore[arg-type]
    except StopIteration:
        pass
    finally:
        transport.close()
    return place, offset


@pytest.mark.parametrize("folded_in", [0, 65_536], ids=["creation", "creation with upload"])
def test_our_client_sends_to_the_official_server_and_resumes_there(official: tuple[str, Path], folded_in: int) -> None:
    url, folder = official
    place, offset = _send(url, start=None, stop_at=262_144, folded_in=folded_in)
    assert 262_144 <= offset < len(_PHOTO)
    place, offset = _send(url, start=place)
    assert offset == len(_PHOTO)
    assert (folder / place.rpartition("/")[2]).read_bytes() == _PHOTO


def test_our_client_begins_anew_where_the_official_server_forgot_the_upload(official: tuple[str, Path]) -> None:
    url, folder = official
    place, offset = _send(url, start="/v1/blobs/0123456789abcdef0123456789abcdef")
    assert offset == len(_PHOTO)
    assert (folder / place.rpartition("/")[2]).read_bytes() == _PHOTO


# --- theirs against ours -----------------------------------------------------------------------------------------------

_TUSPY = """
import sys
from tusclient import client
from tusclient.storage import filestorage
url, token, path, store = sys.argv[1:]
sender = client.TusClient(url + "/v1/blobs", headers={"Authorization": "Bearer " + token})
storage = filestorage.FileStorage(store)
def uploader(**more):
    return sender.uploader(path, store_url=True, url_storage=storage, **more)
half = uploader(chunk_size=200_000)
half.upload_chunk()
assert half.offset == 200_000, half.offset
again = uploader()
assert again.offset == 200_000, again.offset
again.upload()
checked = sender.uploader(path, metadata={"filename": "ä.png"}, upload_checksum=True, chunk_size=150_000)
checked.upload()
storage.close()
"""

_TUSJS = """
import fs from 'node:fs'
import * as tus from 'tus-js-client'
const [url, token, path] = process.argv.slice(2)
const options = { endpoint: url + '/v1/blobs', uploadSize: fs.statSync(path).size, chunkSize: 200000,
  headers: { Authorization: 'Bearer ' + token }, metadata: { filename: 'a.png' }, retryDelays: [] }
const first = await new Promise((resolve, reject) => {
  const upload = new tus.Upload(fs.createReadStream(path), { ...options, onError: reject, onSuccess: reject,
    onChunkComplete: async (size, accepted) => { if (accepted === 200000) { await upload.abort(); resolve(upload.url) } } })
  upload.start()
})
await new Promise((resolve, reject) => {
  const upload = new tus.Upload(fs.createReadStream(path), { ...options, uploadUrl: first, onError: reject, onSuccess: resolve })
  upload.start()
})
console.log('whole')
process.exit(0)
"""


@pytest.fixture
def token(tmp_path: Path, intake: RunningIntake) -> Iterator[str]:
    machine: OpenMachine = factories.machine(tmp_path / "device", intake.clock)
    enrolled(machine, intake)
    province = machine.profile.province
    assert province is not None
    yield province.token
    machine.close()


def _arrived(intake: RunningIntake) -> bool:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if intake.site.blobs.has(sha256_of(_PHOTO)):
            return intake.site.blobs.read(sha256_of(_PHOTO)) == _PHOTO
        time.sleep(0.05)
    return False


def test_tuspy_sends_to_our_server_in_pieces_and_resumes(intake: RunningIntake, token: str, tmp_path: Path) -> None:
    if peers.python_peers():
        pytest.skip(peers.python_peers())
    photo = tmp_path / "photo.png"
    photo.write_bytes(_PHOTO)
    done = subprocess.run(
        peers.python("-c", _TUSPY, intake.url, token, str(photo), str(tmp_path / "urls")),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert _arrived(intake)


def test_tus_js_client_sends_to_our_server_and_resumes(intake: RunningIntake, token: str, tmp_path: Path) -> None:
    if peers.node_peers():
        pytest.skip(peers.node_peers())
    photo = tmp_path / "photo.png"
    photo.write_bytes(_PHOTO)
    done = subprocess.run(
        ["node", "--input-type=module", "-e", _TUSJS, "-", intake.url, token, str(photo)],
        cwd=peers.HERE,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert "whole" in done.stdout, done.stderr[-2000:]
    assert _arrived(intake)


def test_the_peers_are_fetched_at_the_versions_of_their_locks_without_an_address() -> None:
    for name in ("package-lock.json", "requirements.txt"):
        text = (peers.HERE / name).read_text(encoding="utf-8")
        assert "registry." not in text
        assert "files.pythonhosted" not in text
    assert sys.version_info >= (3, 11)
