"""Where a person can go: one frozen record per screen, with everything the screen needs to open."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Never, Protocol, TypeVar, dataclass_transform

from bnhelper.ids import DossierId, FieldPath, PaperId, ProcedureCode

if TYPE_CHECKING:  # the window is painted before anything that opens a store is imported
    from bnhelper.actions.move_to_newest import MovedFrom
    from bnhelper.domain.team_counts import TeamCounts


@dataclass_transform(frozen_default=True)
class Route:
    """A place in the program: a frozen record. Two equal routes are the same place.

    Filling, equality and hash are said here once, where `dataclass` would compile them anew for each of thirty
    records: that cost the first paint 12 ms (measured).
    """

    def __init__(self, *values: Any, **named: Any) -> None:
        names = list(type(self).__annotations__)
        given = {**dict(zip(names, values, strict=False)), **named}
        if len(values) + len(named) != len(given) or not given.keys() <= set(names):
            raise TypeError(f"{type(self).__name__} takes {', '.join(names) or 'nothing'}")
        missing = [name for name in names if name not in given and not hasattr(type(self), name)]
        if missing:
            raise TypeError(f"{type(self).__name__} needs {', '.join(missing)}")
        vars(self).update((name, given[name] if name in given else getattr(type(self), name)) for name in names)

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"a place does not change: {name}")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def over_lock(self) -> "Route":
        """Return what is kept of this place while the machine is locked: nothing that names anybody."""
        return self


class FirstRun(Route):
    """Nothing is set up yet: language, purpose, invitation, PIN."""


class Unlock(Route):
    """The machine is locked."""


class Recover(Route):
    """The PIN is forgotten: two officers of the ward open the machine."""


class Restore(Route):
    """Put a backup back, on a new machine or where the data cannot be read."""


class LeaderCounts(Route):
    """What a team leader sees: numbers. The store stays shut."""

    counts: "TeamCounts"


class PeoplePage(Route):
    """Who works with this machine, its keys and its log."""


class DataRights(Route):
    """What was agreed to in one dossier, what was asked about the data, and by when it is due."""

    dossier: DossierId


class DossierHistoryPage(Route):
    """Who changed what in one dossier, and when."""

    dossier: DossierId


class Today(Route):
    """Home."""


class FindProcedure(Route):
    """Search procedures; `text` is what was typed in the top bar."""

    text: str = ""


class ProcedurePage(Route):
    """One procedure, whole."""

    code: ProcedureCode


class GuidePage(Route):
    """One guide for digital life, which ends in no dossier."""

    guide: str


class CaseQuestion(Route):
    """The questions that decide this family's case; `answers` are those given so far."""

    code: ProcedureCode
    answers: Mapping[FieldPath, str] = MappingProxyType({})
    at: FieldPath | None = None


class PersonalChecklist(Route):
    """The papers of this family's case; `full` shows the full list, the safe fallback."""

    code: ProcedureCode
    answers: Mapping[FieldPath, str] = MappingProxyType({})
    full: bool = False


class DossierTasks(Route):
    """The task list of one dossier; `focus` is the row to come back to.

    `moved` says where the draft was when it has just been moved to a newer pack, `left_behind` the answers that had
    no place there, as the screen says them.
    """

    dossier: DossierId
    focus: str = ""
    left_behind: tuple[str, ...] = ()
    moved: "MovedFrom | None" = None

    def over_lock(self) -> "DossierTasks":
        return DossierTasks(self.dossier, self.focus)


class Question(Route):
    """One page of one section; `back_to_check` returns to the check page after it."""

    dossier: DossierId
    section: str
    page: int = 0
    field: FieldPath | None = None
    back_to_check: bool = False


class ScanCard(Route):
    """Read a citizen card's QR code from an image and fill the applicant's fields."""

    dossier: DossierId


class TakePhoto(Route):
    """The papers of one dossier; `paper` is scrolled to."""

    dossier: DossierId
    paper: PaperId | None = None


class Consent(Route):
    """What is kept, what for, who sees it: agree or not."""

    dossier: DossierId


class CheckAnswers(Route):
    """Everything once more before locking."""

    dossier: DossierId


class ReceiptPage(Route):
    """The home receipt of a locked dossier."""

    dossier: DossierId


class DossierList(Route):
    """All dossiers of this machine; `status_filter` is a key of the list's filters or empty."""

    status_filter: str = ""
    text: str = ""


class Visits(Route):
    """Homes to visit: a list of this machine, the newest without a name, and the home that is looked at."""

    list_id: str = ""
    home: str = ""


class SupplementPage(Route):
    """Where a sent dossier is, and what the officer asks for."""

    dossier: DossierId


class SyncCentre(Route):
    """What waits, what was sent, what came back."""


class CarryByUsb(Route):
    """Seal what waits on to a stick, read what came back; of one dossier alone for the help desk."""

    dossier: DossierId | None = None


class ShowChain(Route):
    """A dossier's text as a chain of QR codes; without a dossier, the receipts that came for others."""

    dossier: DossierId | None = None


class ReadChain(Route):
    """Read a chain of QR codes that another machine shows."""


class TakeIn(Route):
    """The ward's machine: take sealed dossiers from neighbours and bring them to the province."""


class SendToWard(Route):
    """Hand what waits to the ward's machine beside this one."""


class SignInPage(Route):
    """Sign in at the province, or at `address` for a machine that knows none; `begins` opens the browser at once."""

    address: str = ""
    begins: bool = False


class SettingsPage(Route):
    """Language, theme, text size, province."""


class Help(Route):
    """Keys and first steps."""


Place = TypeVar("Place", bound=Route)


class Navigator(Protocol):
    """What takes a person somewhere; the window implements it."""

    def go(self, route: Route) -> None:
        """Show the screen of `route`; the present one goes on the way back."""
        ...

    def back(self) -> None:
        """Return to the screen before, with its state as it was asked anew."""
        ...

    def replace(self, route: Route) -> None:
        """Show `route` in the place of the present screen, which is not returned to."""
        ...

    def came_by(self, kind: type[Place]) -> Place | None:
        """Return the nearest place of a kind on the way here, the present one counted; None where there is none."""
        ...
