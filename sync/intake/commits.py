"""Keeps many first revisions in one statement of PostgreSQL: one exchange, one commit, one outcome for each.

A commit of many dossiers asks the ledger a few things and then writes rows of seven tables; over PostgreSQL each
exchange costs as much as a dossier, so what depends on an answer (who may send, what is new, which number the feed has
reached) is decided in the statement itself. SQLite is in the same process and needs none of this (`arrivals`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bnhelper.clock import to_text
from sync.intake import bare, feed
from sync.intake.accept import Arrival
from sync.intake.bare import array
from sync.intake.deadlines import reception_due
from sync.intake.desk_card import word_rows
from sync.intake.station import Site, hash_of
from sync.wire.changes import Change


@dataclass(frozen=True, slots=True)
class Line:
    """A first revision as it is to be kept; with `told` it is whole, numbered and signed for."""

    arrival: Arrival
    told: Change | None = None  #: what its owner hears; the number in the feed is given by the ledger


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the lines of one statement."""

    devices: frozenset[str]  #: of those that sent, the ones that may
    kept: frozenset[str]  #: dossiers that are durable now and were unknown before
    brought: frozenset[tuple[str, str]]  #: owner and hash of files that the ledger has already


def keep(site: Site, lines: Sequence[Line], at: dt.datetime) -> Outcome:
    """Keep what is new of `lines`, each of another dossier; all of it is durable when this returns.

    Devices are locked first and in one order. The lock orders each owner's feed, and a device that was revoked
    meanwhile is seen here, so that a worker may remember tokens. Raises SQLAlchemy's errors.
    """
    with bare.alone(site.keeper) as raw:
        found = raw.execute(_STATEMENT, _said(lines, at), prepare=True).fetchall()
    return Outcome(
        frozenset(name for kind, name, _ in found if kind == "device"),
        frozenset(name for kind, name, _ in found if kind == "dossier"),
        frozenset((name, sha256) for kind, name, sha256 in found if kind == "file"),
    )


def _said(lines: Sequence[Line], at: dt.datetime) -> dict[str, Any]:
    """Return the statement's values; lists are in the order of the lines, or name them by their place from 1."""
    arrivals = [line.arrival for line in lines]
    envelopes = [one.envelope for one in arrivals]
    words = [
        (place, row["word"])
        for place, (one, line) in enumerate(zip(arrivals, lines, strict=True), 1)
        for row in word_rows(one.envelope.dossier, one.card.words, line.told.office_number if line.told else None)
    ]
    files = [(place, *file) for place, one in enumerate(arrivals, 1) for file in file_list(one)]
    return {
        "at": to_text(at),
        "due": reception_due(at),
        "devices": array(sorted({one.who.device for one in arrivals})),
        "id": array(one.dossier for one in envelopes),
        "device": array(one.who.device for one in arrivals),
        "procedure": array(one.procedure for one in envelopes),
        "pack": array(one.pack.version for one in envelopes),
        "code": array(one.readable_code for one in envelopes),
        "look_up": array(hash_of(one.look_up_token) for one in envelopes),
        "unit": array(one.receiving_unit for one in envelopes),
        "applicant": array(one.card.applicant for one in arrivals),
        "sha256": array(one.body.sha256 for one in arrivals),
        "signature": array(one.signature for one in arrivals),
        "remark": array(one.remark for one in arrivals),
        "body": [one.body.kept for one in arrivals],
        "number": array(line.told.office_number if line.told else None for line in lines),
        "receipt": array(line.told.receipt if line.told else None for line in lines),
        "told": array(feed.without_number(line.told) if line.told else None for line in lines),
        "word_of": array(place for place, _ in words),
        "word": array(word for _, word in words),
        "file_of": array(one[0] for one in files),
        "file": array(one[1] for one in files),
        "size": array(one[2] for one in files),
        "media": array(one[3] for one in files),
    }


