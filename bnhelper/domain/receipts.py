"""The home receipt: what was taken in at the table. It is never the official Giấy tiếp nhận."""

import base64
import binascii
import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from bnhelper.clock import from_text


@dataclass(frozen=True, slots=True)
class HomeReceipt:
    """What the slip says. `given_at` is RFC 3339 UTC; the applicant's name is masked, no number is on it."""

    readable_code: str
    title_vi: str
    title_en: str
    procedure: str
    applicant_masked: str
    given_at: str
    papers: tuple[tuple[str, int], ...]  #: paper's name, number of files
    shown_papers: tuple[str, ...]
    look_up_url: str  #: empty while this machine knows no province
    qr_text: str
    office: str
    person: str


def masked_name(name: str) -> str:
    """Return a name with the given name cut to its first letter: "Nguyễn Thị Hoa" -> "Nguyễn Thị H***"."""
    parts = name.split()
    if not parts:
        return ""
    return " ".join([*parts[:-1], f"{parts[-1][0]}***"])


def received_at(receipt: str) -> dt.datetime | None:
    """Return when the office received a dossier, by its own clock, from a signed receipt that was kept.

    The signature was checked before the receipt was kept (`sync.wire.receipts.proved`); here it is only read.
    None for an empty text or anything that is no such receipt.
    """
    try:
        return from_text(_claims(receipt)["received_at"])
    except (ValueError, KeyError, TypeError):
        return None


def issuer_of(receipt: str) -> str:
    """Return the server id of the province that signed a receipt that was kept; empty where it names nobody."""
    said = _claims(receipt).get("iss")
    return said if isinstance(said, str) else ""


def _claims(receipt: str) -> dict[str, Any]:
    parts = receipt.split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))) if len(parts) == 3 else {}
    except (ValueError, binascii.Error):
        return {}
    return claims if isinstance(claims, dict) else {}
