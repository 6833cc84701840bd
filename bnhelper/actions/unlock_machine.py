"""Opens the store for this volunteer, on line or not; makes a new one on the first day."""

import contextlib
import datetime as dt
import logging

from sqlalchemy import Connection

from bnhelper.catalogue.library import Library
from bnhelper.clock import Clock, to_text
from bnhelper.domain.people import NotYours, Person, Role
from bnhelper.errors import KnownTrouble
from bnhelper.ids import PersonId, uuid7
from bnhelper.paths import Places
from bnhelper.store import audit, believed_time, installation, people
from bnhelper.store.open_machine import OpenMachine, Profile, Province, begin_session, opened, settle_keys
from bnhelper.store.open_store import Store, open_store
from bnhelper.vault import key_copies, keys, pin
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.disk import told_as_trouble
from bnhelper.vault.key_copies import KeysDamaged
from bnhelper.vault.keys import KeyCost, Opened, Secret, WrongKey, new_keys
from bnhelper.vault.signatures import SigningKey

__all__ = [
    "OpenMachine",
    "Profile",
    "Province",
    "create_machine",
    "machine_exists",
    "open_for",
    "open_way",
    "store_key",
    "unlock_machine",
]

_log = logging.getLogger(__name__)


def machine_exists(places: Places) -> bool:
    """Tell whether there is anything to unlock."""
    return places.has_keys


def create_machine(
    places: Places,
    secret: Secret,
    *,
    person: str,
    unit: str | None,
    library: Library,
    clock: Clock,
    cost: KeyCost | None = None,
) -> OpenMachine:
    """Make the keys, the store and this device's identity; whoever makes the machine is its keeper.

    The keys get their name last: a set-up that is cut off leaves no machine, and the next one begins anew.
    Raises SecretTooWeak, PinEasilyGuessed, PassphraseEasilyGuessed, NoKeyring, KeyringLocked, FileExistsError,
    KeysDamaged for a store whose keys are gone, DiskFull, DiskReadOnly, DiskFailed.
    """
    pin.must_not_be_guessable(secret)
    with told_as_trouble():
        places.make()
    if machine_exists(places):
        raise FileExistsError(places.keys)
    with told_as_trouble():
        _forget_unfinished(places)
    if places.store.exists():  # its keys are gone, and may come back from a backup: never in its way
        raise KeysDamaged
    now = clock.now()
    with told_as_trouble():
        _set_photos_aside(places, now)
    first = PersonId(uuid7(now))
    key = bytearray(new_keys(places.keys_in_the_making, secret, cost, first))
    store = open_store(places.store, bytes(key), places.lock)
    try:
        with store.write() as db:
            installation.put(db, "device", uuid7(now))
            installation.put(db, "person", person)
            installation.put(db, "unit", unit)
            installation.put(db, "signing", SigningKey.generate().secret())
            installation.put(db, "made_at", to_text(now))
            people.add(db, first, person, Role.KEEPER, at=now)
            who = people.get(db, first)
            begin_session(db, now)
            believed_time.went_on(db, now)
        machine = _opened(places, store, key, library, clock, who)
        with store.write() as db:
            machine.note(db, Deed.MACHINE_MADE)
        key_copies.put_in_place(places.keys_in_the_making, places.keys)
    except BaseException:
        store.close()
        raise
    return machine


def _forget_unfinished(places: Places) -> None:
    """Take away what a set-up left that was cut off: only its own keys, never used, could open that store."""
    if places.keys_in_the_making.exists():
        for left in places.root.glob(f"{places.store.name}*"):
            left.unlink()
        places.keys_in_the_making.unlink()


def _set_photos_aside(places: Places, now: dt.datetime) -> None:
    """Let photos of a machine whose keys and store are gone lie where they come back from, should those come back."""
    if any(places.photos.glob("*.sealed")):
        places.photos.rename(places.aside("set-up", now))
        places.make()


def unlock_machine(places: Places, secret: Secret, *, library: Library, clock: Clock) -> OpenMachine:
    """Open this machine for whoever holds `secret`; nothing outside the machine is asked.

    Raises MustWait before a try is even made, WrongKey with the number of tries so far, KeysDamaged, StoreInUse,
    StoreDamaged, StoreFromTheFuture, NoKeyring, KeyringLocked, KeyringSecretGone. Only a wrong key counts as a try.
    """
    return open_for(places, open_way(places, secret, clock), library=library, clock=clock)


def open_for(places: Places, way: Opened, *, library: Library, clock: Clock) -> OpenMachine:
    """Open the store with a key that was unwrapped, and note who opened it after how many wrong tries.

    Raises NotYours for a way that opens the counts alone, and what opening a store raises.
    """
    if way.opens != keys.STORE:
        raise NotYours
    key = bytearray(way.key)
    store = open_store(places.store, bytes(key), places.lock)
    try:
        with told_as_trouble():
            places.make()
        tries = pin.untold(places.tries)
        with store.write() as db:
            settle_keys(places, db)
            who = _who(db, PersonId(way.person), clock)
            cut_off_at = begin_session(db, clock.now())
            believed_time.went_on(db, clock.now())
        machine = _opened(places, store, key, library, clock, who)
        machine.cut_off_at = cut_off_at
        with store.write() as db:
            if not audit.length(db):
                machine.note(db, Deed.CHAIN_BEGUN)
            if tries:
                machine.note(db, Deed.WRONG_TRIES, tries=tries)
            machine.note(db, Deed.UNLOCKED)
        with contextlib.suppress(KnownTrouble):  # else the next opening tells of them once more
            pin.forget(places.tries)
        key_copies.keep_copy(places.keys)
    except BaseException:
        store.close()
        raise
    return machine


def _who(db: Connection, person: PersonId, clock: Clock) -> Person:
    """Return whose way it was. A way of nobody in particular is the keeper's; an old machine gets its keeper here."""
    if not people.every(db):
        first, now = person or PersonId(uuid7(clock.now())), clock.now()
        people.add(db, first, installation.get(db, "person", ""), Role.KEEPER, at=now)
        people.adopt(db, first)
    return people.get(db, person) if person else people.keeper(db)


def store_key(places: Places, secret: Secret, clock: Clock) -> bytes:
    """Return the store key; a wrong one is counted, on the disk, before it is told.

    Raises MustWait, WrongKey, KeysDamaged, NoKeyring, KeyringLocked, KeyringSecretGone.
    """
    return open_way(places, secret, clock).key


def open_way(places: Places, secret: Secret, clock: Clock) -> Opened:
    """Return what `secret` opens and whose way it is; raises what `store_key` raises."""
    left = pin.wait_seconds(places.tries, clock)
    if left:
        raise pin.MustWait(wait_s=left)
    try:
        return keys.opened(places.keys, secret)
    except WrongKey as wrong:
        raise WrongKey(tries=pin.note_wrong(places.tries, clock)) from wrong


def _opened(places: Places, store: Store, key: bytearray, library: Library, clock: Clock, who: Person) -> OpenMachine:
    machine = opened(places, store, key, library, clock, who)
    found = machine.found
    if found.orphans or found.missing:
        _log.info("photos: %d files without a row, %d rows without a file", len(found.orphans), len(found.missing))
    for orphan in found.orphans:
        # A file whose row never came: the process died between the two. Its bytes were never said to be kept.
        machine.photos.forget(orphan)
    return machine
