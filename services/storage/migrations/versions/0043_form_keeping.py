"""A form's answers are kept as long as their owner says, and tell by which page they were saved."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("form_run", sa.Column("keep_days", sa.Integer, nullable=True))
    op.add_column(
        "form_run", sa.Column("saved_by", sa.String(40), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("form_run", "saved_by")
    op.drop_column("form_run", "keep_days")
