"""The first tables, written out: what `tables.py` says tomorrow cannot change what was shipped."""

import sqlalchemy as sa
from alembic import op

revision = "v0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_table(
        "cursors",
        sa.Column("server", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("server", "feed", name=op.f("pk_cursors")),
    )
    op.create_table(
        "dossiers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("readable_code", sa.String(), nullable=False),
        sa.Column("look_up_token", sa.String(), nullable=False),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("title_vi", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("pack_version", sa.String(), nullable=False),
        sa.Column("pack_sha256", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.Column("applicant", sa.String(), nullable=False),
        sa.Column("id_number", sa.String(), nullable=False),
        sa.Column("search_key", sa.String(), nullable=False),
        sa.Column("screen", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("begun_at", sa.String(), nullable=False),
        sa.Column("changed_at", sa.String(), nullable=False),
        sa.Column("binned_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers")),
        sa.UniqueConstraint("readable_code", name=op.f("uq_dossiers_readable_code")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("server_seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("dossier", "server_seq", name=op.f("uq_events_dossier_server_seq")),
    )
    op.create_index(op.f("ix_events_dossier"), "events", ["dossier"], unique=False)
    op.create_table(
        "profile",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_profile")),
    )
    op.create_table(
        "server_truth",
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("officer", sa.String(), nullable=True),
        sa.Column("office_number", sa.String(), nullable=True),
        sa.Column("request", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("result_photo", sa.String(), nullable=True),
        sa.Column("seen_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("dossier", name=op.f("pk_server_truth")),
    )
    op.create_table(
        "uploads",
        sa.Column("server", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("server", "sha256", name=op.f("pk_uploads")),
    )
    op.create_table(
        "answer_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("is_undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier"], ["dossiers.id"], name=op.f("fk_answer_changes_dossier_dossiers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_changes")),
    )
    op.create_index("ix_answer_changes_dossier_step", "answer_changes", ["dossier", "step"], unique=False)
    op.create_table(
        "answers",
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier"], ["dossiers.id"], name=op.f("fk_answers_dossier_dossiers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dossier", "path", name=op.f("pk_answers")),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.String(), nullable=False),
        sa.Column("given_at", sa.String(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("representative", sa.String(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier"], ["dossiers.id"], name=op.f("fk_consents_dossier_dossiers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_dossier"), "consents", ["dossier"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["dossier"], ["dossiers.id"], name=op.f("fk_outbox_dossier_dossiers"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dossier", "revision", name=op.f("uq_outbox_dossier_revision")),
    )
    op.create_index(op.f("ix_outbox_state"), "outbox", ["state"], unique=False)
    op.create_table(
        "paper_marks",
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("is_at_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier"], ["dossiers.id"], name=op.f("fk_paper_marks_dossier_dossiers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dossier", "paper", name=op.f("pk_paper_marks")),
    )
    op.create_table(
        "photos",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("removed_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier"], ["dossiers.id"], name=op.f("fk_photos_dossier_dossiers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
    )
    op.create_index(op.f("ix_photos_dossier"), "photos", ["dossier"], unique=False)
    op.create_table(
        "outbox_files",
        sa.Column("outbox", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("photo", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("bytes_acked", sa.Integer(), nullable=False),
        sa.Column("bytes_sent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outbox"], ["outbox.id"], name=op.f("fk_outbox_files_outbox_outbox"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["photo"], ["photos.id"], name=op.f("fk_outbox_files_photo_photos")),
        sa.PrimaryKeyConstraint("outbox", "sha256", name=op.f("pk_outbox_files")),
    )


def downgrade() -> None:

    op.drop_table("outbox_files")
    op.drop_index(op.f("ix_photos_dossier"), table_name="photos")
    op.drop_table("photos")
    op.drop_table("paper_marks")
    op.drop_index(op.f("ix_outbox_state"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_consents_dossier"), table_name="consents")
    op.drop_table("consents")
    op.drop_table("answers")
    op.drop_index("ix_answer_changes_dossier_step", table_name="answer_changes")
    op.drop_table("answer_changes")
    op.drop_table("uploads")
    op.drop_table("server_truth")
    op.drop_table("profile")
    op.drop_index(op.f("ix_events_dossier"), table_name="events")
    op.drop_table("events")
    op.drop_table("dossiers")
    op.drop_table("cursors")
    op.drop_table("attempts")
