"""Who saw or did what is written down, by name, whichever way they came: the pages, the interface, the commands."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import select

import sync.intake
from bnhelper.clock import SystemClock
from bnhelper.ids import uuid7
from bnhelper.vault.signatures import SigningKey
from sync.intake import identity, ledger, retention, visits
from sync.intake.console_routes import PAGES
from sync.intake.contract import OPERATIONS
from sync.intake.page_words import words
from sync.intake.roles import CARRIERS, DEVICE_ROLES, ENROLLED, SYSTEMS, Role
from sync.intake.station import hash_of
from sync.intake.visit_csv import EXAMPLE, homes_of
from sync.wire.enrolment import EnrolmentRequest, Invitation
from tests.sync.conftest import RunningIntake
from tests.sync.intake.test_contract import Client, _login, client, test_an_upload_by_tus_ends_in_a_signed_receipt

__all__ = ["client"]

#: Every page that shows something -> what the audit says of it; None for one that shows nothing of anybody.
_SHOWN = {
    "/officer/login": None,
    "/officer/join/{code}": None,
    "/officer/password": None,
    "/officer/help": None,
    "/officer/bundles": None,  # hashes and counts
    "/officer/bundles/{sha256}/reply": None,  # sealed to the machine that made the bundle
    "/officer/queue": "listed",
    "/officer/dossiers/{dossier}": "read",
    "/officer/dossiers/{dossier}/print": "print",
    "/officer/dossiers/{dossier}/slips/{number}": "slip-01",
    "/officer/dossiers/{dossier}/envelope": "read-envelope",
    "/officer/dossiers/{dossier}/photos/{number}": "read",
    "/officer/dossiers/{dossier}/files/{sha256}": "read-file",
    "/officer/accounts": "listed-devices",
    "/officer/audit": "read-audit",
    "/officer/visits": "listed-devices",  # hamlets and counts, and whom a list can be for
    "/officer/visits/{visits}": "read-visits",
}
#: The same of the interface, for those who read what is not their own.
_READ = {
    "/v1/devices": "listed-devices",
    "/v1/dossiers/{dossier}/envelope": "read",
    "/v1/audit": "read-audit",
}


class Lines:
    """The audit's lines that came since the last look."""

    def __init__(self, intake: RunningIntake) -> None:
        self._intake, self._last = intake, 0
        self.new()

    def new(self) -> list[tuple[str, str, str | None]]:
        one = ledger.audit.c
        with self._intake.site.engine.connect() as db:
            rows = db.execute(select(ledger.audit).where(one.id > self._last).order_by(one.id)).all()
        self._last = max([self._last, *(row.id for row in rows)])
        return [(row.who, row.what, row.dossier) for row in rows]


def test_every_page_that_shows_somebody_leaves_one_line(client: Client, intake: RunningIntake) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    dossier = str(client.item.dossier)
    browser, _ = _login(intake, intake.officer.password)
    page = browser.get(f"{intake.url}/officer/dossiers/{dossier}", timeout=10).text
    hidden = dict(re.findall(r'name="(csrf|version)" value="([^"]*)"', page))
    assert browser.post(f"{intake.url}/officer/dossiers/{dossier}/accept", hidden, timeout=10).status_code == 200
    photo = re.search(rf"/officer/dossiers/{dossier}/files/([0-9a-f]{{64}})", page)
    assert photo is not None
    homes = homes_of(EXAMPLE, intake.clock.now().date())
    list_id = visits.make(intake.site, unit="09208", hamlet="Thôn Đông", device=None, homes=homes, by="officer:one")
    pages = [one for one in PAGES if one.method == "GET"]
    assert {one.path for one in pages} == set(_SHOWN), "say what the audit says of a new page"
    lines = Lines(intake)
    for one in pages:
        path = one.path.replace("{dossier}", dossier).replace("{sha256}", photo[1]).replace("{code}", "x" * 32)
        path = path.replace("{number}", "01" if "slips" in path else "1").replace("{visits}", list_id)
        answer = browser.get(intake.url + path, timeout=20, allow_redirects=False)
        wanted = _SHOWN[one.path]
        assert wanted is None or answer.status_code == 200, path
        of = dossier if "{dossier}" in one.path else list_id if "{visits}" in one.path else None
        assert lines.new() == ([(f"officer:{intake.officer.user}", wanted, of)] if wanted else []), path
    with intake.site.engine.connect() as db:
        assert "TRẦN" not in str(db.execute(select(ledger.audit)).all()), "codes and ids, never contents"


@pytest.mark.parametrize(
    ("asked", "kind"),
    [("Nguyễn Thị Hoà", "name"), ("0002", "id"), ("BN-7K4-M2P", "code"), ("H05.27-261124-0001", "code")],
)
def test_a_search_is_written_down_by_its_kind_and_a_mark(asked: str, kind: str, intake: RunningIntake) -> None:
    browser, _ = _login(intake, intake.officer.password)
    lines = Lines(intake)
    for words_asked in (asked, asked, "Trần Văn Đức"):
        browser.get(f"{intake.url}/officer/queue", params={"q": words_asked}, timeout=10)
    (_, first, _), (_, again, _), (_, other, _) = lines.new()
    assert first.startswith(f"search-{kind}:")
    assert first == again != other, "the same search can be told from another"
    assert asked not in first
    assert "Nguyễn" not in first


