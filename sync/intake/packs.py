"""Which procedure packs this site ever published, so that a dossier is held to the very form it was filled in.

A machine in the field works with the pack it was given, which may be older or newer than the one inside this program.
The form is looked for among the packs that were kept here when the program grew, and in the publisher's repository
that the site hands out (`catalogue_files`). The ledger remembers every version, also when its file is gone.
"""

import contextlib
import json
import logging
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Final

import zstandard

import resources
from bnhelper.catalogue.library import SHIPPED, Library, PackMissing
from bnhelper.catalogue.pack import Pack
from sync.intake import ledger
from sync.intake.catalogue_files import FOLDER as CATALOGUE
from sync.intake.station import PACKS, Site

_log = logging.getLogger(__name__)
NEWER_FORM: Final = "newer-form"  #: remark on a revision that was held to a newer form than its own
_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")
_MOST_PACK: Final = 200 * 1024 * 1024
_KEPT: Final = 12  #: files of packs; a machine that is further behind is held to the newest form, with a remark


def pack_for(site: Site, version: str) -> tuple[Pack, str | None]:
    """Return the pack that judges a dossier, and a remark when its own is gone and the newest stands in.

    Only a version that is not at hand costs more than a look into memory. Raises PackMissing for one that was never
    published here: anybody could make such a name up to be held to no form.
    """
    try:
        return site.library.pack(version), None
    except PackMissing:
        if not _VERSION.fullmatch(version):
            raise
    if _brought(site, version):
        with contextlib.suppress(PackMissing):
            return site.library.pack(version), None
    if not was_published(site, version):
        _log.warning("a dossier names a pack that was never published here")
        raise PackMissing(version=version)
    return site.library.newest, NEWER_FORM


def was_published(site: Site, version: str) -> bool:
    """Tell whether this site ever handed a version out, though its file may be gone."""
    with site.engine.connect() as db:
        if ledger.site_value(db, _key(version)) is not None:
            return True
    return version in _in_catalogue(site)


def keep_shipped(site: Site) -> None:
    """Keep the pack inside this program beside the site, and remember it: the next program brings another one."""
    version = Library.shipped().newest.version
    _keep(site, f"{version}.bnpack", resources.resource(SHIPPED))
    remember(site, {version, *_in_catalogue(site)})


def take_in(site: Site, file: Path) -> str:
    """Make a pack known that was handed out by another road, return its version. Raises PackDamaged, OSError."""
    version = Pack(file).version
    _keep(site, f"{version}.bnpack", file)
    site.library.again()
    remember(site, {version})
    return version


def remember(site: Site, versions: set[str]) -> None:
    """Write down that these versions were published."""
    with site.engine.begin() as db:
        for version in sorted(versions):
            db.execute(ledger.insert_once(db, ledger.site, key=_key(version), value=site.now()))


def _key(version: str) -> str:
    return f"pack:{version}"


def _in_catalogue(site: Site) -> frozenset[str]:
    """Return the versions that the publisher's own list names. The folder is the operator's own."""
    path = site.folder / CATALOGUE / "metadata" / "targets.json"
    try:
        said = json.loads(path.read_bytes())["signed"]["versions"]
        return frozenset(one for one in said if isinstance(one, str) and _VERSION.fullmatch(one))
    except (OSError, ValueError, KeyError, TypeError):  # there is none, or it is being written
        return frozenset()


def _brought(site: Site, version: str) -> bool:
    """Look for a pack that came since this worker looked; True when the library may know it now.

    Names are compared with what lies there: no path is made of a client's word.
    """
    name = f"{version}.bnpack"
    if name not in _names(site.folder / PACKS):
        catalogue = site.folder / CATALOGUE
        plain, packed = (_names(catalogue / one) for one in ("packs", "targets"))
        source = plain.get(name) or packed.get(f"{name}.zst")
        if source is None:
            return False
        try:
            _keep(site, name, source)
        except (OSError, zstandard.ZstdError):
            _log.exception("a published pack cannot be read")
            return False
        remember(site, {version})
    site.library.again()
    return True


def _names(folder: Path) -> dict[str, Path]:
    return {path.name: path for path in folder.glob("*")}


def _keep(site: Site, name: str, source: Path) -> None:
    """Copy a pack beside the site, whole or not at all, and let the oldest ones go."""
    folder = site.folder / PACKS
    if name in _names(folder):
        return
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{secrets.token_hex(8)}.part"
    try:
        with source.open("rb") as packed, part.open("wb") as file:
            if source.suffix == ".zst":
                with zstandard.ZstdDecompressor().stream_reader(packed) as reader:
                    content = reader.read(_MOST_PACK)
                file.write(content)
            else:
                shutil.copyfileobj(packed, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, folder / name)  # noqa: PTH105 - atomic on Windows too
    finally:
        part.unlink(missing_ok=True)
    for old in sorted(folder.glob("*.bnpack"), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
        old.unlink(missing_ok=True)
