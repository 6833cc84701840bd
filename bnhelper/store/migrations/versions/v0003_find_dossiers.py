"""Lists and search stay quick at ten thousand dossiers: a status to sort by, kept by triggers, and words to search.

The status is a copy of what `domain.custody.status_key` says of the outbox and the province's word; triggers keep it,
so that no writer can forget to. Rows show what the domain says; this column only finds and sorts them.
"""

import sqlalchemy as sa
from alembic import op

revision = "v0003"
down_revision = "v0002"
branch_labels = None
depends_on = None

_VIEW = """
CREATE VIEW dossier_status AS
SELECT dossiers.id AS id, CASE
    WHEN dossiers.binned_at IS NOT NULL THEN 'binned'
    WHEN outbox.state IS NULL AND dossiers.revision > 1 THEN 'supplement'
    WHEN outbox.state IS NULL OR outbox.state = 'draft' THEN 'draft'
    WHEN outbox.state = 'queued' THEN 'ready'
    WHEN outbox.state IN ('sending', 'confirming') THEN 'sending'
    WHEN outbox.state = 'held' THEN 'sendfail'
    WHEN server_truth.state IS NULL OR server_truth.revision < dossiers.revision THEN 'delivered'
    ELSE CASE server_truth.state
        WHEN 'accepted' THEN 'received' WHEN 'in_review' THEN 'processing' WHEN 'needs_info' THEN 'supplement'
        WHEN 'approved' THEN 'result' WHEN 'returned' THEN 'returned' WHEN 'rejected' THEN 'refused'
        WHEN 'withdrawn' THEN 'withdrawn' ELSE 'delivered' END
    END AS status
FROM dossiers
LEFT JOIN outbox ON outbox.dossier = dossiers.id AND outbox.revision = dossiers.revision
LEFT JOIN server_truth ON server_truth.dossier = dossiers.id
"""
_KEEP = (
    "BEGIN UPDATE dossiers SET status = (SELECT status FROM dossier_status WHERE id = {whose}) WHERE id = {whose}; END"
)
_TRIGGERS = {
    "dossiers_begun": ("AFTER INSERT ON dossiers", "NEW.id"),
    "dossiers_moved": ("AFTER UPDATE OF revision, binned_at ON dossiers", "NEW.id"),
    "outbox_added": ("AFTER INSERT ON outbox", "NEW.dossier"),
    "outbox_moved": ("AFTER UPDATE OF state, revision ON outbox", "NEW.dossier"),
    "outbox_taken": ("AFTER DELETE ON outbox", "OLD.dossier"),
    "truth_told": ("AFTER INSERT ON server_truth", "NEW.dossier"),
    "truth_changed": ("AFTER UPDATE OF state, revision ON server_truth", "NEW.dossier"),
    "truth_taken": ("AFTER DELETE ON server_truth", "OLD.dossier"),
}
_FORGET = "INSERT INTO dossier_search(dossier_search, rowid, search_key) VALUES ('delete', OLD.rowid, OLD.search_key)"
_LEARN = "INSERT INTO dossier_search(rowid, search_key) VALUES (NEW.rowid, NEW.search_key)"
#: the words lie in dossiers.search_key alone; the index knows rows by number, so the store is never vacuumed
_SEARCH = (
    "CREATE VIRTUAL TABLE dossier_search USING fts5(search_key, content='dossiers', tokenize='unicode61', prefix='2 3')"
)


def upgrade() -> None:
    op.add_column("dossiers", sa.Column("status", sa.String(), nullable=True))
    op.create_index("ix_dossiers_list", "dossiers", ["holder", "status", "changed_at", "id"])
    op.execute(_VIEW)
    for name, (when, whose) in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} {_KEEP.format(whose=whose)}")
    op.execute("UPDATE dossiers SET status = (SELECT status FROM dossier_status WHERE dossier_status.id = dossiers.id)")
    op.execute(_SEARCH)
    op.execute("INSERT INTO dossier_search(dossier_search, rank) VALUES ('secure-delete', 1)")
    op.execute("INSERT INTO dossier_search(dossier_search) VALUES ('rebuild')")
    op.execute(f"CREATE TRIGGER search_learned AFTER INSERT ON dossiers BEGIN {_LEARN}; END")
    op.execute(f"CREATE TRIGGER search_changed AFTER UPDATE OF search_key ON dossiers BEGIN {_FORGET}; {_LEARN}; END")
    op.execute(f"CREATE TRIGGER search_forgot AFTER DELETE ON dossiers BEGIN {_FORGET}; END")


def downgrade() -> None:
    for name in ("search_learned", "search_changed", "search_forgot", *_TRIGGERS):
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DROP TABLE dossier_search")
    op.execute("DROP VIEW dossier_status")
    op.drop_index("ix_dossiers_list", "dossiers")
    op.drop_column("dossiers", "status")
