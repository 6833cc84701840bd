"""Legal hold: a dossier that is kept whatever its age, on a named officer's word and for a reason."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.intake import desk, retention
from sync.intake.console import Form, language_of, told
from sync.intake.console_dossier import Draft, show_dossier
from sync.intake.officers_rights import Officer
from sync.intake.page_words import words
from sync.intake.station import Site


def hold(site: Site, request: Request, officer: Officer, form: Form, dossier: str) -> Response:
    """Keep a dossier from being erased; a reason is asked for."""
    reason = form.get("note").strip()[:1000]
    if not reason:
        troubles = (("note-hold", words(language_of(request))["no_reason"]),)
        return show_dossier(site, request, officer, dossier, draft=Draft("hold", troubles=troubles), status=422)
    if desk.dossier(site, officer, dossier) is None:
        return told(request, officer, 404, "none_such", "none_such_how")
    try:
        retention.hold(site, dossier, reason, f"officer:{officer.user}")
    except retention.NotHere:
        return told(request, officer, 404, "none_such", "none_such_how")
    return RedirectResponse(f"/officer/dossiers/{dossier}#hold", 303)


def release(site: Site, request: Request, officer: Officer, form: Form, dossier: str) -> Response:
    """End a hold: the dossier goes when its time is over."""
    del form
    if desk.dossier(site, officer, dossier) is None:
        return told(request, officer, 404, "none_such", "none_such_how")
    retention.release(site, dossier, f"officer:{officer.user}")
    return RedirectResponse(f"/officer/dossiers/{dossier}#hold", 303)
