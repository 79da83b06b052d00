"""What an administrator has stopped for everybody."""

import sqlalchemy as sa
from alembic import op

from services.storage.models.base import Utc

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "stopped",
        sa.Column("what", sa.String(16), primary_key=True),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("stopped")
