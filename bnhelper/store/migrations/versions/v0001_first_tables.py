"""The first tables."""

from alembic import op

from bnhelper.store.tables import metadata

revision = "v0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The first version is the tables as they stand; once a second exists this becomes explicit.
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    metadata.drop_all(op.get_bind())
