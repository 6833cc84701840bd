"""What every page of the server shares: templates, headers, language, forms, static files. No script is needed."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

import resources
from bnhelper.clock import PROVINCE_TIME, from_text
from sync.intake.deadlines import NO_DATE, Due, due_of
from sync.intake.officers_rights import Officer, Right, offices
from sync.intake.page_words import LANGUAGES, word, words
from sync.intake.station import Site
from sync.wire.dossiers import WireState

PAGE_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}

#: state -> icon (resources/icons), each with an outline of its own (ux.md 3.7)
_ICONS: Final = {
    "receiving": "arrow_upward",
    "delivered": "cloud_done",
    "accepted": "inventory",
    "in_review": "hourglass_top",
    "needs_info": "warning",
    "approved": "star",
    "rejected": "block",
    "withdrawn": "undo",
    "overdue": "report",
    "soon": "schedule",
    "print": "print",
    "search": "search",
    "help": "help",
}
_STATIC: Final = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "icons.svg": "image/svg+xml",
    "mark.svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Form:
    """A posted form: its texts in order, and the one file that came with it."""

    pairs: Sequence[tuple[str, str]]
    file: tuple[str, bytes] | None = None

    def get(self, name: str) -> str:
        """Return the first text of a field, empty if there is none."""
        return next((value for key, value in self.pairs if key == name), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]


# --- static files ------------------------------------------------------------------------------------------------


@cache
def static_bytes(name: str) -> bytes:
    """Return a static file; the icons in use are gathered into one drawing, each a symbol of its name."""
    if name != "icons.svg":
        return resources.read_bytes(f"intake/{name}")
    symbols = []
    for icon in sorted(set(_ICONS.values())):
        drawn = resources.read_text(f"icons/{icon}.svg")
        box = drawn.partition('viewBox="')[2].partition('"')[0]
        inside = drawn.partition(">")[2].rpartition("</svg>")[0]
        symbols.append(f'<symbol id="{icon}" viewBox="{box}">{inside}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'.encode()


@cache
def _static_url(name: str) -> str:
    return f"/static/{name}?v={hashlib.sha256(static_bytes(name)).hexdigest()[:12]}"


def static(name: str) -> Response:
    """Return one of the pages' own files; its address changes with its content, so it may be kept for good."""
    if name not in _STATIC:
        return Response(status_code=404, headers=PAGE_HEADERS)
    kept = {**PAGE_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(static_bytes(name), media_type=_STATIC[name], headers=kept)


def icon(state: str) -> Markup:
    """Return the drawing that stands before a word; nothing for a state that is plain text."""
    if state not in _ICONS:
        return Markup("")
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>').format(
        _static_url("icons.svg"), _ICONS[state]
    )


# --- pages -------------------------------------------------------------------------------------------------------


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FunctionLoader(lambda name: resources.read_text(f"intake/{name}"))
    made = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(icon=icon, static_url=_static_url, moment=moment)
    return made


def read_all() -> None:
    """Read whatever the pages are made of, now.

    A worker goes on while the next version is put in its program's place: its code breaks on the pages of the other.
    """
    for name in resources.names_under("intake", ".html"):
        _templates().get_template(name)
    for name in _STATIC:
        static_bytes(name)
    for language in LANGUAGES:
        words(language)
    offices()


def language_of(request: Request) -> str:
    """Return the page's language: asked for, remembered, else Vietnamese."""
    asked = request.query_params.get("lang") or request.cookies.get("lang") or "vi"
    return asked if asked in LANGUAGES else "vi"


def page(
    request: Request,
    template: str,
    status: int = 200,
    /,
    *,
    officer: Officer | None = None,
    here: str = "",
    **said: Any,
) -> Response:
    """Render a template. `here` is the address of this page where the request's own is none to go to."""
    language = language_of(request)
    asked = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    address = here or request.url.path
    links = {one: f"{address}?{urlencode([*asked, ('lang', one)])}" for one in LANGUAGES}
    body = (
        _templates()
        .get_template(template)
        .render(
            language=language,
            w=words(language),
            languages=links,
            officer=officer,
            office=office_name(officer.office, language) if officer is not None else "",
            site_name=_name_of(request),
            may={right.value: officer is not None and officer.may(right) for right in Right},
            csrf=csrf_field(officer) if officer is not None else "",
            **said,
        )
    )
    answer = HTMLResponse(body, status, headers=PAGE_HEADERS)
    if request.query_params.get("lang") in LANGUAGES:
        keep(request, answer, "lang", language)
    return answer


def _name_of(request: Request) -> str:
    """Return what the site is called, nothing for one that nobody named: its pages say that it is for trying."""
    app = request.scope.get("app")
    return str(getattr(app.state, "site_name", "")) if app is not None else ""


def told(
    request: Request,
    officer: Officer | None,
    status: int,
    said: str,
    how: str = "",
    *,
    again: Sequence[tuple[str, str]] = (),
) -> Response:
    """Return a page that says one thing; it offers to send a form `again` that could not be done."""
    w, address = words(language_of(request)), request.url.path
    return page(
        request,
        "told.html",
        status,
        officer=officer,
        here="/officer/queue",
        said=w[said],
        how=w.get(how, ""),
        again=again,
        address=address,
        leads_back=address.startswith("/officer"),
    )


def csrf_field(officer: Officer) -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(officer.csrf)


def whole_number(text: str) -> int | None:
    """Return a number out of an address or a form; None for what is none, or larger than any of ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def is_ours(officer: Officer, form: Form) -> bool:
    """Tell whether a form came from one of our own pages in this session."""
    return secrets.compare_digest(officer.csrf.encode(), form.get("csrf").encode())


def keep(request: Request, answer: Response, name: str, value: str) -> None:
    """Set a cookie that scripts cannot read and other sites do not bring along."""
    answer.set_cookie(name, value, httponly=True, samesite="strict", secure=request.url.scheme == "https")


# --- words for values --------------------------------------------------------------------------------------------


def moment(text: str) -> str:
    """Return a stored instant as the province's clock shows it."""
    return from_text(text).astimezone(PROVINCE_TIME).strftime("%H:%M %d/%m/%Y")


def office_name(code: str | None, language: str) -> str:
    known = offices().get(code or "")
    return (code or "") if known is None else known[LANGUAGES.index(language)]


def due_words(site: Site, stored: str | None, state: str, language: str) -> dict[str, str] | None:
    """Return the deadline of a dossier in a state as {kind, text, day}, None where nothing is due any more."""
    if stored is None:
        return None
    w = words(language)
    due = due_of(stored, site.clock.now())
    if due is None or stored == NO_DATE:
        is_asked = state == WireState.NEEDS_INFO.value
        return {"kind": "later", "text": w["due_supplement_none" if is_asked else "due_none"], "day": ""}
    return {"kind": due.kind, "text": _due_text(due, w), "day": due.at.strftime("%H:%M %d/%m/%Y")}


def _due_text(due: Due, w: dict[str, str]) -> str:
    if due.is_past:
        key = {0: "due_past_today", 1: "due_past_one"}.get(due.days, "due_past")
    else:
        key = {0: "due_today", 1: "due_left_one"}.get(due.days, "due_left")
    return w[key].format(days=due.days)


def state_chip(state: str, language: str) -> Markup:
    """Return a status as icon and word."""
    return Markup('<span class="chip {}">{}{}</span>').format(state, icon(state), word("states", state, language))
