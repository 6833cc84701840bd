"""Lists of homes to visit, what was said of them, and the records that tell the province; a dossier may be a home's."""

import sqlalchemy as sa
from alembic import op

revision = "v0006"
down_revision = "v0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_lists",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("hamlet", sa.String(), nullable=False),
        sa.Column("homes", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("keep_until", sa.String(), nullable=False),
        sa.Column("pulled_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_lists")),
    )
    op.create_table(
        "visit_homes",
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("home", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("born", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list"], ["visit_lists.id"], name=op.f("fk_visit_homes_list_visit_lists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list", "home", name=op.f("pk_visit_homes")),
    )
    op.create_table(
        "visits",
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("home", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("done", sa.String(), nullable=False),
        sa.Column("is_mine", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list"], ["visit_lists.id"], name=op.f("fk_visits_list_visit_lists"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_list"), "visits", ["list"])
    op.create_index(op.f("ix_visits_home"), "visits", ["home"])
    op.create_table(
        "visit_dossiers",
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("home", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier"], ["dossiers.id"], name=op.f("fk_visit_dossiers_dossier_dossiers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dossier", name=op.f("pk_visit_dossiers")),
    )
    op.create_index(op.f("ix_visit_dossiers_home"), "visit_dossiers", ["home"])
    op.create_table(
        "records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("envelope_sha256", sa.String(), nullable=False),
        sa.Column("bytes_total", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.String(), nullable=False),
        sa.Column("has_left", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.String(), nullable=True),
        sa.Column("held_code", sa.String(), nullable=True),
        sa.Column("held_detail", sa.String(), nullable=True),
        sa.Column("exported_at", sa.String(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.Column("office_number", sa.String(), nullable=True),
        sa.Column("proved_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
        sa.UniqueConstraint("record", "revision", name=op.f("uq_records_record_revision")),
    )
    op.create_index(op.f("ix_records_list"), "records", ["list"])
    op.create_index(op.f("ix_records_state"), "records", ["state"])
    op.create_index(op.f("ix_records_proved_at"), "records", ["proved_at"])


def downgrade() -> None:
    for table in ("records", "visit_dossiers", "visits", "visit_homes", "visit_lists"):
        op.drop_table(table)
