"""The feed of what happened, by cursor."""

from pydantic import Field

from sync.wire.dossiers import WireState
from sync.wire.model import Instant, Message, Sha256Text, UuidText
from sync.wire.visits import VisitEntry


class SupplementRequest(Message):
    """What an officer asks to be mended: exactly these fields and papers, until the deadline."""

    id: UuidText
    deadline: Instant | None = None
    fields: tuple[str, ...] = Field(default=(), max_length=300)  #: absolute instance paths
    papers: tuple[str, ...] = Field(default=(), max_length=100)  #: paper ids
    note: str = Field(default="", max_length=4000)  #: the officer's own words, never paraphrased


class Result(Message):
    """The result's file, to be fetched from /v1/blobs/{sha256}."""

    sha256: Sha256Text
    size: int = Field(ge=1, le=2**40)
    name: str = Field(max_length=200)
    media_type: str = Field(default="application/pdf", max_length=80)


class Change(Message):
    """One thing that happened to one dossier of this owner."""

    seq: int = Field(ge=1, le=2**62)
    dossier: UuidText
    rev: int = Field(ge=1, le=10_000)
    state: WireState
    at: Instant
    note: str | None = Field(default=None, max_length=4000)
    office_number: str | None = Field(default=None, max_length=60)
    officer: str | None = Field(default=None, max_length=200)
    receipt: str | None = None
    request: SupplementRequest | None = None
    result: Result | None = None


class ChangesPage(Message):
    """One page of the feed. The cursor is opaque to the device, and stands for both: dossiers and visit lists."""

    items: tuple[Change, ...] = Field(max_length=500)
    visits: tuple[VisitEntry, ...] | None = Field(default=None, max_length=500)  #: for who asks for them, `visits=1`
    cursor: str = Field(max_length=200)
    more: bool = False


class HeldByDevice(Message):
    """One revision the device believes the province holds."""

    dossier: UuidText
    rev: int
    envelope: Sha256Text


class Reconcile(Message):
    """Ids and hashes the device believes delivered."""

    items: tuple[HeldByDevice, ...] = Field(max_length=500)


class ReconcileAnswer(Message):
    """What of it the province lacks: whole revisions, or files of a revision it knows."""

    lacking: tuple[HeldByDevice, ...]
