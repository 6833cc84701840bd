"""Erasing a dossier reads its own rows alone.

With each photo that goes, SQLite looks for files on their way that name it; without an index it read all there are, for
each photo again.
"""

from alembic import op

revision = "v0005"
down_revision = "v0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_files_photo", "outbox_files", ["photo"])


def downgrade() -> None:
    op.drop_index("ix_outbox_files_photo", "outbox_files")
