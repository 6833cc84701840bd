"""The official slips that an office hands out: 01 received, 02 supplement, 03 refused, 04 sorry and a new date.

Their names are those of Circular 03/2025/TT-VPCP, Annex I; the wording follows the forms of Circular 01/2018 that it
replaced. They are Vietnamese whatever language the page around them speaks. A volunteer can print none of them.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row
from starlette.requests import Request
from starlette.responses import Response

from bnhelper.clock import PROVINCE_TIME, from_text
from bnhelper.forms.submission import read_xml
from sync.intake import desk
from sync.intake.console import Form, language_of, office_name, page, told
from sync.intake.console_queue import title_of
from sync.intake.deadlines import NO_DATE
from sync.intake.desk import Happened
from sync.intake.dossier_content import content_of
from sync.intake.officers_rights import Officer, Right
from sync.intake.page_words import words
from sync.intake.station import Site
from sync.wire.dossiers import Envelope

#: slip -> the deeds it tells of; the latest one counts, but of 01 the first: the reception is promised once
_DEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "01": ("accept", "review"),
    "02": ("supplement", "ask_again"),
    "03": ("reject",),
    "04": ("postpone",),
}


def slips_of(site: Site, officer: Officer, row: Row[Any]) -> list[str]:
    """Return the numbers of the slips that this officer may hand out for a dossier now."""
    if not officer.may(Right.ACT) or not (officer.may_act_for(row.holder) or officer.may_act_for(row.unit)):
        return []
    happened = desk.history(site, row.id)
    return [number for number in _DEEDS if _told_of(happened, number) is not None]


def _told_of(happened: list[Happened], number: str) -> Happened | None:
    found = [one for one in happened if one.kind in _DEEDS[number]]
    return None if not found else found[-1] if number == "01" else found[0]


def show(site: Site, request: Request, officer: Officer, form: Form, dossier: str, number: str) -> Response:
    """Show one slip as it is printed and signed; who printed it stands in the audit."""
    del form
    row = desk.dossier(site, officer, dossier, what=f"slip-{number}" if number in _DEEDS else "read")
    body = desk.envelope_bytes(site, dossier)
    deed = _told_of(desk.history(site, dossier), number) if row is not None and number in _DEEDS else None
    if row is None or body is None or deed is None:
        return told(request, officer, 404, "none_such", "none_such_how")
    if number not in slips_of(site, officer, row):
        return told(request, officer, 403, "cannot", "cannot_how")
    envelope, detail = Envelope.read(body), json.loads(deed.detail)
    content = content_of(site, envelope, "vi")
    answers = read_xml(envelope.instance)[2] if envelope.instance else {}
    ward = office_name(_said(answers, "address_unit"), "vi")
    asked = {*detail.get("fields", ()), *detail.get("papers", ())}
    return page(
        request,
        "slip.html",
        officer=officer,
        id=dossier,
        slip=number,
        p=words("vi", "slip"),
        name=words(language_of(request), "slip")[f"name_{number}"],
        number=row.office_number or "",
        office_of=office_name(deed.office, "vi") or site.office,
        applicant=row.applicant,
        address=", ".join(part for part in (_said(answers, "address_detail"), ward) if part),
        phone=_said(answers, "phone"),
        title=title_of(site, row, "vi"),
        papers=[(paper.name, max(1, len(paper.files))) for paper in content.papers if paper.files or paper.is_shown],
        asked=[one.label for part in content.sections for one in part.answers if one.path in asked]
        + [paper.name for paper in content.papers if paper.id in asked],
        note=deed.note,
        at=_long(deed.at),
        until=_long(detail.get("deadline", "")),
        due=_long(detail.get("due", "") or (row.due_at or "")),
        due_before=_long(detail.get("due_before", "")),
        signed_by=deed.name,
        day=from_text(deed.at).astimezone(PROVINCE_TIME),
    )


def _said(answers: Mapping[Any, str], name: str) -> str:
    return answers.get(f"/data/applicant/{name}", "")


def _long(text: str) -> str:
    """Return a stored instant as a slip says it; empty where there is none."""
    if not text or text == NO_DATE:
        return ""
    return from_text(text).astimezone(PROVINCE_TIME).strftime("%H giờ %M, ngày %d/%m/%Y")
