"""What is counted with every change and looked up with every name stays quick at ten thousand dossiers.

Without an index, "sent today" read the whole outbox, its sealed bytes included, whenever the badge was drawn. The
index on the holder alone goes: the list's index begins with the holder too, and SQLite took the lesser one.
"""

from alembic import op

revision = "v0004"
down_revision = "v0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_proved_at", "outbox", ["proved_at"])
    op.create_index("ix_events_at", "events", ["at"])
    op.create_index("ix_dossiers_id_number", "dossiers", ["id_number"])
    op.drop_index("ix_dossiers_holder", "dossiers")


def downgrade() -> None:
    op.create_index("ix_dossiers_holder", "dossiers", ["holder"])
    op.drop_index("ix_dossiers_id_number", "dossiers")
    op.drop_index("ix_events_at", "events")
    op.drop_index("ix_outbox_proved_at", "outbox")
