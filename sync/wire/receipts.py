"""The province's signed receipt over our hashes: the only proof that a dossier arrived."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import Field

from sync.wire.model import Instant, Message, NotTheContract, Sha256Text, UuidText

#: Given a compact JWS, returns its payload bytes if a key of the province signed it, else raises ValueError.
Verify = Callable[[str], bytes]


class Receipt(Message):
    """What the province swears to hold, every byte of it."""

    iss: str = Field(max_length=200)
    dossier: UuidText
    revision: int = Field(ge=1)
    envelope: Sha256Text
    blobs: tuple[Sha256Text, ...] = ()  #: sorted, distinct
    received_at: Instant
    office_number: str = Field(max_length=60)


class ReceiptDoesNotHold(ValueError):
    """A receipt that is unsigned, signed by a stranger, or about something else."""


def proved(
    jws: str, verify: Verify, *, issuer: str, dossier: str, revision: int, envelope: str, blobs: Mapping[str, Any]
) -> Receipt:
    """Return the receipt in `jws` if it proves that exactly this revision and these files arrived.

    `issuer` is the server id of the province it has to be of, `envelope` the SHA-256 of the sealed bytes, `blobs` has
    the SHA-256 of every file as keys.
    Raises ReceiptDoesNotHold otherwise; the caller must then go on showing "not sent".
    """
    try:
        receipt = Receipt.read(verify(jws))
    except (ValueError, NotTheContract) as wrong:
        raise ReceiptDoesNotHold("unsigned, or not a receipt") from wrong
    if receipt.iss != issuer:
        raise ReceiptDoesNotHold("of another province")
    if (receipt.dossier, receipt.revision, receipt.envelope) != (dossier, revision, envelope):
        raise ReceiptDoesNotHold("about another revision")
    if list(receipt.blobs) != sorted(blobs):
        raise ReceiptDoesNotHold("about other files")
    return receipt
