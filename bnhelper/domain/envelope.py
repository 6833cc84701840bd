"""The envelope of a dossier revision as the device builds it; `sync/wire` reads the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bnhelper.ids import DeviceId, DossierId, PaperId, ProcedureCode, Sha256

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class EnvelopeFile:
    """One attached file: SHA-256 of its plaintext, size in bytes, media type found by its content."""

    sha256: Sha256
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class EnvelopePaper:
    """One paper with its files, or only that the original was shown."""

    paper: PaperId
    shown: bool
    files: tuple[EnvelopeFile, ...]


@dataclass(frozen=True, slots=True)
class EnvelopeConsent:
    """One purpose agreed to; `given_at` as RFC 3339 text in UTC."""

    purpose: str
    text_version: str
    text_sha256: Sha256
    given_at: str
    given_by: str
    representative: str | None
    method: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything one revision says. `sealed_at` as RFC 3339 text in UTC; `instance` is ODK submission XML."""

    dossier: DossierId
    revision: int
    procedure: ProcedureCode
    pack_version: str
    pack_sha256: Sha256
    readable_code: str
    look_up_token: str
    sealed_at: str
    receiving_unit: str | None
    author: str
    device: DeviceId
    instance: str
    papers: Sequence[EnvelopePaper]
    consents: Sequence[EnvelopeConsent]
    answers_request: str | None = None
    gives_up: int = 0  #: the revision before, if a photo of it was lost before it could be sent

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object whose RFC 8785 bytes are hashed and signed; absent members are left out."""
        said: dict[str, Any] = {
            "schema": SCHEMA,
            "dossier": self.dossier,
            "revision": self.revision,
            "procedure": self.procedure,
            "pack": {"version": self.pack_version, "sha256": self.pack_sha256},
            "readable_code": self.readable_code,
            "look_up_token": self.look_up_token,
            "sealed_at": self.sealed_at,
            "author": self.author,
            "device": self.device,
            "instance": self.instance,
            "papers": [
                {
                    "paper": paper.paper,
                    "shown": paper.shown,
                    "files": [
                        {"sha256": file.sha256, "size": file.size, "media_type": file.media_type}
                        for file in paper.files
                    ],
                }
                for paper in self.papers
            ],
            "consents": [
                {
                    "purpose": consent.purpose,
                    "text_version": consent.text_version,
                    "text_sha256": consent.text_sha256,
                    "given_at": consent.given_at,
                    "given_by": consent.given_by,
                    "method": consent.method,
                    **({"representative": consent.representative} if consent.representative else {}),
                }
                for consent in self.consents
            ],
        }
        if self.receiving_unit:
            said["receiving_unit"] = self.receiving_unit
        if self.answers_request:
            said["answers_request"] = self.answers_request
        if self.gives_up:
            said["gives_up"] = self.gives_up
        return said
