"""A conversation keeps what its buttons carry and where it has been, as codes without words."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; a talk that goes on has been shown nothing."""
    for name in ("choices", "trail"):
        column = sa.Column(name, sa.JSON(), nullable=False, server_default="[]")
        op.add_column("conversation", column)


def downgrade() -> None:
    """Drop them."""
    for name in ("choices", "trail"):
        op.drop_column("conversation", name)
