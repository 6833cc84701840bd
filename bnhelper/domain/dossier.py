"""One dossier and one photo as lists show them: frozen records, and what screens may say of them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bnhelper.clock import from_text
from bnhelper.domain.custody import OutboxState, StatusKey, status_key
from bnhelper.ids import DossierId, PaperId, PhotoId, ProcedureCode, Sha256


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One dossier as lists show it."""

    id: DossierId
    readable_code: str
    look_up_token: str
    procedure: ProcedureCode
    title_vi: str
    title_en: str
    pack_version: str
    pack_sha256: Sha256
    revision: int
    request_id: str | None
    applicant: str
    id_number: str
    screen: str | None
    place: str | None
    begun_at: dt.datetime
    changed_at: dt.datetime
    outbox_id: int | None
    outbox_state: OutboxState
    has_left: bool
    held_code: str | None
    held_detail: str | None
    sealed_at: dt.datetime | None
    proved_at: dt.datetime | None
    office_number: str | None
    wire_state: str | None
    wire_at: dt.datetime | None
    wire_heard_at: dt.datetime | None  #: when this machine learned it
    wire_revision: int
    deadline: dt.datetime | None
    holder: str  #: the person whose dossier it is

    def title(self, language: str) -> str:
        return (self.title_en or self.title_vi) if language == "en" else self.title_vi

    @property
    def is_sealed(self) -> bool:
        """Tell whether the present revision is sealed: nothing of it can be changed."""
        return self.outbox_id is not None

    @property
    def is_supplement(self) -> bool:
        """Tell whether the present revision answers an officer's request and is still open."""
        return self.revision > 1 and not self.is_sealed

    @property
    def status(self) -> StatusKey:
        """Return what screens may say."""
        if self.is_supplement:
            return StatusKey.SUPPLEMENT
        # A word about an older revision says nothing about this one.
        word = self.wire_state if self.wire_revision >= self.revision else None
        return status_key(self.outbox_state, word)

    @property
    def needs_supplement(self) -> bool:
        return self.status is StatusKey.SUPPLEMENT


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """One photo of one paper."""

    id: PhotoId
    dossier: DossierId
    paper: PaperId
    sha256: Sha256
    size: int
    media_type: str
    at: dt.datetime


def instant(text: Any) -> dt.datetime | None:
    """Return a column's instant, or None."""
    return from_text(text) if text else None
