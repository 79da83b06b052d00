"""A conversation counts the replies in a row that told nothing, so that none is told twice."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a talk that goes on has been told something."""
    column = sa.Column("declines", sa.Integer(), nullable=False, server_default="0")
    op.add_column("conversation", column)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("conversation", "declines")
