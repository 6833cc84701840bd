"""A page of dossiers, filtered, those that need a person first."""

from dataclasses import dataclass
from typing import Final

from bnhelper.catalogue.search_key import fold
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
_NEED: Final = (
    StatusKey.SUPPLEMENT,
    StatusKey.REFUSED,
    StatusKey.SENDFAIL,
    StatusKey.DRAFT,
    StatusKey.RESULT,
    StatusKey.SENDING,
    StatusKey.READY,
)
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class DossierPage:
    """One page of the list with the counts of every filter."""

    rows: tuple[DossierRow, ...]
    total: int
    counts: dict[str, int]


def dossier_list(machine: OpenMachine, *, status_filter: str = "all", text: str = "", pages: int = 1) -> DossierPage:
    """Return the first `pages` pages of the dossiers of a filter whose name, procedure or code holds `text`."""
    with machine.store.read() as db:
        rows = dossiers.every(db, search_key=fold(text))
    counts = {name: sum(row.status in wanted for row in rows) for name, wanted in FILTERS.items()}
    chosen = [row for row in rows if row.status in FILTERS.get(status_filter, FILTERS["all"])]
    place = {status: index for index, status in enumerate(_NEED)}
    chosen.sort(key=lambda row: place.get(row.status, len(place)))  # stable: newest first inside a need
    return DossierPage(tuple(chosen[: PAGE * pages]), len(chosen), counts)


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
