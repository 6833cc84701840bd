"""Retention finds what is over its time without reading what is not."""

import sqlalchemy as sa

from sync.intake.migrations import online

revision = "i0009"
down_revision = "i0008"
branch_labels = None
depends_on = None

_TO_ERASE = sa.text("erased_at IS NULL AND state IN ('approved', 'returned', 'rejected', 'withdrawn')")
_ERASED = sa.text("erased_at IS NOT NULL")


def upgrade() -> None:
    to_erase, erased = ["changed_at", "id"], ["erased_at"]
    online.create_index(
        "ix_dossiers_to_erase", "dossiers", to_erase, postgresql_where=_TO_ERASE, sqlite_where=_TO_ERASE
    )
    online.create_index("ix_dossiers_erased", "dossiers", erased, postgresql_where=_ERASED, sqlite_where=_ERASED)
    online.create_index("ix_blobs_stored_at", "blobs", ["stored_at"], postgresql_using="brin")
