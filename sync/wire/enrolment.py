"""How a device gets to know a province: the invitation, and what is exchanged for it."""

import json
from typing import Any

from pydantic import Field

from sync.wire.model import Message, UuidText
from sync.wire.receipt_keys import Succession

_PREFIX = "BNHELPER1:"
MOST_KEYS = 10  #: receipt keys of an enrolment: what is signed now, and what workers of yesterday still sign


class Invitation(Message):
    """What the QR code or text of an invitation carries; the code works once.

    One without a code is the province's address alone: whoever uses the machine signs in there (`ServerCard.sign_in`).
    """

    url: str = Field(pattern=r"^https?://[^\s]{1,300}$")
    code: str = Field(default="", pattern=r"^([A-Za-z0-9_-]{16,80})?$")
    certificate_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")  #: pinned; none over loopback
    receipt_key: dict[str, Any]  #: public JWK (OKP, Ed25519) that signs receipts
    office: str = Field(default="", max_length=200)

    def to_text(self) -> str:
        """Return the text that stands in the QR code; people can paste it too."""
        return _PREFIX + json.dumps(self.model_dump(exclude_none=True), separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "Invitation":
        """Return the invitation in `text`; raises NotTheContract or ValueError for anything else."""
        text = text.strip()
        if not text.startswith(_PREFIX) or len(text) > 4000:
            raise ValueError("not an invitation")
        return cls.read(text.removeprefix(_PREFIX).encode("utf-8"))


class EnrolmentRequest(Message):
    """A device introduces itself; `public_key` is its signing key as a public JWK (OKP, Ed25519)."""

    code: str = Field(max_length=80)
    device: UuidText
    public_key: dict[str, Any]
    name: str = Field(max_length=200)  #: whoever uses the machine, shown to officers


class EnrolmentAnswer(Message):
    """The device-bound token of the intake's own issuer, and who the province is."""

    token: str = Field(max_length=2000)
    server_id: str = Field(max_length=200)
    receipt_keys: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=MOST_KEYS)
    unit: str | None = None
    office: str = ""
    courier: str | None = None  #: signed `CourierKeys`; none where the province takes no sealed bundles


class DeviceRegistration(Message):
    """The signing key of a device whose user signs in by OIDC.

    A device that is known already is given to another person only by its own word: `holder` is then the thumbprint
    (RFC 7638) of the key that the caller's token is bound to, and the header BN-Signature signs the whole message.
    """

    public_key: dict[str, Any]
    name: str = Field(max_length=200)
    holder: str | None = Field(default=None, max_length=100)


class InvitationRequest(Message):
    """What an invitation is for: a role of the field, in one unit."""

    role: str = Field(pattern=r"^(volunteer|team_leader|trainer)$")
    unit: str | None = Field(default=None, pattern=r"^[0-9]{5}$")


class DeviceNow(Message):
    """One enrolled device, as whoever looks after it sees it."""

    device: UuidText
    name: str
    role: str
    unit: str | None = None
    enrolled_at: str
    revoked_at: str | None = None


class Devices(Message):
    """The devices of a unit."""

    devices: tuple[DeviceNow, ...]


class Me(Message):
    """Who the province thinks this device is."""

    device: UuidText
    name: str
    revoked: bool = False
    unit: str | None = None
    office: str = ""


class SignInAt(Message):
    """Where people sign in: an OpenID provider, and what to ask it for."""

    issuer: str = Field(pattern=r"^https?://[^\s]{1,300}$")
    client_id: str = Field(max_length=200)
    scope: str = Field(max_length=200)
    resource: str = Field(max_length=300)  #: RFC 8707: for whom the access token is


class ServerCard(Message):
    """`/.well-known/bn-intake`: who answers, what it speaks, its limits and its time."""

    server_id: str
    contract: str
    schemas: tuple[int, ...]
    max_envelope: int
    max_blob: int
    max_blobs: int = Field(description="distinct files of one dossier, over all its papers")
    time: str
    min_client: str = "0.1"
    office: str = ""
    courier: str | None = None  #: signed `CourierKeys`, for devices that enrolled before there were any
    successions: tuple[Succession, ...] | None = None  #: what vouches for receipt keys newer than a device's enrolment
    sign_in: SignInAt | None = None  #: none where devices come by invitation only
