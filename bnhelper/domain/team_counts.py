"""What a team leader may see of a machine: whose dossiers stand where, in numbers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bnhelper.domain.people import Role, Standing


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """One worker's dossiers by status (the keys of domain/custody.py)."""

    name: str
    role: Role
    standing: Standing
    held: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "role": self.role.value, "standing": self.standing.value, "held": dict(self.held)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "PersonCounts":
        held = {str(status): int(count) for status, count in said["held"].items()}
        return cls(str(said["name"]), Role(said["role"]), Standing(said["standing"]), held)


@dataclass(frozen=True, slots=True)
class TeamCounts:
    """The counts of one machine, at one time."""

    at: dt.datetime
    people: tuple[PersonCounts, ...]

    @property
    def total(self) -> int:
        return sum(sum(one.held.values()) for one in self.people)

    def count(self, *statuses: str) -> int:
        """Return how many dossiers are in one of these statuses."""
        return sum(one.held.get(status, 0) for one in self.people for status in statuses)
