"""A server in processes of its own, one worker or two: what its log and its metrics tell, and how it ends."""

import contextlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from sqlalchemy import insert, update

from bnhelper.clock import SystemClock
from sync.intake import ledger
from sync.intake.station import Site, open_site
from tests.sync.intake.engines import Postgres, free_port
from tests.sync.intake.load import NAMES, Device, devices, photo, sealed, template

pytestmark = [
    pytest.mark.slow,
    pytest.mark.long,
    pytest.mark.skipif(os.name == "nt", reason="stops by signal"),
]


@dataclass
class Running:
    """A server in a process of its own, one worker or two."""

    process: "subprocess.Popen[bytes]"
    port: int
    site: Site
    workers: int
    log: Path

    def metrics(self) -> str:
        """Return what one of the workers says of all of them."""
        return requests.get(f"http://127.0.0.1:{self.port}/internal/metrics", timeout=60).text

    def status(self, path: str) -> int | None:
        """Return what a new connection is answered; None where nobody takes it any more."""
        try:
            return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=60).status_code
        except requests.ConnectionError:
            return None

    def under_way(self) -> int:
        """Return how many requests all workers together have not answered yet."""
        found = re.search(r"^intake_requests_under_way (\S+)$", self.metrics(), re.MULTILINE)
        assert found is not None
        return int(float(found[1]))

    def has_let_go(self) -> bool:
        """Tell the workers a second time, which ends the time for whoever deals out requests; is the port gone?"""
        for pid in self.pids():
            os.kill(pid, signal.SIGTERM)  # again and again: two that come close together are one
        return self.status("/internal/live") is None

    def pids(self) -> list[int]:
        """Return the processes that serve."""
        if self.workers == 1:
            return [self.process.pid]
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == self.process.pid and b"spawn_main" in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
        return found


@pytest.fixture(params=[1, pytest.param(2, marks=pytest.mark.long)])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    workers: int = request.param
    database: Postgres | None = request.getfixturevalue("postgres") if workers > 1 else None
    url = database.fresh_database() if database is not None else ""
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=url)
    port = free_port()
    command = [sys.executable, "-m", "sync.intake", "--folder", str(tmp_path / "site"), "--port", str(port)]
    command += ["--postgres", url, "--workers", str(workers), "--no-invitation", "--drain", "600"]
    with (tmp_path / "stderr").open("wb") as log:
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env={**os.environ, "BN_INTAKE_LOG": "info"},
            start_new_session=True,
        )
    found = Running(process, port, site, workers, tmp_path / "stderr")
    try:
        _until(lambda: len(found.pids()) == workers and found.status("/internal/ready") == 200)
        yield found
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)
        site.close()


def _until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 240
    while not holds():
        assert time.monotonic() < ends, "did not happen"
        time.sleep(0.05)


def _begun(port: int, request: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port))
    line.settimeout(240)
    line.sendall(request)
    return line


def _ended(line: socket.socket, rest: bytes = b"") -> int:
    """Send the rest of a request; return the status of its answer."""
    line.sendall(rest)
    said = line.makefile("rb").readline()
    line.close()
    return int(said.split()[1])


def _upload(running: Running, device: Device, content: bytes) -> bytes:
    """Announce a photo; return the PATCH of its bytes."""
    said = {"Authorization": f"Bearer {device.token}", "Tus-Resumable": "1.0.0", "Upload-Length": str(len(content))}
    url = f"http://127.0.0.1:{running.port}/v1/blobs"
    made = requests.post(url, headers=said, timeout=60)
    assert made.status_code == 201, made.text
    head = [f"PATCH {made.headers['Location']} HTTP/1.1", "Host: x", f"Authorization: Bearer {device.token}"]
    head += ["Tus-Resumable: 1.0.0", "Upload-Offset: 0", "Content-Type: application/offset+octet-stream"]
    return "\r\n".join([*head, f"Content-Length: {len(content)}", "", ""]).encode() + content


def _told_apart(running: Running, device: Device) -> None:
    """Each request has a line by its route, a bug one by its kind; the metrics are everybody's, whoever is asked."""
    url, secret = f"http://127.0.0.1:{running.port}", "NGUYỄN THỊ KÍN"
    with running.site.engine.begin() as db:  # a row that is not ours: whoever reads it meets a bug
        db.execute(insert(ledger.changes).values(owner=device.id, seq=1, body=f'{{"name":"{secret}"}}', at=""))
        db.execute(update(ledger.devices).where(ledger.devices.c.id == device.id).values(last_seq=1))
    mine = {"Authorization": f"Bearer {device.token}"}
    assert requests.get(f"{url}/v1/changes?cursor=0", headers=mine, timeout=60).status_code == 500
    assert requests.get(f"{url}/t/a-code-of-a-slip", timeout=60).status_code == 404
    form = {"user": secret, "password": "a-password-of-somebody"}
    assert requests.post(f"{url}/officer/login?next=/officer/a-page", form, timeout=60).status_code == 403
    assert [running.status("/v1/ping") for _ in range(40)] == [204] * 40
    counted = 'intake_requests_total{method="GET",route="/v1/ping",status="204"}'
    for _ in range(10):
        assert f"{counted} 40.0" in running.metrics()
    text = running.log.read_text(encoding="utf-8")
    for planted in (secret, device.token, device.id, "a-code-of-a-slip", "a-password-of-somebody", "a-page"):
        assert planted not in text
    lines = [json.loads(line) for line in text.splitlines()]
    told = [(one["route"], one["status"]) for one in lines if one["from"] == "bnhelper.intake.access"]
    wanted = {("/v1/changes", 500), ("/t/{token}", 404), ("/officer/login", 403), ("/v1/ping", 204)}
    assert wanted <= set(told)
    bugs = [one for one in lines if one["level"] == "error"]
    assert {one["kind"] for one in bugs} == {"RuntimeError"}
    assert all(any("sync.intake.feed:" in place for place in one["places"]) for one in bugs)


def test_it_tells_nothing_of_anybody_and_ends_what_is_under_way(running: Running) -> None:
    die = random.Random(6)
    device, another = devices(running.site, 2)
    _told_apart(running, another)
    dossier = sealed(template(), device, die)
    patch = _upload(running, device, photo(die, 1_000_000))
    slow = [(whole[: len(whole) // 2], whole[len(whole) // 2 :]) for whole in (patch, dossier.put)]
    lines = [_begun(running.port, first) for first, _ in slow]
    waits = f"GET /v1/changes?cursor=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {device.token}\r\nPrefer: wait=60\r\n\r\n"
    news = _begun(running.port, waits.encode())
    _until(lambda: running.under_way() == 4)  # these three, and the one that asks
    running.process.send_signal(signal.SIGTERM)
    _until(lambda: running.status("/internal/ready") == 503)
    assert running.status("/internal/live") == 200, "it goes on meanwhile"
    assert _ended(news) == 304, "who only waits for news is answered"
    _until(running.has_let_go)
    assert [_ended(line, rest) for line, (_, rest) in zip(lines, slow, strict=True)] == [204, 201]
    assert running.process.wait(240) == 0
    said = running.log.read_text(encoding="utf-8")
    assert '"route": "/v1/dossiers/{dossier}/revisions/{revision}", "status": 201' in said
    for planted in (device.token, device.id, dossier.id, *NAMES):
        assert planted not in said
