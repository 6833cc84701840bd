"""Where this machine keeps its store, photos, packs and logs."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one installation. Everything personal lies below `root`, sealed."""

    root: Path

    @classmethod
    def of_this_user(cls) -> "Places":
        """Return where the operating system wants a program's own data, not roaming: photos are heavy."""
        import platformdirs

        return cls(Path(platformdirs.user_data_dir("bnhelper", appauthor=False, roaming=False)))

    @property
    def store(self) -> Path:
        return self.root / "store.db"

    @property
    def photos(self) -> Path:
        return self.root / "photos"

    @property
    def keys(self) -> Path:
        return self.root / "keys.json"

    @property
    def keys_copy(self) -> Path:
        """A second copy of the keys (vault/keys.py): one bad sector there would cost everything."""
        return self.root / "keys.copy.json"

    @property
    def has_keys(self) -> bool:
        """Tell whether there is a machine to unlock."""
        return self.keys.exists() or self.keys_copy.exists()

    @property
    def keys_in_the_making(self) -> Path:
        """The keys of a set-up that is not finished; with them here nobody has ever opened the store."""
        return self.root / "keys.making"

    @property
    def tries(self) -> Path:
        return self.root / "tries.json"

    @property
    def lock(self) -> Path:
        return self.root / "store.lock"

    @property
    def settings(self) -> Path:
        return self.root / "settings.toml"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def packs(self) -> Path:
        return self.root / "packs"

    @property
    def packs_root(self) -> Path:
        """Where the key of whoever publishes packs for this machine lies, put there when the machine is set up."""
        return self.packs / "root.json"

    def aside(self, why: str, now: dt.datetime) -> Path:
        """Return a folder that is not there yet, for what makes place for something else: it is never overwritten."""
        first = self.root / f"before-{why}-{now:%Y%m%dT%H%M%S}"
        tried = (first, *(first.with_name(f"{first.name}-{number}") for number in range(2, 1000)))
        return next(one for one in tried if not one.exists())

    def make(self) -> None:
        """Make the folders, for this user alone where the system knows that."""
        for folder in (self.root, self.photos):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
