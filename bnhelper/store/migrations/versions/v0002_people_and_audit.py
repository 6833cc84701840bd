"""People, who holds which dossier, the audit chain, and what the law wants to be known of a consent."""

import sqlalchemy as sa
from alembic import op

revision = "v0002"
down_revision = "v0001"
branch_labels = None
depends_on = None

_CONSENT = (
    ("categories", sa.String()),
    ("is_sensitive", sa.Boolean()),
    ("is_for_minor", sa.Boolean()),
    ("relation", sa.String()),
    ("collector", sa.String()),
    ("device", sa.String()),
    ("expires_at", sa.String()),
    ("withdrawn_channel", sa.String()),
)


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("added_at", sa.String(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=True),
        sa.Column("valid_until", sa.String(), nullable=True),
        sa.Column("revoked_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("jws", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked_at", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("answered_at", sa.String(), nullable=True),
        sa.Column("extended_at", sa.String(), nullable=True),
        sa.Column("done_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
    )
    op.create_index(op.f("ix_data_requests_dossier"), "data_requests", ["dossier"])
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("released_at", sa.String(), nullable=True),
        sa.Column("released_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier"], ["dossiers.id"], name=op.f("fk_legal_holds_dossier_dossiers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(op.f("ix_legal_holds_dossier"), "legal_holds", ["dossier"])
    op.add_column("dossiers", sa.Column("holder", sa.String(), nullable=True))
    op.create_index(op.f("ix_dossiers_holder"), "dossiers", ["holder"])
    for name, kind in _CONSENT:
        op.add_column("consents", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name, _kind in reversed(_CONSENT):
        op.drop_column("consents", name)
    op.drop_index(op.f("ix_dossiers_holder"), table_name="dossiers")
    op.drop_column("dossiers", "holder")
    op.drop_index(op.f("ix_legal_holds_dossier"), table_name="legal_holds")
    op.drop_table("legal_holds")
    op.drop_index(op.f("ix_data_requests_dossier"), table_name="data_requests")
    op.drop_table("data_requests")
    op.drop_table("audit")
    op.drop_table("people")
