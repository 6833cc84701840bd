"""The officers' pages for visit lists: make one out of a table, see how it goes, take it back."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bnhelper.catalogue.units import units
from bnhelper.clock import province_date, to_text
from sync.intake import visits as visit_lists
from sync.intake.console import Form, language_of, moment, office_name, page, told
from sync.intake.officers_rights import Officer
from sync.intake.page_words import word, words
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.intake.visit_csv import EXAMPLE, NotAList, RowError, homes_of, text_of
from sync.wire.visits import VisitEntry, VisitHome, VisitOutcome

_MOST_BYTES: Final = 1_000_000


def show(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    """Show the lists of the office, or of all, as numbers."""
    del form
    return _shown(site, request, officer)


def _shown(site: Site, request: Request, officer: Officer, status: int = 200, /, **said: Any) -> Response:
    language = language_of(request)
    unit = _unit_of(officer)
    shown: dict[str, Any] = {"trouble": "", "errors": (), "typed": {}, "made": None}
    return page(
        request,
        "visits.html",
        status,
        officer=officer,
        here="/officer/visits",
        lists=[
            {
                "id": one.id,
                "unit": office_name(one.unit, language),
                "hamlet": one.hamlet,
                "homes": one.homes,
                "visited": one.visited,
                "made_at": moment(one.made_at),
                "keep_until": moment(one.keep_until),
            }
            for one in visit_lists.lists(site, unit)
        ],
        units=[] if unit is not None else [(one.code, one.name) for one in units()],
        devices=[
            (device, name if unit is not None else f"{name} · {office_name(of, language)}")
            for device, name, of in visit_lists.devices(site, unit, f"officer:{officer.user}")
        ],
        example=EXAMPLE,
        **{**shown, **said},
    )


def make(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    """Make a list, or name every wrong row; what was typed stays in the page."""
    language = language_of(request)
    w = words(language)
    typed = {name: form.get(name)[:120].strip() for name in ("hamlet", "unit", "device")}
    typed["table"] = form.get("table")[:_MOST_BYTES]
    unit = _unit_of(officer) or typed["unit"]
    wrong = ""
    if unit not in {one.code for one in units()}:
        wrong = "visits_no_unit"
    elif not typed["hamlet"]:
        wrong = "visits_no_hamlet"
    elif form.file is not None and len(form.file[1]) > _MOST_BYTES:
        wrong = "visits_too_large"
    if wrong:
        return _shown(site, request, officer, 422, trouble=w[wrong], typed=typed)
    try:
        text = text_of(form.file[1]) if form.file is not None else typed["table"]
        homes = homes_of(text, province_date(site.clock.now()))
    except NotAList as said:
        errors = _errors(said.errors, language)
        return _shown(site, request, officer, 422, trouble=w["visits_wrong_rows"], errors=errors, typed=typed)
    by, device = f"officer:{officer.user}", typed["device"] or None
    try:
        visit_lists.make(site, unit=unit, hamlet=typed["hamlet"], device=device, homes=homes, by=by)
    except Refused:
        return _shown(site, request, officer, 422, trouble=w["visits_no_device"], typed=typed)
    made = w["visits_made"].format(homes=len(homes), hamlet=typed["hamlet"])
    return _shown(site, request, officer, made=made)


def _errors(errors: Sequence[RowError], language: str) -> list[dict[str, Any]]:
    return [
        {"row": one.row or "", "what": word("visit_errors", one.code, language).format(value=one.value)}
        for one in errors
    ]


def show_list(site: Site, request: Request, officer: Officer, form: Form, visits: str) -> Response:
    """Show one list with everything said of its homes; the read is audited."""
    del form
    found = visit_lists.contents(site, _unit_of(officer), visits, f"officer:{officer.user}")
    if found is None:
        return told(request, officer, 404, "none_such")
    row, entries = found
    language = language_of(request)
    homes = [one.home for one in entries if one.home is not None]
    homes.sort(key=lambda one: (one.is_new, one.place, one.id))
    this_year = province_date(site.clock.now()).year
    return page(
        request,
        "visit_list.html",
        officer=officer,
        list={
            "id": row.id,
            "hamlet": row.hamlet,
            "unit": office_name(row.unit, language),
            "keep_until": moment(row.keep_until),
        },
        homes=[_home(one, entries, this_year, language) for one in homes],
    )


def _home(home: VisitHome, entries: Sequence[VisitEntry], this_year: int, language: str) -> dict[str, Any]:
    said = [one.outcome for one in entries if one.outcome is not None and one.outcome.home == home.id]
    return {
        "lane": home.lane,
        "number": home.number,
        "who": home.who,
        "age": "" if home.born is None else this_year - home.born,
        "reasons": ", ".join(word("visit_reasons", one, language) for one in home.reasons),
        "note": home.note,
        "is_new": home.is_new,
        "said": [_said(one, language) for one in said if one.outcome != "undone"],
    }


def _said(one: VisitOutcome, language: str) -> str:
    parts = (moment(to_text(one.at)), one.by, word("visit_outcomes", one.outcome, language), one.note)
    return " · ".join(part for part in parts if part)


def withdraw(site: Site, request: Request, officer: Officer, form: Form, visits: str) -> Response:
    """Take a list back: it is erased here now, and on the devices when they hear of it."""
    del form
    if not visit_lists.withdraw(site, _unit_of(officer), visits, f"officer:{officer.user}"):
        return told(request, officer, 404, "none_such")
    return RedirectResponse("/officer/visits", 303)


def _unit_of(officer: Officer) -> str | None:
    """Return the unit whose lists an officer sees; None for who sees all."""
    return None if officer.sees_all else officer.office or ""
