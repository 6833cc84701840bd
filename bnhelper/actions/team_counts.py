"""Writes the counts a team leader may see, sealed under a key of their own; reads them without opening the store."""

import json
from pathlib import Path

from bnhelper.clock import from_text, province_date, to_text
from bnhelper.domain.team_counts import PersonCounts, TeamCounts
from bnhelper.paths import Places
from bnhelper.store import dossiers, people
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault import pin
from bnhelper.vault.keys import COUNTS, Opened, WrongKey, counts_key
from bnhelper.vault.sealed_file import SealedFile, seal

_ABOUT = b"team-counts"


def counts_path(places: Places) -> Path:
    return places.root / "counts.sealed"


def write_counts(machine: OpenMachine) -> TeamCounts:
    """Count every person's dossiers by status, and keep the counts for the leader. Raises DiskFull."""
    now = machine.clock.now()
    with machine.store.read() as db:
        everybody = people.every(db)
        rows = dossiers.every(db.execution_options(bn_person=None))
        held: dict[str, dict[str, int]] = {one.id: {} for one in everybody}
        for row in rows:
            mine = held.setdefault(row.holder, {})
            mine[row.status.value] = mine.get(row.status.value, 0) + 1
    found = TeamCounts(
        now,
        tuple(
            PersonCounts(one.name, one.role, one.standing(province_date(now)), held[one.id])
            for one in everybody
            if one.role.sees_content
        ),
    )
    content = json.dumps({"at": to_text(now), "people": [one.as_json() for one in found.people]}).encode("utf-8")
    seal(counts_path(machine.places), content, counts_key(machine.key), _ABOUT)
    return found


def close_machine(machine: OpenMachine) -> None:
    """Lock a machine; where a leader looks at its counts, they are brought up to date first."""
    try:
        with machine.store.read() as db:
            has_leader = any(not one.role.sees_content for one in people.every(db))
        if has_leader:
            write_counts(machine)
    finally:
        machine.close()


def read_counts(places: Places, way: Opened) -> TeamCounts:
    """Return the counts as they were when the machine was last locked; nothing of the store is opened.

    Raises WrongKey for a way that opens something else, SealedFileDamaged when no counts were written yet.
    """
    if way.opens != COUNTS:
        raise WrongKey(tries=0)
    with SealedFile(counts_path(places), way.key, _ABOUT) as file:
        said = json.loads(file.read_at(0, file.size))
    pin.right(places.tries)
    return TeamCounts(from_text(said["at"]), tuple(PersonCounts.from_json(one) for one in said["people"]))
