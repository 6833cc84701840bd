"""A page among a million: search by the last change for who sees every office, counts that need not look at a row.

Without the first a common name sorted every dossier there is; without the second a ward's counts read many rows.
"""

from alembic import op

from sync.intake.migrations import online

revision = "i0007"
down_revision = "i0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    online.create_index("ix_dossiers_changed", "dossiers", ["changed_at", "id"])
    if op.get_bind().dialect.name == "postgresql":
        for column in ("holder", "unit"):
            name = f"ix_dossiers_{column}_due"
            online.replace_index(name, "dossiers", [column, "due_at", "id"], postgresql_include=["state"])
