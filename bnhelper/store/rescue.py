"""Saves everything readable of a damaged machine into a new one, and says what could not be saved.

The damaged machine is only read. The new one is built beside its place, inspected, and moved there whole.
"""

import contextlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, insert, text

from bnhelper.clock import Clock
from bnhelper.domain.people import Role
from bnhelper.ids import PersonId, uuid7
from bnhelper.paths import Places
from bnhelper.store import installation, people
from bnhelper.store import tables as t
from bnhelper.store.backup import TargetExists, settle
from bnhelper.store.integrity import Integrity, inspect
from bnhelper.store.mending import Held, Mended, ProcedureOf, code_of, gather, mend
from bnhelper.store.open_store import KNOWN, StoreDamaged, StoreFromTheFuture, open_store
from bnhelper.store.photos import SealedPhotos, sealed_photos
from bnhelper.store.salvage_pages import SealedPages
from bnhelper.store.salvage_rows import Column, Row, Shape, broken, rows
from bnhelper.vault.disk import told_as_trouble
from bnhelper.vault.key_copies import KeysDamaged, content
from bnhelper.vault.signatures import SigningKey

_VERSION: Final = {"alembic_version": [Column("version_num", "TEXT", is_needed=True, is_rowid=False)]}


@dataclass(frozen=True, slots=True)
class Rescued:
    """What was saved and what was not, by counts, codes and random file names; nothing personal is in here."""

    pages: int
    broken_pages: int
    has_seal: bool  #: whether pages could be checked at all
    saved: dict[str, int]  #: table -> rows in the new store
    photos: int
    rebuilt: tuple[str, ...]
    doubtful: tuple[str, ...]
    unsealed: tuple[str, ...]
    lost_photos: tuple[str, ...]  #: "code paper" of photos whose file is gone or damaged
    nameless_files: int  #: photo files whose row, and so whose key, is gone
    strangers: int
    is_new_device: bool
    found: Integrity

    @property
    def is_everything(self) -> bool:
        return not (
            self.broken_pages
            or self.rebuilt
            or self.doubtful
            or self.unsealed
            or self.lost_photos
            or self.nameless_files
            or self.strangers
            or self.is_new_device
        )


def rescue(places: Places, key: bytes, target: Places, *, clock: Clock, procedure_of: ProcedureOf) -> Rescued:
    """Build a new machine at `target` from what can be read of the one at `places`, under the same keys.

    The caller holds the old machine's lock. Raises TargetExists, StoreDamaged when not one dossier or row of the
    store can be read, StoreFromTheFuture, DiskFull, DiskReadOnly, DiskFailed; then nothing is left behind.
    """
    if target.root.exists() and any(target.root.iterdir()):
        raise TargetExists
    pages = SealedPages(places.store, key)
    work = Places(target.root.with_name(f"{target.root.name}.work"))
    shutil.rmtree(work.root, ignore_errors=True)  # of an attempt that was cut off
    try:
        with told_as_trouble():
            work.make()
            work.keys.write_bytes(content(places.keys))
        made = _build(pages, places, key, work, clock, procedure_of)
        with told_as_trouble():
            _take_along(places, work)
            settle(work.root, target.root)
    finally:
        shutil.rmtree(work.root, ignore_errors=True)
    return made


def _build(
    pages: SealedPages, places: Places, key: bytes, work: Places, clock: Clock, procedure_of: ProcedureOf
) -> Rescued:
    photos = sealed_photos(places.photos, key)
    store = open_store(work.store, key, work.lock)
    try:
        with store.read() as db:
            shape = _shape(db)
        read = list(rows(pages, shape))
        _must_be_ours(read)
        mended = mend(gather(read), procedure_of, lambda row: photos.is_whole(row.values))
        _mend_identity(mended, clock)
        with store.write() as db:
            saved = _insert(db, mended.held)
            _mend_people(db, places, mended.held, clock)
    finally:
        store.close()
    lost = _copy_photos(photos, mended.held, places, work)
    named = {row.values["file"] for row in mended.held["photos"].values()}
    found = inspect(work.store, key, sealed_photos(work.photos, key))
    if found.pages or found.foreign_keys:
        raise StoreDamaged
    return Rescued(
        pages=pages.count,
        broken_pages=broken(pages),
        has_seal=pages.has_seal,
        saved=saved,
        photos=found.whole,
        rebuilt=tuple(mended.rebuilt),
        doubtful=tuple(mended.doubtful),
        unsealed=tuple(mended.unsealed),
        lost_photos=tuple(lost),
        nameless_files=len(set(photos.files()) - named),
        strangers=mended.strangers,
        is_new_device=mended.is_new_device,
        found=found,
    )


