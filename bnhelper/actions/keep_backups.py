"""Backs the machine up into its own folder or on to a stick, rotated; a copy counts once it was restored and read.

The copies hold what `bnhelper-store backup` makes and are opened by what opened the machine when they were made.
"""

import datetime as dt
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from bnhelper.clock import from_text, to_text
from bnhelper.errors import KnownTrouble
from bnhelper.paths import Places
from bnhelper.store import installation
from bnhelper.store import tables as t
from bnhelper.store.backup import back_up
from bnhelper.store.ground import LEAST_FOR_NEW_WORK, DiskNearlyFull
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.disk import DiskFailed, told_as_trouble
from bnhelper.vault.keys import kinds, recovery_of

_EVERY: Final = dt.timedelta(hours=20)  #: a working day begins a little earlier or later than the last
_UNCHANGED: Final = dt.timedelta(days=7)  #: nothing new: still proved once a week that there is a copy that opens
_AGAIN: Final = dt.timedelta(hours=1)  #: after one that failed
_KEPT: Final = 3  #: the newest ones
_WEEKS: Final = 3  #: and the last one of this week and of the two before, from before what went wrong meanwhile
_UPGRADE_KEPT: Final = dt.timedelta(days=30)
_KEY: Final = "backups"
_NAME: Final = re.compile(r"bnhelper-[0-9a-f]{8}-(\d{8}T\d{6})Z\.backup")


class FolderGone(DiskFailed):
    """The folder that was chosen for backups is not there: a stick that is not plugged in."""

    code = "backup-folder-gone"


class BackupNotWhole(KnownTrouble):
    """The copy reads as it was written, but `photos` of the machine itself are missing or damaged."""

    code = "backup-not-whole"


@dataclass(frozen=True, slots=True)
class Proved:
    """A copy that was unpacked, opened and compared, page by page and photo by photo."""

    at: dt.datetime
    folder: str
    name: str
    size: int  #: bytes
    photos: int


@dataclass(frozen=True, slots=True)
class BackupState:
    """What is known of this machine's backups. `folder` is "" for the machine's own."""

    folder: str
    proved: Proved | None
    failed_code: str  #: why the last try failed; "" after one that did not
    failed_values: dict[str, str | int]  #: what the sentence of that trouble mentions
    failed_at: dt.datetime | None
    opens_elsewhere: (
        bool  #: whether a copy opens on another machine: by a passphrase, a key file or the ward's officers
    )


def backup_state(machine: OpenMachine) -> BackupState:
    """Return what is known of this machine's backups."""
    with machine.store.read() as db:
        return _state(machine, installation.get(db, _KEY, {}))


def choose_backup_folder(machine: OpenMachine, folder: Path | None) -> None:
    """Keep the next backups in `folder`, such as a stick; None for the machine's own folder."""
    with machine.store.write() as db:
        said = installation.get(db, _KEY, {})
        installation.put(db, _KEY, {**said, "folder": str(folder) if folder else "", "failed": None})


def backup_is_due(machine: OpenMachine) -> bool:
    """Tell whether it is time: a day after the last proved one where anything changed, an hour after a failed try.

    A clock that was set back makes a backup of the future, which counts for nothing.
    """
    now = machine.clock.now()
    with machine.store.read() as db:
        said = installation.get(db, _KEY, {})
        mark = _mark(db)
    state = _state(machine, said)
    if state.failed_at is not None and dt.timedelta() <= now - state.failed_at < _AGAIN:
        return False
    if state.proved is None or state.proved.at > now + _AGAIN:
        return bool(mark)
    age = now - state.proved.at
    return age >= (_EVERY if said.get("mark") != mark else _UNCHANGED)


def back_up_machine(machine: OpenMachine, goes_on: Callable[[], bool] = lambda: True) -> Proved:
    """Make one backup now, prove it by restoring it beside, then let older ones go.

    `goes_on` is asked again and again; when it says no, `BackupStopped` is raised and nothing is left behind. What
    fails is kept with the state, to be told. Raises FolderGone, DiskNearlyFull, DiskFull, DiskReadOnly, DiskFailed,
    BackupDamaged, BackupStopped, BackupNotWhole (the copy is kept: it holds everything the machine has).
    """
    try:
        return _back_up(machine, goes_on)
    except KnownTrouble as wrong:
        if wrong.code != "backup-stopped":
            with machine.store.write() as db:
                said = installation.get(db, _KEY, {})
                failed = {"code": wrong.code, "values": wrong.values, "at": to_text(machine.clock.now())}
                installation.put(db, _KEY, {**said, "failed": failed})
        raise


