"""Office numbers are counted in a row for each day, and uploads are found by owner and by their end."""

import sqlalchemy as sa
from alembic import op

revision = "i0002"
down_revision = "i0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_numbers",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_office_numbers")),
    )
    op.create_index(op.f("ix_uploads_expires_at"), "uploads", ["expires_at"])
    op.create_index(op.f("ix_uploads_owner"), "uploads", ["owner", "sha256"])
    last: dict[str, int] = {}
    given = sa.text("SELECT office_number FROM dossiers WHERE office_number IS NOT NULL")
    for (number,) in op.get_bind().execute(given):
        _prefix, day, count = str(number).rsplit("-", 2)
        last[day] = max(last.get(day, 0), int(count))
    counters = sa.table("office_numbers", sa.column("day"), sa.column("last"))
    op.bulk_insert(counters, [{"day": day, "last": count} for day, count in last.items()])
