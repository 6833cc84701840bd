"""Lets several people work on one machine, each with a way of their own; a dossier goes from hand to hand by a deed."""

import datetime as dt

from bnhelper.clock import province_date, to_text
from bnhelper.domain.people import NotYours, Person, Role, Standing
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId, PersonId, uuid7
from bnhelper.store import dossiers, people
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault import keys, pin
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.keys import KeyCost, Secret


class StillWorksHere(KnownTrouble):
    """The dossiers of a person who may still work are handed over by that person, not taken."""

    code = "still-works-here"


class KeeperStays(KnownTrouble):
    """The keeper's own right cannot be ended on the machine: somebody must answer for it."""

    code = "keeper-stays"


def add_person(
    machine: OpenMachine,
    name: str,
    role: Role,
    secret: Secret,
    *,
    valid_until: dt.date | None = None,
    cost: KeyCost | None = None,
) -> PersonId:
    """Give a person a way of their own; the leader's opens the counts alone (`keys.COUNTS`).

    Raises NotYours, SecretTooWeak, PinEasilyGuessed, PassphraseEasilyGuessed, SecretInUse, NoKeyring, KeyringLocked,
    DiskFull.
    """
    machine.must_manage_people()
    pin.must_not_be_guessable(secret)
    now = machine.clock.now()
    person = PersonId(uuid7(now))
    opens = keys.STORE if role.sees_content else keys.COUNTS
    with machine.store.write() as db:
        people.add(db, person, name, role, at=now, by=machine.person.id, valid_until=valid_until)
        machine.note(db, Deed.PERSON_ADDED, person=person, role=role.value, facts=_until(valid_until))
        way = keys.with_another_way(machine.places.keys, machine.key, secret, cost, person, opens)
        machine.make_keys_ready(db, way)
    machine.take_keys()
    return person


def change_secret(
    machine: OpenMachine, secret: Secret, cost: KeyCost | None = None, *, person: PersonId | None = None
) -> None:
    """Give whoever works here another secret; the keeper may give one to somebody who forgot theirs.

    Raises NotYours, NoSuchPerson, SecretTooWeak, PinEasilyGuessed, PassphraseEasilyGuessed, SecretInUse, NoKeyring,
    KeyringLocked, DiskFull.
    """
    pin.must_not_be_guessable(secret)
    whose = person or machine.person.id
    if whose != machine.person.id:
        machine.must_manage_people()
    with machine.store.write() as db:
        is_keeper = people.keeper(db).id == whose
        opens = keys.STORE if people.get(db, whose).role.sees_content else keys.COUNTS
        machine.note(db, Deed.SECRET_CHANGED, person=whose)
        way = keys.with_new_secret(
            machine.places.keys, machine.key, secret, whose, cost, is_keeper=is_keeper, opens=opens
        )
        machine.make_keys_ready(db, way)
    machine.take_keys()


def revoke_person(machine: OpenMachine, person: PersonId) -> None:
    """End a person's right to begin anything new. Their way stays: what they hold, they finish and send.

    A leader holds nothing, so theirs goes. Raises NotYours, NoSuchPerson, KeeperStays.
    """
    machine.must_manage_people()
    with machine.store.write() as db:
        if people.keeper(db).id == person:
            raise KeeperStays
        who = people.get(db, person)
        people.change(db, person, valid_until=who.valid_until, revoked_at=machine.clock.now())
        machine.note(db, Deed.PERSON_REVOKED, person=person)
        if not who.role.sees_content:
            machine.make_keys_ready(db, keys.without(machine.places.keys, person))
    if not who.role.sees_content:
        machine.take_keys()
    _again(machine)


def renew_person(machine: OpenMachine, person: PersonId, until: dt.date | None) -> None:
    """Let a person begin new work again, until the end of a day or without an end. Raises NotYours, NoSuchPerson."""
    machine.must_manage_people()
    with machine.store.write() as db:
        people.change(db, person, valid_until=until)
        machine.note(db, Deed.PERSON_RENEWED, person=person, facts=_until(until))
    _again(machine)


def hand_over(machine: OpenMachine, dossier: DossierId, to: PersonId) -> None:
    """Give a dossier to another person of this machine; both sides and the time stay on its record.

    Raises NoSuchDossier for one of somebody else, NoSuchPerson, NotYours when the other sees no content or may not
    begin anything new.
    """
    now = machine.clock.now()
    with machine.store.write() as db:
        row = dossiers.get(db, dossier)
        other = people.get(db, to)
        if not other.role.sees_content or other.standing(province_date(now)) is not Standing.ACTIVE:
            raise NotYours
        dossiers.note_event(
            db, dossier, at=to_text(now), kind="handed_over", revision=row.revision,
            by=machine.profile.person, note=other.name,
        )  # fmt: skip
        machine.note(db, Deed.HANDED_OVER, dossier, to=to)
        dossiers.change(db, dossier, holder=to)


def take_over(machine: OpenMachine, person: PersonId) -> int:
    """Take every dossier of somebody who may not work here any more; return how many.

    Raises NotYours, NoSuchPerson, StillWorksHere.
    """
    machine.must_manage_people()
    now = machine.clock.now()
    with machine.store.write() as db:
        who = people.get(db, person)
        if who.standing(province_date(now)) is Standing.ACTIVE:
            raise StillWorksHere
        theirs = people.held_by(db, person)
        for dossier in theirs:
            people.give(db, dossier, machine.person.id)
            dossiers.note_event(
                db, dossier, at=to_text(now), kind="taken_over", revision=dossiers.revision_of(db, dossier),
                by=machine.profile.person, note=who.name,
            )  # fmt: skip
            machine.note(db, Deed.TAKEN_OVER, dossier, person=person)
    return len(theirs)


def people_here(machine: OpenMachine) -> list[tuple[Person, int]]:
    """Return everybody with a way to this machine, and how many dossiers each holds."""
    with machine.store.read() as db:
        held = people.count_held(db)
        return [(one, held.get(one.id, 0)) for one in people.every(db)]


def _until(day: dt.date | None) -> dict[str, str | int]:
    return {"until": day.isoformat()} if day is not None else {}


def _again(machine: OpenMachine) -> None:
    """Read anew who works here: it may be themselves whose right was changed."""
    with machine.store.read() as db:
        machine.person = people.get(db, machine.person.id)