def _back_up(machine: OpenMachine, goes_on: Callable[[], bool]) -> Proved:
    now, places = machine.clock.now(), machine.places
    with machine.store.read() as db:
        said, mark = installation.get(db, _KEY, {}), _mark(db)
    folder = Path(said.get("folder") or places.backups)
    with told_as_trouble():
        if not said.get("folder"):
            folder.mkdir(exist_ok=True, mode=0o700)
        elif not folder.is_dir():
            raise FolderGone
        prefix = f"bnhelper-{machine.profile.device.replace('-', '')[-8:]}"
        _sweep(folder, prefix)
        _must_have_room(machine, folder)
    target = folder / f"{prefix}-{now:%Y%m%dT%H%M%SZ}.backup"
    found = back_up(places, machine.key, target, goes_on=goes_on)
    with told_as_trouble():
        size = target.stat().st_size
    proved = Proved(now, str(folder), target.name, size, found.whole)
    lacking = len(found.damaged) + len(found.missing)
    with machine.store.write() as db:
        kept = {
            "at": to_text(now), "folder": proved.folder, "name": proved.name, "size": size, "photos": found.whole,
        }  # fmt: skip
        whole = target.name if not lacking else said.get("whole", "")
        new = {"folder": said.get("folder", ""), "proved": kept, "mark": mark, "whole": whole, "failed": None}
        installation.put(db, _KEY, new)
        machine.note(db, Deed.BACKED_UP, photos=found.whole)
    _rotate(folder, target, whole)
    _forget_upgrades(places, now)
    if lacking:
        raise BackupNotWhole(photos=lacking)
    return proved


def _must_have_room(machine: OpenMachine, folder: Path) -> None:
    """A backup is written once and unpacked once to be read: twice the machine, for a while. Raises DiskNearlyFull."""
    places = machine.places
    size = places.store.stat().st_size + sum(one.stat().st_size for one in places.photos.glob("*.sealed"))
    free = shutil.disk_usage(folder).free
    if free < 2 * size + LEAST_FOR_NEW_WORK:
        raise DiskNearlyFull(free_mb=free // 1_000_000)


def _sweep(folder: Path, prefix: str) -> None:
    """Take away what a flat battery left of this machine's own: half copies, each as large as the machine."""
    for left in folder.glob(f"{prefix}-*.backup.part"):
        left.unlink(missing_ok=True)
    for left in folder.glob(f"{prefix}-*.backup.work"):
        shutil.rmtree(left, ignore_errors=True)


def _forget_upgrades(places: Places, now: dt.datetime) -> None:
    """Let the copies go that were kept before an upgrade: they hold, with its key, all that was erased since."""
    before = (now - _UPGRADE_KEPT).timestamp()
    with told_as_trouble():
        for one in places.backups.glob("before-*.db"):
            if one.stat().st_mtime < before:
                one.unlink(missing_ok=True)


def _rotate(folder: Path, newest: Path, whole: str) -> None:
    """Let older copies of this machine go: the newest three stay, and the last one of each of three weeks.

    The last copy with every photo stays in any case: what is missing since may be had from there.

    A copy that was made while the clock was ahead is no newer than the one made now: it counts as the oldest.
    """
    prefix = newest.name.rpartition("-")[0]
    found = [one for one in folder.glob(f"{prefix}-*.backup") if _NAME.fullmatch(one.name)]
    ours = sorted((one for one in found if _made_at(one) <= _made_at(newest)), key=_made_at, reverse=True)
    of_the_future = [one for one in found if one not in ours]
    last_of_week: dict[tuple[int, int], Path] = {}
    for one in ours:
        last_of_week.setdefault(_made_at(one).isocalendar()[:2], one)
    staying = {*[*ours, *of_the_future][:_KEPT], *list(last_of_week.values())[:_WEEKS], folder / whole}
    with told_as_trouble():
        for one in found:
            if one not in staying:
                one.unlink(missing_ok=True)


def _made_at(backup: Path) -> dt.datetime:
    found = _NAME.fullmatch(backup.name)
    assert found is not None
    return dt.datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=dt.UTC)


def _mark(db: Any) -> str:
    """Return a word that changes with everything worth a backup; "" for a machine with no dossier yet."""
    changed, count = db.execute(select(func.max(t.dossiers.c.changed_at), func.count()).select_from(t.dossiers)).one()
    if not count:
        return ""
    links = db.execute(select(func.max(t.events.c.id))).scalar()
    return f"{changed} {count} {links}"


def _state(machine: OpenMachine, said: dict[str, Any]) -> BackupState:
    kept, failed = said.get("proved"), said.get("failed")
    proved = None
    if kept is not None:
        proved = Proved(**{**kept, "at": from_text(kept["at"])})
    return BackupState(
        folder=said.get("folder", ""),
        proved=proved,
        failed_code=failed["code"] if failed else "",
        failed_values=failed["values"] if failed else {},
        failed_at=from_text(failed["at"]) if failed else None,
        opens_elsewhere=set(kinds(machine.places.keys)) != {"pin"} or recovery_of(machine.places.keys) is not None,
    )
