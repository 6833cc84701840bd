"""The audit is parted by month, changes know their time, and look-ups are counted for all workers together.

`audit` keeps its name and columns on PostgreSQL, so no worker misses it: what was there becomes its first part.
"""

import sqlalchemy as sa
from alembic import op

revision = "i0006"
down_revision = "i0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.add_column("changes", sa.Column("at", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_changes_at", "changes", ["at"], postgresql_using="brin")
    op.create_table(
        "throttles",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("free_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_throttles")),
        prefixes=["UNLOGGED"] if is_postgresql else [],  # after a crash everybody begins anew
    )
    if is_postgresql:
        _part_audit()
    op.create_index("ix_audit_dossier", "audit", ["dossier", "id"])


def _part_audit() -> None:
    """Put what there is into one part that ends with this month; `parts.py` makes the months that follow."""
    for said in (
        "ALTER TABLE audit DROP CONSTRAINT pk_audit",
        'ALTER TABLE audit ALTER COLUMN at TYPE varchar COLLATE "C"',
        "ALTER TABLE audit RENAME TO audit_before",
        """CREATE TABLE audit (
            id bigint NOT NULL DEFAULT nextval('audit_id_seq'), at varchar COLLATE "C" NOT NULL, who varchar NOT NULL,
            what varchar NOT NULL, dossier varchar, CONSTRAINT pk_audit PRIMARY KEY (id, at)
        ) PARTITION BY RANGE (at)""",
        "ALTER SEQUENCE audit_id_seq OWNED BY audit.id",
        # Also what a clock that goes ahead has written lies in the first part.
        """DO $$ BEGIN EXECUTE format(
            'ALTER TABLE audit ATTACH PARTITION audit_before FOR VALUES FROM (MINVALUE) TO (%L)',
            to_char(
                greatest(now() AT TIME ZONE 'UTC', (SELECT left(max(at), 10)::timestamp FROM audit_before))
                    + interval '1 month',
                'YYYY-MM'
            )
        ); END $$""",
        "CREATE TABLE audit_later PARTITION OF audit DEFAULT",
    ):
        op.execute(said)
