"""Brings a newer pack on to this machine: signed, whole or not at all, from a folder or from the network.

The Update Framework decides what may be trusted (forged, rolled back, frozen and mixed metadata are refused by its
reference client); here stands what is ours: where the bytes come from, how the way from the version that is here
is taken, and that the old pack stays in use until the new one lies checked on the disk.
"""

import datetime as dt
import json
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import sqlcipher3.dbapi2 as sqlite
import zstandard
from tuf.api.exceptions import DownloadError, DownloadHTTPError, ExpiredMetadataError, RepositoryError
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from bnhelper.catalogue.pack import Pack, PackDamaged, PackFromTheFuture
from bnhelper.catalogue.pack_amend import amend_pack_file, can_be_amended, changes_to
from bnhelper.catalogue.pack_content import content_of, write_pack_file
from bnhelper.catalogue.pack_delta import DeltaDoesNotFit
from bnhelper.errors import KnownTrouble
from bnhelper.vault.disk import of_the_disk, told_as_trouble
from bnhelper.vault.sealed_file import sync_folder

NEWEST: Final = "newest.json"  #: the target that names the newest version and its content
_BASE: Final = "https://packs.invalid"  #: names the two folders of a source; never looked up
_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,120}")
_VERSION: Final = re.compile(r"[0-9]{4}\.[0-9]{2}\.[0-9]{2}-[0-9a-f]{8}")
_MOST_PACK: Final = 200_000_000
_PIECE: Final = 65_536
#: A machine whose clock stands before this day cannot judge what is fresh.
_EARLIEST: Final = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
_ONE_AT_A_TIME: Final = threading.Lock()
_CONFIG: Final = UpdaterConfig(targets_max_length=200_000, snapshot_max_length=50_000, prefix_targets_with_hash=False)


class UpdateRefused(KnownTrouble):
    """What was offered cannot be trusted, or does not fit; the pack that is here stays in use."""

    code = "update-refused"


class UpdateNotThere(KnownTrouble):
    """Nothing could be fetched: no network, no stick, or nothing on it."""

    code = "update-not-there"


class UpdateTooOld(KnownTrouble):
    """What was offered is past its date: somebody may be holding newer packs back."""

    code = "update-too-old"


class ClockAbsurd(KnownTrouble):
    """The clock is wrong, so nothing can be judged fresh. Packs that are here can be used all the same."""

    code = "clock-absurd"


