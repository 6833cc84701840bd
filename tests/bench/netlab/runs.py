"""One client over one profile: link, servers, faults, the client's own process, and what really arrived."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tests import peers
from tests.bench.netlab.faults import Fault
from tests.bench.netlab.link import SERVER, Link

_ROOT: Final = Path(__file__).resolve().parents[3]
_MODULE: Final = "tests.bench.netlab"
_TUS, _SINK, _INTAKE = 1080, 8000, 8750
_STARTS_WITHIN_S: Final = 180  #: many start at once on a small machine
_FAR: Final = 1000  #: what is added to a server's port for the proxy in front of it


@dataclass(frozen=True, slots=True)
class Profile:
    """A link with its fault, what is to be sent over it, and after how long a client counts as hung."""

    name: str
    link: Link
    dossiers: int
    photos: int
    photo_bytes: int
    limit_s: float
    fault: Fault = field(default_factory=Fault)
    is_tls: bool = False

    @property
    def needs_link(self) -> bool:
        """Tell whether the profile means nothing without the emulated link."""
        return self.fault.mode == "pass"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a client did over a profile. `goodput` is intact payload over time over the rate of the link.

    `busy` is the share of that time in which the link carried anything up: what is missing to `goodput` is headers,
    what is missing to one is waiting.
    """

    client: str
    profile: str
    seconds: float
    goodput: float
    overhead: float | None
    busy: float | None
    hung: bool
    believed: int
    intact: int
    files: int
    falsely_believed: int
    errors: dict[str, int]


CLIENTS: Final = ("bnhelper", "curl", "multipart", "tuspy", "tus-js-client")


def missing(client: str) -> str:
    """Return why a client cannot be run here, or an empty text."""
    if client == "curl" and shutil.which("curl") is None:
        return "no curl here"
    if client in {"tuspy", "tus-js-client"} and peers.node_peers():
        return peers.node_peers()  # the official server runs on Node
    return peers.python_peers() if client == "tuspy" else ""


def has_link() -> str:
    """Return why no link can be emulated here, or an empty text."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "root on Linux is needed for an emulated link"
    if not Path("/dev/net/tun").exists() or shutil.which("ip") is None:
        return "a TUN device and iproute2 are needed for an emulated link"
    probe = subprocess.run(["ip", "netns", "add", "bn-probe"], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", "bn-probe"], capture_output=True, check=False)
    return "" if probe.returncode == 0 else "network namespaces are not allowed here"


class Workload:
    """Sealed dossiers, made once for every size and copied for each run of ours."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def of(self, profile: Profile) -> Path:
        size = f"{profile.dossiers}x{profile.photos}x{profile.photo_bytes}"
        made = self._folder / size
        with self._lock:
            if not made.exists():
                arguments = [str(profile.dossiers), str(profile.photos), str(profile.photo_bytes)]
                subprocess.run(
                    [sys.executable, "-m", f"{_MODULE}.ours", "make", str(self._folder / "part"), *arguments],
                    cwd=_ROOT,
                    check=True,
                )
                (self._folder / "part").rename(made)
        return made


