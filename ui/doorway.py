"""What can be done in front of the lock: unlock, make the machine, open it with the ward's officers."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from bnhelper.clock import Clock
from bnhelper.ids import PersonId
from bnhelper.paths import Places
from ui.background import Background
from ui.frame.window import Window
from ui.presenters import routes
from ui.presenters.door import Key

if TYPE_CHECKING:
    from bnhelper.actions.unlock_machine import OpenMachine
    from bnhelper.domain.team_counts import TeamCounts
    from bnhelper.vault.keys import Opened


class Doorway(QObject):
    """The half of the program that works before anything is open (ui/presenters/door.py); `App` is the other half."""

    places: Places
    clock: Clock
    background: Background
    window: Window
    _cheap_keys: bool

    def opened(self, machine: "OpenMachine") -> None:
        """Take over: the machine is open."""
        raise NotImplementedError

    def entered(self, counts: "TeamCounts") -> None:
        """Take over: a team leader came in, to whom numbers are shown."""
        raise NotImplementedError

    def _opened_without(self, machine: "OpenMachine", wrong: BaseException) -> None:
        raise NotImplementedError

    def kinds(
        self,
        then: Callable[[list[str]], object],
        owner: object = None,
        on_trouble: Callable[[BaseException], object] | None = None,
    ) -> None:
        def work() -> list[str]:
            from bnhelper.vault.keys import has_keyring, kinds

            if self.places.has_keys:
                return kinds(self.places.keys)
            return ["pin"] if has_keyring() else ["passphrase"]

        self.background.run(work, owner=owner).then(then).on_trouble(on_trouble or self.background.last_resort)

    def wait_s(self, then: Callable[[int], object], owner: object = None) -> None:
        def work() -> int:
            from bnhelper.vault.pin import wait_seconds

            return wait_seconds(self.places.tries, self.clock)

        self.background.run(work, owner=owner).then(then)

    def unlock(self, key: Key, on_trouble: Callable[[BaseException], object]) -> None:
        """Open the machine; the screen is replaced when it is open."""

        def done(found: "OpenMachine | TeamCounts") -> None:
            from bnhelper.domain.team_counts import TeamCounts

            if isinstance(found, TeamCounts):
                self.entered(found)
            else:
                self.opened(found)

        self.background.run(lambda: self.open_with(key)).then(done).on_trouble(on_trouble)

    def open_with(self, key: Key) -> "OpenMachine | TeamCounts":
        """Return what a key opens, on a worker. Raises what `open_way` and `open_for` raise."""
        from bnhelper.actions.team_counts import read_counts
        from bnhelper.actions.unlock_machine import open_way
        from bnhelper.vault.keys import COUNTS

        way = open_way(self.places, secret_of(key), self.clock)
        return read_counts(self.places, way) if way.opens == COUNTS else self._open_for(way)

    def open_store_with(self, key: Key) -> "OpenMachine":
        """Open the machine with a key of somebody who works with it, on a worker. Raises NotYours for a leader's."""
        from bnhelper.actions.unlock_machine import open_way

        return self._open_for(open_way(self.places, secret_of(key), self.clock))

    def _open_for(self, way: "Opened") -> "OpenMachine":
        from bnhelper.actions.erase_overdue import set_aside_if_the_disk_lets_us
        from bnhelper.actions.unlock_machine import open_for
        from bnhelper.catalogue.library import Library

        machine = open_for(self.places, way, library=Library.of_machine(self.places.packs), clock=self.clock)
        set_aside_if_the_disk_lets_us(machine)
        return machine

    def recover(self) -> None:
        self.window.home(routes.Recover())

    def leave(self) -> None:
        """Go to the lock, or to the first page where there is nothing to unlock."""
        self.window.home(routes.Unlock() if self.places.has_keys else routes.FirstRun())

    def to_restore(self) -> None:
        self.window.home(routes.Restore())

    def backups(self, then: Callable[[list[tuple[Path, dt.datetime, int]]], object], owner: object = None) -> None:
        def work() -> list[tuple[Path, dt.datetime, int]]:
            from bnhelper.actions.restore_backup import backups_here

            found = [(one, one.stat()) for one in backups_here(self.places)]
            return [(one, dt.datetime.fromtimestamp(about.st_mtime, dt.UTC), about.st_size) for one, about in found]

        self.background.run(work, owner=owner).then(then)

    def ways_of(
        self, backup: Path, then: Callable[[list[str]], object], on_trouble: Callable[[BaseException], object]
    ) -> None:
        def work() -> list[str]:
            from bnhelper.actions.restore_backup import ways_of

            return ways_of(backup)

        self.background.run(work, owner=self.window.page).then(then).on_trouble(on_trouble)

    def restore(
        self,
        backup: Path,
        key: Key | None,
        then: Callable[[Any], object],
        on_trouble: Callable[[BaseException], object],
    ) -> None:
        def work() -> Any:
            from bnhelper.actions.restore_backup import restore_backup

            return restore_backup(self.places, backup, secret_of(key) if key is not None else None, self.clock)

        self.background.run(work, owner=self.window.page).then(then).on_trouble(on_trouble)

    def begin_recovery(
        self,
        officers: list[tuple[str, str]],
        then: Callable[[Any], object],
        on_trouble: Callable[[BaseException], object],
    ) -> None:
        def work() -> Any:
            from bnhelper.actions.recover_machine import begin_recovery
            from bnhelper.vault.keys import Passphrase

            given = [(Path(path), Passphrase(words)) for path, words in officers]
            return begin_recovery(self.places, given, self.clock)

        self.background.run(work).then(then).on_trouble(on_trouble)

    def finish_recovery(
        self, recovery: Any, person: PersonId, key: Key, on_trouble: Callable[[BaseException], object]
    ) -> None:
        def work() -> "OpenMachine":
            from bnhelper.actions.erase_overdue import set_aside_if_the_disk_lets_us
            from bnhelper.actions.recover_machine import finish_recovery
            from bnhelper.catalogue.library import Library

            machine = finish_recovery(
                self.places,
                recovery,
                person,
                secret_of(key),
                library=Library.of_machine(self.places.packs),
                clock=self.clock,
                cost=self.key_cost(),
            )
            set_aside_if_the_disk_lets_us(machine)
            return machine

        self.background.run(work).then(self.opened).on_trouble(on_trouble)

    def key_cost(self) -> Any:
        """Return what stretching a secret costs; tests and the demo take next to nothing."""
        from bnhelper.vault.keys import KeyCost

        return KeyCost(memory_kib=64, passes=1) if self._cheap_keys else None

    def create(
        self,
        key: Key,
        *,
        person: str,
        unit: str,
        invitation: str,
        ward_file: str,
        on_trouble: Callable[[BaseException], object],
    ) -> None:
        """Make the machine; a bad invitation is told and can be given again in Settings."""

        def work() -> "OpenMachine":
            from bnhelper.actions.unlock_machine import create_machine
            from bnhelper.catalogue.library import Library
            from bnhelper.vault.keys import make_key_file

            if key.kind == "key_file" and not Path(key.text).exists():
                make_key_file(Path(key.text))
            return create_machine(
                self.places,
                secret_of(key),
                person=person,
                unit=unit or None,
                library=Library.of_machine(self.places.packs),
                clock=self.clock,
                cost=self.key_cost(),
            )

        def warded(machine: "OpenMachine") -> None:
            """Set the ward's recovery key first: without it a forgotten key is lost."""
            if not ward_file:
                enrolled(machine)
                return

            def set_it() -> None:
                from bnhelper.actions.recover_machine import set_ward_key

                set_ward_key(machine, Path(ward_file))

            self.background.run(set_it).then(lambda _none: enrolled(machine)).on_trouble(
                lambda wrong: self._opened_without(machine, wrong)
            )

        def enrolled(machine: "OpenMachine") -> None:
            if not invitation:
                self.opened(machine)
                return
            self.background.run(lambda: enrol_machine(machine, invitation)).then(
                lambda _none: self.opened(machine)
            ).on_trouble(not_enrolled(machine))

        def not_enrolled(machine: "OpenMachine") -> Callable[[BaseException], object]:
            def told(wrong: BaseException) -> None:
                from sync.transport.enrolment import SignInNeeded

                if not isinstance(wrong, SignInNeeded):
                    self._opened_without(machine, wrong)
                    return
                self.opened(machine)
                self.window.go(routes.SignInPage(invitation))

            return told

        self.background.run(work).then(warded).on_trouble(on_trouble)


def enrol_machine(machine: "OpenMachine", invitation: str) -> None:
    """Exchange an invitation and remember the province. Raises InvitationNotValid, SignInNeeded, ProvinceSilent."""
    from bnhelper.actions.unlock_machine import Province
    from sync.transport.enrolment import enrol

    said, answer = enrol(
        invitation,
        device=machine.profile.device,
        public_key=machine.signing.public(),
        name=machine.profile.person,
    )
    machine.remember_province(
        Province(
            said.url,
            answer.server_id,
            answer.token,
            tuple(answer.receipt_keys),
            said.certificate_sha256,
            answer.office,
            answer.courier or "",
        )
    )


def secret_of(key: Key) -> Any:
    """Return what a key on the screen is to the vault."""
    from bnhelper.vault.keys import KeyFile, Passphrase, Pin

    if key.kind == "pin":
        return Pin(key.text)
    if key.kind == "passphrase":
        return Passphrase(key.text)
    return KeyFile(Path(key.text))
