"""The virus scanner: what it refuses is kept nowhere, and while it does not answer nothing is let through."""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from sync.intake import deeds, scanning, uploads
from sync.intake.app import make_app
from sync.intake.blobs import BlobsUnavailable
from sync.intake.deeds import Deed
from sync.intake.officers_rights import Officer, Role
from sync.intake.refusals import Refused
from sync.intake.station import Site
from tests.sync.conftest import RunningIntake, served
from tests.sync.intake.test_contract import _PATCH, Client, _code, _login, _meta, client

__all__ = ["client"]
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("intake", ["embedded"], indirect=True)]

_SAYS = "import pathlib, sys, time\nsaid = pathlib.Path(sys.argv[1]).read_text()\nassert pathlib.Path(sys.argv[2]).read_bytes()\n"
_SAYS += "time.sleep(60) if said == 'hangs' else sys.exit(int(said))"


class Scanner:
    """A command whose answer a test decides: 0, 1, 2 or `hangs`."""

    def __init__(self, folder: Path) -> None:
        self._said = folder / "scanner-says"
        self.command = (sys.executable, "-c", _SAYS, str(self._said))
        self.says("0")

    def says(self, what: str) -> None:
        self._said.write_text(what, encoding="utf-8")


@pytest.fixture
def scanner(tmp_path: Path) -> Scanner:
    return Scanner(tmp_path)


@pytest.fixture
def scanned(intake: RunningIntake, client: Client, scanner: Scanner) -> Iterator[tuple[Client, Site]]:
    """The same site, served with a scanner."""
    site = replace(intake.site, scanner=scanner.command)
    with served(make_app(site)) as url:
        yield replace(client, url=url), site


def _spool(site: Site) -> list[str]:
    return sorted(path.name for path in site.spool.path(".").iterdir() if path.is_file() and path.name != "locks")


def test_what_the_scanner_says_of_a_photo(
    scanned: tuple[Client, Site], scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, site = scanned
    client.put()
    sha256 = hashlib.sha256(client.photo).hexdigest()

    def bring() -> requests.Response:
        made = client.call("POST", "/v1/blobs", **_meta(sha256), **{"Upload-Length": str(len(client.photo))})
        assert made.headers["Upload-Offset"] == "0"
        return client.call("PATCH", made.headers["Location"], client.photo, **_PATCH, **{"Upload-Offset": "0"})

    scanner.says("1")
    assert _code(bring()) == (415, "unsupported-media")
    assert (_spool(site), site.blobs.has(sha256)) == ([], False)
    for away in ("2", "hangs", "3"):
        if away == "hangs":
            monkeypatch.setattr(scanning, "_LONGEST_S", 0.5)
        scanner.says(away)
        where = client.call("POST", "/v1/blobs", **_meta(sha256), **{"Upload-Length": str(len(client.photo))}).headers
        if where["Upload-Offset"] == "0":
            said = client.call("PATCH", where["Location"], client.photo, **_PATCH, **{"Upload-Offset": "0"})
        else:
            said = client.call("HEAD", where["Location"])
        assert said.status_code == 503
        assert int(said.headers["Retry-After"]) > 0
        assert len(_spool(site)) == 1, "what arrived is kept"
        assert not site.blobs.has(sha256)
        assert client.put().json()["state"] == "receiving"
        monkeypatch.undo()
    scanner.says("0")
    assert client.call("HEAD", where["Location"]).status_code == 200, "and is not sent again"
    assert client.put().json()["state"] == "delivered"
    assert _spool(site) == []


def test_files_of_a_stick_and_results_are_scanned_too(
    scanned: tuple[Client, Site], scanner: Scanner, intake: RunningIntake
) -> None:
    client, site = scanned
    photo, sha256 = client.photo, hashlib.sha256(client.photo).hexdigest()
    client.put()
    device = client.machine.profile.device

    def by_stick() -> None:
        uploads.bring(site, device, sha256, len(photo), [photo])

    scanner.says("1")
    with pytest.raises(Refused) as no:
        by_stick()
    assert no.value.problem.status == 415
    scanner.says("2")
    with pytest.raises(BlobsUnavailable):
        by_stick()
    assert (_spool(site), site.blobs.has(sha256)) == ([], False)
    scanner.says("0")
    by_stick()
    officer = Officer("canbo", "Cán bộ", "", Role.PROVINCE, "24")
    deeds.do(site, officer, str(client.item.dossier), 2, Deed("accept"))
    browser, _ = _login(replace(intake, url=client.url), intake.officer.password)
    url = f"{client.url}/officer/dossiers/{client.item.dossier}"
    page = browser.get(url, timeout=10).text
    form = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf", "version", "revision")}
    pdf = b"%PDF-1.7 a result %%EOF"
    for says, status, words in (("1", 422, "diệt vi-rút chặn tệp này"), ("2", 503, "chưa nhận tệp")):
        scanner.says(says)
        said = browser.post(f"{url}/result", form, files={"result": ("kq.pdf", pdf)}, timeout=20)
        assert said.status_code == status
        assert words in said.text
        assert (_spool(site), site.blobs.has(hashlib.sha256(pdf).hexdigest())) == ([], False)
    scanner.says("0")
    assert browser.post(f"{url}/result", form, files={"result": ("kq.pdf", pdf)}, timeout=20).status_code == 200
    assert site.blobs.read(hashlib.sha256(pdf).hexdigest()) == pdf