class Run:
    """The processes of one run, all of them ended when it is over."""

    def __init__(self, profile: Profile, client: str, workload: Workload, number: int, *, is_linked: bool) -> None:
        self._profile = profile
        self._client = client
        self._made = workload.of(profile)
        self._id = f"{os.getpid() % 10_000}x{number}"
        self._is_linked = is_linked
        # Namespaces have ports of their own. Elsewhere they are this process's, below those that systems hand out.
        self._shift = 0 if is_linked else 10_000 + (os.getpid() + number) * 10 % 10_000
        self._alive: list[subprocess.Popen[str]] = []

    def go(self) -> Ran:
        with tempfile.TemporaryDirectory(prefix="bn-net-") as folder:
            try:
                return self._go(Path(folder))
            finally:
                for one in reversed(self._alive):
                    one.kill()
                    one.communicate()  # which closes its pipe
                if self._is_linked:
                    for side in "cs":
                        subprocess.run(["ip", "netns", "del", f"nl{side}-{self._id}"], capture_output=True, check=False)

    def _go(self, folder: Path) -> Ran:
        stats = folder / "link.json"
        if self._is_linked:
            link = json.dumps(asdict(replace(self._profile.link, id=self._id)))
            self._start([sys.executable, "-m", f"{_MODULE}.link", link, str(stats)])
        ports = self._servers(folder)
        fault = self._profile.fault
        if not self._is_linked:
            fault = replace(fault, rate_bps=self._profile.link.rate_bps)
        pairs = [f"{self._port(port) + _FAR}:{self._port(port)}" for port in ports]
        self._start([sys.executable, "-m", f"{_MODULE}.faults", json.dumps(asdict(fault)), *pairs], side="s")
        said, hung, wall = self._client_run(folder)
        time.sleep(1.2 if self._is_linked else 0)  # the link keeps what it carried twice a second
        carried = json.loads(stats.read_text())["up"] if self._is_linked else None
        return self._judged(said, hung, wall, carried, self._arrived(folder))

    def _port(self, port: int) -> int:
        return port + self._shift

    # --- processes -----------------------------------------------------------------------------------------

    def _command(self, command: Sequence[str], side: str) -> list[str]:
        inside = ["ip", "netns", "exec", f"nl{side}-{self._id}"] if side and self._is_linked else []
        return [*inside, *command]

    def _start(self, command: Sequence[str], *, side: str = "", ready: str = "READY") -> None:
        process = subprocess.Popen(
            self._command(command, side), cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._alive.append(process)
        assert process.stdout is not None
        if ready and ready not in next(iter(process.stdout), ""):
            raise RuntimeError(f"did not start: {command}")

    def _servers(self, folder: Path) -> list[int]:
        """Start what the client talks to; return the ports that get a proxy."""
        if self._client == "bnhelper":
            self._intake(folder)
            return [_INTAKE]
        (folder / "tus").mkdir()
        if "tus" in self._client:
            self._start(peers.node("tus_server.mjs", str(self._port(_TUS)), str(folder / "tus")), side="s")
        self._start([sys.executable, "-m", f"{_MODULE}.sink", str(self._port(_SINK))], side="s", ready="")
        self._until_up(_SINK, "/whole")
        return [_TUS, _SINK]

    def _intake(self, folder: Path) -> None:
        ready = folder / "ready.json"
        port = str(self._port(_INTAKE))
        command = [sys.executable, "-m", "sync.intake", "--folder", str(folder / "intake"), "--port", port]
        self._start([*command, "--ready-file", str(ready)], side="s", ready="")
        ends = time.monotonic() + _STARTS_WITHIN_S
        while not ready.exists():
            if time.monotonic() > ends:
                raise RuntimeError("the intake did not start")
            time.sleep(0.1)
        shutil.copytree(self._made, folder / "machine")
        far = f"http://{self._host}:{self._port(_INTAKE) + _FAR}"
        self._until_up(_INTAKE, "/v1/ping")
        self._ours("enrol", folder, str(ready), far)

    def _ours(self, verb: str, folder: Path, *rest: str) -> str:
        """Run a verb of ours beside the server, not over the link."""
        command = [sys.executable, "-m", f"{_MODULE}.ours", verb, str(folder / "machine"), *rest]
        return subprocess.run(
            self._command(command, "s"), cwd=_ROOT, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    @property
    def _host(self) -> str:
        return SERVER if self._is_linked else "127.0.0.1"

    def _until_up(self, port: int, path: str) -> None:
        for _ in range(10 * _STARTS_WITHIN_S):
            if self._fetch(port, path) is not None:
                return
            time.sleep(0.1)
        raise RuntimeError(f"nothing on {port}")

    def _fetch(self, port: int, path: str) -> str | None:
        """Fetch a page beside the server."""
        script = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=5).read().decode())"
        done = subprocess.run(
            self._command([sys.executable, "-c", script, f"http://127.0.0.1:{self._port(port)}{path}"], "s"),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout if done.returncode == 0 else None

    # --- the client ----------------------------------------------------------------------------------------

    def _client_command(self, folder: Path) -> list[str]:
        files, limit = str(self._made / "files"), str(self._profile.limit_s)
        tus = f"http://{self._host}:{self._port(_TUS) + _FAR}/files"
        sink = f"http://{self._host}:{self._port(_SINK) + _FAR}"
        match self._client:
            case "bnhelper":
                return [sys.executable, "-m", f"{_MODULE}.ours", "send", str(folder / "machine"), limit]
            case "tuspy":
                return peers.python("-m", f"{_MODULE}.clients.tuspy", files, tus, sink, limit)
            case "tus-js-client":
                return peers.node("tus_upload.mjs", files, tus, limit)
            case _:
                return [sys.executable, "-m", f"{_MODULE}.clients.{self._client}", files, sink, limit]

    def _client_run(self, folder: Path) -> tuple[dict[str, Any], bool, float]:
        """Run the client to its end, or to the limit; return what it said, whether it hung, and for how long."""
        began = time.monotonic()
        process = subprocess.Popen(
            self._command(self._client_command(folder), "c"),
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            out, err = process.communicate(timeout=self._profile.limit_s + 60)
            hung = False
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            hung = True
        wall = time.monotonic() - began
        try:
            said: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
        except (IndexError, ValueError):
            said = {"believed": 0, "seconds": wall, "errors": {f"no answer: {err[-300:]}": 1}}
        return said, hung or wall >= self._profile.limit_s, wall

    # --- the far end ---------------------------------------------------------------------------------------

    def _wanted(self) -> dict[str, int]:
        """Return SHA-256 and size of every file the client was to send."""
        pattern = "*.png" if self._client == "tus-js-client" else "*"
        return {_hash(path): path.stat().st_size for path in (self._made / "files").glob(pattern)}

    def _arrived(self, folder: Path) -> set[str]:
        """Return the SHA-256 of everything that is whole at the far end, hashed there."""
        if self._client == "bnhelper":
            return set(json.loads(self._ours("check", folder, str(folder / "ready.json"))))
        uploads = {_hash(path) for path in (folder / "tus").iterdir() if path.suffix != ".json"}
        return uploads | set(json.loads(self._fetch(_SINK, "/whole") or "[]"))

    def _judged(
        self, said: dict[str, Any], hung: bool, wall: float, carried: dict[str, int] | None, arrived: set[str]
    ) -> Ran:
        wanted = self._wanted()
        intact = {one for one in wanted if one in arrived}
        payload = sum(wanted[one] for one in intact)
        seconds = float(said["seconds"]) or wall
        return Ran(
            client=self._client,
            profile=self._profile.name,
            seconds=round(seconds, 2),
            goodput=round(payload * 8 / seconds / self._profile.link.rate_bps, 4),
            overhead=round(carried["offered"] / payload - 1, 4) if carried is not None and payload else None,
            busy=round(carried["left"] * 8 / seconds / self._profile.link.rate_bps, 4) if carried is not None else None,
            hung=hung,
            believed=int(said["believed"]),
            intact=len(intact),
            files=len(wanted),
            falsely_believed=max(0, int(said["believed"]) - len(intact)),
            errors=dict(said["errors"]),
        )


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextlib.contextmanager
def workloads() -> Iterator[Workload]:
    """Give a folder for what is sent, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bn-net-files-") as folder:
        yield Workload(Path(folder))
