"""Whether anybody has some bytes is asked by their hash alone: retention for each it lets go, and the check."""

from sync.intake.migrations import online

revision = "i0010"
down_revision = "i0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    online.create_index("ix_blobs_sha256", "blobs", ["sha256"])
