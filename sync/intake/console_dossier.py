"""One dossier: answers in the form's order beside the photos, what happened, and what can be done now."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bnhelper.clock import PROVINCE_TIME, province_date
from bnhelper.domain.attachments import PhotoIsNoImage, PhotoTooLarge, media_type_of
from bnhelper.vault.canonical import sha256_of
from sync.intake import deadlines, deeds, desk, retention, supplements
from sync.intake.console import (
    PAGE_HEADERS,
    Form,
    due_words,
    language_of,
    moment,
    office_name,
    page,
    state_chip,
    told,
    whole_number,
)
from sync.intake.console_queue import names_of, on_its_way_words, title_of
from sync.intake.console_slips import slips_of
from sync.intake.dossier_content import Content, content_of
from sync.intake.officers_rights import Officer, Right, offices
from sync.intake.page_words import word, words
from sync.intake.scanning import FileNotClean, ScannerAway
from sync.intake.station import Site
from sync.intake.supplements import OnItsWay
from sync.wire.dossiers import Envelope, WireState

_TEMPLATES: Final = ("blurred", "missing", "differs", "address", "signature")
_SHOWN_INLINE: Final = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})
#: The step that usually comes next, in this order.
_NEXT: Final = ("accept", "review", "result", "returned")


@dataclass(frozen=True, slots=True)
class Draft:
    """What an officer typed into a dossier's forms and that has not been done."""

    deed: str = ""
    note: str = ""
    template: str = ""
    fields: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    deadline: str = ""
    to: str = ""
    troubles: tuple[tuple[str, str], ...] = field(default=())  #: (id of the field on the page, what is wrong)


def draft_of(deed: str, form: Form) -> Draft:
    """Return what a posted form of this deed holds, bounded."""
    return Draft(
        deed=deed,
        note=form.get("note").strip()[:4000],
        template=form.get("template") if form.get("template") in _TEMPLATES else "",
        fields=tuple(one[:500] for one in form.all("fields")[:300]),
        papers=tuple(one[:80] for one in form.all("papers")[:100]),
        deadline=form.get("deadline")[:10],
        to=form.get("to")[:80],
    )


def show(site: Site, request: Request, officer: Officer, form: Form, dossier: str) -> Response:
    del form
    return show_dossier(site, request, officer, dossier)


