"""Opens a dossier that the province refused, at the first place it named."""

from collections.abc import Callable, Sequence

from bnhelper.actions.lock_dossier import unlock_dossier
from bnhelper.ids import DossierId
from bnhelper.queries.named_places import AskedField, AskedPaper
from ui.presenters import routes
from ui.presenters.desk import Desk


def first_place(dossier: DossierId, fields: Sequence[AskedField], papers: Sequence[AskedPaper]) -> routes.Route:
    """Return the page of the first thing that is named, or the task list where nothing is."""
    if fields:
        return routes.Question(dossier, fields[0].section, fields[0].page, fields[0].path)
    return routes.TakePhoto(dossier, papers[0].paper) if papers else routes.DossierTasks(dossier)


def names_of(fields: Sequence[AskedField], papers: Sequence[AskedPaper]) -> list[str]:
    """Return everything that is named, as a person knows it."""
    return [*(field.label for field in fields), *(paper.name for paper in papers)]


def open_to_mend(
    desk: Desk, dossier: DossierId, target: routes.Route, *, owner: object, failed: Callable[[BaseException], object]
) -> None:
    """Unlock a refused dossier and go to where it is to be mended."""

    def opened(_none: None) -> None:
        desk.changed()
        desk.navigator.go(target)

    desk.work.run(lambda: unlock_dossier(desk.machine, dossier, "refused"), owner=owner).then(opened).on_trouble(failed)
