"""Every address of the server has a rule, and the officers' pages keep it: each role, own and foreign office, shut out."""

import datetime as dt
import html
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
import requests
from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError
from starlette.routing import BaseRoute, Mount, Route

import resources
from bnhelper.clock import to_text
from sync.intake import console, deeds, ledger, officers, page_words, visits
from sync.intake.app import make_app
from sync.intake.console_routes import PAGES, PageRoute
from sync.intake.contract import OPERATIONS
from sync.intake.deeds import Deed
from sync.intake.officers_rights import RIGHTS, Officer, Right, Role
from sync.intake.page_words import words
from sync.intake.station import hash_of
from sync.intake.visit_csv import EXAMPLE, homes_of
from tests.sync.conftest import RunningIntake
from tests.sync.intake import test_contract
from tests.sync.intake.test_contract import Client, client

__all__ = ["client"]

#: What anybody may ask, and why.
_OPEN: Final = {
    ("GET", "/t/{token}"): "the look-up behind a receipt's code: throttled, a status and its date",
    ("GET", "/static/{name}"): "the pages' style and script",
    ("GET", "/officer"): "leads to the queue",
    ("GET", "/"): "leads to the queue",
    ("GET", "/v1/catalogue/{kind}/{name}"): "signed packs, as public as the portal",
    ("GET", "/internal/live"): "for operators: the proxy keeps it to itself",
    ("GET", "/internal/ready"): "the same",
    ("GET", "/internal/metrics"): "the same: counts, no names",
}
#: Pages whose handler reads its own body, with the right that each asks for.
_OWN_DOOR: Final = {("POST", "/officer/bundles"): Right.ACT}
_PAGES: Final = (*PAGES, *(PageRoute(path, method, None, right) for (method, path), right in _OWN_DOOR.items()))  # type: ignore[arg-type]

#: The rules are the routes' and not the engines': one back end is enough.
_ONCE: Final = pytest.mark.parametrize("intake", ["embedded"], indirect=True)


