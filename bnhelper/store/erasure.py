"""Finds what is due to be erased, puts it out of sight, and takes all of it off the machine: rows, and so files' keys.

All of it is said to SQLite for many dossiers at once: one at a time, building the statements cost four times as much as
carrying them out.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, TextClause, text

from bnhelper.clock import from_text, to_text
from bnhelper.domain.data_rights import ENDING_WORDS, KEPT_AFTER_END_DAYS, KEPT_IN_BIN_DAYS
from bnhelper.ids import DossierId
from bnhelper.store.open_store import driver

_AMONG: Final = "dossiers.id IN (SELECT value FROM json_each(:among))"
#: nothing that is held by law, or about which somebody waits for an answer, goes by itself
_MAY_GO: Final = """
NOT EXISTS (SELECT 1 FROM legal_holds WHERE legal_holds.dossier = dossiers.id AND released_at IS NULL)
AND NOT EXISTS (SELECT 1 FROM data_requests WHERE data_requests.dossier = dossiers.id AND done_at IS NULL)
"""
_BINNED: Final = """
SELECT id FROM dossiers WHERE {among} AND {may_go} AND binned_at < :limit
AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.dossier = dossiers.id AND outbox.revision > 0)
"""
_ASIDE: Final = """
SELECT id FROM dossiers WHERE binned_at IS NOT NULL
AND EXISTS (SELECT 1 FROM outbox WHERE outbox.dossier = dossiers.id AND outbox.revision > 0)
"""
_PUT_ASIDE: Final = "UPDATE dossiers SET binned_at = :at WHERE id IN (SELECT value FROM json_each(:these))"
#: `domain.data_rights.ended_at`, asked of the tables
_ENDED: Final = """
SELECT dossiers.id, server_truth.at, server_truth.seen_at FROM server_truth
JOIN dossiers ON dossiers.id = server_truth.dossier AND dossiers.revision <= server_truth.revision
JOIN outbox ON outbox.dossier = dossiers.id AND outbox.revision = dossiers.revision AND outbox.state = 'proved'
WHERE {among} AND {may_go} AND server_truth.state IN (SELECT value FROM json_each(:words))
AND substr(server_truth.at, 1, 10) <= :day AND coalesce(substr(server_truth.seen_at, 1, 10), '') <= :day
"""
_FILES: Final = "SELECT file FROM photos WHERE dossier IN (SELECT value FROM json_each(:these))"
#: in this order: nothing is taken away while a row names it; answers, photos and the like go with their dossier
_ERASE: Final = (
    """
    DELETE FROM uploads
    WHERE sha256 IN (SELECT sha256 FROM photos WHERE dossier IN (SELECT value FROM json_each(:these)))
    AND NOT EXISTS (
        SELECT 1 FROM photos
        WHERE photos.sha256 = uploads.sha256 AND photos.dossier NOT IN (SELECT value FROM json_each(:these))
    )
    """,
    """
    DELETE FROM outbox_files
    WHERE outbox IN (SELECT id FROM outbox WHERE dossier IN (SELECT value FROM json_each(:these)))
    """,
    "DELETE FROM outbox WHERE dossier IN (SELECT value FROM json_each(:these))",
    "DELETE FROM dossiers WHERE id IN (SELECT value FROM json_each(:these))",
    "DELETE FROM server_truth WHERE dossier IN (SELECT value FROM json_each(:these))",
    "DELETE FROM events WHERE dossier IN (SELECT value FROM json_each(:these))",
)


def in_bin_too_long(db: Connection, now: dt.datetime, among: Sequence[DossierId] | None = None) -> list[DossierId]:
    """Return the drafts that have been in the bin for over 30 days at `now`, everybody's, or those among some.

    Held and asked-about ones stay.
    """
    limit = to_text(now - dt.timedelta(days=KEPT_IN_BIN_DAYS))
    wanted = _among(_BINNED, among)
    return [DossierId(one) for one in db.execute(wanted, {"limit": limit, **_ids(among)}).scalars()]


def ended_long_ago(db: Connection, now: dt.datetime, among: Sequence[DossierId] | None = None) -> list[DossierId]:
    """Return what is erased by itself at `now`, everybody's, or those among some. Held and asked-about ones stay."""
    limit = now - dt.timedelta(days=KEPT_AFTER_END_DAYS)
    day = (limit.date() + dt.timedelta(days=1)).isoformat()  # whatever zone the province wrote its word in
    wanted = _among(_ENDED, among)
    found = db.execute(wanted, {"words": json.dumps(sorted(ENDING_WORDS)), "day": day, **_ids(among)})
    return [
        DossierId(one) for one, at, seen in found if from_text(at) <= limit and (not seen or from_text(seen) <= limit)
    ]


def _among(wanted: str, among: Sequence[DossierId] | None) -> TextClause:
    return text(wanted.replace("{among}", "TRUE" if among is None else _AMONG).replace("{may_go}", _MAY_GO))


def _ids(among: Sequence[DossierId] | None) -> dict[str, str]:
    return {} if among is None else {"among": json.dumps(among)}


def put_aside(db: Connection, due: Iterable[DossierId], now: dt.datetime) -> None:
    """Put sealed dossiers that are due out of everybody's sight, and bring back those that are due no longer.

    They lie in the bin, which no list, count or search shows; nobody can take them out (`dossiers.change`).
    """
    run = driver(db).execute
    wanted, aside = set(due), {one for (one,) in run(_ASIDE)}
    for these, at in ((wanted - aside, to_text(now)), (aside - wanted, None)):
        run(_PUT_ASIDE, {"at": at, "these": json.dumps(sorted(these))})


def erase_rows(db: Connection, these: Sequence[DossierId]) -> list[str]:
    """Delete every row of these dossiers and return their files' names, which nobody can open from here on.

    A file's key lies in its row alone, so with the row the file is gone, wherever copies of it lie (crypto-erasure).
    What stays is the chain, which holds no content, and the requests about the data, as the proof that it was done.
    """
    run, said = driver(db).execute, {"these": json.dumps(these)}
    files = [name for (name,) in run(_FILES, said)]
    for one in _ERASE:
        run(one, said)
    return files
