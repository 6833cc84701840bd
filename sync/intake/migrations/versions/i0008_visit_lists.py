"""Lists of homes to visit, what became known of them, and the records that devices tell."""

import sqlalchemy as sa
from alembic import op

revision = "i0008"
down_revision = "i0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_units",
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_visit_units")),
    )
    op.create_table(
        "visit_lists",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("hamlet", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("homes", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("keep_until", sa.String(), nullable=False),
        sa.Column("erased_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_lists")),
    )
    op.create_index(op.f("ix_visit_lists_keep_until"), "visit_lists", ["keep_until"])
    op.create_index("ix_visit_lists_unit_made", "visit_lists", ["unit", "made_at"])
    op.create_table(
        "visit_entries",
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=True),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("visited", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("unit", "seq", name=op.f("pk_visit_entries")),
    )
    op.create_index("ix_visit_entries_list_name", "visit_entries", ["list", "name"])
    op.create_table(
        "records",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("arrived_at", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_records")),
    )
    op.create_index(op.f("ix_records_list"), "records", ["list"])
    op.create_index(op.f("ix_records_arrived_at"), "records", ["arrived_at"])