def _bearer(intake: RunningIntake, role: Role, unit: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {identity.make_bearer(intake.site, 'somebody', role, unit)}"}


def test_every_read_over_the_interface_leaves_one_line(client: Client, intake: RunningIntake) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    dossier = str(client.item.dossier)
    for_others = {
        one.path
        for one in OPERATIONS
        if one.method == "GET" and one.who is not None and not one.who <= CARRIERS | ENROLLED | SYSTEMS
    }
    assert for_others == set(_READ), "say what the audit says of a new one"
    headers = _bearer(intake, Role.PROVINCIAL_OFFICER, None)
    lines = Lines(intake)
    for path, wanted in _READ.items():
        asked = requests.get(intake.url + path.replace("{dossier}", dossier), headers=headers, timeout=20)
        assert asked.status_code == 200, path
        of = dossier if "{dossier}" in path else None
        assert lines.new() == [("provincial_officer:somebody", wanted, of)], path


def _enrol(intake: RunningIntake, code: str) -> str:
    device = uuid7(SystemClock().now())
    asked = EnrolmentRequest(code=code, device=device, public_key=SigningKey.generate().public(), name="Máy")
    identity.enrol(intake.site, asked)
    return device


@pytest.mark.parametrize("role", sorted(DEVICE_ROLES))
def test_the_page_invites_a_device_for_a_role_and_a_unit_and_says_who_did(role: Role, intake: RunningIntake) -> None:
    browser, home = _login(intake, intake.officer.password)
    lines = Lines(intake)
    csrf = re.findall(r'name="csrf" value="([^"]+)"', home.text)[0]
    form: dict[str, Any] = {"csrf": csrf, "role": role.value, "unit": "09208"}
    shown = browser.post(f"{intake.url}/officer/accounts/devices", form, timeout=20)
    text = re.search(r"<code>([^<]+)</code>", shown.text)
    assert text is not None
    who = f"officer:{intake.officer.user}"
    assert (who, "invited-device:09208", None) in lines.new()
    device = _enrol(intake, Invitation.from_text(html.unescape(text[1])).code)
    with intake.site.engine.connect() as db:
        row = db.execute(select(ledger.devices).where(ledger.devices.c.id == device)).one()
    assert (row.role, row.unit) == (role.value, "09208")
    lines.new()
    gone = browser.post(f"{intake.url}/officer/accounts/devices/revoke", {"csrf": csrf, "device": device}, timeout=20)
    assert gone.status_code == 200
    assert (who, f"revoked:{device}", None) in lines.new()


def test_a_leader_without_a_unit_is_not_invited(intake: RunningIntake) -> None:
    browser, home = _login(intake, intake.officer.password)
    csrf = re.findall(r'name="csrf" value="([^"]+)"', home.text)[0]
    form = {"csrf": csrf, "role": "team_leader", "unit": ""}
    refused = browser.post(f"{intake.url}/officer/accounts/devices", form, timeout=20)
    assert refused.status_code == 422
    assert words("vi")["bad_leader"] in refused.text
    with intake.site.engine.connect() as db:
        assert db.execute(select(ledger.invitations)).all() == []


def test_an_invitation_and_a_revocation_over_the_interface_say_who(intake: RunningIntake) -> None:
    headers = _bearer(intake, Role.PROVINCIAL_OFFICER, None)
    lines = Lines(intake)
    made = requests.post(
        f"{intake.url}/v1/invitations", json={"role": "volunteer", "unit": "09208"}, headers=headers, timeout=20
    )
    assert made.status_code == 201
    device = _enrol(intake, made.json()["code"])
    assert lines.new()[0] == ("provincial_officer:somebody", "invited-device:09208", None)
    with intake.site.engine.connect() as db:
        kept = db.execute(select(ledger.invitations.c.code_hash)).scalars().all()
    assert kept == [hash_of(made.json()["code"])]
    shut = requests.put(f"{intake.url}/v1/devices/{device}/revocation", headers=headers, timeout=20)
    assert shut.status_code == 204
    assert lines.new() == [("provincial_officer:somebody", f"revoked:{device}", None)]


def test_a_provincial_officer_holds_a_dossier_on_its_page(client: Client, intake: RunningIntake) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    dossier, site = str(client.item.dossier), intake.site
    browser, home = _login(intake, intake.officer.password)
    csrf = re.findall(r'name="csrf" value="([^"]+)"', home.text)[0]
    url = f"{intake.url}/officer/dossiers/{dossier}"
    assert browser.post(f"{url}/hold", {"csrf": csrf, "note": " "}, timeout=20).status_code == 422
    assert retention.held(site, dossier) is None
    lines, who = Lines(intake), f"officer:{intake.officer.user}"
    shown = browser.post(f"{url}/hold", {"csrf": csrf, "note": "vụ án 12/2026"}, timeout=20)
    assert "vụ án 12/2026" in shown.text
    assert (who, "held", dossier) in lines.new()
    held = retention.held(site, dossier)
    assert held is not None
    assert (held.reason, held.by) == ("vụ án 12/2026", who)
    again = browser.post(f"{url}/release", {"csrf": csrf}, timeout=20)
    assert "vụ án" not in again.text
    assert (who, "released", dossier) in lines.new()
    unknown = "01936f00-0000-7000-8000-00000000000a"
    missing = browser.post(f"{intake.url}/officer/dossiers/{unknown}/hold", {"csrf": csrf, "note": "x"}, timeout=20)
    assert missing.status_code == 404


def test_the_audit_page_has_a_word_for_whatever_is_written_down() -> None:
    written = set()
    for file in Path(sync.intake.__file__).parent.glob("*.py"):
        for said in re.findall(r'\bwhat=f?"([^"]*)"', file.read_text(encoding="utf-8")):
            written.add(said.partition(":")[0])
    known = set(words("vi", "audit_words"))
    open_ended = {one for one in written if "{" in one}
    assert written - open_ended <= known, written - open_ended - known
    for one in open_ended:
        start = one.partition("{")[0]
        assert any(word.startswith(start) or word == start.rstrip("-") for word in known), one
