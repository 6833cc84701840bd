"""Multiplies what an intake's PostgreSQL holds, to measure pages among a million dossiers."""

from typing import Any, Final

import psycopg

from sync.intake import ledger

WARDS: Final = 124  #: of the province

#: How a grown dossier differs from the one it is a copy of: one of so many wards, one in five still open, over 300 days.
_GROWN = {
    "dossiers": {
        "id": "n.id",
        "look_up_hash": "n.id",
        "unit": "n.ward",
        "holder": "n.ward",
        "office_number": "'H05.27-261126-' || 10000 + n.i",
        "state": "CASE WHEN n.is_open THEN (ARRAY['delivered', 'accepted', 'in_review', 'needs_info'])[1 + n.i / 620 % 4]"
        " ELSE (ARRAY['returned', 'returned', 'rejected', 'approved'])[1 + n.i / 620 % 4] END",
        "due_at": "CASE WHEN n.is_open THEN to_char(now() + (n.i % 61 - 10) * interval '1 day', n.written) END",
        "changed_at": "to_char(now() - n.i % 300 * interval '1 day', n.written)",
    },
    "revisions": {"dossier": "n.id", "body": "substr(one.body, 1, 400)"},  # no page reads it: the disk is spared
    "dossier_words": {"dossier": "n.id"},
}
_PLAN = """
CREATE TABLE grow_plan AS SELECT regexp_replace(lpad(to_hex(nextval('grown')), 32, '0'),
    '(.{8})(.{4})(.{4})(.{4})(.{12})', '\\1-\\2-\\3-\\4-\\5') AS id, i, i % 5 = 0 AS is_open,
    lpad((9000 + i / 5 % %(wards)s)::text, 5, '0') AS ward, 'YYYY-MM-DD"T"HH24:MI:SS.000Z' AS written,
    (ARRAY(SELECT id FROM dossiers ORDER BY received_at LIMIT 200))[1 + i % 200] AS source
FROM generate_series(1, %(count)s) AS i
"""


def grow(url: str, count: int, wards: int = WARDS) -> None:
    """Multiply what the ledger holds, as PostgreSQL does it quickest; every row is like one that arrived."""
    with psycopg.connect(url, autocommit=True) as db:
        _set(db, "fsync = off", "full_page_writes = off", "max_wal_size = '8GB'", "maintenance_work_mem = '512MB'")
        db.execute("CREATE SEQUENCE IF NOT EXISTS grown")
        db.execute("DROP TABLE IF EXISTS grow_plan")
        db.execute(_PLAN.replace("%(count)s", str(count)).replace("%(wards)s", str(wards)).encode())
        indexes = db.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexdef NOT LIKE '%%UNIQUE%%'",
            ([*_GROWN, "changes"],),
        ).fetchall()
        for name, _ in indexes:
            db.execute(f'DROP INDEX "{name}"'.encode())
        db.execute("ALTER TABLE dossier_words DROP CONSTRAINT pk_dossier_words")
        for table, replaced in _GROWN.items():
            columns = ledger.metadata.tables[table].c.keys()
            values = ", ".join(replaced.get(name, f'one."{name}"') for name in columns)
            names = ", ".join(f'"{name}"' for name in columns)
            key = "id" if table == "dossiers" else "dossier"
            db.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM grow_plan n"
                f' JOIN {table} one ON one."{key}" = n.source ORDER BY n.id'.encode()
            )
        db.execute(
            "INSERT INTO changes (owner, seq, body) SELECT 'other-' || (i %% 30000), i, repeat('x', 600)"
            " FROM generate_series(%s::int, %s::int) AS i ORDER BY 1, 2",
            (2 * count, 3 * count - 1),
        )
        for _, definition in indexes:
            db.execute(definition.encode())
        db.execute("ALTER TABLE dossier_words ADD CONSTRAINT pk_dossier_words PRIMARY KEY (dossier, word)")
        _set(db, "fsync = on", "full_page_writes = on")
        db.execute("VACUUM ANALYZE")
        db.execute("CHECKPOINT")


def _set(db: "psycopg.Connection[Any]", *settings: str) -> None:
    for setting in settings:
        db.execute(f"ALTER SYSTEM SET {setting}".encode())
    db.execute("SELECT pg_reload_conf()")
