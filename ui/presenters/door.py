"""The way in: what the first-run and unlock screens may ask before anything is open."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bnhelper.ids import PersonId


@dataclass(frozen=True, slots=True)
class Key:
    """What a person holds: a PIN, a passphrase, or the path of a key file."""

    kind: str  #: pin | passphrase | key_file
    text: str = field(repr=False)


class Door(Protocol):
    """Implemented by ui/app.py; every call returns at once and answers by its callbacks."""

    def kinds(
        self,
        then: Callable[[list[str]], object],
        owner: object = None,
        on_trouble: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Tell which keys open this machine (unlock), or can be used on it (first run)."""
        ...

    def wait_s(self, then: Callable[[int], object], owner: object = None) -> None:
        """Tell how many seconds are left before the next try."""
        ...

    def unlock(self, key: Key, on_trouble: Callable[[BaseException], object]) -> None: ...

    def create(
        self,
        key: Key,
        *,
        person: str,
        unit: str,
        invitation: str,
        ward_file: str,
        on_trouble: Callable[[BaseException], object],
    ) -> None: ...

    def recover(self) -> None:
        """Go to where two officers open the machine."""
        ...

    def leave(self) -> None:
        """Go back to the lock."""
        ...

    def to_restore(self) -> None:
        """Go to where a backup is put back."""
        ...

    def backups(self, then: Callable[[list[tuple[Path, dt.datetime, int]]], object], owner: object = None) -> None:
        """Tell which copies of its own this machine has: file, when it was made, bytes; the newest first."""
        ...

    def ways_of(
        self, backup: Path, then: Callable[[list[str]], object], on_trouble: Callable[[BaseException], object]
    ) -> None:
        """Tell which kinds of keys open a backup; `keys.WARD` is the two officers."""
        ...

    def restore(
        self,
        backup: Path,
        key: Key | None,
        then: Callable[[Any], object],
        on_trouble: Callable[[BaseException], object],
    ) -> None:
        """Give a backup the machine's place; `then` gets a Restored."""
        ...

    def begin_recovery(
        self,
        officers: list[tuple[str, str]],
        then: Callable[[Any], object],
        on_trouble: Callable[[BaseException], object],
    ) -> None:
        """Open the store key with two officers' files and passphrases; `then` gets a Recovery."""
        ...

    def finish_recovery(
        self, recovery: Any, person: PersonId, key: Key, on_trouble: Callable[[BaseException], object]
    ) -> None:
        """Give a person a new key; the screen is replaced when the machine is open."""
        ...

    def set_language(self, code: str) -> None: ...
