"""Where a draft was left, in words: the section, and how much is still to do."""

from dataclasses import dataclass

from bnhelper.domain.dossier import DossierRow
from bnhelper.queries.dossier_tasks import dossier_tasks
from bnhelper.store.open_machine import OpenMachine


@dataclass(frozen=True, slots=True)
class WhereLeft:
    """The section on the screen when it was left ("" for the task list), and the sections not done yet."""

    section: str
    sections_left: int


def where_left(machine: OpenMachine, row: DossierRow, language: str) -> WhereLeft:
    """Return where a draft was left. Raises NoSuchDossier."""
    tasks = dossier_tasks(machine, row.id, language)
    at = row.place.partition("/")[0] if row.screen == "question" and row.place else ""
    title = next((one.title for one in tasks.sections if one.id == at), "")
    return WhereLeft(title, tasks.total_count - tasks.done_count)
