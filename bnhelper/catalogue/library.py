"""Installed packs, and which version a dossier keeps."""

import threading
from pathlib import Path

import resources
from bnhelper.catalogue.pack import Pack
from bnhelper.errors import KnownTrouble

SHIPPED = "packs/province.bnpack"


class PackMissing(KnownTrouble):
    """The version a dossier was begun with is not on this machine."""

    code = "pack-missing"


class Library:
    """The packs of this machine. Until packs from outside can be verified, only the one inside the program is taken."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self._packs: dict[str, Pack] | None = None
        self._lock = threading.Lock()

    @classmethod
    def shipped(cls) -> "Library":
        """Return the library of the pack inside the program; nothing is read before it is asked."""
        return cls([resources.resource(SHIPPED)])

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
            return self._packs
