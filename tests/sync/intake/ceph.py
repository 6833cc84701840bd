"""A Ceph of the tests' own: one monitor, one store on disk, one S3 gateway; the S3 that a province would really run."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import requests

from tests.sync.intake.engines import CannotStart, free_port

_PROGRAMS = ("ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
_PATIENCE_S = 180
_KEYS = ("--access-key=tests", "--secret-key=tests")
_CONF = """\
[global]
fsid = {fsid}
mon host = {monitor}
public addr = 127.0.0.1
keyring = {folder}/keyring
run dir = {folder}
admin socket = {folder}/$name.asok
pid file = {folder}/$name.pid
log file = {folder}/$name.log
crash dir = {folder}
mon data = {folder}/mon
osd data = {folder}/osd
rgw data = {folder}/rgw
osd memory target = 939524096
bluestore block size = 4294967296
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail crit = 1
auth allow insecure global id reclaim = false
"""


@dataclass
class Ceph:
    """A cluster of one in a folder of its own. What was acknowledged outlives `kill`: BlueStore is a store on disk."""

    folder: Path
    port: int  #: of the S3 gateway
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @classmethod
    def make(cls) -> "Ceph":
        """Make and start a cluster with a user `tests`, key `tests`. Raises CannotStart, saying what is missing."""
        missing = [name for name in _PROGRAMS if shutil.which(name) is None]
        if missing:
            raise CannotStart(f"no Ceph: {', '.join(missing)} not found (radosgw ceph-mon ceph-osd ceph-common)")
        made = cls(Path(tempfile.mkdtemp(prefix="bn-ceph-")), free_port())
        try:
            made._initialise()
            made.start()
            made._ceph("radosgw-admin", "user", "create", "--uid=tests", "--display-name=tests", *_KEYS)
        except BaseException:
            made.remove()
            raise
        return made

    def _initialise(self) -> None:
        for name in ("mon", "osd", "rgw"):
            (self.folder / name).mkdir()
        fsid, monitor = str(uuid.uuid4()), f"[v2:127.0.0.1:{free_port()},v1:127.0.0.1:{free_port()}]"
        said = _CONF.format(fsid=fsid, monitor=monitor, folder=self.folder)
        (self.folder / "ceph.conf").write_text(said, encoding="ascii")
        keyring, monmap = str(self.folder / "keyring"), str(self.folder / "monmap")
        _ran("ceph-authtool", "--create-keyring", keyring)
        for name in ("mon.", "client.admin", "osd.0", "client.rgw"):
            caps = [word for part in ("mon", "osd", "mgr") for word in ("--cap", part, "allow *")]
            _ran("ceph-authtool", keyring, "--gen-key", "-n", name, *caps)
        _ran("monmaptool", "--create", "--fsid", fsid, "--addv", "a", monitor, monmap)
        self._ceph("ceph-mon", "-i", "a", "--mkfs", "--monmap", monmap, "--keyring", keyring)
        monitoring = self._begin("ceph-mon", "-i", "a")
        osd = str(uuid.uuid4())
        self._ceph("ceph", "osd", "new", osd)
        self._ceph("ceph", "auth", "import", "-i", keyring)
        self._ceph("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
        monitoring.terminate()
        monitoring.wait(_PATIENCE_S)
        self.running.remove(monitoring)

    def start(self) -> None:
        """Start the three servers, also after they were killed, and wait until the gateway answers."""
        self._begin("ceph-mon", "-i", "a")
        self._begin("ceph-osd", "-i", "0")
        self._begin("radosgw", "-n", "client.rgw", "--rgw-frontends", f"beast endpoint=127.0.0.1:{self.port}")
        ends = time.monotonic() + _PATIENCE_S
        while True:
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"http://127.0.0.1:{self.port}/", timeout=60).ok:
                    return
            if time.monotonic() > ends or any(one.poll() is not None for one in self.running):
                raise CannotStart("Ceph's gateway does not answer")
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill gateway, store and monitor at once, as a power cut of the machine would end them."""
        for one in self.running:
            one.send_signal(signal.SIGKILL)
        for one in self.running:
            one.wait(_PATIENCE_S)
        self.running.clear()

    def fresh_bucket(self) -> str:
        """Return the s3:// URL of a new bucket."""
        import boto3  # type: ignore[import-untyped]

        endpoint, name = f"http://127.0.0.1:{self.port}", f"t{uuid.uuid4().hex}"
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id="tests",
            aws_secret_access_key="tests",
        )
        client.create_bucket(Bucket=name)
        client.close()
        return f"s3://{name}/site?endpoint={endpoint}"

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _begin(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "said").open("ab") as said:
            begun = subprocess.Popen(
                [program, "-c", str(self.folder / "ceph.conf"), "-f", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env={**os.environ, "CEPH_ARGS": ""},
            )
        self.running.append(begun)
        return begun

    def _ceph(self, program: str, *arguments: str) -> None:
        _ran(program, "-c", str(self.folder / "ceph.conf"), *arguments)


def _ran(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=_PATIENCE_S,
    )
    if done.returncode:
        raise CannotStart(f"{program}: {done.stderr.strip()[-300:]}")
