"""Every address of the officers' pages, with the right that it asks for: one table, which the tests walk."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sync.intake import (
    console_accounts,
    console_bundles,
    console_dossier,
    console_hold,
    console_login,
    console_queue,
    console_slips,
    console_visits,
    lookup,
)
from sync.intake.console import Form, is_ours, static, told
from sync.intake.limits import Buckets, network_of
from sync.intake.officers_rights import Officer, Right
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.version import MAX_BLOB_BYTES

_MOST_FIELDS: Final = 600
_TRIES: Final = (0.5, 20.0)  #: a second and at most at once, of one network
_MOST_FORM: Final = 1_000_000  #: bytes of a form without its file
Handler = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class PageRoute:
    """One address. `right` None: anybody may come, since the page itself is the door."""

    path: str
    method: str
    handler: Handler
    right: Right | None
    has_file: bool = False
    is_throttled: bool = False  #: a code alone lets in here: so many tries of a network, and no more


PAGES: Final = (
    PageRoute("/officer/login", "GET", console_login.show_login, None),
    PageRoute("/officer/login", "POST", console_login.log_in, None),
    PageRoute("/officer/join/{code}", "GET", console_login.show_join, None, is_throttled=True),
    PageRoute("/officer/join/{code}", "POST", console_login.join, None, is_throttled=True),
    PageRoute("/officer/logout", "POST", console_login.log_out, Right.READ),
    PageRoute("/officer/password", "GET", console_login.show_password, Right.READ),
    PageRoute("/officer/password", "POST", console_login.change_password, Right.READ),
    PageRoute("/officer/help", "GET", console_accounts.show_help, Right.READ),
    PageRoute("/officer/queue", "GET", console_queue.show_queue, Right.READ),
    PageRoute("/officer/queue/accept", "POST", console_queue.accept_many, Right.ACT),
    PageRoute("/officer/dossiers/{dossier}", "GET", console_dossier.show, Right.READ),
    PageRoute("/officer/dossiers/{dossier}/print", "GET", console_dossier.printed, Right.READ),
    PageRoute("/officer/dossiers/{dossier}/slips/{number}", "GET", console_slips.show, Right.ACT),
    PageRoute("/officer/dossiers/{dossier}/envelope", "GET", console_dossier.envelope, Right.READ),
    PageRoute("/officer/dossiers/{dossier}/photos/{number}", "GET", console_dossier.photo, Right.READ),
    PageRoute("/officer/dossiers/{dossier}/files/{sha256}", "GET", console_dossier.file, Right.READ),
    PageRoute("/officer/dossiers/{dossier}/hold", "POST", console_hold.hold, Right.ADMINISTER),
    PageRoute("/officer/dossiers/{dossier}/release", "POST", console_hold.release, Right.ADMINISTER),
    PageRoute("/officer/dossiers/{dossier}/{kind}", "POST", console_dossier.act, Right.ACT, has_file=True),
    PageRoute("/officer/accounts", "GET", console_accounts.show_accounts, Right.ADMINISTER),
    PageRoute("/officer/accounts/officers", "POST", console_accounts.invite_officer, Right.ADMINISTER),
    PageRoute("/officer/accounts/officers/revoke", "POST", console_accounts.revoke_officer, Right.ADMINISTER),
    PageRoute("/officer/accounts/devices", "POST", console_accounts.invite_device, Right.ADMINISTER),
    PageRoute("/officer/accounts/devices/revoke", "POST", console_accounts.revoke_device, Right.ADMINISTER),
    PageRoute("/officer/bundles", "GET", console_bundles.show, Right.ACT),
    PageRoute("/officer/bundles/{sha256}/reply", "GET", console_bundles.reply, Right.ACT),
    PageRoute("/officer/visits", "GET", console_visits.show, Right.READ),
    PageRoute("/officer/visits", "POST", console_visits.make, Right.ACT, has_file=True),
    PageRoute("/officer/visits/{visits}", "GET", console_visits.show_list, Right.READ),
    PageRoute("/officer/visits/{visits}/withdraw", "POST", console_visits.withdraw, Right.ACT),
    PageRoute("/officer/audit", "GET", console_accounts.show_audit, Right.AUDIT),
)


def routes(site: Site) -> list[Route]:
    """Return the routes of the officers' pages and of the public look-up."""
    throttle = lookup.Throttle(time.monotonic)
    tries = Buckets(*_TRIES, key=site.secret(), shared=site.counted and site.counted / "tries")

    async def look_up(request: Request) -> Response:
        address = _address(request)
        if not throttle.allows(address) or not await run_in_threadpool(lookup.allowed_by_all, site, address):
            return lookup.wait(request)
        return await run_in_threadpool(lookup.look_up, site, request, request.path_params["token"])

    async def static_file(request: Request) -> Response:
        return static(request.path_params["name"])

    async def to_queue(_request: Request) -> Response:
        return RedirectResponse("/officer/queue", 303)

    return [
        *(Route(one.path, _endpoint(site, one, tries), methods=[one.method]) for one in PAGES),
        Route("/t/{token}", look_up, methods=["GET"]),
        Route("/static/{name}", static_file, methods=["GET"]),
        Route("/officer", to_queue, methods=["GET"]),
        Route("/", to_queue, methods=["GET"]),
    ]


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _endpoint(site: Site, one: PageRoute, tries: Buckets) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        if one.is_throttled:
            try:
                tries.spend(network_of(_address(request)))
            except Refused:
                return lookup.wait(request, "tries_wait")
        if one.method != "POST":
            return await run_in_threadpool(_answer, site, one, request, Form(()))
        turned_away = await run_in_threadpool(_before_reading, site, one, request)
        if turned_away is not None:
            return turned_away
        form = await _form(request, has_file=one.has_file)
        request.state.typed = (
            form.pairs
        )  # for who is told to press again: a page that must not be kept loses its fields
        return await run_in_threadpool(_answer, site, one, request, form)

    return answer


