"""How carrying by hand stands, and what it did: plain records for screens and command lines."""

from dataclasses import dataclass, field
from enum import StrEnum

from bnhelper.errors import KnownTrouble


class Step(StrEnum):
    """What is being done now."""

    IDLE = "idle"
    SEALING = "sealing"
    COPYING = "copying"
    HANDING = "handing"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class CourierState:
    """What a screen shows while it lasts; sizes in bytes."""

    step: Step = Step.IDLE
    part: int = 0
    parts: int = 0
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What lies on the stick now."""

    dossiers: int
    files: int
    parts: int
    size: int
    resumed: int = 0  #: bytes that were there from an earlier try
    visits: int = 0  #: outcomes of visits

    def plus(self, other: "CarriedOut") -> "CarriedOut":
        """Return both together."""
        return CarriedOut(
            self.dossiers + other.dossiers,
            self.files + other.files,
            self.parts + other.parts,
            self.size + other.size,
            self.resumed + other.resumed,
            self.visits + other.visits,
        )


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the province said to a stick. `codes` counts why whole parts were refused."""

    parts: int
    proved: int
    waiting: int
    refused: int
    codes: dict[str, int] = field(default_factory=dict)
    missing_parts: int = 0  #: parts of these series that are not on the stick
    left: dict[str, str] = field(default_factory=dict)  #: parts that were not taken now, and may be later: name -> why
    refused_parts: dict[str, str] = field(default_factory=dict)  #: parts that were refused whole: name -> why


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """What the replies on a stick proved."""

    replies: int
    proved: int
    held: int
    waiting: int
    others: int  #: replies for other machines, or that nobody we know signed
    visits: int = 0  #: outcomes of visits that they proved
    left: KnownTrouble | None = None  #: why the ward's machine did not take all that was brought to it
