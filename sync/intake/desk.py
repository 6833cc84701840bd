"""What the officers' pages read: lists by deadline, counts, search, one dossier and its history. Portable SQL."""

import hmac
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, exists, func, or_, select, true, tuple_

from bnhelper.catalogue.search_key import words_of
from bnhelper.domain.folding import fold
from sync.intake import ledger
from sync.intake.deadlines import soon_until
from sync.intake.desk_card import READABLE, condensed, number_word, turned
from sync.intake.officers_rights import Officer
from sync.intake.station import Site
from sync.wire.dossiers import WireState

PAGE: Final = 50
MOST_COUNTED: Final = 1_000
#: States in which somebody still has to do something before the result is there, in the order of the road.
OPEN: Final = (WireState.DELIVERED, WireState.ACCEPTED, WireState.IN_REVIEW, WireState.NEEDS_INFO)
CLOSED: Final = (WireState.APPROVED, WireState.RETURNED, WireState.REJECTED, WireState.WITHDRAWN)
SCOPES: Final = ("here", "elsewhere", "mine", "all")
_DOSSIERS = ledger.dossiers.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for. `after` is where the page before ended: (deadline or time of change, id)."""

    scope: str = "here"  #: here | elsewhere (received here for another office) | mine | all
    state: str = ""  #: empty: all that is open
    due: str = ""  #: overdue | soon | empty
    words: str = ""  #: search; then state and due do not count
    after: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list, and where the next one begins."""

    rows: Sequence[Row[Any]]
    next_after: tuple[str, str] | None


def visible(officer: Officer) -> ColumnElement[bool]:
    """Return what an officer may see at all: what their office holds and what it received, or everything."""
    if officer.sees_all:
        return true()
    return or_(_DOSSIERS.holder == officer.office, _DOSSIERS.unit == officer.office)


#: Of an erased dossier there is nothing to see and nothing to be done. No open one is: their lists need not ask.
IS_THERE: Final = _DOSSIERS.erased_at.is_(None)


def _in_scope(officer: Officer, scope: str) -> ColumnElement[bool]:
    if scope == "mine":
        return (_DOSSIERS.assigned == officer.user) & visible(officer)
    if scope == "elsewhere" and officer.office is not None:
        return (_DOSSIERS.unit == officer.office) & (_DOSSIERS.holder != officer.office)
    if scope == "here" and not officer.sees_all:
        return _DOSSIERS.holder == officer.office
    return visible(officer)


def note_listing(site: Site, officer: Officer, words: str = "") -> None:
    """Write down that an officer looks at a list of names, or searches: by what, and which search was the same.

    The words are somebody's name or number, so a keyed hash stands for them: who has the words can ask for it.
    """
    what = "listed"
    if words:
        kind = "code" if _is_code(words) else "id" if words.replace(" ", "").isdigit() else "name"
        mark = hmac.new(site.secret(), fold(words).encode("utf-8"), "sha256").hexdigest()[:12]
        what = f"search-{kind}:{mark}"
    with site.engine.begin() as db:
        ledger.note(db, at=site.now(), who=f"officer:{officer.user}", what=what)


def listed(site: Site, officer: Officer, wanted: Wanted) -> Listed:
    """Return one page: what is open by deadline, what is closed and what was searched by its last change."""
    asked = select(ledger.dossiers)
    is_by_deadline = not wanted.words and wanted.state not in set(CLOSED)
    if wanted.words:
        asked = asked.where(visible(officer), *_found_by(wanted.words))
    else:
        asked = asked.where(_in_scope(officer, wanted.scope))
        if wanted.state:
            asked = asked.where(_DOSSIERS.state == wanted.state)
    if is_by_deadline:
        asked = asked.where(_DOSSIERS.due_at.is_not(None), *_due(site, wanted.due))
        order = (_DOSSIERS.due_at, _DOSSIERS.id)
        if wanted.after is not None:
            asked = asked.where(tuple_(*order) > tuple_(*wanted.after))
        asked = asked.order_by(*order)
    else:
        asked = asked.where(IS_THERE)
        order = (_DOSSIERS.changed_at, _DOSSIERS.id)
        if wanted.after is not None:
            asked = asked.where(tuple_(*order) < tuple_(*wanted.after))
        asked = asked.order_by(*(column.desc() for column in order))
    with site.engine.connect() as db:
        if wanted.words and db.dialect.name == "postgresql":
            # A name that everybody has and one that nobody has want two plans; a prepared statement would keep one.
            db.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")
        rows = list(db.execute(asked.limit(PAGE + 1)))
    shown = rows[:PAGE]
    if len(rows) <= PAGE:
        return Listed(shown, None)
    last = shown[-1]
    return Listed(shown, (last.due_at if is_by_deadline else last.changed_at, last.id))


