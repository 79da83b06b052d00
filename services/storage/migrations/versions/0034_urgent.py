"""Urgent announcements: they go at night too, once two people say so."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing that is there is urgent."""
    column = sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("announcement", column)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("announcement", "urgent")