def _before_reading(site: Site, one: PageRoute, request: Request) -> Response | None:
    """Turn a form away before a byte of it is read: from another site, too large, or with a file of a stranger.

    Whoever had a session here until lately may send as much as with it: what they typed waits behind the log-in.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return told(request, None, 403, "stale")
    officer = console_login.officer_of(site, request)
    if officer is not None and one.right is not None and not officer.may(one.right):
        return told(request, officer, 403, "cannot", "cannot_how")
    is_known = officer is not None or console_login.had_session(site, request)
    most = _MOST_FORM + (MAX_BLOB_BYTES if one.has_file and is_known else 0)
    said = request.headers.get("content-length", "")
    if not said.isascii() or not said.isdigit():  # browsers always say how long a form is
        return told(request, officer, 411, "form_too_large", "form_too_large_how")
    if len(said) > 12 or int(said) > most:
        return told(request, officer, 413, "form_too_large", "form_too_large_how")
    return None


def _answer(site: Site, one: PageRoute, request: Request, form: Form) -> Response:
    """Let a request in, or say why not: no session, no right, an old page."""
    officer: Officer | None = console_login.officer_of(site, request)
    if one.right is None:
        return one.handler(site, request, officer, form, **request.path_params)
    if officer is None and one.method == "POST":
        return console_login.ask_again(site, request, form)
    if officer is None:
        where = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        return RedirectResponse(f"/officer/login?{urlencode({'next': where})}", 303)
    if not officer.may(one.right):
        return told(request, officer, 403, "cannot", "cannot_how")
    if one.method == "POST" and not is_ours(officer, form):
        return told(request, officer, 403, "stale")
    return one.handler(site, request, officer, form, **request.path_params)


async def _form(request: Request, *, has_file: bool) -> Form:
    """Read a posted form, bounded: texts, and one file where the page takes one."""
    posted = await request.form(max_files=int(has_file), max_fields=_MOST_FIELDS, max_part_size=_MOST_FORM)
    pairs, file = [], None
    for name, value in posted.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                file = (value.filename[:200], await value.read(MAX_BLOB_BYTES + 1))
        else:
            pairs.append((name, value.replace("\x00", "")))  # which PostgreSQL holds in no text
    await posted.close()
    return Form(tuple(pairs), file)