def _due(site: Site, due: str) -> list[ColumnElement[bool]]:
    now = site.now()
    if due == "overdue":
        return [_DOSSIERS.due_at < now]
    if due == "soon":
        return [_DOSSIERS.due_at >= now, _DOSSIERS.due_at <= soon_until(site.clock.now())]
    return []


def counts(site: Site, officer: Officer, scope: str) -> dict[str, int]:
    """Return how many are in each open state, overdue and soon, each counted to `MOST_COUNTED` at most."""
    place = _in_scope(officer, scope)
    kinds: dict[str, list[ColumnElement[bool]]] = {
        state.value: [_DOSSIERS.due_at.is_not(None), _DOSSIERS.state == state.value] for state in OPEN
    }
    kinds |= {due: _due(site, due) for due in ("overdue", "soon")}
    kinds["open"] = [_DOSSIERS.due_at.is_not(None)]
    parts = [
        select(func.count())
        .select_from(select(_DOSSIERS.id).where(place, *conditions).limit(MOST_COUNTED).subquery())
        .scalar_subquery()
        .label(name)
        for name, conditions in kinds.items()
    ]
    with site.engine.connect() as db:
        return dict(db.execute(select(*parts)).one()._mapping)


# --- search ----------------------------------------------------------------------------------------------------


def _found_by(text: str) -> list[ColumnElement[bool]]:
    """Return the conditions of a search: every word a beginning; digits also the end of an ID number."""
    whole = " ".join(text.split())[:100]
    if READABLE.match(whole.upper()):
        return [_has_word(condensed(whole))]
    if re.fullmatch(r"[\w.]+-[\w.-]+", whole):
        return [_has_word(number_word(whole))]
    words = words_of(whole)[:8]
    if not words:
        return [_DOSSIERS.id == ""]
    return [or_(*(_has_word(one) for one in _readings(word))) for word in words]


def _is_code(text: str) -> bool:
    return READABLE.match(text.upper()) is not None or re.fullmatch(r"[\w.]+-[\w.-]+", text) is not None


def _readings(word: str) -> list[str]:
    return [word, turned(word)] if word.isdigit() and len(word) >= 4 else [word]


def _has_word(start: str) -> ColumnElement[bool]:
    word = ledger.dossier_words.c
    return exists().where(word.dossier == _DOSSIERS.id, word.word >= start, word.word < start + "\U0010ffff")


# --- one dossier -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a dossier's history. `kind` is a deed's name, or `arrived` for a revision of the device."""

    at: str
    kind: str
    name: str
    office: str | None
    note: str
    detail: str
    version: int = 0
    revision: int = 0


def dossier(site: Site, officer: Officer, dossier_id: str, *, what: str = "read") -> Row[Any] | None:
    """Return one dossier that this officer may see, and note in the audit who read it."""
    with site.engine.begin() as db:
        theirs = select(ledger.dossiers).where(_DOSSIERS.id == dossier_id, visible(officer), IS_THERE)
        row = db.execute(theirs).first()
        if row is not None:
            ledger.note(db, at=site.now(), who=f"officer:{officer.user}", what=what, dossier=dossier_id)
    return row


def envelope_bytes(site: Site, dossier_id: str, *, revision: int | None = None) -> bytes | None:
    """Return the stored bytes of a revision, the newest one unless said otherwise."""
    one = ledger.revisions.c
    wanted = select(one.body).where(one.dossier == dossier_id)
    if revision is not None:
        wanted = wanted.where(one.revision == revision)
    with site.engine.connect() as db:
        found = db.execute(wanted.order_by(one.revision.desc()).limit(1)).scalar()
    return None if found is None else bytes(found)


