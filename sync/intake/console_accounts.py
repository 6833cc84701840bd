"""Who may come in: accounts of officers, devices of volunteers, and the audit of what they all did."""

import io
from typing import Any, Final

import qrcode
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync.intake import desk, identity, officers_accounts
from sync.intake.console import Form, language_of, moment, office_name, page, told
from sync.intake.officers_rights import Officer, Role, offices
from sync.intake.page_words import word, words
from sync.intake.roles import DEVICE_ROLES
from sync.intake.roles import Role as DeviceRole
from sync.intake.station import Site, invite

_DEVICE_ROLES: Final = (DeviceRole.VOLUNTEER.value, DeviceRole.TEAM_LEADER.value, DeviceRole.TRAINER.value)


def show_accounts(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    del form
    return _accounts(site, request, officer)


def _accounts(site: Site, request: Request, officer: Officer, *, status: int = 200, **said: Any) -> Response:
    """Show officers and devices; an invitation that was just made is shown this once."""
    language = language_of(request)
    w = words(language)
    shown: dict[str, Any] = {
        "trouble": "",
        "typed": {},
        "link": "",
        "link_for": "",
        "device_text": "",
        "device_code": "",
    }
    return page(
        request,
        "accounts.html",
        status,
        officer=officer,
        here="/officer/accounts",
        rows=[
            {
                "user": one.user,
                "name": one.name,
                "role": w[f"role_{one.role}"],
                "office": office_name(one.office, language),
                "revoked": moment(one.revoked_at) if one.revoked_at else "",
            }
            for one in officers_accounts.accounts(site)
        ],
        devices=[
            {
                "id": one.id,
                "name": one.name,
                "role": w[f"device_{one.role}"],
                "unit": office_name(one.unit, language),
                "enrolled": moment(one.enrolled_at),
                "revoked": moment(one.revoked_at) if one.revoked_at else "",
            }
            for one in officers_accounts.devices(site, officer)
        ],
        device_roles=[(one, w[f"device_{one}"]) for one in _DEVICE_ROLES],
        roles=[(one.value, w[f"role_{one.value}"]) for one in Role],
        offices=[(code, office_name(code, language)) for code in offices()],
        **{**shown, **said},
    )


def invite_officer(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    """Make an invitation for an officer and show its link, this once."""
    w = words(language_of(request))
    typed = {name: form.get(name)[:80] for name in ("user", "name", "role", "office")}
    try:
        code = officers_accounts.invite_officer(
            site,
            officer,
            user=typed["user"].strip().lower(),
            name=typed["name"],
            role=Role(typed["role"]) if typed["role"] in set(Role) else Role.OFFICER,
            office=typed["office"],
        )
    except officers_accounts.NotAnAccount as wrong:
        return _accounts(site, request, officer, status=422, trouble=w[f"bad_{wrong.code}"], typed=typed)
    link = f"{_address(request)}/officer/join/{code}"
    return _accounts(site, request, officer, link=link, link_for=w["invited_officer"].format(name=typed["name"]))


def revoke_officer(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    if not officers_accounts.revoke_officer(site, officer, form.get("user")[:80]):
        return told(request, officer, 409, "cannot", "itself")
    return RedirectResponse("/officer/accounts", 303)


def invite_device(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    """Make an invitation for a device and show it as text and as a QR code, this once."""
    w = words(language_of(request))
    typed = {"device_role": form.get("role")[:20], "device_unit": form.get("unit")[:10]}
    role = DeviceRole(typed["device_role"]) if typed["device_role"] in DEVICE_ROLES else DeviceRole.VOLUNTEER
    unit = typed["device_unit"] if typed["device_unit"] in offices() else None
    if role is DeviceRole.TEAM_LEADER and unit is None:  # a leader looks after one unit, and without one after nothing
        return _accounts(site, request, officer, status=422, trouble=w["bad_leader"], typed=typed)
    by = f"officer:{officer.user}"
    text = invite(site, _address(request), role=role, unit=unit, by=by).to_text()
    return _accounts(site, request, officer, device_text=text, device_code=_drawn(text))


def revoke_device(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    del request
    identity.revoke(site, form.get("device")[:80], f"officer:{officer.user}")
    return RedirectResponse("/officer/accounts#devices", 303)


def _address(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _drawn(text: str) -> Markup:
    """Return a QR code as a drawing in the page: an address of its own would hand the secret out twice."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=4, image_factory=SvgPathImage)
    code.add_data(text)
    drawn = io.BytesIO()
    code.make_image().save(drawn)
    return Markup(drawn.getvalue().decode().partition("?>")[2])  # noqa: S704 - our own drawing, no text in it


def show_audit(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    """Show who read or changed what, the newest first."""
    del form
    language = language_of(request)
    before = request.query_params.get("before", "")
    dossier = request.query_params.get("dossier", "").strip()[:40]
    is_number = before.isascii() and before.isdigit() and len(before) < 16
    rows = desk.audit_page(site, officer, int(before) if is_number else None, dossier)
    shown = rows[: desk.PAGE]
    return page(
        request,
        "audit.html",
        officer=officer,
        dossier=dossier,
        rows=[
            {
                "at": moment(one.at),
                "who": one.who.removeprefix("officer:"),
                "what": _deed(one.what, language),
                "dossier": one.dossier or "",
                "number": one.office_number,
                "is_here": one.known is not None,  # a list of visits stands there too, and what is erased
            }
            for one in shown
        ],
        next_page=f"/officer/audit?dossier={dossier}&before={shown[-1].id}" if len(rows) > desk.PAGE else "",
    )


def _deed(what: str, language: str) -> str:
    kind, _, whom = what.partition(":")
    said = word("audit_words", kind, language)
    return f"{said}: {whom}" if whom else said


def show_help(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    """Show the keyboard shortcuts, also to who has no script."""
    del site, form
    return page(request, "help.html", officer=officer)
