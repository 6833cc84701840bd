"""The envelope of a dossier revision, its states, what is missing."""

import base64
import binascii
import hashlib
from enum import StrEnum

from pydantic import Field

from sync.wire.model import Instant, Message, Sha256Text, UuidText
from sync.wire.version import MAX_BLOB_BYTES, MAX_BLOBS_PER_DOSSIER


class WireState(StrEnum):
    """Where the province says a dossier is (settled.md, "Words for where a dossier is")."""

    RECEIVING = "receiving"  #: the envelope is there, bytes are missing
    DELIVERED = "delivered"  #: every byte is there and verified; the signed receipt exists
    ACCEPTED = "accepted"  #: an officer took it in
    IN_REVIEW = "in_review"
    NEEDS_INFO = "needs_info"
    APPROVED = "approved"  #: the result is ready
    RETURNED = "returned"  #: the result was handed over
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class File(Message):
    """One attached file, named by the SHA-256 of its plaintext."""

    sha256: Sha256Text
    size: int = Field(ge=1, le=MAX_BLOB_BYTES)
    media_type: str = Field(pattern=r"^[a-z]+/[a-z0-9.+-]{1,80}$")


class Paper(Message):
    """One paper of the checklist: its files, or that the original was shown."""

    paper: str = Field(pattern=r"^[a-z0-9_]{1,80}$")
    shown: bool = False
    files: tuple[File, ...] = Field(default=(), max_length=MAX_BLOBS_PER_DOSSIER)


class Consent(Message):
    """One purpose a resident agreed to (Law 91/2025/QH15, article 9: one purpose at a time, verifiable)."""

    purpose: str = Field(max_length=80)
    text_version: str = Field(max_length=40)
    text_sha256: Sha256Text
    given_at: Instant
    given_by: str = Field(max_length=20)  #: self | representative | read_aloud
    representative: str | None = Field(default=None, max_length=200)
    method: str = Field(default="tapped", max_length=20)


class Pack(Message):
    """The procedure pack a dossier was begun with."""

    version: str = Field(max_length=40)
    sha256: Sha256Text


class Envelope(Message):
    """One revision of one dossier. Its bytes are fixed at sealing; only their hash names it."""

    schema_version: int = Field(alias="schema", ge=1)
    dossier: UuidText
    revision: int = Field(ge=1, le=10_000)
    procedure: str = Field(pattern=r"^[0-9]\.[0-9]{6}$")
    pack: Pack
    readable_code: str = Field(pattern=r"^BN-[2-9A-Z]{3}-[2-9A-Z]{3}$")
    look_up_token: str = Field(pattern=r"^[A-Za-z0-9_-]{22}$")
    sealed_at: Instant
    receiving_unit: str | None = Field(default=None, pattern=r"^[0-9]{5}$")
    author: str = Field(max_length=200)
    device: UuidText
    instance: str = Field(max_length=200_000)  #: ODK submission XML
    papers: tuple[Paper, ...] = Field(
        max_length=100, description=f"At most {MAX_BLOBS_PER_DOSSIER} distinct files over all of them together."
    )
    consents: tuple[Consent, ...] = Field(max_length=20)
    answers_request: UuidText | None = None
    #: The revision before this one, which can never be whole: its device lost a photo of it before it was sent.
    gives_up: int | None = Field(default=None, ge=1, le=10_000)

    def blobs(self) -> dict[str, int]:
        """Return SHA-256 -> size in bytes of every distinct file of this revision."""
        return {file.sha256: file.size for paper in self.papers for file in paper.files}


class RevisionVerdict(Message):
    """What the province answers to a revision, at once and again whenever it is sent again."""

    id: UuidText
    rev: int
    state: WireState
    missing: tuple[Sha256Text, ...] = ()
    receipt: str | None = None


class DossierNow(Message):
    """The province's present word on one dossier."""

    id: UuidText
    rev: int
    state: WireState
    at: Instant
    receipt: str | None = None
    office_number: str | None = None


def content_digest(body: bytes) -> str:
    """Return the RFC 9530 `Content-Digest` of `body`, the bytes as they are sent: after any `Content-Encoding`.

    What they decode to is vouched for by the device's signature, and named by the receipt.
    """
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode('ascii')}:"


def digest_matches(header: str, body: bytes) -> bool:
    """Tell whether a `Content-Digest` header names `body`; a header without sha-256 does not."""
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name == "sha-256" and value.startswith(":") and value.endswith(":"):
            try:
                return base64.b64decode(value[1:-1], validate=True) == hashlib.sha256(body).digest()
            except binascii.Error:
                return False
    return False
