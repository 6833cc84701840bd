"""What a sealed bundle says of itself, and what the province answers by the same road."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from sync.wire.dossiers import File
from sync.wire.model import Instant, Message, Sha256Text, UuidText
from sync.wire.version import ENVELOPE_SCHEMA, MAX_BLOB_BYTES, MAX_BLOBS_PER_DOSSIER, MAX_ENVELOPE_BYTES

BUNDLE_FORMAT: Final = "courier/1"
MAX_BUNDLE_BYTES: Final = 2**30  #: of one part; FAT32 ends at 4 GiB - 1
PART_BYTES: Final = 64 * 1024 * 1024  #: of one part unless told otherwise: a line that breaks costs little
#: What every part must be able to hold: one file of the largest size with its envelope, and the bundle around them.
LEAST_PART_BYTES: Final = MAX_BLOB_BYTES + MAX_ENVELOPE_BYTES + 256 * 1024
MAX_REVISIONS: Final = 500  #: of one part
MAX_REPLY_BYTES: Final = 4 * 1024 * 1024

#: An X25519 recipient of age (age-encryption.org/v1): Bech32, 62 letters.
Recipient = Annotated[str, Field(pattern=r"^age1[02-9ac-hj-np-z]{58}$")]


class CourierKeys(Message):
    """To whom a device seals what is carried by hand; travels as a compact JWS signed with a receipt key.

    Never fewer than two: the province's own key of the year and one for escrow that is kept off line, so that a lost
    server key does not make sticks unreadable.
    """

    iss: str = Field(max_length=200)  #: server id of the province
    recipients: tuple[Recipient, ...] = Field(min_length=2, max_length=10)
    made_at: Instant


class CarriedFile(File):
    """A file of a carried revision."""

    here: bool = True  #: its bytes are in this part; otherwise in another part of the series


class CarriedRevision(Message):
    """One sealed revision. Its envelope is in every part that names it, since it is light."""

    dossier: UuidText
    rev: int = Field(ge=1, le=10_000)
    envelope: Sha256Text
    size: int = Field(ge=1, le=MAX_ENVELOPE_BYTES)
    signature: str = Field(max_length=2_000)  #: the device's detached JWS over the envelope, as in `BN-Signature`
    envelope_schema: int = ENVELOPE_SCHEMA
    files: tuple[CarriedFile, ...] = Field(default=(), max_length=MAX_BLOBS_PER_DOSSIER)
    kind: str = Field(default="", max_length=40)  #: of a record that is no dossier, as in the path of `PUT /v1/records`

    @property
    def is_last_here(self) -> bool:
        """Tell whether this part has a dossier's heaviest file, so that it is counted once in a series."""
        return not self.kind and (not self.files or max(self.files, key=lambda file: (file.size, file.sha256)).here)


class CourierManifest(Message):
    """The table of contents of one part; signed by the device inside, so that a carrier can add nothing.

    Each part of a series stands for itself: the others may come later, twice, or never.
    """

    format: str = Field(default=BUNDLE_FORMAT, max_length=20)
    province: str = Field(max_length=200)  #: server id of the province it is for
    device: UuidText
    reply_to: Recipient  #: the device's own key: receipts ride back sealed to it
    exported_at: Instant
    series: UuidText
    part: int = Field(ge=1, le=999)
    parts: int = Field(ge=1, le=999)
    revisions: tuple[CarriedRevision, ...] = Field(min_length=1, max_length=MAX_REVISIONS)


class CarriedVerdict(Message):
    """What became of one carried revision."""

    dossier: UuidText
    rev: int = Field(ge=1)
    envelope: Sha256Text
    receipt: str | None = Field(default=None, max_length=20_000)  #: the same signed receipt as on line
    missing: int = Field(default=0, ge=0)  #: files that have not arrived yet
    code: str | None = Field(default=None, max_length=60)  #: why it was refused
    detail: str | None = Field(default=None, max_length=1_000)


class CourierReply(Message):
    """What rides back: the province's word on a part, a compact JWS sealed to the device that made the part.

    Below it, a line each, come the province's `KeySuccession`s, for a device that never meets a line.
    """

    iss: str = Field(max_length=200)
    device: UuidText
    bundle: Sha256Text
    at: Instant
    items: tuple[CarriedVerdict, ...] = Field(max_length=MAX_REVISIONS)


class BundleState(StrEnum):
    """How far a bundle is at the province."""

    ARRIVING = "arriving"
    READING = "reading"
    DONE = "done"  #: read; the reply can be fetched
    REFUSED = "refused"  #: see the code; nothing of it was taken


class BundleStatus(Message):
    """`GET /v1/bundles/{sha256}`: numbers and codes only, since a carrier may ask.

    A revision that is spread over several parts is counted with the one that has its heaviest file.
    """

    sha256: Sha256Text
    state: BundleState
    offset: int = Field(default=0, ge=0)  #: bytes that arrived, while it is arriving
    code: str | None = Field(default=None, max_length=60)
    proved: int = Field(default=0, ge=0)  #: revisions that are wholly there
    waiting: int = Field(default=0, ge=0)  #: revisions that lack files of other parts
    refused: int = Field(default=0, ge=0)  #: revisions that need a person


def part_name(series: str, part: int, parts: int) -> str:
    """Return the file name of a part: random letters and numbers, nothing of the device or a resident."""
    return f"{series.replace('-', '')[-12:]}-{part:03}-of-{parts:03}.age"
