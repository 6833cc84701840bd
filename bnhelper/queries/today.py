"""What needs a hand today."""

from dataclasses import dataclass
from typing import Final

from bnhelper.catalogue.pack import Summary
from bnhelper.domain.custody import StatusKey
from bnhelper.domain.dossier import DossierRow
from bnhelper.store import dossiers
from bnhelper.store.open_machine import OpenMachine

_ATTENTION: Final = (StatusKey.SUPPLEMENT, StatusKey.REFUSED, StatusKey.SENDFAIL, StatusKey.RESULT)
_SHOWN: Final = 5
_MOST_COMPARED: Final = 60  #: deadlines are compared among the last changed of one need
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
        drafts = dossiers.open_drafts(db, 4)
        counted = dossiers.counts(db)
        waiting: list[DossierRow] = []
        for status in _ATTENTION:
            found = dossiers.page(db, [status], None, _MOST_COMPARED) if counted.get(status) else []
            found.sort(key=lambda row: row.deadline.isoformat() if row.deadline else "9999")
            waiting += [row for row in found if row not in drafts[:1]]
            if len(waiting) >= _SHOWN:
                break
    in_all = sum(counted.get(one, 0) for one in _ATTENTION) - sum(row.status in _ATTENTION for row in drafts[:1])
    pack = machine.library.newest
    return Today(
        resume=drafts[0] if drafts else None,
        attention=tuple(waiting[:_SHOWN]),
        more_attention=max(0, in_all - _SHOWN),
        other_drafts=tuple(drafts[1:4]),
        often=tuple(pack.summaries(_OFTEN)),
        pack_built_on=pack.built_on,
    )
