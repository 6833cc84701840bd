"""Opens the store for this volunteer, on line or not; makes a new one on the first day."""

import logging

from bnhelper.catalogue.library import Library
from bnhelper.clock import Clock, to_text
from bnhelper.ids import uuid7
from bnhelper.paths import Places
from bnhelper.store import installation
from bnhelper.store.open_machine import OpenMachine, Profile, Province, opened
from bnhelper.store.open_store import Store, open_store
from bnhelper.vault import pin
from bnhelper.vault.keys import KeyCost, Secret, WrongKey, new_keys, unwrap
from bnhelper.vault.signatures import SigningKey

__all__ = ["OpenMachine", "Profile", "Province", "create_machine", "machine_exists", "store_key", "unlock_machine"]

_log = logging.getLogger(__name__)


def machine_exists(places: Places) -> bool:
    """Tell whether there is anything to unlock."""
    return places.keys.exists()


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
    """Make the keys, the store and this device's identity.

    Raises SecretTooWeak, NoKeyring, KeyringLocked, FileExistsError.
    """
    places.make()
    key = bytearray(new_keys(places.keys, secret, cost))
    store = open_store(places.store, bytes(key), places.lock)
    signing = SigningKey.generate()
    now = clock.now()
    with store.write() as db:
        installation.put(db, "device", uuid7(now))
        installation.put(db, "person", person)
        installation.put(db, "unit", unit)
        installation.put(db, "signing", signing.secret())
        installation.put(db, "made_at", to_text(now))
    return _opened(places, store, key, library, clock)


def unlock_machine(places: Places, secret: Secret, *, library: Library, clock: Clock) -> OpenMachine:
    """Open this machine.

    Raises MustWait before a try is even made, WrongKey with the number of tries so far, KeysDamaged, StoreInUse,
    StoreDamaged, StoreFromTheFuture, NoKeyring, KeyringLocked, KeyringSecretGone. Only a wrong key counts as a try.
    """
    key = bytearray(store_key(places, secret, clock))
    store = open_store(places.store, bytes(key), places.lock)
    pin.forget(places.tries)
    places.make()
    return _opened(places, store, key, library, clock)


def store_key(places: Places, secret: Secret, clock: Clock) -> bytes:
    """Return the store key; a wrong one is counted, on the disk, before it is told.

    Raises MustWait, WrongKey, KeysDamaged, NoKeyring, KeyringLocked, KeyringSecretGone.
    """
    left = pin.wait_seconds(places.tries, clock)
    if left:
        raise pin.MustWait(wait_s=left)
    try:
        return unwrap(places.keys, secret)
    except WrongKey as wrong:
        raise WrongKey(tries=pin.note_wrong(places.tries, clock)) from wrong


def _opened(places: Places, store: Store, key: bytearray, library: Library, clock: Clock) -> OpenMachine:
    machine = opened(places, store, key, library, clock)
    found = machine.found
    if found.orphans or found.missing:
        _log.info("photos: %d files without a row, %d rows without a file", len(found.orphans), len(found.missing))
    for orphan in found.orphans:
        # A file whose row never came: the process died between the two. Its bytes were never said to be kept.
        machine.photos.forget(orphan)
    return machine
