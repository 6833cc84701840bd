"""To whom devices seal what is carried by hand: this site's own key, and one for escrow that is kept elsewhere."""

import logging
import os
from pathlib import Path
from typing import Final

import pyrage
from sqlalchemy import text

from sync.intake import ledger
from sync.intake.station import Site
from sync.wire.courier import CourierKeys

_log = logging.getLogger(__name__)
_IDENTITY: Final = "courier_identity"
_ESCROW: Final = "courier_escrow"
_MADE_AT: Final = "courier_made_at"
#: Written once, to be carried to a safe: it opens every bundle when this server's own key is lost.
ESCROW_FILE: Final = "escrow-key.txt"


def signed(site: Site) -> str:
    """Return the recipients as devices learn them, signed with the key that signs receipts."""
    _make(site)
    with site.engine.connect() as db:
        own = pyrage.x25519.Identity.from_str(ledger.site_value(db, _IDENTITY) or "")
        escrow = ledger.site_value(db, _ESCROW) or ""
        made_at = ledger.site_value(db, _MADE_AT) or site.now()
    keys = CourierKeys.model_validate(
        {"iss": site.server_id, "recipients": (str(own.to_public()), escrow), "made_at": made_at}
    )
    return site.signing.sign(keys.write())


def identities(site: Site) -> list[str]:
    """Return this site's own secret keys that open bundles; the one for escrow is never among them."""
    _make(site)
    with site.engine.connect() as db:
        return [ledger.site_value(db, _IDENTITY) or ""]


def use_escrow(site: Site, recipient: str) -> None:
    """Seal to this key from now on instead of one made here. Raises ValueError when it is no recipient of age."""
    try:
        pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as wrong:
        raise ValueError("no recipient of age") from wrong
    with site.engine.begin() as db:
        ledger.set_site_value(db, _ESCROW, recipient)
        ledger.set_site_value(db, _MADE_AT, site.now())


def _make(site: Site) -> None:
    """Make what is missing, once; workers that start together agree on one key."""
    with site.engine.connect() as db:
        if all(ledger.site_value(db, key) is not None for key in (_IDENTITY, _ESCROW)):
            return
    with site.engine.begin() as db:
        if site.engine.dialect.name == "postgresql":
            db.execute(text("LOCK TABLE site IN EXCLUSIVE MODE"))
        if ledger.site_value(db, _IDENTITY) is None:
            ledger.set_site_value(db, _IDENTITY, str(pyrage.x25519.Identity.generate()))
            ledger.set_site_value(db, _MADE_AT, site.now())
        if ledger.site_value(db, _ESCROW) is None:
            made = pyrage.x25519.Identity.generate()
            _write_private(site.folder / ESCROW_FILE, f"# carry this file to a safe, off this machine\n{made}\n")
            ledger.set_site_value(db, _ESCROW, str(made.to_public()))
            _log.warning("the escrow key lies in %s: carry it to a safe", ESCROW_FILE)


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
