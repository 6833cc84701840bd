"""The officer's pages and the public look-up page: server-rendered, no script needed."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

import resources
from bnhelper.catalogue.pack import UnknownProcedure
from bnhelper.catalogue.units import units
from bnhelper.clock import PROVINCE_TIME, from_text
from bnhelper.domain.attachments import PhotoIsNoImage, PhotoTooLarge, media_type_of
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.questions import sections
from bnhelper.forms.submission import read_xml
from bnhelper.vault.canonical import sha256_of
from sync.intake import ledger, officers
from sync.intake.officers import ACTS, NotNow, Officer
from sync.intake.page_words import (
    BUNDLE_CODES,
    GIVERS,
    LANGUAGES,
    PURPOSES,
    STATES,
    look_up_words,
    resident_state,
    state_word,
    word,
    words,
)
from sync.intake.station import Site, hash_of
from sync.wire.courier import BundleStatus
from sync.wire.dossiers import Envelope, WireState

_COOKIE = "bn-officer"
_CSRF = "bn-login"
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FunctionLoader(lambda name: resources.read_text(f"intake/{name}"))
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)


def _language(request: Request) -> str:
    asked = request.query_params.get("lang") or request.cookies.get("lang") or "vi"
    return asked if asked in LANGUAGES else "vi"


def _page(request: Request, name: str, status: int = 200, *, officer: Officer | None = None, **said: Any) -> Response:
    language = _language(request)
    body = _templates().get_template(name).render(language=language, w=words(language), officer=officer, **said)
    answer = HTMLResponse(body, status, headers=PAGE_HEADERS)
    if request.query_params.get("lang") in LANGUAGES:
        answer.set_cookie("lang", language, httponly=True, samesite="lax")
    return answer


def _since(text: str) -> str:
    return from_text(text).astimezone(PROVINCE_TIME).strftime("%H:%M %d/%m/%Y")


def style() -> Response:
    return Response(
        resources.read_bytes("intake/page.css"), media_type="text/css", headers={"Cache-Control": "max-age=3600"}
    )


# --- log in ----------------------------------------------------------------------------------------------------


def officer_of(site: Site, request: Request) -> Officer | None:
    return officers.officer_of(site, request.cookies.get(_COOKIE, ""))


def login_page(request: Request, *, is_wrong: bool = False) -> Response:
    """Show the log-in form; its token is bound to a cookie, since there is no session to bind it to yet."""
    csrf = secrets.token_urlsafe(24)
    answer = _page(request, "login.html", 403 if is_wrong else 200, csrf=csrf, wrong=is_wrong)
    answer.set_cookie(_CSRF, csrf, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return answer


def login(site: Site, request: Request, form: Mapping[str, Any]) -> Response:
    csrf = request.cookies.get(_CSRF, "")
    if not csrf or not secrets.compare_digest(csrf, str(form.get("csrf", ""))):
        return login_page(request, is_wrong=True)
    token = officers.log_in(site, str(form.get("user", ""))[:80], str(form.get("password", ""))[:200])
    if token is None:
        return login_page(request, is_wrong=True)
    answer = RedirectResponse("/officer/queue", 303)
    answer.set_cookie(_COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    answer.delete_cookie(_CSRF)
    return answer


def logout(site: Site, request: Request) -> Response:
    officers.log_out(site, request.cookies.get(_COOKIE, ""))
    answer = RedirectResponse("/officer/login", 303)
    answer.delete_cookie(_COOKIE)
    return answer


# --- queue and dossier ---------------------------------------------------------------------------------------


def queue_page(site: Site, request: Request, officer: Officer) -> Response:
    language = _language(request)
    state = request.query_params.get("state", "")
    state = state if state in STATES else ""
    pack = site.library.newest
    units = _units()
    rows = []
    for row in officers.queue(site, state):
        title = pack.procedure(row.procedure).name(language) if pack.has(row.procedure) else row.procedure
        rows.append(
            {
                "id": row.id,
                "number": row.office_number or row.readable_code,
                "title": title,
                "state": row.state,
                "state_word": state_word(row.state, language),
                "unit": units.get(row.unit or "", row.unit or ""),
                "since": _since(row.changed_at),
            }
        )
    shown = [(key, state_word(key, language)) for key in STATES if key != "receiving"]
    return _page(request, "queue.html", officer=officer, rows=rows, states=shown, state=state)


@cache
def _units() -> dict[str, str]:
    return {one.code: one.name for one in units()}


def dossier_page(site: Site, request: Request, officer: Officer, dossier: str, *, trouble: str = "") -> Response:
    """Show one dossier in its form's own labels and sections, photos beside the answers."""
    language = _language(request)
    row = officers.dossier_row(site, officer, dossier)
    body = officers.envelope_bytes(site, dossier)
    if row is None or body is None:
        return _page(request, "lookup.html", 404, officer=officer, said="")
    envelope = Envelope.read(body)
    said = words(language)
    may = {deed: WireState(row.state) in states for deed, states in ACTS.items()}
    first = next((deed for deed in ("accept", "review", "result", "returned") if may[deed]), "")
    hidden = Markup(
        '<input type="hidden" name="csrf" value="{}"><input type="hidden" name="version" value="{}">'
    ).format(officer.csrf, row.version)
    title, parts, names = _answers(site, envelope, language)
    asked = officers.request_of(row)
    return _page(
        request,
        "dossier.html",
        409 if trouble == said["conflict"] else 200,
        officer=officer,
        id=dossier,
        title=title,
        number=row.office_number or "",
        readable_code=row.readable_code,
        revision=row.revision,
        author=envelope.author,
        since=_since(row.changed_at),
        state=row.state,
        state_word=state_word(row.state, language),
        trouble=trouble,
        asked=asked if row.state == WireState.NEEDS_INFO.value else {},
        sections=parts,
        papers=[
            {
                "id": paper.paper,
                "name": names.get(paper.paper, paper.paper),
                "shown": paper.shown,
                "files": [
                    {"sha256": file.sha256, "is_image": file.media_type.startswith("image/")} for file in paper.files
                ],
            }
            for paper in envelope.papers
        ]
        + [
            {"id": paper, "name": name, "shown": False, "files": []}
            for paper, name in names.items()
            if paper not in {one.paper for one in envelope.papers}
        ],
        consents=[
            {
                "purpose": word(PURPOSES, one.purpose, language),
                "given_by": " ".join(
                    part for part in (word(GIVERS, one.given_by, language), one.representative) if part
                ),
                "given_at": one.given_at.astimezone(PROVINCE_TIME).strftime("%H:%M %d/%m/%Y"),
            }
            for one in envelope.consents
        ],
        sha256=sha256_of(body),
        may=may,
        first=first,
        hidden=hidden,
        deadline=(site.clock.now().astimezone(PROVINCE_TIME) + dt.timedelta(days=7)).date().isoformat(),
    )


