"""What needs a hand today."""

from dataclasses import dataclass
from typing import Final

from bnhelper.catalogue.pack import Summary
from bnhelper.domain.custody import StatusKey
from bnhelper.domain.dossier import DossierRow
from bnhelper.store import dossiers
from bnhelper.store.open_machine import OpenMachine

_ATTENTION: Final = (StatusKey.SUPPLEMENT, StatusKey.REFUSED, StatusKey.SENDFAIL, StatusKey.RESULT)
#: what residents ask for most at the door (domain facts: birth, residence, certification, insurance, pension)
_OFTEN: Final = ("1.001193", "1.014027", "1.004194", "2.000815", "1.001939", "1.014063", "1.004873", "1.000656")


@dataclass(frozen=True, slots=True)
class Today:
    """The home screen's content."""

    resume: DossierRow | None
    attention: tuple[DossierRow, ...]
    more_attention: int
    other_drafts: tuple[DossierRow, ...]
    often: tuple[Summary, ...]
    pack_built_on: str


def today(machine: OpenMachine) -> Today:
    """Return what goes on first: the work in hand, then what came back, by deadline."""
    with machine.store.read() as db:
        drafts = dossiers.open_drafts(db)
        rows = dossiers.every(db)
    far = "9999"
    waiting = sorted(
        (row for row in rows if row.status in _ATTENTION and row not in drafts[:1]),
        key=lambda row: (_ATTENTION.index(row.status), row.deadline.isoformat() if row.deadline else far),
    )
    pack = machine.library.newest
    return Today(
        resume=drafts[0] if drafts else None,
        attention=tuple(waiting[:5]),
        more_attention=max(0, len(waiting) - 5),
        other_drafts=tuple(drafts[1:4]),
        often=tuple(pack.summaries(_OFTEN)),
        pack_built_on=pack.built_on,
    )
