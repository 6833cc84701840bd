"""The officer's page for sticks: what was brought, and the reply to each bundle as a file."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from sync.intake import bundles, console
from sync.intake.console import Form, language_of, told
from sync.intake.officers_rights import Officer
from sync.intake.page_words import word, words
from sync.intake.station import Site
from sync.wire.courier import BundleStatus


def show(
    site: Site,
    request: Request,
    officer: Officer,
    _form: Form,
    taken: Sequence[BundleStatus] = (),
    trouble: str = "",
    status: int = 200,
) -> Response:
    """Show what came on sticks, just now and before, and take more."""
    language = language_of(request)
    just_now = {one.sha256 for one in taken}
    recent = [one for one in bundles.recent(site) if one.sha256 not in just_now]
    codes = {one.code for one in [*taken, *recent] if one.code}
    return console.page(
        request,
        "bundles.html",
        status,
        officer=officer,
        taken=taken,
        recent=recent,
        trouble=words(language)[trouble] if trouble else "",
        codes={code: word("bundles", code, language) for code in codes},
    )


def reply(site: Site, request: Request, officer: Officer, _form: Form, sha256: str) -> Response:
    """Give the reply to one bundle, to be put back on the stick; only the machine that made the bundle opens it."""
    sealed = bundles.reply(site, sha256)
    if sealed is None:
        return told(request, officer, 404, "none_such")
    headers = {**console.PAGE_HEADERS, "Content-Disposition": f'attachment; filename="{sha256[:24]}.age"'}
    return Response(sealed, media_type="application/octet-stream", headers=headers)
