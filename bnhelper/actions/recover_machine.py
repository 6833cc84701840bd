"""Opens a machine whose PIN is forgotten by two officers of the ward, and gives its person a new one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bnhelper.actions.unlock_machine import open_for
from bnhelper.catalogue.library import Library
from bnhelper.clock import Clock, to_text
from bnhelper.domain.people import Person
from bnhelper.errors import KnownTrouble
from bnhelper.ids import PersonId
from bnhelper.paths import Places
from bnhelper.store import audit, installation, people
from bnhelper.store.open_machine import OpenMachine
from bnhelper.store.open_store import open_store
from bnhelper.vault import keys, pin
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.keys import KeyCost, Opened, Passphrase, Secret
from bnhelper.vault.recovery import OfficerPassphraseWrong, WardKey, join, open_officer, read_ward, split
from bnhelper.vault.signatures import SigningKey


class RecoveryNeedsTwo(KnownTrouble):
    """Both officers' files are needed; one alone opens nothing."""

    code = "recovery-needs-two"


@dataclass(frozen=True, slots=True)
class Recovery:
    """What two officers opened: the store key, until a person has a new secret, and whose may be made anew."""

    key: bytes = field(repr=False)
    officers: tuple[str, str]
    people: tuple[Person, ...]


def set_ward_key(machine: OpenMachine, path: Path) -> WardKey:
    """Let the two officers of a ward's public file open this machine together from now on; an earlier pair no more.

    Raises NotYours, RecoveryFileDamaged, OfficersDoNotFit, DiskFull.
    """
    machine.must_manage_people()
    ward = read_ward(path)
    first, second = ward.officers
    with machine.store.write() as db:
        machine.note(db, Deed.RECOVERY_KEY_SET, ward=ward.fingerprint, officer_1=first.kid, officer_2=second.kid)
        machine.make_keys_ready(db, keys.with_recovery(machine.places.keys, split(machine.key, ward)))
    machine.take_keys()
    return ward


def begin_recovery(places: Places, officers: Sequence[tuple[Path, Passphrase]], clock: Clock) -> Recovery:
    """Open the store key with both officers' files and passphrases, and tell who has a way to this machine.

    That they opened it stands in the log from here on, whether or not anybody gets a new secret. Raises
    RecoveryNeedsTwo, RecoveryFileDamaged, OfficerPassphraseWrong with which of them, OfficersDoNotFit, NoRecoveryKey,
    KeysDamaged, StoreInUse, StoreDamaged, DiskFull, DiskReadOnly, DiskFailed. No wrong try is counted: the officers'
    files are not on the machine that is guessed at.
    """
    if len(officers) != 2:
        raise RecoveryNeedsTwo
    entry = keys.recovery_of(places.keys)
    opened = []
    for number, (path, passphrase) in enumerate(officers, start=1):
        try:
            opened.append(open_officer(path, passphrase))
        except OfficerPassphraseWrong as wrong:
            raise OfficerPassphraseWrong(officer=number) from wrong
    first, second = opened
    key = join(entry, (first, second))
    store = open_store(places.store, key, places.lock)
    try:
        with store.write() as db:
            found = tuple(one for one in people.every(db) if one.role.sees_content)
            audit.append(
                db,
                SigningKey.from_secret(installation.get(db, "signing")),
                at=to_text(clock.now()),
                device=installation.get(db, "device"),
                by="",
                deed=Deed.RECOVERY_OPENED,
                facts={"officer_1": first.kid, "officer_2": second.kid},
            )
    finally:
        store.close()
    return Recovery(key, (first.kid, second.kid), found)


def finish_recovery(
    places: Places,
    recovery: Recovery,
    person: PersonId,
    secret: Secret,
    *,
    library: Library,
    clock: Clock,
    cost: KeyCost | None = None,
) -> OpenMachine:
    """Give `person` a new secret and open the machine for them; the old one opens nothing any more.

    The link in the audit chain names both officers' keys. Raises SecretTooWeak, PinEasilyGuessed,
    PassphraseEasilyGuessed, SecretInUse, NoKeyring, DiskFull, and what opening raises; then the old secret stands.
    """
    pin.must_not_be_guessable(secret)
    machine = open_for(places, Opened(recovery.key, person), library=library, clock=clock)
    try:
        first, second = recovery.officers
        with machine.store.write() as db:
            machine.note(db, Deed.RECOVERED, person=person, officer_1=first, officer_2=second)
            is_keeper = people.keeper(db).id == person
            way = keys.with_new_secret(places.keys, recovery.key, secret, person, cost, is_keeper=is_keeper)
            machine.make_keys_ready(db, way)
        machine.take_keys()
    except BaseException:
        machine.close()
        raise
    return machine
