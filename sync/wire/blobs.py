"""tus 1.0.0 as the contract uses it: headers, metadata, where an upload stands."""

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from sync.wire.version import CHUNK_BYTES

TUS_VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,expiration,termination,checksum"
CHECKSUMS: Final = "sha256,sha1"
OFFSET_MEDIA_TYPE: Final = "application/offset+octet-stream"
CHECKSUM_MISMATCH: Final = 460  #: status of the tus checksum extension
FOLDED_IN: Final = 4 * CHUNK_BYTES  #: a creation may bring this much along: most photos need no second request
COLLECTION: Final = "/v1/blobs"


@dataclass(frozen=True, slots=True)
class UploadMetadata:
    """What a creation says of a file; any member may be absent when a plain tus peer creates it."""

    sha256: str | None = None
    filetype: str | None = None
    dossier: str | None = None

    def to_header(self) -> str:
        """Return the `Upload-Metadata` header."""
        said = (("sha256", self.sha256), ("filetype", self.filetype), ("dossier", self.dossier))
        return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in said if value)

    @classmethod
    def from_header(cls, header: str) -> "UploadMetadata":
        """Read the header; an empty one is fine (tuspy sends one), unknown keys are ignored.

        Raises ValueError when a value is not base64 of UTF-8.
        """
        found: dict[str, str] = {}
        for pair in header.split(","):
            name, _, value = pair.strip().partition(" ")
            if name:
                try:
                    found[name] = base64.b64decode(value, validate=True).decode("utf-8")
                except (binascii.Error, UnicodeDecodeError) as wrong:
                    raise ValueError("Upload-Metadata is not base64") from wrong
        return cls(found.get("sha256"), found.get("filetype"), found.get("dossier"))
