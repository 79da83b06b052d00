"""An answer that missed the question is called off the topic, as everywhere else."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename the reason."""
    op.execute("UPDATE feedback SET reason = 'off_topic' WHERE reason = 'beside'")


def downgrade() -> None:
    """Name it as before."""
    op.execute("UPDATE feedback SET reason = 'beside' WHERE reason = 'off_topic'")
