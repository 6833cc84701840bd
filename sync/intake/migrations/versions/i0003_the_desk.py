"""Officers get roles and offices; dossiers a holder, a deadline and words to be found by; deeds are written down."""

import sqlalchemy as sa
from alembic import op

revision = "i0003"
down_revision = "i0002"
branch_labels = None
depends_on = None

_WORD = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "deeds",
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("office", sa.String()),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("note", sa.String()),
        sa.Column("detail", sa.String()),
        sa.PrimaryKeyConstraint("dossier", "version", name=op.f("pk_deeds")),
    )
    op.create_table(
        "dossier_words",
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("word", _WORD, nullable=False),
        sa.PrimaryKeyConstraint("dossier", "word", name=op.f("pk_dossier_words")),
    )
    op.create_index("ix_dossier_words_word", "dossier_words", ["word", "dossier"])
    op.create_table(
        "officer_invitations",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("office", sa.String()),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("ends_at", sa.String(), nullable=False),
        sa.Column("used_at", sa.String()),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_officer_invitations")),
    )
    op.create_table(
        "wrong_tries",
        sa.Column("name_hash", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("latest_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name_hash", name=op.f("pk_wrong_tries")),
    )
    _dossiers()
    op.add_column("officers", sa.Column("role", sa.String(), server_default="officer", nullable=False))
    op.add_column("officers", sa.Column("office", sa.String()))
    op.add_column("officers", sa.Column("made_at", sa.String(), server_default="", nullable=False))
    op.add_column("officers", sa.Column("revoked_at", sa.String()))
    # Until now every officer saw and did everything.
    op.execute(sa.text("UPDATE officers SET role = 'provincial_officer', office = '24'"))
    never = "9999-12-31T00:00:00.000Z"
    op.add_column("sessions", sa.Column("latest_at", sa.String(), server_default=never, nullable=False))
    op.create_index(op.f("ix_sessions_user"), "sessions", ["user"])


def _dossiers() -> None:
    for name in ("holder", "assigned", "due_at"):
        op.add_column("dossiers", sa.Column(name, sa.String()))
    op.add_column("dossiers", sa.Column("applicant", sa.String(), server_default="", nullable=False))
    op.execute(sa.text("UPDATE dossiers SET holder = unit"))
    is_open = "state IN ('delivered', 'accepted', 'in_review', 'needs_info')"
    op.execute(sa.text(f"UPDATE dossiers SET due_at = '9999-12-31T00:00:00.000Z' WHERE {is_open}"))  # noqa: S608
    # The orders of the officers' lists; they begin as the two indexes that go did.
    op.drop_index(op.f("ix_dossiers_changed_at"), "dossiers")
    op.drop_index(op.f("ix_dossiers_state"), "dossiers")
    for name, columns in (
        ("holder_due", ["holder", "due_at", "id"]),
        ("unit_due", ["unit", "due_at", "id"]),
        ("state_due", ["state", "due_at", "id"]),
        ("due", ["due_at", "id"]),
        ("assigned_due", ["assigned", "due_at", "id"]),
        ("holder_changed", ["holder", "changed_at", "id"]),
        ("state_changed", ["state", "changed_at", "id"]),
    ):
        op.create_index(f"ix_dossiers_{name}", "dossiers", columns)
