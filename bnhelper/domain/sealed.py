"""Sealed revisions on their way: what waits, which files it has, where an upload stands."""

import datetime as dt
from dataclasses import dataclass

from bnhelper.domain.custody import OutboxState
from bnhelper.ids import DossierId, PhotoId, Sha256


@dataclass(frozen=True, slots=True)
class OutboxFile:
    """One file of a sealed revision, and how much of it the province has confirmed."""

    photo: PhotoId
    sha256: Sha256
    size: int
    media_type: str
    bytes_acked: int = 0
    bytes_sent: int = 0


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One sealed revision."""

    id: int
    dossier: DossierId
    revision: int
    state: OutboxState
    envelope: bytes
    signature: str
    envelope_sha256: Sha256
    bytes_total: int
    sealed_at: dt.datetime
    attempts: int
    not_before: dt.datetime | None
    files: tuple[OutboxFile, ...]
    exported_at: dt.datetime | None = None  #: since when it lies on a stick as well; never a step towards proved
    kind: str = ""  #: of a record that is no dossier, such as visit; `dossier` is then the record's id


@dataclass(frozen=True, slots=True)
class InLine:
    """One revision that may be sent now, as far as the order of sending needs it."""

    outbox: int
    dossier: DossierId
    sealed_at: dt.datetime
    files: tuple[tuple[Sha256, int], ...]  #: SHA-256 and unconfirmed bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """One unfinished upload at one server."""

    url: str
    offset: int
    expires_at: dt.datetime | None
