"""A turn keeps what it showed, as a code; a verdict which part of the article it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was shown before is told by its article alone."""
    op.add_column("turn", sa.Column("step", sa.Text(), nullable=False, server_default=""))
    op.add_column("turn", sa.Column("told", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("feedback", sa.Column("part", sa.String(12), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("feedback", "part")
    op.drop_column("turn", "told")
    op.drop_column("turn", "step")
