"""Settles many revisions at once on PostgreSQL: files that arrived together end what waited for them together.

One file at a time, and SQLite, have `receipts.settle_owner`; what is written down is the same.
"""

from collections.abc import Collection
from typing import Any, Final

import psycopg

from bnhelper.clock import to_text
from sync.intake import desk_card, feed, receipts
from sync.intake.bare import array
from sync.intake.deadlines import reception_due
from sync.intake.number_stock import Stock
from sync.intake.station import Site
from sync.wire.changes import Change
from sync.wire.dossiers import WireState

Settled = dict[tuple[str, str], list[str]]  #: owner and hash of a file -> the receipts of what is whole with it


def settle_arrived(
    site: Site, stock: Stock, db: "psycopg.Connection[Any]", files: Collection[tuple[str, str]]
) -> Settled:
    """Many files arrived, each (owner, hash): settle every revision that waited for them and has all of its own now.

    Returns the receipts, which may be handed out after the commit. All dossiers are locked before any row of a feed,
    and the feeds in one order, as everywhere.
    """
    said = {
        "owners": array(sorted({owner for owner, _ in files})),
        "hashes": array(sorted({sha256 for _, sha256 in files})),
    }
    waiting = db.execute(_WAITING, said, prepare=True).fetchall()
    if not waiting:
        return {}
    asked = {"dossiers": array(row[0] for row in waiting), "revisions": array(row[1] for row in waiting)}
    found: Settled = {}
    to_sign = []
    for row in db.execute(_WHOLE, asked, prepare=True).fetchall():
        owner, receipt, blobs = row[2], row[-2], row[-1]
        if receipt is None:
            to_sign.append(row)
        else:  # somebody else was quicker
            _note(found, owner, blobs, receipt)
    if to_sign:
        _sign_all(site, stock, db, to_sign, found)
    return found


def _note(found: Settled, owner: str, blobs: Collection[str], receipt: str) -> None:
    for sha256 in blobs:
        found.setdefault((owner, sha256), []).append(receipt)


def _sign_all(site: Site, stock: Stock, db: "psycopg.Connection[Any]", rows: list[Any], found: Settled) -> None:
    """Number, sign and write down what is whole."""
    rows.sort(key=lambda row: row[2])  # by owner
    numbers = iter(stock.take(sum(row[3] is None for row in rows)))
    now = site.clock.now()
    signed, words = [], []
    for place, (dossier, revision, owner, number, before, envelope, _, blobs) in enumerate(rows, 1):
        state = receipts.state_with_receipt(WireState(before))
        number = number or next(numbers)  # noqa: PLW2901 - an amended dossier keeps its own
        about = {"dossier": dossier, "revision": revision, "number": number, "at": now}
        receipt = receipts.sign(site, envelope=envelope, blobs=set(blobs), **about)
        change = Change(
            seq=1, dossier=dossier, rev=revision, state=state, at=now, office_number=number, receipt=receipt
        )
        signed.append((dossier, revision, owner, number, state.value, receipt, feed.without_number(change)))
        words += [(place, one["word"]) for one in desk_card.word_rows(dossier, frozenset(), number)]
        _note(found, owner, blobs, receipt)
    names = ("dossier", "revision", "owner", "number", "state", "receipt", "told")
    said = {name: array(column) for name, column in zip(names, zip(*signed, strict=True), strict=True)}
    said |= {"word_of": array(place for place, _ in words), "word": array(word for _, word in words)}
    said |= {"owners": array(sorted({row[2] for row in rows})), "at": to_text(now), "due": reception_due(now)}
    db.execute(_SETTLE, said, prepare=True)


_WAITING: Final = """
SELECT dossiers.id, revisions.revision
FROM dossiers JOIN revisions ON revisions.dossier = dossiers.id
WHERE (revisions.dossier, revisions.revision) IN (
        SELECT dossier, revision FROM files WHERE sha256 = ANY(%(hashes)s::text[]))
    AND device = ANY(%(owners)s::text[]) AND revisions.receipt IS NULL
ORDER BY dossiers.id, revisions.revision FOR UPDATE OF dossiers
"""
#: Asked after the locks are held, so it sees what others brought meanwhile.
_WHOLE: Final = """
SELECT asked.dossier, asked.revision, device, office_number, dossiers.state, revisions.sha256, revisions.receipt,
    ARRAY(SELECT DISTINCT sha256 FROM files WHERE files.dossier = asked.dossier AND files.revision = asked.revision)
FROM unnest(%(dossiers)s::text[], %(revisions)s::int[]) AS asked (dossier, revision)
    JOIN dossiers ON dossiers.id = asked.dossier
    JOIN revisions ON revisions.dossier = asked.dossier AND revisions.revision = asked.revision
WHERE NOT EXISTS (
    SELECT FROM files LEFT JOIN blobs ON blobs.owner = dossiers.device AND blobs.sha256 = files.sha256
        AND blobs.size = files.size AND blobs.media_type = files.media_type
    WHERE files.dossier = asked.dossier AND files.revision = asked.revision AND blobs.sha256 IS NULL)
"""
_SETTLE: Final = """
WITH said AS MATERIALIZED (
    SELECT * FROM unnest(%(dossier)s::text[], %(revision)s::int[], %(owner)s::text[], %(number)s::text[],
        %(state)s::text[], %(receipt)s::text[], %(told)s::text[]
    ) WITH ORDINALITY AS said (dossier, revision, owner, number, state, receipt, told, place)
), locked AS MATERIALIZED (
    SELECT id, last_seq FROM devices WHERE id = ANY(%(owners)s::text[]) ORDER BY id FOR UPDATE
), new AS MATERIALIZED (
    SELECT said.*, (last_seq + row_number() OVER (PARTITION BY owner ORDER BY place))::int AS seq
    FROM said JOIN locked ON locked.id = said.owner
), receipted AS (
    UPDATE revisions SET receipt = new.receipt FROM new
    WHERE revisions.dossier = new.dossier AND revisions.revision = new.revision
), delivered AS (
    UPDATE dossiers SET state = new.state, office_number = new.number, changed_at = %(at)s,
        due_at = CASE WHEN new.state = 'delivered' THEN %(due)s::text END,
        received_at = coalesce(received_at, %(at)s), version = version + 1, request = NULL
    FROM new WHERE dossiers.id = new.dossier
), counted AS (
    UPDATE devices SET last_seq = newest.seq FROM (SELECT owner, max(seq) AS seq FROM new GROUP BY owner) AS newest
    WHERE devices.id = newest.owner
), new_words AS (
    INSERT INTO dossier_words (dossier, word)
    SELECT new.dossier, one.word FROM unnest(%(word_of)s::int[], %(word)s::text[]) AS one (place, word)
        JOIN new USING (place)
    ON CONFLICT DO NOTHING
), noted AS (
    INSERT INTO audit (at, who, what, dossier) SELECT %(at)s::text, owner, 'delivered', dossier FROM new
)
INSERT INTO changes (owner, seq, body, at) SELECT owner, seq, '{"seq":' || seq || ',' || told, %(at)s::text FROM new
"""
