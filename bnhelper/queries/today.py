"""What needs a hand today."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from bnhelper.catalogue.pack import Summary
from bnhelper.clock import from_text
from bnhelper.domain.custody import StatusKey
from bnhelper.domain.dossier import DossierRow
from bnhelper.ids import DossierId, FieldPath, PaperId
from bnhelper.queries.visit_list import TodaysVisits, todays_visits
from bnhelper.store import believed_time, dossiers, photos
from bnhelper.store.erasure import ended_long_ago, in_bin_too_long
from bnhelper.store.open_form import open_form
from bnhelper.store.open_machine import OpenMachine

_ATTENTION: Final = (StatusKey.SUPPLEMENT, StatusKey.REFUSED, StatusKey.SENDFAIL, StatusKey.RESULT)
_SHOWN: Final = 5
_MOST_MISSING: Final = 5  #: photos that are named; the first of many, once mended, makes room for the next
_MOST_COMPARED: Final = 60  #: deadlines are compared among the last changed of one need
#: what residents ask for most at the door (domain facts: birth, residence, certification, insurance, pension)
_OFTEN: Final = ("1.001193", "1.014027", "1.004194", "2.000815", "1.001939", "1.014063", "1.004873", "1.000656")


@dataclass(frozen=True, slots=True)
class MissingPhoto:
    """A photo whose file is gone from this machine: where it belongs, so that it can be taken again."""

    dossier: DossierRow
    paper: PaperId
    paper_name: dict[str, str]  #: by language
    taken_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DateInDoubt:
    """The clock went ahead so far that nothing is erased by it until somebody says that it is right."""

    days: int  #: since the date that was believed last
    waiting: int  #: dossiers that would be erased by the clock's date


@dataclass(frozen=True, slots=True)
class Today:
    """The home screen's content. `cut_off_at`: the program ended then without closing."""

    resume: DossierRow | None
    attention: tuple[DossierRow, ...]
    more_attention: int
    other_drafts: tuple[DossierRow, ...]
    often: tuple[Summary, ...]
    pack_built_on: str
    cut_off_at: dt.datetime | None
    missing: tuple[MissingPhoto, ...]
    in_doubt: DateInDoubt | None
    visits: TodaysVisits | None


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
        cut_off_at=machine.cut_off_at,
        missing=_missing(machine),
        in_doubt=date_in_doubt(machine),
        visits=todays_visits(machine),
    )


def date_in_doubt(machine: OpenMachine) -> DateInDoubt | None:
    """Return what waits for somebody's word about the date; None where nothing does."""
    now = machine.clock.now()
    with machine.store.read() as db:
        believed = believed_time.believed(db, now)
        if believed >= now:
            return None
        waiting = [len(in_bin_too_long(db, at)) + len(ended_long_ago(db, at)) for at in (now, believed)]
    return DateInDoubt((now - believed).days, waiting[0] - waiting[1]) if waiting[0] > waiting[1] else None


def _missing(machine: OpenMachine) -> tuple[MissingPhoto, ...]:
    """Name what was found missing at the start and still is, in the dossiers of who works here."""
    found = []
    for photo in machine.found.missing[:_MOST_MISSING]:
        with machine.store.read() as db:
            try:
                row = photos.sealed_row(db, photo)
            except photos.NoSuchPhoto:  # its dossier was erased meanwhile
                continue
            dossier = DossierId(row["dossier"])
            if row["removed_at"] or machine.photos.has(row["file"]) or not dossiers.is_there(db, dossier):
                continue
            form = open_form(db, dossier, machine.library, machine.clock)
        control = form.instance.form.controls.get(FieldPath(f"/data/documents/{row['paper']}"))
        names = {} if control is None else {one: control.label.in_language(one) for one in ("vi", "en")}
        found.append(MissingPhoto(form.row, PaperId(row["paper"]), names, from_text(row["at"])))
    return tuple(found)