def envelope_before(site: Site, dossier_id: str, revision: int) -> bytes | None:
    """Return the stored bytes of the revision before one; a number that was given up is passed over."""
    one = ledger.revisions.c
    wanted = select(one.body).where(one.dossier == dossier_id, one.revision < revision)
    with site.engine.connect() as db:
        found = db.execute(wanted.order_by(one.revision.desc()).limit(1)).scalar()
    return None if found is None else bytes(found)


def remark(site: Site, dossier_id: str, number: int) -> str:
    """Return what an officer should know of how a revision was checked, in one word; mostly nothing."""
    one = ledger.revisions.c
    with site.engine.connect() as db:
        wanted = select(one.remark).where(one.dossier == dossier_id, one.revision == number)
        return db.execute(wanted).scalar() or ""


def revision(site: Site, dossier_id: str) -> int:
    """Return the number of the newest revision, 0 for a dossier there is not."""
    with site.engine.connect() as db:
        return int(db.execute(select(_DOSSIERS.revision).where(_DOSSIERS.id == dossier_id)).scalar() or 0)


def media_type(site: Site, row: Row[Any], sha256: str) -> str | None:
    """Return the media type of a file of this dossier or of its result, None if it has no such file.

    A dossier that names bytes which only others ever brought does not have them.
    """
    file, blob = ledger.files.c, ledger.blobs.c
    is_result = bool(row.result) and json.loads(row.result)["sha256"] == sha256
    named = select(file.sha256).where(file.dossier == row.id, file.sha256 == sha256)
    brought = select(blob.media_type).where(blob.owner == row.device, blob.sha256 == sha256)
    with site.engine.connect() as db:
        found: str | None = db.execute(brought if is_result else brought.where(named.exists())).scalar()
    return found


def names(site: Site, users: Collection[str]) -> dict[str, str]:
    """Return user -> name of these officers."""
    one = ledger.officers.c
    if not users:
        return {}
    with site.engine.connect() as db:
        return {row.user: row.name for row in db.execute(select(one.user, one.name).where(one.user.in_(users)))}


def history(site: Site, dossier_id: str, *, since: int = 0) -> list[Happened]:
    """Return what happened, newest first; with `since` only the deeds that made a later version."""
    deed, revision = ledger.deeds.c, ledger.revisions.c
    with site.engine.connect() as db:
        deeds = db.execute(select(ledger.deeds).where(deed.dossier == dossier_id, deed.version > since)).all()
        came = (
            []
            if since
            else db.execute(select(revision.revision, revision.arrived_at).where(revision.dossier == dossier_id)).all()
        )
    found = [
        Happened(one.at, one.deed, one.name, one.office, one.note or "", one.detail or "{}", version=one.version)
        for one in deeds
    ]
    found += [Happened(one.arrived_at, "arrived", "", None, "", "{}", revision=one.revision) for one in came]
    return sorted(found, key=lambda one: (one.at, one.version), reverse=True)


def audit_page(site: Site, officer: Officer, before: int | None, dossier_id: str = "") -> list[Row[Any]]:
    """Return a page of the audit, newest first: who read or changed what; and write down who reads it.

    `dossier_id` may be a dossier's office number too, which is what stands on its slip.
    """
    line, named = ledger.audit.c, ledger.dossiers.c
    wanted = (
        select(ledger.audit, named.office_number, named.id.label("known"))
        .outerjoin(ledger.dossiers, named.id == line.dossier)
        .order_by(line.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        wanted = wanted.where(line.id < before)
    with site.engine.begin() as db:
        if dossier_id:
            by_number = select(named.id).where(named.office_number == dossier_id.upper())
            dossier_id = db.execute(by_number).scalar() or dossier_id
            wanted = wanted.where(line.dossier == dossier_id)
        rows = list(db.execute(wanted))
        ledger.note(db, at=site.now(), who=f"officer:{officer.user}", what="read-audit", dossier=dossier_id or None)
    return rows
