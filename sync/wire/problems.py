"""RFC 9457 refusals, each with a code the screen can explain."""

from enum import StrEnum

from pydantic import Field

from sync.wire.model import Message

MEDIA_TYPE = "application/problem+json"


class Retry(StrEnum):
    """When the same request may succeed."""

    NOW = "now"
    LATER = "later"
    AFTER_LOGIN = "after_login"
    AFTER_EDIT = "after_edit"
    NEVER = "never"


class ProblemCode(StrEnum):
    """Every refusal of the contract; a device that meets an unknown one treats it by its status."""

    DIGEST_MISMATCH = "digest-mismatch"
    ID_CONFLICT = "id-conflict"
    REVISION_GAP = "revision-gap"
    TOO_LARGE = "too-large"
    UNSUPPORTED_MEDIA = "unsupported-media"
    INVALID = "invalid"
    CLIENT_TOO_OLD = "client-too-old"
    UNKNOWN_DEVICE = "unknown-device"
    BAD_SIGNATURE = "bad-signature"
    INVITATION_SPENT = "invitation-spent"
    REVOKED = "revoked"
    NOT_FOUND = "not-found"
    GONE = "gone"
    OFFSET = "offset"
    SHA256_MISMATCH = "sha256-mismatch"
    STORAGE_FULL = "storage-full"
    CURSOR_EXPIRED = "cursor-expired"
    BUSY = "busy"
    ALREADY_DECIDED = "already-decided"
    NOT_ASKED = "not-asked"  #: a revision changes a field or paper the officer did not ask for
    PACK_UNKNOWN = "pack-unknown"  #: filled in by a procedure pack that this site never published
    NOT_ALLOWED = "not-allowed"  #: known, but this is not for the caller's role or unit
    INTERNAL = "internal"


class FieldProblem(Message):
    """What is wrong at one place of the envelope."""

    pointer: str = Field(max_length=300)
    code: str = Field(max_length=60)
    detail: str | None = Field(default=None, max_length=300)


class Problem(Message):
    """The body of every refusal."""

    type: str = Field(default="about:blank", max_length=300)
    title: str = Field(default="", max_length=300)
    status: int = Field(ge=400, le=599)
    code: str = Field(max_length=60)
    retry: str = Field(default=Retry.LATER.value, max_length=20)
    retry_after: int | None = Field(default=None, ge=0)
    detail: str | None = Field(default=None, max_length=1000)
    errors: tuple[FieldProblem, ...] = Field(default=(), max_length=300)
    request_id: str | None = Field(default=None, max_length=80)
    current: int | None = None  #: with revision-gap: the last revision the province has
