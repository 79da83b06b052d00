"""A turn keeps beside which article it was read, and what was asked back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; of older turns nothing is known."""
    op.add_column("turn", sa.Column("beside", sa.String(64), nullable=True))
    op.add_column("turn", sa.Column("offered", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Drop both."""
    op.drop_column("turn", "offered")
    op.drop_column("turn", "beside")