def file_list(one: Arrival) -> list[tuple[str, int, str]]:
    """Return hash, size and media type of every distinct file of a revision."""
    media = {file.sha256: file.media_type for paper in one.envelope.papers for file in paper.files}
    return [(name, size, media[name]) for name, size in one.envelope.blobs().items()]


_STATEMENT: Final = """
WITH said AS MATERIALIZED (
    SELECT * FROM unnest(
        %(id)s::text[], %(device)s::text[], %(procedure)s::text[], %(pack)s::text[], %(code)s::text[],
        %(look_up)s::text[], %(unit)s::text[], %(applicant)s::text[], %(sha256)s::text[], %(signature)s::text[],
        %(remark)s::text[], %(body)b::bytea[], %(number)s::text[], %(receipt)s::text[], %(told)s::text[]
    ) WITH ORDINALITY AS said (id, device, procedure, pack, code, look_up, unit, applicant, sha256, signature,
        remark, body, number, receipt, told, place)
), locked AS MATERIALIZED (
    SELECT id, last_seq FROM devices WHERE id = ANY(%(devices)s::text[]) AND revoked_at IS NULL ORDER BY id FOR UPDATE
), fresh AS (
    INSERT INTO dossiers (id, device, procedure, pack_version, readable_code, look_up_hash, revision, state,
        office_number, unit, holder, applicant, changed_at, received_at, version, due_at)
    SELECT said.id, device, procedure, pack, code, look_up, 1,
        CASE WHEN number IS NULL THEN 'receiving' ELSE 'delivered' END, number, unit, unit, applicant, %(at)s::text,
        CASE WHEN number IS NOT NULL THEN %(at)s::text END, 1, CASE WHEN number IS NOT NULL THEN %(due)s::text END
    FROM said JOIN locked ON locked.id = said.device ORDER BY said.id
    ON CONFLICT (id) DO NOTHING RETURNING id
), new AS MATERIALIZED (
    SELECT said.*, number IS NOT NULL AS is_whole, (locked.last_seq
        + row_number() OVER (PARTITION BY device, number IS NULL ORDER BY place))::int AS seq
    FROM said JOIN fresh ON fresh.id = said.id JOIN locked ON locked.id = said.device
), new_revisions AS (
    INSERT INTO revisions (dossier, revision, body, sha256, signature, arrived_at, receipt, remark)
    SELECT id, 1, body, sha256, signature, %(at)s::text, receipt, remark FROM new
), new_files AS (
    INSERT INTO files (dossier, revision, sha256, size, media_type)
    SELECT new.id, 1, file.sha256, size, media_type
    FROM unnest(%(file_of)s::int[], %(file)s::text[], %(size)s::int[], %(media)s::text[])
        AS file (place, sha256, size, media_type) JOIN new USING (place)
), new_words AS (
    INSERT INTO dossier_words (dossier, word)
    SELECT new.id, one.word FROM unnest(%(word_of)s::int[], %(word)s::text[]) AS one (place, word)
        JOIN new USING (place)
    ON CONFLICT DO NOTHING
), new_changes AS (
    INSERT INTO changes (owner, seq, body, at)
    SELECT device, seq, '{"seq":' || seq || ',' || told, %(at)s::text FROM new WHERE is_whole
), new_audit AS (
    INSERT INTO audit (at, who, what, dossier) SELECT %(at)s::text, device, 'delivered', id FROM new WHERE is_whole
), counted AS (
    UPDATE devices SET last_seq = newest.seq
    FROM (SELECT device, max(seq) AS seq FROM new WHERE is_whole GROUP BY device) AS newest
    WHERE devices.id = newest.device
)
SELECT 'device', id, NULL FROM locked
UNION ALL SELECT 'dossier', id, NULL FROM fresh
UNION ALL SELECT 'file', owner, sha256 FROM blobs
    WHERE owner = ANY(%(devices)s::text[]) AND sha256 = ANY(%(file)s::text[])
"""
