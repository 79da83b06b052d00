"""A conversation knows for some turns which figures of somebody's own were told, as numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of a talk that goes on nothing is known."""
    column = sa.Column("known", sa.JSON(), nullable=False, server_default="{}")
    op.add_column("conversation", column)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("conversation", "known")
