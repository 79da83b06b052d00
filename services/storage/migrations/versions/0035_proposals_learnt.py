"""What learning a proposal showed, and whether it is being learnt."""

import sqlalchemy as sa
from alembic import op

from services.storage.models.base import Utc

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the three columns."""
    op.add_column(
        "proposal", sa.Column("learning", sa.String(16), nullable=False, server_default="")
    )
    op.add_column("proposal", sa.Column("learning_at", Utc()))
    op.add_column("proposal", sa.Column("learnt", sa.JSON))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("proposal") as table:
        for column in ("learnt", "learning_at", "learning"):
            table.drop_column(column)
