"""A conversation counts how often somebody in distress was spoken to, so that words change."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody was spoken to before."""
    column = sa.Column("cared", sa.Integer(), nullable=False, server_default="0")
    op.add_column("conversation", column)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("conversation", "cared")