class PackSource(Protocol):
    """Where packs come from: a stick, a neighbour's folder, a server."""

    def read(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of `metadata/NAME` or `targets/NAME`. Raises FileNotFoundError, OSError."""
        ...


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder as a publisher made it, on a stick; or the folder of packs of the machine beside, which has the same."""

    folder: Path

    def read(self, name: str) -> Iterator[bytes]:
        path = self.folder / name
        kind, _, file_name = name.partition("/")
        if not path.exists() and kind == "metadata":
            path = self.folder / kind / "root_history" / file_name  # where TUF's client keeps the roots it has seen
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


class _Fetcher(FetcherInterface):
    """Hands the client's requests to a source; a name that is no plain file name never reaches it."""

    def __init__(self, source: PackSource) -> None:
        self._source = source

    def _fetch(self, url: str) -> Iterator[bytes]:
        kind, _, name = url.removeprefix(f"{_BASE}/").partition("/")
        if kind not in {"metadata", "targets"} or not _NAME.fullmatch(name):
            raise DownloadError("no name of a file")
        return self._pieces(f"{kind}/{name}")

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            yield from self._source.read(name)
        except FileNotFoundError as wrong:
            raise DownloadHTTPError("not there", 404) from wrong
        except OSError as wrong:
            raise DownloadError("cannot be read") from wrong


@dataclass(frozen=True, slots=True)
class Updated:
    """What came of an update: the version now newest here, whether it is new, and how many bytes came."""

    version: str
    is_new: bool
    bytes_fetched: int


def update(source: PackSource, folder: Path, root: bytes, now: dt.datetime, here: Pack | None = None) -> Updated:
    """Bring the newest pack of `source` into `folder`; `here` is the newest one this machine has.

    A second call waits for the first. Raises UpdateNotThere, UpdateRefused, UpdateTooOld, ClockAbsurd, DiskFull,
    DiskReadOnly, DiskFailed; whatever happens, what was in use stays there, and `folder` never holds half a pack.
    """
    if now < _EARLIEST:
        raise ClockAbsurd
    with _ONE_AT_A_TIME, told_as_trouble():
        return _update(source, folder, root, here)


def _update(source: PackSource, folder: Path, root: bytes, here: Pack | None) -> Updated:
    metadata = folder / "metadata"
    metadata.mkdir(parents=True, exist_ok=True)
    for part in (*folder.glob("*.part"), *folder.glob("*.part.new"), *folder.glob("targets/*.fetched")):
        part.unlink(missing_ok=True)
    try:
        client = Updater(
            str(metadata),
            f"{_BASE}/metadata/",
            str(folder),
            f"{_BASE}/targets/",
            fetcher=_Fetcher(source),
            config=_CONFIG,
            bootstrap=root,
        )
        client.refresh()
        return _installed(client, folder, here)
    except ExpiredMetadataError as wrong:
        raise UpdateTooOld from wrong
    except DownloadError as wrong:
        raise UpdateNotThere from wrong
    except RepositoryError as wrong:
        raise UpdateRefused from wrong
    except sqlite.Error as wrong:  # a pack is a file of SQLite, made here
        raise of_the_disk(wrong) or UpdateRefused() from wrong
    except (DeltaDoesNotFit, PackDamaged, PackFromTheFuture, zstandard.ZstdError, ValueError) as wrong:
        raise UpdateRefused from wrong


def _installed(client: Updater, folder: Path, here: Pack | None) -> Updated:
    done = _install(client, folder, here)
    _forget_old_targets(client, folder)
    return done


def _install(client: Updater, folder: Path, here: Pack | None) -> Updated:
    newest = json.loads(_fetched(client, NEWEST, folder))
    if not isinstance(newest, dict) or not _VERSION.fullmatch(str(newest.get("version"))):
        raise UpdateRefused
    version, expected = str(newest["version"]), str(newest.get("content_sha256"))
    target = folder / f"{version}.bnpack"
    if here is not None and here.sha256 == expected:
        return Updated(version, is_new=False, bytes_fetched=0)
    if target.exists() and Pack(target).sha256 == expected:
        return Updated(version, is_new=False, bytes_fetched=0)
    fresh, fetched = folder / f"{version}.bnpack.part.new", 0
    way = None if here is None else client.get_targetinfo(f"{here.version}--{version}.delta")
    if here is not None and way is not None:
        delta = _fetched(client, way.path, folder)
        changes = changes_to(here, delta)
        if can_be_amended(here):
            amend_pack_file(here, changes, fresh)
        else:
            write_pack_file(changes.applied_to(content_of(here)), fresh)
        fetched = len(delta)
    else:
        whole = _fetched(client, f"{version}.bnpack.zst", folder)
        if not 0 < zstandard.frame_content_size(whole) <= _MOST_PACK:
            raise UpdateRefused
        fresh.write_bytes(zstandard.ZstdDecompressor().decompress(whole))
        fetched = len(whole)
    try:
        made = Pack(fresh)
        if made.version != version or made.sha256 != expected or content_of(made).sha256() != expected:
            raise UpdateRefused
        made.close()
        with fresh.open("r+b") as file:
            os.fsync(file.fileno())
        os.replace(fresh, target)  # noqa: PTH105 - atomic on Windows too
        sync_folder(folder)
    finally:
        fresh.unlink(missing_ok=True)
    return Updated(version, is_new=True, bytes_fetched=fetched)


def _fetched(client: Updater, name: str, folder: Path) -> bytes:
    """Return a target's checked bytes; it stays beside the packs, so that the next machine can take it from here."""
    info = client.get_targetinfo(name)
    if info is None or info.length > _MOST_PACK:
        raise UpdateRefused
    kept = folder / "targets" / name
    kept.parent.mkdir(exist_ok=True)
    if client.find_cached_target(info, str(kept)) is None:
        path = kept.with_name(f"{name}.fetched")
        client.download_target(info, str(path))
        os.replace(path, kept)  # noqa: PTH105 - atomic on Windows too
    return kept.read_bytes()


def _forget_old_targets(client: Updater, folder: Path) -> None:
    for path in (folder / "targets").glob("*"):
        if path.name != NEWEST and client.get_targetinfo(path.name) is None:
            path.unlink(missing_ok=True)