def _answers(site: Site, envelope: Envelope, language: str) -> tuple[str, list[dict[str, Any]], dict[str, str]]:
    """Return title, sections of (label, value), and the names of the papers this case may need."""
    answers = read_xml(envelope.instance)[2]
    pack = site.library.pack_or_newest(envelope.pack.version)
    try:
        form, title = pack.form(envelope.procedure), pack.procedure(envelope.procedure).name(language)
    except UnknownProcedure:
        plain = [{"path": path, "label": path, "value": value} for path, value in answers.items() if value]
        return envelope.procedure, [{"title": "", "answers": plain}], {}
    instance = FormInstance(form, today=lambda: site.clock.now().astimezone(PROVINCE_TIME).date())
    instance.restore(read_xml(envelope.instance, form)[2])
    parts = []
    for part in sections(instance, language):
        shown = []
        for question in part.questions():
            value = next(
                (choice.label for choice in question.choices if choice.value == question.value), question.value
            )
            if question.appearance.startswith("bn-date"):
                value = "/".join(reversed(value.split("-")))
            shown.append({"path": question.path, "label": question.label, "value": value})
        parts.append({"title": part.title, "answers": shown})
    names = {
        path.rpartition("/")[2]: form.controls[path].label.in_language(language)
        for path in form.under("/data/documents")
        if instance.is_relevant(path) and form.mark(path, "kind") in {"submit", "form", "present"}
    }
    return title, parts, names


