"""A conversation keeps by which words it was told last, as a hash: none is sent twice running."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of a talk that goes on nothing is known."""
    column = sa.Column("told_last", sa.String(16), nullable=False, server_default="")
    op.add_column("conversation", column)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("conversation", "told_last")
