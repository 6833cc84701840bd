"""Who may work with a machine, in which role, until when: offline, the machine itself must know."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bnhelper.errors import KnownTrouble
from bnhelper.ids import PersonId


class Role(StrEnum):
    """What a person does with this machine."""

    KEEPER = "keeper"  #: works like a volunteer, and answers for the machine: people, keys, log
    VOLUNTEER = "volunteer"
    LEADER = "leader"  #: opens the counts and nothing else: their way holds no key to the store

    @property
    def sees_content(self) -> bool:
        return self is not Role.LEADER

    @property
    def manages_people(self) -> bool:
        return self is Role.KEEPER


class Standing(StrEnum):
    """What a person may do today."""

    ACTIVE = "active"
    EXPIRED = "expired"  #: the day until which the province vouched is over; renewing needs a word from it
    REVOKED = "revoked"


class MayNotStart(KnownTrouble):
    """Who may finish and send what was begun, but begin nothing new; `why` is expired or revoked."""

    code = "may-not-start"


class NotYours(KnownTrouble):
    """The deed belongs to another role: managing people, or reading what a leader sees only in counts."""

    code = "not-yours"


@dataclass(frozen=True, slots=True)
class Person:
    """One person with a key of their own to this machine."""

    id: PersonId
    name: str
    role: Role
    added_at: dt.datetime
    valid_until: dt.date | None  #: the last day on which new work may be begun; None for no end
    revoked_at: dt.datetime | None

    def standing(self, today: dt.date) -> Standing:
        """Return what this person may do on `today`, a date in the province."""
        if self.revoked_at is not None:
            return Standing.REVOKED
        if self.valid_until is not None and today > self.valid_until:
            return Standing.EXPIRED
        return Standing.ACTIVE

    def must_be_able_to_start(self, today: dt.date) -> None:
        """Raise MayNotStart or NotYours unless this person may begin something new today."""
        if not self.role.sees_content:
            raise NotYours
        standing = self.standing(today)
        if standing is not Standing.ACTIVE:
            raise MayNotStart(why=standing.value)