def act(site: Site, request: Request, officer: Officer, dossier: str, deed: str, form: Any) -> Response:
    """Do what a form asks. The token proves that it came from our own page."""
    said = words(_language(request))
    if not secrets.compare_digest(officer.csrf, str(form.get("csrf", ""))):
        return login_page(request, is_wrong=True)
    note = str(form.get("note", "")).strip()[:4000]
    fields = [str(one) for one in form.getlist("fields")][:300]
    papers = [str(one) for one in form.getlist("papers")][:100]
    deadline, result = None, None
    if deed == "supplement" and (not note or not (fields or papers)):
        return dossier_page(site, request, officer, dossier, trouble=said["nothing_ticked"])
    if deed == "reject" and not note:
        return dossier_page(site, request, officer, dossier, trouble=said["no_reason"])
    if deed == "supplement" and form.get("deadline"):
        try:
            day = dt.date.fromisoformat(str(form["deadline"]))
            deadline = dt.datetime.combine(day, dt.time(17), PROVINCE_TIME)
        except ValueError:
            deadline = None
    if deed == "result":
        content = form.get("content") or b""
        try:
            is_pdf = media_type_of(content) == "application/pdf"
        except (PhotoIsNoImage, PhotoTooLarge):
            is_pdf = False
        if not is_pdf:
            return dossier_page(site, request, officer, dossier, trouble=said["no_pdf"])
        result = (str(form.get("filename") or "ket-qua.pdf"), "application/pdf", content)
    try:
        version = int(str(form.get("version", "0")))
        officers.act(
            site,
            officer,
            dossier,
            deed,
            version,
            note=note,
            fields=fields,
            papers=papers,
            deadline=deadline,
            result=result,
        )
    except (NotNow, ValueError):
        return dossier_page(site, request, officer, dossier, trouble=said["conflict"])
    return RedirectResponse(f"/officer/dossiers/{dossier}", 303)


def file_answer(site: Site, officer: Officer, dossier: str, sha256: str) -> Response:
    """Return one file of a dossier to an officer; the hash must be one of that dossier's."""
    with site.engine.begin() as db:
        row = db.execute(
            select(ledger.files.c.media_type).where(ledger.files.c.dossier == dossier, ledger.files.c.sha256 == sha256)
        ).first()
        ledger.note(db, at=site.now(), who=f"officer:{officer.user}", what="read-file", dossier=dossier)
    if row is None or not site.blobs.has(sha256):
        return Response(status_code=404, headers=PAGE_HEADERS)
    kind = (
        row.media_type
        if row.media_type in {"image/jpeg", "image/png", "image/webp", "application/pdf"}
        else "application/octet-stream"
    )
    return Response(site.blobs.read(sha256), media_type=kind, headers=PAGE_HEADERS)


def bundles_page(
    request: Request,
    officer: Officer,
    taken: Sequence[BundleStatus],
    recent: Sequence[BundleStatus],
    trouble: str,
    status: int,
) -> Response:
    """Show what came on sticks, just now and before, and take more."""
    language = _language(request)
    said = words(language)
    codes = {one.code for one in [*taken, *recent] if one.code}
    return _page(
        request,
        "bundles.html",
        status,
        officer=officer,
        taken=taken,
        recent=[one for one in recent if one.sha256 not in {new.sha256 for new in taken}],
        trouble=said[trouble] if trouble else "",
        codes={code: word(BUNDLE_CODES, code, language) for code in codes},
    )


# --- look-up ---------------------------------------------------------------------------------------------------


def look_up_page(site: Site, request: Request, token: str) -> Response:
    """Show a dossier's status to whoever holds the slip: plain words and a date, nothing else."""
    language = _language(request)
    with site.engine.connect() as db:
        row = db.execute(select(ledger.dossiers).where(ledger.dossiers.c.look_up_hash == hash_of(token))).first()
    if row is None:
        return _page(request, "lookup.html", 404, said="")
    return _page(
        request,
        "lookup.html",
        said=look_up_words(row.state, language),
        state=row.state,
        state_word=resident_state(row.state, language),
        since=_since(row.changed_at),
    )
