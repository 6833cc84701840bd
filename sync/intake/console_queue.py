"""The officers' list: what waits, by deadline; search; many received at once."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import Row
from starlette.requests import Request
from starlette.responses import Response

from bnhelper.ids import ProcedureCode
from sync.intake import deeds, desk, officers_accounts, supplements
from sync.intake.console import Form, due_words, language_of, moment, office_name, page, state_chip, whole_number
from sync.intake.officers_rights import Officer, Right
from sync.intake.page_words import word, words
from sync.intake.station import Site
from sync.intake.supplements import OnItsWay

_MOST_AT_ONCE: Final = 200


def show_queue(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    """Show one page of the list that the address asks for."""
    del form
    wanted = _wanted(request, officer)
    desk.note_listing(site, officer, wanted.words)
    found = desk.listed(site, officer, wanted)
    language = language_of(request)
    names = desk.names(site, {row.assigned for row in found.rows if row.assigned})
    coming = supplements.on_their_way(site, found.rows)
    rows = [_shown(site, row, officer, language, names, coming.get(row.id)) for row in found.rows]
    return page(
        request,
        "queue.html",
        officer=officer,
        rows=rows,
        wanted=wanted,
        scopes=_scopes(officer, wanted, language),
        glance=_glance(site, officer, wanted, language),
        closed=[(one.value, word("states", one.value, language), _to(wanted, state=one.value)) for one in desk.CLOSED],
        all_open=_to(wanted),
        first_page=_to(wanted, wanted.state, wanted.due) if wanted.after is not None else "",
        next_page=_to(wanted, wanted.state, wanted.due, found.next_after) if found.next_after is not None else "",
        can_tick=any(row["can_tick"] for row in rows),
    )


def _wanted(request: Request, officer: Officer) -> desk.Wanted:
    said = request.query_params
    scope = said.get("scope", "")
    if scope not in _possible_scopes(officer):
        scope = _possible_scopes(officer)[0]
    state, due = said.get("state", ""), said.get("due", "")
    at, _, after = said.get("after", "").partition("|")
    return desk.Wanted(
        scope=scope,
        state=state if state in {one.value for one in (*desk.OPEN, *desk.CLOSED)} else "",
        due=due if due in {"overdue", "soon"} else "",
        words=" ".join(said.get("q", "").split())[:100],
        after=(at[:40], after[:40]) if at and after else None,
    )


def _possible_scopes(officer: Officer) -> tuple[str, ...]:
    return ("all", "mine") if officer.sees_all else ("here", "mine", "elsewhere")


def _to(wanted: desk.Wanted, state: str = "", due: str = "", after: tuple[str, str] | None = None) -> str:
    """Return the address of the same list with another filter or page."""
    said = {"scope": wanted.scope, "state": state, "due": due, "q": wanted.words}
    if after is not None:
        said["after"] = "|".join(after)
    return f"/officer/queue?{urlencode({key: value for key, value in said.items() if value})}"


def _scopes(officer: Officer, wanted: desk.Wanted, language: str) -> list[tuple[str, str, bool]]:
    w = words(language)
    return [
        (f"/officer/queue?scope={one}", w[f"scope_{one}"], one == wanted.scope and not wanted.words)
        for one in _possible_scopes(officer)
    ]


def _glance(site: Site, officer: Officer, wanted: desk.Wanted, language: str) -> list[dict[str, Any]]:
    """Return the line of counts, each a link to its filter; counting stops at a thousand."""
    found = desk.counts(site, officer, wanted.scope)
    w = words(language)
    plain = desk.Wanted(scope=wanted.scope)
    line: list[dict[str, Any]] = [
        {"key": "open", "name": w["open"], "to": _to(plain), "is_here": not (wanted.state or wanted.due)},
        *(
            {"key": due, "name": w[due], "to": _to(plain, due=due), "is_here": wanted.due == due}
            for due in ("overdue", "soon")
        ),
        *(
            {
                "key": state.value,
                "name": word("states", state.value, language),
                "to": _to(plain, state=state.value),
                "is_here": wanted.state == state.value,
            }
            for state in desk.OPEN
        ),
    ]
    for one in line:
        count = found[one["key"]]
        one["count"] = str(count) if count < desk.MOST_COUNTED else f"{desk.MOST_COUNTED - 1}+"
        one["is_some"] = count > 0
        one["is_here"] = one["is_here"] and not wanted.words
    return line


def title_of(site: Site, row: Row[Any], language: str) -> str:
    """Return the name of a dossier's procedure, its code where this site does not know it."""
    pack = site.library.newest
    code = ProcedureCode(row.procedure)
    return pack.procedure(code).name(language) if pack.has(code) else row.procedure


def on_its_way_words(coming: OnItsWay | None, key: str, language: str) -> str:
    """Return how much of a supplement has come, by one of the sentences for it; empty where none is on its way."""
    if coming is None:
        return ""
    about = {"revision": coming.revision, "came": coming.came, "wanted": coming.wanted}
    return words(language)[key].format(**about, since=moment(coming.since))


def _shown(
    site: Site, row: Row[Any], officer: Officer, language: str, names: Mapping[str, str], coming: OnItsWay | None
) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.office_number or row.readable_code,
        "readable": row.readable_code,
        "title": title_of(site, row, language),
        "applicant": row.applicant,
        "chip": state_chip(row.state, language),
        "due": due_words(site, row.due_at, row.state, language),
        "unit": office_name(row.unit, language),
        "holder": office_name(row.holder, language),
        "is_elsewhere": row.holder != row.unit,
        "assigned": names.get(row.assigned, row.assigned) if row.assigned else "",
        "changed": moment(row.changed_at),
        "on_its_way": on_its_way_words(coming, "on_its_way_short", language),
        "ticket": f"{row.id}:{row.version}",
        "can_tick": deeds.may(officer, row, "accept") if officer.may(Right.ACT) else False,
    }


def accept_many(site: Site, request: Request, officer: Officer, form: Form) -> Response:
    """Receive every ticked dossier, each by itself: one that cannot be does not hold up the others."""
    language = language_of(request)
    w = words(language)
    outcomes = []
    for ticket in form.all("item")[:_MOST_AT_ONCE]:
        dossier, _, seen = ticket.partition(":")
        row, version = desk.dossier(site, officer, dossier), whole_number(seen)
        if row is None or version is None:
            continue
        said = "outcome_done"
        try:
            deeds.do(site, officer, dossier, version, deeds.Deed("accept"))
        except deeds.NotNow:
            said = "outcome_changed"
        except deeds.NotTheirs:
            said = "outcome_not_theirs"
        now = desk.dossier(site, officer, dossier) or row
        latest = next(iter(desk.history(site, dossier, since=version)), None) if said != "outcome_done" else None
        outcomes.append(
            {
                "id": dossier,
                "number": row.office_number or row.readable_code,
                "title": title_of(site, row, language),
                "said": w[said],
                "is_done": said == "outcome_done",
                "chip": state_chip(now.state, language),
                "latest": f"{latest.name}, {moment(latest.at)}" if latest is not None else "",
            }
        )
    return page(
        request,
        "bulk.html",
        409 if any(not one["is_done"] for one in outcomes) else 200,
        officer=officer,
        here="/officer/queue",
        outcomes=outcomes,
        done=sum(one["is_done"] for one in outcomes),
    )


def names_of(site: Site, office: str | None) -> dict[str, str]:
    """Return user -> name of the officers of one office."""
    return {one.user: one.name for one in officers_accounts.colleagues(site, office)}
