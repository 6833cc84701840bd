"""Deeds whose work is files of their own: what the crash tests kill beside what happens inside the store."""

import contextlib
import datetime as dt
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import sqlcipher3.dbapi2 as sqlcipher

import resources
from bnhelper.actions.unlock_machine import create_machine, machine_exists, unlock_machine
from bnhelper.authoring.build_pack import content_from
from bnhelper.authoring.publish import Publisher, make_keys, trusted_root
from bnhelper.authoring.sources import read_sources
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.pack_content import content_of, write_pack_file
from bnhelper.catalogue.pack_update import FolderSource, update
from bnhelper.command_line import store as command
from bnhelper.paths import Places
from bnhelper.settings import Settings, read_settings, write_settings
from bnhelper.store.backup import back_up, unpack
from bnhelper.store.integrity import inspect
from bnhelper.store.open_store import HEAD, KNOWN, open_store
from bnhelper.store.photos import sealed_photos
from bnhelper.vault import pin
from bnhelper.vault.disk import DiskFailed
from bnhelper.vault.keys import KeyFile, WrongKey, unwrap
from tests import factories
from tests.crash.deeds import LIBRARY, Cast
from tests.fakes.clock import FixedClock
from tests.store.dump import exhibit

_WORD: Final = b"tre xanh lua chin"
_OLD_KEY: Final = b"k" * 32
_OLDEST: Final = KNOWN[0]


@dataclass(frozen=True)
class FileDeed:
    """A deed on a closed machine; `look` returns what is there after it, or raises AssertionError when it is torn.

    `stage` makes, once, what every play only reads; `prepare` makes, in each copy, what the deed begins from.
    """

    do: Callable[[Path, Cast], object]
    look: Callable[[Path, Cast], object]
    prepare: Callable[[Path, Cast], object] = lambda _folder, _cast: None
    stage: Callable[[Cast], object] = lambda _cast: None


class Refused(DiskFailed):
    """A command ended with a sentence, which it has printed, and changed nothing."""


def _run(*arguments: object) -> None:
    """Run `bnhelper-store`; what it says is not for the sweep's own output."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = command.main([str(one) for one in arguments])
    if code == 2:
        raise Refused


def _whole(places: Places, key: bytes) -> str:
    found = inspect(places.store, key, sealed_photos(places.photos, key))
    assert found.is_whole, found
    return f"whole, {found.whole} photos"


# --- backup, restore, rescue ------------------------------------------------------------------------------------


def _back_up(folder: Path, cast: Cast) -> None:
    back_up(Places(folder / "data"), cast.key(folder), folder / "copy.bnbackup")


def _look_at_backup(folder: Path, cast: Cast) -> object:
    target = folder / "copy.bnbackup"
    if not target.exists():
        return "none"
    places = unpack(target, folder / "looked-at")
    try:
        return _whole(places, cast.key(folder))
    finally:
        shutil.rmtree(places.root)


def _stage_backup(cast: Cast) -> None:
    back_up(Places(cast.folder / "data"), cast.key(cast.folder), cast.stage / "kept.bnbackup")


def _restore(folder: Path, cast: Cast) -> None:
    _run("restore", cast.stage / "kept.bnbackup", "--folder", folder / "restored", "--key-file", folder / "key")


def _look_at_restored(folder: Path, cast: Cast) -> object:
    """What is at the target is a whole machine or nothing; and nothing can be made a machine by doing it again."""
    was_there = (folder / "restored").exists()
    if not was_there:
        _restore(folder, cast)
    return was_there, _whole(Places(folder / "restored"), cast.key(folder))


def _rescue(folder: Path, _cast: Cast) -> None:
    _run("rescue", "--folder", folder / "data", "--to", folder / "rescued", "--key-file", folder / "key")


def _look_at_rescued(folder: Path, cast: Cast) -> object:
    was_there = (folder / "rescued").exists()
    if not was_there:
        _rescue(folder, cast)
    assert _whole(Places(folder / "data"), cast.key(folder)), "the damaged machine is only read"
    return was_there, _whole(Places(folder / "rescued"), cast.key(folder))


# --- set-up, wrong tries, settings ------------------------------------------------------------------------------


def _set_up(folder: Path, _cast: Cast) -> None:
    create_machine(
        Places(folder / "new"), KeyFile(folder / "key"), person="A", unit=None, library=LIBRARY, clock=FixedClock(),
        cost=factories.CHEAP,
    ).close()  # fmt: skip


def _look_at_set_up(folder: Path, cast: Cast) -> object:
    """There is a machine that opens, or none and one can be made."""
    places = Places(folder / "new")
    is_made = machine_exists(places)
    if not is_made:
        _set_up(folder, cast)
    unlock_machine(places, KeyFile(folder / "key"), library=LIBRARY, clock=FixedClock()).close()
    return is_made, _whole(places, unwrap(places.keys, KeyFile(folder / "key")))


def _stranger(folder: Path, _cast: Cast) -> None:
    (folder / "stranger").write_bytes(b"s" * 32)


def _wrong_pin(folder: Path, _cast: Cast) -> None:
    with contextlib.suppress(WrongKey):
        unlock_machine(Places(folder / "data"), KeyFile(folder / "stranger"), library=LIBRARY, clock=FixedClock())


def _look_at_tries(folder: Path, _cast: Cast) -> object:
    places = Places(folder / "data")
    if places.tries.exists():
        json.loads(places.tries.read_text(encoding="utf-8"))
    return (pin.tries(places.tries),)


def _settings(folder: Path, _cast: Cast) -> None:
    write_settings(Places(folder / "data").settings, Settings(theme="dark", text_percent=150))


def _look_at_settings(folder: Path, _cast: Cast) -> object:
    found = read_settings(Places(folder / "data").settings)
    return (found.theme, found.text_percent)


# --- the upgrade of an old store --------------------------------------------------------------------------------


def _stage_old_store(cast: Cast) -> None:
    db = sqlcipher.connect(str(cast.stage / "old.db"), isolation_level=None)
    db.execute(f"PRAGMA key = \"x'{_OLD_KEY.hex()}'\"")
    for what in ("schema", "rows"):
        db.executescript(exhibit(_OLDEST, what).read_text(encoding="utf-8"))
    db.close()


def _put_old_store(folder: Path, cast: Cast) -> None:
    (folder / "old").mkdir()
    shutil.copyfile(cast.stage / "old.db", folder / "old" / "store.db")


def _upgrade(folder: Path, _cast: Cast) -> None:
    open_store(folder / "old" / "store.db", _OLD_KEY, folder / "old" / "store.lock").close()


def _rows(path: Path) -> tuple[str, list[tuple[str, int]]]:
    db = sqlcipher.connect(str(path), isolation_level=None)
    try:
        db.execute(f"PRAGMA key = \"x'{_OLD_KEY.hex()}'\"")
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        told = [
            (name, hash(tuple(sorted(repr(row[:3]) for row in db.execute(f'SELECT * FROM "{name}"')))))
            for name in names
            if not name.startswith(("dossier_search", "alembic"))
        ]
        return db.execute("SELECT version_num FROM alembic_version").fetchone()[0], told
    finally:
        db.close()


def _look_at_upgraded(folder: Path, cast: Cast) -> object:
    """The store is the old or the new one; the program's own door makes the new one of both, and keeps the old."""
    store = folder / "old" / "store.db"
    before, _told = _rows(store)
    assert before in {_OLDEST, HEAD}, before
    _upgrade(folder, cast)
    kept = store.parent / "backups" / f"before-{_OLDEST}.db"
    assert _rows(kept) == _rows(cast.stage / "old.db"), "the copy from before the upgrade is not what was before"
    now, told = _rows(store)
    assert now == HEAD
    return before, told


