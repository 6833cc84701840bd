"""Devices get roles and units; exports wait in an outbox; what is erased in time, and what must not be."""

import sqlalchemy as sa
from alembic import op

revision = "i0005"
down_revision = "i0004"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in ("devices", "invitations"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("role", sa.String(), nullable=False, server_default="volunteer"))
            batch.add_column(sa.Column("unit", sa.String()))
    with op.batch_alter_table("devices") as batch:
        batch.add_column(sa.Column("subject", sa.String()))
    with op.batch_alter_table("invitations") as batch:
        batch.add_column(sa.Column("ends_at", sa.String()))
    with op.batch_alter_table("dossiers") as batch:
        batch.add_column(sa.Column("erased_at", sa.String()))
    op.create_table(
        "bearers",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit", sa.String()),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.String()),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_bearers")),
    )
    op.create_table(
        "revoked_subjects",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_revoked_subjects")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_at", sa.String()),
        sa.Column("delivered_at", sa.String()),
        sa.Column("last_error", sa.String()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_dossier"), "outbox", ["dossier", "id"])
    op.create_index(op.f("ix_outbox_next_at"), "outbox", ["next_at"])
    op.create_table(
        "inbox",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("source", "event", name=op.f("pk_inbox")),
    )
    op.create_table(
        "legal_holds",
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("dossier", name=op.f("pk_legal_holds")),
    )
    op.create_table(
        "doomed_blobs",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_doomed_blobs")),
    )
