"""How two machines of one ward get to know each other: what the QR code says, and what is exchanged for it once."""

import json
from typing import Final

from pydantic import Field

from sync.wire.model import Message, UuidText

_PREFIX: Final = "BNWARD1:"
SERVICE: Final = "_bnhelper-ward._tcp.local."  #: DNS-SD (RFC 6763); finding is no trust, the certificate is
MAX_CERTIFICATE: Final = 4_000


class WardInvitation(Message):
    """Shown by the ward's machine as a QR code; the code in it works once and for a quarter of an hour."""

    name: str = Field(max_length=200)
    hosts: tuple[str, ...] = Field(min_length=1, max_length=8)  #: addresses, the likeliest first
    port: int = Field(ge=1, le=65_535)
    certificate_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    code: str = Field(pattern=r"^[A-Za-z0-9_-]{20,80}$")

    def to_text(self) -> str:
        return _PREFIX + json.dumps(self.model_dump(), separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "WardInvitation":
        """Return the invitation in `text`; raises NotTheContract or ValueError for anything else."""
        text = text.strip()
        if not text.startswith(_PREFIX) or len(text) > 2_000:
            raise ValueError("not an invitation of a ward")
        return cls.read(text.removeprefix(_PREFIX).encode("utf-8"))


class PairingRequest(Message):
    """A volunteer's machine introduces itself with the certificate that it will show from now on."""

    code: str = Field(max_length=80)
    device: UuidText
    name: str = Field(max_length=200)
    certificate: str = Field(max_length=MAX_CERTIFICATE)  #: PEM


class PairingAnswer(Message):
    """Who was paired with."""

    ward: str = Field(max_length=200)
