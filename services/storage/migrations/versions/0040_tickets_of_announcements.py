"""A ticket names the announcement that it asks about."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("ticket", sa.Column("announcement_id", sa.Integer, nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("ticket", "announcement_id")
