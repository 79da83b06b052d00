"""An announcement may say whom to call about it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was written before names nobody."""
    op.add_column(
        "announcement", sa.Column("contact", sa.Text(), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("announcement", "contact")
