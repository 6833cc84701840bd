"""Bytes in the store that no row names: put there by a process that died before it wrote them down.

They are found by the store's own listing. What is found may be somebody's only copy (a ledger that was put back from an
older backup knows nothing of what came since), so it is not deleted but marked, and lies in quarantine for a month. The
mark is the one of bytes that were let go: whoever brings the same bytes meanwhile takes it away, and `delete_doomed`
looks once more before it deletes. An upload that goes on now is too young to be looked at.
"""

import datetime as dt
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import JSON, Connection, cast, func, select, type_coerce

from bnhelper.clock import to_text
from sync.intake import ledger, upload_rows
from sync.intake.station import Site
from sync.wire.version import UPLOAD_KEPT_DAYS

#: Nobody who put bytes there takes longer to write them down, by a day more than any upload lasts.
SAFE_S: Final = (UPLOAD_KEPT_DAYS + 1) * 86_400.0
QUARANTINE: Final = dt.timedelta(days=30)
_MOST_NAMES: Final = 500_000  #: looked at in one run; the next goes on behind them
_FOLDERS: Final = 256
_NEXT: Final = "strays_next"  #: in `site`: the first two letters at which the next run begins
_RESULTS: Final = ("result", "status-9", "status-10")  #: deeds that bring a file


@dataclass(slots=True)
class Found:
    """What a look at the store met; counts."""

    looked: int = 0
    strays: int = 0  #: nobody knows of them; in quarantine from now on, if that was asked for
    in_doubt: int = 0  #: a receipt or a result names them and no row says that they are here: left alone


def quarantine(
    site: Site, *, safe_s: float = SAFE_S, lasts: dt.timedelta = QUARANTINE, most: int = _MOST_NAMES
) -> Found:
    """Mark what lies in the store unknown for longer than `safe_s`, to be deleted after `lasts`.

    At least one of the 256 folders is looked at, and no more of them once `most` names were read. Raises
    BlobsUnavailable.
    """
    found = Found()
    with site.engine.connect() as db:
        begin = int(ledger.site_value(db, _NEXT) or "0", 16)
    until = to_text(site.clock.now() + lasts)
    for place in range(begin, begin + _FOLDERS):
        for unknown in _unknown(site, f"{place % _FOLDERS:02x}", safe_s, found):
            with site.engine.begin() as db:
                for sha256 in sorted(unknown):
                    db.execute(ledger.insert_once(db, ledger.doomed_blobs, sha256=sha256, at=until))
        if found.looked >= most:
            break
    with site.engine.begin() as db:
        ledger.set_site_value(db, _NEXT, f"{(place + 1) % _FOLDERS:02x}")
    return found


def count(site: Site) -> Found:
    """Count over the whole store, and touch nothing. Raises BlobsUnavailable."""
    found = Found()
    for place in range(_FOLDERS):
        for _ in _unknown(site, f"{place:02x}", SAFE_S, found):
            pass
    return found


def waiting(site: Site) -> int:
    """Return how many files are marked to be deleted."""
    with site.engine.connect() as db:
        return db.execute(select(func.count()).select_from(ledger.doomed_blobs)).scalar_one()


def in_spool(site: Site) -> set[str]:
    """Return the half-arrived files that nobody wrote to for a week and no row names (`uploads.sweep` drops them)."""
    left = site.spool.left_for(UPLOAD_KEPT_DAYS)
    return left - upload_rows.known(site, left)


def _unknown(site: Site, folder: str, safe_s: float, found: Found) -> Iterator[set[str]]:
    """Yield the names of one folder that are old enough and unknown, some at a time; count them."""
    for some in site.blobs.listed(folder):
        before = time.time() - safe_s
        names = {name for name, put_at in some if put_at <= before}
        found.looked += len(some)
        with site.engine.connect() as db:
            names -= _known(db, names)
            doubtful = _named(db, names)
        names -= doubtful
        found.in_doubt += len(doubtful)
        found.strays += len(names)
        if names:
            yield names


def _known(db: Connection, names: Collection[str]) -> set[str]:
    """Return those that somebody has, that are marked already, or that somebody is bringing just now."""
    blob, mark, upload = ledger.blobs.c, ledger.doomed_blobs.c, ledger.uploads.c
    known = set(db.execute(select(blob.sha256).where(blob.sha256.in_(names))).scalars()) if names else set()
    left = [name for name in names if name not in known]
    if not left:
        return known
    known |= set(db.execute(select(mark.sha256).where(mark.sha256.in_(left))).scalars())
    is_open = upload.sha256.in_(left) & upload.finished_at.is_(None)
    return known | {name for name in db.execute(select(upload.sha256).where(is_open)).scalars() if name}


def _named(db: Connection, names: Collection[str]) -> set[str]:
    """Return those over which somebody holds a receipt, or that are the result of a dossier."""
    if not names:
        return set()
    file, revision, deed = ledger.files.c, ledger.revisions.c, ledger.deeds.c
    of_it = (revision.dossier == file.dossier) & (revision.revision == file.revision)
    receipted = select(file.sha256).join(ledger.revisions, of_it)
    receipted = receipted.where(file.sha256.in_(names), revision.receipt.is_not(None))
    as_json = cast if db.dialect.name == "postgresql" else type_coerce  # SQLite would cast it to a number
    result = as_json(deed.detail, JSON)["file"].as_string()
    given = select(result).where(deed.deed.in_(_RESULTS), deed.detail.is_not(None), result.in_(names))
    return set(db.execute(receipted).scalars()) | set(db.execute(given).scalars())
