"""Invitations, whoever makes them, tell a device the certificate it will meet, and nothing else opens the door."""

import html
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization

from bnhelper.actions.unlock_machine import OpenMachine
from sync.transport.enrolment import ProvinceSilent, enrol
from sync.transport.https import session_for
from sync.transport.lan import make_certificate
from sync.wire.enrolment import Invitation
from tests import factories
from tests.fakes.clock import FixedClock

pytestmark = pytest.mark.net


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """A server with TLS in a process of its own, and the fingerprint of its certificate."""
    own = make_certificate(tmp_path / "tls" / "own.pem", FixedClock().now())
    key = serialization.load_pem_private_key(own.path.read_bytes(), own.password.encode())
    plain = serialization.NoEncryption()
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    (tmp_path / "certificate.pem").write_text(own.pem)
    ready = tmp_path / "ready.json"
    words = ["--port", "0", "--folder", str(tmp_path / "intake"), "--ready-file", str(ready)]
    words += ["--certificate", str(tmp_path / "certificate.pem"), "--key", str(tmp_path / "key.pem")]
    with subprocess.Popen([sys.executable, "-m", "sync.intake", *words], stdout=subprocess.DEVNULL) as process:
        ends = time.monotonic() + 60
        while not ready.exists():
            assert time.monotonic() < ends
            assert process.poll() is None
            time.sleep(0.05)
        yield json.loads(ready.read_text()), own.sha256
        process.terminate()


def _enrol(text: str, machine: OpenMachine) -> str:
    said, _answer = enrol(text, device=machine.profile.device, public_key=machine.signing.public(), name="Đạt")
    return said.certificate_sha256 or ""


def _by_an_officer(site: dict[str, Any], session: requests.Session) -> str:
    def csrf(path: str) -> str:
        found = re.search(r'name="csrf" value="([^"]*)"', session.get(site["url"] + path, verify=False).text)
        assert found is not None
        return found[1]

    session.post(f"{site['url']}/officer/login", {"csrf": csrf("/officer/login"), **site["officer"]}, verify=False)
    page = session.post(
        f"{site['url']}/officer/accounts/devices", {"csrf": csrf("/officer/accounts")}, verify=False
    ).text
    found = re.search(r"BNHELPER1:[^<]*", page)
    assert found is not None
    return html.unescape(found[0])


def test_a_device_invited_on_the_officers_pages_pins_the_certificate_it_meets(
    tmp_path: Path, site: tuple[dict[str, Any], str]
) -> None:
    said, fingerprint = site
    with session_for(fingerprint) as session:
        text = _by_an_officer(said, session)
    invitation = Invitation.from_text(text)
    assert invitation.certificate_sha256 == fingerprint == Invitation.from_text(said["invitation"]).certificate_sha256
    machine = factories.machine(tmp_path / "device")
    # Somebody else's certificate at that address, or none that is vouched for: the door stays shut, the code unspent.
    for pin in ("0" * 64, None):
        with pytest.raises(ProvinceSilent):
            _enrol(invitation.model_copy(update={"certificate_sha256": pin}).to_text(), machine)
    assert _enrol(text, machine) == fingerprint
    machine.close()