def _shape(db: Connection) -> Shape:
    """Return the columns of every table in the order of the records: new ones are only ever added at the end."""
    found: dict[str, list[Column]] = dict(_VERSION)
    for name, table in t.metadata.tables.items():
        has_one_key = len(table.primary_key) == 1
        found[name] = [
            Column(
                row.name, _affinity(row.type), bool(row.notnull), bool(has_one_key and row.pk and row.type == "INTEGER")
            )
            for row in db.execute(text(f"PRAGMA table_info({name})"))
        ]
    return found


def _affinity(kind: str) -> str:
    if kind in {"INTEGER", "BOOLEAN"}:
        return "INTEGER"
    return "BLOB" if kind == "BLOB" else "TEXT"


def _must_be_ours(read: Iterable[Row]) -> None:
    read = list(read)
    if not any(row.table != "alembic_version" for row in read):
        raise StoreDamaged
    for row in read:
        version = str(row.values.get("version_num"))
        if row.table == "alembic_version" and row.is_sure and version not in KNOWN:
            raise StoreFromTheFuture(version=version[:40])


def _mend_identity(mended: Mended, clock: Clock) -> None:
    """Give the machine a new identity where its own is lost; what it was enrolled with is then lost too."""
    profile = mended.held["profile"]
    for key, row in [*profile.items()]:
        try:
            json.loads(str(row.values["value"]))
        except ValueError:
            del profile[key]
    try:
        SigningKey.from_secret(json.loads(str(profile["signing",].values["value"])))
        is_whole = bool(json.loads(str(profile["device",].values["value"])))
    except (KeyError, ValueError, TypeError):
        is_whole = False
    if not is_whole:
        mended.is_new_device = True
        profile.pop(("province",), None)
        for name, value in (("device", uuid7(clock.now())), ("signing", SigningKey.generate().secret())):
            values: dict[str, Any] = {"key": name, "value": json.dumps(value)}
            profile[name,] = Row("profile", values, is_sure=True, is_reached=True)


def _mend_people(db: Connection, places: Places, held: Held, clock: Clock) -> None:
    """Let everybody in who has a key, and give every dossier that lost its holder to the keeper."""
    known = {one.id for one in people.every(db)}
    wanted = {str(row.values["holder"]) for row in held["dossiers"].values() if row.values.get("holder")}
    with contextlib.suppress(KeysDamaged, ValueError, TypeError, KeyError):
        wanted |= {str(way["person"]) for way in json.loads(content(places.keys))["ways"] if way.get("person")}
    name = str(installation.get(db, "person", ""))
    for person in sorted(wanted - known):
        role = Role.VOLUNTEER if any(one.role is Role.KEEPER for one in people.every(db)) else Role.KEEPER
        people.add(db, PersonId(person), name, role, at=clock.now())
    if people.every(db):
        people.adopt(
            db,
            people.keeper(db).id
            if any(one.role is Role.KEEPER for one in people.every(db))
            else people.every(db)[0].id,
        )


def _insert(db: Connection, held: Held) -> dict[str, int]:
    saved = {}
    for table in t.metadata.sorted_tables:
        rows_of = [row.values for row in held[table.name].values()]
        for values in rows_of:
            db.execute(insert(table).prefix_with("OR IGNORE").values(**values))
        saved[table.name] = len(rows_of)
    return saved


def _copy_photos(photos: SealedPhotos, held: Held, places: Places, work: Places) -> list[str]:
    """Copy every photo that opens; return the others by code and paper."""
    lost = []
    for row in held["photos"].values():
        if photos.is_whole(row.values):
            name = str(row.values["file"])
            with told_as_trouble():
                shutil.copyfile(places.photos / name, work.photos / name)
        else:
            lost.append(f"{code_of(held, row.values['dossier'])} {row.values['paper']!s}")
    return sorted(lost)


def _take_along(places: Places, work: Places) -> None:
    if places.settings.exists():
        shutil.copyfile(places.settings, work.settings)
    if places.packs.is_dir():
        shutil.copytree(places.packs, work.packs)
    work.lock.unlink(missing_ok=True)


def default_target(places: Places) -> Path:
    """Return where a rescued machine goes when nobody says: beside the damaged one."""
    return places.root.with_name(f"{places.root.name}-rescued")
