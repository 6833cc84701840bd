"""Installed packs, and which version a dossier keeps."""

import logging
import threading
from pathlib import Path

import resources
from bnhelper.catalogue.pack import Pack, PackDamaged, PackFromTheFuture
from bnhelper.errors import KnownTrouble

_log = logging.getLogger(__name__)
SHIPPED = "packs/province.bnpack"


class PackMissing(KnownTrouble):
    """The version a dossier was begun with is not on this machine."""

    code = "pack-missing"


class Library:
    """The packs of this machine: the one inside the program, and those an update brought (`pack_update`)."""

    def __init__(self, paths: list[Path], folder: Path | None = None) -> None:
        self._paths = paths
        self.folder = folder
        self._packs: dict[str, Pack] | None = None
        self._lock = threading.Lock()

    @classmethod
    def shipped(cls) -> "Library":
        """Return the library of the pack inside the program; nothing is read before it is asked."""
        return cls([resources.resource(SHIPPED)])

    @classmethod
    def of_machine(cls, folder: Path) -> "Library":
        """Return the shipped pack and those in `folder`, which only an update writes to."""
        return cls([resources.resource(SHIPPED)], folder)

    def again(self) -> None:
        """Look for packs anew: an update brought one."""
        with self._lock:
            self._packs = None

    @property
    def newest(self) -> Pack:
        """Return the pack new dossiers are begun with. Raises PackDamaged, PackFromTheFuture."""
        return max(self._opened().values(), key=lambda pack: pack.version)

    def pack(self, version: str) -> Pack:
        """Return the pack of one version. Raises PackMissing."""
        try:
            return self._opened()[version]
        except KeyError:
            raise PackMissing(version=version[:40]) from None

    def pack_or_newest(self, version: str) -> Pack:
        """Return the pack of one version, else the newest: a draft from an older pack must stay workable."""
        return self._opened().get(version) or self.newest

    def _opened(self) -> dict[str, Pack]:
        with self._lock:
            if self._packs is None:
                self._packs = {pack.version: pack for pack in (Pack(path) for path in self._paths)}
                brought = sorted(self.folder.glob("*.bnpack")) if self.folder is not None else []
                for path in brought:
                    try:
                        pack = Pack(path)
                    except (PackDamaged, PackFromTheFuture) as wrong:
                        # The disk spoilt it, or a newer program left it: the others still serve.
                        _log.warning("a pack was left aside: %s", wrong)
                    else:
                        self._packs[pack.version] = pack
            return self._packs
