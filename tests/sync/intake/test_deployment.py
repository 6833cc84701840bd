"""What lies in docs/intake is started: the proxy's example by nginx with TLS, the unit and the compose file checked."""

import base64
import hashlib
import importlib.util
import json
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from bnhelper.clock import SystemClock
from bnhelper.ids import uuid7
from bnhelper.vault.signatures import SigningKey
from sync.intake import admin
from sync.intake.__main__ import _parser
from sync.intake.settings import Settings
from sync.wire.enrolment import Invitation
from tests import factories
from tests.sync.intake.engines import free_port

_DOCS = Path(__file__).parents[3] / "docs" / "intake"
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Proxied:
    """A site behind the proxy of the example."""

    url: str
    port: int
    line: requests.Session
    token: str


def _certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key.pem")]
    subprocess.run([*command, "-out", str(folder / "fullchain.pem")], check=True, capture_output=True)


def _until(holds: Any, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + 30
    while not holds():
        assert process.poll() is None, "it ended"
        assert time.monotonic() < ends
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[Proxied]:
    """Run a site as the unit does, and nginx with the example: only addresses and places are put in."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None or shutil.which("openssl") is None:
        pytest.skip("no nginx or openssl on this machine: apt install nginx-light openssl")
    inner, outer, ready = free_port(), free_port(), tmp_path / "ready.json"
    _certificate(tmp_path)
    example = (_DOCS / "nginx.conf").read_text(encoding="utf-8")
    site = example.replace("intake:8750", f"127.0.0.1:{inner}").replace("/etc/nginx/tls", str(tmp_path))
    site = re.sub(r"listen 443\b", f"listen 127.0.0.1:{outer}", site)
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    places = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log warn; events {{}}\n"
        f"http {{ {places} include {tmp_path}/site.conf; }}\n",
        encoding="utf-8",
    )
    configured = [nginx, "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
    said = subprocess.run([*configured, "-t"], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    url = f"https://localhost:{outer}"
    command = [sys.executable, "-m", "sync.intake", "--folder", str(tmp_path / "site"), "--port", str(inner)]
    command += ["--behind-proxy", "--url", url, "--ready-file", str(ready)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    proxy = subprocess.Popen(configured)
    try:
        _until(lambda: ready.exists() and _listens(inner) and _listens(outer), server)
        line = requests.Session()
        line.trust_env = False
        line.verify = str(tmp_path / "fullchain.pem")
        yield Proxied(url, outer, line, _enrolled(line, url, json.loads(ready.read_text(encoding="utf-8"))))
        line.close()
    finally:
        for one in (proxy, server):
            one.terminate()
            one.wait(30)


def _enrolled(line: requests.Session, url: str, ready: dict[str, Any]) -> str:
    invited = Invitation.from_text(ready["invitation"])
    assert invited.url == url, "devices are told the proxy's address"
    asked = {
        "code": invited.code,
        "device": uuid7(SystemClock().now()),
        "public_key": SigningKey.generate().public(),
        "name": "Máy 1",
    }
    answer = line.post(f"{url}/v1/enrolments", json=asked, timeout=10)
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


def _tus(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"} | {
        name.replace("_", "-"): value for name, value in more.items()
    }


def _metadata(content: bytes) -> str:
    name = base64.b64encode(hashlib.sha256(content).hexdigest().encode()).decode()
    return f"sha256 {name},filetype {base64.b64encode(b'image/png').decode()}"


@pytest.mark.net
def test_a_file_of_eight_megabytes_goes_on_where_its_line_was_cut(proxied: Proxied) -> None:
    """The proxy hands bytes on as they come: what was cut off at 5 MiB is there, and only the rest is sent again."""
    content = factories.png(extra=bytes(8 * _MIB))
    made = proxied.line.post(
        f"{proxied.url}/v1/blobs",
        headers=_tus(proxied.token, Upload_Length=str(len(content)), Upload_Metadata=_metadata(content)),
        timeout=10,
    )
    assert made.status_code == 201, made.text
    where = made.headers["Location"]
    trusted = ssl.create_default_context(cafile=str(proxied.line.verify))
    with (
        socket.create_connection(("127.0.0.1", proxied.port)) as plain,
        trusted.wrap_socket(plain, server_hostname="localhost") as cut,
    ):
        head = _tus(
            proxied.token,
            Host=f"localhost:{proxied.port}",
            Upload_Offset="0",
            Content_Type="application/offset+octet-stream",
            Content_Length=str(len(content)),
        )
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        cut.sendall(f"PATCH {where} HTTP/1.1\r\n{lines}\r\n".encode() + content[: 5 * _MIB])
        time.sleep(0.5)
    offset = int(
        proxied.line.head(f"{proxied.url}{where}", headers=_tus(proxied.token), timeout=20).headers["Upload-Offset"]
    )
    assert offset > 4 * _MIB, "the proxy kept the bytes to itself"
    rest = proxied.line.patch(
        f"{proxied.url}{where}",
        content[offset:],
        headers=_tus(proxied.token, Upload_Offset=str(offset), Content_Type="application/offset+octet-stream"),
        timeout=60,
    )
    assert (rest.status_code, rest.headers["Upload-Offset"]) == (204, str(len(content))), rest.text


@pytest.mark.net
def test_the_proxy_keeps_the_operators_pages_and_never_speaks_for_the_province(proxied: Proxied) -> None:
    inside = proxied.line.get(f"{proxied.url}/internal/metrics", timeout=10)
    assert inside.status_code == 404
    assert "BN-Server" not in inside.headers
    card = proxied.line.get(f"{proxied.url}/.well-known/bn-intake", timeout=10)
    assert card.headers["BN-Server"] == "intake/1"
    page = proxied.line.get(f"{proxied.url}/officer/login", timeout=10)
    assert page.status_code == 200
    assert all("Secure" in said for said in page.headers.get("Set-Cookie", "").split(", ") if said)
    too_large = proxied.line.post(f"{proxied.url}/v1/enrolments", bytes(18 * _MIB), timeout=30)
    assert too_large.status_code == 413


def _of_compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((_DOCS / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_compose_gives_the_programs_what_they_read(monkeypatch: pytest.MonkeyPatch) -> None:
    services = _of_compose()["services"]
    command = [one.replace("${PUBLIC_URL:?}", "https://x") for one in services["intake"]["command"]]
    assert command[:3] == ["python", "-m", "sync.intake"]
    said = _parser().parse_args(command[3:])
    assert (said.workers, said.behind_proxy, said.host) == (4, True, "0.0.0.0")
    environment = services["intake"]["environment"]
    for name, value in environment.items():
        monkeypatch.setenv(name, str(value))
    known = Settings.from_environment()
    assert known.postgres.startswith("postgresql://intake:")
    assert known.s3.startswith("s3://")
    read = known.to_environment()
    assert {name for name in environment if name.startswith("BN_INTAKE_")} <= read.keys()


def test_compose_says_what_is_to_be_put_into_its_settings() -> None:
    text = (_DOCS / "compose.yaml").read_text(encoding="utf-8")
    told = " ".join(line for line in text.splitlines() if line.startswith("#"))
    names = set(re.findall(r"\$\{(\w+):[?-]", text)) - {"BNHELPER_IMAGE"}
    assert {name for name in names if not re.search(rf"\b{name}\b", told)} == set()
    assert not any("minio" in name or "s3" in name for name in _of_compose()["services"]), "then say that it is there"
    assert "store is one\n# that you have" in text


def test_compose_holds_to_its_schema() -> None:
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("no docker-compose on this machine: apt install docker-compose")
    names = set(re.findall(r"\$\{(\w+):\?\}", (_DOCS / "compose.yaml").read_text(encoding="utf-8")))
    said = subprocess.run(
        [program, "-f", str(_DOCS / "compose.yaml"), "config", "-q"],
        env={"PATH": "/usr/bin:/bin", **dict.fromkeys(names, "x")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr


def test_the_image_is_made_by_the_steps_of_the_runbook_and_holds_what_compose_mounts() -> None:
    """Both make the pack before they install the program: without it nothing is held to its form."""
    image = (_DOCS / "Containerfile").read_text(encoding="utf-8")
    runbook = (_DOCS / "runbook.md").read_text(encoding="utf-8")
    steps = ("--require-hashes -r requirements.lock", "-m bnhelper.command_line.pack build", "--no-deps .")
    for text in (image, runbook):
        places = [text.index(step) for step in steps]
        assert places == sorted(places)
    assert importlib.util.find_spec("bnhelper.command_line.pack") is not None
    services = _of_compose()["services"]
    for volume in services["intake"]["volumes"]:
        assert volume.partition(":")[2] in image
    assert services["intake"]["image"].endswith(":-bnhelper-intake}")


def test_the_runbooks_commands_are_shell_and_name_what_there_is() -> None:
    blocks = re.findall(
        r"^ *```sh\n(.*?)```", (_DOCS / "runbook.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) >= 3
    scripts = [*blocks, (_DOCS / "intake-admin").read_text(encoding="utf-8")]
    for one in scripts:
        if shutil.which("sh") is not None:
            said = subprocess.run(["sh", "-n"], input=one, capture_output=True, text=True, check=False)
            assert (said.returncode, said.stderr) == (0, ""), one
        for name in re.findall(r"docs/intake/([\w.-]+[a-z])\b", one):
            assert (_DOCS / name).is_file(), name
        for verb in re.findall(r"intake-admin ([a-z-]+)", one):
            with pytest.raises(SystemExit) as ended:
                admin.main([verb, "--help"])
            assert ended.value.code == 0, verb


@pytest.mark.parametrize("name", sorted(one.name for one in _DOCS.glob("bnhelper-*")))
def test_systemd_takes_the_units_and_they_start_what_there_is(name: str, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze on this machine: apt install systemd")
    for unit in _DOCS.glob("bnhelper-*"):
        text = unit.read_text(encoding="utf-8")
        (tmp_path / unit.name).write_text(text.replace("/opt/bnhelper/.venv/bin/python", sys.executable), "utf-8")
        for line in text.splitlines():
            if line.startswith("ExecStart="):
                module = line.split()[2]
                assert importlib.util.find_spec(module) is not None, module
    said = subprocess.run(
        [program, "verify", "--recursive-errors=no", str(tmp_path / name)], capture_output=True, text=True, check=False
    )
    about_it = [line for line in said.stderr.splitlines() if name in line]
    assert (said.returncode, about_it) == (0, []), said.stderr


def test_the_units_start_the_server_and_the_chores_with_options_they_know() -> None:
    started = {
        line.split()[2]: line.split()[3:]
        for unit in _DOCS.glob("bnhelper-*.service")
        for line in unit.read_text(encoding="utf-8").splitlines()
        if line.startswith("ExecStart=")
    }
    assert _parser().parse_args(started["sync.intake"]).workers == 4
    assert started["sync.intake.admin"] == ["retention", "--days", "365"]
    assert started["sync.intake.deliver"] == ["${BN_INTAKE_EXPORT_URL}"]


def test_the_chore_that_makes_a_site_tells_its_first_password_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BN_INTAKE_FOLDER", str(tmp_path / "site"))
    assert admin.main(["migrate"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["first_officer"]["password"]) >= 12
    assert admin.main(["migrate"]) == 0
    assert "first_officer" not in json.loads(capsys.readouterr().out)
