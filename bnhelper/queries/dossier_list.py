"""A page of dossiers, filtered, those that need a person first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from bnhelper.catalogue.search_key import fold
from bnhelper.clock import to_text
from bnhelper.domain.custody import StatusKey
from bnhelper.domain.dossier import DossierRow
from bnhelper.ids import DossierId, ProcedureCode
from bnhelper.store import dossiers
from bnhelper.store.open_machine import OpenMachine

#: filter -> the statuses it shows; the order is the order of the buttons
FILTERS: Final = {
    "all": frozenset(StatusKey),
    "draft": frozenset({StatusKey.DRAFT}),
    "ready": frozenset({StatusKey.READY, StatusKey.SENDING}),
    "sendfail": frozenset({StatusKey.SENDFAIL}),
    "delivered": frozenset({StatusKey.DELIVERED, StatusKey.RECEIVED, StatusKey.PROCESSING}),
    "supplement": frozenset({StatusKey.SUPPLEMENT}),
    "done": frozenset({StatusKey.RESULT, StatusKey.RETURNED, StatusKey.REFUSED, StatusKey.WITHDRAWN}),
}
#: what is shown first; inside one need the last changed is first
_NEEDS: Final = (
    frozenset({StatusKey.SUPPLEMENT}),
    frozenset({StatusKey.REFUSED}),
    frozenset({StatusKey.SENDFAIL}),
    frozenset({StatusKey.DRAFT}),
    frozenset({StatusKey.RESULT}),
    frozenset({StatusKey.SENDING}),
    frozenset({StatusKey.READY}),
    FILTERS["delivered"] | {StatusKey.RETURNED, StatusKey.WITHDRAWN},
)
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where a page ended: how far down the needs, and after which dossier of that need."""

    need: int
    after: dossiers.Place | None


@dataclass(frozen=True, slots=True)
class DossierPage:
    """One page of the list with the counts of every filter; `next` is where the one after it begins, if any."""

    rows: tuple[DossierRow, ...]
    total: int
    counts: dict[str, int]
    next: ListPlace | None


def dossier_list(
    machine: OpenMachine,
    *,
    status_filter: str = "all",
    text: str = "",
    start: ListPlace | None = None,
    size: int = PAGE,
) -> DossierPage:
    """Return a page of the dossiers of a filter in whose name, procedure or code every word of `text` begins a word.

    Pages go by place, not by number: what is sent or begun meanwhile neither repeats nor skips a row.
    """
    words = fold(text).split()
    chosen = FILTERS.get(status_filter, FILTERS["all"])
    place = start or ListPlace(0, None)
    with machine.store.read() as db:
        if words:
            matches = dossiers.matching(db, words)
            counted: Mapping[StatusKey, int] = Counter(status for status, _place in matches)
            rows, following = _page_of_matches(db, matches, chosen, place, size)
        else:
            counted = dossiers.counts(db)
            rows, following = _page_of_all(db, chosen & counted.keys(), place, size)
    counts = {name: sum(counted.get(one, 0) for one in wanted) for name, wanted in FILTERS.items()}
    total = sum(counted.get(one, 0) for one in chosen)
    return DossierPage(tuple(rows), total, counts, following)


def _page_of_all(
    db: Connection, chosen: frozenset[StatusKey], place: ListPlace, size: int
) -> tuple[list[DossierRow], ListPlace | None]:
    """Go down the needs, each by its index, until the page is full."""
    rows: list[DossierRow] = []
    while place.need < len(_NEEDS) and len(rows) < size:
        statuses, room = _NEEDS[place.need] & chosen, size - len(rows)
        more = dossiers.page(db, statuses, place.after, room) if statuses else []
        rows += more
        if len(more) < room:
            place = ListPlace(place.need + 1, None)
        else:
            place = ListPlace(place.need, dossiers.Place(to_text(more[-1].changed_at), more[-1].id))
    return rows, place if place.need < len(_NEEDS) else None


def _page_of_matches(
    db: Connection,
    matches: Sequence[tuple[StatusKey, dossiers.Place]],
    chosen: frozenset[StatusKey],
    place: ListPlace,
    size: int,
) -> tuple[list[DossierRow], ListPlace | None]:
    """Sort what was found as the list without words is, and read the page's rows whole."""
    need_of = {status: need for need, statuses in enumerate(_NEEDS) for status in statuses}
    found: list[list[dossiers.Place]] = [[] for _ in _NEEDS]
    for status, one in matches:
        need = need_of[status]
        is_left = need > place.need or (need == place.need and (place.after is None or _key(one) < _key(place.after)))
        if status in chosen and is_left:
            found[need].append(one)
    ordered = [
        ListPlace(need, one) for need, places in enumerate(found) for one in sorted(places, key=_key, reverse=True)
    ]
    page = ordered[:size]
    rows = dossiers.by_ids(db, [one.after.id for one in page if one.after is not None])
    return rows, page[-1] if len(ordered) > size else None


def _key(place: dossiers.Place) -> tuple[str, str]:
    return place.changed_at, place.id


def dossier(machine: OpenMachine, wanted: DossierId) -> DossierRow:
    """Return one dossier's row. Raises NoSuchDossier."""
    with machine.store.read() as db:
        return dossiers.get(db, wanted)


def has_dossier(machine: OpenMachine, wanted: DossierId) -> bool:
    """Tell whether a dossier is on this machine and belongs to who works here."""
    with machine.store.read() as db:
        return dossiers.is_there(db, wanted)


def same_person(machine: OpenMachine, procedure: ProcedureCode, id_number: str, but: DossierId) -> list[DossierRow]:
    """Return other dossiers of this procedure for the same ID number."""
    if not id_number:
        return []
    with machine.store.read() as db:
        return [row for row in dossiers.of_person(db, id_number) if row.procedure == procedure and row.id != but]