def _addresses(routes: list[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    for one in routes:
        if isinstance(one, Mount):
            yield from _addresses(list(one.routes), before + one.path)
        else:
            assert isinstance(one, Route), f"{one}: what is this, and who may ask it?"
            methods = set(one.methods or ())
            yield from ((method, before + one.path) for method in methods - ({"HEAD"} if "GET" in methods else set()))


@_ONCE
def test_every_address_of_the_server_has_a_rule(intake: RunningIntake) -> None:
    ruled = {(one.method, one.path) for one in (*OPERATIONS, *PAGES)} | set(_OPEN) | set(_OWN_DOOR)
    assert set(_addresses(make_app(intake.site).routes)) == ruled, "say who may ask it: an operation, a page, or open"


@dataclass(frozen=True)
class Somebody:
    """A visitor of the pages. `may_come` False: no session, one that is over, or an account that was shut out."""

    name: str
    token: str = ""
    role: Role | None = None
    is_here: bool = True  #: of the office that has the dossier, or of the province
    may_come: bool = True

    def ask(self, url: str, one: PageRoute, path: str, form: dict[str, str]) -> requests.Response:
        headers = {"Cookie": f"bn-officer={self.token}"} if self.token else {}
        return requests.request(
            one.method, url + path, headers=headers, data=form or None, timeout=20, allow_redirects=False
        )


def _everybody(intake: RunningIntake) -> list[Somebody]:
    site = intake.site
    made = [Somebody("nobody", may_come=False)]
    now = site.clock.now()
    accounts: tuple[tuple[str, Role, str | None, dict[str, bool]], ...] = (
        ("here", Role.OFFICER, "09208", {}),
        ("elsewhere", Role.OFFICER, "09226", {"is_here": False}),
        ("province", Role.PROVINCE, "24", {}),
        ("auditor", Role.AUDITOR, None, {}),
        ("revoked", Role.OFFICER, "09208", {"may_come": False}),
        ("over", Role.OFFICER, "09208", {"may_come": False}),
    )
    with site.engine.begin() as db:
        for name, role, office, about in accounts:
            account = {"user": name, "name": name, "password_hash": "x", "role": role.value, "office": office}
            gone = site.now() if name == "revoked" else None
            db.execute(insert(ledger.officers).values(made_at=site.now(), revoked_at=gone, **account))
            ends = to_text(now + dt.timedelta(minutes=-1 if name == "over" else 50))
            session = {"token_hash": hash_of(f"token-of-{name}"), "user": name, "csrf": f"csrf-of-{name}"}
            db.execute(
                insert(ledger.sessions).values(ends_at=ends, latest_at=to_text(now + dt.timedelta(hours=9)), **session)
            )
            made.append(Somebody(name, f"token-of-{name}", role, **about))
    return made


def _path(one: PageRoute, dossier: str, file: str, visits: str) -> str:
    number = "01" if "slips" in one.path else "1"
    said = {"dossier": dossier, "sha256": file, "number": number, "kind": "review", "code": "x" * 32}
    said["visits"] = visits
    return re.sub(r"\{(\w+)\}", lambda found: said[found[1]], one.path)


@pytest.mark.slow
@_ONCE
def test_the_officers_pages_for_every_role_and_office(client: Client, intake: RunningIntake) -> None:
    test_contract.test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    site, dossier = intake.site, str(client.item.dossier)
    people = _everybody(intake)
    deeds.do(site, Officer("here", "Cán bộ", "", Role.OFFICER, "09208"), dossier, 2, Deed("accept"))
    envelope = client.item.envelope.decode()
    (file,) = {one for one in re.findall(r'"sha256":"([0-9a-f]{64})"', envelope) if site.blobs.has(one)}
    homes = homes_of(EXAMPLE, dt.date(2026, 11, 26))
    listed = visits.make(site, unit="09208", hamlet="Thôn Đông", device=None, homes=homes, by="officer:here")
    private = ("NGUYỄN THỊ HOÀ", "TRẦN MINH AN", dossier, "Thôn Đông", listed)
    with site.engine.connect() as db:
        before = db.execute(select(ledger.dossiers)).all(), db.execute(select(ledger.deeds)).all()
    cannot, stale = words("vi")["cannot"], words("vi")["stale"]
    wrong: list[str] = []
    for who in people:
        for one in _PAGES:
            path = _path(one, dossier, file, listed)
            form = (
                {"csrf": "not-this-one", "version": "3", "item": f"{dossier}:3", "note": "x"}
                if one.method == "POST"
                else {}
            )
            said = who.ask(intake.url, one, path, form)
            about = f"{who.name} {one.method} {one.path}: {said.status_code}"
            may_see = who.may_come and who.is_here
            if not may_see and any(word in said.text for word in private):
                wrong.append(f"{about} shows what is private")
            if one.right is None:
                good = said.status_code in {200, 303, 403, 404}
            elif not who.may_come or who.role is None:
                good = said.status_code == (303 if one.method == "GET" else 403) or (
                    one.path == "/officer/bundles" and said.status_code == 303
                )
            elif one.right not in RIGHTS[who.role]:
                good = said.status_code == 403 and cannot in said.text
            elif one.method == "POST":
                good = said.status_code == 403 and stale in said.text
            elif ("{dossier}" in one.path or "{visits}" in one.path) and not who.is_here:
                good = said.status_code == 404
            elif one.path.endswith("/reply"):
                good = said.status_code == 404  # there is no such bundle
            else:
                good = said.status_code == 200 or one.path == "/officer/login"
            if not good:
                wrong.append(about)
    assert not wrong, "\n".join(wrong)
    with site.engine.connect() as db:
        after = db.execute(select(ledger.dossiers)).all(), db.execute(select(ledger.deeds)).all()
        readers = set(db.execute(select(ledger.audit.c.who).where(ledger.audit.c.dossier == dossier)).scalars())
    assert after == before
    assert {"officer:here", "officer:province", "officer:auditor"} <= readers
    assert not readers & {f"officer:{name}" for name in ("elsewhere", "revoked", "over", "nobody")}


@_ONCE
def test_what_was_typed_comes_back_where_the_ledger_is_away(
    client: Client, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser keeps no fields of a page that it must not store; passwords are handed back to nobody."""
    test_contract.test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    dossier = str(client.item.dossier)
    here = next(one for one in _everybody(intake) if one.name == "here")
    acts = next(one for one in PAGES if one.path.endswith("{kind}"))
    form = {"csrf": "csrf-of-here", "version": "2", "papers": "birth_evidence", "note": 'Ảnh "mờ" <xem lại>'}

    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("away"))

    with monkeypatch.context() as hurt:
        hurt.setattr(deeds, "do", away)
        said = here.ask(intake.url, acts, f"/officer/dossiers/{dossier}/supplement", form)
        hurt.setattr(officers, "change_password", away)
        password = next(one for one in PAGES if (one.path, one.method) == ("/officer/password", "POST"))
        secret = {"csrf": "csrf-of-here", "old": "đồng lúa xanh", "new": "đồng lúa chín vàng"}
        refused = here.ask(intake.url, password, password.path, secret)
    assert (said.status_code, said.headers["Retry-After"]) == (503, "10")
    again = {
        html.unescape(name): html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', said.text)
    }
    assert again == form
    assert f'action="/officer/dossiers/{dossier}/supplement"' in said.text
    assert here.ask(intake.url, acts, f"/officer/dossiers/{dossier}/supplement", again).status_code == 303
    assert refused.status_code == 503
    assert "đồng lúa" not in refused.text


@_ONCE
def test_a_worker_needs_no_file_of_the_pages_once_it_began(
    intake: RunningIntake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new version is put in the program's place while workers go on: they must not read its pages."""
    for known in (console._templates, console.static_bytes, page_words._tables, words):
        known.cache_clear()
    make_app(intake.site)

    def of_the_next_version(name: str) -> str:
        raise AssertionError(f"{name} is read only now")

    monkeypatch.setattr(resources, "read_text", of_the_next_version)
    monkeypatch.setattr(resources, "read_bytes", of_the_next_version)
    province = next(one for one in _everybody(intake) if one.name == "province")
    shown = [one for one in PAGES if one.method == "GET" and "{" not in one.path]
    for one in shown:
        assert province.ask(intake.url, one, one.path, {}).status_code in {200, 303}, one.path
    for path in ("/t/x", "/officer/nothing-here", "/officer/join/x"):
        assert requests.get(intake.url + path, timeout=20).status_code == 404
    assert requests.get(f"{intake.url}/static/page.css", timeout=20).status_code == 200
    assert len(shown) > 6


def test_an_officer_of_another_office_can_do_nothing_even_with_a_good_form(
    client: Client, intake: RunningIntake
) -> None:
    test_contract.test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    dossier = str(client.item.dossier)
    (elsewhere,) = [one for one in _everybody(intake) if one.name == "elsewhere"]
    with intake.site.engine.connect() as db:
        before = db.execute(select(ledger.dossiers)).all()
        version = before[0].version
    form = {"csrf": "csrf-of-elsewhere", "version": str(version), "note": "x", "fields": "/data/applicant/full_name"}
    form |= {"deadline": "2027-01-15", "to": "09226:elsewhere", "item": f"{dossier}:{version}"}
    acts = next(one for one in PAGES if one.path.endswith("{kind}"))
    many = next(one for one in PAGES if one.path == "/officer/queue/accept")
    for kind in deeds.DEEDS:
        said = elsewhere.ask(intake.url, acts, f"/officer/dossiers/{dossier}/{kind}", form)
        assert said.status_code in {403, 404}, kind
        assert "NGUYỄN THỊ HOÀ" not in said.text
    assert elsewhere.ask(intake.url, many, many.path, form).status_code in {200, 303, 409}
    queue = next(one for one in PAGES if one.path == "/officer/queue")
    for scope in ("here", "mine", "elsewhere", "all"):
        for words_asked in ("", "hoa", "BN", dossier):
            said = elsewhere.ask(intake.url, queue, f"{queue.path}?scope={scope}&q={words_asked}", {})
            assert said.status_code == 200
            assert f"/officer/dossiers/{dossier}" not in said.text
            assert "NGUYỄN THỊ HOÀ" not in said.text
    with intake.site.engine.connect() as db:
        assert db.execute(select(ledger.dossiers)).all() == before
        assert db.execute(select(ledger.deeds)).all() == []
