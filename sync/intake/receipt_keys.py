"""The keys that sign this site's receipts: published from the moment they are made, used when a worker starts.

Workers are replaced one after the other. They sign with the key they read when they started, and answer what is asked
about keys from the ledger, so one that is old still publishes what its neighbour signs with.
"""

import json
from typing import Any, Final

from sqlalchemy import Connection, text

from bnhelper.vault.signatures import SigningKey
from sync.intake import ledger
from sync.intake.station import Site
from sync.wire.receipt_keys import MOST_PUBLISHED, MOST_SUCCESSIONS, KeySuccession, ReceiptKeys

_SIGNING: Final = "signing"
_OLD: Final = "old_keys"
_SUCCESSIONS: Final = "key_successions"


def published(site: Site) -> ReceiptKeys:
    """Return the public keys that sign or signed receipts, the newest first, with what vouches for the newer ones."""
    with site.engine.connect() as db:
        keys = [_current(db).public(), *_listed(db, _OLD)]
        return ReceiptKeys(keys=tuple(keys[:MOST_PUBLISHED]), successions=tuple(_listed(db, _SUCCESSIONS)))


def successions(site: Site) -> tuple[str, ...]:
    """Return what vouches for each key that followed another one, the newest first."""
    with site.engine.connect() as db:
        return tuple(_listed(db, _SUCCESSIONS))


def rotate(site: Site) -> str:
    """Make a new receipt key, vouched for by the one it follows, and return its name.

    It is published at once; a worker signs with it from its next start on. The old one stays published.
    """
    made = SigningKey.generate()
    with site.engine.begin() as db:
        if db.dialect.name == "postgresql":
            db.execute(text("LOCK TABLE site IN EXCLUSIVE MODE"))  # two at once would follow the same key
        now = _current(db)
        said = KeySuccession(iss=site.server_id, key=made.public(), made_at=site.clock.now())
        _keep(db, _SUCCESSIONS, [now.sign(said.write()), *_listed(db, _SUCCESSIONS)][:MOST_SUCCESSIONS])
        _keep(db, _OLD, [now.public(), *_listed(db, _OLD)])
        _keep(db, _SIGNING, made.secret())
        ledger.note(db, at=site.now(), who="site", what="rotated-key")
    return made.kid


def _current(db: Connection) -> SigningKey:
    return SigningKey.from_secret(json.loads(ledger.site_value(db, _SIGNING) or "{}"))


def _listed(db: Connection, key: str) -> list[Any]:
    found: list[Any] = json.loads(ledger.site_value(db, key) or "[]")
    return found


def _keep(db: Connection, key: str, value: object) -> None:
    ledger.set_site_value(db, key, json.dumps(value))