# --- a procedure pack that comes ---------------------------------------------------------------------------------


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)  # what is published is judged by the machine's own clock


def _stage_packs(cast: Cast) -> None:
    sources = read_sources(resources.resource("procedures").parent)
    words = {**sources.words, "everyday": {}, "retired": {}, "life_events": []}
    few = tuple(one for one in sources.procedures if one["code"] in {"1.001193", "1.000894"})
    small = replace(sources, procedures=few, stubs=sources.stubs[:2], words=words, guides=())
    newer = replace(
        small,
        procedures=({**few[0], "deadline_vi": "Hạn mới"}, *few[1:]),
        meta={**small.meta, "compiled": "2026-11-25"},
    )
    make_keys(cast.stage / "keys", _WORD)
    for number, one in enumerate((small, newer)):
        write_pack_file(content_from(one), cast.stage / f"{number}.bnpack")
        Publisher.open(cast.stage / "repository", cast.stage / "keys", _WORD, _now()).publish(
            cast.stage / f"{number}.bnpack"
        )
        if number == 0:
            root = trusted_root(cast.stage / "repository")
            update(FolderSource(cast.stage / "repository"), cast.stage / "packs", root, _now())


def _put_old_pack(folder: Path, cast: Cast) -> None:
    shutil.copytree(cast.stage / "packs", folder / "packs")


def _install(folder: Path, cast: Cast) -> None:
    (here,) = [pack for pack in _packs(folder) if pack.sha256 == Pack(cast.stage / "0.bnpack").sha256]
    repository = cast.stage / "repository"
    update(FolderSource(repository), folder / "packs", trusted_root(repository), _now(), here)


def _packs(folder: Path) -> list[Pack]:
    return [Pack(path) for path in sorted((folder / "packs").glob("*.bnpack"))]


def _look_at_packs(folder: Path, cast: Cast) -> object:
    """Every pack that is there is whole, the one in use among them, and doing it again brings the new one."""
    there = _packs(folder)
    assert all(content_of(one).sha256() == one.sha256 for one in there)
    _install(folder, cast)
    now = [one.sha256 for one in _packs(folder)]
    assert Pack(cast.stage / "1.bnpack").sha256 in now
    assert not [path.name for path in (folder / "packs").iterdir() if ".part" in path.name]
    return [one.sha256 for one in there]


FILE_DEEDS: Final = {
    "backup": FileDeed(_back_up, _look_at_backup),
    "restore": FileDeed(_restore, _look_at_restored, stage=_stage_backup),
    "rescue": FileDeed(_rescue, _look_at_rescued),
    "set-up": FileDeed(_set_up, _look_at_set_up),
    "wrong pin": FileDeed(_wrong_pin, _look_at_tries, _stranger),
    "settings": FileDeed(_settings, _look_at_settings),
    "upgrade": FileDeed(_upgrade, _look_at_upgraded, _put_old_store, _stage_old_store),
    "pack": FileDeed(_install, _look_at_packs, _put_old_pack, _stage_packs),
}
