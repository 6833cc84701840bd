"""Writes a file for the help desk: counts, versions and safe log lines, and a list of itself; nothing personal.

Every fact is a number, a member of an enumeration, or a text the program itself made (`logs.Code`); a fact of another
type is a bug, so nothing a resident said has a way in.
"""

import enum
import json
import os
import platform
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from sqlalchemy import func, select, text

from bnhelper.clock import Clock, to_text
from bnhelper.errors import Bug
from bnhelper.logs import CRASHES, NAME, Code
from bnhelper.paths import Places
from bnhelper.settings import read_settings
from bnhelper.store import audit, dossiers
from bnhelper.store import tables as t
from bnhelper.store.backup import TargetExists
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault import keys, pin
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.sealed_file import DiskFull

Fact = int | float | bool | enum.Enum | Code | None
_PARTS: Final = ("bnhelper", "PySide6_Essentials", "sqlcipher3", "cryptography", "SQLAlchemy", "keyring")
_ABOUT: Final = {
    "machine.json": "versions, sizes and counts / phiên bản, dung lượng và số đếm",
    NAME: "what the program noted: codes and numbers / nhật ký chương trình: mã và con số",
    CRASHES: "where the program failed, by line / chỗ chương trình bị lỗi, theo dòng",
}
_LONGEST_LOG: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was written: the file, and each entry with its size."""

    path: Path
    entries: tuple[tuple[str, int], ...]


def make_support_bundle(target: Path, places: Places, clock: Clock, machine: OpenMachine | None = None) -> Bundle:
    """Write the bundle; of a locked machine it holds what can be seen from outside. Raises TargetExists, DiskFull."""
    if target.exists():
        raise TargetExists
    facts = {"made_at": Code(to_text(clock.now())), **_outside(places)}
    if machine is not None:
        with machine.store.write() as db:
            machine.note(db, Deed.SUPPORT_BUNDLE_MADE)
        facts |= _inside(machine)
    parts = {"machine.json": json.dumps(as_json(facts), indent=1).encode("utf-8")}
    for name in (NAME, f"{NAME}.1", CRASHES):
        path = places.root / "logs" / name
        if path.is_file():
            parts[name] = path.read_bytes()[-_LONGEST_LOG:]
    said = ["This file holds / Tệp này gồm:", ""]
    said += [f"{name}  {len(one)} B  {_ABOUT.get(name, _ABOUT[NAME])}" for name, one in parts.items()]
    said += ["", "No name, number, answer or photo of anybody. / Không có tên, số, câu trả lời hay ảnh của ai.", ""]
    parts = {"contents.txt": "\n".join(said).encode("utf-8"), **parts}
    try:
        with target.open("xb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
                for name, content in parts.items():
                    pack.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as wrong:
        target.unlink(missing_ok=True)
        raise DiskFull from wrong
    return Bundle(target, tuple((name, len(content)) for name, content in parts.items()))


def as_json(facts: Mapping[str, Fact]) -> dict[str, object]:
    """Return the facts for a file. Raises Bug for one that is not of a type that can be shown."""
    said: dict[str, object] = {}
    for name, value in facts.items():
        if isinstance(value, enum.Enum):
            said[name] = value.name
        elif value is None or type(value) in {int, float, bool, Code}:
            said[name] = value
        else:
            raise Bug(f"the support bundle has no place for {name}")
    return said


def _outside(places: Places) -> dict[str, Fact]:
    """Return what can be seen of a locked machine."""
    photos = [path.stat().st_size for path in places.photos.glob("*.sealed")] if places.photos.is_dir() else []
    free = shutil.disk_usage(places.root if places.root.is_dir() else places.root.anchor or "/").free
    settings = read_settings(places.settings)
    found: dict[str, Fact] = {
        "system": Code(platform.system()),
        "system_release": Code(platform.release()),
        "architecture": Code(platform.machine()),
        "python": Code(platform.python_version()),
        "disk_free_mb": free // 1_000_000,
        "store_bytes": places.store.stat().st_size if places.store.is_file() else None,
        "photo_files": len(photos),
        "photo_bytes": sum(photos),
        "backups": len(list(places.backups.iterdir())) if places.backups.is_dir() else 0,
        "wrong_tries": pin.tries(places.tries),
        "has_keys": places.has_keys,
        "language": Code(settings.language),
        "theme": Code(settings.theme),
        "text_percent": settings.text_percent,
    }
    for part in _PARTS:
        try:
            found[f"version_{part}"] = Code(version(part))
        except PackageNotFoundError:
            found[f"version_{part}"] = None
    return found


def _inside(machine: OpenMachine) -> dict[str, Fact]:
    """Return the counts of an open machine, everybody's."""
    with machine.store.read() as db:
        rows = dossiers.every(db.execution_options(bn_person=None))
        found: dict[str, Fact] = {
            "store_version": Code(db.execute(text("SELECT version_num FROM alembic_version")).scalar_one()),
            "dossiers": len(rows),
            "people": db.execute(select(func.count()).select_from(t.people)).scalar_one(),
            "audit_links": audit.length(db),
            "uploads_begun": db.execute(select(func.count()).select_from(t.uploads)).scalar_one(),
            "events": db.execute(select(func.count()).select_from(t.events)).scalar_one(),
            "photos_missing": len(machine.found.missing),
            "is_enrolled": machine.profile.province is not None,
            "has_ward_key": keys.recovery_of(machine.places.keys) is not None,
            "device": Code(machine.profile.device),
            "pack": Code(machine.library.newest.version),
        }
    for row in rows:
        name = f"dossiers_{row.status.name.lower()}"
        found[name] = int(found.get(name) or 0) + 1  # type: ignore[arg-type]
    return found
