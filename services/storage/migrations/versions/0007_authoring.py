"""What staff write in Telegram, and which drafts wait for an approval."""

import sqlalchemy as sa
from alembic import op

from services.storage.models import Utc

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column."""
    op.create_table(
        "authoring",
        sa.Column(
            "staff_id",
            sa.Integer(),
            sa.ForeignKey("staff.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("at", Utc(timezone=True), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column(
            "announcement_id", sa.Integer(), sa.ForeignKey("announcement.id"), nullable=True
        ),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("awaits", sa.String(64), nullable=False),
    )
    op.add_column(
        "announcement", sa.Column("asked", sa.String(64), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("announcement", "asked")
    op.drop_table("authoring")