def show_dossier(
    site: Site,
    request: Request,
    officer: Officer,
    dossier: str,
    *,
    draft: Draft | None = None,
    notice: str = "",
    conflict: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    """Show one dossier, with what was typed before where there is any."""
    language = language_of(request)
    row = desk.dossier(site, officer, dossier)
    body = desk.envelope_bytes(site, dossier)
    if row is None or body is None:
        return told(request, officer, 404, "none_such", "none_such_how")
    envelope = Envelope.read(body)
    before = desk.envelope_before(site, dossier, row.revision)
    content = content_of(site, envelope, language, before=Envelope.read(before) if before is not None else None)
    draft = draft or Draft()
    may = {kind: deeds.may(officer, row, kind) for kind in deeds.DEEDS}
    if conflict is not None:
        conflict["can_again"] = may.get(draft.deed, False)
        conflict["ticked"] = _ticked(content, draft.fields, draft.papers)
    asked = json.loads(row.request) if row.request else {}
    coming = supplements.on_their_way(site, [row]).get(row.id)
    return page(
        request,
        "dossier.html",
        status,
        officer=officer,
        here=f"/officer/dossiers/{dossier}",
        **head_of(site, row, envelope, language),
        content=content,
        sha256=sha256_of(body),
        remark=word("remarks", desk.remark(site, row.id, row.revision), language),
        can=may,
        first=next((kind for kind in _NEXT if may[kind]), ""),
        cannot=_why_not(officer, row, may, language),
        history=_history(site, row, content, language, coming),
        asked={**asked, "ticked": _ticked(content, asked.get("fields", ()), asked.get("papers", ()))} if asked else {},
        on_its_way=on_its_way_words(coming, "on_its_way", language),
        missing=coming.missing if coming is not None else frozenset(),
        draft=draft,
        notice=words(language)[notice] if notice else "",
        conflict=conflict,
        templates=[(one, words(language)[f"template_{one}"]) for one in _TEMPLATES],
        default_deadline=deadlines.after_working_days(site.clock.now(), deadlines.SUPPLEMENT_DAYS).date().isoformat(),
        earliest_deadline=(province_date(site.clock.now()) + dt.timedelta(days=1)).isoformat(),
        targets=_targets(site, row, language) if may["handover"] else ([], []),
        is_mine=row.assigned == officer.user,
        hold=retention.held(site, dossier) if officer.may(Right.AUDIT) else None,
        slips=[(one, word("slip", f"name_{one}", language)) for one in slips_of(site, officer, row)],
    )


def head_of(site: Site, row: Row[Any], envelope: Envelope, language: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": title_of(site, row, language),
        "number": row.office_number or "",
        "readable_code": row.readable_code,
        "revision": row.revision,
        "version": row.version,
        "author": envelope.author,
        "applicant": row.applicant,
        "chip": state_chip(row.state, language),
        "state": row.state,
        "due": due_words(site, row.due_at, row.state, language),
        "received": moment(row.received_at) if row.received_at else "",
        "changed": moment(row.changed_at),
        "unit": office_name(row.unit, language),
        "holder": office_name(row.holder, language),
        "holder_code": row.holder or "",
        "assigned": names_of(site, row.holder).get(row.assigned or "", row.assigned or ""),
        "consents": [
            {
                "purpose": word("purposes", one.purpose, language),
                "given_by": " ".join(
                    part for part in (word("givers", one.given_by, language), one.representative) if part
                ),
                "given_at": one.given_at.astimezone(PROVINCE_TIME).strftime("%H:%M %d/%m/%Y"),
            }
            for one in envelope.consents
        ],
    }


def _why_not(officer: Officer, row: Row[Any], may: dict[str, bool], language: str) -> str:
    """Return why there is nothing to do, empty when there is."""
    w = words(language)
    if any(may.values()):
        return ""
    if not officer.may(Right.ACT):
        return w["read_only_account"]
    if row.state == WireState.RECEIVING.value and row.received_at is None:
        return w["read_only_receiving"]
    if row.state in {one.value for one in desk.CLOSED} and officer.may_act_for(row.holder):
        return w["read_only_closed"]
    return w["read_only"].format(office=office_name(row.holder, language))


def _targets(site: Site, row: Row[Any], language: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return (officers of the office that has it, other offices) as (value, name)."""
    people = [(f"{row.holder}:{user}", name) for user, name in names_of(site, row.holder).items()]
    return people, [(f"{code}:", office_name(code, language)) for code in offices() if code != row.holder]


def _ticked(content: Content, fields: Any, papers: Any) -> list[str]:
    """Return the labels of ticked fields and papers, in the form's order."""
    return [one.label for part in content.sections for one in part.answers if one.path in set(fields)] + [
        paper.name for paper in content.papers if paper.id in set(papers)
    ]


def _done(kind: str, language: str) -> str:
    """Return what was done, an officer's deed or a status of the province's systems."""
    said = words(language).get(f"{kind}_done") or word("audit_words", kind, language)
    return said[:1].upper() + said[1:]


def _history(
    site: Site, row: Row[Any], content: Content, language: str, coming: OnItsWay | None
) -> list[dict[str, Any]]:
    w = words(language)
    found = []
    for one in desk.history(site, row.id):
        detail = json.loads(one.detail)
        came = "arrived_in_part" if coming is not None and one.revision == coming.revision else "arrived"
        said = w[came].format(revision=one.revision) if one.kind == "arrived" else _done(one.kind, language)
        to = " · ".join(
            part for part in (office_name(detail.get("to_office"), language), detail.get("to_officer", "")) if part
        )
        found.append(
            {
                "at": moment(one.at),
                "said": f"{said}: {to}" if to else said,
                "who": " · ".join(part for part in (one.name, office_name(one.office, language)) if part),
                "note": one.note,
                "ticked": _ticked(content, detail.get("fields", ()), detail.get("papers", ())),
                "until": moment(detail["deadline"]) if detail.get("deadline") else "",
                "file": detail.get("file", ""),
                "file_name": detail.get("file_name", ""),
                "elsewhere": detail.get("file_elsewhere", ""),
            }
        )
    return found


# --- deeds -------------------------------------------------------------------------------------------------------


def act(site: Site, request: Request, officer: Officer, form: Form, dossier: str, kind: str) -> Response:
    """Do what a form asks, or show the page again with everything that was typed and what is wrong with it."""
    if kind not in deeds.DEEDS:
        return told(request, officer, 404, "none_such")
    draft = draft_of(kind, form)
    deed, troubles = _read(site, request, draft, form)
    if deed is None:
        draft = _with(draft, troubles)
        return show_dossier(site, request, officer, dossier, draft=draft, status=422)
    version = whole_number(form.get("version"))
    version = -1 if version is None else version
    try:
        deeds.do(site, officer, dossier, version, deed)
    except deeds.NotTheirs:
        return told(request, officer, 403, "cannot", "cannot_how")
    except (FileNotClean, ScannerAway) as wrong:
        said, status = ("no_clean_file", 422) if isinstance(wrong, FileNotClean) else ("scanner_away", 503)
        draft = _with(draft, [("file", words(language_of(request))[said])])
        return show_dossier(site, request, officer, dossier, draft=draft, status=status)
    except deeds.NotNow:
        conflict = _conflict(site, request, dossier, version, form, kind)
        return show_dossier(site, request, officer, dossier, draft=draft, conflict=conflict, status=409)
    return RedirectResponse(f"/officer/dossiers/{dossier}", 303)


def _with(draft: Draft, troubles: list[tuple[str, str]]) -> Draft:
    return Draft(
        draft.deed, draft.note, draft.template, draft.fields, draft.papers, draft.deadline, draft.to, tuple(troubles)
    )


def _read(site: Site, request: Request, draft: Draft, form: Form) -> tuple[deeds.Deed | None, list[tuple[str, str]]]:
    """Return the deed that a form asks for, or what is missing."""
    w = words(language_of(request))
    troubles: list[tuple[str, str]] = []
    note = draft.note or (w[f"template_{draft.template}"] if draft.template else "")
    deadline, result, to_office, to_officer = None, None, "", ""
    if draft.deed == "supplement":
        if not (draft.fields or draft.papers):
            troubles.append(("answers", w["nothing_ticked"]))
        if not note:
            troubles.append(("note-supplement", w["no_note"]))
        deadline = _deadline(site, draft.deadline)
        if deadline is None:
            troubles.append(("deadline", w["bad_deadline"]))
    if draft.deed == "ask_again":
        deadline = _deadline(site, draft.deadline)
        if deadline is None:
            troubles.append(("deadline-ask_again", w["bad_deadline"]))
    if draft.deed in {"reject", "withdraw", "postpone"} and not note:
        troubles.append((f"note-{draft.deed}", w["no_reason"]))
    if draft.deed == "postpone":
        deadline = _deadline(site, draft.deadline) if draft.deadline else None
        if deadline is None:
            troubles.append(("deadline-postpone", w["bad_new_date"]))
    if draft.deed == "result":
        if form.file is None or not _is_pdf(form.file[1]):
            troubles.append(("file", w["no_pdf"]))
        else:
            result = (form.file[0] or "ket-qua.pdf", "application/pdf", form.file[1])
    if draft.deed == "handover":
        to_office, _, to_officer = draft.to.partition(":")
        if to_office not in offices():
            troubles.append(("to", w["no_target"]))
    if troubles:
        return None, troubles
    deed = deeds.Deed(draft.deed, note, draft.fields, draft.papers, deadline, result, to_office, to_officer)
    return deed, []


def _deadline(site: Site, text: str) -> dt.datetime | None:
    """Return the end of the chosen day; the usual term where none is given, None for a day that is over."""
    now = site.clock.now()
    if not text:
        return deadlines.after_working_days(now, deadlines.SUPPLEMENT_DAYS)
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return dt.datetime.combine(day, dt.time(17), PROVINCE_TIME) if day > province_date(now) else None


def _is_pdf(content: bytes) -> bool:
    try:
        return media_type_of(content) == "application/pdf"
    except (PhotoIsNoImage, PhotoTooLarge):
        return False


def _conflict(site: Site, request: Request, dossier: str, version: int, form: Form, kind: str) -> dict[str, Any]:
    """Return both sides: what has happened since the officer's page was made, and what they meant to do."""
    language = language_of(request)
    w = words(language)
    theirs = [
        {
            "at": moment(one.at),
            "said": _done(one.kind, language),
            "who": " · ".join(part for part in (one.name, office_name(one.office, language)) if part),
            "note": one.note,
        }
        for one in desk.history(site, dossier, since=max(version, 0))
    ]
    seen, newest = whole_number(form.get("revision")), desk.revision(site, dossier)
    if seen is not None and newest > seen:
        theirs.append({"at": "", "said": w["conflict_revision"].format(revision=newest), "who": "", "note": ""})
    return {"theirs": theirs, "yours": w[kind]}


# --- files and print ---------------------------------------------------------------------------------------------


def envelope(site: Site, request: Request, officer: Officer, form: Form, dossier: str) -> Response:
    """Return the stored bytes of the newest revision, as they were signed."""
    del form
    if desk.dossier(site, officer, dossier, what="read-envelope") is None:
        return told(request, officer, 404, "none_such")
    body = desk.envelope_bytes(site, dossier)
    return Response(body, media_type="application/json", headers=PAGE_HEADERS)


def file(site: Site, request: Request, officer: Officer, form: Form, dossier: str, sha256: str) -> Response:
    """Return one file of a dossier; the hash must be one of that dossier's."""
    del form
    row = desk.dossier(site, officer, dossier, what="read-file")
    kind = desk.media_type(site, row, sha256) if row is not None else None
    if kind is None or not site.blobs.has(sha256):
        return told(request, officer, 404, "none_such")
    is_shown = kind in _SHOWN_INLINE
    headers = {**PAGE_HEADERS, "Content-Disposition": "inline" if is_shown else "attachment"}
    # An image opened by itself draws nothing else; a PDF is drawn by the browser's own viewer.
    headers["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
    if kind == "application/pdf":
        headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return Response(
        site.blobs.read(sha256), media_type=kind if is_shown else "application/octet-stream", headers=headers
    )


def photo(site: Site, request: Request, officer: Officer, form: Form, dossier: str, number: str) -> Response:
    """Show one photo large, with its neighbours; turned and enlarged by the address, for browsers without script."""
    del form
    language = language_of(request)
    row = desk.dossier(site, officer, dossier)
    body = desk.envelope_bytes(site, dossier)
    if row is None or body is None:
        return told(request, officer, 404, "none_such", "none_such_how")
    photos = content_of(site, Envelope.read(body), language).photos
    at = whole_number(number)
    if at is None or not 1 <= at <= len(photos):
        return told(request, officer, 404, "none_such")
    coming = supplements.on_their_way(site, [row]).get(dossier)
    said = request.query_params
    turn = int(said["turn"]) if said.get("turn") in {"90", "180", "270"} else 0
    zoom = int(said["zoom"]) if said.get("zoom") in {"2", "3", "4"} else 1
    return page(
        request,
        "photo.html",
        officer=officer,
        id=dossier,
        photos=photos,
        at=at,
        turn=turn,
        zoom=zoom,
        missing=coming.missing if coming is not None else frozenset(),
        title=title_of(site, row, language),
    )


def printed(site: Site, request: Request, officer: Officer, form: Form, dossier: str) -> Response:
    """Show one dossier as it is printed: everything on white, no controls."""
    del form
    language = language_of(request)
    row = desk.dossier(site, officer, dossier, what="print")
    body = desk.envelope_bytes(site, dossier)
    if row is None or body is None:
        return told(request, officer, 404, "none_such", "none_such_how")
    read = Envelope.read(body)
    content = content_of(site, read, language)
    return page(
        request,
        "print.html",
        officer=officer,
        **head_of(site, row, read, language),
        content=content,
        history=_history(site, row, content, language, supplements.on_their_way(site, [row]).get(dossier)),
        sha256=sha256_of(body),
        now=site.clock.now().astimezone(PROVINCE_TIME).strftime("%H:%M %d/%m/%Y"),
    )
