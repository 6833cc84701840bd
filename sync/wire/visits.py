"""Visit lists and what is said of their homes: entries of the feed one way, records of a device the other way."""

from typing import Annotated

from pydantic import Field

from sync.wire.model import Instant, Message, UuidText

#: Words of a vocabulary that may grow: whoever does not know one passes it over.
_Word = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,20}$")]
MAX_HOMES = 2_000
MAX_RECORD_BYTES = 16_000


class ListHead(Message):
    """One list of homes, before its homes."""

    hamlet: str = Field(max_length=120)
    homes: int = Field(ge=0, le=MAX_HOMES)  #: so many came with it; a device that has fewer says so
    made_at: Instant
    keep_until: Instant  #: whoever has it erases it then
    is_over: bool = False  #: it was taken back, or its time is over: erase it now


class VisitHome(Message):
    """One home, in the order of the way."""

    id: UuidText
    place: int = Field(ge=0, le=1_000_000)
    lane: str = Field(default="", max_length=80)
    number: str = Field(default="", max_length=40)
    who: str = Field(default="", max_length=120)
    born: int | None = Field(default=None, ge=1890, le=2100)  #: year
    reasons: tuple[_Word, ...] = Field(default=(), max_length=8)
    note: str = Field(default="", max_length=300)
    is_new: bool = False  #: added at the door, not compared yet


class VisitOutcome(Message):
    """How one visit ended, as somebody of the list said it."""

    record: UuidText
    revision: int = Field(ge=1, le=10_000)
    home: UuidText
    outcome: _Word
    at: Instant
    by: str = Field(max_length=200)
    note: str = Field(default="", max_length=500)
    done: tuple[_Word, ...] = Field(default=(), max_length=8)


class VisitEntry(Message):
    """One thing that became known of a list: its head, a home, or an outcome. The newest of a name holds."""

    list: UuidText
    head: ListHead | None = None
    home: VisitHome | None = None
    outcome: VisitOutcome | None = None


class VisitRecord(Message):
    """What a device tells of one visit. Its bytes are fixed when it is said; their hash names them in the receipt."""

    schema_version: int = Field(alias="schema", ge=1)
    record: UuidText
    revision: int = Field(ge=1, le=10_000)
    device: UuidText
    list: UuidText
    home: UuidText
    outcome: _Word | None = None  #: none where a home was added and nobody was visited yet
    at: Instant
    by: str = Field(max_length=200)
    note: str = Field(default="", max_length=500)
    done: tuple[_Word, ...] = Field(default=(), max_length=8)
    new_home: VisitHome | None = None
    hamlet: str = Field(default="", max_length=120)  #: of a list that was begun at the door


class VisitListRequest(Message):
    """A list as a team leader or an officer makes it; the homes' ids and places are given by the province."""

    unit: str | None = Field(default=None, pattern=r"^[0-9]{5}$")
    hamlet: str = Field(min_length=1, max_length=120)
    device: UuidText | None = None  #: for one device alone
    csv: str = Field(max_length=1_000_000)


class VisitListMade(Message):
    """What was made of it."""

    list: UuidText
    homes: int
