"""The statuses of this machine's dossiers, findable by a receipt's code alone, for a kiosk that holds no key."""

import hmac
import secrets
from collections.abc import Iterable
from typing import Final

from sqlalchemy import select

from bnhelper.domain.custody import StatusKey
from bnhelper.domain.dossier import DossierRow
from bnhelper.domain.seen_status import SeenStatus
from bnhelper.ids import DossierId
from bnhelper.store import dossiers
from bnhelper.store import tables as t
from bnhelper.store.open_machine import OpenMachine

PHONE_END: Final = 4  #: digits of the phone that are asked beside a readable code, whose 30 bits can be tried through
_PHONE: Final = "/data/applicant/phone"


class StatusBoard:
    """A status and its date under the keyed hash of what is on the slip: no name, no number, no code can be read off.

    The key is random and of this board alone, so that its entries mean nothing outside this process.
    """

    def __init__(self, rows: Iterable[tuple[str, str, str, SeenStatus]] = ()) -> None:
        """`rows`: token, readable code, phone (any spelling, or empty), status."""
        self._key = secrets.token_bytes(32)
        self._seen: dict[bytes, SeenStatus] = {}
        for token, code, phone, seen in rows:
            self._seen[self._hash("token", token)] = seen
            end = _digits(phone)[-PHONE_END:]
            if len(end) == PHONE_END:
                self._seen[self._hash("code", f"{code} {end}")] = seen

    def __len__(self) -> int:
        return len(self._seen)

    def by_token(self, token: str) -> SeenStatus | None:
        """Return the status behind a slip's QR code."""
        return self._seen.get(self._hash("token", token))

    def by_code(self, code: str, phone_end: str) -> SeenStatus | None:
        """Return the status behind a readable code together with the last four digits of the phone on the dossier."""
        return self._seen.get(self._hash("code", f"{code} {phone_end}"))

    def _hash(self, kind: str, text: str) -> bytes:
        return hmac.digest(self._key, f"{kind} {text}".encode(), "sha256")[:16]


def status_board(machine: OpenMachine) -> StatusBoard:
    """Return the board of everybody's dossiers for which a slip was handed out, as they stand now."""
    with machine.store.read() as db:
        everybodys = db.execution_options(bn_person=None)
        rows = [row for row in dossiers.every(everybodys) if row.status is not StatusKey.DRAFT]
        said = everybodys.execute(select(t.answers.c.dossier, t.answers.c.value).where(t.answers.c.path == _PHONE))
        phones = {DossierId(dossier): str(value) for dossier, value in said}
    return StatusBoard((row.look_up_token, row.readable_code, phones.get(row.id, ""), _seen(row)) for row in rows)


def _seen(row: DossierRow) -> SeenStatus:
    told = row.wire_at if row.wire_state is not None and row.wire_revision >= row.revision else None
    at = told or row.proved_at or row.sealed_at or row.changed_at
    return SeenStatus(row.status, at, is_from_province=told is not None or row.proved_at is not None)


def _digits(phone: str) -> str:
    return "".join(letter for letter in phone if letter.isascii() and letter.isdigit())
