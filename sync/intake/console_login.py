"""Log in and out, take up an account, change a password; what was typed outlives the session it was typed in."""

import json
import re
import secrets
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.intake import officers, officers_accounts
from sync.intake.console import Form, keep, language_of, page
from sync.intake.officers_rights import Officer
from sync.intake.page_words import words
from sync.intake.station import Site

COOKIE: Final = "bn-officer"
_CSRF: Final = "bn-login"
_WHERE: Final = re.compile(r"/officer/[A-Za-z0-9/_.-]{1,120}(\?[A-Za-z0-9=&%_.:-]{0,300})?")
_MOST_KEPT: Final = 60_000


def officer_of(site: Site, request: Request) -> Officer | None:
    return officers.officer_of(site, request.cookies.get(COOKIE, ""))


def had_session(site: Site, request: Request) -> bool:
    """Tell whether a request comes from a session that ended by itself a while ago."""
    return officers.lapsed(site, request.cookies.get(COOKIE, "")) is not None


def _safe(where: str) -> str:
    """Return an address of the officers' pages to go to after logging in, never one elsewhere."""
    is_fine = _WHERE.fullmatch(where) and not where.startswith(("/officer/log", "/officer/join"))
    return where if is_fine else "/officer/queue"


def login_page(
    request: Request, *, status: int = 200, trouble: str = "", where: str = "", kept: str = "", user: str = ""
) -> Response:
    """Show the log-in form; its token is bound to a cookie, since there is no session to bind it to yet."""
    csrf = secrets.token_urlsafe(24)
    w = words(language_of(request))
    answer = page(
        request,
        "login.html",
        status,
        here="/officer/login",
        login_csrf=csrf,
        trouble=w[trouble] if trouble else "",
        where=_safe(where),
        kept=kept,
        user=user,
    )
    keep(request, answer, _CSRF, csrf)
    return answer


def show_login(site: Site, request: Request, officer: Officer | None, form: Form) -> Response:
    """Show the log-in page, or the queue to who is logged in."""
    del site, form
    if officer is not None:
        return RedirectResponse("/officer/queue", 303)
    trouble = "joined" if "joined" in request.query_params else ""
    return login_page(request, where=request.query_params.get("next", ""), trouble=trouble)


def log_in(site: Site, request: Request, officer: Officer | None, form: Form) -> Response:
    """Log in; then to where the officer was going, or straight back to the form they were filling."""
    del officer
    csrf = request.cookies.get(_CSRF, "")
    where, kept = _safe(form.get("next")), form.get("kept")[:_MOST_KEPT]
    user = form.get("user")[:80].strip()
    token = None
    if csrf and secrets.compare_digest(csrf.encode(), form.get("csrf").encode()):
        token = officers.log_in(site, user, form.get("password")[:200])
    if token is None:
        return login_page(request, status=403, trouble="wrong", where=where, kept=kept, user=user)
    back = _taken_up(site, request, token, kept, user) if kept else None
    answer = back or RedirectResponse(where, 303)
    keep(request, answer, COOKIE, token)
    answer.delete_cookie(_CSRF)
    return answer


def log_out(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    del officer, form
    officers.log_out(site, request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/officer/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


# --- what was typed outlives the session -----------------------------------------------------------------------


def ask_again(site: Site, request: Request, form: Form) -> Response:
    """A form came in after its session had ended: nothing is done, and what was typed waits behind the log-in.

    Only the ended session's own token vouches for the form, so that no other page can plant words in it.
    """
    gone = officers.lapsed(site, request.cookies.get(COOKIE, ""))
    if gone is None or not secrets.compare_digest(gone.csrf.encode(), form.get("csrf").encode()):
        return login_page(request, status=403, trouble="session_over")
    said = [pair for pair in form.pairs if pair[0] not in {"csrf", "password", "old", "new"}]
    kept = json.dumps({"path": request.url.path, "user": gone.user, "said": said}, ensure_ascii=False)
    if len(kept) > _MOST_KEPT:
        kept = ""
    return login_page(
        request,
        status=403,
        trouble="session_over",
        where=request.url.path.rpartition("/")[0],
        kept=kept,
        user=gone.user,
    )


def _taken_up(site: Site, request: Request, token: str, kept: str, user: str) -> Response | None:
    """Return the dossier's page with what was typed filled in again, not done; None if it was somebody else's."""
    from sync.intake.console_dossier import draft_of, show_dossier

    try:
        said = json.loads(kept)
        path, author = str(said["path"]), str(said["user"])
        pairs = [(str(name), str(value)) for name, value in said["said"]]
    except (ValueError, KeyError, TypeError):
        return None
    found = re.fullmatch(r"/officer/dossiers/([0-9a-f-]{36})/([a-z]{3,12})", path)
    officer = officers.officer_of(site, token)
    if found is None or officer is None or author != user:
        return None
    return show_dossier(site, request, officer, found[1], draft=draft_of(found[2], Form(pairs)), notice="draft_back")


# --- accounts of one's own ---------------------------------------------------------------------------------------


def show_join(site: Site, request: Request, officer: Officer | None, form: Form, code: str) -> Response:
    """Show an invited officer the account that waits for a password."""
    del officer, form
    row = officers_accounts.invited(site, code[:80])
    w = words(language_of(request))
    if row is None:
        return page(request, "told.html", 404, here="/officer/login", said=w["join_spent"], how=w["join_spent_how"])
    return page(request, "join.html", name=row.name, user=row.user, trouble="")


def join(site: Site, request: Request, officer: Officer | None, form: Form, code: str) -> Response:
    """Take up an account. The code itself is the secret, so no other token is asked for."""
    del officer
    row = officers_accounts.invited(site, code[:80])
    w = words(language_of(request))
    password = form.get("new")[:200]
    if row is not None and len(password) < officers.SHORTEST_PASSWORD:
        return page(request, "join.html", 422, name=row.name, user=row.user, trouble=w["password_short"])
    if row is None or officers_accounts.join(site, code[:80], password) is None:
        return page(request, "told.html", 404, here="/officer/login", said=w["join_spent"], how=w["join_spent_how"])
    return RedirectResponse("/officer/login?joined=1", 303)


def show_password(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    del site, form
    return page(request, "password.html", officer=officer, trouble="", said="")


def change_password(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    """Change the officer's own password."""
    w = words(language_of(request))
    new = form.get("new")[:200]
    if len(new) < officers.SHORTEST_PASSWORD:
        return page(request, "password.html", 422, officer=officer, trouble=w["password_short"], said="")
    if not officers.change_password(site, officer, form.get("old")[:200], new):
        return page(request, "password.html", 422, officer=officer, trouble=w["password_wrong"], said="")
    return page(request, "password.html", officer=officer, trouble="", said=w["password_changed"])
