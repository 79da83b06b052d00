"""Lists of people that staff look at before they are taken in."""

import sqlalchemy as sa
from alembic import op

from services.storage.models.base import Utc

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "uploaded_list",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column(
            "staff_id", sa.Integer, sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("group_name", sa.String(50), nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("uploaded_list")
