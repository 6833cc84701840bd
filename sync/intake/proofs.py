"""A DPoP proof is good once for the whole site, not once for each worker (RFC 9449, 11.1)."""

import hashlib
from typing import Final

from sync.intake import ledger
from sync.intake.station import Site

LASTS_S: Final = 600.0  #: longer than any proof is fresh, on clocks that are off either way


def is_first_use(site: Site, name: str) -> bool:
    """Tell whether a proof was never used before, and remember it. True where one worker alone remembers them.

    A row stands in the table of what is not free again yet; it goes with the others a day later (`retention`).
    """
    if site.counting is None:
        return True
    hashed = "proof:" + hashlib.sha256(name.encode()).hexdigest()
    ends = site.clock.now().timestamp() + LASTS_S
    with site.counting.connect() as db:
        said = ledger.insert_once(db, ledger.throttles, name=hashed, free_at=ends)
        return db.execute(said.returning(ledger.throttles.c.name)).first() is not None
